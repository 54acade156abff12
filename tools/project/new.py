"""Make a new project of this one, in a folder beside it.

  python -m api new ../ledger
  python -m api new ../ledger --with tasks,notes --title "Ledger"
  python -m api new ../ledger --with all --benchmarks

The folder's name is the name of the project. Without --with, it has no sample entities: accounts, roles,
teams, notifications and live events stay.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from api import __version__
from tools.project.names import WrongArguments, check_name, check_title
from tools.project.origin import Origin
from tools.project.own_pages import pages
from tools.project.samples import CHILD, MEASURED, SAMPLES, with_needs
from tools.project.tree import HOME, Wanted, git, write_tree

CLIENT = "clients/typescript"
Say = Callable[[str], None]


def parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    known = "\n".join(f"  {name:9} {sample.about}" for name, sample in SAMPLES.items())
    child = f"  {CHILD:9} the fields of users about their child"
    more = f"samples:\n{known}\n{child}\n  all       all of these"
    made = argparse.ArgumentParser(
        prog="python -m api new", description=__doc__, formatter_class=shape, epilog=more
    )
    made.add_argument("folder", type=Path, help="where to write it; it must not exist, or be empty")
    made.add_argument("--title", help="the name that people read; without it, the folder's name")
    made.add_argument("--with", dest="samples", default="none", help="samples, with commas; none or all")
    made.add_argument(
        "--benchmarks", action="store_true", help="keep the benchmarks, and the samples that they measure"
    )
    made.add_argument("--no-client", action="store_true", help="do not make the TypeScript client")
    made.add_argument("--only-tree", type=Path, help=argparse.SUPPRESS)  # migrations to keep, for upgrades
    return made


def chosen(said: str) -> set[str]:
    """The samples that are asked for, and those that they refer to."""
    names = {name.strip() for name in said.split(",") if name.strip()} - {"none"}
    if "all" in names:
        return {*SAMPLES, CHILD}
    if wrong := sorted(names - {*SAMPLES, CHILD}):
        known = ", ".join([*SAMPLES, CHILD])
        raise WrongArguments(f"There is no sample {wrong[0]}. Choose of {known}, none or all.")
    return with_needs(names)


def main(words: Sequence[str]) -> None:
    asked = parser().parse_args(words[1:])
    try:
        make(asked, lambda sentence: print(sentence))  # noqa: T201  the command's output
    except WrongArguments as error:
        parser().exit(2, f"{error}\n")


def make(asked: argparse.Namespace, say: Say) -> None:
    folder: Path = asked.folder.resolve()
    name = folder.name
    check_name(name)
    title = asked.title or name.title()
    check_title(title)
    samples = chosen(asked.samples) | (with_needs(MEASURED) if asked.benchmarks else set())
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongArguments(f"{folder} exists already. Choose another folder, or delete it.")
    if folder.is_relative_to(HOME):
        raise WrongArguments(f"{folder} is within this project. Choose a folder beside it: ../{name}.")
    if not (HOME / ".git").exists():
        raise WrongArguments(f"{HOME} is no git repository, and so it cannot say which files belong to it.")
    if git("status", "--porcelain", "--untracked-files=no").strip():
        say("Changes that are not committed are not in the new project.")
    wanted = Wanted(name, title, frozenset(samples), asked.benchmarks)
    commit = git("rev-parse", "HEAD").strip()
    folder.mkdir(parents=True, exist_ok=True)
    write_tree(folder, wanted)
    for file, text in pages(
        (HOME / "README.md").read_text(encoding="utf-8"), title, __version__, commit
    ).items():
        (folder / file).write_text(text, encoding="utf-8")
    Origin(name, title, sorted(samples), asked.benchmarks, __version__, commit).write(folder)
    tidy(folder)
    if asked.only_tree:
        shutil.copytree(asked.only_tree, folder / "alembic/versions", dirs_exist_ok=True)
    else:
        run(folder, "api", "migration", "first tables")
    generate(folder)
    if not asked.no_client:
        make_client(folder, say)
    if not asked.only_tree:
        begin(folder, f"Begin with Onefold {__version__}", commit)
    say(f"{title} is in {folder}. Next: cd {folder} && make run")


def tidy(folder: Path) -> None:
    """Leave out the imports that nothing uses any more, and format what is shorter or longer now."""
    run(folder, "ruff", "check", "-q", "--no-cache", "--fix", "--select", "F401,I", "--exit-zero", ".")
    run(folder, "ruff", "format", "-q", "--no-cache", ".")


def run(folder: Path, *module: str) -> None:
    """`python -m module …` with the project's own code."""
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    done = subprocess.run(
        [sys.executable, "-m", *module],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise SystemExit(f"python -m {' '.join(module)} failed in {folder}:\n{done.stdout}{done.stderr}")


def generate(folder: Path) -> None:
    """The documents and the requests, from the app as it is now."""
    (folder / "docs/released").mkdir(exist_ok=True)
    run(folder, "tools.generate")
    run(folder, "tools.generate", "docs/released/contract.json")


def make_client(folder: Path, say: Say) -> None:
    if shutil.which("npm") is None:
        say("Node is not installed, so the TypeScript client is not made. With Node 20, run make client.")
        return
    for command in (["npm", "ci", "--silent"], ["npm", "run", "--silent", "build"]):
        done = subprocess.run(command, cwd=folder / CLIENT, capture_output=True, text=True)
        if done.returncode != 0:
            say(f"The TypeScript client is not made: {' '.join(command)} failed. Run make client later.")
            say(done.stdout + done.stderr)
            return
    (folder / CLIENT / "node_modules/.installed").touch()  # make client and make entity look for it


def begin(folder: Path, message: str, commit: str) -> None:
    """The first commit, on the branch `main`; the branch `upstream` holds what came from here."""
    git("init", "-q", "-b", "main", folder=folder)
    git("add", "--all", folder=folder)
    who = []
    if not subprocess.run(["git", "config", "user.email"], cwd=folder, capture_output=True).stdout:  # noqa: S607
        who = ["-c", "user.name=Onefold", "-c", "user.email=new@onefold.invalid"]
    git(*who, "commit", "-q", "-m", f"{message}\n\nIt was made of the commit {commit}.", folder=folder)
    git("branch", "upstream", folder=folder)
