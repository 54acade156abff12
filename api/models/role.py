"""Roles: sets of permissions. Each entity declares its own permissions."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import AfterValidator, StringConstraints
from sqlalchemy import JSON, TypeDecorator
from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Permission, Update
from api.models.types import WORDED, Text


class RolePermission(Permission):
    write = "roles:write"


ADMIN, STAFF, USER = "admin", "staff", "user"
SEEDED = {ADMIN: "Has all permissions.", STAFF: "Manages the daily work.", USER: "The role of new accounts."}
NOT_FOR_STAFF = {"activity:read", "users:write", "users:impersonate", "roles:write"}


def seeded_permissions(role: str) -> list[Permission]:
    """The permissions of a new built-in role. At each start, `admin` also gets new permissions."""
    if role == STAFF:
        return [permission for permission in Permission.members() if permission not in NOT_FOR_STAFF]
    return Permission.members() if role == ADMIN else []


ROLE_NAME = r"^[a-z][a-z0-9_-]*$"
WORDED[ROLE_NAME] = "Begin with a letter. Use only a to z, digits, hyphens and underscores."
RoleName = Annotated[str, StringConstraints(pattern=ROLE_NAME)]


class Permissions(TypeDecorator[list[Permission]]):
    """A list of permissions, stored as JSON. Reading skips permissions that no entity declares any more."""

    impl, cache_ok = JSON, True

    def process_result_value(self, value: Any, dialect: Any) -> list[Permission] | None:
        return None if value is None else [found for one in value if (found := Permission.of(one))]


def _sorted(given: list[Permission]) -> list[Permission]:
    return sorted(set(given))


class RoleBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "name": "clerk",
        "description": "Answers the phone.",
        "permissions": ["users:read"],
    }

    name: RoleName = Field(min_length=2, max_length=50, unique=True)
    description: Text = Field(default="", max_length=500)
    permissions: Annotated[list[Permission], AfterValidator(_sorted)] = Field(
        default=[],
        max_length=100,
        sa_type=Permissions,
        description="The permissions, unique and in alphabetical order.",
    )


class RoleCreate(RoleBase, Create): ...


class RoleUpdate(RoleBase, Update): ...


class RolePublic(RoleBase, Entity): ...


class Role(RolePublic, table=True): ...


class RoleSummary(SQLModel):
    """A role as part of a user."""

    __examples__: ClassVar[dict[str, Any]] = {"name": "user", "permissions": []}

    id: UUID
    name: str
    permissions: list[Permission]
