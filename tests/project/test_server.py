"""The server beside clients that send too much, too slowly, or nothing at all, and those that do not read."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select

from api.db.engine import Database
from api.settings import Settings
from api.web import server as web_server
from api.web.server import FROZEN_SECONDS
from tests.conftest import WORKER, empty_database
from tests.support.listening import ALL, Site
from tests.support.served import PATIENCE, Served, Wire, served

pytestmark = [pytest.mark.anyio, pytest.mark.heavy]

MIGRATING = 0x5EED_A1E3  # the lock of alembic/env.py
HEALTH = b"GET /health HTTP/1.1\r\nHost: test\r\n"
LOGIN = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
QUICK: dict[str, Any] = {"header_seconds": 0.4, "body_seconds": 0.4, "stream_send_seconds": 0.4}


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="module")
async def impatient(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("impatient"), **QUICK) as server:
        yield server


@asynccontextmanager
async def wires(server: Served, count: int) -> AsyncIterator[list[Wire]]:
    opened = [await server.connect() for _ in range(count)]
    try:
        yield opened
    finally:
        for wire in opened:
            wire.drop()


def status_and_code(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head, answer
    assert b"x-request-id: " in head
    problem = json.loads(body)
    assert problem["status"] == int(head.split()[1])
    return problem["status"], problem["code"]


async def test_headers_without_end_are_refused_and_take_no_memory(server: Served) -> None:
    before = server.memory
    wire = await server.connect()
    try:
        await wire.send(HEALTH)
        for _ in range(200):
            await wire.send(b"".join(b"a%d: b\r\n" % number for number in range(10_000)))  # 20 MB in all
        assert status_and_code(await wire.rest()) == (431, "headers_too_large")
    finally:
        wire.drop()
    assert server.memory - before < 20_000_000
    assert await server.is_up()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (HEALTH + b"large: " + b"x" * 33_000 + b"\r\n\r\n", (431, "headers_too_large")),
        (HEALTH + b"large: " + b"x" * 400_000, (431, "headers_too_large")),
        (HEALTH + b"many: x\r\n" * 100 + b"\r\n", (431, "headers_too_large")),
        (b"GET /" + b"x" * 33_000 + b" HTTP/1.1\r\nHost: test\r\n\r\n", (414, "uri_too_long")),
        (b"\x16\x03\x01 no HTTP\r\n\r\n", (400, "bad_request")),
        (
            LOGIN + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + b"many: x\r\n" * 101,
            (431, "headers_too_large"),
        ),
    ],
    ids=["a large header", "an endless header", "many headers", "an address", "no HTTP", "trailers"],
)
async def test_what_is_too_large_is_a_problem_and_ends_the_connection(
    sent: bytes, expected: tuple[int, str], server: Served
) -> None:
    answer = await server.ask(sent)
    assert status_and_code(answer) == expected
    problem = json.loads(answer.partition(b"\r\n\r\n")[2])
    bounds = {"headers_too_large": [100, 32_768], "uri_too_long": [8192], "bad_request": []}[expected[1]]
    assert [
        problem[name] for name in ("max_headers", "max_characters", "max_bytes") if name in problem
    ] == bounds


async def test_many_and_large_headers_are_fine(server: Served) -> None:
    sent = HEALTH + b"Connection: close\r\n" + b"many: x\r\n" * 90 + b"large: " + b"x" * 30_000 + b"\r\n\r\n"
    assert (await server.ask(sent)).startswith(b"HTTP/1.1 200 OK\r\n")
    assert (await server.ask((HEALTH + b"\r\n") * 64 + HEALTH + b"Connection: close\r\n\r\n")).count(
        b"200 OK"
    ) == 65
    assert (await server.ask((HEALTH + b"\r\n") * 1000)).count(b"200 OK") < 1000  # without reading an answer


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /hea",
        HEALTH,
        LOGIN + b"Content-Length: 100\r\n\r\n",
        LOGIN + b"Content-Length: 100\r\n\r\n{",
        LOGIN + b"Transfer-Encoding: chunked\r\n\r\n",
        HEALTH + b"Content-Length: 100\r\n\r\n",
    ],
    ids=[
        "nothing",
        "half a line",
        "half the headers",
        "no body",
        "half a body",
        "no chunk",
        "an answered one",
    ],
)
async def test_a_client_that_stops_sending_is_disconnected(sent: bytes, impatient: Served) -> None:
    token = await impatient.token()
    async with Site(impatient.port, None).sse(token, ALL, None) as stream:
        assert (await stream.next())["kind"] == "ready"
        for _ in range(3):
            assert b"HTTP/1.1 500" not in await impatient.ask(sent)
        note = {"title": "It still listens"}
        await impatient.client.post("/api/v1/notes", json=note, headers={"Authorization": f"Bearer {token}"})
        assert (await stream.next())["data"]["title"] == note["title"]
    assert "Ended connections: " in impatient.log
    assert "Traceback" not in impatient.log


async def test_a_body_a_byte_at_a_time_is_too_slow(impatient: Served) -> None:
    wire = await impatient.connect()
    await wire.send(LOGIN + b"Content-Length: 100000\r\n\r\n")
    ended = asyncio.create_task(wire.rest())
    for _ in range(300):
        await wire.send(b" ")
        await asyncio.sleep(0.02)
        if ended.done():
            break
    was_ended = ended.done()
    wire.drop()
    await ended
    assert was_ended


async def test_clients_that_do_not_read_are_disconnected_and_their_memory_is_free(tmp_path: Path) -> None:
    async with served(tmp_path, **QUICK) as server:
        token = await server.token()
        headers = {"Authorization": f"Bearer {token}"}
        for _ in range(100):
            note = {"title": "large", "content": "x" * 49_000}
            assert (await server.client.post("/api/v1/notes", json=note, headers=headers)).status_code == 201
        ask = f"GET /api/v1/notes?limit=100 HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        whole = await server.client.get("/api/v1/notes?limit=100", headers=headers)
        assert len(whole.content) > 100 * 49_000
        before = server.memory
        async with wires(server, 30) as readers:
            for wire in readers:
                wire.stop_reading()
                await wire.send(ask)
            await server.until(lambda: "did not read" in server.log)

            async def is_whole() -> bool:  # a 503 as long as too much waits for the others
                answer = await server.client.get("/api/v1/notes?limit=100", headers=headers)
                return answer.content == whole.content

            await server.until(is_whole)
            await server.until(lambda: server.memory < before * 1.2)
            for wire in readers:
                wire.read_on()
                assert len(await wire.rest()) < len(whole.content)


async def test_too_much_that_nobody_reads_is_thrown_away_early(tmp_path: Path) -> None:
    async with served(tmp_path, max_unsent_bytes=100_000, stream_send_seconds=600) as server:
        token = await server.token()
        headers = {"Authorization": f"Bearer {token}"}
        for _ in range(100):
            note = {"title": "large", "content": "x" * 49_000}
            await server.client.post("/api/v1/notes", json=note, headers=headers)
        ask = f"GET /api/v1/notes?limit=100 HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\n\r\n"
        async with wires(server, 1) as [wire]:
            wire.stop_reading()
            await wire.send(ask.encode())
            async with asyncio.timeout(PATIENCE):
                while "too much is unsent" not in server.log:
                    answer = await server.client.get("/api/v1/notes?limit=100", headers=headers)
                    assert answer.status_code in {200, 503}  # until the other one has waited for long enough
            answer = await server.client.get("/api/v1/notes?limit=100", headers=headers)
            assert len(answer.content) > 4_900_000


async def test_a_refused_pipeline_leaves_no_error_in_the_log(server: Served) -> None:
    body = b'{"username": "nobody", "password": "a wrong one"}'  # hashed while the connection ends
    ask = LOGIN + b"Content-Length: %d\r\n\r\n" % len(body) + body
    before = server.log.count("POST /api/v1/auth/login")
    await server.ask(ask + ask + b"\x16\x03\x01 no HTTP\r\n\r\n")
    await server.until(lambda: server.log.count("POST /api/v1/auth/login") > before)
    assert await server.is_up()
    assert "Traceback" not in server.log
    assert "is closed" not in server.log


async def test_a_connection_too_many_is_told_so_and_logged_once(tmp_path: Path) -> None:
    async with served(tmp_path, max_connections=5, header_seconds=600) as server:
        await server.client.aclose()
        async with wires(server, 5):
            answers = [await server.ask(HEALTH + b"Connection: close\r\n\r\n") for _ in range(3)]
            assert {status_and_code(answer) for answer in answers} == {(503, "unavailable")}
            assert all(b"\r\nretry-after: 1\r\n" in answer for answer in answers)
            await server.until(lambda: "were too many; " in server.log)
            # Silent ones make room after a moment.
            async with asyncio.timeout(PATIENCE):
                while b"200 OK" not in await server.ask(HEALTH + b"Connection: close\r\n\r\n"):
                    pass
            await server.until(lambda: "made room for new ones" in server.log)
        assert server.log.count("were too many") == 1


async def test_every_connection_too_many_is_told_so_however_many_there_are(tmp_path: Path) -> None:
    async with served(tmp_path, max_connections=5, header_seconds=600) as server:
        await server.client.aclose()
        for _ in range(3):  # more and more clients that are told so, and stay
            async with wires(server, 60):
                answers = await asyncio.gather(
                    *(server.ask(HEALTH + b"Connection: close\r\n\r\n") for _ in range(9))
                )
            assert {answer[9:12] for answer in answers} <= {b"200", b"503"}


async def test_a_request_that_came_while_the_process_stood_still_is_answered(tmp_path: Path) -> None:
    async with served(tmp_path, keep_alive_seconds=1) as server, wires(server, 1) as [wire]:
        await wire.send(HEALTH + b"\r\n")
        await wire.reader.readuntil(b"}")
        server.process.send_signal(signal.SIGSTOP)
        await wire.send(HEALTH + b"\r\n")
        await asyncio.sleep(1.5)  # longer than idle connections stay open
        server.process.send_signal(signal.SIGCONT)
        assert b"200 OK" in await wire.rest()


async def test_silent_connections_do_not_use_up_all_files(tmp_path: Path) -> None:
    async with served(tmp_path, files=160, header_seconds=600) as server:
        async with wires(server, 200):
            await server.until(lambda: "were too many" in server.log)
            await server.until(server.is_up)
            assert (await server.client.get("/ready")).status_code == 200
        await server.until(server.is_up)


def test_uvicorns_h11_serves_if_the_door_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert web_server.http_protocol() == "api.web.fast.connections:Connection"
    monkeypatch.setattr(web_server, "open_door", lambda _: None)
    assert web_server.http_protocol() == "h11"


async def test_a_frozen_worker_is_replaced_soon(tmp_path: Path) -> None:
    async with served(tmp_path, web_concurrency=2) as server:
        await server.until(lambda: server.log.count("Application startup complete") == 2)
        frozen, dead = server.workers
        os.kill(frozen, signal.SIGSTOP)
        os.kill(dead, signal.SIGKILL)
        await server.client.aclose()
        server.client = AsyncClient(base_url=server.client.base_url, timeout=1)
        await server.until(server.is_up)
        await server.until(lambda: server.log.count("Application startup complete") == 4)


async def test_a_worker_that_starts_slowly_is_not_replaced(tmp_path: Path) -> None:
    url = await empty_database("postgresql", tmp_path, f"slow_{WORKER}")
    database = Database(Settings(_env_file=None, database_url=url))
    try:
        async with database.engine.connect() as other, other.begin():
            await other.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
            async with served(tmp_path, is_awaited=False, web_concurrency=2, database_url=url) as server:
                await server.until(lambda: server.log.count("Waiting for application startup") == 2)
                await asyncio.sleep(FROZEN_SECONDS + 2)
                await other.rollback()
                await server.until(lambda: server.log.count("Application startup complete") == 2)
                assert len(server.workers) == 2
                assert "died" not in server.log
    finally:
        await database.close()
