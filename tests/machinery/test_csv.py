"""CSV that streams: all rows of the caller, page by page, and nothing that a spreadsheet would run."""

import csv
import io
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlmodel import insert

from api.db.engine import Database
from api.lists import csv_stream, walk
from api.lists.csv_stream import cell, written_line
from api.lists.pagination import CHUNK
from api.models.base import Entity, uuid7
from api.models.user import UserSummary
from tests.machinery.books import MINE, Book, BookFilters, stored
from tests.support.people import Person

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("books")]


async def read(person: Person, **query: Any) -> list[dict[str, str]]:
    answer = await person.get("/books/export.csv", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="books.csv"'
    return list(csv.DictReader(io.StringIO(answer.text)))


async def fill(database: Database, owner: Person, number: int) -> None:
    async with database.write() as session, session.begin():
        await session.exec(insert(Book), params=[stored(owner, place) for place in range(number)])


async def test_an_export_has_every_row_of_the_caller_in_order(
    books: FastAPI, ada: Person, bob: Person, admin: Person, database: Database
) -> None:
    owner, stranger, root = (person.through(books) for person in (ada, bob, admin))
    await fill(database, owner, CHUNK * 2 + 1)
    await fill(database, stranger, 1)

    rows = await read(owner, sort="title", order="asc")

    assert [row["title"] for row in rows] == [f"Book {place:04}" for place in range(CHUNK * 2 + 1)]
    assert {row["owner_id"] for row in rows} == {owner.id}
    assert list(rows[0]) == ["id", "created_at", "updated_at", "title", "is_open", "sequel_of", "owner_id"]
    assert len(await read(root)) == CHUNK * 2 + 2
    assert [row["title"] for row in await read(owner, q="book 0007")] == ["Book 0007"]
    assert await read(owner, is_open=True) == []


async def test_a_full_page_at_the_end_is_followed_by_nothing(
    books: FastAPI,
    ada: Person,
    database: Database,
) -> None:
    owner = ada.through(books)
    await fill(database, owner, CHUNK)

    assert len(await read(owner)) == CHUNK


async def test_between_the_pages_of_a_walk_nothing_is_held(
    books: FastAPI,
    ada: Person,
    database: Database,
) -> None:
    await fill(database, ada, CHUNK * 2)
    sessions = []

    def session() -> Any:
        sessions.append(database.read())
        return sessions[-1]

    scope = {"caller": UUID(ada.id)}
    async for rows in walk(session, BookFilters(), MINE, **scope):
        assert len(rows) == CHUNK
        assert [one.in_transaction() for one in sessions] == [False] * len(sessions)

    assert len(sessions) == 3  # and one to find that there is no more


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)"])
async def test_a_cell_that_a_spreadsheet_would_run_is_quoted(books: FastAPI, ada: Person, title: str) -> None:
    owner = ada.through(books)
    assert (await owner.post("/books", json={"title": title})).status_code == 201

    assert [row["title"] for row in await read(owner)] == [f"'{title}"]


FORMULAS = {
    "＝1+1": "'＝1+1",  # noqa: RUF001  full width
    "＋1": "'＋1",  # noqa: RUF001
    "－1": "'－1",  # noqa: RUF001
    "＠SUM(A1)": "'＠SUM(A1)",  # noqa: RUF001
    " =1+1": "' =1+1",
    "\t=1+1": "\t'=1+1",
    "\u00a0\u3000+1": "'\u00a0\u3000+1",
    "\ufeff@SUM(A1)": "'\ufeff@SUM(A1)",
    "\tcell": "'\tcell",
    "a;=1+1": "a;'=1+1",
    'a;"=1+1;b': "a;'\"=1+1;b",
    'a\n "" =1+1;b': 'a\n\' "" =1+1;b',
    "a; ＝1;b;-1": "a;' ＝1;b;'-1",  # noqa: RUF001
    "a\t@b|+c": "a\t'@b|'+c",
    "one\n=two\r\n-three": "one\n'=two\r\n'-three",
    "a=b; c-d @ e + f": "a=b; c-d @ e + f",
}


@pytest.mark.parametrize("given", FORMULAS)
async def test_no_part_that_becomes_a_cell_is_a_formula(given: str) -> None:
    assert cell(given) == FORMULAS[given]


@pytest.mark.parametrize("given", [*FORMULAS, '"=1+1', 'a;"@x";b', 'a|"-1|b', 'a\r\n"+1\t"'])
@pytest.mark.parametrize("delimiter", [*",;|\t"])
async def test_no_spreadsheet_finds_a_formula_however_it_divides_a_line(given: str, delimiter: str) -> None:
    line = written_line(["id", cell(given), "end"])

    for row in csv.reader(io.StringIO(line, newline=""), delimiter=delimiter):
        assert not [cell for cell in row if cell.lstrip(" \u00a0\u3000\ufeff")[:1] in {*"=+-@＝＋－＠"}]  # noqa: RUF001


async def test_json_in_a_cell_begins_no_other_cell_and_stays_json() -> None:
    data = {"a": ";=1+1", "b": ["|@x", -1], "c;": "plain"}

    written = cell(data)

    assert not {";", "|"} & set(written)
    assert json.loads(written) == data


async def test_commas_quotes_lines_and_other_types_are_written_for_machines(
    books: FastAPI,
    ada: Person,
) -> None:
    owner = ada.through(books)
    title = 'One, "two" and three; ü'
    assert (await owner.post("/books", json={"title": title, "is_open": True})).status_code == 201

    (row,) = await read(owner)

    assert (row["title"], row["is_open"], row["sequel_of"]) == (title, "true", "")


class LoanPublic(Entity):
    reader: UserSummary | None


async def test_of_an_entity_within_a_row_there_is_the_id() -> None:
    reader = UserSummary(id=uuid7(), username="ada", full_name="Ada", avatar_url=None)
    loans = [LoanPublic(reader=reader), LoanPublic(reader=None)]

    async def pages() -> AsyncIterator[Sequence[LoanPublic]]:
        yield loans

    text = "".join([str(part) async for part in csv_stream("loans.csv", LoanPublic, pages()).body_iterator])

    assert [row["reader"] for row in csv.DictReader(io.StringIO(text))] == [str(reader.id), ""]
