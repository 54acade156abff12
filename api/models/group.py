"""Groups and their members. Everybody sees and may join an open group; only members see a closed one."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import column_property
from sqlmodel import Field, Relationship, SQLModel, col, func, select

from api.models.base import CALLER, TO_ONE, TO_ONE_OR_NONE, Create, Entity, Permission, Update, listed, utcnow
from api.models.types import Flag, Name, Text
from api.models.user import User, UserSummary


class GroupPermission(Permission):
    write = "groups:write"


class GroupBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "name": "Saturday families",
        "description": "We meet at ten in every weather.",
    }

    name: Name = Field(min_length=1, max_length=100, unique=True)
    description: Text = Field(default="", max_length=2000)
    is_open: Flag = Field(
        default=True,
        description="Everybody sees and may join an open group. Only members see a closed group.",
    )


class GroupCreate(GroupBase, Create): ...


class GroupUpdate(GroupBase, Update): ...


class GroupRow(GroupBase, Entity): ...


class GroupPublic(GroupRow):
    __examples__: ClassVar[dict[str, Any]] = {"member_count": 4}

    owner: UserSummary | None = Field(description="Null if the owner's account was deleted.")
    member_count: int = Field(description="The number of members.")


class Group(GroupRow, table=True):
    __table_args__ = (*listed("owner_id", by=("id",)), *listed("is_open", by=("id",)))

    owner_id: UUID | None = Field(foreign_key="users.id", ondelete="SET NULL")
    owner: User | None = Relationship(sa_relationship_kwargs=TO_ONE_OR_NONE)


class GroupMemberRow(Entity):
    __examples__: ClassVar[dict[str, Any]] = {"joined_at": "2030-05-03T09:15:00Z"}

    group_id: UUID = Field(foreign_key="groups.id", ondelete="CASCADE", description="The id of the group.")
    joined_at: datetime = Field(default_factory=utcnow)


class GroupMemberPublic(GroupMemberRow):
    user: UserSummary


class GroupMember(GroupMemberRow, table=True):
    __table_args__ = (
        UniqueConstraint("group_id", "user_id"),
        *listed("group_id", by=("id",)),
        *listed("user_id", by=("id",)),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    user: User = Relationship(sa_relationship_kwargs=TO_ONE)


Group.member_count = column_property(  # a field of GroupPublic, counted in the same query
    select(func.count())
    .where(GroupMember.group_id == Group.id)
    .correlate_except(GroupMember)
    .scalar_subquery()
)

JOINED = (
    select(GroupMember.id).where(GroupMember.group_id == Group.id, GroupMember.user_id == CALLER).exists()
)
VISIBLE = col(Group.is_open) | (col(Group.owner_id) == CALLER) | JOINED
