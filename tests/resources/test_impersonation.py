"""Administrators act as a user: what they may do then, who sees it, and when it ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from jose import jwt
from sqlalchemy import text, update
from sqlmodel import col, select

from api.db.engine import Database
from api.deps.authentication import Caller
from api.flows.impersonation import impersonate
from api.flows.sign_outs import revoke_sessions
from api.models.base import Permission, utcnow
from api.models.role import Role
from api.models.user import User, UserPermission
from api.seeds.first_start import seed
from api.settings import Settings
from tests.conftest import MakePerson
from tests.promises.test_live_ends import SIGNED_OUT
from tests.resources.test_auth import code, refresh, sign_in
from tests.support.listening import OverError, Site, until_over
from tests.support.make import make
from tests.support.people import PASSWORD, Person

pytestmark = pytest.mark.anyio
only_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session")

IMPERSONATING = (403, "impersonating")
REFUSED = (403, "impersonation_refused")
ENDED = (401, "invalid_token")


async def permit(admin: Person, name: str, *permissions: str) -> str:
    role = await make(admin, "/roles", name=name, permissions=list(permissions))
    return str(role["id"])


@pytest.fixture
async def eve(admin: Person, person: MakePerson) -> Person:
    """Of support: may act as users, and read them."""
    await permit(admin, "support", "users:impersonate", "users:read")
    return await person(username="eve", role="support")


async def act_as(giver: Person, user: Person, app: FastAPI) -> Person:
    """The client of an administrator who acts as the user."""
    answer = await giver.post(f"/users/{user.id}/impersonation")
    assert answer.status_code == 201, answer.text
    acting = giver.through(app)
    acting.bear(answer.json())
    return acting


async def test_support_acts_as_a_user_for_a_while(app: FastAPI, eve: Person, ada: Person) -> None:
    answer = await eve.post(f"/users/{ada.id}/impersonation")

    tokens = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, "/api/v1/users/me")
    assert (tokens["expires_in"], tokens["refresh_token"], tokens["token_type"]) == (900, None, "bearer")
    assert "set-cookie" not in answer.headers, "the browser of the administrator is no device of the user"
    claims = jwt.get_unverified_claims(tokens["access_token"])
    assert (claims["sub"], claims["act"], claims["exp"] - claims["iat"]) == (ada.id, {"sub": eve.id}, 900)
    acting = eve.through(app)
    acting.bear(tokens)
    assert (await acting.get("/users/me")).json()["username"] == "ada"
    team = await make(acting, "/teams", name="Made for Ada")
    assert [one["id"] for one in (await ada.get("/teams")).json()["items"]] == [team["id"]]
    assert code(await acting.get("/users")) == (403, "forbidden"), "that is what Ada may do"
    assert (await eve.get("/users/me")).json()["username"] == "eve"


async def test_only_a_permission_of_its_own_allows_it(
    admin: Person, staff: Person, ada: Person, bob: Person
) -> None:
    for one in (staff, bob):
        assert code(await one.post(f"/users/{ada.id}/impersonation")) == (403, "forbidden")
    assert (await admin.post(f"/users/{ada.id}/impersonation")).status_code == 201


async def test_nobody_acts_as_somebody_with_more_permissions(
    admin: Person, staff: Person, eve: Person, person: MakePerson
) -> None:
    await permit(admin, "reader", "users:read")
    await permit(admin, "writer", "users:write")
    reader, writer = await person(role="reader"), await person(role="writer")

    assert (await eve.post(f"/users/{reader.id}/impersonation")).status_code == 201
    for more in (writer, staff, admin):
        assert code(await eve.post(f"/users/{more.id}/impersonation")) == REFUSED
    assert (await admin.post(f"/users/{eve.id}/impersonation")).status_code == 201


async def test_nobody_acts_as_themselves_nor_by_an_account_that_is_off_or_unknown(
    admin: Person, eve: Person, ada: Person
) -> None:
    assert code(await eve.post(f"/users/{eve.id}/impersonation")) == REFUSED
    nobody = await eve.post("/users/019a001d-057c-7498-888d-b925f47ba4f0/impersonation")
    assert code(nobody) == (404, "not_found")
    await admin.patch(f"/users/{ada.id}", json={"is_active": False})
    assert code(await eve.post(f"/users/{ada.id}/impersonation")) == REFUSED


async def test_who_acts_as_a_user_acts_as_nobody_else(
    app: FastAPI, admin: Person, eve: Person, ada: Person
) -> None:
    acting = await act_as(admin, eve, app)

    assert code(await acting.post(f"/users/{ada.id}/impersonation")) == IMPERSONATING


async def test_it_asks_for_a_recent_sign_in(
    eve: Person, ada: Person, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    passed = timedelta(minutes=settings.recent_sign_in_minutes + 1)
    monkeypatch.setattr("api.flows.recent_sign_ins.utcnow", lambda: utcnow() + passed)

    answer = await eve.post(f"/users/{ada.id}/impersonation")

    assert code(answer) == (403, "recent_sign_in_required")


NEW = {"current_password": PASSWORD}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/users/me/password", {**NEW, "new_password": "another horse entirely"}),
        ("POST", "/users/me/password/confirm", NEW),
        ("PUT", "/users/me/email", {**NEW, "email": "new@example.com"}),
        ("DELETE", "/users/me", None),
        ("GET", "/users/me/export", None),
        ("DELETE", "/auth/sessions", None),
        ("DELETE", "/auth/sessions/{own}", None),
        ("GET", "/teams/{team}/export", None),
        ("DELETE", "/teams/{team}", None),
    ],
)
async def test_only_the_user_does_what_cannot_be_taken_back(
    app: FastAPI, eve: Person, ada: Person, method: str, path: str, body: Any
) -> None:
    """Also with the right password."""
    team = await make(ada, "/teams", name="One")
    [own] = (await ada.get("/auth/sessions")).json()["items"]
    acting = await act_as(eve, ada, app)

    answer = await acting.request(method, path.format(own=own["id"], team=team["id"]), json=body)

    assert code(answer) == IMPERSONATING
    assert (await ada.get("/users/me")).status_code == 200
    assert (await acting.get("/users/me")).status_code == 200


async def test_who_acts_as_an_administrator_sets_no_passwords(
    app: FastAPI, admin: Person, ada: Person, person: MakePerson
) -> None:
    acting = await act_as(admin, await person(role="admin"), app)

    answer = await acting.patch(f"/users/{ada.id}", json={"password": "another horse entirely"})

    assert code(answer) == IMPERSONATING


async def test_the_user_sees_it_among_the_sign_ins(app: FastAPI, eve: Person, ada: Person) -> None:
    acting = await act_as(eve, ada, app)

    theirs, own = (await ada.get("/auth/sessions")).json()["items"]
    assert (own["impersonator"], own["current"], theirs["current"]) == (None, True, False)
    assert (theirs["impersonator"]["id"], theirs["impersonator"]["username"]) == (eve.id, "eve")
    began, ends = (datetime.fromisoformat(theirs[name]) for name in ("last_used_at", "expires_at"))
    assert ends - began == timedelta(minutes=15)
    assert (theirs["ip_address"], theirs["user_agent"]) == (None, None), "they are those of the administrator"
    assert [one["current"] for one in (await acting.get("/auth/sessions")).json()["items"]] == [True, False]
    assert [one["impersonator"] for one in (await eve.get("/auth/sessions")).json()["items"]] == [None]


# When it ends


class Case(NamedTuple):
    admin: Person
    eve: Person
    ada: Person
    acting: Person  # Eve as Ada
    client: AsyncClient


End = Callable[[Case], Awaitable[None]]


async def the_user_ends_it(of: Case) -> None:
    [theirs] = [one for one in (await of.ada.get("/auth/sessions")).json()["items"] if one["impersonator"]]
    assert (await of.ada.delete(f"/auth/sessions/{theirs['id']}")).status_code == 204


async def the_user_ends_all_others(of: Case) -> None:
    await of.ada.delete("/auth/sessions")


async def the_user_changes_the_password(of: Case) -> None:
    await of.ada.put("/users/me/password", json={**NEW, "new_password": "another horse entirely"})


async def the_user_is_deactivated(of: Case) -> None:
    await of.admin.patch(f"/users/{of.ada.id}", json={"is_active": False})


async def the_user_gets_another_role(of: Case) -> None:
    await of.admin.patch(f"/users/{of.ada.id}", json={"role": "staff"})
    assert (await of.ada.get("/users/me")).status_code == 200


async def the_role_of_the_user_gains_a_permission(of: Case) -> None:
    [role] = (await of.admin.get("/roles", params={"q": "customer"})).json()["items"]
    assert (
        await of.admin.patch(f"/roles/{role['id']}", json={"permissions": ["users:write"]})
    ).status_code == 200


async def who_acts_signs_out_of_it(of: Case) -> None:
    assert (await of.acting.post("/auth/logout")).status_code == 204
    assert (await of.eve.get("/users/me")).status_code == 200


async def the_administrator_signs_out(of: Case) -> None:
    await of.eve.post("/auth/logout")


async def the_administrator_signs_out_by_another_device(of: Case) -> None:
    phone = (await sign_in(of.client, "eve")).json()["access_token"]
    await of.client.delete("/auth/sessions", headers={"Authorization": f"Bearer {phone}"})


async def a_refresh_token_of_the_administrator_is_reused(of: Case) -> None:
    for _ in range(2):
        await refresh(of.client, of.eve.tokens["refresh_token"])


async def the_administrator_changes_the_password(of: Case) -> None:
    await of.eve.put("/users/me/password", json={**NEW, "new_password": "another horse entirely"})


async def the_administrator_is_deactivated(of: Case) -> None:
    await of.admin.patch(f"/users/{of.eve.id}", json={"is_active": False})


async def the_administrator_is_deleted(of: Case) -> None:
    assert (await of.admin.delete(f"/users/{of.eve.id}")).status_code == 204


async def the_administrator_gets_another_role(of: Case) -> None:
    await of.admin.patch(f"/users/{of.eve.id}", json={"role": "staff"})


async def the_role_of_the_administrator_loses_the_permission(of: Case) -> None:
    [role] = (await of.admin.get("/roles", params={"q": "support"})).json()["items"]
    await of.admin.patch(f"/roles/{role['id']}", json={"permissions": ["users:read"]})


ENDS: list[End] = [
    the_user_ends_it,
    the_user_ends_all_others,
    the_user_changes_the_password,
    the_user_is_deactivated,
    the_user_gets_another_role,
    the_role_of_the_user_gains_a_permission,
    who_acts_signs_out_of_it,
    the_administrator_signs_out,
    the_administrator_signs_out_by_another_device,
    a_refresh_token_of_the_administrator_is_reused,
    the_administrator_changes_the_password,
    the_administrator_is_deactivated,
    the_administrator_is_deleted,
    the_administrator_gets_another_role,
    the_role_of_the_administrator_loses_the_permission,
]


@pytest.mark.parametrize("end", ENDS)
async def test_it_ends_at_once_when(
    app: FastAPI, client: AsyncClient, admin: Person, eve: Person, person: MakePerson, end: End
) -> None:
    await permit(admin, "customer")
    ada = await person(username="ada", role="customer")
    acting = await act_as(eve, ada, app)
    assert (await acting.get("/teams")).status_code == 200

    await end(Case(admin, eve, ada, acting, client))

    for path in ("/users/me", "/teams"):
        assert code(await acting.get(path)) == ENDED


async def test_it_lasts_when_nothing_has_changed_that_allowed_it(
    app: FastAPI, client: AsyncClient, admin: Person, eve: Person, ada: Person
) -> None:
    phone = await sign_in(client, "eve")
    acting = await act_as(eve, ada, app)

    await refresh(client, eve.tokens["refresh_token"])
    await client.post("/auth/logout", headers={"Authorization": f"Bearer {phone.json()['access_token']}"})
    await eve.delete("/auth/sessions")
    [role] = (await admin.get("/roles", params={"q": "support"})).json()["items"]
    await admin.patch(f"/roles/{role['id']}", json={"description": "Helps."})
    other = await permit(admin, "bystander")
    assert (await admin.patch(f"/roles/{other}", json={"permissions": ["users:read"]})).status_code == 200
    await admin.patch(f"/users/{eve.id}", json={"first_name": "Eve", "role": "support"})

    assert (await acting.get("/users/me")).status_code == 200
    assert (await ada.get("/users/me")).status_code == 200


async def test_it_ends_when_an_upgrade_adds_a_permission_to_admin(
    app: FastAPI, database: Database, settings: Settings, admin: Person, person: MakePerson
) -> None:
    before = [one for one in Permission.members() if one != "roles:write"]
    async with database.write() as session, session.begin():
        await session.exec(update(Role).where(col(Role.name) == "admin").values(permissions=before))
        session.add(Role(name="deputy", permissions=before))
    acting = await act_as(await person(role="deputy"), admin, app)
    await seed(database, settings)

    assert code(await acting.get("/users/me")) == ENDED


@only_postgresql
async def test_it_waits_for_a_change_of_roles_that_has_begun(
    database: Database, eve: Person, ada: Person
) -> None:
    async with database.write() as session:
        async with session.begin():
            role = (await session.exec(select(Role).where(Role.name == "support"))).one()
            role.permissions = [UserPermission.read]
            await session.flush()
            asked = asyncio.create_task(eve.post(f"/users/{ada.id}/impersonation"))
            await until_waiting(database, asked)
        assert code(await asked) == (403, "forbidden")


@only_postgresql
async def test_it_waits_for_a_deactivation_that_has_begun(
    database: Database, eve: Person, ada: Person
) -> None:
    async with database.write() as session:
        async with session.begin():
            (await session.get_one(User, UUID(eve.id))).is_active = False
            await session.flush()
            asked = asyncio.create_task(eve.post(f"/users/{ada.id}/impersonation"))
            await until_waiting(database, asked)
        assert code(await asked) == ENDED


@only_postgresql
async def test_it_waits_for_a_sign_out_that_has_begun(database: Database, eve: Person, ada: Person) -> None:
    async with database.write() as session:
        async with session.begin():
            await revoke_sessions(session, UUID(eve.id))
            asked = asyncio.create_task(eve.post(f"/users/{ada.id}/impersonation"))
            await until_waiting(database, asked)
        assert code(await asked) == ENDED


@only_postgresql
async def test_a_sign_out_waits_for_it(
    app: FastAPI, database: Database, settings: Settings, eve: Person, ada: Person
) -> None:
    own = UUID(jwt.get_unverified_claims(eve.tokens["access_token"])["sid"])
    async with database.write() as session:
        async with session.begin():
            caller = Caller(await session.get_one(User, UUID(eve.id)), own)
            tokens = await impersonate(session, settings, caller, UUID(ada.id))
            asked = asyncio.create_task(eve.post("/auth/logout"))
            await until_waiting(database, asked)
        assert (await asked).status_code == 204
    acting = eve.through(app)
    acting.bear(tokens.model_dump())
    assert code(await acting.get("/users/me")) == ENDED


async def until_waiting(database: Database, asked: asyncio.Task[Response]) -> None:
    """Until it waits for a lock, or is done."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    while not asked.done():
        async with database.engine.connect() as other:  # which sees one state only
            if (await other.execute(waiting)).scalar():
                break


