"""Teams: members and their roles, one owner always, and nobody beyond their own permissions."""

import asyncio
from typing import Any

import pytest
from httpx import Response
from sqlalchemy.exc import IntegrityError

from api.db.engine import Database
from tests.conftest import MakePerson
from tests.support.make import Made, join, make_team
from tests.support.people import Person

pytestmark = pytest.mark.anyio


def path(team: Made, *parts: str) -> str:
    return "/".join(("/teams", team["id"], *parts))


async def roles(person: Person, team: Made) -> dict[str, str]:
    page = (await person.get(path(team, "members"))).json()
    return {member["user"]["username"]: member["role"] for member in page["items"]}


def said(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_whoever_makes_a_team_owns_it(ada: Person) -> None:
    team = await make_team(ada, name="Clinic", roles={"viewer": [], "clerk": ["rows:write", "rows:write"]})

    assert team["roles"] == {"clerk": ["rows:write"], "viewer": []}
    assert await roles(ada, team) == {"ada": "owner"}
    assert [one["id"] for one in (await ada.get("/teams")).json()["items"]] == [team["id"]]


async def test_a_team_does_not_exist_for_others(
    ada: Person, bob: Person, admin: Person, database: Database
) -> None:
    team = await make_team(ada)
    await join(database, team, bob)
    assert (await bob.get(path(team))).json() == team
    assert (await bob.delete(path(team, "members", "me"))).status_code == 204

    for person in (bob, admin):  # a former member, and an administrator of the site
        assert (await person.get("/teams", params={"count": True})).json()["total"] == 0
        for answer in (
            await person.get(path(team)),
            await person.patch(path(team), json={}),
            await person.delete(path(team)),
            await person.get(path(team, "members")),
            await person.patch(path(team, "members", ada.id), json={"role": "member"}),
            await person.delete(path(team, "members", "me")),
            await person.delete(path(team, "members", ada.id)),
            await person.put(path(team, "owner"), json={"user_id": person.id}),
            await person.get(path(team, "invitations")),
            await person.post(path(team, "invitations"), json={"email": "x@example.com"}),
            await person.get(path(team, "export")),
        ):
            assert said(answer) == (404, "not_found")


async def test_what_a_member_may_do_is_said_by_the_role(
    ada: Person, bob: Person, person: MakePerson, database: Database
) -> None:
    team, cy = await make_team(ada, roles={"leader": ["members:write", "rows:write"]}), await person()
    await join(database, team, cy)
    for role, may_invite, may_name in (
        ("member", False, False),
        ("leader", True, False),
        ("admin", True, True),
    ):
        await join(database, team, bob, role)
        invited = await bob.post(path(team, "invitations"), json={"email": "new@example.com"})
        assert invited.status_code == (201 if may_invite else 403)
        assert (await bob.get(path(team, "invitations"))).status_code == (200 if may_invite else 403)
        changed = await bob.patch(path(team, "members", cy.id), json={"role": "member"})
        assert changed.status_code == (200 if may_invite else 403)
        named = await bob.patch(path(team), json={"name": "Ours"})
        assert named.status_code == (200 if may_name else 403)
        for answer in (
            await bob.delete(path(team)),
            await bob.get(path(team, "export")),
            await bob.put(path(team, "owner"), json={"user_id": bob.id}),
        ):
            assert said(answer) == (403, "forbidden")
        assert (await bob.delete(path(team, "members", "me"))).status_code == 204


async def test_nobody_gives_or_touches_more_than_they_have(
    ada: Person, bob: Person, person: MakePerson, database: Database
) -> None:
    named = {"leader": ["members:write"], "clerk": ["rows:write"], "viewer": []}
    team, cy, dee = await make_team(ada, roles=named), await person(), await person()
    await join(database, team, bob, "leader")
    await join(database, team, cy, "admin")
    await join(database, team, dee, "viewer")

    for role in ("admin", "member", "clerk"):
        assert said(await bob.patch(path(team, "members", dee.id), json={"role": role})) == (403, "forbidden")
        assert said(await bob.patch(path(team, "members", "me"), json={"role": role})) == (403, "forbidden")
        invited = await bob.post(path(team, "invitations"), json={"email": "new@example.com", "role": role})
        assert said(invited) == (403, "forbidden")
    for method in ("PATCH", "DELETE"):
        answer = await bob.request(method, path(team, "members", cy.id), json={"role": "viewer"})
        assert said(answer) == (403, "forbidden")
        for who in (bob, cy):
            answer = await who.request(method, path(team, "members", ada.id), json={"role": "viewer"})
            assert said(answer) == (409, "team_owner_stays")
    for role in ("owner", "nobody"):
        answer = await cy.patch(path(team, "members", dee.id), json={"role": role})
        assert (said(answer), answer.json()["errors"][0]["type"]) == (
            (422, "invalid_request"),
            "unknown_role",
        )
    given = await cy.patch(path(team, "members", dee.id), json={"role": "admin"})
    assert given.json()["role"] == "admin"
    assert (await roles(ada, team))["ada"] == "owner"


async def test_a_change_of_the_roles_gives_nobody_more(ada: Person, bob: Person, database: Database) -> None:
    named = {"namer": ["team:write"], "clerk": ["rows:write"], "viewer": []}
    team = await make_team(ada, roles=named)
    await join(database, team, bob, "namer")

    changes: list[dict[str, list[str]]] = [
        {"namer": ["rows:write", "team:write"]},
        {"viewer": ["members:write"]},
        {"clerk": []},
        {"other": ["rows:write"]},
    ]
    for change in changes:
        answer = await bob.patch(path(team), json={"roles": named | change})
        assert said(answer) == (403, "forbidden"), change
    assert said(await bob.patch(path(team), json={"roles": {}})) == (403, "forbidden")
    less = {name: named[name] for name in ("namer", "clerk")} | {"guest": ["team:write"]}
    assert (await bob.patch(path(team), json={"roles": less})).json()["roles"] == dict(sorted(less.items()))


@pytest.mark.parametrize("name", ["owner", "admin", "member", "Viewer", "v", "two words"])
async def test_a_named_role_is_none_of_ours(ada: Person, name: str) -> None:
    answer = await ada.post("/teams", json={"name": "Clinic", "roles": {name: []}})

    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "roles"])


