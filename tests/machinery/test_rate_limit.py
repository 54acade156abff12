"""Each user has an allowance of requests, and so has each address without a token."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from starlette.types import Receive, Scope, Send

from api.app import create_app
from api.settings import Settings
from api.web import rate_limit
from tests.conftest import MakePerson
from tests.support.people import Person

pytestmark = pytest.mark.anyio
ORIGIN = "http://localhost:5173"


@pytest.fixture
async def limited(app: FastAPI, settings: Settings) -> AsyncIterator[FastAPI]:
    """Another app on the same database, which allows three requests a day."""
    limited = create_app(settings.model_copy(update={"rate_limit_requests": "3/day"}))
    yield limited
    await limited.state.database.close()


async def ask(app: FastAPI, address: str, path: str = "/api/v1/products", **headers: str) -> Response:
    async with AsyncExitStack() as stack:
        transport = ASGITransport(app, client=(address, 1234))
        client = await stack.enter_async_context(AsyncClient(transport=transport, base_url="http://test"))
        return await client.get(path, headers=headers)


def statuses(answers: list[Response]) -> list[int]:
    return [answer.status_code for answer in answers]


async def test_a_user_is_told_what_is_left_and_when_to_come_back(limited: FastAPI, ada: Person) -> None:
    mine = ada.through(limited)
    answers = [await mine.get("/notes") for _ in range(4)]

    assert statuses(answers) == [200, 200, 200, 429]
    left = [answer.headers["ratelimit"].split(";")[1] for answer in answers]
    assert left == ["r=2", "r=1", "r=0", "r=0"]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"requests";q=3;w=86400'}
    refused = answers[-1]
    assert refused.json()["code"] == "too_many_requests"
    assert refused.headers["ratelimit"].endswith(f";t={refused.headers['retry-after']}")
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert refused.json()["retry_after"] == int(refused.headers["retry-after"])
    assert refused.json()["detail"].startswith("Too many requests. Try again in ")


async def test_users_and_addresses_do_not_use_up_each_others_allowance(
    limited: FastAPI, ada: Person, person: MakePerson
) -> None:
    mine, bobs = ada.through(limited), (await person()).through(limited)

    assert statuses([await mine.get("/notes") for _ in range(4)])[-1] == 429
    assert (await bobs.get("/notes")).status_code == 200
    assert (await ask(limited, "192.0.2.1")).status_code == 200


async def test_an_invalid_token_does_not_help(limited: FastAPI) -> None:
    answers = [await ask(limited, "192.0.2.1", authorization=f"Bearer made-up-{one}") for one in range(4)]

    assert statuses(answers)[-1] == 429


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:1::1", "2001:db8:1:1:ffff::2", True),
        ("2001:db8:1:1::1", "2001:db8:1:2::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("a name", "another name", True),
    ],
)
async def test_an_ipv6_network_is_one_client(
    limited: FastAPI, first: str, second: str, is_same: bool
) -> None:
    used_up = statuses([await ask(limited, first) for _ in range(3)])

    assert used_up == [200, 200, 200]
    assert (await ask(limited, second)).status_code == (429 if is_same else 200)


async def test_a_load_balancer_may_ask_as_often_as_it_likes(limited: FastAPI) -> None:
    answers = [await ask(limited, "192.0.2.1", "/health") for _ in range(5)]

    assert statuses(answers) == [200] * 5


async def test_a_page_of_another_origin_can_read_the_refusal(limited: FastAPI) -> None:
    answers = [await ask(limited, "192.0.2.1", "/nowhere", origin=ORIGIN) for _ in range(4)]

    assert statuses(answers) == [404, 404, 404, 429]
    assert answers[-1].headers["access-control-allow-origin"] == ORIGIN
    assert "RateLimit" in answers[-1].headers["access-control-expose-headers"]


async def test_counters_take_a_limited_amount_of_memory(
    limited: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "MOST_KEYS", 2)
    answers = [await ask(limited, f"192.0.2.{one}") for one in range(8)]

    assert statuses(answers) == [200] * 5 + [429] * 3


async def test_a_load_test_can_turn_it_off(app: FastAPI, settings: Settings) -> None:
    changes: dict[str, Any] = {"rate_limit_requests": "3/day", "rate_limit_enabled": False}
    free = create_app(settings.model_copy(update=changes))
    answers = [await ask(free, "192.0.2.1") for _ in range(4)]
    await free.state.database.close()

    assert statuses(answers) == [200] * 4
    assert "ratelimit" not in answers[0].headers


async def test_requests_of_others_come_in_between(settings: Settings) -> None:
    begun: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        begun.append(scope["client"][0])

    limit = rate_limit.RateLimit(app, settings)

    def ask_as(address: str) -> asyncio.Task[None]:
        scope = {"type": "http", "path": "/", "headers": [], "client": (address, 1234)}
        return asyncio.create_task(limit(scope, unused, unused))

    many, one = [ask_as("192.0.2.1") for _ in range(60)], ask_as("198.51.100.1")
    await asyncio.sleep(0)
    for cancelled in many[20:60:5]:  # their clients have left
        cancelled.cancel()
    await asyncio.gather(*many, one, return_exceptions=True)

    assert begun.index("198.51.100.1") == rate_limit.AT_ONCE + 1
    assert len(begun) == 53
    await asyncio.sleep(0)
    assert (limit.begun, limit.last) == ({}, {})


async def unused(*_: Any) -> Any:
    raise AssertionError
