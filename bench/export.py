"""Measures whether the export of a million records takes more memory than that of ten thousand."""

import asyncio
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psycopg

from bench.apps import ONEFOLD
from bench.ground import cluster
from bench.people import Owner, populate
from bench.process import Server, serving

FEW, MANY = 10_000, 1_000_000
PATH = "/api/v1/records/export.csv"
LOAD: LiteralString = """
    INSERT INTO records (id, kind, title, occurred_at, data, user_id, author_id)
    SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '70008' || substr(md5(n::text), 1, 15))::uuid,
           'visit', 'Number ' || n, now(), '{"minutes": 45, "mood": "good"}', %(about)s, %(author)s
    FROM generate_series(%(first)s::int, %(last)s::int - 1) n
"""


def run() -> dict[str, Any]:
    runs = []
    with tempfile.TemporaryDirectory() as name, cluster() as url:
        admin, somebody = asyncio.run(populate(url, 2, 1))
        first = 0
        for last in (FEW, MANY):
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("UPDATE users SET role_id = (SELECT id FROM roles WHERE name = 'admin')")
                values = {"first": first, "last": last, "about": somebody.id, "author": admin.id}
                connection.execute(LOAD, values)
                connection.execute("VACUUM ANALYZE")
            with serving(*ONEFOLD.started_with(url, 1), Path(name)) as server:
                runs.append({"records": last} | export(server, admin, last))
            print(f"  {last:,} records: {runs[-1]}", flush=True)
            first = last
    return {"runs": runs}


def export(server: Server, admin: Owner, records: int) -> dict[str, float]:
    headers = {"Authorization": f"Bearer {admin.token}"}
    httpx.get(
        f"http://127.0.0.1:{server.port}/api/v1/records?limit=1", headers=headers, timeout=60
    ).raise_for_status()
    before, begun, lines, size = peak(server), time.perf_counter(), 0, 0
    with httpx.stream("GET", f"http://127.0.0.1:{server.port}{PATH}", headers=headers, timeout=60) as answer:
        answer.raise_for_status()
        for part in answer.iter_bytes():
            lines, size = lines + part.count(b"\n"), size + len(part)
    assert lines == records + 1, f"{lines} lines for {records} records"
    return {
        "before": before,
        "peak": peak(server),
        "seconds": time.perf_counter() - begun,
        "mib": size / 2**20,
    }


def peak(server: Server) -> float:
    """The most that the process ever had in memory, in MiB."""
    found = re.search(r"^VmHWM:\s*(\d+)", Path(f"/proc/{server.pid}/status").read_text(), re.M)
    assert found, "only Linux tells the peak of a process"
    return int(found[1]) / 1024


def tell(told: dict[str, Any]) -> Iterator[str]:
    yield "Peak of the memory of the server's process, before the export and after it.\n"
    yield "| | before, MiB | after, MiB | sent, MiB | took, s |\n|---|---|---|---|---|"
    for run in told["runs"]:
        memory = f"{run['before']:.0f} | {run['peak']:.0f}"
        yield f"| {run['records']:,} records | {memory} | {run['mib']:.0f} | {run['seconds']:.1f} |"
