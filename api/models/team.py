"""Teams, their members and invitations, and the rung of rows that belong to a team.

    class CustomerCreate(CustomerBase, TeamRef, Create)     the client names the team
    class CustomerPublic(CustomerBase, Shared, Entity)      `team_id` and `creator_id`

What members may do is said by their role in the team: `owner`, `admin`, `member`, or one that the team names.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import AfterValidator
from sqlmodel import Field, Relationship, SQLModel, col, select

from api.models.account_types import LONGEST_KEY, Email
from api.models.base import CALLER, TO_ONE, Create, Entity, Update, listed, utcnow
from api.models.role import ROLE_NAME, RoleName
from api.models.types import WORDED, Line, idempotent
from api.models.user import User, UserSummary
from api.open_enums import OpenEnum

OWNER, ADMIN, MEMBER = "owner", "admin", "member"
BUILT_IN = (OWNER, ADMIN, MEMBER)
MOST_ROLES = 20
ROLE = re.compile(ROLE_NAME)
NOT_IN_ROLE = "Your role in this team does not permit this."


class TeamPermission(OpenEnum):
    """All permissions that a role in a team can have."""


class BasicTeamPermission(TeamPermission):
    write_rows = "rows:write"  # create, change and delete the rows of the team
    write_members = "members:write"  # invite and remove members, and change their roles
    write_team = "team:write"  # change the team's name and its named roles


Named = dict[str, list[TeamPermission]]


def permissions_of(role: str, named: Mapping[str, list[TeamPermission]]) -> frozenset[TeamPermission]:
    """What a role permits in a team with these named roles."""
    if role in {OWNER, ADMIN}:
        return frozenset(TeamPermission.members())
    return frozenset([BasicTeamPermission.write_rows] if role == MEMBER else named.get(role, ()))


@idempotent
def _well_named(roles: Named) -> Named:
    if len(roles) > MOST_ROLES:
        raise ValueError(f"A team names at most {MOST_ROLES} roles.")
    for name in roles:
        if name in BUILT_IN:
            raise ValueError(f"The role {name} is built in. Choose another name.")
        if not 2 <= len(name) <= 50 or not ROLE.fullmatch(name):
            raise ValueError(f"The name of a role has 2 to 50 characters. {WORDED[ROLE_NAME]}")
    return {name: sorted(set(roles[name])) for name in sorted(roles)}


class TeamRoles(sa.TypeDecorator[Named]):
    """Named roles, stored as JSON. Reading skips permissions that no entity declares any more."""

    impl, cache_ok = sa.JSON, True

    def process_result_value(self, value: Any, dialect: Any) -> Named | None:
        if value is None:
            return None
        return {
            name: [one for each in given if (one := TeamPermission.of(each))] for name, given in value.items()
        }


class TeamBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {"name": "Riverside clinic", "roles": {"viewer": []}}

    name: Line = Field(min_length=1, max_length=100)
    roles: Annotated[Named, AfterValidator(_well_named)] = Field(
        default={},
        sa_type=TeamRoles,
        description="The roles that the team names, each with its permissions. `owner` and `admin` have all "
        "permissions, and `member` has `rows:write`.",
    )


class TeamCreate(TeamBase, Create): ...


class TeamUpdate(TeamBase, Update): ...


class TeamPublic(TeamBase, Entity): ...


class Team(TeamPublic, table=True):
    __live__ = ("deleted",)  # for its members: one event tells that all rows of the team are gone
    __table_args__ = listed(by=("id", "name"))

    creator_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL", index=True)


class TeamRef(SQLModel):
    """The team of a row."""

    team_id: UUID = Field(foreign_key="teams.id", ondelete="CASCADE", description="The id of the team.")


class Shared(TeamRef):
    """A row that belongs to a team."""

    creator_id: UUID | None = Field(
        default=None,
        foreign_key="users.id",
        ondelete="SET NULL",
        index=True,
        description="Who created it. Null if this account was deleted.",
    )


def is_shared(model: Any) -> bool:
    return issubclass(model, Shared)


def is_of_team(model: Any) -> bool:
    """Whether its `team_id` refers to a team."""
    table = getattr(model, "__table__", None)
    keys = table.columns["team_id"].foreign_keys if table is not None and "team_id" in table.columns else ()
    return any(key.target_fullname == "teams.id" for key in keys)


# Members

TEAM_ROLE = "`owner`, `admin`, `member`, or a role that the team names."


class WithTeamRole(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {"role": MEMBER}

    role: RoleName = Field(default=MEMBER, min_length=2, max_length=50, description=TEAM_ROLE)


class TeamMemberUpdate(WithTeamRole, Update): ...


class TeamMemberRow(WithTeamRole, TeamRef, Entity):
    __examples__: ClassVar[dict[str, Any]] = {"joined_at": "2030-05-03T09:15:00Z"}

    joined_at: datetime = Field(default_factory=utcnow)


class TeamMemberPublic(TeamMemberRow):
    user: UserSummary


OWNS = sa.text("role = 'owner'")


class TeamMember(TeamMemberRow, table=True):
    __table_args__ = (
        sa.UniqueConstraint("user_id", "team_id"),
        sa.Index("uq_team_members_owner", "team_id", unique=True, sqlite_where=OWNS, postgresql_where=OWNS),
        *listed("team_id", by=("id",)),
        *listed("user_id", by=("id",)),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    user: User = Relationship(sa_relationship_kwargs=TO_ONE)


class NewTeamOwner(Create):
    user_id: UUID = Field(description="The id of a member of the team.")


def member_of(team_id: Any, caller: Any = CALLER) -> Any:
    """The condition that the caller is a member of the team that this column names.

    It is an IN, so that SQLite finds the rows by the index that begins with the team.
    """
    return col(team_id).in_(select(TeamMember.team_id).where(TeamMember.user_id == caller))


# Invitations


class TeamInvitationBase(WithTeamRole):
    email: Email = Field(max_length=254)


class TeamInvitationCreate(TeamInvitationBase, Create): ...


class TeamInvitationPublic(TeamInvitationBase, TeamRef, Entity):
    __examples__: ClassVar[dict[str, Any]] = {"expires_at": "2030-05-13T18:20:00Z"}

    invited_by: UUID | None = Field(
        foreign_key="users.id", ondelete="SET NULL", index=True, description="The id of a member."
    )
    expires_at: datetime = Field(index=True)


class TeamInvitation(TeamInvitationPublic, table=True):
    __differs__ = {"a unique value is taken once": "A new invitation of an address replaces the earlier one."}
    __table_args__ = (sa.UniqueConstraint("team_id", "email_key"), *listed("team_id", by=("id",)))

    email_key: str = Field(max_length=LONGEST_KEY)
    token_hash: str = Field(max_length=64, unique=True)
