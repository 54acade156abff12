"""Groups: open ones for all, closed ones for their members, and who may say who is in."""

import pytest

from tests.support.make import make_group
from tests.support.people import Person

pytestmark = pytest.mark.anyio


async def members(person: Person, group: str) -> list[str]:
    page = (await person.get(f"/groups/{group}/members", params={"order": "asc"})).json()
    return [member["user"]["username"] for member in page["items"]]


async def test_whoever_makes_a_group_owns_it_and_is_in(ada: Person) -> None:
    group = await make_group(ada)

    assert (group["owner"]["username"], group["member_count"]) == ("ada", 1)
    assert await members(ada, group["id"]) == ["ada"]


async def test_joining_and_leaving_twice_is_as_good_as_once(ada: Person, bob: Person) -> None:
    path = f"/groups/{(await make_group(ada))['id']}"
    own, other = await make_group(bob), await make_group(ada)

    for _ in range(2):
        assert (await bob.put(f"{path}/members/me")).status_code == 204
    assert (await bob.get(path)).json()["member_count"] == 2
    assert (await bob.get("/groups", params={"joined": True, "count": True})).json()["total"] == 2
    assert [
        group["id"] for group in (await bob.get("/groups", params={"joined": False})).json()["items"]
    ] == [other["id"]]
    for _ in range(2):
        assert (await bob.delete(f"{path}/members/{bob.id}")).status_code == 204
    assert (await bob.get(path)).json()["member_count"] == 1
    assert await members(bob, own["id"]) == ["bob"]


async def test_a_closed_group_does_not_exist_for_strangers(ada: Person, bob: Person) -> None:
    group = await make_group(ada, is_open=False)
    path = f"/groups/{group['id']}"

    for answer in (
        await bob.get(path),
        await bob.patch(path, json={}),
        await bob.delete(path),
        await bob.get(f"{path}/members"),
        await bob.put(f"{path}/members/me"),
        await bob.delete(f"{path}/members/{ada.id}"),
    ):
        assert answer.status_code == 404
    for query in ({}, {"q": group["name"]}, {"is_open": False}, {"joined": False}):
        page = (await bob.get("/groups", params={"count": True, **query})).json()
        assert (page["items"], page["total"]) == ([], 0), query


async def test_members_of_a_closed_group_see_it_once_its_owner_let_them_in(ada: Person, bob: Person) -> None:
    path = f"/groups/{(await make_group(ada, is_open=False))['id']}"

    assert (await ada.put(f"{path}/members/{bob.id}")).status_code == 204

    assert (await bob.get(path)).json()["member_count"] == 2
    assert (await bob.put(f"{path}/members/me")).status_code == 204
    assert (await bob.patch(path, json={"is_open": True})).status_code == 403
    assert (await bob.delete(f"{path}/members/{ada.id}")).status_code == 403
    assert (await bob.delete(f"{path}/members/me")).status_code == 204
    assert (await bob.get(path)).status_code == 404
    assert (await ada.delete(f"{path}/members/me")).status_code == 204
    assert (await ada.get(path)).json()["member_count"] == 0


async def test_only_owner_and_staff_manage(ada: Person, bob: Person, staff: Person) -> None:
    path = f"/groups/{(await make_group(ada))['id']}"

    assert (await bob.patch(path, json={"description": "mine"})).status_code == 403
    assert (await bob.put(f"{path}/members/{staff.id}")).status_code == 403
    assert (await staff.patch(path, json={"description": "ours"})).json()["description"] == "ours"
    assert (await staff.put(f"{path}/members/{bob.id}")).status_code == 204
    assert (await ada.put(f"{path}/members/01a1fdfe-6e9d-70eb-a230-6c2b82ad22f1")).status_code == 404
    assert (await ada.delete(path)).status_code == 204


async def test_a_group_outlives_its_owner(ada: Person, bob: Person, staff: Person) -> None:
    path = f"/groups/{(await make_group(ada))['id']}"
    await bob.put(f"{path}/members/me")

    await ada.delete("/users/me")

    assert (await bob.get(path)).json() | {"owner": None, "member_count": 1} == (await bob.get(path)).json()
    assert (await bob.patch(path, json={})).status_code == 403
    assert (await staff.delete(path)).status_code == 204
