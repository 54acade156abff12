"""The commands `entity`, `drop-entity` and `field`, on a copy of the project."""

import json
import re
import shlex
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import THOROUGH, WORKER
from tests.support.copies import HOME, PROMISES, Copy
from tools.entity.adopting import plan_of
from tools.entity.checks import check
from tools.entity.commands import entity_parser
from tools.entity.targets import snake

ENTITIES = {  # fields of every kind, references, also to itself, enums, and every flag; by the name of its collection
    "categories": "Category name:str:unique rank:int:index kind:old,import above:Category:optional --public --write categories:write --bulk",
    "clients": "Client name:str city:str:optional:index email:email:optional site:url:optional since:date:optional "
    "is_known:bool remark:text:optional weight:float:min=0 parent:Client:optional --owner team",
    "bills": "Bill number:str:unique:max=40 total:money status:draft,sent,in-progress client:Client "
    "payer:Client:optional kind:Category writer:User:optional paid_at:datetime:optional copies:int:default=1:max=9 meta:json "
    "replaces:Bill:optional --owner team --live --soft-delete --bulk --many Client",
    "lines": "BillLine text:str amount:money:max=1000 place:int:min=1:index ref:uuid:optional corrects:BillLine:optional --parent Bill --bulk",
}
MORE = {  # with THOROUGH=1
    "tags": "Tag name:str:unique:max=30",
    "articles": "Article title:str slug:str:unique body:text kind:news,story read_at:datetime:optional "
    "category:Category follows:Article:optional --public --bulk --soft-delete",
    "reviews": "Review text:text stars:int:min=1:max=5:index mood:good,bad writer:User:optional --parent Post",
    "papers": "Paper title:str author:User:optional category:Category pages:int:optional done:bool:index cites:Paper:optional --live --many Tag",
}
WANTED = ("conformance", "access", "audit", "contract", "differences")
REFUSED = """
entity
entity bill name:str
entity ../../etc/passwd name:str
entity Bill
entity Bill name
entity Bill name:strr
entity Bill name:str:uniq
entity Bill name:str:max=x
entity Bill name:str:min=9:max=3
entity Bill n:int:default=99999999999
entity Bill class:str
entity Bill metadata:json
entity Bill "name:str; rm -rf /"
entity Bill name:str name:text
entity Bill status:draft
entity Bill status:draft,sent:optional
entity Bill password_hash:str
entity Bill order:int:index
entity Bill customer:Customerr
entity Bill bill:Bill
entity Bill name:str bill:Bill:unique
entity Bill note:Note --owner team
entity Bill name:str --parent Team
entity Bill name:str --parent Post --live
entity Bill name:str --owner nobody
entity Bill name:str --write everything
entity Bill name:str --colour red
entity Line name:str
entity Class name:str
entity Notification name:str
entity Event name:str
entity Role name:str
entity Member name:str --parent Group
entity Comment name:str --parent Post
drop-entity
drop-entity Task
drop-entity ../x
field Task
field Nothing a:str:optional
field Task description:str:optional
field Task a:str
field Task a:str:unique:optional
field Task a:Note:optional
field Event a:str:optional
"""
FREE = (
    "Order OrderLine Item Customer Invoice Message Article Book Ticket Project Category Address Employee Room"
)
MIGRATIONS = "models_and_migrations or up_and_down"
CIRCLES = """
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from api.db.engine import Database
from api.models import folder  # not `from api.models.folder`, by which drop-entity finds who needs it
from tests.support.people import Person

Folder = folder.Folder
pytestmark = pytest.mark.anyio


@pytest.fixture
async def ring(ada: Person) -> list[str]:
    ids: list[Any] = [None]
    for _ in range(3):
        made = await ada.post("/folders", json={"name": "Ring", "parent_id": ids[-1]})
        ids.append(made.json()["id"])
    closed = await ada.patch(f"/folders/{ids[1]}", json={"parent_id": ids[3]})
    assert closed.status_code == 200, closed.text
    return ids[1:]


async def test_no_row_is_above_itself(ada: Person, ring: list[str], database: Database) -> None:
    first, second, _ = ring
    one, all = f"/folders/{first}", f"/folders?parent_id={first}"  # `all` is the second
    for path, parent in ((one, first), (all, second)):
        refused = await ada.patch(path, json={"parent_id": parent})
        assert (refused.status_code, refused.json()["errors"][0]["type"]) == (422, "own_reference")
    with pytest.raises(IntegrityError, match="ck_folders_parent_is_another"):
        async with database.write() as session, session.begin():
            itself = update(Folder).where(col(Folder.id) == UUID(first)).values(parent_id=UUID(first))
            await session.exec(itself)


async def test_a_ring_is_read_and_deleted(ada: Person, ring: list[str]) -> None:
    first, second, third = ring
    shown = {one["id"]: one["parent"]["id"] for one in (await ada.get("/folders")).json()["items"]}
    assert shown == {first: third, second: first, third: second}

    assert (await ada.delete(f"/folders/{first}")).status_code == 204

    assert (await ada.get(f"/folders/{second}")).json()["parent"] is None
    assert (await ada.get(f"/folders/{third}")).json()["parent"]["id"] == second


async def test_a_ring_is_deleted_at_once(ada: Person, ring: list[str]) -> None:
    deleted = await ada.delete("/folders", params={"q": "ring"})

    assert (deleted.status_code, deleted.json()) == (200, {"count": 3}), deleted.text
    assert (await ada.get("/folders")).json()["items"] == []
"""
RUN = """
import json, sys
from tools.entity.commands import main
print(json.dumps([main(words) for words in json.loads(sys.argv[1])]))
"""


