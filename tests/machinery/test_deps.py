"""What routes declare of callers and rows, on an entity that only these tests have."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlmodel import col

from api.deps import mine, visible
from api.lists import Condition
from api.models.base import CALLER, uuid7
from api.models.note import Note
from api.models.user import UserPermission
from tests.conftest import MakePerson
from tests.machinery.books import Book
from tests.support.people import Person

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("books")]
Made = dict[str, Any]


async def make(person: AsyncClient, **fields: Any) -> Made:
    answer = await person.post("/books", json={"title": "Emma"} | fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture
async def eve(person: MakePerson, books: FastAPI) -> Person:
    """Somebody whose role permits nothing."""
    return (await person(username="eve")).through(books)


@pytest.fixture
async def kim(person: MakePerson, books: FastAPI) -> Person:
    """Somebody whose role permits to see and to change everything."""
    return (await person(username="kim", role="admin")).through(books)


@pytest.fixture
async def owner(ada: Person, books: FastAPI) -> Person:
    return ada.through(books)


@pytest.fixture
async def nobody(books: FastAPI, owner: Person) -> Person:
    stranger = owner.through(books)
    del stranger.headers["Authorization"]
    return stranger


async def statuses(path: str, *people: AsyncClient) -> list[int]:
    return [(await person.get(path)).status_code for person in people]


async def test_owned_finds_rows_of_the_caller_only(
    owner: Person,
    eve: Person,
    kim: Person,
    nobody: Person,
) -> None:
    book = await make(owner)

    assert (await owner.get(f"/books/{book['id']}")).json() == book
    assert await statuses(f"/books/{book['id']}", owner, eve, kim, nobody) == [200, 404, 404, 401]
    assert await statuses(f"/books/{uuid7()}", owner, eve, kim, nobody) == [404, 404, 404, 401]


async def test_owned_unless_finds_all_rows_for_the_permission(
    owner: Person,
    eve: Person,
    kim: Person,
    nobody: Person,
) -> None:
    book = await make(owner)

    assert await statuses(f"/books/readable/{book['id']}", owner, eve, kim, nobody) == [200, 404, 200, 401]


async def test_visible_finds_what_the_scope_holds(
    owner: Person,
    eve: Person,
    kim: Person,
    nobody: Person,
) -> None:
    shut, opened = await make(owner), await make(owner, is_open=True)

    assert await statuses(f"/books/shown/{shut['id']}", owner, eve, kim, nobody) == [200, 404, 200, 401]
    assert await statuses(f"/books/shown/{opened['id']}", owner, eve, kim, nobody) == [200, 200, 200, 401]


async def test_visible_to_all_needs_no_token_and_refuses_a_wrong_one(
    owner: Person,
    eve: Person,
    nobody: Person,
) -> None:
    shut, opened = await make(owner), await make(owner, is_open=True)

    assert await statuses(f"/books/public/{opened['id']}", owner, eve, nobody) == [200, 200, 200]
    assert await statuses(f"/books/public/{shut['id']}", owner, eve, nobody) == [200, 404, 404]
    wrong = await nobody.get(f"/books/public/{opened['id']}", headers={"Authorization": "Bearer nonsense"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_token")


async def test_found_finds_every_row(owner: Person, eve: Person, nobody: Person) -> None:
    book = await make(owner)

    assert await statuses(f"/books/any/{book['id']}", owner, eve, nobody) == [200, 200, 200]
    assert await statuses(f"/books/any/{uuid7()}", owner, nobody) == [404, 404]


async def test_governed_tells_those_who_see_a_row_that_it_is_not_theirs(
    owner: Person, eve: Person, kim: Person, nobody: Person
) -> None:
    shut, opened = await make(owner), await make(owner, is_open=True)
    change: Made = {"json": {"title": "Persuasion"}}

    for book, expected in ((shut, [200, 404, 200, 401]), (opened, [200, 403, 200, 401])):
        path = f"/books/governed/{book['id']}"
        people = (owner, eve, kim, nobody)
        assert [(await person.patch(path, **change)).status_code for person in people] == expected


async def test_require_lets_in_those_whose_role_has_the_permission(
    owner: Person, eve: Person, kim: Person, nobody: Person
) -> None:
    book = await make(owner)
    people = (owner, eve, nobody, kim)

    answers = [await person.delete(f"/books/required/{book['id']}") for person in people]

    assert [answer.status_code for answer in answers] == [403, 403, 401, 204]
    assert answers[0].json()["code"] == "forbidden"


async def test_a_row_is_changed_only_as_it_was_seen(owner: Person) -> None:
    book = await make(owner)
    path = f"/books/{book['id']}"
    seen = {"If-Match": (await owner.get(path)).headers["etag"]}

    assert (await owner.patch(path, json={"title": "Emma, again"}, headers=seen)).status_code == 200
    for answer in (await owner.patch(path, json={}, headers=seen), await owner.delete(path, headers=seen)):
        assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert (await owner.delete(path, headers={"If-Match": "*"})).status_code == 204
    assert (await owner.get(path)).status_code == 404


async def test_within_scopes_the_list_its_filters_and_its_total(
    owner: Person,
    eve: Person,
    kim: Person,
) -> None:
    mine = [await make(owner, title=title, is_open=title == "B") for title in ("A", "B")]
    theirs = await make(eve, title="C", is_open=True)

    async def titles(person: Person, **query: Any) -> tuple[list[str], int]:
        asked: Made = {"order": "asc", "count": True} | query
        page = (await person.get("/books", params=asked)).json()
        return [book["title"] for book in page["items"]], page["total"]

    assert (await titles(owner), await titles(eve)) == ((["A", "B"], 2), (["C"], 1))
    assert await titles(kim) == (["A", "B", "C"], 3)
    assert await titles(owner, is_open=True) == (["B"], 1)
    assert await titles(owner, q="c") == ([], 0)
    assert await titles(kim, is_open=True, sort="title", order="desc") == (["C", "B"], 2)
    assert (await owner.get("/books/shown?order=asc")).json()["items"] == [*mine, theirs]
    assert (await eve.get("/books/shown?order=asc")).json()["items"] == [mine[1], theirs]


async def test_a_reference_has_to_be_there_and_to_be_seen(owner: Person, eve: Person) -> None:
    shut, opened = await make(owner), await make(owner, is_open=True)

    assert (await make(eve, sequel_of=opened["id"]))["sequel_of"] == opened["id"]
    assert (await make(eve, sequel_of=None))["sequel_of"] is None
    for hidden in (shut["id"], str(uuid7())):
        answer = await eve.post("/books", json={"title": "Emma", "sequel_of": hidden})
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert (error["loc"], error["type"]) == (["body", "sequel_of"], "unknown_reference")


@pytest.mark.parametrize("books", [{"rate_limit_auth": "2/minute"}], indirect=True, ids=["two a minute"])
async def test_limited_counts_each_kind_of_request_of_an_address(nobody: Person) -> None:
    answers = [await nobody.get("/books/limited") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["code"] == "too_many_requests"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert (await nobody.get("/books/also-limited")).status_code == 200


async def test_a_sign_in_that_has_ended_finds_and_writes_nothing(owner: Person) -> None:
    book = await make(owner)
    assert (await owner.post("/auth/logout", json={})).status_code == 204

    path = f"/books/{book['id']}"
    answers = [
        await owner.get(path),
        await owner.get("/books/shown"),
        await owner.patch(path, json={"title": "Gone"}),
    ]
    answers += [await owner.delete(path), await owner.post("/books", json={"title": "New"})]

    assert [answer.status_code for answer in answers] == [401] * 5


async def test_a_scope_that_implies_ownership_is_that_of_an_owner() -> None:
    owns, is_open, title = mine(Book), col(Book.is_open).is_(True), col(Book.title) != ""

    def policy(scope: Condition, **options: Any) -> str:
        return str(vars(visible(Book, scope, **options))["policy"])

    for scope in (owns, owns & is_open, is_open & title & owns, (col(Book.owner_id) == CALLER) & title):
        assert policy(scope) == "own"
    assert policy(owns & is_open, unless=UserPermission.read) == "own or users:read"
    for scope in (is_open, owns | is_open, (owns | is_open) & title, ~owns, mine(Note) & is_open):
        assert policy(scope) == "visible"


async def test_routes_tell_who_may_use_them_and_what_can_go_wrong(books: FastAPI) -> None:
    paths = books.openapi()["paths"]

    def said(method: str, path: str) -> tuple[str, set[str]]:
        operation = paths[f"/api/v1/books{path}"][method]
        return operation["x-policy"], {status for status in operation["responses"] if "400" <= status < "500"}

    assert said("get", "/{id}") == ("own · signed in", {"401", "404", "422", "429"})
    changing = {"401", "404", "409", "412", "413", "415", "422", "429"}
    assert said("patch", "/{id}") == ("own · signed in", changing)
    assert said("get", "/readable/{id}") == (
        "own or users:read · signed in",
        {"401", "404", "422", "429"},
    )
    assert said("get", "/public/{id}") == ("public", {"401", "404", "422", "429"})
    assert said("get", "/any/{id}") == ("public", {"404", "422", "429"})
    assert said("delete", "/required/{id}") == (
        "signed in · users:write",
        {"401", "403", "404", "412", "422", "429"},
    )
    assert said("get", "/limited") == ("public", {"429"})
    assert said("post", "") == ("signed in", {"401", "409", "413", "415", "422", "429"})
