"""Bring in a later version of what this project was made of.

  python -m api upgrade ../onefold
  python -m api upgrade https://git.example.com/onefold.git --version v0.2.0

The branch `upstream` holds what `new` made, and nothing else. An upgrade adds what `new` would make of the
later version, with the same arguments, as its next commit, and merges it. What only one side has changed
merges by itself; what both have changed is an ordinary conflict.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.project.origin import FILE, Origin

HOME = Path(__file__).parent.parent.parent
BRANCH = "upstream"
GENERATED = (
    *("openapi.json", "docs/API_ENDPOINTS.md", "docs/DATABASE_MODELS.md", "docs/database_models.svg"),
    *("postman/", "docs/released/contract.json", "clients/typescript/src/generated/"),
    *("clients/typescript/src/mocks/operations.gen.ts", "clients/typescript/src/mocks/entities.gen.ts"),
)
CLIENT = (
    "clients/typescript/src/generated",
    *(f"clients/typescript/src/mocks/{name}.gen.ts" for name in ("entities", "operations")),
)
LATER = "Then run make generate, and make migration for what has changed in the models."


def main(words: Sequence[str]) -> None:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m api upgrade", description=__doc__, formatter_class=shape)
    parser.add_argument("source", help="the folder, or the address, of the repository with the later version")
    parser.add_argument("--no-client", action="store_true", help="do not make the TypeScript client anew")
    parser.add_argument("--version", help="a tag or a commit of it; without it, its last commit")
    asked = parser.parse_args(words[1:])
    if problem := refusal():
        parser.exit(2, f"{problem}\n")
    before = Origin.read(HOME)
    with tempfile.TemporaryDirectory() as folder:
        commit = add_to_upstream(Path(folder), asked, before)
    if commit is None:
        say("There is nothing new.")
        return
    after = Origin.read_text(git("show", f"{BRANCH}:{FILE}"))
    said = f"Upgrade from {before.version} ({before.commit[:9]}) to {after.version} ({after.commit[:9]})"
    merge(said, with_client=not asked.no_client)


def say(sentence: str) -> None:
    print(sentence)  # noqa: T201  the command's output


def git(*words: str, **environment: str) -> str:
    done = subprocess.run(  # the caller sees what git says
        ["git", *words],  # noqa: S607
        cwd=HOME,
        env=os.environ | environment,
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout.strip()


def refusal() -> str:
    """Why nothing can be brought in; empty if it can."""
    if not (HOME / FILE).exists():
        return f"There is no {FILE}, which says what this project was made of. See docs/UPGRADING.md."
    if not git("branch", "--list", BRANCH):
        return f"There is no branch {BRANCH}. Fetch it: git fetch origin {BRANCH}:{BRANCH}"
    if git("status", "--porcelain"):
        return "There are changes that are not committed. Commit or stash them, and try again."
    return ""


def add_to_upstream(folder: Path, asked: argparse.Namespace, before: Origin) -> str | None:
    """Commit the project as the later version makes it; nothing if it makes the same."""
    clone, made, source = folder / "source", folder / before.name, asked.source
    git("clone", "-q", source, str(clone))
    if asked.version:
        git("-C", str(clone), "checkout", "-q", asked.version)
    if not (clone / "tools/project/new.py").exists():
        raise SystemExit(f"{source} makes no projects: it has no tools/project/new.py.")
    versions = folder / "versions"
    versions.mkdir()
    archive = folder / "versions.tar"
    git("archive", "--output", str(archive), BRANCH, "alembic/versions")
    shutil.unpack_archive(archive, versions)
    words = [str(made), *before.arguments(), "--only-tree", str(versions / "alembic/versions")]
    words += ["--no-client"] * asked.no_client
    python(clone, "api", "new", *words)
    if not (made / CLIENT[0]).exists() and git(
        "ls-tree", BRANCH, *CLIENT
    ):  # without Node, it stays as it was
        git("archive", "--output", str(archive), BRANCH, *CLIENT)
        shutil.unpack_archive(archive, made)
    where = {"GIT_WORK_TREE": str(made), "GIT_INDEX_FILE": str(folder / "index")}
    where["GIT_DIR"] = git("rev-parse", "--absolute-git-dir")
    git("-C", str(made), "add", "--all", **where)
    tree = git("write-tree", **where)
    if tree == git("rev-parse", f"{BRANCH}^{{tree}}"):
        return None
    commit = git("commit-tree", tree, "-p", BRANCH, "-m", f"Bring in {source}")
    git("update-ref", f"refs/heads/{BRANCH}", commit)
    return commit


def python(folder: Path, *module: str) -> None:
    own = folder / ".venv/bin/python"
    program = str(own) if own.exists() else sys.executable
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    environment |= {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([program, "-m", *module], cwd=folder, env=environment, check=True, stdout=sys.stderr)


def merge(message: str, *, with_client: bool) -> None:
    before = git("rev-parse", "HEAD")
    done = subprocess.run(["git", "merge", "-q", "--no-commit", "--no-ff", BRANCH], cwd=HOME)  # noqa: S607
    conflicts = git("diff", "--name-only", "--diff-filter=U").splitlines()
    if done.returncode != 0 and not conflicts:
        raise SystemExit("The merge failed, and has changed nothing.")
    for file in [file for file in conflicts if file.startswith(GENERATED)]:
        taken = subprocess.run(["git", "checkout", "-q", "--theirs", file], cwd=HOME)  # noqa: S607
        git(*(["add", file] if taken.returncode == 0 else ["rm", "-q", file]))
    if left := [file for file in conflicts if not file.startswith(GENERATED)]:
        say("Both have changed these files:\n" + "\n".join(f"  {file}" for file in left))
        say(f"Resolve the conflicts, and commit. {LATER}")
        raise SystemExit(1)
    changed = git("diff", "--name-only", before).splitlines()
    if "requirements-dev.txt" in changed and shutil.which("make") and (HOME / ".venv").exists():
        subprocess.run(["make", "--no-print-directory", ".venv/.installed"], cwd=HOME, check=True)  # noqa: S607
    migrate(message)
    python(HOME, "tools.generate")
    if with_client and shutil.which("npm") is None:
        say("Node is not installed. With Node 20, run make client, and commit what it writes.")
    elif with_client and subprocess.run(["make", "client"], cwd=HOME).returncode:  # noqa: S607
        say("The TypeScript client is not made anew. Run make client, and commit what it writes.")
    git("add", "--update")
    git("add", "alembic/versions", "clients/typescript/src", "docs", "postman")
    git("commit", "-q", "-m", message)
    say(f"{message}. Run make test check, and read what has changed: git show --stat")


def migrate(message: str) -> None:
    """Write the migration for what the upgrade changes in the models, if it changes something."""
    folder = HOME / "alembic/versions"
    there = {*folder.glob("*.py")}
    python(HOME, "api", "migration", message.partition(" (")[0].lower())
    for file in {*folder.glob("*.py")} - there:
        if "op." not in file.read_text(encoding="utf-8").partition("def upgrade")[2]:
            file.unlink()
        else:
            say(f"Read the migration {file.relative_to(HOME)} before you commit anything after it.")
