"""The version of a row, for `If-Match`. It comes from `updated_at`, so each change of a column changes it.

It does not change with what is counted or nested in a Public. An entity may have a `version` of its own.
"""

from datetime import UTC, datetime, timedelta
from inspect import getattr_static
from typing import TYPE_CHECKING, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema
from sqlmodel import SQLModel

from api.models.expanding import leave_out_missing, without_missing

EPOCH, TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
NAME = "version"
SHOWN = {
    "title": "Version",
    "description": "Changes with each change of the row, but not with what is counted or nested in it. "
    "To change only what you have read, send it in quotes as `If-Match`.",
}


class Version:
    """A descriptor that only instances have, so that a field may have the same name."""

    def __get__(self, row: Any, owner: Any) -> str:
        if row is None:
            raise AttributeError(NAME)
        try:  # version_of, without a call for each row of a page
            changed = row.__dict__["updated_at"]
        except KeyError:
            changed = row.updated_at
        return str((changed - EPOCH) // TICK)


def version_of(row: Any) -> str:
    return version_at(row.updated_at)


def version_at(changed: datetime) -> str:
    return str((changed - EPOCH) // TICK)


def is_versioned(model: Any) -> bool:
    """Whether rows of this class show our version, and no field or property of their own."""
    return isinstance(getattr_static(model, NAME, None), Version) and NAME not in model.model_fields


def next_after(last: datetime | None) -> datetime:
    """The time of a change: now, and later than the last one whatever the clock says."""
    now = datetime.now(UTC)
    return now if last is None else max(now, last + TICK)


def _are_equal(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:  # such as an SQL expression, or an array
        return False


class Versioned(SQLModel):
    """Shows the version of a row as its last field."""

    model_config = {"ignored_types": (Version,)}

    if not TYPE_CHECKING:
        version = Version()

        def __setattr__(self, name: str, value: Any) -> None:
            """Set an attribute. A stored row has a new version at once, which is the one that is answered."""
            was = vars(self).get(name, self)
            super().__setattr__(name, value)
            state = vars(self).get("_sa_instance_state")
            is_stored = state is not None and state.key is not None and name in type(self).model_fields
            if is_stored and name != "updated_at" and not _are_equal(was, value):
                super().__setattr__("updated_at", next_after(vars(self).get("updated_at")))

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return without_missing(cls, handler(schema), handler)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        fields: Any = handler.resolve_ref_schema(schema)
        leave_out_missing(cls, fields)
        if not is_versioned(cls):
            return schema
        while fields["type"] != "model-fields":
            fields = fields["schema"]
        others = [one for one in fields.get("computed_fields", ()) if one["property_name"] != NAME]
        version = core_schema.computed_field(
            NAME, core_schema.str_schema(), metadata={"pydantic_js_updates": SHOWN}
        )
        fields["computed_fields"] = [*others, version]  # Pydantic may pass a schema that has it
        return schema
