"""Guessing is slow, for whoever guesses; nobody else notices. Redis is shared memory, not something to depend
on."""

import asyncio
import logging
import shutil
from collections import Counter
from collections.abc import Iterator

import pytest
from httpx import AsyncClient, Response
from passlib.context import CryptContext

from api.deps.throttling import Throttle
from api.problems import ProblemError
from api.settings import Settings
from tests.conftest import MakePerson
from tests.support.mailbox import Mailbox
from tests.support.people import PASSWORD, Person
from tests.support.visitors import House
from tools.servers import Redis

pytestmark = pytest.mark.anyio


async def test_an_account_is_closed_to_guesses_for_a_while(
    house: House, ada: Person, person: MakePerson
) -> None:
    bob = await person()
    guesser = await house.visitor(house.open())

    guesses = [await guesser.try_password("ada") for _ in range(3)]
    closed = await guesser.try_password("ada")
    even_right = await guesser.try_password("ADA", PASSWORD)

    assert [guess.status_code for guess in guesses] == [401] * 3
    for refused in (closed, even_right):
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
        assert 0 < int(refused.headers["retry-after"]) <= 15 * 60
        assert refused.json()["retry_after"] == int(refused.headers["retry-after"])
    assert (await guesser.try_password(bob.username, PASSWORD)).status_code == 200
    assert (await ada.get("/users/me")).status_code == 200  # who is signed in stays it


async def test_moving_to_another_address_does_not_open_the_account(house: House, ada: Person) -> None:
    app = house.open()
    for i in range(4):
        assert (await (await house.visitor(app, f"192.0.2.{i}")).try_password("ada")).status_code == 401

    assert (await (await house.visitor(app, "198.51.100.1")).try_password("ada", PASSWORD)).status_code == 429


async def test_an_address_that_guesses_at_many_accounts_is_closed(house: House, ada: Person) -> None:
    app = house.open()
    guesser, neighbour = await house.visitor(app), await house.visitor(app, "192.0.2.2")

    for i in range(6):
        assert (await guesser.try_password(f"somebody{i}")).status_code == 401
    closed = await guesser.try_password("ada", PASSWORD)

    assert (closed.status_code, int(closed.headers["retry-after"]) > 0) == (429, True)
    assert (await neighbour.try_password("ada", PASSWORD)).status_code == 200


async def test_signing_in_forgives_what_went_wrong_before(house: House, ada: Person) -> None:
    ours = await house.visitor(house.open(rate_limit_failures_address="1000/minute"))

    for _ in range(3):
        answers = [
            await ours.try_password("ada"),
            await ours.try_password("ada"),
            await ours.try_password("ada", PASSWORD),
        ]
        assert [answer.status_code for answer in answers] == [401, 401, 200]


async def test_a_reset_password_opens_the_account_again(house: House, ada: Person, mailbox: Mailbox) -> None:
    ours = await house.visitor(house.open(rate_limit_failures_address="1000/minute"))
    for name in ("ada", ada.email):
        assert [(await ours.try_password(name)).status_code for _ in range(4)] == [401, 401, 401, 429]

    await ours.post("/auth/password/forgot", json={"email": ada.email})
    token = mailbox.token(ada.email, "Reset your password")
    await ours.post("/auth/password/reset", json={"token": token, "new_password": "another horse entirely"})

    assert [
        (await ours.try_password(name, "another horse entirely")).status_code for name in ("ada", ada.email)
    ] == [200, 200]


async def test_names_that_nobody_has_are_throttled_like_others(house: House, ada: Person) -> None:
    guesser = await house.visitor(house.open(rate_limit_failures_address="1000/minute"))

    known, unknown = [[await guesser.try_password(name) for _ in range(5)] for name in ("ada", "nobody")]

    assert [answer.status_code for answer in known] == [401, 401, 401, 429, 429]
    assert [(answer.status_code, answer.text) for answer in known] == [
        (answer.status_code, answer.text) for answer in unknown
    ]


