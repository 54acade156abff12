"""Compares the cost of a request in two versions of Onefold, in turn on one database.

`make bench ARGS="--beside DIR"` uses it to show whether an operation has become slower.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import product
from pathlib import Path

from bench.apps import ONEFOLD, OURS, App
from bench.ground import Ground, ground
from bench.operations import OF_ONEFOLD, warm_up
from bench.process import serving
from bench.report import NAMES, Run, range_of, table
from bench.same import answers, compare

Pair = tuple[App, App]  # the costs of the second are divided by those of the first


def beside(directory: Path, engines: Sequence[str], rounds: int, seconds: float) -> None:
    """Print what a request costs here, divided by what it costs in another checkout.

    Its tables have to be the same, because the migrations of this one make the database.
    """
    runs = list(measure([(checkout(directory.resolve()), ONEFOLD)], engines, rounds, seconds))
    for engine in engines:
        print(f"\n{NAMES[engine]}: CPU for a request here, divided by that in {directory}\n")
        print("\n".join(ratios(runs, engine)))


def checkout(directory: Path) -> App:
    command = (str(OURS), "-m", "api" if (directory / "api/__main__.py").exists() else "api.cli", "serve")
    environment = {**ONEFOLD.environment, "PYTHONPATH": str(directory)}
    return replace(ONEFOLD, name=str(directory), command=command, environment=environment)


def measure(pairs: Sequence[Pair], engines: Sequence[str], rounds: int, seconds: float) -> Iterator[Run]:
    for engine in engines:
        with tempfile.TemporaryDirectory() as name, ground(engine, Path(name)) as made:
            for round, pair in product(range(1, rounds + 1), pairs):
                found = list(in_turn(pair, made, round, seconds, Path(name)))
                told = ", ".join(f"{run['operation']} {run['ratio']:.2f}" for run in found)
                print(f"  {engine}, round {round}, {pair[1].name}: {told}", file=sys.stderr, flush=True)
                yield from found
                made.settle()


def in_turn(pair: Pair, ground: Ground, round: int, seconds: float, folder: Path) -> Iterator[Run]:
    """Each operation in four turns: one, the other, the other again, the one again. What changes with time
    changes both.

    Every second round begins with the other.
    """
    with ExitStack() as stack:
        servers = []
        for number, app in enumerate(pair):
            own = folder / str(number)
            own.mkdir(exist_ok=True)
            servers.append(stack.enter_context(serving(*app.started_with(ground.url, 1), own)))
        if round == 1:
            said = [answers(server.port, ground) for server in servers]
            compare(pair[1].name, said[1], pair[0].name, said[0])
        for server in servers:
            warm_up(server, ground, OF_ONEFOLD)
        order = (0, 1, 1, 0) if round % 2 else (1, 0, 0, 1)
        for operation in OF_ONEFOLD:
            turns = [(number, operation.measure(servers[number], ground, seconds / 2)) for number in order]
            first, second = (cost([run for number, run in turns if number == one]) for one in (0, 1))
            about = {
                "engine": ground.engine,
                "round": round,
                "app": pair[1].name,
                "operation": operation.name,
            }
            yield about | {"first": first, "second": second, "ratio": second / first}


def cost(runs: Sequence[Run]) -> float:
    """Milliseconds of CPU for a request."""
    return float(sum(run["cpu"] * run["requests"] for run in runs) / sum(run["requests"] for run in runs))


def ratios(runs: Sequence[Run], engine: str) -> Iterator[str]:
    here = [run for run in runs if run["engine"] == engine]
    yield from table(here, lambda some: range_of([run["ratio"] for run in some]))
