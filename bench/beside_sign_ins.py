"""Measures how sign-ins delay other requests: lists without and with eight sign-ins a second, in turn."""

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from bench.apps import ONEFOLD
from bench.ground import Ground, ground
from bench.load import drive
from bench.operations import listing, signing_in
from bench.process import serving
from bench.report import Run, middle, rate, spread

PACE = 8  # a second
WITHOUT, WITH = "without", f"with {PACE} sign-ins a second"


def run(rounds: int, seconds: float) -> dict[str, Any]:
    runs: list[Run] = []
    with (
        tempfile.TemporaryDirectory() as name,
        ground("postgresql", Path(name)) as made,
        serving(*ONEFOLD.started_with(made.url, 1), Path(name)) as server,
    ):
        drive(server.port, listing(made), 1, 16)
        for round in range(1, rounds + 1):
            load = drive(server.port, listing(made), seconds, 16)
            runs.append({"how": WITHOUT, "round": round, "rps": load.rps, "p50": load.p50, "p99": load.p99})
            with signing(server.port, made) as took:
                load = drive(server.port, listing(made), seconds, 16)
            seen = {"sign_ins": len(took), "sign_in": median(took)}
            runs.append(
                {"how": WITH, "round": round, "rps": load.rps, "p50": load.p50, "p99": load.p99} | seen
            )
            server.rest()
            print(
                f"  round {round} of {rounds}: p99 {runs[-2]['p99']:.1f} and {runs[-1]['p99']:.1f} ms",
                flush=True,
            )
    return {"runs": runs}


@contextmanager
def signing(port: int, made: Ground) -> Iterator[list[float]]:
    """Sign in at an even pace, whatever the answers take; how many seconds each took: all have come when this
    is over."""
    took: list[float] = []
    over = threading.Event()
    bodies = [json.loads(ask.body) for ask in signing_in(made)]
    client = httpx.Client(
        base_url=f"http://127.0.0.1:{port}", timeout=60
    )  # one: to make it takes more than to sign in

    def sign_in(number: int) -> None:
        begun = time.perf_counter()
        answer = client.post("/api/v1/auth/login", json=bodies[number % len(bodies)])
        assert answer.status_code == 200, answer.text
        took.append(time.perf_counter() - begun)

    def go_on() -> None:
        number = 0
        with client, ThreadPoolExecutor(64) as pool:
            while not over.wait(1 / PACE):
                pool.submit(sign_in, number)
                number += 1

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield took
    finally:
        over.set()
        thread.join()


def tell(told: dict[str, Any]) -> Iterator[str]:
    yield "A page of 50 notes, over 16 connections, on PostgreSQL and one process; the sign-ins come at an even pace.\n"
    yield "| | lists a second | p50, ms | p99, ms | a sign-in, s |\n|---|---|---|---|---|"
    for how in (WITHOUT, WITH):
        own = [run for run in told["runs"] if run["how"] == how]
        signed = f"{middle(own, 'sign_in'):.2f}" if "sign_in" in own[0] else ""
        p99 = f"{middle(own, 'p99'):.1f} {spread(own, 'p99')}"
        yield f"| {how} | {rate(own)} | {middle(own, 'p50'):.1f} | {p99} | {signed} |"
