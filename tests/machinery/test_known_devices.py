"""Guesses of strangers do not lock out the user: a device or a network that has signed in before is let through."""

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from httpx import Response
from passlib.context import CryptContext

from api import security
from api.deps.known_devices import device_token
from api.security import hashing
from tests.support.listening import PATIENCE, until
from tests.support.mailbox import Mailbox
from tests.support.people import PASSWORD, Person
from tests.support.visitors import House, Visitor

pytestmark = pytest.mark.anyio

HOME, AWAY = "192.0.2.1", "198.51.100.1"
WARNING = "Wrong passwords for your account"


def cookie_of(answer: Response) -> str:
    [found] = [one for one in answer.headers.get_list("set-cookie") if one.startswith("device=")]
    for part in ("HttpOnly", "SameSite=strict", "Path=/api/v1/auth", "Secure", "Max-Age=31536000"):
        assert part in found
    return found.split(";")[0]


async def signed_in(house: House, app: FastAPI, name: str = "ada", host: str = HOME) -> Visitor:
    """A client at home that has signed in, and keeps the cookie of its device."""
    visitor = await house.visitor(app, host)
    answer = await visitor.try_password(name, PASSWORD)
    assert answer.status_code == 200
    visitor.headers["Cookie"] = cookie_of(answer)
    return visitor


async def moved(house: House, app: FastAPI, visitor: Visitor, host: str) -> Visitor:
    """The same device in another network."""
    there = await house.visitor(app, host)
    there.headers.update(visitor.headers)
    return there


async def guess(house: House, app: FastAPI, *hosts: str, name: str = "ada") -> list[int]:
    return [(await (await house.visitor(app, host)).try_password(name)).status_code for host in hosts]


STRANGERS = [f"203.0.113.{n}" for n in range(6)]


async def test_a_known_device_signs_in_while_strangers_guess(house: House, ada: Person) -> None:
    app = house.open()
    laptop = await signed_in(house, app)

    assert await guess(house, app, *STRANGERS) == [401] * 4 + [429] * 2

    travelling = await moved(house, app, laptop, AWAY)
    assert (await travelling.try_password("ada", PASSWORD)).status_code == 200
    assert (await travelling.try_password("ada@example.com", PASSWORD)).status_code == 200
    stranger = await house.visitor(app, "203.0.113.99")
    assert (await stranger.try_password("ada", PASSWORD)).status_code == 429


async def test_a_known_network_signs_in_without_a_cookie(house: House, ada: Person) -> None:
    app = house.open()
    await signed_in(house, app, host="2001:db8::1")
    await guess(house, app, *STRANGERS)

    neighbour = await house.visitor(app, "2001:db8::2")

    assert (await neighbour.try_password("ada", PASSWORD)).status_code == 200


@pytest.mark.parametrize("limit", ["rate_limit_failures_address", "rate_limit_auth"])
async def test_a_known_device_signs_in_from_a_network_that_is_closed(
    house: House, ada: Person, limit: str
) -> None:
    app = house.open(**{limit: "2/hour"})
    laptop = await moved(house, app, await signed_in(house, app), AWAY)

    for n in range(3):
        await guess(house, app, AWAY, name=f"somebody{n}")

    assert (await (await house.visitor(app, AWAY)).try_password("ada", PASSWORD)).status_code == 429
    assert (await laptop.try_password("ada", PASSWORD)).status_code == 200


async def test_sign_ins_of_a_known_device_beyond_its_allowance_count_for_the_network(
    house: House, ada: Person
) -> None:
    app = house.open(rate_limit_auth="2/hour", rate_limit_known_device="2/hour")
    laptop = await signed_in(house, app)

    answers = [(await laptop.try_password("ada", PASSWORD)).status_code for _ in range(4)]

    assert answers == [200, 200, 200, 429]


async def test_guesses_on_a_known_device_are_limited_too(house: House, ada: Person) -> None:
    app = house.open()
    laptop = await signed_in(house, app)

    assert [(await laptop.try_password("ada")).status_code for _ in range(4)] == [401] * 3 + [429]
    travelling = await moved(house, app, laptop, AWAY)
    assert (await travelling.try_password("ada", PASSWORD)).status_code == 429


