"""Runs uvicorn, with one process or several."""

import os
from pathlib import Path
from typing import Any

import uvicorn

from api.doors import open_door
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


def serve(settings: Settings, *, reload: bool) -> None:
    """Serve on all interfaces if the platform sets $PORT, else on localhost."""
    logs.configure(settings)  # with several workers, this process logs their address and their exits
    os.environ["SECRET_KEY"] = settings.secret_key.get_secret_value()  # all workers share a generated key
    host = os.environ.get("HOST") or ("0.0.0.0" if "PORT" in os.environ else "127.0.0.1")  # noqa: S104
    uvicorn.run(
        "api.main:app",
        host=host,
        port=int(os.environ.get("PORT") or 8000),
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
