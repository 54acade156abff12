"""A copy of the project, in which a command writes, migrates and generates before anything is changed."""

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from tools.entity.words import Refused
from tools.generate.files import CURRENT, HOME

COPIED = ("api", "alembic", "tools", "docs", "postman")
VERSIONS = "alembic/versions"


class Stage:
    """What will be there, by path. `None` is a file that will be gone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.changes: dict[str, str | None] = {}

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")
        self.changes[path] = text

    def delete(self, path: str) -> None:
        (self.folder / path).unlink(missing_ok=True)
        self.changes[path] = None

    def read(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def format(self, *paths: str, unused: bool) -> None:
        """Take unused imports out of new files, sort the others, and format."""
        for rules in ["F401"] * unused + ["I"]:
            self.run("ruff", "check", "--quiet", "--fix", "--no-cache", "--select", rules, *paths)
        self.run("ruff", "format", "--quiet", "--no-cache", *paths)
        for path in paths:
            self.changes[path] = self.read(path)

    def run(self, *module: str) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-m", *module],
            cwd=self.folder,
            env=kept | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            last = done.stdout.strip().splitlines()[-1:] or ["no word of why"]
            raise Refused(f"With this change, `python -m {' '.join(module[:2])}` fails: {last[0]}")

    def migrate(self, message: str, tables: set[str]) -> str | None:
        """The path of the migration for what has changed, if anything has: in these tables only."""
        before = set((self.folder / VERSIONS).glob("*.py"))
        self.run("api", "migration", message)
        (written,) = set((self.folder / VERSIONS).glob("*.py")) - before
        path, text = f"{VERSIONS}/{written.name}", written.read_text(encoding="utf-8")
        upgrade = text.partition("def upgrade()")[2].partition("def downgrade()")[0]
        changed = set(re.findall(r"(?:_table|_alter_table)\('(\w+)'", upgrade))
        if others := sorted(one for one in changed if not one.startswith(tuple(tables))):
            said = "write their migration first, with make migration"
            raise Refused(f"The models differ from the migrations already, in {', '.join(others)}: {said}.")
        if not changed:
            written.unlink()
            return None
        self.write(path, text)
        return path

    def complete(self, migration: str, gone: list[str]) -> None:
        """Write how to revert a migration that drops tables, from the models as they were.

        What is read from the empty database has the types of SQLite only.
        """
        for path in gone:
            shutil.copy(HOME / path, self.folder / path)
        before = set((self.folder / VERSIONS).glob("*.py"))
        self.run("api", "migration", "again")
        (again,) = set((self.folder / VERSIONS).glob("*.py")) - before
        made = again.read_text(encoding="utf-8").partition("def upgrade() -> None:\n")[2]
        head = self.read(migration).partition("def downgrade() -> None:\n")
        self.write(migration, head[0] + head[1] + made.partition("\n\ndef downgrade()")[0].rstrip() + "\n")
        again.unlink()
        for path in gone:
            (self.folder / path).unlink()

    def generate(self) -> None:
        self.run("tools.generate")
        for name in CURRENT:
            if (text := self.read(name)) != (HOME / name).read_text(encoding="utf-8"):
                self.changes[name] = text

    def note(self, migration: str, command: str, files: list[str]) -> None:
        """Say in the migration which command wrote it, and what else that command wrote."""
        text = self.read(migration)
        message = text.split('"""')[1]
        lines = [f"{path} {digest(self.read(path))}" for path in files]
        record = "\n".join([message, "", command, *lines])
        self.write(migration, text.replace(f'"""{message}"""', f'"""{record}\n"""', 1))

    def apply(self) -> None:
        for path, text in self.changes.items():
            there = HOME / path
            if text is None:
                there.unlink(missing_ok=True)
            else:
                there.parent.mkdir(parents=True, exist_ok=True)
                there.write_text(text, encoding="utf-8")

    def diff(self) -> str:
        """All changes, as `git diff` and `patch` have them."""
        parts: list[str] = []
        for path, text in sorted(self.changes.items()):
            before = (HOME / path).read_text(encoding="utf-8") if (HOME / path).exists() else None
            old, new = (
                f"a/{path}" if before is not None else "/dev/null",
                f"b/{path}" if text is not None else "/dev/null",
            )
            pair = ((before or "").splitlines(keepends=True), (text or "").splitlines(keepends=True))
            parts += difflib.unified_diff(*pair, old, new)
        return "".join(parts)


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


@contextmanager
def staged() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        ignored = shutil.ignore_patterns("__pycache__")
        for part in COPIED:
            if (HOME / part).is_dir():
                shutil.copytree(HOME / part, folder / part, ignore=ignored)
        for file in ("pyproject.toml", "CHANGELOG.md", "openapi.json"):
            if (HOME / file).exists():
                shutil.copy(HOME / file, folder)
        for part in ("tests/resources", "clients/typescript"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        shutil.copytree(HOME / "tests/support", folder / "tests/support", ignore=ignored)  # known as ours
        yield Stage(folder)


def generate_client() -> bool:
    """Write the TypeScript client, if what it needs is installed."""
    folder, npm = HOME / "clients/typescript", shutil.which("npm")
    if npm is None or not (folder / "node_modules/.installed").exists():
        return False
    done = subprocess.run([npm, "run", "--silent", "build"], cwd=folder, stdout=subprocess.DEVNULL)
    return done.returncode == 0
