"""Valid bodies for every route, made from its schema, and the rows that they refer to."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi.routing import RouteContext
from httpx import AsyncClient, Response
from sqlmodel import SQLModel

from api.db.engine import Database
from api.models.base import tables, uuid7
from tests.support.described import ROUTES, Body, is_form, is_upload
from tests.support.resources import RESOURCES, Resource, methods, named_by, path
from tests.support.values import Part, is_file, types, values

Row = dict[str, Any]
COLLECTIONS = {str(one.model.__tablename__): one.collection for one in reversed(RESOURCES) if one.model}
MODELS = {str(model.__tablename__).replace("_", "-"): model for model in tables()}
# Values that have to be valid in a way that no schema says.
WORDS = {
    "role": ("staff", "user"),
    "transport": ("body",),
    "published_at": ("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"),
}
TEAM_WORDS = WORDS | {"role": ("member", "admin")}  # in the rows of a team
KEPT = {"teams"}  # rows that refer to each other belong to one team
NOWHERE = "there is no such row"
ATTEMPTS = 5  # values that are tried for a rule that no schema says


def collection(name: str, model: Any = None) -> str:
    """Where the rows are that a field refers to: `slot_id` is the id of one of the booking slots."""
    tables = ([model.__table__] if model else []) + SQLModel.metadata.sorted_tables
    keys = (key for table in tables if name in table.columns for key in table.columns[name].foreign_keys)
    for key in keys:
        table = str(key.column.table.name)
        return COLLECTIONS.get(table, table.replace("_", "-"))
    return name


def words_of(model: Any) -> dict[str, tuple[str, ...]]:
    is_of_team = model is not None and "team_id" in model.model_fields
    return TEAM_WORDS if is_of_team else WORDS


def request_of(route: RouteContext, body: Row) -> dict[str, Any]:
    """How a body is sent to this route: as JSON or as a form."""
    if not is_form(route):
        return {"json": body}
    fields = Body.of(route).fields
    given = {name: value for name, value in body.items() if value is not None}
    texts = {name: as_text(value) for name, value in given.items() if not is_file(fields.get(name, {}))}
    if not is_upload(route):
        return {"data": texts}
    files = {name: ("file.gif", str(given[name]).encode()) for name in given.keys() - texts.keys()}
    return {"data": texts, "files": files or {"": ("", b"")}}


def as_text(value: Any) -> Any:
    """A value as a form has it."""
    return value if isinstance(value, str | list) else json.dumps(value)


@dataclass
class Maker:
    """Makes valid bodies and the rows that they refer to. What the client may not make, the helper makes."""

    client: Any  # an AsyncClient, with or without a token
    helper: AsyncClient | None = None
    database: Database | None = None
    is_full: bool = False  # whether the rows that are referred to have a value in every field
    rows: dict[str, Row] = field(default_factory=dict)  # by collection
    places: dict[str, str] = field(default_factory=dict)  # by id, where a row is
    serial: Iterator[int] = field(default_factory=lambda: count(1))
    turns: dict[str, int] = field(default_factory=dict)  # by field, which of its valid values suits

    async def url(self, route: RouteContext) -> str:
        """The route's address, for rows that exist."""
        parts: list[str] = []
        given = path(route).split("/")
        for number, part in enumerate(given):
            if part.startswith("{"):
                resource = named_by("/".join(given[: number + 1]))
                part = await self.name_of(part.strip("{}"), parts[-1], resource)
            parts.append(part)
        return "/".join(parts)

    async def name_of(self, parameter: str, before: str, resource: Resource | None) -> str:
        """What stands for a parameter of an address."""
        if resource is not None:
            return self.segment(await self.row_of(resource.collection), resource)
        there = before if parameter == "id" else collection(parameter)
        return str((await self.row_of(there))["id"])

    def segment(self, row: Row, resource: Resource) -> str:
        """The end of a row's address."""
        name = resource.parameter
        if name in row:
            return str(row[name])
        nested = row.get(name.removesuffix("_id"))
        if isinstance(nested, dict) and "id" in nested:
            return str(nested["id"])
        return str(self.places.get(row["id"], row["id"])).rpartition("/")[2]

    async def id_of(self, collection: str) -> str:
        """The id of a row of this collection."""
        return str((await self.row_of(collection))["id"])

    async def row_of(self, collection: str) -> Row:
        """A row of this collection: a new one, else the first in its list, else one with an unknown id."""
        if collection not in self.rows:
            self.rows[collection] = nowhere = {"id": str(uuid7()), NOWHERE: True}
            self.rows[collection] = await self._made(collection) or nowhere
        return self.rows[collection]

    async def _made(self, collection: str) -> Row | None:
        known = [one for one in RESOURCES if one.collection == collection]
        at = [route for route in ROUTES if path(route).rpartition("/")[2] == collection]
        posts = [one.create for one in known if one.create] + [r for r in at if methods(r) == {"POST"}]
        for route in posts:
            answer = await self.create(route)
            if collection == "users" and answer.status_code == 403:
                return {"id": self.client.id}  # who makes no users names themselves
            if answer.status_code == 403 and self.database is not None:
                continue  # it is inserted
            assert answer.status_code < 300, f"{path(route)}: the sample is not good enough: {answer.text}"
            if "id" in answer.json():
                return dict(answer.json())
        for route in (r for r in at if methods(r) == {"GET"}):
            page = (await self.client.get(f"http://test{await self.url(route)}")).json()
            if items := page.get("items"):
                return dict(items[0])
        model = known[0].model if known else MODELS.get(collection)
        if model is not None and self.database is not None:
            return await self.insert(model)
        return None

    async def create(self, route: RouteContext, at: str | None = None, **fields: Any) -> Response:
        """The answer to a valid POST, by the client or else by the helper."""
        for person in filter(None, (self.client, self.helper)):
            answer = await self.post(person, route, at, **fields)
            if answer.status_code not in {401, 403, 404}:
                break
        if answer.status_code == 201 and "location" in answer.headers and "id" in answer.json():
            self.places[answer.json()["id"]] = answer.headers["location"]
        return answer

    async def post(self, person: AsyncClient, route: RouteContext, at: str | None, **fields: Any) -> Response:
        for _ in range(ATTEMPTS):
            body = await self.roomy(Body.of(route)) | fields
            url = at or f"http://test{await self.url(route)}"
            answer = await person.post(url, **request_of(route, body))
            is_taken = answer.status_code == 409 and not fields  # what another Maker has made is unique
            if not self.learn(answer, fields) and not is_taken:
                break
        return answer

    def learn(self, answer: Response, fixed: Iterable[str] = ()) -> bool:
        """Take the next of the valid values for the fields that were refused."""
        if answer.status_code != 422:
            return False
        refused = {error["loc"][1] for error in answer.json().get("errors", ()) if len(error["loc"]) == 2}
        for name in refused - set(fixed):
            self.turns[name] = self.turns.get(name, 0) + 1
        return bool(refused - set(fixed))

    async def insert(self, model: Any, **fields: Any) -> Row:
        """A row that no route makes."""
        assert self.database is not None
        body = Body.of_schema(model.model_json_schema(mode="validation"), model)
        made = {name: await self.value(name, body.fields[name], model) for name in body.fields}
        made |= {name: self.client.id for name in made if collection(name, model) == "users"}
        own = {"id", "created_at", "updated_at"}
        row = model.model_validate({name: made[name] for name in made if name not in own} | fields)
        async with self.database.write() as session, session.begin():
            session.add(row)
        key = {column.name: str(getattr(row, column.name)) for column in model.__table__.primary_key}
        return key | {name: str(value) for name, value in made.items() if name not in own}

    # Bodies

    async def sample(self, body: Body, without: Iterable[str] = ()) -> Row:
        """A valid body, with the fields that it cannot do without."""
        needed = (name for name in body.required if name not in without)
        return {name: await self.value(name, body.fields[name], body.model) for name in needed}

    async def roomy(self, body: Body) -> Row:
        """A valid body of something that others refer to: with room for them."""
        known = words_of(body.model)
        words = {name: known[name][0] for name in body.fields if name in known}
        fields = body.fields.items()
        numbers = {name: part["maximum"] for name, part in fields if "maximum" in part and "default" in part}
        return await (self.full(body) if self.is_full else self.sample(body)) | words | numbers

    async def full(self, body: Body) -> Row:
        """A valid body with every field, none of them as it is by default."""
        return {name: await self.another(name, part, model=body.model) for name, part in body.fields.items()}

    async def another(self, name: str, part: Part, than: Any = None, model: Any = None) -> Any:
        """A valid value that is neither the default nor this one."""
        if name in words_of(model):
            return next(word for word in words_of(model)[name] if word != than)
        if than in part.get("x-transitions", ()):  # a state changes along its transitions
            return next(iter(part["x-transitions"][than]), than)
        if part.get("format") == "uuid" and than is None:
            if "null" not in types(part):
                return await self.value(name, part, model)
            row = await self.row_of(collection(name, model))
            return None if NOWHERE in row and "null" in types(part) else row["id"]
        inner = part.get("items", {}).get("properties", {})
        if any(one.get("format") == "uuid" for one in inner.values()):  # each refers to a row that exists
            return [await self.full(Body(inner, model=model))]
        others = (value for value in self.values(name, part) if value not in (part.get("default"), than))
        found = await self.value(name, {key: part[key] for key in part if key != "default"}, model)
        return found if found not in (part.get("default"), than) else next(others, found)

    async def value(self, name: str, part: Part, model: Any = None) -> Any:
        if name == "current_password":
            return self.client.password
        if "default" in part:
            return part["default"]
        if part.get("format") == "uuid":  # of something new: what there is may be full or taken by now
            there = collection(name, model)
            if there not in KEPT:
                self.rows.pop(there, None)
            return await self.id_of(there)
        found, inner = next(self.values(name, part)), (part.get("items") or {}).get("properties", {})
        ids = {key: one for key, one in inner.items() if one.get("format") == "uuid"}
        if isinstance(found, list) and ids:  # rows in a list refer to rows that exist
            return [
                one | {key: await self.value(key, ids[key]) for key in ids if key in one} for one in found
            ]
        return found

    def values(self, name: str, part: Part) -> Iterator[Any]:
        found = [*islice(values(part, next(self.serial)), self.turns.get(name, 0) + 4)]
        if name.endswith("password"):  # unlike every name and address, which have numbers too
            found = [f"{one} is a password" if isinstance(one, str) else one for one in found]
        yield from found[self.turns.get(name, 0) :] or found[-1:]


async def add_children(model: Any, id: UUID, maker: Maker) -> None:
    """Two rows for each list that a row has within itself, so that one more statement for each is noticed."""
    for child, column in children(model):
        for _ in range(2):
            await maker.insert(child, **{column.key: id})


def children(model: Any) -> list[tuple[Any, Any]]:
    """The models that a row has several of, each with the column that refers to it."""
    many = [one for one in sa.inspect(model).relationships if one.uselist and one.secondary is None]
    return [(one.mapper.class_, remote) for one in many for _, remote in one.local_remote_pairs]
