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
from api.deps.nested import child, other, parent
from api.deps.references import check_reference
from api.deps.rows import found, governed, load, owned, scope_values, visible, visible_to_all, within
from api.deps.scopes import in_team, mine, ours
from api.deps.team_roles import check_team, permissions_in
from api.deps.teams import Membership, get_team_row, membership, shared
from api.deps.throttling import Throttle, ThrottleDep, limited
from api.deps.trash import in_trash
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
    "Membership",
    "Partial",
    "SettingsDep",
    "Throttle",
    "ThrottleDep",
    "Upsert",
    "bearer",
    "bulk",
    "check_reference",
    "check_team",
    "child",
    "declares",
    "found",
    "get_team_row",
    "governed",
    "in_team",
    "in_trash",
    "limited",
    "load",
    "may",
    "membership",
    "mine",
    "other",
    "ours",
    "owned",
    "parent",
    "permissions_in",
    "require",
    "scope_values",
    "shared",
    "upserts",
    "visible",
    "visible_to_all",
    "within",
]
