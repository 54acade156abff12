"""Starts a server as users do. Measures its start-up time, and from /proc its memory and CPU."""

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tools.servers import free_port

HOME = Path(__file__).parent.parent
PATIENCE = 60  # seconds until a start has plainly failed
TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """A process, and those that it has started."""

    def __init__(self, pid: int, port: int, started: float) -> None:
        self.pid, self.port, self.started = pid, port, started

    def tree(self) -> list[int]:
        found = [self.pid]
        for pid in found:
            for file in Path(f"/proc/{pid}/task").glob("*/children"):
                with suppress(OSError):
                    found += map(int, file.read_text().split())
        return found

    def memory(self) -> float | None:
        """MiB, with what processes share counted once."""
        sizes = []
        for pid in self.tree():
            with suppress(OSError):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                sizes.append(next(int(line.split()[1]) for line in lines if line.startswith("Pss:")))
        return sum(sizes) / 1024 if sizes else None

    def cpu(self) -> float:
        """Seconds, of all that are alive."""
        ticks = 0
        for pid in self.tree():
            with suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / TICK

    def rest(self) -> None:
        """Wait until it does nothing more: until the last of several processes has started, too."""
        deadline, before = time.monotonic() + 15, -1.0
        while time.monotonic() < deadline and (now := self.cpu()) - before > 0.05:
            before = now
            time.sleep(0.5)


@contextmanager
def serving(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, *, patience: float = PATIENCE
) -> Iterator[Server]:
    """Start it, wait for its first answer, and end it."""
    port, log = free_port(), folder / "server.log"
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(HOME),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        **environment,
    }
    with log.open("wb") as out:
        begun = time.perf_counter()
        command = [part.replace("{port}", str(port)) for part in command]
        process = subprocess.Popen(
            command, env=env, cwd=folder, stdout=out, stderr=out, start_new_session=True
        )
    try:
        while not answers(port):
            if process.poll() is not None or time.perf_counter() - begun > patience:
                raise SystemExit(f"{' '.join(command)} does not answer:\n{log.read_text()[-4000:]}")
            time.sleep(0.005)
        server = Server(process.pid, port, time.perf_counter() - begun)
        server.rest()
        yield server
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its own group: whoever of its workers has not ended
        process.wait()


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    return False
