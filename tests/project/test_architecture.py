"""The rooms of api/, and the rules that keep it small. Who changes this file decides on the architecture."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

API = Path(__file__).parent.parent.parent / "api"
LONGEST = 220

# A room may use the rooms above it; rooms on one line do not know each other.
ORDER: list[set[str]] = [
    {"open_enums", "environment"},
    {"settings", "problems", "doors"},
    {"security"},
    {"models"},
    {"db"},
    {"lists"},
    {"web"},
    {"deps"},
    {"live"},
    {"flows"},
    {"routers"},
    {"seeds", "openapi"},
    {"app"},
    {"main", "__main__"},
]
ONLY = {  # who alone may import what
    "jose": "security/__init__.py",
    "passlib": "security/__init__.py",
    "create_engine": "engine.py",
    "create_async_engine": "engine.py",
    "async_engine_from_config": "engine.py",
    "get_session": "request_session.py",  # everybody else takes SessionDep, with its scope
    "deliver": "mailing.py",  # which counts the letters
    "BaseHTTPMiddleware": "nowhere",
}

MODELS_ALSO_USE = {
    *(f"api.problems.{name}" for name in ("Code", "ProblemCode", "ProblemError")),
    *("api.security.fold", "api.security.is_common", "api.security.is_visible"),
    "api.open_enums.OpenEnum",
}
FILES = sorted(file for file in API.rglob("*.py") if file != API / "__init__.py")


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def room(file: Path) -> str:
    return file.relative_to(API).parts[0].removesuffix(".py")


def imports(file: Path) -> Iterator[str]:
    """Everything the file imports, also inside functions: hiding an import does not allow it."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write imports in full: `from api.x import y`"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(file: Path) -> Iterator[tuple[str, int]]:
    """The names of what the file calls, and where."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", "")), node.lineno


def test_every_room_has_its_place() -> None:
    rooms = {room(file) for file in FILES}

    assert sorted(name for line in ORDER for name in line) == sorted(rooms)
    assert len(rooms | {"__init__"}) <= 20


def test_a_room_uses_only_the_rooms_above_it() -> None:
    wrong = []
    for file in FILES:
        place = next((i for i, line in enumerate(ORDER) if room(file) in line), 0)
        above = {name for line in ORDER[:place] for name in line} | {room(file), "__version__"}
        used = {name.split(".")[1] for name in imports(file) if name.startswith("api.")}
        wrong += [f"{file.relative_to(API)} uses {name}" for name in used - above]

    assert wrong == []


@pytest.mark.parametrize("file", sorted((API / "routers").glob("[a-z]*.py")), ids=lambda file: file.name)
def test_a_router_never_imports_a_router(file: Path) -> None:
    assert [name for name in imports(file) if name.startswith("api.routers")] == []


@pytest.mark.parametrize("file", sorted((API / "models").glob("[a-z]*.py")), ids=lambda file: file.name)
def test_a_model_knows_its_base_and_its_parents_only(file: Path) -> None:
    used = {name for name in imports(file) if name.startswith("api.")} - MODELS_ALSO_USE
    parents = {name.split(".")[2] for name in used if name.startswith("api.models.")}

    assert all(name.startswith("api.models.") for name in used)
    assert all(
        (API / "models" / f"{parent}.py").exists() for parent in parents
    )  # not by way of the table of contents
    assert file.stem != "base" or parents == {"children", "decimals", "states", "versions"}


def test_nobody_commits_but_the_session() -> None:
    kept = {
        "routers": {"commit", "rollback", "begin"},
        "models": {"commit", "rollback", "begin"},
        "db": set(),
    }
    forbidden = {room(file): kept.get(room(file), {"commit", "rollback"}) for file in FILES}

    assert [
        f"{file.relative_to(API)}:{line} calls {name}"
        for file in FILES
        for name, line in calls(file)
        if name in forbidden[room(file)]
    ] == []


def test_some_things_are_used_in_one_place_only() -> None:
    assert [
        f"{file.relative_to(API)} imports {part}"
        for file in FILES
        for part in {part for name in imports(file) for part in name.split(".")} & ONLY.keys()
        if not str(file).endswith(f"/{ONLY[part]}")
    ] == []


def test_a_file_is_about_something_says_what_and_is_short() -> None:
    vague = {"utils", "util", "helpers", "common", "core", "manager", "misc"}
    assert [file for file in FILES if file.stem in vague] == []
    assert [file for file in FILES if len(file.read_text().splitlines()) > LONGEST] == []
    # Routers are about the resource that they are named after.
    assert [file for file in FILES if room(file) != "routers" and not ast.get_docstring(tree(file))] == []


def test_printing_is_an_exception_with_a_reason() -> None:
    assert [
        f"{file.relative_to(API)}:{line}"
        for file in FILES
        for name, line in calls(file)
        if name == "print" and "noqa: T201" not in file.read_text().splitlines()[line - 1]
    ] == []
