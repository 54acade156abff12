"""The tours of the documentation: a server, and whether the commands print what the page shows."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.copies import BARE, HOME

BASH = shutil.which("bash") or "bash"
SERVE = f"exec {shlex.quote(sys.executable)} -m api serve"


def section(title: str, page: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    assert found, f"there is no section {title!r}"
    return found[1]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


@contextmanager
def serving_in(folder: Path, command: str = SERVE, home: Path = HOME) -> Iterator[tuple[int, Path]]:
    """The port and the output of a server with an empty database, in a folder that has no .env.

    `home` has the code that it serves.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    log = folder / "server.log"
    environment = BARE | {
        "PYTHONPATH": str(home),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "ENVIRONMENT": "development",
    }
    with log.open("w") as out:
        process = subprocess.Popen(
            [BASH, "-c", command],
            cwd=folder,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        for _ in range(300):
            assert process.poll() is None, log.read_text()
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, log
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)  # make starts it as a child
        process.wait(30)


def follow_tour(tour: str, fewest: int, replaced: set[str], server: tuple[int, Path]) -> None:
    """Run the commands of a tour; they print what it shows."""
    port, log = server
    steps = re.findall(r"^```bash\n(.*?)^```(?:\n\n```text\n(.*?)^```)?", tour, re.M | re.S)
    assert len(steps) == len(blocks(tour, "bash")) >= fewest
    assert len([shown for _, shown in steps if shown]) == len(blocks(tour, "text"))
    end = "@@ the end of a step"
    script = "set -euo pipefail\n" + "".join(f"{commands}\nprintf '\\n{end}\\n'\n" for commands, _ in steps)
    for ours, theirs in {
        "http://localhost:8000": f"http://127.0.0.1:{port}",
        "/tmp/onefold.log": str(log),  # noqa: S108  the tour names it
    }.items():
        assert script.count(ours) == (ours in replaced), f"the tour should name {ours} once"
        script = script.replace(ours, theirs)

    done = subprocess.run(
        [BASH, "-c", script], cwd=log.parent, env=BARE, capture_output=True, text=True, timeout=120
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for (commands, shown), said in zip(steps, done.stdout.split(end), strict=False):
        wanted = ".*?".join(map(re.escape, shown.strip().split("…")))
        assert re.fullmatch(wanted, said.strip(), re.S), f"{commands}\nprints\n{said}\nand not\n{shown}"
    assert " 500 " not in log.read_text()
