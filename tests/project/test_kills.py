"""A server is killed while it writes. What it has acknowledged is there, and it has told of nothing else."""

import asyncio
import json
import os
import random
import signal
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from uuid import UUID

import pytest
from httpx import HTTPError

from tests.support.served import Served, served

pytestmark = [pytest.mark.anyio, pytest.mark.heavy]

KILLS, WRITERS = 5, 16
GONE = (HTTPError, AttributeError)  # the second one is of anyio, which asks a closed socket for its address


class Told:
    """What the server has told its clients."""

    def __init__(self) -> None:
        self.titles: dict[str, set[str]] = {}  # by note: those that it may have
        self.events: set[tuple[int, str, str]] = set()  # number, kind, and the note


async def write(server: Served, token: str, told: Told) -> None:
    """Create notes, and change each once, until the server is gone."""
    headers = {"Authorization": f"Bearer {token}"}
    with suppress(*GONE):
        while True:
            answer = await server.client.post("/api/v1/notes", json={"title": "Old"}, headers=headers)
            assert answer.status_code == 201, answer.text
            id = answer.json()["id"]
            told.titles[id] = {"Old", "New"}  # the change may be committed without an answer
            answer = await server.client.patch(f"/api/v1/notes/{id}", json={"title": "New"}, headers=headers)
            assert answer.status_code == 200, answer.text
            told.titles[id] = {"New"}


async def listen(server: Served, token: str, told: Told) -> None:
    url, headers = "/api/v1/notifications/stream?topics=notes", {"Authorization": f"Bearer {token}"}
    with suppress(*GONE):
        async with server.client.stream("GET", url, headers=headers) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data: ") and "note." in line:
                    event = json.loads(line.removeprefix("data: "))
                    told.events.add((event["id"], event["kind"], event["data"]["id"]))


@pytest.mark.parametrize("workers", [1, 2])
async def test_what_was_told_outlives_a_kill(tmp_path: Path, workers: int) -> None:
    told, chance = Told(), random.Random(workers)  # noqa: S311
    for _ in range(KILLS):
        async with served(tmp_path, workers=workers) as server:
            tokens = [await server.token() for _ in range(WRITERS)]
            tasks = [
                asyncio.create_task(act(server, token, told)) for token in tokens for act in (write, listen)
            ]
            enough = len(told.titles) + chance.randint(20, 200)
            await server.until(lambda: len(told.titles) > enough)  # noqa: B023
            for process in {server.process.pid, *server.workers}:
                os.kill(process, signal.SIGKILL)
            await asyncio.gather(*tasks)

    with closing(sqlite3.connect(tmp_path / "served.db")) as file:
        titles = {UUID(id): title for id, title in file.execute("SELECT id, title FROM notes")}
        select = "SELECT number, kind, json_extract(data, '$.id') FROM events"
        events = set(file.execute(select))
        changes = {(action, UUID(id)) for action, id in file.execute("SELECT action, row_id FROM activities")}
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert all(titles[UUID(id)] in may for id, may in told.titles.items())
    assert len(told.events) > 20 * KILLS
    assert told.events <= events
    assert {("created", id) for id in titles} <= changes
    assert {("updated", id) for id, title in titles.items() if title == "New"} <= changes
