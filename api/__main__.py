"""The command line, `python -m api`: serve, migrate, demo, routes, migration, and what tools/ adds to it.

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


TOOLS = {  # what is in the repository, and not in an image; each has a parser of its own
    "entity": ("tools.entity.commands", "write an entity: model, router, migration, test, example data"),
    "drop-entity": ("tools.entity.commands", "take an entity away that `entity` has written"),
    "field": ("tools.entity.commands", "add fields to an entity, and write the migration"),
    "new": ("tools.project.new", "make a new project of this one"),
    "upgrade": ("tools.project.upgrade", "bring in a later version of what this project was made of"),
}


def has(module: str) -> bool:
    return Path(__file__).parent.parent.joinpath(*module.split(".")).with_suffix(".py").exists()


def run_tool(words: list[str]) -> int | None:
    module, _ = TOOLS[words[0]]
    if not has(module):
        sys.exit(f"python -m api {words[0]} works in the repository only, beside the folder tools/.")
    code: int | None = import_module(module).main(words)
    return code


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in TOOLS:
        sys.exit(run_tool(sys.argv[1:]))
    parser = argparse.ArgumentParser(prog="python -m api", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve the API").add_argument(
        "--reload", action="store_true", help="restart when a file changes"
    )
    commands.add_parser("migrate", help="migrate the database, and add the roles and the first admin")
    commands.add_parser("demo", help="add example data; in development only")
    commands.add_parser("routes", help="list the routes and tables that leave the fast path, and why")
    commands.add_parser("migration", help="write a migration for changed models").add_argument("message")
    for command, (module, said) in TOOLS.items():
        if has(module):
            commands.add_parser(command, help=f"{said}: see --help", add_help=False)
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
