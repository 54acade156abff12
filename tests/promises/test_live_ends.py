"""When listening ends: with the right to it, for readers who do not read, and when too many come."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from api.db.engine import Database
from api.deps.authentication import Caller
from api.flows.pruning import prune
from api.live.listener import Listener
from api.models.base import utcnow, uuid7
from api.models.event import Event, Inbox
from api.models.note import Note
from api.models.notification import Notification
from api.models.user import User
from api.problems import Code, ProblemError
from api.security import make_token, read_token
from api.settings import Settings
from tests.conftest import MakePerson
from tests.resources.test_auth import (
    be_deactivated,
    be_deleted,
    change_the_password,
    delete_the_session,
    log_out,
    reset_the_password,
)
from tests.support.listening import ALL, OverError, Site, another, request, take, until, until_over
from tests.support.mailbox import Mailbox
from tests.support.make import make
from tests.support.people import Person

pytestmark = pytest.mark.anyio
both = pytest.mark.parametrize("how", ["sse", "ws"])
SOON = 0.05
SIGNED_OUT: dict[str, set[int | None]] = {"sse": {None, 401}, "ws": {4401}}
End = Callable[[Person, Person, Mailbox], Awaitable[None]]


# The right to listen


@pytest.mark.parametrize(
    "end", [log_out, delete_the_session, change_the_password, reset_the_password, be_deactivated, be_deleted]
)
async def test_signing_out_ends_streams_in_every_process(
    site: Site, settings: Settings, ada: Person, admin: Person, mailbox: Mailbox, end: End
) -> None:
    """Both ask the table when they are woken; nothing here waits for a heartbeat."""
    async with another(settings, stream_poll_seconds=SOON, stream_heartbeat_seconds=14) as replica:
        for where in (site, replica):
            assert where.bus.settings.stream_heartbeat_seconds >= 10
        async with (
            site.listen("sse", ada) as here,
            site.listen("ws", ada) as socket_here,
            replica.listen("sse", ada) as there,
            replica.listen("ws", ada) as socket_there,
        ):
            await end(ada, admin, mailbox)
            async with asyncio.timeout(8):  # else it was the heartbeat
                assert [await until_over(one) for one in (here, there)] == [None, None]
                assert [await until_over(one) for one in (socket_here, socket_there)] == [4401, 4401]


async def test_signing_out_leaves_streams_of_other_sign_ins_open(site: Site, ada: Person) -> None:
    phone = (await ada.post("/auth/login", json={"username": "ada", "password": ada.password})).json()
    async with site.ws(phone["access_token"], ALL, None) as there, site.listen("ws", ada) as here:
        await there.next()
        await ada.delete("/auth/sessions")
        assert await until_over(there) == 4401
        note = await make(ada, "/notes", title="still here")
        assert (await here.next())["data"] == note


async def test_a_reused_refresh_token_ends_the_streams_of_its_sign_in(site: Site, ada: Person) -> None:
    body = {"refresh_token": ada.tokens["refresh_token"]}
    async with site.listen("ws", ada) as listening:
        assert (await ada.post("/auth/refresh", json=body)).status_code == 200
        assert (await ada.post("/auth/refresh", json=body)).status_code == 401
        assert await until_over(listening) == 4401


@both
async def test_a_stream_ends_when_its_token_expires(
    site: Site, settings: Settings, ada: Person, how: str
) -> None:
    claims = read_token(settings, "access", ada.tokens["access_token"])
    ada.tokens["access_token"] = make_token(
        settings, "access", UUID(ada.id), timedelta(seconds=1), sid=claims["sid"]
    )
    with pytest.raises(OverError) as over:
        async with site.listen(how, ada) as listening:
            raise OverError(await until_over(listening))
    assert over.value.code in SIGNED_OUT[how]  # also if the second was over before it began


async def test_a_token_that_expires_before_its_stream_begins_is_refused(
    site: Site, settings: Settings, ada: Person
) -> None:
    user = User.model_construct(id=UUID(ada.id))
    caller = Caller(user, uuid7())
    expired = make_token(settings, "access", user.id, timedelta(seconds=-1))

    with pytest.raises(ProblemError) as refused:
        Listener(site.bus, asyncio.Event(), caller, expired, [])

    assert refused.value.code is Code.invalid_token


# Readers who do not read


@asynccontextmanager
async def deaf(site: Site, person: Person, how: str) -> AsyncIterator[None]:
    """Somebody who listens to everything, and never reads any of it."""
    token, buffer = person.tokens["access_token"], 4096
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", site.port))
        if how == "sse":
            await asyncio.get_running_loop().sock_sendall(sock, request(token, "notes"))
            yield
        else:
            async with site.socket(sock=sock, max_queue=1, compression=None, close_timeout=0.1) as connection:
                await connection.send(json.dumps({"token": token, "topics": ["notes"]}))
                yield


@both
async def test_a_client_that_stops_reading_is_disconnected(settings: Settings, ada: Person, how: str) -> None:
    async with (
        another(settings, stream_send_seconds=0.2) as site,
        site.client(ada) as client,
        deaf(site, ada, how),
        deaf(site, ada, how),
        site.listen("sse", ada) as listening,
    ):
        mine = UUID(ada.id)
        await until(lambda: len(site.bus.listeners[mine]) == 3)
        for _ in range(4):
            async with site.bus.database.write() as session, session.begin():
                session.add_all(
                    [Note(owner_id=mine, title=str(number), content="x" * 50_000) for number in range(60)]
                )
            assert [one["data"]["title"] for one in await take(listening, 60)] == [
                str(number) for number in range(60)
            ]
            assert (await client.get("/notes?limit=1")).status_code == 200
        await until(lambda: len(site.bus.listeners[mine]) == 1)  # who reads is still there


# Limits and heartbeats


async def test_the_streams_of_one_user_are_limited(settings: Settings, ada: Person, bob: Person) -> None:
    async with another(settings, streams_per_user=2) as site:
        async with site.listen("sse", ada), site.listen("ws", ada):
            for how, code in (("sse", 429), ("ws", 4429)):
                with pytest.raises(OverError) as refused:
                    async with site.listen(how, ada):
                        pass
                assert refused.value.code == code
            async with site.listen("sse", bob):
                pass
        await until(lambda: not site.bus.listeners)
        async with site.listen("sse", ada):
            pass


async def test_an_idle_stream_sends_heartbeats(settings: Settings, ada: Person) -> None:
    async with (
        another(settings, stream_heartbeat_seconds=SOON) as site,
        site.client(ada) as client,
        site.sse(ada.tokens["access_token"], ALL, None) as stream,
    ):
        await stream.next()
        waiting = asyncio.create_task(stream.next())
        await until(lambda: stream.comments > 2)
        note = await make(client, "/notes", title="next")
        assert (await waiting)["data"] == note


async def test_waiting_listeners_hold_no_database_connection(settings: Settings, person: MakePerson) -> None:
    people = [await person() for _ in range(4)]
    async with (
        another(settings, database_pool_size=2) as site,
        site.listen("sse", people[0]),
        site.listen("ws", people[1]),
        site.listen("sse", people[2]),
        site.client(people[3]) as client,
    ):
        for _ in range(3):
            await make(client, "/notes", title="free")


@pytest.mark.parametrize("number", ["-1", "x", "1.5", "", str(2**64), "9" * 5000])
async def test_an_invalid_last_event_id_is_refused(site: Site, ada: Person, number: str) -> None:
    async with site.client(ada) as client:
        answer = await client.get("/notifications/stream", headers={"Last-Event-ID": number})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_an_unknown_topic_is_refused(site: Site, ada: Person) -> None:
    async with site.client(ada) as client:
        for query in (
            "topics=users",
            "topics=",
            "topics=tasks,users",
            "topics=tasks&colour=red",
            "topics=" + "notes," * 9 + "notes",
        ):
            answer = await client.get(f"/notifications/stream?{query}")
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), query


# What is kept, and for how long


async def age(database: Database, person: Person, days: float) -> None:
    async with database.write() as session, session.begin():
        for model in (Event, Notification):
            mine = col(model.user_id) == UUID(person.id)
            await session.exec(update(model).where(mine).values(created_at=utcnow() - timedelta(days=days)))


@both
async def test_a_listener_that_returns_too_late_receives_a_reset(
    site: Site, settings: Settings, database: Database, ada: Person, staff: Person, how: str
) -> None:
    for title in "abc":
        await make(staff, "/notifications", user_id=ada.id, title=title)
    await age(database, ada, settings.events_kept_days + 1)
    await make(staff, "/notifications", user_id=ada.id, title="new")
    await asyncio.gather(prune(database, settings), prune(database, settings))

    for since, first in ((2, "reset"), (3, "ready"), (4, "ready"), (5, "reset")):
        async with site.open(how, ada, ALL, since) as listening:
            begun = await listening.next()
            assert (begun["kind"], begun["id"]) == (first, since if first == "ready" else 4)
            if since == 3:
                assert (await listening.next())["data"]["title"] == "new"
    assert len((await ada.get("/notifications")).json()["items"]) == 4, "notifications are kept for longer"


async def test_old_notifications_are_removed(
    settings: Settings, database: Database, ada: Person, bob: Person, staff: Person
) -> None:
    await make(staff, "/notifications", user_id=ada.id, other_user_ids=[bob.id], title="old")
    await age(database, ada, settings.notifications_kept_days + 1)

    await prune(database, settings)

    assert (await ada.get("/notifications")).json()["items"] == []
    assert [one["title"] for one in (await bob.get("/notifications")).json()["items"]] == ["old"]
    async with database.read() as session:
        assert (await session.exec(select(Inbox.pruned).where(Inbox.user_id == UUID(ada.id)))).one() == 1
