"""A session that is used after the handler, or in a web socket, and what it leaves behind."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from anyio import Event, create_task_group, sleep, sleep_forever
from fastapi import BackgroundTasks, FastAPI, WebSocket
from fastapi.responses import StreamingResponse
from httpx import ASGITransport, AsyncClient
from sqlmodel import select

from api.db import DatabaseDep
from api.models.role import Role
from tests.machinery.ordinary.house import Database, Router, SessionDep, Settings, create_app
from tests.machinery.ordinary.sockets import talk

pytestmark = pytest.mark.anyio
each_method = pytest.mark.parametrize("method", ["GET", "POST"])


@pytest.fixture(params=[True, False], ids=["fast", "slow"])
async def house(app: FastAPI, settings: Settings, request: pytest.FixtureRequest) -> AsyncIterator[FastAPI]:
    """Another app on the same database, with a route that writes."""
    house = create_app(Settings(_env_file=None, **settings.model_dump() | {"fast_path": request.param}))

    @house.post("/roles/{name}", status_code=204)
    async def write(session: SessionDep, name: str) -> None:
        session.add(Role(name=name))

    yield house
    await house.state.database.close()


async def check_free(house: FastAPI) -> None:
    """No connection is in use, and another request can write."""
    database: Database = house.state.database
    assert [engine.pool.checkedout() for engine in (database.engine, database.reader)] == [0, 0]  # type: ignore[attr-defined]
    assert (await ask(house, "POST", "/roles/afterwards")).status_code == 204
    assert "afterwards" in await names(database)


async def ask(house: FastAPI, method: str, path: str) -> Any:
    async with AsyncClient(transport=ASGITransport(house), base_url="http://test") as client:
        return await client.request(method, path)


async def names(database: Database) -> set[str]:
    async with database.read() as session:
        return set(await session.exec(select(Role.name)))


@each_method
async def test_a_background_task_goes_on_using_the_session(house: FastAPI, method: str) -> None:
    router = Router()
    found: list[str] = []

    async def look_and_write(session: SessionDep) -> None:
        found.extend(await session.exec(select(Role.name)))
        session.add(Role(name="later"))
        await session.commit()
        session.add(Role(name="forgotten"))
        await session.flush()  # and no commit

    @router.api_route("/later", methods=[method])
    async def handle(session: SessionDep, tasks: BackgroundTasks) -> str:
        session.add(Role(name="now"))
        tasks.add_task(look_and_write, session)
        return "handled"

    house.include_router(router)
    answer = await ask(house, method, "/later")

    assert (answer.status_code, answer.json()) == (200, "handled")
    assert "now" in found
    await check_free(house)
    assert {"now", "later"} <= (there := await names(house.state.database))
    assert "forgotten" not in there


@each_method
async def test_a_streamed_response_goes_on_using_the_session(house: FastAPI, method: str) -> None:
    router = Router()

    async def lines(session: SessionDep, role: Role) -> AsyncIterator[str]:
        session.add(role)
        await session.refresh(role)
        for name in await session.exec(select(Role.name).order_by(Role.name)):
            yield f"{name}\n"

    @router.api_route("/streamed", methods=[method])
    async def handle(session: SessionDep) -> StreamingResponse:
        role = (await session.exec(select(Role).where(Role.name == "admin"))).one()
        return StreamingResponse(lines(session, role))

    house.include_router(router)
    answer = await ask(house, method, "/streamed")

    assert set(answer.text.split()) == await names(house.state.database)
    await check_free(house)


@each_method
async def test_what_breaks_after_the_response_keeps_no_connection(house: FastAPI, method: str) -> None:
    async def write_and_break(session: SessionDep) -> None:
        session.add(Role(name="half"))
        await session.flush()
        raise LookupError

    @house.api_route("/broken", methods=[method])
    async def handle(session: SessionDep, tasks: BackgroundTasks) -> None:
        tasks.add_task(write_and_break, session)

    with pytest.raises(LookupError):
        await ask(house, method, "/broken")

    await check_free(house)
    assert "half" not in await names(house.state.database)


async def test_a_web_socket_has_a_session_and_the_database(house: FastAPI) -> None:
    router = Router()

    @router.websocket("/socket")
    async def handle(websocket: WebSocket, session: SessionDep, database: DatabaseDep) -> None:
        await websocket.accept()
        session.add(Role(name=await websocket.receive_text()))
        await session.commit()
        session.add(Role(name=await websocket.receive_text()))  # committed when the handler returns
        async with database.read() as other:
            [role] = await database.rows(select(Role).where(Role.name == "first"))
            count = len((await other.exec(select(Role.id).where(Role.name == role.name))).all())
        await websocket.send_text(f"{role.name} {count}")
        await websocket.close()

    @router.websocket("/broken")
    async def broken(websocket: WebSocket, session: SessionDep) -> None:
        await websocket.accept()
        session.add(Role(name="half"))
        await session.flush()
        raise LookupError

    house.include_router(router)

    code, came = await talk(house, "/socket", send=["first", "second"])
    assert (code, came[1]) == (1000, "first 1")
    assert (await talk(house, "/broken"))[1][-1] == "LookupError"
    await check_free(house)
    assert {"first", "second"} <= (there := await names(house.state.database))
    assert "half" not in there


@each_method
async def test_a_request_that_is_cancelled_gives_its_connection_back(house: FastAPI, method: str) -> None:
    """A time limit cancels whatever is awaited, also within the clean-up."""
    router = Router()
    has_written, kept = Event(), list[SessionDep]()  # what is kept is not given back by the garbage collector

    @router.api_route("/endless", methods=[method])
    async def handle(session: SessionDep) -> None:
        kept.append(session)
        session.add(Role(name="cancelled"))
        await session.flush()
        has_written.set()
        await sleep_forever()

    house.include_router(router)
    async with create_task_group() as group:
        group.start_soon(ask, house, method, "/endless")
        await has_written.wait()
        group.cancel_scope.cancel()
    for _ in range(1000):  # the clean-up goes on by itself
        database = house.state.database
        if database.engine.pool.checkedout() == database.reader.pool.checkedout() == 0:
            break
        await sleep(0.01)

    await check_free(house)
    assert "cancelled" not in await names(house.state.database)
