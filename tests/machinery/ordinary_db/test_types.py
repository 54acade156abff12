"""Types of columns: read by a session, in a list, as a row; written alone, together, as a change."""

from typing import Any
from uuid import UUID

from sqlmodel import select

from tests.machinery.ordinary_db.cases import ENGINES, Case, Cases, in_every_way, marks
from tests.machinery.ordinary_db.comparing import named, person, plain
from tests.machinery.ordinary_db.conftest import Both
from tests.machinery.ordinary_db.kinds import KINDS, Kind
from tests.machinery.ordinary_db.seeds import id_of

pytestmark = marks
cases = Cases()


def compare(kind: Kind) -> None:
    """The cases of one type."""
    model, values = kind.model, kind.values

    async def read(session: Any) -> Any:
        found: dict[str, Any] = {}
        statements = {
            "entity": select(model).order_by(model.id),
            "column": select(model.value).order_by(model.id),
            "two": select(model.id, model.value).order_by(model.id),
        }
        for name, statement in statements.items():
            try:
                rows = (await session.exec(statement)).all()
                found[name] = [row.value if name == "entity" else row for row in rows]
            except Exception as error:
                found[name] = named(error)
        found["get"] = (await session.get(model, id_of(1))).value
        return found

    async def of_list(session: Any, rows: Any) -> Any:
        return [row.value for row in rows]

    async def of_row(session: Any, row: Any) -> Any:
        return row.value

    async def alone(session: Any) -> Any:
        session.add(model(id=id_of(1000), owner_id=person("ada"), value=values[0]))

    async def none_alone(session: Any) -> Any:
        session.add(model(id=id_of(1000), owner_id=person("ada"), value=None))

    async def together(session: Any) -> Any:
        rows = [
            model(id=id_of(1000 + n), owner_id=person("ada"), value=value) for n, value in enumerate(values)
        ]
        session.add_all(rows)
        await session.flush()
        for row in rows:
            await session.refresh(row)
        return [row.value for row in rows]

    async def change(session: Any, row: Any) -> Any:
        row.value = values[-1] if len(values) > 1 else None
        return row.value

    async def change_of_list(session: Any, rows: Any) -> Any:
        for row in rows:
            row.value = values[0]

    first = id_of(1)
    for act in (read, alone, none_alone, together):
        cases(act, name=f"{kind.name}-{act.__name__}", only=kind.only)
    for of_rows in (of_list, change_of_list):
        cases(of_rows, name=f"{kind.name}-{of_rows.__name__}", only=kind.only, given=("list", model))
    for of_one in (of_row, change):
        cases(of_one, name=f"{kind.name}-{of_one.__name__}", only=kind.only, given=("owned", model, first))


for kind in KINDS:
    compare(kind)


@in_every_way
@cases.on_each_engine()
async def test_a_type_is_read_and_written_alike(both: Both, way: tuple[str, bool], case: Case) -> None:
    await both.must_agree(way, case)


answers = Cases()
for kind in KINDS:
    if kind.is_json:
        answers(lambda *_: None, name=kind.name, only=kind.only, given=(kind,))  # type: ignore[arg-type]


@answers.on_each_engine()
async def test_a_type_is_answered_alike(both: Both, case: Case) -> None:
    """By POST, by GET and in a list; and as SQLModel writes the row that it reads."""
    [kind] = case.given
    path = f"/served/{kind.model.__tablename__}"
    for house in both.houses.values():
        for value in [*kind.values, None]:
            said = kind.create(value=value).model_dump(mode="json")
            made = await house.client.post(path, json=said)
            assert made.status_code == 201, made.text
            got = await house.client.get(f"{path}/{made.json()['id']}")
            listed = await house.client.get(path, params={"limit": 1})
            async with both.plain.session() as session:
                row: Any = await session.get(kind.model, UUID(made.json()["id"]))
                read = kind.public.model_validate(row).model_dump_json()
            known = {
                "id": row.id,
                "owner_id": row.owner_id,
                "created_at": row.created_at,
                "updated_at": row.updated_at,
            }
            new = kind.model.model_validate(
                kind.create.model_validate_json(made.request.content), update=known
            )
            written = kind.public.model_validate(new).model_dump_json()

            assert got.text == read
            assert made.text in {read, written}  # SQLModel does not look what the database has made of it
            assert (made.headers["etag"] == got.headers["etag"]) is (made.text == got.text)
            assert listed.json()["items"] == [got.json()]
        house.storage.changes()


async def test_plain_values_have_types() -> None:
    assert (plain(1), plain(True), plain("1")) == ("int: 1", "bool: True", "str: '1'")
    assert set(ENGINES) >= {kind.only for kind in KINDS if kind.only}
