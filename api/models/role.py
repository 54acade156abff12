"""Roles, and the closed list of what a role can permit."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, StringConstraints
from sqlalchemy import JSON, TypeDecorator
from sqlmodel import Field, SQLModel

from api.models.base import Create, Entity, Update
from api.models.types import Text


class Permission(StrEnum):
    users_read = "users:read"
    users_write = "users:write"
    roles_write = "roles:write"
    groups_write = "groups:write"
    courses_write = "courses:write"
    products_write = "products:write"
    posts_moderate = "posts:moderate"
    slots_write = "slots:write"
    bookings_read = "bookings:read"
    bookings_write = "bookings:write"
    records_read = "records:read"
    records_write = "records:write"
    notifications_send = "notifications:send"


ADMIN, STAFF, USER = "admin", "staff", "user"
SEEDED: dict[str, tuple[str, list[Permission]]] = {
    ADMIN: ("May do everything.", list(Permission)),
    STAFF: ("Runs the house.", [p for p in Permission if p not in {Permission.users_write, Permission.roles_write}]),
    USER: ("Everybody who registers.", []),
}

RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]


class Permissions(TypeDecorator[list[Permission]]):
    """A list of permissions, stored as JSON."""

    impl, cache_ok = JSON, True

    def process_result_value(self, value: Any, dialect: Any) -> list[Permission] | None:
        return None if value is None else [Permission(one) for one in value]


def _sorted(given: list[Permission]) -> list[Permission]:
    return sorted(set(given))


class RoleBase(SQLModel):
    name: RoleName = Field(min_length=2, max_length=50, unique=True)
    description: Text = Field(default="", max_length=500)
    permissions: Annotated[list[Permission], AfterValidator(_sorted)] = Field(
        default=[],
        max_length=100,
        sa_type=Permissions,
        description="What it allows; each once, in order of the alphabet.",
    )


class RoleCreate(RoleBase, Create): ...


class RoleUpdate(RoleBase, Update): ...


class RolePublic(RoleBase, Entity): ...


class Role(RolePublic, table=True): ...


class RoleSummary(SQLModel):
    """A role where it is shown inside a user."""

    id: UUID
    name: str
    permissions: list[Permission]
