"""The dependencies of routes: authentication, permissions, rows, rate limits and idempotency keys."""

from api.deps.authentication import (
    PUBLIC,
    CallerDep,
    CallerId,
    CurrentUser,
    MaybeUser,
    SettingsDep,
    bearer,
    declares,
    may,
    require,
)
from api.deps.idempotency import ONCE
from api.deps.mailing import Mailer, MailerDep
from api.deps.references import check_reference
from api.deps.rows import found, governed, load, mine, owned, scope_values, visible, visible_to_all, within
from api.deps.teams import (
    Membership,
    check_team,
    get_team_row,
    in_team,
    membership,
    ours,
    permissions_in,
    shared,
)
from api.deps.throttling import Throttle, ThrottleDep, limited

__all__ = [
    "ONCE",
    "PUBLIC",
    "CallerDep",
    "CallerId",
    "CurrentUser",
    "Mailer",
    "MailerDep",
    "MaybeUser",
    "Membership",
    "SettingsDep",
    "Throttle",
    "ThrottleDep",
    "bearer",
    "check_reference",
    "check_team",
    "declares",
    "found",
    "get_team_row",
    "governed",
    "in_team",
    "limited",
    "load",
    "may",
    "membership",
    "mine",
    "ours",
    "owned",
    "permissions_in",
    "require",
    "scope_values",
    "shared",
    "visible",
    "visible_to_all",
    "within",
]
