"""How a WebSocket is opened, and the code it is closed with when it should not be."""

import json
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.routers.sockets import MAX_BYTES, MAX_MESSAGES
from api.settings import Settings
from tests.support.listening import Site, Socket, another, until_over
from tests.support.people import Person

pytestmark = pytest.mark.anyio

TOKENS = [
    "",
    "a.b.c",
    "x" * (MAX_BYTES - 50),
    '{"token": "a.b.c"}',
    '{"token": ""}',
    '{"topics": ["notes"]}',
    "{}",
    '{"token": 5}',
]


async def code_for(site: Site, *messages: str | bytes, **options: Any) -> int | None:
    async with site.socket(**options) as connection:
        try:
            for message in messages:
                await connection.send(message)
        except ConnectionClosed:
            pass  # it was said already
        return await until_over(Socket(connection))


def hello(person: Person, **more: Any) -> str:
    return json.dumps({"token": person.tokens["access_token"], **more})


@pytest.mark.parametrize("message", TOKENS)
async def test_nobody_gets_in_without_a_token(site: Site, message: str) -> None:
    assert await code_for(site, message) == 4401


async def test_a_token_of_another_kind_is_none(site: Site, ada: Person) -> None:
    assert await code_for(site, ada.tokens["refresh_token"]) == 4401
    await ada.post("/auth/logout")
    assert await code_for(site, hello(ada)) == 4401


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_event_id": -1},
        {"last_event_id": "x"},
        {"last_event_id": 2**64},
        {"topics": ["users"]},
        {"topics": []},
        {"a": 1},
    ],
)
async def test_a_first_message_that_makes_no_sense_is_refused(
    site: Site, ada: Person, wrong: dict[str, Any]
) -> None:
    assert await code_for(site, hello(ada, **wrong)) == 4422


@pytest.mark.parametrize("nonsense", ["{", '{"token": "\\ud800"}', "[" * 5000, '{"a":' * 1000])
async def test_what_is_no_message_at_all_does_no_harm(site: Site, nonsense: str) -> None:
    assert await code_for(site, nonsense) in {4401, 4422}


async def test_a_first_message_has_to_come_at_once(settings: Settings) -> None:
    async with another(settings, stream_hello_seconds=0.05) as site:
        assert await code_for(site) == 4408


async def test_what_is_no_text_or_too_long_is_refused(site: Site, ada: Person) -> None:
    assert await code_for(site, b"\0\xff") == 1003
    assert await code_for(site, "x" * (MAX_BYTES + 1)) == 1009
    assert await code_for(site, "x" * 100_000) == 1009
    assert await code_for(site, hello(ada), "x" * (MAX_BYTES + 1)) == 1009
    assert await code_for(site, hello(ada), b"\0\xff") == 1003


async def test_who_talks_too_much_is_sent_away(site: Site, ada: Person) -> None:
    assert await code_for(site, hello(ada), *["ping"] * MAX_MESSAGES) == 1008


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:5173.evil.example", "http://[", ""]
)
async def test_pages_from_elsewhere_are_refused(site: Site, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with site.socket(additional_headers={"Origin": origin}):
            pass
    assert refused.value.response.status_code == 403


async def test_pages_of_our_own_and_programs_may_come(site: Site, ada: Person, settings: Settings) -> None:
    for origin in (settings.origins[0], f"http://127.0.0.1:{site.port}", None):
        async with site.socket(additional_headers={"Origin": origin} if origin else {}) as connection:
            await connection.send(hello(ada))
            assert (await Socket(connection).next())["kind"] == "ready"
    evil = {"Origin": "http://evil.example"}
    async with another(settings, cors_origins=["*"]) as open_site, open_site.socket(additional_headers=evil):
        pass


async def test_leaving_is_noticed(site: Site, ada: Person) -> None:
    async with site.listen("ws", ada), site.listen("sse", ada):
        assert len(next(iter(site.bus.listeners.values()))) == 2
    # The next test that takes the site waits until nobody is left, and fails if somebody is.


async def test_whom_a_server_leaves_is_told_to_come_back(settings: Settings, ada: Person) -> None:
    async with another(settings) as site, site.listen("ws", ada) as socket, site.listen("sse", ada) as stream:
        site.bus.close()
        assert await until_over(socket) == 1012
        assert await until_over(stream) is None
        assert await code_for(site, hello(ada)) == 1012
        async with site.client(ada) as client:
            assert (await client.get("/notifications/stream")).status_code == 503
