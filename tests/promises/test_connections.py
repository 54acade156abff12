"""A request uses one database connection at a time: with a pool of one, every operation answers.

If each of several requests held a connection and waited for another one, none of them would go on.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI
from fastapi.routing import RouteContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from api.app import create_app
from api.db import DatabaseDep, SessionDep
from api.deps import CurrentUser, MaybeUser, found, owned
from api.models.note import Note
from api.models.role import Role
from api.settings import Mechanism, Settings
from api.web import Router
from tests.conftest import MakePerson
from tests.support.connections import counted_connections
from tests.support.described import ROUTES, Body, is_endless, operation
from tests.support.listening import serving, take
from tests.support.make import make
from tests.support.makers import Maker, request_of
from tests.support.people import Person
from tests.support.resources import methods, path
from tests.support.watching import needs_fast_path

pytestmark = pytest.mark.anyio

CALLS = [
    (method, route)
    for route in ROUTES
    for method in sorted(methods(route))
    if not is_endless(operation(route, method))
]
ROLES = select(Role.name).order_by(Role.name)
both_ways = pytest.mark.parametrize(
    "fast_path", [pytest.param(True, id="fast", marks=needs_fast_path), pytest.param(False, id="slow")]
)


@pytest.fixture
async def small(app: FastAPI, settings: Settings, fast_path: bool) -> AsyncIterator[FastAPI]:
    """An app on the same database, with a pool of one connection."""
    mechanisms = settings.fast_path if fast_path else frozenset[Mechanism]()
    small = create_app(settings.model_copy(update={"database_pool_size": 1, "fast_path": mechanisms}))
    async with small.router.lifespan_context(small):
        yield small


async def request_for(maker: Maker, method: str, route: RouteContext) -> dict[str, Any]:
    """A valid request, which also takes the optional steps: it has a condition or a key."""
    if route.body_field is None:
        return {}
    headers = {"Idempotency-Key": route.name} if method == "POST" else {}
    return {**request_of(route, await maker.full(Body.of(route))), "headers": headers}


@both_ways
async def test_no_operation_waits_for_a_second_connection(
    small: FastAPI, person: MakePerson, fast_path: bool
) -> None:
    answered: dict[str, int] = {}
    maker = Maker(None, database=small.state.database)
    with counted_connections() as connections:
        for method, route in CALLS:
            admin = (await person(role="admin")).through(small)  # some operations end the caller's access
            maker.client, maker.rows = admin, {}
            for headers in ({}, {"If-Match": "*"}):
                request = await request_for(maker, method, route)
                request["headers"] = request.get("headers", {}) | headers
                url = f"http://test{await maker.url(route)}"
                connections.asking = asked = f"{method} {path(route)}"
                answer = await admin.request(method, url, **request)
                answered[asked] = min(answer.status_code, answered.get(asked, 999))
                connections.asking = "the test"

    assert connections.wrongs == []
    assert connections.used == []
    assert connections.taken > len(CALLS)
    assert {asked for asked, status in answered.items() if status >= 500} == set()
    succeeded = sum(status < 400 for status in answered.values())
    assert succeeded > len(answered) * 0.75, f"these requests were refused: {answered}"


def odd_routes() -> Router:
    """Routes that ask for their caller, or for other rows, when their transaction has begun."""
    router = Router(prefix="/odd")

    @router.patch("/{id}/row-first")
    async def row_first(note: Annotated[Note, Depends(found(Note))], user: CurrentUser) -> str:
        return f"{note.title} of {user.username}"

    @router.get("/{id}/row-first-and-perhaps-nobody")
    async def perhaps_nobody(
        session: SessionDep, note: Annotated[Note, Depends(found(Note))], user: MaybeUser
    ) -> str:
        await session.exec(ROLES)
        return f"{note.title} of {user and user.username}"

    @router.post("/{id}/rows-meanwhile")
    async def rows_meanwhile(
        session: SessionDep, database: DatabaseDep, note: Annotated[Note, Depends(owned(Note))]
    ) -> list[str]:
        session.add(Role(name="guest"))
        await session.flush()
        note.title = "Two"
        return list(await database.rows(ROLES))

    @router.post("/{id}/rows-after-an-error")
    async def after_an_error(
        session: SessionDep, database: DatabaseDep, note: Annotated[Note, Depends(owned(Note))]
    ) -> list[str]:
        with pytest.raises(DBAPIError):
            await session.exec(text("SELECT * FROM nowhere"))  # type: ignore[call-overload]
        return list(await database.rows(ROLES))

    return router


@both_ways
async def test_what_is_read_within_a_transaction_is_read_on_its_connection(
    small: FastAPI, ada: Person, fast_path: bool
) -> None:
    small.include_router(odd_routes(), prefix="/api/v1")
    ada = ada.through(small)
    note = await make(ada, "/notes", title="One")
    with counted_connections() as connections:
        answers = [
            await ada.patch(f"/odd/{note['id']}/row-first"),
            await ada.get(f"/odd/{note['id']}/row-first-and-perhaps-nobody"),
            await ada.post(f"/odd/{note['id']}/rows-meanwhile"),
            await ada.post(f"/odd/{note['id']}/rows-after-an-error"),
        ]

    assert connections.wrongs == []
    assert [answer.json() for answer in answers] == [
        "One of ada",
        "One of ada",
        ["admin", "guest", "staff", "user"],  # with what the transaction has written
        ["admin", "guest", "staff", "user"],
    ]
    assert (await ada.get(f"/notes/{note['id']}")).json()["title"] == "Two"


@both_ways
async def test_listeners_are_served_with_one_connection(small: FastAPI, ada: Person, fast_path: bool) -> None:
    async with (
        serving(small, lifespan="off") as site,
        site.client(ada) as client,
        site.listen("sse", ada) as stream,
        site.listen("ws", ada) as socket,
    ):
        notes = [(await make(client, "/notes", title=f"{n}"))["id"] for n in range(3)]
        heard = [[one["data"]["id"] for one in await take(by, 3)] for by in (stream, socket)]

    assert heard == [notes, notes]
