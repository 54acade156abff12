"""The export of a team: the team, its members, and all rows that belong to it, found through the models."""

from collections.abc import AsyncIterator
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import AwareDatetime, BaseModel, create_model
from sqlmodel import col, select

from api.db import Database
from api.models.base import as_json, public_of, tables, utcnow
from api.models.team import Team, TeamMember, TeamPublic, is_shared

CHUNK = 20  # rows in memory at a time, as in flows/export.py
OF_TEAM = sa.bindparam("of_team", type_=sa.Uuid())

# The exported tables: model and Public schema.
EXPORTED: dict[str, tuple[type[Any], Any]] = {
    str(model.__tablename__): (model, public_of(model))
    for model in tables()
    if (model is TeamMember or is_shared(model)) and public_of(model)
}
ROWS = {  # with the team as a range and in the order, as in lists/pagination.py
    table: select(model)
    .where(col(model.team_id).between(OF_TEAM, OF_TEAM), col(model.id) > sa.bindparam("last"))
    .order_by(col(model.team_id), col(model.id))
    .limit(CHUNK)
    for table, (model, _) in EXPORTED.items()
}


class AboutTeam(BaseModel):
    __examples__: ClassVar[dict[str, Any]] = {"exported_at": "2030-05-13T18:20:00Z"}

    exported_at: AwareDatetime
    team: TeamPublic


rows: dict[str, Any] = {
    table: (list[shown], ...)  # type: ignore[valid-type]
    for table, (_, shown) in EXPORTED.items()
}
TeamExport = create_model("TeamExport", __base__=AboutTeam, __doc__="All stored data of a team.", **rows)


async def export_team(database: Database, team: Team) -> AsyncIterator[bytes]:
    """A TeamExport as JSON, in chunks. No session is open while the client reads."""
    about = AboutTeam(exported_at=utcnow(), team=TeamPublic.model_validate(team))
    yield about.model_dump_json()[:-1].encode()
    for table, (_, shown) in EXPORTED.items():
        yield f',"{table}":['.encode()
        last, separator = UUID(int=0), b""
        while chunk := await database.rows(ROWS[table], of_team=team.id, last=last):
            yield separator + b",".join(as_json(row, shown) for row in chunk)
            last, separator = chunk[-1].id, b","
        yield b"]"
    yield b"}"
