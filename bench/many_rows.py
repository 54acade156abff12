"""Measures whether requests take longer with ten million rows than with ten thousand, on PostgreSQL.

At every size, 25 owners with 200 notes each send the same requests. Larger sizes have
more of such owners. One owner has half of all rows, and at most about 60,000, for a page 1,000. The notes of all owners are mixed, as if many people had written them over the years.
"""

import asyncio
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import httpx
import psycopg
from psycopg import sql

from bench.apps import ONEFOLD
from bench.ground import RARE, WORDS, cluster
from bench.load import Ask, drive
from bench.operations import CONTENT, NOTES
from bench.people import Owner, populate
from bench.process import serving
from bench.report import Run, middle, rate

EACH, READERS, WRITERS, HEAVY, LIMIT = 200, 20, 5, 60_000, 50
BYTES = 1200  # on the disk for each row: the table, its indexes and the log
LOAD: LiteralString = """
    INSERT INTO notes (id, created_at, updated_at, title, content, owner_id)
    SELECT (lpad(to_hex(%(begin)s + n), 12, '0') || '70008' || substr(md5(n::text), 1, 15))::uuid, moment, moment,
           'Number ' || n, (%(contents)s::text[])[1 + other / %(owners)s %% 10],
           CASE WHEN n %% %(every)s = 0 THEN %(heavy)s ELSE (%(ids)s::uuid[])[1 + other %% %(owners)s] END
    FROM generate_series(0, %(size)s - 1) n, LATERAL (SELECT n - n / %(every)s) o(other),
         to_timestamp((%(begin)s + n) / 1000.0) moment
"""


class Asking(NamedTuple):
    """A database of one size, and what is asked of it."""

    size: int
    url: str
    asks: dict[str, list[Ask]]


def run(sizes: Sequence[int], rounds: int, seconds: float) -> dict[str, Any]:
    need = sum(sizes) * BYTES + 6 * 2**30
    if (free := shutil.disk_usage("/tmp").free) < need:  # noqa: S108  where the throw-away server is
        raise SystemExit(
            f"These sizes need {need / 2**30:.0f} GiB of free disk in /tmp; there are {free / 2**30:.0f}."
        )
    with tempfile.TemporaryDirectory() as name, cluster() as url:
        databases = [prepare(url, size, Path(name)) for size in sizes]
        return {"sizes": list(sizes), "runs": list(measure(databases, rounds, seconds, Path(name)))}


def measure(databases: Sequence[Asking], rounds: int, seconds: float, folder: Path) -> Iterator[Run]:
    for round, database in product(range(1, rounds + 1), databases):
        with serving(*ONEFOLD.started_with(database.url, 1), folder) as server:
            for operation, asks in database.asks.items():
                drive(server.port, asks, 1, 16)
                load = drive(server.port, asks, seconds, 16)
                found = {"rps": load.rps, "p50": load.p50, "p99": load.p99}
                yield {"size": database.size, "operation": operation, "round": round} | found
                print(
                    f"  {database.size:,} rows, round {round}, {operation}: {load.rps:.0f} a second",
                    flush=True,
                )
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")