async def test_a_role_in_use_stays(ada: Person, bob: Person, database: Database) -> None:
    team = await make_team(ada, roles={"viewer": [], "clerk": []})
    await join(database, team, bob, "viewer")
    await ada.post(path(team, "invitations"), json={"email": "new@example.com", "role": "clerk"})

    for kept in ("viewer", "clerk"):
        answer = await ada.patch(path(team), json={"roles": {kept: []}})
        assert said(answer) == (409, "team_role_in_use")
    await ada.patch(path(team, "members", bob.id), json={"role": "member"})
    assert (await ada.patch(path(team), json={"roles": {"clerk": []}})).status_code == 200


async def test_a_new_role_applies_to_the_next_request(ada: Person, bob: Person, database: Database) -> None:
    team = await make_team(ada)
    await join(database, team, bob, "admin")
    assert (await bob.patch(path(team), json={"name": "Ours"})).status_code == 200

    await ada.patch(path(team, "members", bob.id), json={"role": "member"})

    assert said(await bob.patch(path(team), json={"name": "Mine"})) == (403, "forbidden")


async def test_the_owner_transfers_the_team_and_stays_an_admin(
    ada: Person, bob: Person, person: MakePerson, database: Database
) -> None:
    team, stranger = await make_team(ada), await person()
    await join(database, team, bob)

    for answer in (
        await ada.delete(path(team, "members", "me")),
        await ada.patch(path(team, "members", "me"), json={"role": "admin"}),
    ):
        assert said(answer) == (409, "team_owner_stays")
    answer = await ada.put(path(team, "owner"), json={"user_id": stranger.id})
    assert said(answer) == (422, "invalid_request")
    assert (await ada.put(path(team, "owner"), json={"user_id": ada.id})).status_code == 204
    assert await roles(ada, team) == {"ada": "owner", "bob": "member"}
    assert (await ada.put(path(team, "owner"), json={"user_id": bob.id})).status_code == 204
    assert await roles(ada, team) == {"ada": "admin", "bob": "owner"}
    assert (await ada.delete(path(team, "members", "me"))).status_code == 204
    assert (await bob.delete(path(team))).status_code == 204
    assert (await bob.get(path(team))).status_code == 404


async def test_the_database_refuses_a_second_owner(ada: Person, bob: Person, database: Database) -> None:
    team = await make_team(ada)

    with pytest.raises(IntegrityError):
        await join(database, team, bob, "owner")


async def test_an_account_that_owns_a_team_with_others_stays(
    ada: Person, bob: Person, admin: Person, database: Database
) -> None:
    team, alone = await make_team(ada), await make_team(ada)
    await join(database, team, bob)

    for answer in (await ada.delete("/users/me"), await admin.delete(f"/users/{ada.id}")):
        assert said(answer) == (409, "owns_teams")
    assert (await ada.get(path(alone))).status_code == 200
    await ada.put(path(team, "owner"), json={"user_id": bob.id})
    exported = (await ada.get("/users/me/export")).json()["team_members"]
    assert {one["role"] for one in exported} == {"admin", "owner"}
    assert (await ada.delete("/users/me")).status_code == 204
    assert await roles(bob, team) == {"bob": "owner"}
    assert (await admin.delete(f"/users/{bob.id}")).status_code == 204
    async with database.read() as session:
        assert not await count(session, "teams") + await count(session, "team_members")


