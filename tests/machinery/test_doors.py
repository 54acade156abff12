"""A release that takes away what the fast path leans on costs speed, and nothing else."""

import ast
import asyncio
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import api
from api.doors import open_door
from tests.conftest import THOROUGH, WORKER, empty_database
from tests.support.watching import needs_fast_path

API = Path(api.__file__).parent
DOORS = [
    module.name
    for module in walk_packages(api.__path__, "api.")
    if ".fast." in module.name and hasattr(import_module(module.name), "LEANS_ON")
]
DOCUMENTED = {"_asdict", "_replace", "_value_", "_srcfile"}  # of NamedTuple, Enum and logging
NAMES = {name for door in DOORS for name in import_module(door).LEANS_ON}

# Serves a few requests by an application to whose doors a name is gone, and prints how they were answered.
WITHOUT = """
import asyncio, sys
from functools import cache
from importlib import import_module
from operator import attrgetter

package, _, name = sys.argv[1].partition(":")
*owners, last = name.split(".")
owner = attrgetter(".".join(owners))(import_module(package)) if owners else import_module(package)

from api import doors

open_door = doors.open_door.__wrapped__

@cache
def open_without(module):
    place = owner if last in vars(owner) else None
    gone = vars(owner)[last] if place is not None else owner.__annotations__.pop(last)
    if place is not None:
        delattr(place, last)
    try:
        return open_door(module)
    finally:
        if place is not None:
            setattr(place, last, gone)
        else:
            owner.__annotations__[last] = gone

doors.open_door = open_without

from httpx import ASGITransport, AsyncClient
from api.app import create_app
from api.settings import Settings

ADA = {"username": "ada", "email": "ada@example.com", "password": "long enough"}
settings = Settings(_env_file=None, database_url=sys.argv[2], demo_data=False, password_hash_rounds=4)

async def main():
    app = create_app(settings)
    transport = ASGITransport(app)
    async with app.router.lifespan_context(app), AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
        answers = [await client.post("/auth/register", json=ADA)]
        client.headers["Authorization"] = f"Bearer {answers[0].json()['access_token']}"
        answers.append(await client.post("/notes", json={"title": "One"}))
        path = f"/notes/{answers[1].json()['id']}"
        answers.append(await client.get("/notes?sort=title"))
        answers.append(await client.patch(path, json={"title": "Two"}))
        answers.append(await client.get(path))
        answers.append(await client.delete(path))
    print("ANSWERED", [answer.status_code for answer in answers])

asyncio.run(main())
"""


def without(name: str, url: str) -> str:
    command = [sys.executable, "-c", WITHOUT, name, url]
    done = subprocess.run(command, capture_output=True, text=True, cwd=API.parent, timeout=60)
    return done.stdout + done.stderr


def test_there_are_doors() -> None:
    assert len(DOORS) > 8


def test_all_doors_are_open_with_the_installed_releases() -> None:
    assert [door for door in DOORS if open_door(door) is None] == []


@needs_fast_path
@pytest.mark.heavy
@pytest.mark.parametrize(
    "name",
    [
        "aiosqlite.core:Connection._execute",
        "fastapi.dependencies.utils:request_params_to_args",
        "fastapi.routing:_IncludedRouter.original_router",
        "fastapi.routing:_effective_route_context_var",
        "sqlalchemy.sql.compiler:SQLCompiler.construct_expanded_state",
        "sqlalchemy.types:TypeEngine.result_processor",
    ][:: 1 if THOROUGH else 3],
)
def test_a_name_that_is_gone_closes_its_door_with_one_warning(name: str, tmp_path: Path) -> None:
    assert name in NAMES
    check(without(name, f"sqlite:///{tmp_path}/test.db"))


@needs_fast_path
@pytest.mark.heavy
@pytest.mark.anyio
async def test_a_name_of_psycopg_that_is_gone_closes_its_door(tmp_path: Path) -> None:
    name = "psycopg.errors:error_from_result"
    assert name in NAMES
    url = await empty_database("postgresql", tmp_path, f"doors_{WORKER}")
    check(await asyncio.to_thread(without, name, url))


def check(said: str) -> None:
    warnings = [
        line.partition("WARNING")[2] for line in said.splitlines() if "The fast path does without" in line
    ]

    assert "ANSWERED [201, 201, 200, 200, 200, 204]" in said, said
    assert 1 <= len(warnings) == len(set(warnings)), said


def test_private_names_of_others_are_behind_doors() -> None:
    """An attribute or import that begins with an underscore, and is not one's own."""
    found = []
    for file in API.rglob("*.py"):
        if "LEANS_ON" in file.read_text():
            continue
        tree = ast.parse(file.read_text())
        own = {
            node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and is_self(node.value)
        }
        own |= {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and not str(node.module).startswith("api"):
                found += [(file.name, alias.name) for alias in node.names if is_private(alias.name)]
            if (
                isinstance(node, ast.Attribute)
                and is_private(node.attr)
                and not is_self(node.value)
                and node.attr not in own
            ):
                found.append((file.name, node.attr))

    assert found == []


def is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"self", "cls"}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED
