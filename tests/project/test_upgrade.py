"""A project that was made of an earlier version takes in a later one, and keeps what is its own."""

import faulthandler
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import THOROUGH, WORKER
from tests.project.test_readme import FILES, README, example, section
from tests.support.copies import BARE, HOME, Copy
from tools.project.origin import Origin

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not (HOME / ".git").exists(), reason="a copy has no commits"),
]
ME = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
LINE = """    motto: Line | None = Field(default=None, max_length=100)
"""
TEST = """
import pytest


@pytest.mark.anyio
async def test_both_are_there(ada, settings):
    assert (await ada.patch("/users/me", json={"phone": "+41 1"})).json()["phone"] == "+41 1"
    made = (await ada.post("/teams", json={"name": "Readers", "motto": "Aloud"})).json()
    assert made["motto"] == "Aloud"
    assert (await ada.post("/bookmarks", json={"title": "A", "url": "B"})).status_code == 201
    assert (settings.shelves, settings.ladders) == (3, 4)
"""


def git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *ME, *words],  # noqa: S607
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def python(folder: Path, *module: str, code: int = 0) -> str:
    faulthandler.cancel_dump_traceback_later()  # an upgrade may take longer than a test should
    done = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=folder,
        env=BARE
        | {"PYTHONPATH": str(folder)}
        | {f"GIT_{who}_{what}": "ada" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == code, done.stdout
    return done.stdout


def insert(folder: Path, file: str, after: str, text: str) -> None:
    before = (folder / file).read_text()
    assert before.count(after) == 1, f"{file} has {after} {before.count(after)} times"
    (folder / file).write_text(before.replace(after, after + text))


def setting(folder: Path, name: str, number: int, after: str) -> None:
    insert(folder, "api/settings.py", f"{after}\n", f"    {name}: int = {number}\n")


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", message)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The repository as it is now, to be changed."""
    git(tmp_path, "clone", "-q", str(HOME), "source")
    return tmp_path / "source"


@pytest.fixture
def project(source: Path, tmp_path: Path) -> Path:
    """A project made of it, with an entity, a field of users and a setting of its own."""
    folder = tmp_path / "ledger"
    python(source, "api", "new", str(folder), "--no-client")
    for file in FILES:
        (folder / file).write_text(example(section("Add an entity", README), file))
    field = example(section("Add a field", README), "api/models/user.py")
    insert(
        folder,
        "api/models/user.py",
        "    last_name: Line | None = Field(default=None, max_length=LONGEST_NAME)\n",
        field,
    )
    setting(folder, "shelves", 3, '    project_name: str = "Ledger"')
    python(folder, "api", "migration", "bookmarks and phone numbers")
    python(folder, "tools.generate")
    commit(folder, "Add bookmarks")
    return folder


def later(source: Path) -> None:
    """The next version: a field of teams and a setting."""
    insert(source, "api/models/team.py", "    name: Line = Field(min_length=1, max_length=100)\n", LINE)
    setting(source, "ladders", 4, '    database_url: str = "sqlite+aiosqlite:///onefold.db"')
    commit(source, "Give teams a motto")


def test_a_later_version_is_merged_and_what_is_mine_stays(source: Path, project: Path) -> None:
    assert "There is nothing new" in python(project, "api", "upgrade", str(source), "--no-client")
    later(source)

    said = python(project, "api", "upgrade", str(source), "--no-client")

    assert "Read the migration" in said
    assert git(project, "status", "--porcelain") == ""
    assert Origin.read(project).commit == git(source, "rev-parse", "HEAD")
    migrations = [*(project / "alembic/versions").glob("*.py")]
    assert len(migrations) == 3
    assert sum("'motto'" in file.read_text() for file in migrations) == 1
    (project / "tests/test_both.py").write_text(TEST)
    tests = ["tests/test_both.py", "tests/project/test_migrations.py", "tests/project/test_documents.py"]
    tests += ["tests/promises/test_conformance.py"] * THOROUGH
    assert "test_both_are_there" in Copy(project, f"upgrade_{WORKER}").test(*tests, timeout=900)


def test_what_both_have_changed_is_a_conflict(source: Path, project: Path) -> None:
    insert(
        project,
        "api/models/team.py",
        "    name: Line = Field(min_length=1, max_length=100)\n",
        LINE.replace("motto", "mine"),
    )
    python(project, "api", "migration", "mine")
    python(project, "tools.generate")
    commit(project, "Give teams something else")
    later(source)

    said = python(project, "api", "upgrade", str(source), "--no-client", code=1)

    assert "Both have changed these files:\n  api/models/team.py\n" in said
    assert git(project, "diff", "--name-only", "--diff-filter=U") == "api/models/team.py"
    git(project, "merge", "--abort")
    assert git(project, "status", "--porcelain") == ""


def test_it_begins_only_with_all_work_committed(source: Path, project: Path) -> None:
    (project / "README.md").write_text("mine")
    assert "not committed" in python(project, "api", "upgrade", str(source), code=2)
    git(project, "checkout", "README.md")
    git(project, "branch", "-D", "upstream")
    assert "There is no branch upstream" in python(project, "api", "upgrade", str(source), code=2)
    git(project, "branch", "upstream")
    (project / ".origin.json").unlink()
    assert "There is no .origin.json" in python(project, "api", "upgrade", str(source), code=2)
