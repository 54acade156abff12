"""Invitations to a team: mailed, bound to an address, and used once."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import update

from api.db.engine import Database
from api.models.base import utcnow
from api.models.team import TeamInvitation
from tests.conftest import MakePerson
from tests.support.mailbox import Mailbox
from tests.support.make import Made, join, make, make_team
from tests.support.people import PASSWORD, Person

pytestmark = pytest.mark.anyio
SUBJECT = "You are invited to a team"
DEAD = (404, "invitation_invalid")
NEW = {"email": "new@example.com", "password": PASSWORD}


def said(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def invite(mailbox: Mailbox, person: Person, team: Made, email: str, **fields: Any) -> str:
    """The token that is mailed."""
    await make(person, f"/teams/{team['id']}/invitations", email=email, **fields)
    found = re.search(r"^http\S+/account/accept-invitation#token=(\S+)", mailbox.text(email, SUBJECT), re.M)
    assert found is not None
    return found[1]


async def accept(person: Person, token: str) -> Response:
    return await person.post("/teams/invitations/accept", json={"token": token})


async def members(person: Person, team: Made) -> dict[str, str]:
    page = (await person.get(f"/teams/{team['id']}/members")).json()
    return {member["user"]["username"]: member["role"] for member in page["items"]}


async def test_somebody_with_an_account_accepts_once(ada: Person, bob: Person, mailbox: Mailbox) -> None:
    team = await make_team(ada, name="Buy cheap pills", roles={"viewer": []})
    token = await invite(mailbox, ada, team, "BOB@example.com", role="viewer")

    mail = mailbox.text("BOB@example.com", SUBJECT)
    assert "pills" not in mail
    assert "ada" not in mail
    answer = await accept(bob, token)
    assert (answer.status_code, answer.json()) == (200, team)
    assert await members(bob, team) == {"ada": "owner", "bob": "viewer"}
    assert (await bob.get("/users/me")).json()["email_verified"] is True
    assert said(await accept(bob, token)) == DEAD
    assert (await ada.get(f"/teams/{team['id']}/invitations")).json()["items"] == []


async def test_somebody_without_an_account_registers_with_it(
    ada: Person, client: AsyncClient, mailbox: Mailbox
) -> None:
    team = await make_team(ada)
    token = await invite(mailbox, ada, team, "new@example.com")

    wrong = await client.post(
        "/auth/register", json=NEW | {"email": "other@example.com", "invitation": token}
    )
    assert said(wrong) == DEAD
    made = await client.post("/auth/register", json=NEW | {"invitation": token})
    assert made.status_code == 201
    headers = {"Authorization": f"Bearer {made.json()['access_token']}"}
    assert (await client.get("/users/me", headers=headers)).json()["email_verified"] is True
    assert (await client.get("/teams", headers=headers)).json()["items"] == [team]
    assert await members(ada, team) == {"ada": "owner", "new": "member"}
    other = {"email": "other@example.com", "password": PASSWORD}
    assert said(await client.post("/auth/register", json=other | {"invitation": token})) == DEAD
    assert (await client.post("/auth/register", json=other)).status_code == 201  # nothing was left of it


async def test_an_invitation_that_does_not_work_answers_alike(
    ada: Person, bob: Person, person: MakePerson, mailbox: Mailbox, database: Database
) -> None:
    team, cy = await make_team(ada), await person()
    first = await invite(mailbox, ada, team, bob.email)
    mailbox.letters.clear()
    second = await invite(mailbox, ada, team, bob.email)
    answers = [await accept(bob, "x" * 43), await accept(bob, first), await accept(cy, second)]
    [open] = (await ada.get(f"/teams/{team['id']}/invitations")).json()["items"]
    async with database.write() as session, session.begin():
        await session.exec(update(TeamInvitation).values(expires_at=utcnow() - timedelta(seconds=1)))
    answers.append(await accept(bob, second))
    mailbox.letters.clear()
    third = await invite(mailbox, ada, team, bob.email)
    [again] = (await ada.get(f"/teams/{team['id']}/invitations")).json()["items"]
    assert again["id"] != open["id"]
    assert (await ada.delete(f"/teams/{team['id']}/invitations/{open['id']}")).status_code == 404
    assert (await ada.delete(f"/teams/{team['id']}/invitations/{again['id']}")).status_code == 204
    answers.append(await accept(bob, third))

    assert {said(answer) for answer in answers} == {DEAD}
    assert len({answer.json()["detail"] for answer in answers}) == 1
    assert await members(ada, team) == {"ada": "owner"}


@pytest.mark.parametrize("how", ["removed", "demoted", "deleted", "redefined"])
async def test_an_invitation_ends_with_the_right_of_who_made_it(
    ada: Person, bob: Person, person: MakePerson, mailbox: Mailbox, database: Database, how: str
) -> None:
    team, cy = await make_team(ada, roles={"leader": ["members:write", "rows:write"]}), await person()
    await join(database, team, cy, "leader")
    token = await invite(mailbox, cy, team, bob.email)

    at = f"/teams/{team['id']}"
    if how == "removed":
        await ada.delete(f"{at}/members/{cy.id}")
        await join(database, team, cy, "leader")  # a later return does not bring it back
    elif how == "demoted":
        await ada.patch(f"{at}/members/{cy.id}", json={"role": "member"})
    elif how == "deleted":
        await cy.delete("/users/me")
    else:
        await ada.patch(at, json={"roles": {"leader": ["members:write"]}})  # less than the invited role

    assert said(await accept(bob, token)) == DEAD


async def test_a_member_who_accepts_keeps_the_role(
    ada: Person, bob: Person, mailbox: Mailbox, database: Database
) -> None:
    team = await make_team(ada)
    await join(database, team, bob)

    for one in (ada, bob):
        token = await invite(mailbox, ada, team, one.email, role="admin")
        assert (await accept(one, token)).status_code == 200
    assert await members(ada, team) == {"ada": "owner", "bob": "member"}


async def test_an_invitation_of_another_team_is_not_found(ada: Person, bob: Person) -> None:
    team, other = await make_team(ada), await make_team(bob)
    made = await make(ada, f"/teams/{team['id']}/invitations", email="new@example.com")

    for method in ("GET", "DELETE"):
        answer = await bob.request(method, f"/teams/{other['id']}/invitations/{made['id']}")
        assert said(answer) == (404, "not_found")
    assert "token" not in str(made)


async def test_of_two_who_accept_at_once_one_does(ada: Person, bob: Person, mailbox: Mailbox) -> None:
    for _ in range(5):
        team = await make_team(ada)
        mailbox.letters.clear()
        token = await invite(mailbox, ada, team, bob.email)

        answers = await asyncio.gather(*(accept(bob, token) for _ in range(4)))

        assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]
        assert await members(ada, team) == {"ada": "owner", "bob": "member"}


async def test_who_accepts_while_the_account_ends_is_no_member(
    ada: Person, person: MakePerson, mailbox: Mailbox
) -> None:
    for _ in range(3):
        team, cy = await make_team(ada), await person()
        token = await invite(mailbox, ada, team, cy.email)
        accepted, deleted = await asyncio.gather(accept(cy, token), cy.delete("/users/me"))
        assert deleted.status_code == 204
        assert accepted.status_code in {200, 401}
        assert await members(ada, team) == {"ada": "owner"}


async def test_the_page_signs_in_or_registers_and_accepts(
    ada: Person, bob: Person, client: AsyncClient, mailbox: Mailbox
) -> None:
    """What the script of the page sends, in this order."""
    team = await make_team(ada)
    page = await client.get("http://test/account/accept-invitation")
    assert 'action="../api/v1/teams/invitations/accept"' in page.text
    token = await invite(mailbox, ada, team, bob.email)

    signed_in = await client.post("/auth/login", json={"email": bob.email, "password": PASSWORD})
    headers = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    answer = await client.post("/teams/invitations/accept", json={"token": token}, headers=headers)
    assert answer.status_code == 200
    assert (await client.post("/auth/logout", headers=headers)).status_code == 204


@pytest.mark.parametrize("way", ["removed", "left", "account deleted"])
async def test_nobody_returns_by_an_invitation_from_before_they_left(
    way: str, ada: Person, bob: Person, database: Database, mailbox: Mailbox, client: AsyncClient
) -> None:
    team, other = await make_team(ada, roles={"viewer": []}), await make_team(ada)
    await join(database, team, bob, "viewer")
    token, kept = [await invite(mailbox, ada, one, bob.email) for one in (team, other)]
    if way == "account deleted":
        assert (await bob.delete("/users/me")).status_code == 204
        again = {"email": bob.email, "password": PASSWORD, "invitation": token}
        assert said(await client.post("/auth/register", json=again)) == DEAD
        assert (await client.post("/auth/register", json=again | {"invitation": kept})).status_code == 201
    else:
        by, whom = (ada, bob.id) if way == "removed" else (bob, "me")
        assert (await by.delete(f"/teams/{team['id']}/members/{whom}")).status_code == 204
        assert said(await accept(bob, token)) == DEAD
        assert (await accept(bob, kept)).status_code == 200
    assert await members(ada, team) == {"ada": "owner"}


async def test_an_invitation_ends_while_the_account_that_made_it_is_deactivated(
    ada: Person, bob: Person, admin: Person, person: MakePerson, database: Database, mailbox: Mailbox
) -> None:
    team, cy = await make_team(ada), await person()
    await join(database, team, bob, "admin")
    token = await invite(mailbox, bob, team, cy.email, role="admin")
    assert (await admin.patch(f"/users/{bob.id}", json={"is_active": False})).status_code == 200

    assert said(await accept(cy, token)) == DEAD

    assert (await admin.patch(f"/users/{bob.id}", json={"is_active": True})).status_code == 200
    assert (await accept(cy, token)).status_code == 200
