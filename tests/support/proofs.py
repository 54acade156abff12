"""A resource and a person who uses it, for tests that hold for every entity."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from httpx import AsyncClient, Response
from pydantic import TypeAdapter

from tests.support.described import Body, Rule, unique_rules
from tests.support.makers import Maker, request_of
from tests.support.resources import Resource, path
from tests.support.values import is_file, types

Row = dict[str, Any]
HOST = "http://test"
PARAMETER = re.compile(r"\{(\w+)\}")


class Proof:
    """Makes, reads and lists rows of a resource as one person."""

    def __init__(self, resource: Resource, maker: Maker) -> None:
        self.resource, self.maker, self.person = resource, maker, maker.client
        self.creating = Body.of(resource.create)
        self.changing = Body.of(resource.change)
        self.sent: dict[str, Row] = {}  # by id, the body that a row was made of
        self.urls: dict[Any, str] = {}

    async def url(self, route: Any) -> str:
        """The address of a list or a creation; always that of the same parent."""
        if path(route) not in self.urls:
            self.urls[path(route)] = f"{HOST}{await self.maker.url(route)}"
        return self.urls[path(route)]

    # Rows

    async def post(self, body: Row, by: AsyncClient | None = None) -> Response:
        route = self.resource.create
        answer = await (by or self.person).post(await self.url(route), **request_of(route, body))
        self.note(answer, body)
        return answer

    def note(self, answer: Response, body: Row) -> None:
        if answer.status_code == 201:
            row = answer.json()
            self.sent[row["id"]] = body
            if "location" in answer.headers:
                self.maker.places[row["id"]] = answer.headers["location"]

    async def post_valid(self, *, is_full: bool = True, **fields: Any) -> Response:
        """The answer to a valid body, with every field or with those that it cannot do without."""
        for _ in range(5):
            make = self.maker.full if is_full else self.maker.sample
            answer = await self.post(await make(self.creating) | fields)
            is_taken = answer.status_code == 409 and not fields  # what another Maker has made is unique
            if not self.maker.learn(answer, fields) and not is_taken:
                break
        return answer

    async def made(self, *, is_full: bool = True, **fields: Any) -> Row:
        """A new row as it is read; from the database, if no route makes one."""
        if self.resource.create is None:
            return await self.read(await self.maker.insert(self.resource.model, **fields))
        answer = await self.post_valid(is_full=is_full, **fields)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def shown(self, **fields: Any) -> Row:
        """A new row as it is read: the answer to its creation may show more, such as a token."""
        return await self.read(await self.made(**fields))

    def at(self, row: Row) -> str:
        """The address of a row: by what it shows, else by the Location of its creation."""
        place = self.maker.places.get(row["id"], "")
        known = dict(zip(PARAMETER.findall(path(self.resource.get)), self._values(place), strict=False))

        def value(parameter: re.Match[str]) -> str:
            name = parameter[1]
            if name == self.resource.parameter:
                return str(shown(row, name) if shows(row, name) else known.get(name, row["id"]))
            return str(known.get(name) or shown(row, name))

        return HOST + PARAMETER.sub(value, path(self.resource.get))

    def _values(self, place: str) -> list[str]:
        """The values of the parameters in an address of this resource."""
        found = re.fullmatch(PARAMETER.sub("([^/]+)", path(self.resource.get)), place)
        return list(found.groups()) if found else []

    async def read(self, row: Row) -> Row:
        answer = await self.person.get(self.at(row))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    # Lists

    async def listed(self, **query: Any) -> list[Row]:
        """Every row that a query finds, page after page."""
        return await everything(self.person, await self.url(self.resource.list), **query)

    async def ids(self, **query: Any) -> set[str]:
        return {row["id"] for row in await self.listed(**query)}

    # Fields

    def comparable(self, name: str, value: Any) -> Any:
        """A value as the database orders it: amounts and times are text in JSON."""
        fields = self.resource.model.model_fields
        if value is None or name not in fields:
            return value
        return TypeAdapter(fields[name].rebuild_annotation()).validate_python(value)

    def agree(self, name: str, sent: Any, shown: Any) -> bool:
        """Whether two JSON values of a field mean the same: 1.5 and "1.50" do.

        A row that is nested in another one shows at least what was sent of it.
        """
        if is_list_of_rows(sent) and isinstance(shown, list) and len(sent) == len(shown):
            return all(one.items() <= other.items() for one, other in zip(sent, shown, strict=True))
        return bool(sent == shown or self.comparable(name, sent) == self.comparable(name, shown))

    def unique(self) -> Iterator[Rule]:
        """What no two rows have in common, and some body can say."""
        for rule in unique_rules(self.resource.model):
            if set(rule.columns) & self.creating.fields.keys():
                yield rule


async def everything(person: AsyncClient, url: str, **query: Any) -> list[Row]:
    rows: list[Row] = []
    query = {"limit": 200} | query
    while True:
        answer = await person.get(url, params=query)
        assert answer.status_code == 200, answer.text
        rows += answer.json()["items"]
        if (cursor := answer.json()["next_cursor"]) is None:
            break
        assert len(answer.json()["items"]) == query["limit"]
        query["cursor"] = cursor
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids)), f"{url} shows a row twice"
    return rows


def is_list_of_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def read_csv(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text)))


def shown(row: Row, name: str) -> Any:
    """What a row shows of a field: nested rows stand for their ids and names."""
    if name not in row:
        inner = row[name.removesuffix("_id")]
        return inner and inner["id"]
    value = row[name]
    return value["name"] if isinstance(value, dict) and {"id", "name"} <= value.keys() else value


def shows(row: Row, name: str) -> bool:
    inner = row.get(name.removesuffix("_id"), 0)
    return name in row or (name.endswith("_id") and (inner is None or isinstance(inner, dict)))


def nullable(part: Row) -> bool:
    return "null" in types(part) and not is_file(part)
