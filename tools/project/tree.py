"""The files of a new project, before anything is generated."""

import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.project.names import renamed
from tools.project.parts import without_links, without_parts
from tools.project.samples import BENCHMARKS, CHILD, MADE, SAMPLES, exact_of, is_kept, words_of
from tools.project.statements import Statement, kept, python, typescript, write_python, write_typescript

HOME = Path(__file__).parent.parent.parent
AS_IT_IS = ("LICENSE", "docs/UPGRADING.md", "tools/project/")
REPLACED = ("README.md", "CHANGELOG.md", "SECURITY.md")
GENERATED = ("openapi.json", "docs/API_ENDPOINTS.md", "docs/DATABASE_MODELS.md", "docs/database_models.svg")
GENERATED_FOLDERS = ("postman/", "docs/released/")
# Their tests have entities of their own, whose names are also those of samples.
OWN_ENTITIES = ("tests/machinery/ordinary", "tests/support/entities/", "tests/support/invoicing_totals.py")
PRUNED = ("tests/", "clients/proof/tests/")


@dataclass(frozen=True)
class Wanted:
    name: str
    title: str
    samples: frozenset[str]
    benchmarks: bool

    @property
    def parts(self) -> set[str]:
        return {MADE, *self.samples, *[BENCHMARKS] * self.benchmarks}

    @property
    def gone(self) -> set[str]:
        return {*SAMPLES, CHILD} - self.samples


def git(*words: str, folder: Path = HOME) -> str:
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)  # noqa: S607
    return done.stdout


def tracked() -> list[str]:
    return git("ls-tree", "-r", "--name-only", "-z", "HEAD").rstrip("\0").split("\0")


def is_of_client(file: str) -> bool:
    return file.startswith("clients/typescript/src/generated/") or file.endswith(".gen.ts")


def is_generated(file: str) -> bool:
    return file in GENERATED or file.startswith(GENERATED_FOLDERS)


def write_tree(folder: Path, wanted: Wanted) -> None:
    """Write the files of the last commit that the new project has."""
    archive = folder.parent / f".{folder.name}.tar"
    git("archive", "--output", str(archive), "HEAD")
    shutil.unpack_archive(archive, folder)
    archive.unlink()
    files = tracked()
    for file in files:
        if not is_kept(file, wanted.parts) or is_of_client(file):  # the client is made anew, or not at all
            (folder / file).unlink()
    left = [file for file in files if (folder / file).exists()]
    _prune(folder, left, wanted)
    _cut(folder, files, wanted)
    for file in [file for file in files if (folder / file).exists()]:
        _rename(folder, file, wanted)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _prune(folder: Path, files: Iterable[str], wanted: Wanted) -> None:
    """Leave out the tests of what is left out, and what only they used, also in other files."""
    about, exact = words_of(wanted.gone), exact_of(wanted.gone)
    read: dict[str, list[Statement]] = {}
    for file in files:
        if file.startswith(PRUNED) and not file.startswith(OWN_ENTITIES) and file.endswith((".py", ".ts")):
            parse = python if file.endswith(".py") else typescript
            text = without_parts((folder / file).read_text(encoding="utf-8"), wanted.parts)
            read[file] = parse(text, about, exact)
    before = {file: {name for one in statements for name in one.defines} for file, statements in read.items()}
    changed = True
    while changed:
        changed = False
        lost = {
            _module(file): names - {name for one in read.get(file, ()) for name in one.defines}
            for file, names in before.items()
        }
        for file, statements in [*read.items()]:
            gone = set[str]()
            for one in statements:
                if one.source is not None:
                    gone |= one.defines & lost.get(_source(file, one.source), set())
            left = kept(statements, gone)
            if left is None or len(left) < len(statements) or gone:
                changed = changed or left is None or len(left) < len(statements)
                if left is None:
                    del read[file]
                    (folder / file).unlink()
                else:
                    read[file] = left
    for file, statements in read.items():
        write = write_python if file.endswith(".py") else write_typescript
        (folder / file).write_text(write(statements), encoding="utf-8")


def _module(file: str) -> str:
    return file.removesuffix(".ts") if file.endswith(".ts") else file.removesuffix(".py").replace("/", ".")


def _source(file: str, source: str) -> str:
    """The module that an import names."""
    if file.endswith(".py"):
        return source
    return str((Path("/") / file).parent.joinpath(source.strip('"').removesuffix(".js")).resolve())[1:]


def _cut(folder: Path, files: Iterable[str], wanted: Wanted) -> None:
    """Leave out the marked parts of something else, and what leads to files that are not there."""
    lost = [file for file in files if not (folder / file).exists() and file not in REPLACED]
    gone = [f"{mark}{Path(file).name}" for file in lost if file.startswith("docs/") for mark in "(/"]
    gone += [f"`{file}`" for file in lost]
    if not wanted.benchmarks:
        gone += ["make bench"]
    for file in files:
        path = folder / file
        if not path.exists() or is_generated(file):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        new = without_parts(text, wanted.parts)
        if file.endswith(".md"):
            new = without_links(new, gone)
        if new != text:
            path.write_text(new, encoding="utf-8")


def _rename(folder: Path, file: str, wanted: Wanted) -> None:
    path = folder / file
    if not file.startswith(AS_IT_IS):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return
        path.write_text(renamed(text, wanted.name, wanted.title), encoding="utf-8")
    target = folder / renamed(file, wanted.name, wanted.title)
    if target != path:
        path.rename(target)
