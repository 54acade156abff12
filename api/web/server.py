"""Runs uvicorn, with one process or several."""

import os
import sys
from pathlib import Path
from typing import Any

import uvicorn

from api.doors import open_door
from api.environment.names import given
from api.environment.start import ENV_FILE
from api.settings import Settings
from api.web import logs

CONNECTIONS = "api.web.fast.connections"
SOCKETS: dict[str, Any] = {
    "ws_max_size": 65_536,  # clients send only short messages; this limits memory
    "ws_per_message_deflate": False,  # compression would take most of a socket's memory
}
# uvicorn kills a worker that does not answer for so long. A thread of the worker answers, also while the
# application starts: as soon as it has imported `api/__main__.py` and uvicorn. So a start may take longer.
FROZEN_SECONDS = 5


def http_protocol() -> str:
    """The class of connections, by its name, because workers import it. h11 bounds the headers itself."""
    return f"{CONNECTIONS}:Connection" if open_door(CONNECTIONS) else "h11"


def number(name: str, default: int, least: int, most: int) -> int:
    """The whole number in a variable of the environment. Exit with a sentence if it is something else."""
    written = os.environ.get(name) or str(default)
    if written.isdecimal() and least <= int(written) <= most:
        return int(written)
    sys.exit(f"{name}: Write a whole number from {least} to {most}")


def serve(settings: Settings, *, reload: bool) -> None:
    """Serve on this machine, or on all interfaces if a platform sets PORT. HOST says otherwise.

    Who reloads changed code develops, and sets PORT only to choose another one.
    """
    logs.configure(settings)  # with several workers, this process logs their address and their exits
    if "JWT_SECRET" not in given(ENV_FILE):
        os.environ["SECRET_KEY"] = settings.secret_key.get_secret_value()  # all workers share a generated key
    port, workers = number("PORT", 8000, 0, 65_535), number("WEB_CONCURRENCY", 1, 1, 1000)
    is_platform = bool(os.environ.get("PORT")) and not reload
    host = os.environ.get("HOST") or ("0.0.0.0" if is_platform else "127.0.0.1")  # noqa: S104
    uvicorn.run(
        "api.main:app",
        host=host,
        port=port,
        workers=workers,
        reload=reload,
        reload_dirs=[str(Path(__file__).parent.parent)] if reload else None,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # web/addresses.py reads them
        http=http_protocol(),
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=30,
        **SOCKETS,
        timeout_worker_healthcheck=FROZEN_SECONDS,
    )
