"""The history of rows whose table declares it: what each change has made of a row, when and by whom.

class Customer(CustomerPublic, table=True):
    __history__ = True
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, Json, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic import Field as Shown
from sqlalchemy import JSON
from sqlmodel import Field, Relationship

from api.models.base import TO_ONE_OR_NONE, Entity, listed
from api.models.types import EnumField
from api.models.user import User, UserSummary

Public = TypeVar("Public")


class RowAction(StrEnum):
    created = "created"
    updated = "updated"
    deleted = "deleted"
    restored = "restored"


class RowChange(Entity, table=True):
    __table_args__ = listed("row_id", by=("id",))

    row_table: str = Field(max_length=63)
    row_id: UUID
    action: RowAction = EnumField(RowAction, RowAction.updated)
    changed: list[str] = Field(sa_type=JSON)
    data: str = Field(max_length=1_000_000)  # its Public as JSON, after the change
    by_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL", index=True)
    # Of the row, if it has one: its history is deleted with the account
    owner_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="CASCADE", index=True)
    by: User | None = Relationship(
        sa_relationship_kwargs={"foreign_keys": "RowChange.by_id", **TO_ONE_OR_NONE}
    )


def _or_none(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(value)
    except ValidationError:  # it was written before its fields were changed
        return None


class Change(BaseModel, Generic[Public]):
    """A change of a row."""

    id: UUID
    created_at: datetime = Shown(description="When the row was changed.")
    action: RowAction
    by: UserSummary | None = Shown(
        description="Who changed it. Null if no user did, or if the account was deleted."
    )
    changed: list[str] = Shown(description="The names of the fields that an update has changed.")
    row: Annotated[Json[Public] | None, WrapValidator(_or_none)] = Shown(
        validation_alias="data",
        description="The row after the change, or before it was deleted. Null if it had other fields then.",
    )

    model_config = {"from_attributes": True, "json_schema_serialization_defaults_required": True}

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return str(params[0].__name__).removesuffix("Public") + "Change"


def has_history(model: Any) -> bool:
    return bool(getattr(model, "__history__", False))
