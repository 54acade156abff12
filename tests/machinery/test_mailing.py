"""Nobody sends letters without a limit: each counts for its mailbox, and for whom it was sent by."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

from api.db.engine import Database
from api.deps.mail import mailbox_of
from api.deps.mailing import get_mailer
from api.flows.letters import reset_letter
from api.flows.sign_ins import BY_EMAIL
from api.openapi.operations import dependencies
from api.security import fold
from api.settings import Settings
from tests.support.described import ROUTES
from tests.support.mailbox import Mailbox
from tests.support.people import PASSWORD, Person
from tests.support.visitors import House

pytestmark = pytest.mark.anyio

MAILING = {str(route.name) for route in ROUTES if get_mailer in dependencies(route.dependant)}
BULK = {"add_user"}  # administrators may create many accounts
OFFERING = {"login", "create_token"}  # a warning, which the limit drops instead of refusing the sign-in
CONFIRM = "Confirm your address"


class Cause:
    """A client that causes letters, one with each number."""

    def __init__(
        self, client: AsyncClient, ada: Person, admin: Person, database: Database, settings: Settings
    ) -> None:
        self.client, self.ada, self.admin = client, ada, admin
        self.database, self.settings = database, settings
        self.password = PASSWORD

    async def by(self, route: str, to: str) -> Response:
        """The answer of a route that sends a letter; to this address, where it takes one."""
        answer: Response = await getattr(self, route)(to)
        return answer

    async def ask(self, method: str, path: str, by: Person | None = None, **body: Any) -> Response:
        headers = {"Authorization": by.headers["Authorization"]} if by else {}
        return await self.client.request(method, path, json=body, headers=headers)

    async def register(self, to: str) -> Response:
        name = to.partition("@")[0].replace("+", "_")
        return await self.ask("POST", "/auth/register", username=name, email=to, password=PASSWORD)

    async def forgot_password(self, to: str) -> Response:
        return await self.ask("POST", "/auth/password/forgot", email=to)

    async def reset_forgotten_password(self, to: str) -> Response:
        [user] = await self.database.rows(BY_EMAIL, key=fold(self.ada.email))
        token = reset_letter(self.settings, user).link.partition("token=")[2]
        return await self.ask("POST", "/auth/password/reset", token=token, new_password=PASSWORD + to)

    async def request_email_verification(self, to: str) -> Response:
        return await self.ask("POST", "/auth/email/verify/request", self.ada)

    async def change_password(self, to: str) -> Response:
        sign_in = await self.ask("POST", "/auth/login", username="ada", password=self.password)
        self.ada.bear(sign_in.json())
        old, self.password = self.password, PASSWORD + to
        both = {"current_password": old, "new_password": self.password}
        return await self.ask("PUT", "/users/me/password", self.ada, **both)

    async def change_email(self, to: str) -> Response:
        return await self.ask("PUT", "/users/me/email", self.ada, email=to, current_password=PASSWORD)

    async def update_user(self, to: str) -> Response:
        return await self.ask("PATCH", f"/users/{self.ada.id}", self.admin, email=to)

    async def invite_to_team(self, to: str) -> Response:
        made = await self.ask("POST", "/teams", self.ada, name=f"The friends of {to}")
        path = f"/teams/{made.json()['id']}/invitations"
        return await self.ask("POST", path, self.ada, email=to, role="member")

    async def add_user(self, to: str) -> Response:
        name = to.partition("@")[0].replace("+", "_")
        return await self.ask("POST", "/users", self.admin, username=name, email=to, password=PASSWORD)


MakeCause = Callable[..., Awaitable[Cause]]


@pytest.fixture
def cause(house: House, ada: Person, admin: Person, database: Database) -> MakeCause:
    async def make(**limits: str) -> Cause:
        return Cause(await house.visitor(house.open(**limits)), ada, admin, database, house.settings)

    return make


def test_routes_that_mail_are_found() -> None:
    assert {"register", "forgot_password", "change_email", "update_user"} <= MAILING


@pytest.mark.parametrize("route", sorted(MAILING - OFFERING))
async def test_a_mailbox_gets_so_many_letters_of_a_kind(
    route: str, cause: MakeCause, mailbox: Mailbox
) -> None:
    client = await cause(rate_limit_recipient="1/hour")
    mailbox.letters.clear()

    first, second = [await client.by(route, to) for to in ("victim+1@example.com", "Victim+2@example.com")]

    assert first.is_success, first.text
    assert (second.status_code, second.json()["code"]) == (429, "too_many_requests")
    kinds = [(mailbox_of(letter["To"]), letter["Subject"]) for letter in mailbox.letters]
    assert len(kinds) == len(set(kinds))


@pytest.mark.parametrize("route", sorted(MAILING - OFFERING - BULK))
async def test_an_address_causes_so_many_letters(route: str, cause: MakeCause, mailbox: Mailbox) -> None:
    letters = 2 if route in {"change_email", "update_user"} else 1
    client = await cause(rate_limit_mail=f"{letters}/hour")

    first, second = [await client.by(route, to) for to in ("one@example.com", "two@example.com")]

    assert first.is_success, first.text
    assert second.status_code == 429
    assert mailbox.subjects("two@example.com") == []


async def test_letters_to_nobody_count_too(cause: MakeCause) -> None:
    client = await cause(rate_limit_recipient="1/hour")

    for to in ("nobody@example.com", "ada@example.com"):
        assert [(await client.forgot_password(to)).status_code for _ in range(2)] == [202, 429]


async def test_letters_of_one_kind_leave_room_for_others(cause: MakeCause, mailbox: Mailbox) -> None:
    """Else somebody who asks for resets would suppress the letter that tells of a new password."""
    client = await cause(rate_limit_recipient="1/hour")

    assert [(await client.forgot_password("ada@example.com")).status_code for _ in range(2)] == [202, 429]
    assert (await client.reset_forgotten_password("x")).status_code == 204
    assert mailbox.subjects("ada@example.com")[-1] == "Your password was changed"


@pytest.mark.parametrize(
    ("spelling", "mailbox"),
    [
        ("ada@example.com", "ada@example.com"),
        ("ADA+news@Example.com", "ada@example.com"),
        ("a.da@example.com", "a.da@example.com"),
        ("A.D.A+x+y@gmail.com", "ada@gmail.com"),
        ("a.da@googlemail.com", "ada@gmail.com"),
        ("+ada@example.com", "+ada@example.com"),
    ],
)
def test_addresses_of_one_mailbox_are_one(spelling: str, mailbox: str) -> None:
    assert mailbox_of(spelling) == mailbox


async def test_where_no_mail_is_sent_none_is_counted(house: House) -> None:
    app = house.open(smtp_host=None, rate_limit_mail="1/day", rate_limit_recipient="1/day")
    visitor = await house.visitor(app)
    answers = [
        await visitor.post(
            "/auth/register", json={"username": name, "email": f"m+{name}@example.com", "password": PASSWORD}
        )
        for name in ("one", "two", "three")
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
