"""Events about the rows of a team, which all its members receive."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.live_events import TEAM
from api.models.team import TeamMember

ENDED = "ended"


def note_end(session: AsyncSession, team_id: UUID, user_ids: Sequence[UUID]) -> None:
    """Remember who was in a team that ends in this transaction, to tell them of it."""
    session.info.setdefault(ENDED, {})[team_id] = user_ids


def to_members(session: Session, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """These events for their recipients: one to a team becomes one for each member.

    The members cannot be removed until the commit, so the events of a former member can be deleted with the
    membership.
    """
    teams = {one[TEAM] for one in events if TEAM in one}
    if not teams:
        return events
    members: defaultdict[UUID, list[UUID]] = defaultdict(list)
    found = select(TeamMember.team_id, TeamMember.user_id).where(col(TeamMember.team_id).in_(teams))
    kept = found.order_by(col(TeamMember.id)).with_for_update(read=True, key_share=True)
    for team_id, user_id in session.execute(kept):
        members[team_id].append(user_id)
    members.update(session.info.pop(ENDED, {}))
    return [
        {name: value for name, value in one.items() if name != TEAM} | {"user_id": id}
        for one in events
        for id in (members[one[TEAM]] if TEAM in one else [one["user_id"]])
    ]
