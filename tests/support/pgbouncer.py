"""A real PgBouncer in transaction mode, with its own defaults, before the PostgreSQL of the tests."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import make_url

from tools.servers import free_port

# Debian's is in a folder that is not in everybody's PATH.
PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CONFIGURATION = """
[databases]
* = host={host} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
"""
PATIENCE = 30  # seconds for its start, which takes a fraction of one


@contextmanager
def pgbouncer_to(url: str, *, size: int) -> Iterator[str]:
    """The URL of the same database by way of PgBouncer, which has so many connections to the server."""
    target, port = make_url(url), free_port()
    with TemporaryDirectory(prefix="pgbouncer-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        host = target.query.get("host") or target.host
        (folder / "ini").write_text(
            CONFIGURATION.format(host=host, user=target.username, port=port, size=size)
        )
        options: dict[str, Any] = {}
        if os.geteuid() == 0:  # which PgBouncer refuses
            options = {"user": pwd.getpwnam("nobody").pw_uid}
        with (folder / "log").open("wb") as log:
            command: list[str] = [str(PROGRAM), str(folder / "ini")]
            process: subprocess.Popen[bytes] = subprocess.Popen(command, stdout=log, stderr=log, **options)
            try:
                _wait(process, folder / "log")
                here = target.set(host="127.0.0.1", port=port, query={})
                yield here.render_as_string(hide_password=False)
            finally:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(50 * PATIENCE):
        if "process up" in log.read_text():
            return
        assert process.poll() is None, log.read_text()
        time.sleep(0.02)
    raise TimeoutError(log.read_text())
