"""The floor plan of api/, and the rules that keep it small. Changing this file is an architecture
decision."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

API = Path(__file__).parent.parent.parent / "api"
LONGEST = 220

# A room may use the rooms above it; rooms on one line do not know each other.
ORDER: list[set[str]] = [
    {"open_enums"},
    {"settings", "problems", "doors"},
    {"security", "logs"},
    {"models"},
    {"mail"},
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
    "jose": "security.py",
    "passlib": "security.py",
    "create_engine": "engine.py",
    "create_async_engine": "engine.py",
    "async_engine_from_config": "engine.py",
    "get_session": "session.py",  # everybody else takes SessionDep, with its scope
    "BaseHTTPMiddleware": "nowhere",
}

MODELS_ALSO_USE = {"api.security.fold", "api.open_enums.OpenEnum"}
FILES = sorted(file for file in API.rglob("*.py") if file != API / "__init__.py")
every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(API)))


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
    assert sorted(name for line in ORDER for name in line) == sorted({room(file) for file in FILES})


@every_file
def test_a_room_uses_only_the_rooms_above_it(file: Path) -> None:
    own = room(file)
    place = next((i for i, line in enumerate(ORDER) if own in line), 0)
    above = {name for line in ORDER[:place] for name in line} | {own, "__version__"}

    assert {name.split(".")[1] for name in imports(file) if name.startswith("api.")} <= above


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
    assert file.stem != "base" or parents == {"types"}


@every_file
def test_nobody_commits_but_the_session(file: Path) -> None:
    if room(file) != "db":
        assert [call for call in calls(file) if call[0] in {"commit", "rollback"}] == []
    if room(file) in {"routers", "models"}:
        assert [call for call in calls(file) if call[0] == "begin"] == []


@every_file
def test_some_things_are_used_in_one_place_only(file: Path) -> None:
    parts = {part for name in imports(file) for part in name.split(".")}

    assert {part: ONLY[part] for part in parts & ONLY.keys() if ONLY[part] != file.name} == {}


@every_file
def test_a_file_is_about_something_says_what_and_is_short(file: Path) -> None:
    assert file.stem not in {"utils", "util", "helpers", "common", "core", "manager", "misc"}
    assert len(file.read_text().splitlines()) <= LONGEST
    if room(file) != "routers":  # these are about the resource that they are named after
        assert ast.get_docstring(tree(file))


@every_file
def test_printing_is_an_exception_with_a_reason(file: Path) -> None:
    lines = file.read_text().splitlines()

    assert [
        line for name, line in calls(file) if name == "print" and "noqa: T201" not in lines[line - 1]
    ] == []
