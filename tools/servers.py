"""Servers for tests and measurements: a free port, and a Redis."""

import secrets
import shutil
import socket
import subprocess
from contextlib import suppress


def free_port() -> int:
    """A port below those that systems hand out, so that no other program gets it before ours listens."""
    while True:
        port = 20_000 + secrets.randbelow(10_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Redis:
    """A real server that can be killed and started again, at the same address."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        command = [shutil.which("redis-server") or "", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        for line in self.process.stdout or ():
            if b"Ready to accept connections" in line:
                return
        raise RuntimeError("Redis did not start")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None
