"""Writes the results as tables into the documentation, between markers. All figures there come from here."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

from bench.apps import APPS, BOTH, HOME, OURS, THEIRS
from bench.ground import DATABASES

RESULTS, PAGE = HOME / "bench/results.json", HOME / "docs/benchmarks.md"
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
Run = dict[str, Any]


def about(peers: bool = True) -> dict[str, Any]:
    ours = ("fastapi", "sqlmodel", "sqlalchemy", "psycopg", "uvicorn")
    theirs = (
        "litestar",
        "advanced-alchemy",
        "django",
        "djangorestframework",
        "django-ninja",
        "gunicorn",
        "asyncpg",
    )
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "cpu": cpu(),
        "memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB",
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": DATABASES | versions(OURS, ours) | (versions(THEIRS, theirs) if peers else {}),
    }


def cpu() -> str:
    found = (
        re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
        if Path("/proc").exists()
        else None
    )
    return found[1] if found else platform.processor() or platform.machine()


def versions(python: Path, packages: Sequence[str]) -> dict[str, str]:
    code = "import sys, json; from importlib.metadata import version; print(json.dumps({n: version(n) for n in sys.argv[1:]}))"
    said = subprocess.run([python, "-c", code, *packages], check=True, capture_output=True, text=True).stdout
    found: dict[str, str] = json.loads(said)
    return found


def publish(told: Run) -> None:
    """Keep the figures, and put their tables into the documentation."""
    RESULTS.write_text(json.dumps(told, indent=1) + "\n")
    insert(PAGE, "peers", "\n".join(page(told)))


def insert(file: Path, name: str, text: str) -> None:
    """Between the markers of this name."""
    begin, end = f"<!-- {name}: written by the command -->", f"<!-- /{name} -->"
    before, found, rest = file.read_text().partition(begin)
    if not found or end not in rest:
        raise SystemExit(f"{file.name} has no place for the results: {begin} … {end}")
    file.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{rest.partition(end)[2]}")


def machine(about: Run) -> str:
    named = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    return (
        f"Measured on {about['date']}: {about['cores']} cores ({about['cpu']}), {about['memory']} of memory, "
        f"{about['system']}, Python {about['python']}; {named}."
    )


def page(told: Run) -> Iterator[str]:
    runs, settings = told["runs"], told["settings"]
    yield f"{machine(told['about'])} {settings['rounds']} rounds of {settings['seconds']:g} seconds each."
    yield "\n![Requests a second of all, on PostgreSQL with one process](benchmarks.svg)"
    for engine, processes in product(BOTH, sorted({run["processes"] for run in runs})):
        here = [run for run in runs if (run["engine"], run["processes"]) == (engine, processes)]
        if not here:
            continue
        yield f"\n### {NAMES[engine]}, {'one process' if processes == 1 else f'{processes} processes'}\n"
        yield "Requests a second: the median, and how far the rounds lie apart.\n"
        yield from throughput(here)
        yield "\nMilliseconds at the median / at the 99th percentile.\n"
        yield from table(here, lambda some: f"{middle(some, 'p50'):.1f} / {middle(some, 'p99'):.1f}")
        yield "\nMilliseconds of the server's CPU for a request.\n"
        yield from table(here, lambda some: f"{middle(some, 'cpu'):.2f}")
        yield "\n| | memory after the load, MiB | first answer after, s |\n|---|---|---|"
        for app in names(here):
            own = of(here, app)
            memory = max((run["memory"] or 0 for run in own), default=0)
            yield f"| {app} | {memory:.0f} | {middle(own, 'start'):.1f} |"


def throughput(runs: Sequence[Run]) -> Iterator[str]:
    yield from table(runs, rate)
    if not of(runs, "onefold"):
        return
    for kind, what in (("limit", "of the better limit"), ("peer", "times the best peer")):
        cells = []
        for operation in operations(runs):
            best = best_of(runs, kind, operation)
            found = against(runs, best, operation) if best else []
            cells.append(range_of(found) if found else "")
        if any(cells):
            yield f"| **onefold**, {what} | " + " | ".join(cells) + " |"


def table(runs: Sequence[Run], cell: Callable[[Sequence[Run]], str]) -> Iterator[str]:
    columns = operations(runs)
    yield "| | " + " | ".join(columns) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for app in names(runs):
        found = [of(runs, app, operation) for operation in columns]
        yield f"| {app} | " + " | ".join(cell(some) if some else "" for some in found) + " |"


def names(runs: Sequence[Run]) -> list[str]:
    return list(dict.fromkeys(run["app"] for run in runs))


def operations(runs: Sequence[Run]) -> list[str]:
    return list(dict.fromkeys(run["operation"] for run in runs))


def of(runs: Sequence[Run], app: str, operation: str | None = None) -> list[Run]:
    return [run for run in runs if run["app"] == app and operation in {None, run["operation"]}]


def best_of(runs: Sequence[Run], kind: str, operation: str) -> str | None:
    some = [app.name for app in APPS if app.kind == kind and of(runs, app.name, operation)]
    return max(some, key=lambda name: middle(of(runs, name, operation), "rps"), default=None)


def against(runs: Sequence[Run], other: str, operation: str) -> list[float]:
    """Onefold's throughput as a share of another's, round by round: what disturbs one round disturbs both."""
    theirs = {run["round"]: run["rps"] for run in of(runs, other, operation)}
    return [run["rps"] / theirs[run["round"]] for run in of(runs, "onefold", operation)]


def middle(runs: Sequence[Run], what: str) -> float:
    return float(median(run[what] for run in runs))


def range_of(ratios: Sequence[float]) -> str:
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def rate(runs: Sequence[Run]) -> str:
    return f"{middle(runs, 'rps'):,.0f} {spread(runs)}"


def spread(runs: Sequence[Run], what: str = "rps") -> str:
    values = [run[what] for run in runs]
    return f"±{(max(values) - min(values)) / 2 / median(values):.0%}"
