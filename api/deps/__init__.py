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
from api.deps.many import Bulk, Many, Partial, bulk
from api.deps.references import check_reference
from api.deps.rows import found, governed, load, mine, owned, scope_values, visible, visible_to_all, within
from api.deps.throttling import Throttle, ThrottleDep, limited
from api.deps.upserts import Upsert, upserts

__all__ = [
    "ONCE",
    "PUBLIC",
    "Bulk",
    "CallerDep",
    "CallerId",
    "CurrentUser",
    "Mailer",
    "MailerDep",
    "Many",
    "MaybeUser",
    "Partial",
    "SettingsDep",
    "Throttle",
    "ThrottleDep",
    "Upsert",
    "bearer",
    "bulk",
    "check_reference",
    "declares",
    "found",
    "governed",
    "limited",
    "load",
    "may",
    "mine",
    "owned",
    "require",
    "scope_values",
    "upserts",
    "visible",
    "visible_to_all",
    "within",
]
