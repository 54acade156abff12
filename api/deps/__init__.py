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
from api.deps.nested import child, other, parent
from api.deps.references import check_reference, check_references
from api.deps.rows import found, governed, load, mine, owned, scope_values, visible, visible_to_all, within
from api.deps.throttling import Throttle, ThrottleDep, limited
from api.deps.trash import in_trash

__all__ = [
    "ONCE",
    "PUBLIC",
    "CallerDep",
    "CallerId",
    "CurrentUser",
    "Mailer",
    "MailerDep",
    "MaybeUser",
    "SettingsDep",
    "Throttle",
    "ThrottleDep",
    "bearer",
    "check_reference",
    "check_references",
    "child",
    "declares",
    "found",
    "governed",
    "in_trash",
    "limited",
    "load",
    "may",
    "mine",
    "other",
    "owned",
    "parent",
    "require",
    "scope_values",
    "visible",
    "visible_to_all",
    "within",
]
