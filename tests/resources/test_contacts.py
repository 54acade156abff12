"""Contacts of a team: those of another system, and their stages."""

import pytest

from api.db.engine import Database
from tests.support.make import join, make, make_team
from tests.support.people import Person

pytestmark = pytest.mark.anyio


async def test_another_system_sends_its_contacts_to_each_team_apart(ada: Person) -> None:
    first, second = await make_team(ada), await make_team(ada)
    body = {"name": "Riverside clinic", "external_id": "C-1"}

    made = await ada.put("/contacts/by/C-1", json=body | {"team_id": first["id"]})
    other = await ada.put("/contacts/by/C-1", json=body | {"team_id": second["id"]})
    again = await ada.put("/contacts/by/C-1", json={"name": "Riverside", "team_id": first["id"]})

    assert (made.status_code, other.status_code, again.status_code) == (201, 201, 200)
    assert again.json()["id"] == made.json()["id"] != other.json()["id"]
    assert (made.json()["creator_id"], made.json()["external_id"]) == (ada.id, "C-1")
    taken = await ada.post("/contacts", json=body | {"team_id": first["id"]})
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")


async def test_only_those_who_may_write_send_contacts_by_their_key(
    ada: Person, bob: Person, database: Database
) -> None:
    team = await make_team(ada, roles={"viewer": []})
    body = {"name": "Riverside clinic", "team_id": team["id"]}
    await ada.put("/contacts/by/C-1", json=body)

    strange = await bob.put("/contacts/by/C-1", json=body | {"name": "Taken"})
    await join(database, team, bob, "viewer")
    viewed = await bob.put("/contacts/by/C-1", json=body | {"name": "Taken"})

    assert (strange.status_code, viewed.status_code) == (422, 403)
    [contact] = (await bob.get("/contacts")).json()["items"]
    assert contact["name"] == "Riverside clinic"


async def test_a_customer_is_never_a_lead_again(ada: Person) -> None:
    team = (await make_team(ada))["id"]
    for name, stage in {"Clinic": "lead", "School": "customer"}.items():
        await make(ada, "/contacts", name=name, stage=stage, team_id=team)

    refused = await ada.patch("/contacts", params={"team_id": team}, json={"stage": "lead"})
    changed = await ada.patch("/contacts", params={"stage_not": "customer"}, json={"stage": "customer"})

    assert (refused.status_code, refused.json()["possible"]) == (409, ["former"])
    assert changed.json() == {"count": 1}
    summary = (await ada.get("/contacts/summary", params={"by": "stage"})).json()
    assert summary["groups"] == [{"stage": "customer", "count": 2}]
