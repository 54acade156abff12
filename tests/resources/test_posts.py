"""Posts and comments: the published for all, drafts for their author, changed by author and moderators."""

import pytest
from httpx import AsyncClient

from tests.support.make import days, make, make_post
from tests.support.people import Person

pytestmark = pytest.mark.anyio


async def test_the_published_are_for_all(ada: Person, bob: Person, client: AsyncClient) -> None:
    post = await make_post(ada)
    comment = await make(bob, f"/posts/{post['id']}/comments", body="Well said.")
    await make(bob, f"/posts/{(await make_post(ada))['id']}/comments", body="Elsewhere.")

    assert comment["author"] == {"id": bob.id, "username": "bob", "full_name": "bob", "avatar_url": None}
    assert (await client.get(f"/comments/{comment['id']}")).json() == comment
    assert (await client.get(f"/posts/{post['id']}")).json()["comment_count"] == 1
    assert (await client.get(f"/posts/{post['id']}/comments")).json()["items"] == [comment]


@pytest.mark.parametrize("moment", [None, 1])
async def test_drafts_exist_for_nobody_else(
    ada: Person, bob: Person, admin: Person, client: AsyncClient, moment: int | None
) -> None:
    post = await make_post(ada, published_at=days(moment) if moment else None)
    comment = await make(ada, f"/posts/{post['id']}/comments", body="To myself.")

    for someone in (bob, admin, client):
        for path in (f"/posts/{post['id']}", f"/posts/{post['id']}/comments", f"/comments/{comment['id']}"):
            assert (await someone.get(path)).status_code == 404
        for query in ({}, {"published": False}, {"author_id": ada.id}, {"q": "News"}):
            assert (await someone.get("/posts", params={"count": True, **query})).json()["total"] == 0
    for moderator in (bob, admin):
        assert (await moderator.patch(f"/posts/{post['id']}", json={})).status_code == 404
        assert (await moderator.post(f"/posts/{post['id']}/comments", json={"body": "x"})).status_code == 404
        assert (await moderator.delete(f"/comments/{comment['id']}")).status_code == 404
    assert (await ada.get("/posts", params={"published": False, "count": True})).json()["total"] == 1
    assert (await ada.get("/posts", params={"published": True, "count": True})).json()["total"] == 0


async def test_only_authors_and_moderators_change_what_all_see(
    ada: Person, bob: Person, staff: Person
) -> None:
    post = await make_post(ada)
    comment = await make(ada, f"/posts/{post['id']}/comments", body="First.")

    for path in (f"/comments/{comment['id']}", f"/posts/{post['id']}"):
        assert (await bob.patch(path, json={"body": "Mine"})).status_code == 403
        assert (await bob.delete(path)).status_code == 403
        assert (await ada.patch(path, json={"body": "Better"})).json()["body"] == "Better"
        assert (await staff.delete(path)).status_code == 204


async def test_comments_go_with_their_post(ada: Person, bob: Person) -> None:
    post = await make_post(ada)
    comment = await make(bob, f"/posts/{post['id']}/comments", body="Gone soon.")

    await ada.delete(f"/posts/{post['id']}")

    assert (await bob.get(f"/comments/{comment['id']}")).status_code == 404


async def test_a_comments_location_is_where_it_is(ada: Person, client: AsyncClient) -> None:
    post = await make_post(ada)

    answer = await ada.post(f"/posts/{post['id']}/comments", json={"body": "Here."})
    found = await client.get(f"http://test{answer.headers['location']}")

    assert answer.headers["location"] == f"/api/v1/comments/{answer.json()['id']}"
    assert (found.status_code, found.json()) == (200, answer.json())


async def test_a_wrong_token_is_noticed_even_where_none_is_needed(client: AsyncClient) -> None:
    assert (await client.get("/posts", headers={"Authorization": "Bearer wrong"})).json()[
        "code"
    ] == "invalid_token"
