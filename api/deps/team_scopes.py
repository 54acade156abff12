"""The scopes of rows that belong to teams."""

from typing import Any
from uuid import UUID

from api.lists.conditions import Condition
from api.models.team import member_of


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
