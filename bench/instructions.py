"""Counts the instructions of a request with valgrind, which does not depend on what else the machine does.

`make bench ARGS="--instructions"` counts those of this checkout; with `--beside DIR`, those of another one too.
"""

import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path

from bench.apps import ONEFOLD, App
from bench.ground import Ground, ground
from bench.load import Ask
from bench.operations import OF_ONEFOLD
from bench.process import Server, serving
from bench.report import NAMES, Run, table
from bench.side_by_side import checkout

WARM_UP, REQUESTS = 30, 100
VALGRIND = ("valgrind", "--tool=callgrind")
CONTROL = ("callgrind_control",)
NO_VALGRIND = "valgrind is missing, which counts instructions: install it with `apt install valgrind`."
PATIENCE = 600  # seconds until a start has plainly failed: valgrind makes it fifty times as long


def run(directory: Path | None, engines: Sequence[str]) -> None:
    """Print how many thousand instructions a request takes, and how many times those of another checkout."""
    if shutil.which(VALGRIND[0]) is None:
        print(NO_VALGRIND, file=sys.stderr)
        sys.exit(2)
    apps = [ONEFOLD, *([checkout(directory.resolve())] if directory else [])]
    for engine in engines:
        with tempfile.TemporaryDirectory() as name, ground(engine, Path(name)) as made:
            runs = [one for app in apps for one in counted(app, made, Path(name))]
        print(f"\n{NAMES[engine]}: thousands of instructions for a request\n")
        print("\n".join(table(runs, lambda some: f"{some[0]['instructions'] / 1000:.0f}")))
        if directory:
            print(f"\nHere, divided by those in {directory}\n")
            print("\n".join(table(list(ratios(runs)), lambda some: f"{some[0]['ratio']:.3f}")))


def counted(app: App, ground: Ground, folder: Path) -> Iterator[Run]:
    served, environment = app.started_with(ground.url, 1)
    counts = Path(tempfile.mkdtemp(dir=folder)) / "counts"
    command = [*VALGRIND, f"--callgrind-out-file={counts}", *served]
    # Each request hashes alike, so that two runs differ in what they do alone
    with serving(command, {**environment, "PYTHONHASHSEED": "0"}, folder, patience=PATIENCE) as server:
        for operation in OF_ONEFOLD:
            asks = operation.asks(ground)
            send(server, islice(cycle(asks), WARM_UP))
            control(server, "--zero")
            send(server, islice(cycle(asks), REQUESTS))
            control(server, "--dump")
            found = {
                "app": app.name,
                "operation": operation.name,
                "instructions": last(counts) / REQUESTS,
            }
            print(f"  {ground.engine}, {app.name}: {found['operation']}", file=sys.stderr, flush=True)
            yield found
    ground.settle()


def send(server: Server, asks: Iterator[Ask]) -> None:
    """Send the requests one after the other, over one connection."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        for ask in asks:
            headers = {"Authorization": f"Bearer {ask.token}", "Content-Type": "application/json"}
            connection.request(ask.method, ask.path, ask.body or None, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status >= 300:
                raise SystemExit(f"{ask.method} {ask.path} was answered with {answer.status}")


def control(server: Server, command: str) -> None:
    # It finds the process by the names of user and host, which are those in the server's environment
    environment = {"PATH": os.environ["PATH"], "HOST": "127.0.0.1"}
    subprocess.run([*CONTROL, command, str(server.pid)], env=environment, check=True, capture_output=True)


def last(counts: Path) -> int:
    """The instructions that the last dump of these counts."""
    newest = max(counts.parent.glob(f"{counts.name}.*"), key=lambda file: int(file.suffix[1:]))
    total = re.search(r"^(?:totals|summary): (\d+)", newest.read_text(), re.M)
    if total is None:
        raise SystemExit(f"{newest} counts nothing")
    return int(total[1])


def ratios(runs: Sequence[Run]) -> Iterator[Run]:
    here = {one["operation"]: one["instructions"] for one in runs if one["app"] == ONEFOLD.name}
    for one in runs:
        if one["app"] != ONEFOLD.name:
            operation = one["operation"]
            yield {"app": "here", "operation": operation, "ratio": here[operation] / one["instructions"]}
