"""Which of the folders may import which: the app stands alone, and nothing but tests imports tests."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).parent.parent.parent
MAY_IMPORT = {
    "api": {"api"},
    "alembic": {"api"},
    "tools": {"api", "tools"},
    "bench": {"api", "tools", "bench"},  # part: benchmarks
    "clients": set[str](),
}
OURS = {"api", "tools", "bench", "tests", "docs", "clients"}


def imported(folder: str) -> Iterator[tuple[str, str]]:
    """Each file, and the folder of ours that it imports from, also within functions."""
    for file in sorted((HOME / folder).rglob("*.py")):
        if {"node_modules", ".venv", "gen"} & set(file.parts):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            yield from ((str(file.relative_to(HOME)), name.partition(".")[0]) for name in names)


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_a_folder_imports_only_what_it_may(folder: str) -> None:
    found = {(file, name) for file, name in imported(folder) if name in OURS - MAY_IMPORT[folder]}

    assert found == set()
