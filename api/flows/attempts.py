"""Attempts to sign in: how many wrong passwords an account takes, and from whom.

Wrong passwords are counted by account and source. The source is a known device, or else the network of the
client. Those of strangers are also counted by network, and by account from all networks together. A stranger
is a client whose device and network have not signed in to this account before.

Attempts of one kind take turns, and only wrong passwords count. So many right ones at once all succeed, and
of many wrong ones at once no more than allowed are compared.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy import bindparam
from sqlmodel import col, select

from api.db import Database
from api.deps import Mailer, Throttle
from api.deps.authentication import NOBODY
from api.deps.known_devices import KnownDevice, known_device
from api.flows.letters import guesses_letter
from api.models.user import User
from api.models.user_session import UserSession
from api.web.addresses import network, network_of, parse

LAST_ADDRESSES = (
    select(UserSession.ip_address)
    .where(col(UserSession.user_id) == bindparam("user_id"))
    .order_by(col(UserSession.id).desc())
    .limit(20)
)


@dataclass
class Attempt:
    """An attempt to sign in to the account of this login, whether or not there is one."""

    throttle: Throttle
    mailer: Mailer
    login: str
    user: User | None
    network: str
    device: KnownDevice | None  # that has signed in to this account before
    is_known: bool  # whether the device or the network has signed in to it before

    @property
    def source(self) -> str:
        return source(self.login, self.device.id if self.device else self.network)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for other attempts of this kind. Raise 429 if no wrong password is allowed any more."""
        async with self.throttle.turn(self.source if self.is_known else self.login):
            if self.device is None:
                await self.throttle.check("address", self.network)
            await self.throttle.check("source", self.source)
            if not self.is_known:
                await self.throttle.check("account", self.login)
            yield

    async def failed(self) -> None:
        """Count a wrong password. Tell the owner when strangers have used up the account's allowance."""
        await self.throttle.count("source", self.source)
        if self.device is None:
            await self.throttle.count("address", self.network)
        if self.is_known:
            return
        await self.throttle.count("account", self.login)
        if not await self.throttle.has_left("account", self.login) and self.user is not None:
            await self.mailer.offer(guesses_letter(self.user))

    async def succeeded(self) -> None:
        await self.throttle.forgive("source", self.source)


async def attempt(
    database: Database, throttle: Throttle, mailer: Mailer, request: Request, login: str, user: User | None
) -> Attempt:
    user_id, here, device = user.id if user else NOBODY, network(request), known_device(request)
    if device is not None and device.user_id != user_id:
        device = None
    last = await database.rows(LAST_ADDRESSES, user_id=user_id)  # also for nobody, to take the same time
    is_known = device is not None or here in {network_of(parse(one or "")) for one in last}
    return Attempt(throttle, mailer, login, user, here, device, is_known)


def source(login: str, place: str) -> str:
    return f"{login} {place}"


async def forgive(throttle: Throttle, request: Request, user: User) -> None:
    """Forget the wrong passwords that a user has sent from here, and those of strangers."""
    device = known_device(request)
    for login in (user.email_key, user.username_key):
        await throttle.forgive("account", login)
        for place in (network(request), *([device.id] if device else [])):
            await throttle.forgive("source", source(login, place))