def is_taken(name: str) -> bool:
    """Whether the project has an entity of this name, as that of a product may."""
    return (HOME / f"api/models/{snake(name)}.py").exists()


def needs(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(any(map(is_taken, names)), reason=f"the project has one of {', '.join(names)}")


def writable(entities: dict[str, str]) -> dict[str, str]:
    """Those whose names are free, and that refer to what is there or to each other."""
    found: dict[str, str] = {}
    known = {one for one in ("User", "Post") if is_taken(one)}
    for collection, command in entities.items():
        name, *named = re.findall(r"\b[A-Z]\w+", command)
        if not is_taken(name) and known | {name} >= set(named):
            known.add(name)
            found[collection] = command
    return found


pytestmark = pytest.mark.heavy


def is_kept(file: Path) -> bool:
    return file.is_file() and not {"__pycache__", ".pytest_cache"} & set(file.parts)


def tree(copy: Copy) -> dict[str, str]:
    """A checksum of every file, by path."""
    files = [file for file in copy.folder.rglob("*") if is_kept(file)]
    return {str(file.relative_to(copy.folder)): sha256(file.read_bytes()).hexdigest() for file in files}


def run(copy: Copy, command: str) -> str:
    return copy.run("api", *shlex.split(command))


def refused(copy: Copy, commands: list[str]) -> list[tuple[int, str]]:
    """The exit code of each command, and what it said, from one process."""
    done = copy.end("-c", RUN, json.dumps([shlex.split(command) for command in commands]))
    assert done.returncode == 0, done.stderr
    said = done.stderr.splitlines()
    assert len(said) == len(commands), "each is refused with one sentence"
    return list(zip(json.loads(done.stdout.splitlines()[-1]), said, strict=True))


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy.of_everything(tmp_path, f"entity_{WORKER}")


def test_what_is_written_keeps_every_promise(copy: Copy) -> None:
    before = tree(copy)
    entities = writable(ENTITIES | (MORE if THOROUGH else {}))
    for command in entities.values():
        run(copy, f"entity {command}")
    ours = [name for name in tree(copy) if name not in before and name.startswith(("api/", "tests/"))]

    copy.run("ruff", "check", "--no-cache", *ours)
    copy.run("ruff", "format", "--no-cache", "--check", *ours)
    copy.run("mypy", *ours)
    assert len(ours) >= 4 * len(entities)
    for name in ours:
        assert len((copy.folder / name).read_text().splitlines()) <= 220
        assert not re.search("generated|python -m", (copy.folder / name).read_text())
    files = [f"tests/promises/test_{name}.py" for name in (PROMISES if THOROUGH else WANTED)]
    files += [name for name in ours if name.startswith("tests/")]
    files += [
        "tests/project/test_documents.py",
        "tests/project/test_demo.py",
        "tests/machinery/test_openapi.py",
        "tests/promises/test_requests.py",
    ]
    wanted = " or ".join([*entities, "resources", "variables", "document", "schemas", "list_of_what"])
    said = copy.test(*files, "-k", f"({wanted})", timeout=1800)
    for name in entities:
        assert re.search(rf"test_conformance\.py::.*{name}\S* PASSED", said), name
    copy.test("tests/project/test_migrations.py", "-k", "models_and_migrations", timeout=600)


@needs("Folder")
def test_rows_may_refer_to_each_other_but_not_to_themselves(copy: Copy) -> None:
    before = tree(copy)

    run(copy, "entity Folder name:str parent:Folder:optional --bulk")
    (copy.folder / "tests/resources/test_circles.py").write_text(CIRCLES)
    said = copy.test("tests/resources/test_circles.py", "tests/resources/test_folders.py")
    assert "PASSED" in said
    assert "SKIPPED" not in said
    copy.test("tests/project/test_migrations.py", "-k", MIGRATIONS, timeout=600)

    (copy.folder / "tests/resources/test_circles.py").unlink()
    run(copy, "drop-entity Folder")
    after = tree(copy)
    migrations = after.keys() - before.keys()
    assert len(migrations) == 2
    assert {name: after[name] for name in after.keys() - migrations} == before
    copy.test("tests/project/test_migrations.py", "-k", MIGRATIONS, timeout=600)


@needs("Bill")
def test_what_is_written_goes_without_a_trace(copy: Copy) -> None:
    before = tree(copy)

    run(
        copy,
        "entity Bill number:str:unique total:money due_on:date:optional status:draft,sent --live --soft-delete",
    )
    assert len(tree(copy)) == len(before) + 5
    router = copy.folder / "api/routers/bills.py"
    router.write_text(router.read_text() + "\n# Mine\n")
    said = run(copy, "drop-entity Bill")
    assert said.count("Deleted ") == 2
    assert "Left api/routers/bills.py: it was edited" in said
    assert (copy.folder / "api/models/bill.py").exists(), "the router needs it"
    run(copy, "drop-entity Bill --force")

    after = tree(copy)
    migrations = after.keys() - before.keys()
    assert len(migrations) == 2
    assert all(name.startswith("alembic/versions/") for name in migrations)
    assert {name: after[name] for name in after.keys() - migrations} == before
    copy.test("tests/project/test_migrations.py", "-k", MIGRATIONS, timeout=600)


@needs("Bill")
def test_what_cannot_be_written_is_refused_and_changes_nothing(copy: Copy) -> None:
    before = tree(copy)
    commands = REFUSED.strip().splitlines()

    for command, (code, said) in zip(commands, refused(copy, commands), strict=True):
        assert code == 2, command
        assert said.endswith(".") or "…" in said, f"{command}: {said}"
    assert tree(copy) == before
    done = copy.end("-m", "api", "entity", "Bill", "name:strr")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("`name:strr` has an unknown type")


@needs("Bookmark")
def test_a_model_that_exists_is_kept_and_fields_are_added(copy: Copy) -> None:
    model = copy.folder / "api/models/bookmark.py"
    by_hand = re.search(r"```python\n(\"\"\"Bookmarks.*?)```", (HOME / "README.md").read_text(), re.S)
    assert by_hand
    model.write_text(by_hand[1])

    shown = run(copy, "entity Bookmark --bulk --dry-run")
    assert "+router = Router(prefix" in shown
    assert not (copy.folder / "api/routers/bookmarks.py").exists()
    run(copy, "entity Bookmark --bulk")
    assert model.read_text() == by_hand[1]
    assert 'sort: Literal["id", "title"] = "id"' in (copy.folder / "api/routers/bookmarks.py").read_text()

    fields = "read_at:datetime:optional kind:page,film stars:int:default=3:max=5 more:json"
    shown = run(copy, f"field Bookmark {fields} price:money:default=1.50 label:str:default=new is_read:bool")
    assert "Wrote api/models/bookmark.py" in shown
    copy.run("ruff", "check", "--no-cache", "api/models", "api/routers")
    copy.test("tests/project/test_migrations.py", "-k", MIGRATIONS, timeout=600)
    said = copy.test(
        "tests/promises/test_conformance.py", "tests/resources/test_bookmarks.py", "-k", "bookmarks"
    )
    assert re.search(r"test_a_row_reads_as_it_was_written\[\w+-bookmarks\] PASSED", said), said

    run(copy, "drop-entity Bookmark")
    assert not (copy.folder / "api/routers/bookmarks.py").exists()
    assert model.exists(), "it was written by hand"


@pytest.mark.parametrize("name", [one for one in FREE.split() if not is_taken(one)])
def test_a_name_that_products_use_is_free(name: str) -> None:
    given = entity_parser().parse_intermixed_args([name, "name:str"])
    check(plan_of(given))
