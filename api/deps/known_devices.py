"""Known devices: clients that have signed in to an account before, as a signed cookie says.

A known device has allowances of its own, so that those who guess cannot lock out the user. The cookie gives
no access: the password is still needed.
"""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from fastapi import Depends, Request

from api.deps.authentication import declares
from api.deps.throttling import ThrottleDep
from api.problems import Code
from api.security import InvalidToken, make_token, read_token
from api.settings import Settings
from api.web.addresses import network
from api.web.dry_runs import counting

COOKIE = "device"
LIFETIME = timedelta(days=365)


class KnownDevice(NamedTuple):
    user_id: UUID  # the last user of the device
    id: str


def known_device(request: Request) -> KnownDevice | None:
    try:
        claims = read_token(request.app.state.settings, COOKIE, request.cookies.get(COOKIE, ""))
        return KnownDevice(UUID(claims["sub"]), str(claims["device"]))
    except (InvalidToken, KeyError):
        return None


def device_token(settings: Settings, user_id: UUID, known: KnownDevice | None) -> str:
    """The cookie of a device after a sign-in. A device keeps its id, and so its count of wrong passwords."""
    id = known.id if known and known.user_id == user_id else str(uuid4())
    return make_token(settings, COOKIE, user_id, LIFETIME, device=id)


@counting
@declares("", Code.too_many_requests)
async def _limit(request: Request, throttle: ThrottleDep) -> None:
    device = known_device(request)
    if device is None or not await throttle.count("device", str(device.user_id)):
        await throttle.hit("auth", f"{network(request)} {request.scope['route'].name}")


# A dependency: limit the sign-ins of each address. Those on known devices count for their user instead.
SIGN_INS_LIMITED: Any = Depends(_limit)
