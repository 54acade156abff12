"""`make bench`: measures the same API in Onefold, its peers and the limits, and prints one table."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from bench import ablation, instructions, side_by_side
from bench.apps import APPS, BOTH, App
from bench.ground import Ground, ground
from bench.load import need_wrk
from bench.operations import OPERATIONS, Operation, warm_up
from bench.options import among, numbers
from bench.plot import draw
from bench.process import Server, serving
from bench.report import about, page, publish
from bench.same import answers, compare

WHOLE: dict[str, list[Any]] = {
    "engines": list(BOTH),
    "processes": [1, 2],
    "apps": [app.name for app in APPS],
    "operations": [operation.name for operation in OPERATIONS],
}


def main() -> None:
    options = read_options()
    if options.instructions:
        return instructions.run(options.beside, options.engines)
    need_wrk()
    if options.ablate:
        return ablation.run(options.engines, options.rounds, options.seconds)
    if options.beside:
        return side_by_side.beside(options.beside, options.engines, options.rounds, options.seconds)
    apps = [app for app in APPS if app.name in options.apps]
    operations = [operation for operation in OPERATIONS if operation.name in options.operations]
    runs: list[dict[str, Any]] = []
    for engine in options.engines:
        here = [app for app in apps if engine in app.engines]
        with tempfile.TemporaryDirectory() as name, ground(engine, Path(name)) as made:
            show(f"{engine}: {len(here)} apps, one after the other")
            check(here, made, Path(name))
            for processes in options.processes:
                for round in range(1, options.rounds + 1):
                    for app in here:
                        turn = {"engine": engine, "processes": processes, "app": app.name, "round": round}
                        runs += [
                            turn | run
                            for run in measure(app, made, processes, operations, options.seconds, Path(name))
                        ]
    told = {
        "about": about(),
        "settings": {"rounds": options.rounds, "seconds": options.seconds},
        "runs": runs,
    }
    print("\n".join(page(told)))
    if all(getattr(options, name) == value for name, value in WHOLE.items()):
        publish(told)
        draw(runs)
        show("Saved to bench/results.json, and written into docs/benchmarks.md and docs/benchmarks.svg")
    else:
        show("Something was left out, so the documentation stays as it is")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--engines", type=among(BOTH), default=WHOLE["engines"])
    parser.add_argument("--processes", type=numbers, default=WHOLE["processes"])
    parser.add_argument("--apps", type=among(WHOLE["apps"]), default=WHOLE["apps"])
    parser.add_argument("--operations", type=among(WHOLE["operations"]), default=WHOLE["operations"])
    parser.add_argument(
        "--ablate", action="store_true", help="measure what a request costs without each fast mechanism"
    )
    parser.add_argument(
        "--beside", type=Path, metavar="DIR", help="compare with another checkout of Onefold, in DIR"
    )
    parser.add_argument(
        "--instructions", action="store_true", help="count the instructions of a request, with valgrind"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    return parser.parse_args()


def started(app: App, ground: Ground, processes: int, folder: Path) -> AbstractContextManager[Server]:
    return serving(*app.started_with(ground.url, processes), folder)


def check(apps: Sequence[App], ground: Ground, folder: Path) -> None:
    first: tuple[str, dict[str, Any]] | None = None
    for app in apps:
        with started(app, ground, 1, folder) as server:
            said = answers(server.port, ground)
        ground.settle()
        first = first or (app.name, said)
        compare(app.name, said, *first)
        show(f"  {app.name} answers as it should")


def measure(
    app: App, ground: Ground, processes: int, operations: Sequence[Operation], seconds: float, folder: Path
) -> list[dict[str, Any]]:
    with started(app, ground, processes, folder) as server:
        warm_up(server, ground, OPERATIONS)
        runs = [operation.measure(server, ground, seconds) for operation in operations]
    ground.settle()
    told = ", ".join(f"{run['operation']} {run['rps']:.0f}" for run in runs)
    show(f"  {ground.engine}, {processes} process(es), {app.name}: {told}")
    return runs


def show(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