async def count(session: Any, table: str) -> int:
    connection = await session.connection()
    return int((await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")).scalar())


async def test_the_owner_exports_the_team(ada: Person, bob: Person, database: Database) -> None:
    team = await make_team(ada)
    await join(database, team, bob)
    await make_team(bob)

    exported = (await ada.get(path(team, "export"))).json()

    assert exported["team"] == team
    assert {one["user"]["username"] for one in exported["team_members"]} == {"ada", "bob"}


async def test_a_former_member_gets_no_kept_answer(ada: Person, bob: Person, database: Database) -> None:
    """Nor does the request take effect again. Answers without content are repeated."""
    team, other = await make_team(ada), await make_team(ada)
    await join(database, team, bob, "admin")
    sent: dict[str, Any] = {
        path(team, "invitations"): {"email": "new@example.com"},
        "/notes": {"title": "Mine too"},
        "/auth/email/verify/request": None,
    }

    async def repeat() -> list[int]:
        asked = (bob.post(at, json=body, headers={"Idempotency-Key": at}) for at, body in sent.items())
        return [(await one).status_code for one in asked]

    assert await repeat() == [201, 201, 202]
    assert await repeat() == [201, 201, 202]
    await join(database, other, bob)
    assert await repeat() == [201, 201, 202]
    await ada.delete(path(team, "members", bob.id))

    assert await repeat() == [409, 409, 202]
    refused = await bob.post("/notes", json={"title": "Mine too"}, headers={"Idempotency-Key": "/notes"})
    assert said(refused) == (409, "answer_withheld")
    assert len((await bob.get("/notes")).json()["items"]) == 1
    await join(database, team, bob)
    assert await repeat() == [201, 201, 202]


async def test_no_kept_answer_tells_of_a_team_that_one_has_joined_and_left(
    ada: Person, bob: Person, database: Database
) -> None:
    key = {"Idempotency-Key": "new"}
    team = (await bob.post("/teams", json={"name": "Ours"}, headers=key)).json()
    await join(database, team, ada)
    assert (await bob.put(path(team, "owner"), json={"user_id": ada.id})).status_code == 204
    assert (await bob.post("/teams", json={"name": "Ours"}, headers=key)).json() == team
    assert (await bob.delete(path(team, "members", "me"))).status_code == 204

    refused = await bob.post("/teams", json={"name": "Ours"}, headers=key)

    assert said(refused) == (409, "answer_withheld")


# Races


async def statuses(*requests: Any) -> list[int]:
    return sorted([answer.status_code for answer in await asyncio.gather(*requests)])


async def test_of_two_transfers_at_once_one_comes_first(
    ada: Person, bob: Person, person: MakePerson, database: Database
) -> None:
    for _ in range(5):
        team, cy = await make_team(ada), await person()
        await join(database, team, bob)
        await join(database, team, cy)

        found = await statuses(*(ada.put(path(team, "owner"), json={"user_id": one.id}) for one in (bob, cy)))

        assert found == [204, 403]
        assert sorted((await roles(ada, team)).values()) == ["admin", "member", "owner"]


async def test_a_team_has_an_owner_whoever_leaves_meanwhile(
    ada: Person, person: MakePerson, database: Database
) -> None:
    for _ in range(5):
        team, cy = await make_team(ada), await person()
        await join(database, team, cy)
        await asyncio.gather(
            ada.put(path(team, "owner"), json={"user_id": cy.id}),
            ada.delete(path(team, "members", "me")),
            cy.delete(path(team, "members", "me")),
        )
        async with database.read() as session:
            connection = await session.connection()
            owners = "SELECT count(*) FROM team_members WHERE role = 'owner'"
            assert (await connection.exec_driver_sql(owners)).scalar() == await count(session, "teams")


async def test_a_new_owner_who_deletes_the_account_leaves_no_team_without_one(
    ada: Person, person: MakePerson, database: Database
) -> None:
    for _ in range(5):
        team, cy = await make_team(ada), await person()
        await join(database, team, cy)
        transferred, deleted = await asyncio.gather(
            ada.put(path(team, "owner"), json={"user_id": cy.id}), cy.delete("/users/me")
        )
        assert (transferred.status_code, deleted.status_code) in {(204, 409), (422, 204)}
        assert "owner" in (await roles(ada, team)).values()
