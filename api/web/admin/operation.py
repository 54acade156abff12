"""An operation is a method and a path of the document. Its policy says who may call it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
PERMISSION = re.compile(r"[\w-]+:[\w-]+")
OWNERS = ("owner_id", "user_id", "author_id", "id")
NESTED_OWNERS = ("owner", "user", "author", "instructor")


@dataclass(frozen=True)
class Operation:
    method: str
    path: str  # below /api/v1, with its parameters in braces
    summary: str
    policy: str
    body: Schema | None
    media: str  # of the body
    query: dict[str, Schema]
    answer: Schema | None

    def allows(self, user: Mapping[str, Any], row: Mapping[str, Any] | None = None) -> bool:
        """Whether this user may do it, as far as the policy says. The route itself decides."""
        held = user["role"]["permissions"]
        for part in self.policy.split(" · "):
            before, _, permission = part.rpartition(" or ")
            is_others = row is not None and not is_own(row, user["id"])
            is_missing = PERMISSION.fullmatch(permission) and permission not in held
            if (part == "own" and is_others) or (
                is_missing and (not before or (before == "own" and is_others))
            ):
                return False
        return True


def is_own(row: Mapping[str, Any], user_id: str) -> bool:
    ids = [row.get(name) for name in OWNERS]
    ids += [one["id"] for name in NESTED_OWNERS if isinstance(one := row.get(name), dict) and "id" in one]
    return user_id in ids
