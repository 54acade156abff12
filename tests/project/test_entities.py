"""The suite takes entities of every kind: those in tests/support/entities are added to a copy of the
project, in which it runs without a line that names them. One that the project has itself stays out."""

import re
import shutil
from pathlib import Path

import pytest

from api.models.base import tables
from tests.conftest import THOROUGH, WORKER
from tests.support.copies import HOME, PROMISES, Copy

ENTITIES = HOME / "tests/support/entities"


OURS = {model.__name__ for model in tables() if model.__module__.startswith("api.models.")}


def is_taken(model: Path) -> bool:
    names = re.findall(r"^class (\w+)\(.*table=True", model.read_text(), re.M)
    return not OURS.isdisjoint(names) or (HOME / "api/models" / model.name).exists()


def needs(file: Path, models: set[str]) -> bool:
    return not models.isdisjoint(re.findall(r"^from api\.models\.(\w+) import", file.read_text(), re.M))


MODELS, ROUTERS = (sorted((ENTITIES / part).glob("*.py")) for part in ("models", "routers"))
TAKEN = {file.stem for file in MODELS if is_taken(file)}
LEFT_OUT = TAKEN | {file.stem for file in MODELS if needs(file, TAKEN)}
ADDED = [file for file in MODELS if file.stem not in LEFT_OUT]
ADDED += [file for file in ROUTERS if not needs(file, LEFT_OUT)]
COLLECTIONS = sorted(file.stem for file in ADDED if file in ROUTERS)

ORDINARY_ONLY = {"activity", "admin"}  # whose proofs do not understand some of these kinds

pytestmark = pytest.mark.skipif(not THOROUGH, reason="it runs the suite on a copy of the project: make fuzz")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    copy = Copy.of_code(tmp_path, f"entities_{WORKER}")
    for file in ADDED:
        there = tmp_path / "api" / file.relative_to(ENTITIES)
        assert not there.exists(), f"{file.name} would replace one of the project"
        shutil.copy(file, there)
    written = copy.write_migration("entities of every kind")
    # Of a type that is made of JSON, the migration names the class, which it does not import.
    text = re.sub(r"api\.models\.\w+\.\w+\((.*?)\)", r"sa.JSON(\1)", written.read_text())
    written.write_text(text)
    return copy


@pytest.mark.parametrize("engine", ["postgresql", "not postgresql"])
def test_the_suite_takes_entities_of_every_kind(copy: Copy, engine: str) -> None:
    files = [f"tests/promises/test_{name}.py" for name in PROMISES if name not in ORDINARY_ONLY]
    files += ["tests/promises/test_hostile.py"]
    wanted = " or ".join(["differences", *COLLECTIONS, *(name.replace("_", "-") for name in COLLECTIONS)])

    said = copy.test(*files, "-k", f"({wanted}) and {engine}", timeout=1200, THOROUGH="1")

    for name in COLLECTIONS:
        proof = rf"test_access\.py::test_every_caller_gets.*-{name.replace('_', '-')}\S* PASSED"
        assert re.search(proof, said), name
    for name, how in {"stamps": "XFAIL", "tickets": "PASSED"}.items():
        shown = re.search(rf"test_a_deleted_row_is_gone\[\w+-{name}\] {how}", said)
        assert shown or name not in COLLECTIONS, said


def test_entities_of_every_kind_have_complete_types(copy: Copy) -> None:
    copy.run("mypy", "api")
    copy.run("ruff", "check", "api")
    copy.test("tests/project/test_migrations.py", "-k", "models_and_migrations")


@pytest.mark.skipif("stamps" not in COLLECTIONS, reason="the project has stamps itself")
def test_an_entity_that_keeps_its_promise_after_all_has_to_say_so(copy: Copy) -> None:
    router = copy.folder / "api/routers/stamps.py"
    before = router.read_text()
    deleting = "async def give_away_stamp(session: SessionDep, stamp: MyStamp) -> None:\n"
    deleting += "    await session.delete(stamp)\n"
    router.write_text(re.sub(r"async def give_away_stamp.*", deleting, before, flags=re.S))
    file, name = "tests/promises/test_conformance.py", "a_deleted_row_is_gone and stamps"

    with pytest.raises(AssertionError, match=r"XPASS\(strict\)"):
        copy.test(file, "-k", name)
    router.write_text(before)
    copy.test(file, "-k", name)
