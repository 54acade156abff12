"""The command line: `python -m api serve | migrate | demo | routes | migration "message"`,
and `new` and `upgrade` of tools/project.

Each worker imports this file before it can tell the supervising process that it is alive. So the file imports
only what Python brings, and its functions import the rest.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

PROJECT = {  # commands of tools/project, which deployments do not have
    "new": "make a new project of this one",
    "upgrade": "bring in a later version of what this project was made of",
}


def read_settings() -> Any:
    return import_module("api.environment.start").read(import_module("api.settings").Settings)


async def migrate(*, demo: bool = False) -> None:
    settings = read_settings()
    for sentence in import_module("api.environment.start").unused(type(settings)):
        print(sentence, file=sys.stderr)  # noqa: T201  there is no log yet
    if demo and not settings.development:
        sys.exit(f"ENVIRONMENT is {settings.environment}. The demo data is for development only.")
    try:
        await import_module("api.seeds.first_start").make_ready(settings, is_demo=demo)
    except import_module("api.db.errors").CannotStart as error:
        sys.exit(str(error))


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
    for name, what in PROJECT.items():
        if Path(__file__).parent.parent.joinpath(f"tools/project/{name}.py").exists():
            commands.add_parser(name, help=what, add_help=False)
    if len(sys.argv) > 1 and sys.argv[1] in PROJECT:  # it has a parser of its own
        import_module(f"tools.project.{sys.argv[1]}").main(sys.argv[2:])
        return
    arguments = parser.parse_args()
    if arguments.command == "serve":
        import_module("api.web.server").serve(read_settings(), reload=arguments.reload)
    elif arguments.command == "routes":
        show_routes()
    elif arguments.command in {"migrate", "demo"}:
        asyncio.run(migrate(demo=arguments.command == "demo"))
    else:
        write_migration(arguments.message)


if __name__ == "__main__":
    main()
