"""The activity: who has done what to which row, and when.

Every table with a Public is in it. One line leaves a table out:

    class Draft(DraftPublic, table=True):
        __activity__ = False
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, Json
from pydantic import Field as Shown
from sqlmodel import Field, Relationship, SQLModel

from api.models.base import TO_ONE_OR_NONE, Entity, Permission, listed
from api.models.row_change import RowAction
from api.models.types import EnumField
from api.models.user import User, UserSummary

CHANGES = (
    "By field, the value before and after: the first is null for a row that was created or restored, the "
    "second for one that was deleted. A text of more than 500 characters is cut and ends in “…”, and a list "
    "or an object of more is “…”. Fields that nobody is shown, such as a password, are left out."
)


Pair = Annotated[list[Any], Shown(min_length=2, max_length=2)]
ACTED = sa.text("impersonator_id IS NOT NULL")


class ActivityPermission(Permission):
    read = "activity:read"


class ActivityBase(SQLModel):
    entity: str = Field(max_length=63)
    row_id: UUID
    action: RowAction = EnumField(RowAction, RowAction.updated)
    changes: str = Field(max_length=1_000_000)  # as JSON
    request_id: str | None = Field(default=None, max_length=128)


class Activity(ActivityBase, Entity, table=True):
    __tablename__ = "activities"
    __table_args__ = (
        *listed("actor_id", by=("id",)),
        *listed("entity", by=("id",)),
        *listed("row_id", by=("id",)),
        *listed(by=("created_at",)),
        # Each index makes each write dearer: this one is only of the few entries that have an impersonator
        sa.Index(None, "impersonator_id", sqlite_where=ACTED, postgresql_where=ACTED),
    )

    actor_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    impersonator_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    # With which the row is deleted: the entry then goes too
    account_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="CASCADE", index=True)
    actor: User | None = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Activity.actor_id", **TO_ONE_OR_NONE}
    )
    impersonator: User | None = Relationship(
        sa_relationship_kwargs={"foreign_keys": "Activity.impersonator_id", **TO_ONE_OR_NONE}
    )


class ActivityPublic(BaseModel):
    """What somebody has done to a row."""

    id: UUID
    created_at: datetime = Shown(description="When it was done.")
    entity: str = Shown(description="The table of the row, such as `notes`.")
    row_id: UUID = Shown(description="The id of the row.")
    action: RowAction
    changes: Json[dict[str, Pair]] = Shown(description=CHANGES)
    actor: UserSummary | None = Shown(
        description="Who did it. Null if no user did, or if the account was deleted."
    )
    impersonator: UserSummary | None = Shown(description="Who acted as this user, if somebody did.")
    request_id: str | None = Shown(
        description="The `X-Request-ID` of the request, as in the log. Null if it was a command."
    )

    model_config = {"from_attributes": True, "json_schema_serialization_defaults_required": True}