def prepare(cluster: str, size: int, folder: Path) -> Asking:
    print(f"  making {size:,} rows", flush=True)
    name = f"rows{size}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = cluster.replace("/postgres?", f"/{name}?")
    every = max(2, size // HEAVY)
    people = asyncio.run(populate(url, (size - size // every) // EACH + 1, READERS + WRITERS + 1))
    heavy, others = people[0], people[1:]
    load(url, size, every, heavy, others)
    with serving(*ONEFOLD.started_with(url, 1), folder) as server:
        return Asking(
            size, url, asks(server.port, heavy, others[:READERS], others[READERS : READERS + WRITERS])
        )


def load(url: str, size: int, every: int, heavy: Owner, others: Sequence[Owner]) -> None:
    """Rows first, indexes and keys afterwards."""
    words = WORDS.split() * 2
    contents = [" ".join(words[i:] + words[:i]) for i in range(10)]
    contents[0] += f" {RARE}"
    ids: list[UUID] = [owner.id for owner in others]
    with psycopg.connect(url) as connection:
        made = dismantle(connection)
        begin = round(time.time() * 1000) - size - 3_600_000  # a millisecond each, until an hour ago
        values = {"size": size, "every": every, "begin": begin, "contents": contents, "owners": len(ids)}
        connection.execute(LOAD, values | {"heavy": heavy.id, "ids": ids})
        connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for statement in made:
            connection.execute(statement)  # as PostgreSQL itself has written it
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute(
            "CHECKPOINT"
        )  # or the rows would be on their way to the disk while others are measured


def dismantle(connection: psycopg.Connection[Any]) -> list[str]:
    """Drop the keys and indexes of the notes; the statements that make them again."""
    keys = connection.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = 'notes'::regclass AND contype IN ('p', 'f') ORDER BY contype DESC"
    ).fetchall()
    for key, _ in keys:
        connection.execute(sql.SQL("ALTER TABLE notes DROP CONSTRAINT {}").format(sql.Identifier(key)))
    indexes = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'notes'"
    ).fetchall()
    for index, _ in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(index)))
    return [f"ALTER TABLE notes ADD CONSTRAINT {key} {how}" for key, how in keys] + [
        how for _, how in indexes
    ]


def asks(port: int, heavy: Owner, readers: Sequence[Owner], writers: Sequence[Owner]) -> dict[str, list[Ask]]:
    """The cursor of a far page comes from a numbered one, which may leave out any number of rows."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:

        def get(path: str, owner: Owner) -> Any:
            return (
                client.get(path, headers={"Authorization": f"Bearer {owner.token}"}).raise_for_status().json()
            )

        total = get(f"{NOTES}?limit=1&count=true", heavy)["total"]
        page = min(1000, total // LIMIT - 10)
        cursor = get(f"{NOTES}?limit=1&skip={LIMIT * (page - 1) - 1}", heavy)["next_cursor"]
        pages = {owner.id: get(f"{NOTES}?limit={LIMIT}", owner)["items"] for owner in readers}
    bodies = [json.dumps({"title": f"Number {i}", "content": CONTENT}) for i in range(50)]
    return {
        "list": [Ask("GET", f"{NOTES}?limit={LIMIT}", owner.token) for owner in readers],
        "far page": [Ask("GET", f"{NOTES}?limit={LIMIT}&cursor={cursor}", heavy.token)],
        "search": [Ask("GET", f"{NOTES}?limit={LIMIT}&q={RARE}", owner.token) for owner in readers],
        "get": [
            Ask("GET", f"{NOTES}/{note['id']}", owner.token) for owner in readers for note in pages[owner.id]
        ],
        "create": [Ask("POST", NOTES, owner.token, body) for body in bodies for owner in writers],
    }


def tell(told: dict[str, Any]) -> Iterator[str]:
    sizes, runs = told["sizes"], told["runs"]
    yield "Requests a second (the median, and how far the rounds lie apart), and milliseconds at the median / at the 99th"
    yield "percentile. The far page is page 1,000, or the last but ten where there are fewer.\n"
    yield "| | " + " | ".join(f"{size:,} rows" for size in sizes) + f" | {sizes[-1]:,} : {sizes[0]:,} |"
    yield "|---" * (len(sizes) + 2) + "|"
    for operation in dict.fromkeys(run["operation"] for run in runs):
        own = [
            [run for run in runs if (run["size"], run["operation"]) == (size, operation)] for size in sizes
        ]
        cells = [f"{rate(some)}, {middle(some, 'p50'):.1f} / {middle(some, 'p99'):.1f}" for some in own]
        yield (
            f"| {operation} | "
            + " | ".join(cells)
            + f" | {middle(own[-1], 'rps') / middle(own[0], 'rps'):.2f} |"
        )
