"""New projects: every file is claimed, wrong arguments are refused, and what comes out is whole and says nothing of
what was left out."""

import faulthandler
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from tests.conftest import THOROUGH, WORKER
from tests.support.copies import HOME, Copy
from tools.project import new
from tools.project.names import OURS
from tools.project.origin import Origin
from tools.project.parts import BEGIN, END, LINE, without_parts
from tools.project.samples import (
    BENCHMARKS,
    CHILD,
    HOUSE,
    MADE,
    MEASURED,
    NEED_ALL,
    ORIGIN,
    SAMPLES,
    SHARED,
    files_of,
    owners,
    with_needs,
    words_of,
)
from tools.project.tree import OWN_ENTITIES, Wanted, git, is_generated, tracked, write_tree

pytestmark = pytest.mark.skipif(not (HOME / ".git").exists(), reason="a copy has no commits")
NAMED_AFTER_ALL = (
    "LICENSE",
    "docs/UPGRADING.md",
    "tools/project/",
    "README.md",
)  # they say where it comes from
EACH = ["none", *SAMPLES, CHILD, "all"]


def texts(folder: Path) -> dict[str, str]:
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not {".git", "node_modules", "dist"} & set(path.parts):
            try:
                found[str(path.relative_to(folder))] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return found


def mentions(folder: Path, samples: set[str], name: str = "ledger") -> list[str]:
    """What the project still says of what was left out, of marks, and of our name."""
    about = words_of({*SAMPLES, CHILD} - samples)
    said = []
    for file, text in texts(folder).items():
        if file.startswith(OWN_ENTITIES) or file.endswith("package-lock.json"):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            is_mark = BEGIN.match(line) or END.match(line) or LINE.search(line)
            is_named = OURS in line.lower() and not file.startswith(NAMED_AFTER_ALL)
            if about.search(line) or (is_mark and not file.startswith("tools/")) or is_named:
                said.append(f"{file}:{number}: {line.strip()}")
    return said


# What belongs to what


def test_every_file_is_claimed_by_exactly_one() -> None:
    """By the house, the benchmarks, this repository, a sample; by several samples only if it is listed."""
    claims = {file: owners(file) for file in tracked()}
    shared = {file for file, names in claims.items() if len(names) > 1}

    assert shared == {*NEED_ALL, *SHARED}
    kinds = {HOUSE, BENCHMARKS, ORIGIN, *SAMPLES}
    assert [file for file, names in claims.items() if not names <= kinds] == []
    assert [file for file in shared if not claims[file] <= SAMPLES.keys()] == []


def test_what_is_claimed_is_there() -> None:
    files = set(tracked())
    for sample in SAMPLES.values():
        for entity in sample.entities:
            assert {f"api/models/{entity.singular}.py", f"api/routers/{entity.plural}.py"} <= files
    listed = {*NEED_ALL, *chain.from_iterable(sample.files for sample in SAMPLES.values())}
    assert listed <= files
    assert all(set(sample.needs) <= SAMPLES.keys() for sample in SAMPLES.values())
    assert len(set.union(*map(files_of, SAMPLES.values()))) == sum(
        len(files_of(one)) for one in SAMPLES.values()
    )


def test_every_marked_part_names_something_and_ends() -> None:
    known = {*SAMPLES, CHILD, BENCHMARKS, ORIGIN, MADE}
    found = set()
    for file in tracked():
        if file.startswith(("tools/project/", "docs/new_project.md", "tests/project/test_new")):
            continue
        try:
            text = (HOME / file).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        without_parts(text, known)
        for line in text.splitlines():
            if mark := BEGIN.match(line) or LINE.search(line):
                found |= {name.strip() for name in re.split(",| or ", mark["names"])}
    assert found
    assert found <= known


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (set[str](), "a\nd\nf\n"),
        ({"notes"}, "a\nb\nd\n"),
        ({"tasks"}, "a\nd\ne\nf\n"),
        ({"notes", "tasks"}, "a\nb\nc\nd\ne\n"),
    ],
)
def test_parts_are_kept_by_what_they_name(wanted: set[str], left: str) -> None:
    text = (
        "a\n# part: notes\nb\nc  # part: tasks\n# end of part\nd\n"
        "<!-- part: tasks -->\ne\n<!-- end of part -->\nf  // part: without notes\n"
    )
    assert without_parts(text, wanted) == left


