"""Sends requests to a server with wrk, and fails if the server refuses any of them."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

SCRIPT = Path(__file__).with_name("load.lua")
NO_WRK = "wrk is missing, which sends the requests: install it with `apt install wrk` or `brew install wrk`."


class Ask(NamedTuple):
    """One request."""

    method: str
    path: str
    token: str = ""
    body: str = ""


class Load(NamedTuple):
    """What wrk saw; times in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float

    @property
    def rps(self) -> float:
        return self.requests / self.seconds


def need_wrk() -> None:
    if shutil.which("wrk") is None:
        print(NO_WRK, file=sys.stderr)
        sys.exit(2)


def drive(port: int, asks: Sequence[Ask], seconds: float, connections: int) -> Load:
    """Send these requests in turn, again and again, over so many connections at once."""
    with tempfile.NamedTemporaryFile("w", suffix=".requests") as file:
        file.write("".join("\t".join(ask) + "\n" for ask in asks))
        file.flush()
        options = [
            "-t1",
            f"-c{connections}",
            f"-d{max(1, round(seconds))}s",
            "--timeout",
            "60s",
            "-s",
            str(SCRIPT),
        ]
        command = ["wrk", *options, f"http://127.0.0.1:{port}", "--", file.name]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    told = json.loads(said.strip().splitlines()[-1])
    refused, broken = told.pop("refused"), told.pop("broken")
    if refused or broken:
        raise SystemExit(
            f"{asks[0].method} {asks[0].path}: {refused} refused, {broken} broken of {told['requests']}\n{said}"
        )
    return Load(**told)