async def test_a_device_keeps_its_id(house: House, ada: Person) -> None:
    app = house.open()
    laptop = await signed_in(house, app)
    seen = [laptop.headers["Cookie"], cookie_of(await laptop.try_password("ada", PASSWORD))]

    claims = [security.read_token(house.settings, "device", one.partition("=")[2]) for one in seen]

    assert claims[0]["device"] == claims[1]["device"]


async def test_a_cookie_of_another_account_or_nobody_opens_nothing(
    house: House, ada: Person, bob: Person
) -> None:
    app = house.open()
    bobs = await signed_in(house, app, "bob", AWAY)
    await guess(house, app, *STRANGERS)

    assert (await bobs.try_password("ada", PASSWORD)).status_code == 429
    forged = house.settings.model_copy(update={"secret_key": type(house.settings.secret_key)("x" * 40)})
    tokens: list[Any] = ["x", ada.tokens["access_token"], device_token(forged, ada.id, None)]  # type: ignore[arg-type]
    for token in tokens:
        bobs.headers["Cookie"] = f"device={token}"
        assert (await bobs.try_password("ada", PASSWORD)).status_code == 429


async def test_the_owner_is_told_once_that_strangers_guess(
    house: House, ada: Person, mailbox: Mailbox
) -> None:
    app = house.open(rate_limit_recipient="1/hour")

    assert await guess(house, app, *STRANGERS[:3]) == [401] * 3
    assert mailbox.subjects(ada.email).count(WARNING) == 0
    assert await guess(house, app, *STRANGERS[3:]) == [401, 429, 429]
    assert mailbox.subjects(ada.email).count(WARNING) == 1
    await guess(house, app, *STRANGERS, name=ada.email)
    assert mailbox.subjects(ada.email).count(WARNING) == 1  # the limit of the mailbox drops the second
    mailbox.letters.clear()
    assert await guess(house, app, *STRANGERS, name="nobody") == [401] * 4 + [429] * 2
    assert mailbox.letters == []


@pytest.mark.parametrize("is_known", [False, True])
async def test_twenty_right_passwords_at_once_all_sign_in(house: House, ada: Person, is_known: bool) -> None:
    app = house.open()
    visitor = await signed_in(house, app) if is_known else await house.visitor(app, AWAY)

    answers = await asyncio.gather(*(visitor.try_password("ada", PASSWORD) for _ in range(20)))

    assert Counter(answer.status_code for answer in answers) == {200: 20}


async def sign_in(laptop: Visitor, ada: Person) -> Response:
    return await laptop.try_password("ada", PASSWORD)


async def change_password(laptop: Visitor, ada: Person) -> Response:
    body = {"current_password": PASSWORD, "new_password": "another horse entirely"}
    bearer = {"Authorization": ada.headers["Authorization"]}
    return await laptop.put("/users/me/password", json=body, headers=bearer)


@pytest.mark.parametrize("act", [sign_in, change_password])
async def test_known_devices_do_not_wait_for_the_passwords_of_strangers(
    house: House,
    ada: Person,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[Visitor, Person], Awaitable[Response]],
) -> None:
    app = house.open(rate_limit_failures_address="1000/hour")
    laptop = await signed_in(house, app)
    monkeypatch.setattr(hashing, "LONGEST_QUEUE", 20)
    verify, done = CryptContext.verify, threading.Event()

    def verify_slowly(self: CryptContext, secret: str, hashed: str) -> bool:
        if secret == "a wrong one":
            done.wait()
        return verify(self, secret, hashed)

    monkeypatch.setattr(CryptContext, "verify", verify_slowly)
    stranger = await house.visitor(app, AWAY)
    guesses = [asyncio.create_task(stranger.try_password(f"somebody{n}")) for n in range(20)]
    try:
        await until(lambda: hashing._waiting[hashing._hashers] == 20)
        with anyio.fail_after(PATIENCE):
            answer = await act(laptop, ada)
            refused = await stranger.try_password("ada", PASSWORD)
    finally:
        done.set()
        answers = await asyncio.gather(*guesses)

    assert answer.is_success
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert int(refused.headers["retry-after"]) > 0
    assert {answer.status_code for answer in answers} == {401}
