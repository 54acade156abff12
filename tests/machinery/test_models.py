"""What every model is made of: closed types, bodies that refuse, updates that leave alone what they do not
name."""

import time
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Self, get_type_hints
from uuid import UUID

import pytest
from fastapi.exceptions import RequestValidationError
from fastapi.routing import RouteContext
from pydantic import TypeAdapter, ValidationError, model_validator
from sqlmodel import Field, SQLModel, select

from api.db.engine import Database
from api.models.base import Create, Entity, Update, public_of, tables, utcnow, uuid7
from api.models.children import Link
from api.models.role import Role
from api.models.types import Duration, EnumField, Line, Number, Text, TimeOfDay, UtcDatetime
from api.models.user import User
from api.models.user_session import UserSession
from api.models.versions import version_of
from tests.support.described import ROUTES, page_of

LINE, TEXT, MOMENT = TypeAdapter(Line), TypeAdapter(Text), TypeAdapter(UtcDatetime)


class ThingBase(SQLModel):
    name: Line = Field(min_length=1, max_length=10)
    note: Text | None = Field(default="none", max_length=10)
    low: int = 0
    high: int = 10
    due_at: UtcDatetime | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError("The low one is above the high one.")
        return self


class ThingCreate(ThingBase, Create): ...


class ThingUpdate(ThingBase, Update): ...


class Thing(ThingBase, Entity): ...


@pytest.mark.parametrize(
    "text", ["", "plain", "a\u00a0b", "Ünïcödé 密码 🔑", "' OR 1=1 --", "a\u202e", "\u0301"]
)
def test_lines_and_texts_are_taken_as_they_are(text: str) -> None:
    assert LINE.validate_python(text) == TEXT.validate_python(text) == text


@pytest.mark.parametrize("text", ["a\nb", "a\n", "\ra", "a\t", "\x1b[0m", "a\x7f", "\x01 a"])
def test_a_line_is_one_line_and_a_text_may_be_more(text: str) -> None:
    assert TEXT.validate_python(text) == text
    with pytest.raises(ValidationError):
        LINE.validate_python(text)


@pytest.mark.parametrize(
    "text", [" ", "\u00a0", "\u200b", "\u3000\u2060", "\u2800", "\u202e", "\ufe0f", "\t", "\n "]
)
def test_a_text_that_shows_nothing_is_none(text: str) -> None:
    for adapter in (LINE, TEXT):
        with pytest.raises(ValidationError):
            adapter.validate_python(text)
        with pytest.raises(ValidationError):
            adapter.validate_python(text * 5000)


@pytest.mark.parametrize("text", ["\0", "a\0", "\ud800", "a\udfff", 1, None, ["a"]])
def test_what_no_database_stores_as_text_is_refused(text: object) -> None:
    for adapter in (LINE, TEXT):
        with pytest.raises(ValidationError):
            adapter.validate_python(text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2030-01-01T12:00:00Z", "2030-01-01T12:00:00Z"),
        ("2030-01-01T12:00:00+02:00", "2030-01-01T10:00:00Z"),
        ("2030-01-01T00:00:00+14:00", "2029-12-31T10:00:00Z"),
        ("2030-01-01T00:00:00.123456-00:30", "2030-01-01T00:30:00.123456Z"),
        ("0002-01-01T00:00:00Z", "0002-01-01T00:00:00Z"),
        ("9998-12-31T23:59:59.999999Z", "9998-12-31T23:59:59.999999Z"),
    ],
)
def test_a_moment_is_kept_in_utc(written: str, meant: str) -> None:
    moment = MOMENT.validate_python(written)

    assert moment.tzinfo is UTC
    assert MOMENT.dump_python(moment, mode="json") == meant


