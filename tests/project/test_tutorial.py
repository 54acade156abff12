"""docs/TUTORIAL.md does what it shows: its commands, its files, its requests and its program, in its order."""

import faulthandler
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import WORKER
from tests.support.copies import BARE, HOME, Copy
from tests.support.tours import BASH, blocks, follow_tour, section, serving_in
from tools.project.tree import git

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not (HOME / ".git").exists(), reason="a copy has no commits"),
]

PAGE = (HOME / "docs/TUTORIAL.md").read_text()
PROJECT, ENTITIES, RULE, LENDING, CALL = (section(rf"{number}\. [^\n]+", PAGE) for number in range(1, 6))
STEP = re.compile(r"^```(sh|python|ts)\n(.*?)^```", re.M | re.S)
FILE = re.compile(r"`([\w./]+\.(?:py|mts))`")
# What is installed here is installed in the new project too.
MAKE = """make() {
  test -e .venv || ln -s "$INSTALLED" .venv
  command make --no-print-directory -o .venv/.installed -o .venv/.runtime "$@"
}
"""
SERVER = "http://localhost:8000"


class Reader:
    """Runs the commands of the page and writes its files, as in one terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def follow(self, text: str, server: str = SERVER) -> list[str]:
        """What each block of commands prints."""
        said = []
        for step in STEP.finditer(text):
            language, block = step.groups()
            if language == "sh":
                said.append(self.run(block))
            else:
                name = FILE.findall(text[: step.start()])[-1]
                (self.folder / name).write_text(block.replace(SERVER, server))
        return said

    def run(self, commands: str) -> str:
        script = f"set -euo pipefail\n{MAKE}{commands}\nprintf '\\n%s' \"$PWD\""
        own = {
            "INSTALLED": sys.prefix,
            "TEST_POSTGRES_URL": os.environ["TEST_POSTGRES_URL"],
            "PYTEST_XDIST_WORKER": f"tutorial_{WORKER}",  # names the databases
        }
        done = subprocess.run(
            [BASH, "-c", script],
            cwd=self.folder,
            env=BARE | own,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, f"{commands}\nfails:\n{done.stdout}"
        said, _, folder = done.stdout.rpartition("\n")
        self.folder = Path(folder)
        return said


def test_the_tutorial_makes_a_library(tmp_path: Path) -> None:
    faulthandler.cancel_dump_traceback_later()  # its commands have limits of their own
    git("clone", "-q", str(HOME), str(tmp_path / "onefold"))
    reader = Reader(tmp_path / "onefold")
    reader.follow(PROJECT)
    library = reader.folder
    assert library == tmp_path / "library"
    has_node = shutil.which("npm") is not None
    [made] = reader.follow(ENTITIES)
    assert made.count("  clients/typescript/src/generated") == 2 * has_node, made
    loans = (library / "api/seeds/demo/loans.py").read_text()
    assert "zip(demo.made[Book], LOANS" in loans, "two loans of one book would break the rule"
    [checked] = reader.follow(RULE)
    assert "4 passed" in checked
    check(Copy(library, f"tutorial_{WORKER}"))

    [serve] = blocks(LENDING, "sh")
    with serving_in(library, f"export INSTALLED={sys.prefix}\n{MAKE}{serve}", library) as served:
        follow_tour(LENDING, 5, {SERVER}, served)
        if not has_node:
            pytest.skip("Node is not installed, so the typed call is not made. All before it works.")
        call(reader, f"http://127.0.0.1:{served[0]}")


def check(library: Copy) -> None:
    """What is cheap of `make check` and `make test`, and asks the new entities."""
    library.check()
    said = library.test(
        *(
            "tests/promises/test_access.py",
            "tests/promises/test_differences.py",
            "tests/resources/test_books.py",
        ),
        *("tests/project/test_documents.py", "tests/project/test_migrations.py"),
        *("-k", "loans or books or differences or documents or models_and_migrations"),
    )
    for proof in (
        "test_every_caller_gets_what_the_policy_says",
        "test_openapi_json_is_what_the_app_serves",
        "test_models_and_migrations_are_the_same",
    ):
        assert re.search(rf"::{proof}\S* PASSED", said), said


def call(reader: Reader, server: str) -> None:
    """The program has types, and prints what the page shows."""
    [shown] = blocks(CALL, "text")

    assert reader.follow(CALL, server)[-1].strip() == shown.strip()
    program, wrong = reader.folder / "main.mts", reader.folder / "wrong.mts"
    wrong.write_text(program.read_text().replace('"book_lent"', '"book_sold"').replace("due_on:", "due_by:"))
    with pytest.raises(
        AssertionError, match=r"(?s)'due_by' does not exist.*\"book_sold\"' is not assignable"
    ):
        reader.run("npx tsc --strict --skipLibCheck --noEmit --target es2023 --module nodenext wrong.mts")
