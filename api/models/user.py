"""Users, with the fields that users, administrators and others may see or set."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import MISSING
from sqlalchemy import text
from sqlalchemy.orm import validates
from sqlmodel import Field, Relationship, SQLModel

from api.models.account_types import LONGEST_KEY, Email, Password, Username
from api.models.admin_view import AdminView
from api.models.base import Create, Entity, Permission, Update, listed
from api.models.role import USER, Role, RoleName, RoleSummary
from api.models.types import Day, Flag, Line
from api.security import fold

AVATAR = "The path of the picture on this host, or null. A new picture gets a new path."
FULL_NAME = "As it was written, else first and last name, else the username."
BOTH_NAMES = (
    "Alone, it is divided at its last space into `first_name` and `last_name`. Beside one of these, each is "
    "kept as it is written. Without it, a new first or last name also makes a new full name."
)
NAMES = ("first_name", "last_name")
LONGEST_NAME = 100
MADE_USERNAME = (
    "Letters, digits, dots, hyphens and underscores. Without it, it is made of the e-mail address: what is "
    "before the @, and a random suffix if that is taken."
)


INVITATION = (
    "The token of an invitation to a team, from the link in its mail. The address has to be the invited one. "
    "It is confirmed then, and you are a member of the team."
)


class UserPermission(Permission):
    read = "users:read"
    write = "users:write"
    impersonate = "users:impersonate"


class Transport(StrEnum):
    body = "body"
    cookie = "cookie"


ChosenTransport = Annotated[
    Transport, Field(description="Where the refresh token is returned: in the body or in an HttpOnly cookie.")
]


class UserBase(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "first_name": "Ada",
        "last_name": "Okafor",
        # part: child
        "child_name": "Zuri",
        "child_sex_assigned_at_birth": "female",
        "child_dob": "2019-04-02",
        # end of part
    }

    username: Username = Field(min_length=2, max_length=50)
    first_name: Line | None = Field(default=None, max_length=LONGEST_NAME)
    last_name: Line | None = Field(default=None, max_length=LONGEST_NAME)
    # part: child
    child_name: Line | None = Field(default=None, max_length=100)
    child_sex_assigned_at_birth: Line | None = Field(default=None, max_length=50)
    child_dob: Day | None = None
    # end of part


class WithFullName(SQLModel):
    """A body in which both names can be written as one."""

    full_name: Line = Field(
        default=MISSING, min_length=1, max_length=2 * LONGEST_NAME + 1, description=BOTH_NAMES
    )

    def model_dump(self, **options: Any) -> dict[str, Any]:
        """The fields as they are stored: the full name as such only if it is not the two names."""
        fields, given = super().model_dump(**options), self.model_fields_set
        name = fields.pop("full_name", None)
        if given.isdisjoint(NAMES) and name is not None:
            fields |= dict(zip(NAMES, _divided(name), strict=True))
            name = None if _joined(*_divided(name)) == name else name
        if not given.isdisjoint({*NAMES, "full_name"}):
            fields["written_name"] = name
        return fields


def _divided(name: str) -> tuple[str | None, str | None]:
    first, _, last = name.strip().rpartition(" ")
    parts = (first.rstrip(), last) if first else (last, None)
    return parts if all(len(part or "") <= LONGEST_NAME for part in parts) else (None, None)


def _joined(*names: str | None) -> str:
    return " ".join(filter(None, names))


class UserUpdate(UserBase, WithFullName, Update):
    """The fields that users change in their own account."""


class UserIdentity(UserBase):
    email: Email = Field(max_length=254)


class NewUser(UserIdentity, WithFullName, Create):
    username: Username = Field(default=MISSING, min_length=2, max_length=50, description=MADE_USERNAME)
    password: Password


class UserRegister(NewUser):
    __examples__: ClassVar[dict[str, Any]] = {"invitation": None}

    transport: ChosenTransport = Transport.body
    invitation: Line = Field(default=MISSING, min_length=1, max_length=200, description=INVITATION)


class UserAccount(UserIdentity):
    """The fields that only administrators set."""

    email_verified: Flag = Field(
        default=False, description="Whether the user has confirmed the e-mail address."
    )
    is_active: Flag = Field(default=True, description="Whether the user may sign in.")


class WithRole(SQLModel):
    __examples__: ClassVar[dict[str, Any]] = {"role": USER}

    role: RoleName = Field(
        default=USER, min_length=2, max_length=50, description="The name of the user's role."
    )


class UserCreate(NewUser, UserAccount, WithRole): ...


class SetPassword(SQLModel):
    password: Password


class UserAdminUpdate(UserAccount, WithRole, WithFullName, SetPassword, Update):
    """A new `email` is pending until it is confirmed by mail. A new `password` signs the user out everywhere.

    Change your own with `PUT /users/me/email` and `PUT /users/me/password`.
    """


class UserRow(UserAccount, Entity):
    __examples__: ClassVar[dict[str, Any]] = {
        "avatar_url": "/api/v1/avatars/019a87bb-e879-7c7a-85f5-784a70384bb4",
        "pending_email": None,
    }

    avatar_url: str | None = Field(default=None, max_length=500, description=AVATAR)
    pending_email: str | None = Field(
        default=None, max_length=254, description="A new address, until it is confirmed."
    )


class UserPublic(UserRow):
    """A complete account, for the user and for users with `users:read`."""

    __examples__: ClassVar[dict[str, Any]] = {"full_name": "Ada Okafor"}

    full_name: str = Field(description=FULL_NAME)
    role: RoleSummary


class UserSummary(SQLModel):
    """A user as others see them: as author, member or instructor."""

    id: UUID
    username: str
    full_name: str = Field(description=FULL_NAME)
    avatar_url: str | None = Field(description=AVATAR)


class User(UserRow, table=True):
    __differs__ = {
        "a change changes only the fields it names": "A full name has parts, and a password is never shown.",
        "a failed change writes nothing": "A password is never shown.",
    }
    __table_args__ = (*listed("is_active", by=("id",)), *listed("email_verified", by=("id",)))
    __admin__ = AdminView(columns=("username", "full_name", "email", "role", "is_active", "created_at"))

    username_key: str = Field(max_length=LONGEST_KEY, unique=True)
    email_key: str = Field(max_length=LONGEST_KEY, unique=True)
    written_name: str | None = Field(default=None, max_length=2 * LONGEST_NAME + 1)
    hashed_password: str = Field(max_length=255)
    # Raised to end the tokens in all letters that were sent so far
    letters_version: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    role_id: UUID = Field(foreign_key="roles.id", ondelete="RESTRICT", index=True)
    role: Role = Relationship(sa_relationship_kwargs={"lazy": "joined", "innerjoin": True})

    @validates("username", "email")
    def _fold(self, name: str, value: Any) -> Any:
        """Set the folded key with the name, because names are unique in their folded form."""
        setattr(self, f"{name}_key", fold(value))
        return value

    @property
    def full_name(self) -> str:
        return self.written_name or _joined(self.first_name, self.last_name) or self.username
