"""The suite takes entities of every kind: those in tests/support/entities are added to a copy of the
project, in which it runs without a line that names them."""

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import THOROUGH, WORKER
from tests.support.copies import HOME, PROMISES, Copy

ENTITIES = HOME / "tests/support/entities"
COLLECTIONS = sorted(file.stem for file in (ENTITIES / "routers").glob("*.py"))

pytestmark = pytest.mark.skipif(not THOROUGH, reason="it runs the suite on a copy of the project: make fuzz")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    copy = Copy.of_code(tmp_path, f"entities_{WORKER}")
    for part in ("models", "routers"):
        for file in (ENTITIES / part).glob("*.py"):
            there = tmp_path / "api" / part / file.name
            assert not there.exists(), f"{file.name} would replace one of ours"
            shutil.copy(file, tmp_path / "api" / part)
    written = copy.write_migration("entities of every kind")
    # Of a type that is made of JSON, the migration names the class, which it does not import.
    text = re.sub(r"api\.models\.\w+\.\w+\((.*?)\)", r"sa.JSON(\1)", written.read_text())
    written.write_text(text)
    return copy


def test_the_suite_takes_entities_of_every_kind(copy: Copy) -> None:
    files = [f"tests/promises/test_{name}.py" for name in PROMISES]
    files += ["tests/promises/test_hostile.py"]
    wanted = " or ".join(["differences", *COLLECTIONS, *(name.replace("_", "-") for name in COLLECTIONS)])

    said = copy.test(*files, "-k", wanted, timeout=1200, THOROUGH="1")

    for name in COLLECTIONS:
        proof = rf"test_access\.py::test_every_caller_gets.*-{name.replace('_', '-')}\S* PASSED"
        assert re.search(proof, said), name
    assert re.search(r"test_a_deleted_row_is_gone\[\w+-stamps\] XFAIL", said), said
    assert re.search(r"test_a_deleted_row_is_gone\[\w+-tickets\] PASSED", said), said


def test_entities_of_every_kind_have_complete_types(copy: Copy) -> None:
    copy.run("mypy", "api")
    copy.run("ruff", "check", "api")
    copy.test("tests/project/test_migrations.py", "-k", "models_and_migrations")


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