@pytest.mark.parametrize("how", ["sse", "ws"])
async def test_its_streams_end_with_its_time(
    site: Site, app: FastAPI, eve: Person, ada: Person, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr("api.flows.impersonation.LIFETIME", timedelta(seconds=1))
    acting = await act_as(eve, ada, app)

    with pytest.raises(OverError) as over:
        async with site.listen(how, acting) as listening:
            raise OverError(await until_over(listening))

    assert over.value.code in SIGNED_OUT[how]  # also if it was over before


@pytest.mark.parametrize(
    "end",
    [
        the_user_ends_it,
        the_administrator_signs_out,
        the_administrator_is_deactivated,
        the_administrator_gets_another_role,
    ],
)
async def test_its_streams_end_with_it(
    site: Site, app: FastAPI, client: AsyncClient, admin: Person, eve: Person, ada: Person, end: End
) -> None:
    assert site.bus.settings.stream_heartbeat_seconds >= 10  # which it does not wait for
    acting = await act_as(eve, ada, app)
    async with site.listen("ws", acting) as theirs, site.listen("ws", ada) as own:
        await end(Case(admin, eve, ada, acting, client))
        async with asyncio.timeout(8):
            assert await until_over(theirs) == 4401
        await make(admin, "/notifications", user_id=ada.id, title="still here")
        assert (await own.next())["data"]["title"] == "still here"


async def test_log_lines_name_both(
    app: FastAPI, eve: Person, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    acting = await act_as(eve, ada, app)
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="api.requests"):
        for one in (acting, ada):
            for path in ("/users/me", "/teams"):
                await one.get(path)

    said = [line.getMessage() for line in caplog.records if line.name == "api.requests"]
    assert [line.endswith(f" by {eve.id} as {ada.id}") for line in said] == [True, True, False, False]
    facts = [vars(line)["facts"] for line in caplog.records if line.name == "api.requests"]
    assert [str(one.get("impersonator_id")) for one in facts] == [eve.id, eve.id, "None", "None"]


async def test_what_is_done_as_a_user_is_in_the_activity_with_both_names(
    app: FastAPI, admin: Person, eve: Person, ada: Person
) -> None:
    acting = await act_as(eve, ada, app)
    await make(acting, "/teams", name="Made for Ada")

    entries = (await admin.get("/activity", params={"actor_id": ada.id})).json()["items"]
    told = {
        (one["entity"], one["action"], one["impersonator"]["username"])
        for one in entries
        if one["impersonator"]
    }
    assert {("user_sessions", "created", "eve"), ("teams", "created", "eve")} <= told
    assert all(one["request_id"] for one in entries)
    assert (await admin.delete(f"/users/{ada.id}")).status_code == 204
    assert (await admin.get("/activity", params={"entity": "user_sessions"})).json()["items"] == []
