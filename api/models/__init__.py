"""The table of contents: every model, so that importing this package knows every table."""

from api.models.role import Permission, Role, RoleCreate, RolePublic, RoleSummary, RoleUpdate
from api.models.user import (
    Transport,
    User,
    UserAdminUpdate,
    UserCreate,
    UserPublic,
    UserRegister,
    UserSummary,
    UserUpdate,
)
from api.models.user_session import RefreshToken, Tokens, UserSession, UserSessionPublic

__all__ = [
    "Permission",
    "RefreshToken",
    "Role",
    "RoleCreate",
    "RolePublic",
    "RoleSummary",
    "RoleUpdate",
    "Tokens",
    "Transport",
    "User",
    "UserAdminUpdate",
    "UserCreate",
    "UserPublic",
    "UserRegister",
    "UserSession",
    "UserSessionPublic",
    "UserSummary",
    "UserUpdate",
]
