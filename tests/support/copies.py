"""A copy of the project, to be extended as its owner would, and commands that run in it."""

import faulthandler
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parent.parent.parent
BARE = {
    "PATH": os.environ["PATH"],
    "HOME": os.environ.get("HOME", "/"),
    "PASSWORD_HASH_ROUNDS": "4",
}
IGNORED = shutil.ignore_patterns(
    "__pycache__", ".git", ".venv*", "node_modules", ".*_cache", "*.db*", ".env", "dist", "gen"
)
PROMISES = (
    "conformance",
    "children",
    "shown",
    "access",
    "references",
    "queries",
    "audit",
    "contract",
    "differences",
    "statements",
    "activity",
    "admin",
    "trash",
    "team_rows",
    "history",
    "many",
    "dry_runs",
    "repetitions",
    "shared_rows",
    "states",
    "summaries",
)


class Copy:
    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name

    @classmethod
    def of_code(cls, folder: Path, name: str) -> "Copy":
        """The code and the tests of what every entity promises."""
        for part in ("api", "alembic", "tools"):
            shutil.copytree(HOME / part, folder / part, ignore=IGNORED)
        tests = shutil.ignore_patterns("__pycache__", "test_*")
        shutil.copytree(HOME / "tests", folder / "tests", ignore=tests)
        copied = [HOME / "tests/project/test_migrations.py", *(HOME / "tests/promises").glob("test_*.py")]
        for file in copied:
            shutil.copy(file, folder / file.relative_to(HOME))
        shutil.copy(HOME / "pyproject.toml", folder)
        return cls(folder, name)

    @classmethod
    def of_everything(cls, folder: Path, name: str) -> "Copy":
        shutil.copytree(HOME, folder, ignore=IGNORED, dirs_exist_ok=True)
        return cls(folder, name)

    def run(self, *module: str, timeout: float = 300, **environment: str) -> str:
        """What `python -m module …` prints; it has to succeed."""
        whole = {
            "PYTHONPATH": str(self.folder),
            "TEST_POSTGRES_URL": os.environ["TEST_POSTGRES_URL"],
            "PYTEST_XDIST_WORKER": self.name,  # it names the databases, which must not be those of this run
        }
        return self._succeed([sys.executable, "-m", *module], BARE | whole | environment, timeout)

    def end(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """How `python …` ends, which may fail."""
        command = [sys.executable, *arguments]
        return self._end(command, BARE | {"PYTHONPATH": str(self.folder)}, 600, subprocess.PIPE)

    def check(self) -> None:
        """Format, lint and types, as `make check` asks for them."""
        self.run("ruff", "format", "--no-cache", "--check", ".")
        self.run("ruff", "check", "--no-cache", ".")
        self.run("mypy", timeout=600)

    def _succeed(self, command: list[str], environment: dict[str, str], timeout: float) -> str:
        done = self._end(command, environment, timeout, subprocess.STDOUT)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def _end(
        self, command: list[str], environment: dict[str, str], timeout: float, errors: int
    ) -> subprocess.CompletedProcess[str]:
        faulthandler.cancel_dump_traceback_later()  # it has a time limit of its own
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            timeout=timeout,
        )

    def test(self, *arguments: str, timeout: float = 300, **environment: str) -> str:
        """What pytest prints."""
        # Most of the time would go into loading plugins that it does not need.
        environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | environment
        return self.run("pytest", "-vv", "-p", "anyio", *arguments, timeout=timeout, **environment)

    def test_all(self, *arguments: str, timeout: float) -> str:
        """What the whole suite prints, with a database server of its own."""
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", *arguments]
        own = BARE | {"PYTHONPATH": str(self.folder)}
        return self._succeed(command, own, timeout)

    def write_migration(self, message: str) -> Path:
        before = set((self.folder / "alembic/versions").glob("*.py"))
        self.run("api", "migration", message)
        (written,) = set((self.folder / "alembic/versions").glob("*.py")) - before
        return written

    def insert(self, file: str, after: str, text: str) -> None:
        there = self.folder / file
        before = there.read_text()
        found = re.search(after, before, re.M)
        assert found, f"{file} has no {after}"
        there.write_text(before[: found.end()] + text + before[found.end() :])