async def test_of_many_guesses_at_once_only_so_many_are_looked_at(
    house: House, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    guesser = await house.visitor(house.open())
    looked_at: list[str] = []
    verify = CryptContext.verify

    def count(self: CryptContext, secret: str, hashed: str) -> bool:
        looked_at.append(secret)
        return verify(self, secret, hashed)

    monkeypatch.setattr(CryptContext, "verify", count)

    answers = await asyncio.gather(*(guesser.try_password("ada") for _ in range(20)))

    assert Counter(answer.status_code for answer in answers) == {401: 3, 429: 17}
    assert len(looked_at) == 3


async def test_requests_are_counted_by_kind_and_address(house: House, ada: Person) -> None:
    app = house.open(rate_limit_auth="2/minute")
    ours, neighbour = await house.visitor(app), await house.visitor(app, "192.0.2.2")

    assert [(await ours.try_password("ada", PASSWORD)).status_code for _ in range(3)] == [200, 200, 429]
    assert (await ours.post("/auth/email/verify", json={"token": "x"})).status_code == 401
    assert {
        (await ours.post("/auth/refresh", json={"refresh_token": "x"})).status_code for _ in range(3)
    } == {401}
    assert (await neighbour.try_password("ada", PASSWORD)).status_code == 200


async def refresh(visitor: AsyncClient, token: str) -> Response:
    return await visitor.post("/auth/refresh", json={"refresh_token": token})


async def test_refreshes_of_an_address_are_limited(house: House, ada: Person) -> None:
    app = house.open(rate_limit_refresh="2/minute")
    ours, neighbour = await house.visitor(app), await house.visitor(app, "192.0.2.2")

    assert [(await refresh(ours, "x")).status_code for _ in range(3)] == [401, 401, 429]
    assert (await refresh(neighbour, ada.tokens["refresh_token"])).status_code == 200


async def test_refreshes_of_a_session_are_limited_and_reuse_still_ends_it(house: House, ada: Person) -> None:
    app = house.open(rate_limit_auth="2/minute")
    tokens = [ada.tokens["refresh_token"]]
    for number in range(2):
        answer = await refresh(await house.visitor(app, f"192.0.2.{number}"), tokens[-1])
        assert answer.status_code == 200
        tokens.append(answer.json()["refresh_token"])

    ours = await house.visitor(app, "192.0.2.9")
    assert (await refresh(ours, tokens[-1])).status_code == 429
    assert (await refresh(ours, tokens[0])).json()["code"] == "token_reused"
    assert (await refresh(ours, tokens[-1])).json()["code"] == "invalid_token"


async def test_whatever_costs_a_hash_is_limited(house: House, ada: Person) -> None:
    ours = await house.visitor(house.open(rate_limit_auth="1/minute"))
    ours.headers["Authorization"] = ada.headers["authorization"]
    posted = ("register", "login", "password/reset", "email/verify")
    put = [("PUT", f"/users/me/{name}") for name in ("password", "email")]

    for method, path in [*(("POST", f"/auth/{name}") for name in posted), *put]:
        first, second = [await ours.request(method, path, json={}) for _ in range(2)]
        assert (first.status_code, second.status_code) == (422, 429), path
    assert [(await ours.post("/auth/token", data={"username": "x"})).status_code for _ in range(2)] == [
        422,
        429,
    ]


async def test_all_limits_can_be_switched_off(house: House, ada: Person) -> None:
    ours = await house.visitor(house.open(rate_limit_enabled=False, rate_limit_auth="1/day"))

    assert {(await ours.try_password("ada")).status_code for _ in range(8)} == {401}
    assert (await ours.try_password("ada", PASSWORD)).status_code == 200


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    if shutil.which("redis-server") is None:
        pytest.skip("there is no redis-server on this machine to share counters with")
    # One that runs answers, however busy the machine is. One that is gone refuses at once.
    monkeypatch.setattr("api.deps.throttling.REDIS_SECONDS", 30)
    server = Redis()
    server.start()
    yield server
    server.kill()


async def test_replicas_count_together(house: House, redis: Redis, ada: Person) -> None:
    first = await house.visitor(house.open(redis_url=redis.url))
    second = await house.visitor(house.open(redis_url=redis.url))

    guesses = [await visitor.try_password("ada") for visitor in (first, second, first, second, first)]

    assert [guess.status_code for guess in guesses] == [401, 401, 401, 429, 429]
    assert 0 < int(guesses[-1].headers["retry-after"]) <= 15 * 60


async def test_without_redis_each_process_counts_for_itself_until_it_is_back(
    house: House, redis: Redis, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    apps = [house.open(redis_url=redis.url) for _ in range(2)]
    first, second = [await house.visitor(app) for app in apps]
    logging.getLogger("api.deps.throttling").addHandler(caplog.handler)  # the apps have set up logging anew
    try:
        assert [(await first.try_password("ada")).status_code for _ in range(2)] == [401] * 2
        redis.kill()
        assert [(await first.try_password("ada")).status_code for _ in range(4)] == [401, 401, 401, 429]
        assert (await second.try_password("ada", PASSWORD)).status_code == 200
        assert [record.levelname for record in caplog.records] == [
            "WARNING",
            "WARNING",
        ]  # each once, not at every request
        assert "Redis is unavailable" in caplog.text

        redis.start()
        for app in apps:
            app.state.throttle.away_until = 0  # as after a few seconds
        assert [(await first.try_password("ada")).status_code for _ in range(2)] == [401] * 2
        assert [(await second.try_password("ada")).status_code for _ in range(2)] == [401, 429]
        assert len(caplog.records) == 2
        assert (await first.get("http://test/ready")).json() == {"ok": True, "degraded": []}
    finally:
        logging.getLogger("api.deps.throttling").removeHandler(caplog.handler)


async def test_a_redis_that_was_never_there_keeps_nobody_out(house: House, ada: Person) -> None:
    ours = await house.visitor(house.open(redis_url="redis://127.0.0.1:1/0"))

    assert (await ours.try_password("ada", PASSWORD)).status_code == 200
    assert [(await ours.try_password("ada")).status_code for _ in range(4)] == [401, 401, 401, 429]
    assert (await ours.get("http://test/ready")).json() == {"ok": True, "degraded": ["redis"]}


async def test_neither_names_nor_addresses_lie_about_in_redis(
    house: House, redis: Redis, ada: Person
) -> None:
    app = house.open(redis_url=redis.url)
    await (await house.visitor(app)).try_password("ada@example.com")

    keys = [key.decode() async for key in app.state.throttle.redis.storage.bridge.storage.scan_iter()]

    assert keys
    assert not any(private in key for key in keys for private in ("ada", "192.0.2.1"))


async def test_what_is_used_up_for_one_is_there_for_others() -> None:
    throttle = Throttle(Settings(_env_file=None, rate_limit_mail="2/hour;1/day"))

    await throttle.check("mail", "one")
    await throttle.hit("mail", "one")
    with pytest.raises(ProblemError):
        await throttle.check("mail", "one")
    with pytest.raises(ProblemError):
        await throttle.hit("mail", "one")
    await throttle.hit("mail", "three")
    await throttle.forgive("mail", "one")
    await throttle.hit("mail", "one")
