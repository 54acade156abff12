"""The command line: `python -m api serve | migrate | demo | routes | migration "message"`."""

import argparse
import asyncio
import os
import sys
import tempfile
from importlib import import_module  # for modules that the process supervising the workers does not need
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import ValidationError

from api.doors import open_door
from api.settings import Settings
from api.web import logs

CONNECTIONS = "api.web.fast.connections"
SOCKETS: dict[str, Any] = {
    "ws_max_size": 65_536,  # clients send only short messages; this limits memory
    "ws_per_message_deflate": False,  # compression would take most of a socket's memory
}


def read_settings() -> Settings:
    """The settings. Exit with a message for each wrong setting, without its value, which may be secret."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors(include_input=False)
        sentences = [
            ": ".join([*map(str.upper, map(str, one["loc"])), one["msg"].removeprefix("Value error, ")])
            for one in wrong
        ]
        sys.exit("\n".join(sentences))


def http_protocol() -> str:
    """The class of connections, by its name, because workers import it. h11 bounds the headers itself."""
    return f"{CONNECTIONS}:Connection" if open_door(CONNECTIONS) else "h11"


def serve(reload: bool) -> None:
    """Serve on all interfaces if the platform sets $PORT, else on localhost."""
    settings = read_settings()
    logs.configure(settings)  # with several workers, this process logs their address and their exits
    os.environ["SECRET_KEY"] = settings.secret_key.get_secret_value()  # all workers share a generated key
    host = os.environ.get("HOST") or ("0.0.0.0" if "PORT" in os.environ else "127.0.0.1")  # noqa: S104
    uvicorn.run(
        "api.main:app",
        host=host,
        port=int(os.environ.get("PORT") or 8000),
        reload=reload,
        reload_dirs=[str(Path(__file__).parent)] if reload else None,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # web/addresses.py reads them
        http=http_protocol(),
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=30,
        **SOCKETS,
        timeout_worker_healthcheck=60,  # uvicorn kills a worker that takes longer to start
    )


async def migrate(*, demo: bool = False) -> None:
    settings = read_settings()
    if demo and not settings.development:
        sys.exit(f"ENVIRONMENT is {settings.environment}. The demo data is for development only.")
    await import_module("api.seeds.first_start").make_ready(settings, is_demo=demo)


def write_migration(message: str) -> None:
    """Write a migration from the difference between the models and the migrations.

    It compares on an empty SQLite database, because its DDL suits both engines.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite+aiosqlite:///{Path(folder, 'empty.db')}"
        command, configuration = (
            import_module("alembic.command"),
            import_module("api.db.migrations").configuration,
        )
        command.upgrade(configuration(), "head")
        command.revision(configuration(), message, autogenerate=True)


def show_routes() -> None:
    """Print the routes and tables that do not take the fast path, and why."""
    report, create_app = import_module("api.web.report"), import_module("api.app").create_app
    for title, lines in (("Routes", report.routes(create_app(read_settings()))), ("Tables", report.models())):
        everything = list(lines)
        slow = [line for line in everything if line.reasons]
        fast = len(everything) - len(slow)
        print(f"{title}: {fast} of {len(everything)} take the fast path.")  # noqa: T201  the command's output
        for line in slow:
            print(f"  {line.name}", *line.reasons, sep="\n      ")  # noqa: T201  as above


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m api", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve the API").add_argument(
        "--reload", action="store_true", help="restart when a file changes"
    )
    commands.add_parser("migrate", help="migrate the database, and add the roles and the first admin")
    commands.add_parser("demo", help="add example data; in development only")
    commands.add_parser("routes", help="list the routes and tables that leave the fast path, and why")
    commands.add_parser("migration", help="write a migration for changed models").add_argument("message")
    arguments = parser.parse_args()
    if arguments.command == "serve":
        serve(arguments.reload)
    elif arguments.command == "routes":
        show_routes()
    elif arguments.command in {"migrate", "demo"}:
        asyncio.run(migrate(demo=arguments.command == "demo"))
    else:
        write_migration(arguments.message)


if __name__ == "__main__":
    main()
