"""What passwords cost, and which ones are refused."""

import asyncio
import traceback
from collections.abc import AsyncIterator

import bcrypt
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from pydantic import SecretStr
from sqlmodel import col, select

from api import security
from api.app import create_app
from api.db.engine import Database
from api.db.errors import CannotStart
from api.models.user import User
from api.seeds.first_start import seed
from api.settings import Settings
from tests.conftest import MakePerson
from tests.resources.test_auth import sign_in
from tests.support.mailbox import Mailbox
from tests.support.people import PASSWORD, Person

pytestmark = pytest.mark.anyio


@pytest.fixture
async def stricter(
    app: FastAPI, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncClient]:
    """The same accounts, after the hash rounds were raised from 4 to 6."""
    monkeypatch.setattr(security, "_highest", {})  # a process that has compared nothing yet
    raised = create_app(settings.model_copy(update={"password_hash_rounds": 6}))
    there = AsyncClient(transport=ASGITransport(raised), base_url="http://test/api/v1")
    async with raised.router.lifespan_context(raised), there:
        yield there


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often bcrypt's key schedule runs: two to the power of the rounds for each hash."""
    done: list[int] = []
    hash_it = bcrypt.hashpw

    def count(password: bytes, salt: bytes) -> bytes:
        done.append(2 ** int(salt.split(b"$")[2]))
        return hash_it(password, salt)

    monkeypatch.setattr(bcrypt, "hashpw", count)
    return done


async def stored_hash(database: Database, person: Person) -> str:
    [found] = await database.rows(select(User).where(col(User.username) == person.username))
    return str(found.hashed_password)


async def test_after_the_rounds_were_raised_an_unknown_name_still_costs_what_a_known_one_does(
    stricter: AsyncClient, ada: Person, work: list[int]
) -> None:
    costs = []
    for login in ("ada", "nobody", "ada@example.com", "nobody@example.com"):
        work.clear()
        assert (await sign_in(stricter, login, "wrong")).status_code == 401
        costs.append(sum(work))

    assert costs == [2**6] * 4


async def test_after_the_rounds_were_lowered_the_costliest_hash_is_the_measure(
    client: AsyncClient, stricter: AsyncClient, ada: Person, bob: Person, work: list[int]
) -> None:
    assert (await sign_in(stricter, "ada")).status_code == 200  # its hash has 6 rounds now
    costs = []
    for login in ("ada", "bob", "nobody"):
        work.clear()
        assert (await sign_in(client, login, "wrong")).status_code == 401
        costs.append(sum(work))

    assert costs == [2**6] * 3


async def test_signing_in_renews_a_hash_of_other_rounds(
    client: AsyncClient, stricter: AsyncClient, ada: Person, database: Database
) -> None:
    before = (await ada.get("/users/me")).json()
    assert ",r=4$" in await stored_hash(database, ada)

    assert (await sign_in(stricter, "ada", "wrong")).status_code == 401
    assert ",r=4$" in await stored_hash(database, ada)
    assert (await sign_in(stricter, "ada")).status_code == 200

    renewed = await stored_hash(database, ada)
    assert ",r=6$" in renewed
    assert (await ada.get("/users/me")).json() == before
    assert (await sign_in(stricter, "ada")).status_code == 200
    assert await stored_hash(database, ada) == renewed
    assert (await sign_in(client, "ada")).status_code == 200  # the process with the old setting
    assert ",r=4$" in await stored_hash(database, ada)


async def test_sign_ins_at_once_all_succeed_while_the_hash_is_renewed(
    stricter: AsyncClient, ada: Person, database: Database
) -> None:
    answers = await asyncio.gather(*(sign_in(stricter, "ada", PASSWORD) for _ in range(8)))

    assert {answer.status_code for answer in answers} == {200}
    assert ",r=6$" in await stored_hash(database, ada)


WEAK = {
    "password": "common_password",
    "PassWord1": "common_password",
    "ｑwertyuiop": "common_password",  # noqa: RUF001  full-width q
    "p@ssw0rd ": "common_password",
    "Password123!": "common_password",
    "Welcome123!!": "common_password",
    "Sunshine 2026.": "common_password",
    "12345678!": "common_password",
    "Countess1815!": "password_is_name",
    "lovelace@example.com1": "password_is_name",
    "countess": "password_is_name",
    "COUNTESS": "password_is_name",
    "lovelace@example.com": "password_is_name",
    "Lovelace": "password_is_name",
}


def refused(answer: Response) -> tuple[list[str], str]:
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), answer.text
    [error] = answer.json()["errors"]
    assert error["msg"].endswith("Choose another one, such as four words.")
    return error["loc"], error["type"]


@pytest.mark.parametrize("weak", WEAK)
async def test_a_password_that_others_guess_is_refused_wherever_one_is_chosen(
    client: AsyncClient, admin: Person, person: MakePerson, mailbox: Mailbox, weak: str
) -> None:
    names = {"username": "countess", "email": "lovelace@example.com"}
    at_first = (["body", "password"], WEAK[weak])
    assert refused(await client.post("/auth/register", json=names | {"password": weak})) == at_first
    assert refused(await admin.post("/users", json=names | {"password": weak})) == at_first

    ada, later = await person(**names), (["body", "new_password"], WEAK[weak])
    body = {"current_password": PASSWORD, "new_password": weak}
    assert refused(await ada.put("/users/me/password", json=body)) == later
    await client.post("/auth/password/forgot", json={"email": ada.email})
    token = mailbox.token(ada.email, "Reset your password")
    reset = await client.post("/auth/password/reset", json={"token": token, "new_password": weak})
    assert refused(reset) == later
    assert (await sign_in(client, "countess")).status_code == 200  # by the old one


@pytest.mark.parametrize(
    "fine",
    ["sunshine over 4 hills", "4 words and 20 letters!", "8273649102-", "countesses", "2026!password!x"],
)
async def test_a_common_word_within_a_password_is_fine(client: AsyncClient, fine: str) -> None:
    names = {"username": "countess", "email": "lovelace@example.com"}
    assert (await client.post("/auth/register", json=names | {"password": fine})).status_code == 201


@pytest.mark.parametrize("weak", ["1qaz2wsx3edc", "countess", "short"])
async def test_the_first_admin_has_no_weak_password_either_and_the_log_does_not_tell_it(
    database: Database, settings: Settings, weak: str
) -> None:
    first = {"first_admin_username": "countess", "first_admin_email": "lovelace@example.com"}
    named = settings.model_copy(update=first | {"first_admin_password": SecretStr(weak)})

    with pytest.raises(CannotStart, match=r"^FIRST_ADMIN_PASSWORD: \w[^:]+\.?$") as refusal:
        await seed(database, named)

    shown = "".join(traceback.format_exception(refusal.value))
    assert weak not in shown.replace(__file__, "")
