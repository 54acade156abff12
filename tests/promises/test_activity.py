"""What every entity promises of the activity: each change is told there, by whom and from what to what."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from api.app import create_app
from api.db.activity import LONGEST, STORED, kept_of
from api.db.engine import Database
from api.db.trash_tables import is_trashable
from api.flows.pruning import prune
from api.models.base import tables, utcnow
from api.models.note import Note
from api.models.user import User
from api.settings import Mechanism, Settings
from tests.support.make import join, make, make_team
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import Proof, Row, everything, shown, shows
from tests.support.resources import RESOURCES, Resource

pytestmark = pytest.mark.anyio

TOLD = [one for one in RESOURCES if kept_of(one.model) and one.create]
every_told = promise_on_one_engine("resource", TOLD, lambda resource: resource.model)
URL = "http://test/api/v1/activity"
PRIVATE = ("hashed_password", "token_hash", "written_name", "email_key", "username_key", "letters_version")


@pytest.fixture
def proof(resource: Resource, database: Database, admin: Person) -> Proof:
    return Proof(resource, Maker(admin, database=database))


@pytest.fixture(params=["fast", "ordinary"])
async def anybody(request: pytest.FixtureRequest, app: FastAPI, settings: Settings) -> AsyncIterator[FastAPI]:
    """The app, and the app without its fast path."""
    if request.param == "fast":
        yield app
        return
    ordinary = create_app(settings.model_copy(update={"fast_path": frozenset[Mechanism]()}))
    async with ordinary.router.lifespan_context(ordinary):
        yield ordinary


def through(app: FastAPI, person: Person) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url=person.base_url, headers=person.headers)


async def told(admin: Person, **query: Any) -> list[Row]:
    """The entries, from the oldest."""
    return await everything(admin, URL, order="asc", **query)


async def stored(database: Database, id: Any) -> int:
    counting = sa.select(sa.func.count()).select_from(STORED).where(STORED.c.row_id == UUID(str(id)))
    async with database.engine.connect() as connection:
        return int((await connection.execute(counting)).scalar_one())


def agrees(row: Row, changes: Row, place: int) -> None:
    """The values of an entry are those that the row shows."""
    for name, pair in changes.items():
        if shows(row, name):
            known = shown(row, name)
            known = (
                [one["id"] for one in known] if isinstance(known, list) and name.endswith("_ids") else known
            )
            whole = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
            if isinstance(known, str | None) or len(whole) <= LONGEST:
                wanted = (
                    known if not isinstance(known, str) or len(known) <= LONGEST else known[:LONGEST] + "…"
                )
                assert pair[place] == wanted, name


@every_told
async def test_every_change_of_a_row_is_in_the_activity(proof: Proof, admin: Person) -> None:
    answer = await proof.post_valid()
    assert answer.status_code == 201, answer.text
    row = await proof.read(answer.json())
    wanted = ["created"]
    [made] = await told(admin, row_id=row["id"])
    assert {before for before, _ in made["changes"].values()} <= {None}
    assert made["changes"]
    agrees(row, made["changes"], 1)
    if proof.resource.change is not None:
        for name in proof.changing.fields:
            if not shows(row, name):
                continue
            part = proof.changing.fields[name]
            value = await proof.maker.another(name, part, shown(row, name), proof.changing.model)
            before = row
            answer = await proof.person.patch(proof.at(row), json={name: value})
            if answer.status_code != 200:
                continue
            row = await proof.read(answer.json())
            last = (await told(admin, row_id=row["id"]))[-1]
            if shown(before, name) == shown(row, name):
                continue
            wanted.append("updated")
            agrees(before, last["changes"], 0)
            agrees(row, last["changes"], 1)
            assert name in last["changes"] or name not in proof.resource.model.model_fields
    if proof.resource.delete is not None:
        answer = await proof.person.delete(proof.at(row))
        assert answer.status_code == 204, answer.text
        wanted.append("deleted")
        gone = (await told(admin, row_id=row["id"]))[-1]
        if proof.resource.model is not User:
            agrees(row, gone["changes"], 0)
            assert {after for _, after in gone["changes"].values()} <= {None}
        if is_trashable(proof.resource.model):
            answer = await proof.person.post(f"{proof.at(row)}/restore")
            assert answer.status_code == 200, answer.text
            wanted.append("restored")
            agrees(answer.json(), (await told(admin, row_id=row["id"]))[-1]["changes"], 1)

    entries = await told(admin, row_id=row["id"])
    if proof.resource.model is User:  # what was kept of an account goes with it
        wanted = wanted[-1:]
    assert [one["action"] for one in entries if one["action"] != "updated" or one["changes"]] == wanted
    assert {one["entity"] for one in entries} == {proof.resource.model.__tablename__}
    assert {one["actor"] and one["actor"]["id"] for one in entries} <= {proof.person.id, admin.id, None}
    assert all(one["request_id"] for one in entries)
    assert not {*PRIVATE} & {name for one in entries for name in one["changes"]}


async def test_the_activity_tells_who_changed_what_in_which_request(
    anybody: FastAPI, ada: Person, admin: Person
) -> None:
    whole = "x" * LONGEST
    async with through(anybody, ada) as client:
        answers = [await client.post("/notes", json={"title": "One", "content": "x" * 600})]
        url = f"/notes/{answers[0].json()['id']}"
        answers += [await client.patch(url, json={"title": "Two"}), await client.patch(url, json={})]
        answers.append(await client.delete(url, headers={"X-Request-ID": "the-last"}))
        assert [one.status_code for one in answers] == [201, 200, 200, 204]
        draft = (await client.post("/posts", json={"title": "Draft", "body": whole})).json()

    entries = await told(admin, row_id=url.rpartition("/")[2])
    cut = whole + "…"
    assert [(one["action"], one["changes"]) for one in entries] == [
        ("created", {"owner_id": [None, ada.id], "title": [None, "One"], "content": [None, cut]}),
        ("updated", {"title": ["One", "Two"]}),
        ("deleted", {"owner_id": [ada.id, None], "title": ["Two", None], "content": [cut, None]}),
    ]
    wanted = [answers[place].headers["x-request-id"] for place in (0, 1, 3)]
    assert [one["request_id"] for one in entries] == wanted
    assert wanted[-1] == "the-last"
    assert {(one["entity"], one["actor"]["username"], one["impersonator"]) for one in entries} == {
        ("notes", "ada", None)
    }
    [made] = await told(admin, row_id=draft["id"])
    assert made["changes"].keys() == {"author_id", "title", "body"}, "not what is null before and after"
    assert made["changes"]["body"] == [None, whole]


async def test_an_object_that_is_long_is_not_in_the_activity(anybody: FastAPI, admin: Person) -> None:
    record = {"user_id": admin.id, "kind": "visit", "title": "x", "occurred_at": "2020-01-01T00:00:00Z"}
    async with through(anybody, admin) as client:
        answer = await client.post("/records", json=record | {"data": {"x": "x" * LONGEST}})
    [made] = await told(admin, row_id=answer.json()["id"])
    assert made["changes"]["data"] == [None, "…"]


async def test_what_is_rolled_back_is_not_in_the_activity(
    anybody: FastAPI, ada: Person, admin: Person, database: Database
) -> None:
    row = await make(admin, "/roles", name="clerk")
    before = await told(admin)
    async with through(anybody, admin) as client:
        assert (await client.post("/roles", json={"name": "clerk"})).status_code == 409
        assert (await client.patch(f"/roles/{row['id']}", json={"name": "user"})).status_code == 409
    async with through(anybody, ada) as client:
        dry = {"Prefer": "dry-run"}
        assert (await client.post("/notes", json={"title": "One"}, headers=dry)).status_code == 201
        note = (await client.post("/notes", json={"title": "One"})).json()
        url, old = f"/notes/{note['id']}", {"If-Match": '"1"'}
        assert (await client.patch(url, json={"title": "Two"}, headers=old)).status_code == 412
        assert (await client.delete(url, headers=old)).status_code == 412

    assert [one["row_id"] for one in (await told(admin))[len(before) :]] == [note["id"]]


async def test_a_transaction_has_one_entry_for_each_row(
    database: Database, ada: Person, admin: Person
) -> None:
    async with database.write() as session:
        async with session.begin():
            note, brief, old, last = (
                Note(title=one, owner_id=UUID(ada.id)) for one in ("One", "Brief", "Old", "Last")
            )
            expression: Any = sa.func.lower("much")  # its value is known when it is written
            last.content = expression
            session.add_all([note, brief, old, last])
            await session.flush()
            note.title = "Two"
            await session.delete(brief)
        async with session.begin():
            lost = await session.get_one(Note, old.id)
            lost.title = "New"
            await session.flush()
            lost.title = "Newer"
            await session.delete(lost)
            lost = await session.get_one(Note, last.id)
            lost.title = "New"
            await session.delete(lost)
            again = await session.get_one(Note, note.id)
            for title in ("Three", "Four"):
                again.title, again.content = title, again.content
                await session.flush()
            again.content = expression
            await session.flush()
            try:
                async with session.begin_nested():
                    again.title, again.content = "Five", "Much"
                    await session.flush()
                    raise ValueError
            except ValueError:
                pass

    entries = await told(admin, row_id=note.id)
    assert [(one["action"], one["changes"].get("title")) for one in entries] == [
        ("created", [None, "Two"]),
        ("updated", ["Two", "Four"]),
    ]
    assert entries[-1]["changes"].keys() == {"title"}
    assert {(one["actor"], one["request_id"]) for one in entries} == {(None, None)}
    assert await stored(database, brief.id) == 0
    for row, title in ((old, "Old"), (last, "Last")):
        actions = [(one["action"], one["changes"]["title"]) for one in await told(admin, row_id=row.id)]
        assert actions == [("created", [None, title]), ("deleted", [title, None])]


async def test_many_changes_at_once_are_all_in_the_activity(ada: Person, admin: Person) -> None:
    row = await make(ada, "/notes", title="One")
    url = f"/notes/{row['id']}"
    answers = await asyncio.gather(*(ada.patch(url, json={"title": f"Number {n}"}) for n in range(6)))
    assert {one.status_code for one in answers} == {200}

    pairs = [one["changes"]["title"] for one in (await told(admin, row_id=row["id"]))[1:]]
    assert [before for before, _ in pairs] == ["One", *(after for _, after in pairs[:-1])]
    assert {after for _, after in pairs} == {f"Number {n}" for n in range(6)}


async def test_what_statements_of_ours_delete_and_change_is_in_the_activity(
    ada: Person, bob: Person, admin: Person, database: Database
) -> None:
    team = await make_team(ada)
    await join(database, team, bob)
    for _ in range(2):
        await make(ada, f"/teams/{team['id']}/invitations", email="eve@example.com", role="member")
    assert [one["action"] for one in await told(admin, entity="team_invitations")] == [
        "created",
        "deleted",
        "created",
    ]

    for owner in (ada.id, bob.id):  # the first has it already
        assert (await ada.put(f"/teams/{team['id']}/owner", json={"user_id": owner})).status_code == 204
    transfers = await told(admin, entity="team_members", action="updated")
    assert sorted(one["changes"]["role"] for one in transfers) == [["member", "owner"], ["owner", "admin"]]


async def test_a_password_is_not_in_the_activity(ada: Person, admin: Person, database: Database) -> None:
    answer = await admin.patch(f"/users/{ada.id}", json={"password": "another password 17"})
    assert answer.status_code == 200, answer.text

    last = (await told(admin, entity="users", row_id=ada.id))[-1]
    assert (last["action"], last["changes"], last["actor"]["id"]) == ("updated", {}, admin.id)
    async with database.engine.connect() as connection:
        every = (await connection.execute(sa.select(STORED.c.changes))).scalars().all()
    assert not [one for one in every for word in ("another password", "$2b$", *PRIVATE) if word in one]


async def test_the_activity_is_filtered(ada: Person, bob: Person, admin: Person) -> None:
    mine, other = [await make(one, "/notes", title="One") for one in (ada, bob)]
    await ada.patch(f"/notes/{mine['id']}", json={"title": "Two"})
    first, second = await told(admin, row_id=mine["id"])

    for query, wanted in (
        ({"actor_id": ada.id, "entity": "notes"}, [first["id"], second["id"]]),
        ({"entity": "notes", "action": ["updated", "deleted"]}, [second["id"]]),
        ({"actor_id": ada.id, "created_after": first["created_at"]}, [second["id"]]),
        ({"actor_id": ada.id, "created_before": second["created_at"]}, [first["id"]]),
        ({"entity": "nothing"}, []),
    ):
        assert [one["id"] for one in await told(admin, limit=1, **query)] == wanted
    assert {one["row_id"] for one in await told(admin, entity="notes")} == {mine["id"], other["id"]}


async def test_only_those_with_the_permission_see_the_activity(
    client: AsyncClient, ada: Person, staff: Person, admin: Person
) -> None:
    answers = [(await one.get("/activity")).status_code for one in (client, ada, staff, admin)]
    assert answers == [401, 403, 403, 200]


async def test_the_values_of_an_account_go_with_it(ada: Person, admin: Person, database: Database) -> None:
    note = await make(ada, "/notes", title="One")
    role = await make(admin, "/roles", name="clerk")
    assert (await admin.patch(f"/users/{ada.id}", json={"first_name": "Adaline"})).status_code == 200
    assert await stored(database, ada.id) == 2
    assert (await admin.delete(f"/users/{ada.id}")).status_code == 204

    assert await told(admin, row_id=note["id"]) == []
    [gone] = await told(admin, row_id=ada.id)
    assert (gone["action"], gone["changes"], gone["actor"]["id"]) == ("deleted", {}, admin.id)
    assert await stored(database, role["id"]) == 1
    async with database.engine.connect() as connection:
        every = (await connection.execute(sa.select(STORED.c.changes))).scalars().all()
    assert not [one for one in every if "Adaline" in one or "ada@" in one]


async def test_the_entries_of_a_deleted_actor_stay_without_a_name(
    ada: Person, admin: Person, database: Database
) -> None:
    role = await make(admin, "/roles", name="clerk")
    async with database.write() as session, session.begin():
        await session.exec(
            sa.update(STORED).where(STORED.c.row_id == UUID(role["id"])).values(actor_id=UUID(ada.id))
        )
    [entry] = await told(admin, row_id=role["id"])
    assert entry["actor"]["id"] == ada.id
    assert (await admin.delete(f"/users/{ada.id}")).status_code == 204

    [entry] = await told(admin, row_id=role["id"])
    assert (entry["actor"], entry["changes"]["name"]) == (None, [None, "clerk"])


async def test_old_entries_are_pruned(ada: Person, database: Database, settings: Settings) -> None:
    note = await make(ada, "/notes", title="One")
    old = utcnow() - timedelta(days=settings.activity_days, minutes=1)
    async with database.write() as session, session.begin():
        await session.exec(sa.update(STORED).values(created_at=old))
    later = await make(ada, "/notes", title="Two")

    await prune(database, settings.model_copy(update={"activity_days": 0}))
    assert await stored(database, note["id"]) == 1
    await prune(database, settings)
    assert [await stored(database, one["id"]) for one in (note, later)] == [0, 1]


@pytest.mark.parametrize("mechanisms", [frozenset(Mechanism), frozenset[Mechanism]()])
async def test_without_activity_nothing_is_written_to_it(
    ada: Person, admin: Person, settings: Settings, mechanisms: frozenset[Mechanism]
) -> None:
    team, before = await make_team(ada), await told(admin)
    silent = create_app(settings.model_copy(update={"activity": False, "fast_path": mechanisms}))
    async with silent.router.lifespan_context(silent), through(silent, ada) as client:
        note = (await client.post("/notes", json={"title": "One"})).json()
        assert (await client.patch(f"/notes/{note['id']}", json={"title": "Two"})).status_code == 200
        assert (await client.delete(f"/notes/{note['id']}")).status_code == 204
        for _ in range(2):  # of which a statement deletes the first
            made = {"email": "eve@example.com", "role": "member"}
            answer = await client.post(f"/teams/{team['id']}/invitations", json=made)
            assert answer.status_code == 201
        administrator = through(silent, admin)
        assert (await administrator.post(f"/users/{ada.id}/impersonation")).status_code == 201
    assert await told(admin) == before


def test_tables_without_rows_of_users_are_left_out() -> None:
    left_out = {model.__tablename__ for model in tables() if kept_of(model) is None}
    assert {"activities", "row_changes", "user_sessions", "refresh_tokens", "events", "inboxes"} <= left_out
    assert {"users", "roles", "groups", "teams", "notes"}.isdisjoint(left_out)