# Refusals


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Ledger"], "such as ledger"),
        (["my-ledger"], "such as myledger"),
        (["my_ledger"], "such as myledger"),
        (["2ledger"], "such as ledger"),
        (["ledger app"], "such as ledgerapp"),
        (["l"], "begins with a letter"),
        (["börse"], "such as brse"),
        (["a;rm -rf"], "such as armrf"),
        (["x" * 21], "at most 20 characters"),
        (["api"], "The name api is taken"),
        (["tests"], "The name tests is taken"),
        (["class"], "The name class is taken"),
        (["postgres"], "The name postgres is taken"),
        (["switch"], "The name switch is taken"),
        ([OURS], "is that of this project"),
        (["ledger", "--with", "nothing"], "There is no sample nothing. Choose of tasks, notes"),
        (["ledger", "--with", "task"], "There is no sample task"),
        (["ledger", "--with", "tasks;notes"], "There is no sample tasks;notes"),
        (["ledger", "--title", 'L"edger'], "A title has at most 40"),
        (["ledger", "--title", "Led\nger"], "A title has at most 40"),
        (["ledger", "--title", "x" * 41], "A title has at most 40"),
        (["ledger", "--title", " "], "A title has at most 40"),
        (["full"], "exists already"),
        (["file"], "exists already"),
        (["ledger", "--colour", "red"], "unrecognized arguments"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_written(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(SystemExit) as ended:
        new.main(["new", str(tmp_path / words[0]), *words[1:]])

    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_project_within_this_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        new.main(["new", str(HOME / "ledger")])
    assert "Choose a folder beside it: ../ledger" in capsys.readouterr().err
    assert not (HOME / "ledger").exists()


def test_the_help_shows_examples() -> None:
    command = [sys.executable, "-m", "api", "new", "--help"]
    shown = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True).stdout
    assert "python -m api new ../ledger --with tasks,notes" in shown
    assert all(name in shown for name in SAMPLES)


def test_the_benchmarks_measure_only_samples_that_come_with_them() -> None:
    about = words_of(SAMPLES.keys() - with_needs(MEASURED))
    files = [file for file in tracked() if owners(file) == {BENCHMARKS} and file.endswith((".py", ".lua"))]
    assert files
    assert [file for file in files if about.search((HOME / file).read_text(encoding="utf-8"))] == []


# Whole projects


@pytest.mark.heavy
@pytest.mark.parametrize("samples", EACH)
def test_the_files_of_a_project_are_clean_and_say_nothing_of_the_rest(samples: str, tmp_path: Path) -> None:
    chosen = new.chosen(samples)
    folder = tmp_path / "ledger"
    folder.mkdir()
    write_tree(folder, Wanted("ledger", "Ledger", frozenset(chosen), benchmarks=False))
    new.tidy(folder)

    said = mentions(folder, with_needs(chosen))
    assert [one for one in said if not is_generated(one.partition(":")[0].replace("ledger", OURS))] == []
    new.run(folder, "ruff", "check", "-q", "--no-cache", ".")


@pytest.mark.heavy
@pytest.mark.parametrize("samples", EACH if THOROUGH else ["none", "all"])
def test_a_project_is_made_and_its_own_tests_pass(samples: str, tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    faulthandler.cancel_dump_traceback_later()  # it takes longer than a test should
    words = ["--title", "The Ledger", "--with", samples, "--no-client"]
    subprocess.run([sys.executable, "-m", "api", "new", str(folder), *words], cwd=HOME, check=True)

    assert Origin.read(folder).samples == sorted(new.chosen(samples))
    log = git("log", "--format=%s%n%b", "main", folder=folder)
    assert log.startswith("Begin with Onefold")
    assert Origin.read(folder).commit in log
    assert git("rev-parse", "main", folder=folder) == git("rev-parse", "upstream", folder=folder)
    assert git("status", "--porcelain", folder=folder) == ""
    assert len([*(folder / "alembic/versions").glob("*.py")]) == 1
    assert '"title": "The Ledger"' in (folder / "openapi.json").read_text()
    assert mentions(folder, with_needs(new.chosen(samples))) == []
    copy = Copy(folder, f"new_{WORKER}")
    copy.check()
    said = copy.test(
        *(
            "tests/project/test_migrations.py",
            "tests/project/test_documents.py",
            "tests/project/test_readme.py",
        ),
        *("tests/project/test_demo.py", "tests/promises/test_conformance.py", "tests/resources/test_me.py"),
        *("-m", "not heavy"),
        *(() if THOROUGH else ("-k", "not postgresql")),
        timeout=1200,
    )
    assert " PASSED" in said
