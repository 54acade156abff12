"""The scopes of lists and of single rows: of their owner, or of a team."""

from operator import and_
from typing import Any
from uuid import UUID

from api.lists.conditions import Condition
from api.models.base import CALLER, OWNERS
from api.models.team import member_of


def mine(model: type[Any], column: str = "owner_id") -> Condition:
    """The scope of the caller's own rows."""
    condition: Condition = getattr(model, column) == CALLER
    return condition


def ours(model: type[Any]) -> Condition:
    """The scope of the rows of the caller's teams."""
    check_shared(model)
    condition: Condition = member_of(model.team_id)
    return condition


def in_team(model: type[Any], team_id: UUID) -> Condition:
    """The scope of the rows of one team, for references: a row refers to rows of its own team."""
    check_shared(model)
    condition: Condition = model.team_id == team_id
    return condition


def check_shared(model: type[Any]) -> None:
    if "team_id" not in model.model_fields:
        raise TypeError(
            f"{model.__name__} belongs to no team. Extend Shared in its Public: see models/team.py."
        )


def is_of_own(model: type[Any], scope: Condition) -> bool:
    """Whether one part of the scope, of which all have to hold, is that the caller owns the row."""
    return has_part(scope, *(mine(model, name) for name in OWNERS if name in model.model_fields))


def has_part(scope: Condition, *wanted: Condition) -> bool:
    both: Any = scope
    parts = both.clauses if getattr(scope, "operator", None) is and_ else [scope]
    return any(part.compare(one) for part in parts for one in wanted)