@pytest.mark.parametrize(
    "written",
    [
        "2030-01-01T12:00:00",  # whose noon?
        datetime(2030, 1, 1),  # noqa: DTZ001  that is the point
        "2030-01-01",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "0002-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-23:59",
        "9998-12-31T23:59:59-00:01",
        datetime.min.replace(tzinfo=timezone(timedelta(hours=23))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-23))),
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "2030-02-30T00:00:00Z",
        "2030-01-01T25:00:00Z",
        "2030-01-01T00:00:00+99:00",
        "soon",
        "",
        1_900_000_000,
        "1900000000",
        1e300,
        float("nan"),
        None,
    ],
)
def test_what_is_no_moment_everywhere_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        MOMENT.validate_python(written)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (TimeOfDay, "09:30:00Z"),
        (TimeOfDay, "09:30:00+02:00"),
        (TimeOfDay, "24:00:00"),
        (TimeOfDay, 34_200),
        (Duration, "365001 days"),
        (Duration, "P365001D"),
        (Duration, "-P365001D"),
        (Duration, "1:30"),
        (Duration, 90),
        (Number, "1"),
        (Number, True),
        (Number, float("nan")),
    ],
)
def test_what_no_database_stores_or_is_ambiguous_is_refused(kind: Any, written: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(written)


@pytest.mark.anyio
async def test_both_databases_give_back_what_the_types_accept(database: Database) -> None:
    text = "".join(map(chr, [0x2028, 0xFFFE, 0xFFFF, 0x1F511, 0x10FFFF, *range(1, 0x180)]))
    first, last = (
        MOMENT.validate_python("0002-01-01T00:00:00Z"),
        MOMENT.validate_python("9998-12-31T23:59:59.999999Z"),
    )
    async with database.write() as session, session.begin():
        role = Role(name="strange", description=TEXT.validate_python(text))
        session.add(role)
        fields: dict[str, Any] = {
            "username": "ada",
            "email": "ada@example.com",
            "first_name": "é\u0301ﬁ",
            "hashed_password": "-",
        }
        user = User(**fields, role_id=role.id, role=role)
        session.add(user)
        await session.flush()
        session.add(UserSession(user_id=user.id, last_used_at=first, expires_at=last))

    async with database.read() as session:
        assert (await session.exec(select(Role.description).where(Role.name == "strange"))).one() == text
        assert (await session.exec(select(User.first_name))).one() == "é\u0301ﬁ"
        stored = (await session.exec(select(UserSession))).one()
        assert (stored.last_used_at, stored.expires_at) == (first, last)
        assert stored.last_used_at.utcoffset() == timedelta(0)


def test_ids_sort_by_age_and_say_their_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = time.time_ns() // 1_000_000
    id = uuid7()
    after = time.time_ns() // 1_000_000

    assert (id.version, id.variant) == (7, "specified in RFC 4122")
    assert before <= id.int >> 80 <= after

    moments = [
        1_900_000_000_000_000_000 + step
        for step in (0, 1_000, 999_000, 999_999, 1_000_000, 2_000_000, 10**12)
    ]
    monkeypatch.setattr(time, "time_ns", iter(moments).__next__)
    ids = [uuid7() for _ in moments]
    assert [ids[i] for i in (0, 1, 2, 4, 5, 6)] == sorted(ids[i] for i in (0, 1, 2, 4, 5, 6))
    assert {id.version for id in ids} == {7}


def test_ids_do_not_repeat() -> None:
    assert len({uuid7() for _ in range(10_000)}) == 10_000


def test_a_new_row_takes_only_known_fields() -> None:
    created = ThingCreate.model_validate({"name": "a"}).model_dump()

    assert created == {"name": "a", "note": "none", "low": 0, "high": 10, "due_at": None}
    for unknown in ("id", "created_at", "owner_id", "Name", ""):
        with pytest.raises(ValidationError, match="Extra inputs"):
            ThingCreate.model_validate({"name": "a", unknown: str(uuid7())})


def test_rules_within_a_row_hold_for_new_ones() -> None:
    with pytest.raises(ValidationError, match="above"):
        ThingCreate.model_validate({"name": "a", "low": 11})


def thing(**fields: Any) -> Thing:
    given: dict[str, Any] = {"name": "a", "note": "kept", "low": 3, "high": 5} | fields
    return Thing(**given)


def change(row: Thing, **fields: Any) -> Thing:
    return ThingUpdate.model_validate(fields).apply(row)


def test_what_an_update_does_not_name_stays() -> None:
    row = thing(updated_at=utcnow() - timedelta(days=1))
    before = row.model_dump()

    changed = change(row, name="b")

    assert changed is row
    assert row.model_dump() == before | {
        "name": "b",
        "updated_at": row.updated_at,
        "version": version_of(row),
    }
    assert row.updated_at > before["updated_at"]
    assert ThingUpdate.model_validate({}).model_dump() == {}
    assert ThingUpdate.model_validate({"low": 0}).model_dump() == {"low": 0}  # its default, but named


def test_null_is_a_value_only_where_there_may_be_none() -> None:
    row = change(thing(due_at=utcnow()), note=None, due_at=None)

    assert (row.note, row.due_at) == (None, None)
    for name in ("name", "low", "high"):
        with pytest.raises(ValidationError):
            ThingUpdate.model_validate({name: None})


def test_an_update_refuses_unknown_fields_and_bad_values() -> None:
    for wrong in (
        {"id": str(uuid7())},
        {"nmae": "b"},
        {"name": ""},
        {"name": "x" * 11},
        {"due_at": "2030-01-01T00:00"},
    ):
        with pytest.raises(ValidationError):
            ThingUpdate.model_validate(wrong)


def test_the_row_that_an_update_makes_must_obey_its_rules() -> None:
    assert (change(thing(), low=7, high=8).low, change(thing(), high=3).high) == (7, 3)
    for wrong in ({"low": 6}, {"high": 2}):
        row = thing()
        before = row.model_dump()
        with pytest.raises(RequestValidationError) as refused:  # which is answered with 422
            change(row, **wrong)
        assert refused.value.errors()[0]["loc"] == ("body",)
        assert row.model_dump() == before


def test_declaring_an_update_leaves_its_base_alone() -> None:
    assert ThingBase.model_fields["name"].is_required()
    assert ThingBase.model_fields["note"].default == ThingCreate.model_fields["note"].default == "none"
    with pytest.raises(ValidationError, match="above"):
        ThingBase.model_validate({"name": "a", "low": 11})


def test_an_update_documents_every_field_as_optional_and_none_as_null_that_is_not() -> None:
    schema = ThingUpdate.model_json_schema()

    assert "required" not in schema
    assert "default" not in str(schema["properties"])
    assert {"type": "null"} not in schema["properties"]["name"].get("anyOf", [])
    assert schema["additionalProperties"] is False


def constraint(*values: str) -> str:
    kind = StrEnum("Kind", {value: value for value in values})  # type: ignore[misc]  # made up here
    field: Any = EnumField(kind, kind(values[0]))
    assert (field.sa_type.native_enum, field.sa_type.length, field.sa_type.enums) == (False, 32, list(values))
    return str(field.sa_type.name)


def test_the_name_of_an_enums_constraint_tells_its_values() -> None:
    """Alembic compares constraints by name."""
    assert constraint("a", "b") == constraint("a", "b")
    assert len({constraint("a", "b"), constraint("a"), constraint("a", "b", "c"), constraint("b", "a")}) == 4
    assert constraint("a").startswith("kind_")


def test_every_row_has_an_id_and_its_times_from_the_start() -> None:
    row = thing()

    assert isinstance(row.id, UUID)
    assert row.created_at.utcoffset() == row.updated_at.utcoffset() == timedelta(0)
    assert thing().id != row.id


# The ladder

OURS = [model for model in tables() if model.__module__.startswith("api.models.")]
SHOWN = [
    model
    for model in OURS
    if issubclass(model.__bases__[0], Entity | Link) and model.__bases__[0] not in {Entity, Link}
]


def answered(route: RouteContext) -> Any:
    """The schema of the row that a route answers with, alone or on a page."""
    return page_of(route) or route.response_model


ANSWERS = [
    route for route in ROUTES if isinstance(answered(route), type) and issubclass(answered(route), Entity)
]


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: str(model.__name__))
def test_a_table_is_its_public_or_its_row_where_the_public_shows_more(model: Any) -> None:
    public = public_of(model)
    assert public is not None, f"{model.__name__} has no {model.__name__}Public"

    more = public.model_fields.keys() - model.__table__.columns.keys()
    wanted = f"{model.__name__}Row" if more else f"{model.__name__}Public"
    assert model.__bases__[0].__name__ == wanted, f"{public.__name__} shows {sorted(more)} besides columns"


@pytest.mark.parametrize("route", ANSWERS, ids=lambda route: f"{route.name}")
def test_a_route_answers_with_a_public(route: RouteContext) -> None:
    model = next((one for one in SHOWN if public_of(one) is answered(route)), None)
    assert model is not None, (
        f"{route.name} answers {answered(route).__name__}, which is no Public of a table"
    )

    returned = get_type_hints(route.endpoint)["return"]
    if page_of(route):
        [returned] = returned.__pydantic_generic_metadata__["args"]
    is_public = model.__bases__[0] is answered(route)
    assert returned in ({answered(route)} if is_public else {answered(route), model})
