"""A new entity is new files and nothing else: what belongs to it stands in them, and is found."""

import re
from pathlib import Path

import pytest

from tests.conftest import THOROUGH
from tests.project.test_readme import section
from tests.support.copies import HOME, PROMISES, Copy

FILES = {
    "api/models/kite.py": '''
"""Kites: who flies which."""

from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Owned, Permission, Update, listed
from api.models.types import Flag, Line


class KitePermission(Permission):
    read = "kites:read"
    write = "kites:write"


class KiteBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {"colour": "crimson"}

    colour: Line = Field(min_length=1, max_length=50)
    lift: float = 1.5


class KiteCreate(KiteBase, Create): ...


class KiteUpdate(KiteBase, Update): ...


class KitePublic(KiteBase, Owned, Entity):
    flying: Flag = Field(default=False, description="Whether it is in the air.")


class Kite(KitePublic, table=True):
    __live__ = ("created", "updated", "deleted")
    __table_args__ = listed("owner_id", by=("id",))
''',
    "api/routers/kites.py": '''
"""What flies."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.db import SessionDep
from api.deps import CallerId, CurrentUser, mine, owned, scope_values, within
from api.flows.notifications import notify
from api.lists import Page, PageQuery, paginate
from api.models.base import utcnow
from api.models.kite import Kite, KiteCreate, KitePermission, KitePublic, KiteUpdate
from api.models.notification import NotificationKind
from api.problems import EXCEPTIONS, ProblemCode, ProblemError, problems
from api.web import Router

router = Router(prefix="/kites", tags=["kites"])

MINE = mine(Kite)
GovernedKite = Annotated[Kite, Depends(owned(Kite, unless=KitePermission.write))]
VisibleKite = Annotated[Kite, Depends(owned(Kite, unless=KitePermission.read))]


class KiteCode(ProblemCode):
    no_wind = "no_wind", 409, "There is no wind."


class KiteError(Exception): ...


EXCEPTIONS[KiteError] = KiteCode.no_wind


class KiteNotificationKind(NotificationKind):
    landed = "kite.landed"


class KiteQuery(PageQuery[Kite]):
    sort: Literal["id"] = "id"


@router.get("")
async def list_kites(
    session: SessionDep, user: CurrentUser, query: Annotated[KiteQuery, Query()]
) -> Page[KitePublic]:
    return await paginate(session, query, within(user, MINE, KitePermission.read), **scope_values(user))


@router.post("", status_code=201)
async def create_kite(session: SessionDep, caller: CallerId, body: KiteCreate) -> KitePublic:
    kite = Kite.model_validate(body, update={"owner_id": caller, "flying": True})
    session.add(kite)
    return kite


@router.get("/{id}")
async def get_kite(kite: VisibleKite) -> KitePublic:
    return kite


@router.patch("/{id}")
async def update_kite(kite: GovernedKite, body: KiteUpdate) -> KitePublic:
    return body.apply(kite)


@router.delete("/{id}", status_code=204)
async def delete_kite(session: SessionDep, kite: GovernedKite) -> None:
    await session.delete(kite)


@router.put("/{id}/landing", responses=problems(KiteCode.no_wind))
async def land_kite(session: SessionDep, kite: GovernedKite) -> KitePublic:
    if not kite.flying:
        raise ProblemError(KiteCode.no_wind)
    if kite.lift < 0:
        raise KiteError("It only falls.")
    notify(session, kite.owner_id, KiteNotificationKind.landed, "Your kite has landed.", kite)
    return kite.sqlmodel_update({"flying": False, "updated_at": utcnow()})
''',
    "api/seeds/demo/kites.py": '''
"""What flies above it."""

from collections.abc import Iterator

from api.models.kite import Kite
from api.seeds.demo import Demo


def kites(demo: Demo) -> Iterator[Kite]:
    for name, colour in {"maria": "white", "noah": "blue"}.items():
        yield Kite(colour=colour, owner_id=demo.user(name))


ROWS = {Kite: kites}
''',
    "tests/test_kites.py": """
import pytest

from api.models.role import seeded_permissions
from api.seeds.first_start import seed_demo
from tests.support.described import DOCUMENT
from tests.support.listening import take
from tests.support.make import make

SCHEMAS = DOCUMENT["components"]["schemas"]
PATHS = DOCUMENT["paths"]


def test_the_document_shows_it():
    assert "no_wind" in SCHEMAS["Code"]["enum"]
    assert SCHEMAS["NoWindProblem"]["properties"]["code"]["const"] == "no_wind"
    assert "kites:read" in SCHEMAS["Permission"]["enum"]
    assert "kite.landed" in SCHEMAS["NotificationKind"]["enum"]
    assert "kites" in SCHEMAS["Topic"]["enum"]
    assert {"$ref": "#/components/schemas/KiteEvent"} in SCHEMAS["LiveEvent"]["oneOf"]
    assert {"name": "kites", "description": "What flies."} in DOCUMENT["tags"]
    sent = PATHS["/api/v1/kites"]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert sent == {"colour": "crimson", "lift": 1.5}
    assert "`kites:read`" in PATHS["/api/v1/kites/{id}"]["get"]["description"]


@pytest.mark.anyio
async def test_roles_permit_it(admin, ada, person):
    kite = await make(ada, "/kites", colour="red")
    assert "kites:read" in seeded_permissions("staff")
    assert (await (await person(role="staff")).get(f"/kites/{kite['id']}")).json() == kite
    assert (await (await person()).get(f"/kites/{kite['id']}")).status_code == 404
    made = await make(admin, "/roles", name="pilot", permissions=["kites:read"])
    assert made["permissions"] == ["kites:read"]
    assert (await (await person(role="pilot")).get("/kites")).json()["items"] == [kite]
    unknown = {"name": "crew", "permissions": ["kites:fly"]}
    assert (await admin.post("/roles", json=unknown)).status_code == 422


@pytest.mark.anyio
async def test_listeners_hear_of_it(site, ada):
    async with site.listen("sse", ada, "kites,notifications") as listening:
        kite = await make(ada, "/kites", colour="red")
        landed = (await ada.put(f"/kites/{kite['id']}/landing")).json()
        heard = await take(listening, 3)
        again = await ada.put(f"/kites/{kite['id']}/landing")
    events = {one["kind"]: one["data"] for one in heard}
    assert (again.status_code, again.json()["code"]) == (409, "no_wind")
    assert (events["kite.created"], events["kite.updated"]) == (kite, landed)
    notified = events["notification.created"]
    assert (notified["kind"], notified["entity_id"]) == ("kite.landed", kite["id"])
    assert (await ada.get("/notifications", params={"kind": "kite.landed"})).json()["items"] != []


@pytest.mark.anyio
async def test_the_demo_has_some(database, settings, admin):
    await seed_demo(database, settings)
    kites = (await admin.get("/kites")).json()["items"]
    assert sorted(kite["colour"] for kite in kites) == ["blue", "white"]
""",
}
TABLE = re.findall(r"^\|.*\|$", section("Beside the entity", (HOME / "CONTRIBUTING.md").read_text()), re.M)


@pytest.mark.heavy
def test_what_belongs_to_an_entity_is_found_in_its_own_files(tmp_path: Path) -> None:
    copy = Copy.of_code(tmp_path, "extending")
    for name, text in FILES.items():
        assert not (copy.folder / name).exists(), "it would not be a new file"
        (copy.folder / name).write_text(text.lstrip())
    copy.write_migration("kites")

    promises = [f"tests/promises/test_{name}.py" for name in PROMISES]
    said = copy.test("tests/test_kites.py", *(promises if THOROUGH else ("-k", "not postgresql")))

    assert said.count("tests/test_kites.py::") == said.count(" PASSED") == 4 or THOROUGH, said
    if THOROUGH:
        assert re.search(r"test_conformance.py::.*kites.* PASSED", said), said
        copy.run("ruff", "check", *FILES)


@pytest.mark.parametrize(
    "code", [code for row in TABLE for code in re.findall(r"`([^`]+)`", row) if not code.startswith("api/")]
)
def test_what_the_page_shows_is_what_these_files_say(code: str) -> None:
    assert code in " ".join(" ".join(FILES.values()).split())
