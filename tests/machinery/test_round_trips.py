"""How often a request goes to the database, that nothing is compiled for it that was compiled before, and
that it leaves
nothing behind.

Nothing is timed here: what costs time is counted.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy.sql.compiler import SQLCompiler

from tests.support.described import ROUTES, is_endless, operation
from tests.support.make import make
from tests.support.people import Person
from tests.support.watching import Sent, needs_fast_path, watching

pytestmark = [pytest.mark.anyio, needs_fast_path]

READ = {
    path
    for route in ROUTES
    if "GET" in (route.methods or ())
    and "{" not in (path := str(route.path))
    and not is_endless(operation(route, "GET"))
}


@contextmanager
def compiled() -> Iterator[list[str]]:
    """The statements that are compiled meanwhile."""
    found: list[str] = []
    compile = SQLCompiler.__init__

    def note(self: Any, dialect: Any, statement: Any, *arguments: Any, **options: Any) -> None:
        found.append(str(type(statement)))
        compile(self, dialect, statement, *arguments, **options)

    with patch.object(SQLCompiler, "__init__", note):
        yield found


@contextmanager
def left_behind() -> Iterator[list[str]]:
    """What of ours, and of FastAPI's, only the garbage collector could free in the end."""
    found: list[str] = []
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield found
        gc.collect()
        kinds = [type(one) for one in gc.garbage]
        found += [
            kind.__qualname__
            for kind in kinds
            if kind.__module__.partition(".")[0] in {"api", "fastapi", "starlette"}
        ]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


async def test_reading_my_rows_takes_one_statement(ada: Person) -> None:
    note = await make(ada, "/notes", title="One")
    for path in ("/notes", "/notes?q=one&sort=title&order=asc", f"/notes/{note['id']}"):
        sent: list[Sent] = []
        with watching(sent.append):
            assert (await ada.get(path)).status_code == 200

        assert [("user_sessions" in one.sql, "FROM notes" in one.sql, one.by_driver) for one in sent] == [
            (True, True, True)
        ]


async def test_what_needs_to_know_its_caller_reads_them_first(ada: Person) -> None:
    sent: list[Sent] = []
    with watching(sent.append):
        assert (await ada.get("/groups")).status_code == 200

    assert [("user_sessions" in one.sql, one.by_driver) for one in sent] == [(True, True), (False, True)]


async def test_writing_a_row_and_its_event_takes_one_round_trip(ada: Person, kind: str) -> None:
    await make(ada, "/notes", title="Zero")  # counts what the caller has stored, once a minute
    sent: list[Sent] = []
    with watching(sent.append):
        assert (await ada.post("/notes", json={"title": "One"})).status_code == 201

    assert [one.sql.split()[0] for one in sent] == {
        "postgresql": ["WITH"],
        "sqlite": ["INSERT", "INSERT", "INSERT", "INSERT", "SELECT"],
    }[kind]
    assert all(one.by_driver for one in sent)
    assert {one.in_transaction for one in sent} == {kind == "sqlite"}
    for table in ("events", "activities"):
        assert f"INSERT INTO {table}" in "".join(one.sql for one in sent)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_changing_a_row_takes_two_round_trips(ada: Person, kind: str, method: str) -> None:
    """One to read the row and see whether the caller may, and one with all that is written, if the row is
    still so."""
    note = await make(ada, "/notes", title="One")
    body = {"title": "Two"} if method == "PATCH" else None
    sent: list[Sent] = []
    with watching(sent.append):
        assert (await ada.request(method, f"/notes/{note['id']}", json=body)).is_success

    assert [one.sql.split()[0] for one in sent] == {
        "postgresql": ["SELECT", "WITH"],
        "sqlite": ["SELECT", method.replace("PATCH", "UPDATE"), "INSERT", "INSERT", "INSERT", "SELECT"],
    }[kind]
    assert all(one.by_driver for one in sent)
    assert {one.in_transaction for one in sent[1:]} == {kind == "sqlite"}
    for table in ("events", "activities"):
        assert f"INSERT INTO {table}" in "".join(one.sql for one in sent)


@pytest.mark.parametrize("path", sorted(READ))
async def test_what_is_read_is_compiled_once(admin: Person, path: str) -> None:
    url = f"http://test{path}"
    await admin.get(url)
    with compiled() as found:
        assert (await admin.get(url)).status_code == 200

    assert found == []


async def test_nothing_is_compiled_again_to_sign_in(admin: Person) -> None:
    for _ in range(2):
        with compiled() as found:
            for login in (admin.username, admin.email):
                body = {"username": login, "password": admin.password}
                assert (await admin.post("/auth/login", json=body)).status_code == 200
            assert (await admin.post("/auth/password/forgot", json={"email": admin.email})).status_code == 202

    assert found == []


async def test_the_statements_of_a_row_are_compiled_once(ada: Person) -> None:
    async def live() -> None:
        id = (await make(ada, "/notes", title="One"))["id"]
        for method, body in (("GET", None), ("PATCH", {"title": "Two"}), ("DELETE", None)):
            assert (await ada.request(method, f"/notes/{id}", json=body)).is_success

    await live()
    with compiled() as found:
        await live()

    assert found == []


async def test_a_request_leaves_nothing_for_the_garbage_collector(ada: Person) -> None:
    """What it does leave, some hundred bytes or its whole body, adds up to megabytes until the collector
    comes."""

    async def use(key: str) -> None:
        id = (await make(ada, "/notes", title="One"))["id"]
        for path in ("/notes", f"/notes/{id}", "/groups", "/notes/nothing", "/nowhere"):
            await ada.get(path)
        await ada.post("/notes", json={"title": "Two"}, headers={"Idempotency-Key": key})
        await ada.post("/notes", json={"title": ""})
        await ada.patch(f"/notes/{id}", json={"title": "Two"})
        await ada.delete(f"/notes/{id}")
        await ada.post("/auth/login", json={"username": ada.username, "password": ada.password})

    await use("first")  # compiles the statements
    with left_behind() as found:
        await use("second")

    assert found == []
