"""What roles promise: a closed list of permissions, granted by role, and no way to lock everybody out."""

import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from api.db.engine import Database
from api.models.base import Permission
from api.models.role import Role
from api.seeds.first_start import seed
from api.settings import Settings
from tests.conftest import MakePerson
from tests.support.people import Person

pytestmark = pytest.mark.anyio

CLERK = {"name": "clerk", "description": "Keeps the books.", "permissions": ["users:read", "slots:write"]}


async def role_id(person: Person, name: str) -> str:
    page = (await person.get("/roles", params={"q": name})).json()
    return str(next(role["id"] for role in page["items"] if role["name"] == name))


async def test_the_built_in_roles_are_there(ada: Person) -> None:
    page = (await ada.get("/roles", params={"sort": "name", "order": "asc"})).json()
    admin, staff, user = page["items"]

    assert (admin["name"], staff["name"], user["name"]) == ("admin", "staff", "user")
    not_for_staff = {"activity:read", "users:write", "users:impersonate", "roles:write"}
    assert set(admin["permissions"]) - set(staff["permissions"]) == not_for_staff
    assert user["permissions"] == []


async def test_a_role_reads_back_as_it_was_written(admin: Person) -> None:
    created = await admin.post("/roles", json=CLERK)

    assert created.status_code == 201
    assert created.headers["location"] == f"/api/v1/roles/{created.json()['id']}"
    assert created.json() | CLERK | {"permissions": ["slots:write", "users:read"]} == created.json()
    assert (await admin.get(f"/roles/{created.json()['id']}")).json() == created.json()


async def test_a_changed_role_counts_at_once(admin: Person, person: MakePerson) -> None:
    id = (await admin.post("/roles", json=CLERK)).json()["id"]
    clerk = await person(role="clerk")
    assert (await clerk.get("/users")).status_code == 200

    assert (await admin.patch(f"/roles/{id}", json={"permissions": []})).status_code == 200

    assert (await clerk.get("/users")).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Clerk"},
        {"name": "c"},
        {"name": ""},
        {"permissions": ["everything"]},
        {"permissions": None},
        {"id": "x"},
    ],
)
async def test_a_bad_role_is_refused(admin: Person, body: dict[str, Any]) -> None:
    assert (await admin.post("/roles", json=CLERK | body)).status_code == 422


async def test_a_name_is_given_once(admin: Person) -> None:
    await admin.post("/roles", json=CLERK)

    answer = await admin.post("/roles", json=CLERK)

    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (409, ["body", "name"])


async def test_only_roles_write_changes_roles(person: MakePerson, admin: Person) -> None:
    staff, id = await person(role="staff"), await role_id(admin, "user")

    assert (await staff.post("/roles", json=CLERK)).status_code == 403
    assert (await staff.patch(f"/roles/{id}", json={"description": "x"})).status_code == 403
    assert (await staff.delete(f"/roles/{id}")).status_code == 403


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("admin", {"permissions": []}),
        ("admin", {"name": "boss"}),
        ("user", {"name": "people"}),
        ("staff", {"name": "crew"}),
    ],
)
async def test_built_in_roles_keep_what_the_house_stands_on(
    admin: Person, name: str, change: dict[str, Any]
) -> None:
    id = await role_id(admin, name)

    assert (await admin.patch(f"/roles/{id}", json=change)).json()["code"] == "role_protected"
    assert (await admin.delete(f"/roles/{id}")).json()["code"] == "role_protected"
    assert (await admin.patch(f"/roles/{id}", json={"description": "Mine."})).status_code == 200


async def test_a_role_in_use_stays(admin: Person, person: MakePerson) -> None:
    id = (await admin.post("/roles", json=CLERK)).json()["id"]
    clerk = await person(role="clerk")
    assert (await admin.delete(f"/roles/{id}")).json()["code"] == "role_in_use"

    await admin.patch(f"/users/{clerk.id}", json={"role": "user"})

    assert (await admin.delete(f"/roles/{id}")).status_code == 204
    assert (await admin.get(f"/roles/{id}")).status_code == 404


async def test_nobody_makes_a_role_stronger_than_their_own(admin: Person, person: MakePerson) -> None:
    await admin.post("/roles", json={"name": "warden", "permissions": ["roles:write"]})
    clerk_id = (await admin.post("/roles", json=CLERK)).json()["id"]
    warden = await person(role="warden")

    assert (
        await warden.post("/roles", json={"name": "own", "permissions": ["roles:write"]})
    ).status_code == 201
    assert (
        await warden.post("/roles", json={"name": "more", "permissions": ["users:write"]})
    ).status_code == 403
    own = await role_id(warden, "own")
    assert (await warden.patch(f"/roles/{own}", json={"permissions": ["users:write"]})).status_code == 403
    assert (await warden.get(f"/roles/{own}")).json()["permissions"] == ["roles:write"]
    assert (await warden.patch(f"/roles/{clerk_id}", json={"permissions": []})).status_code == 403
    assert (await warden.delete(f"/roles/{clerk_id}")).status_code == 403


async def permissions_of(database: Database, name: str, stored: list[str] | None = None) -> list[str]:
    """What a role permits; first replaced by these, as another version of the app may have stored them."""
    async with database.write() as session, session.begin():
        if stored is not None:
            set_to = text("UPDATE roles SET permissions = :stored WHERE name = :name")
            await (await session.connection()).execute(set_to, {"stored": json.dumps(stored), "name": name})
        role = (await session.exec(select(Role).where(Role.name == name))).one()
        return list(map(str, role.permissions))


async def test_the_admin_may_do_what_a_new_version_declares(database: Database, settings: Settings) -> None:
    assert await permissions_of(database, "admin", ["users:read"]) == ["users:read"]
    assert await permissions_of(database, "staff", ["users:read"]) == ["users:read"]

    await seed(database, settings)

    assert await permissions_of(database, "admin") == Permission.members()
    assert await permissions_of(database, "staff") == ["users:read"]  # which administrators change


async def test_a_permission_that_nothing_declares_any_more_permits_nothing(
    database: Database, ada: Person, staff: Person
) -> None:
    await permissions_of(database, "staff", ["users:read", "dragons:tame"])

    assert await permissions_of(database, "staff") == ["users:read"]
    assert (await staff.get("/users")).status_code == 200
    roles = (await ada.get("/roles")).json()["items"]
    assert [role["permissions"] for role in roles if role["name"] == "staff"] == [["users:read"]]
