"""ETags: an unchanged row is not sent again, and a change that has not been seen is not overwritten."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import pytest
from fastapi import BackgroundTasks, Depends, Response
from httpx import ASGITransport, AsyncClient

from api.app import create_app
from api.deps.rows import owned, visible
from api.deps.scopes import mine
from api.models.base import Entity, as_json
from api.models.note import Note, NotePublic
from api.models.user_session import UserSession, UserSessionRow
from api.models.versions import version_of
from api.settings import Settings
from api.web.etags import etag
from api.web.headers import set_headers
from api.web.routes import Router
from tests.conftest import MakePerson
from tests.support.make import make, make_booking, make_slot
from tests.support.people import Person

pytestmark = pytest.mark.anyio
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
async def role(admin: Person) -> str:
    """The address of a new role."""
    answer = await admin.post("/roles", json={"name": "guide", "description": "Before"})
    assert answer.status_code == 201
    return f"/roles/{answer.json()['id']}"


async def tag(person: Person, path: str) -> str:
    return str((await person.get(path)).headers["etag"])


def if_match(*tags: str) -> dict[str, str]:
    return {"If-Match": ", ".join(tags)}


def test_a_header_that_was_set_before_is_set_anew() -> None:
    answer = Response(headers={"ETag": "before", "Vary": "Origin"})
    assert answer.headers["etag"] == "before"

    set_headers(answer, {b"etag": b"now"})

    assert answer.headers.getlist("etag") == ["now"]
    assert answer.headers["vary"] == "Origin"


async def test_an_unchanged_answer_is_not_sent_again(ada: Person) -> None:
    first = await ada.get("/users/me")
    tag = first.headers["etag"]

    assert tag.startswith('"')  # a strong one
    assert tag.endswith('"')
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*", f"{tag},"):
        again = await ada.get("/users/me", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert "content-type" not in again.headers
    for unknown in ('"other"', "", tag.strip('"'), f'"x{tag[1:]}'):
        again = await ada.get("/users/me", headers={"If-None-Match": unknown})
        assert (again.status_code, again.json()) == (200, first.json())

    await ada.patch("/users/me", json={"first_name": "Ada"})
    changed = await ada.get("/users/me", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.json()["first_name"]) == (200, "Ada")
    assert changed.headers["etag"] != tag


async def test_a_change_passes_with_the_tag_of_what_was_read(admin: Person, role: str) -> None:
    for condition in ("it", "*", "a list", None):
        tags = {
            "it": [await tag(admin, role)],
            "*": ["*"],
            "a list": ['"other"', await tag(admin, role)],
            None: [],
        }[condition]
        changed = await admin.patch(
            role, json={"description": str(condition)}, headers=if_match(*tags) if tags else None
        )
        assert (changed.status_code, changed.json()["description"]) == (200, str(condition))

    assert changed.headers["etag"] == await tag(admin, role)  # so the next change needs no GET in between
    assert (await admin.delete(role, headers=if_match(changed.headers["etag"]))).status_code == 204


async def test_a_change_of_an_outdated_state_is_refused_and_writes_nothing(admin: Person, role: str) -> None:
    stale = await tag(admin, role)
    await admin.patch(role, json={"description": "Of somebody else"})
    before, current = (await admin.get(role)).json(), await tag(admin, role)

    for refused in (stale, f"W/{current}", current.strip('"'), '"other", "another"', ""):
        for answer in (
            await admin.patch(role, json={"description": "Mine"}, headers=if_match(refused)),
            await admin.delete(role, headers=if_match(refused)),
        ):
            assert (answer.status_code, answer.json()["code"]) == (412, "stale"), refused
    assert (await admin.get(role)).json() == before


async def test_deleting_an_outdated_account_is_refused(ada: Person) -> None:
    stale = await tag(ada, "/users/me")
    await ada.patch("/users/me", json={"first_name": "Ada"})

    assert (await ada.delete("/users/me", headers=if_match(stale))).json()["code"] == "stale"
    assert (await ada.delete("/users/me", headers=if_match(await tag(ada, "/users/me")))).status_code == 204


async def test_what_others_do_does_not_outdate_a_row(admin: Person, ada: Person) -> None:
    """A booking changes what a slot shows, so it is read again; but not the slot itself."""
    slot = await make_slot(admin)
    path = f"/booking-slots/{slot['id']}"
    seen = await tag(admin, path)
    await make_booking(ada, slot)

    now = await admin.get(path, headers={"If-None-Match": seen})
    assert (now.status_code, now.json()["available"]) == (200, slot["available"] - 1)
    assert now.json()["version"] == slot["version"]
    moved = await admin.patch(path, json={"location": "Room 3"}, headers=if_match(seen))
    assert (moved.status_code, moved.json()["location"]) == (200, "Room 3")
    assert (await admin.patch(path, json={}, headers=if_match(seen))).json()["code"] == "stale"


MyNote = Annotated[Note, Depends(owned(Note))]


async def test_a_changed_row_is_answered_with_its_new_version(settings: Settings, ada: Person) -> None:
    router = Router(prefix="/api/v1/notes")

    @router.put("/{id}/title")
    async def rename(row: MyNote, title: str) -> NotePublic:
        row.title = title
        return row

    second = create_app(settings)
    second.include_router(router)
    person = ada.through(second)
    note = await make(person, "/notes", title="a")
    path = f"/notes/{note['id']}"
    changed = await person.put(
        f"{path}/title", params={"title": "b"}, headers=if_match(f'"{note["version"]}"')
    )
    assert changed.json() == (await person.get(path)).json()
    assert changed.json()["version"] > note["version"]
    refused = await person.put(
        f"{path}/title", params={"title": "c"}, headers=if_match(f'"{note["version"]}"')
    )
    assert (refused.status_code, refused.json()["current"]) == (412, changed.json())
    same = await person.put(f"{path}/title", params={"title": "b"})
    assert same.json() == changed.json()
    await second.state.database.close()


class Draft(Entity):
    version: int = 1


def test_an_entity_may_have_a_version_of_its_own() -> None:
    draft = Draft()
    assert (as_json(draft, Draft).count(b"version"), draft.version) == (1, 1)
    assert etag(as_json(draft, Draft), Draft).startswith(f'"{version_of(draft)}-')  # not the one of its own


told: list[str] = []
router = Router()


@router.api_route("/plain", methods=["GET", "HEAD"])
async def answer_plainly() -> Entity:
    return Entity(id=UUID(int=1), created_at=NOON, updated_at=NOON)


@router.api_route("/rich", methods=["GET", "HEAD"])
async def answer_with_more(response: Response, tasks: BackgroundTasks, tag: str = "") -> Entity:
    response.headers.update({"Cache-Control": "max-age=60", "X-More": "x"} | ({"ETag": tag} if tag else {}))
    response.set_cookie("first", "1")
    response.set_cookie("second", "2")
    tasks.add_task(told.append, "done")
    return await answer_plainly()


@pytest.fixture(params=[True, False], ids=["fast", "slow"])
async def reader(request: pytest.FixtureRequest) -> AsyncIterator[AsyncClient]:
    second = create_app(Settings(_env_file=None, fast_path=request.param))
    second.include_router(router)
    told.clear()
    headers = {"X-Request-ID": "same"}
    async with AsyncClient(
        transport=ASGITransport(second), base_url="http://test", headers=headers
    ) as client:
        yield client


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_an_unchanged_answer_keeps_what_its_handler_has_set(reader: AsyncClient, method: str) -> None:
    first = await reader.request(method, "/rich")
    known = {"If-None-Match": first.headers["etag"]}
    again = await reader.request(method, "/rich", headers=known)
    plain = await reader.request(method, "/plain", headers=known)

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    others = {"content-type", "content-length", "ratelimit"}
    kept = [each for each in first.headers.multi_items() if each[0] not in others]
    assert [each for each in again.headers.multi_items() if each[0] not in others] == kept
    assert {("cache-control", "max-age=60"), ("x-more", "x")} < set(kept)
    assert (told, len(again.headers.get_list("set-cookie"))) == (["done", "done"], 2)
    assert (plain.status_code, plain.headers["cache-control"]) == (304, "private, no-cache")


async def test_a_handlers_own_tag_is_the_only_one(reader: AsyncClient) -> None:
    plain = await reader.get("/plain")
    for known in ("", '"mine"', plain.headers["etag"]):
        answer = await reader.get("/rich", params={"tag": '"mine"'}, headers={"If-None-Match": known})
        assert (answer.status_code, answer.headers.get_list("etag")) == (200, ['"mine"'])
        assert answer.json() == plain.json()


MySession = Annotated[UserSession, Depends(visible(UserSession, mine(UserSession, "user_id")))]


async def test_if_match_tells_strangers_nothing_of_a_row(
    settings: Settings, ada: Person, admin: Person
) -> None:
    router = Router(prefix="/api/v1/mine")

    @router.get("/{id}")
    @router.patch("/{id}")
    async def get_or_change_mine(row: MySession) -> UserSessionRow:
        return row

    second = create_app(settings)
    second.include_router(router)
    path = f"/mine/{(await admin.get('/auth/sessions')).json()['items'][0]['id']}"
    async with AsyncClient(transport=ASGITransport(second), base_url="http://test/api/v1") as client:
        current = (await client.get(path, headers=admin.headers)).headers["etag"]
        theirs, others = dict(admin.headers), dict(ada.headers)
        for given, status in ((current, 200), ("*", 200), ('"stale"', 412)):
            assert (await client.patch(path, headers=theirs | if_match(given))).status_code == status
            assert (await client.patch(path, headers=others | if_match(given))).status_code == 404
            assert (await client.get(path, headers=others | {"If-None-Match": given})).status_code == 404
    await second.state.database.close()


async def changes_at_once(person: Person, path: str, field: str) -> Counter[tuple[int, str]]:
    """Ten different changes, all made by people who have seen the same."""
    seen = if_match(await tag(person, path))
    answers = await asyncio.gather(
        *(person.patch(path, json={field: f"change {i}"}, headers=seen) for i in range(10))
    )
    winners = [answer.json()[field] for answer in answers if answer.status_code == 200]
    assert [(await person.get(path)).json()[field]] == winners
    return Counter((answer.status_code, answer.json().get("code", "")) for answer in answers)


async def test_of_ten_simultaneous_changes_of_one_state_one_succeeds(
    ada: Person, admin: Person, role: str
) -> None:
    once = {(200, ""): 1, (412, "stale"): 9}

    assert await changes_at_once(admin, role, "description") == once
    assert await changes_at_once(ada, "/users/me", "first_name") == once
    assert await changes_at_once(admin, f"/users/{ada.id}", "last_name") == once


async def test_a_row_that_moves_while_it_is_waited_for_is_not_lost(person: MakePerson, admin: Person) -> None:
    """PostgreSQL drops a joined row whose foreign key changed while a request waited for its lock."""
    bob = await person()
    roles = ["staff", "user"] * 5

    answers = await asyncio.gather(*(admin.patch(f"/users/{bob.id}", json={"role": name}) for name in roles))

    assert [answer.status_code for answer in answers] == [200] * 10
