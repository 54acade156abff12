"""Fields that are answered only when a client asks for them with `expand`. They are relationships.

class InvoicePublic(InvoiceRow):
    customer: CustomerSummary | None = expandable(description="Null if the customer was deleted.")

class Invoice(InvoiceRow, table=True):
    customer: Customer | None = Relationship()
"""

from functools import lru_cache
from typing import Any

from pydantic import MISSING, GetJsonSchemaHandler
from pydantic_core import core_schema
from sqlmodel import Field

from api.models.types import idempotent

STATE = "_sa_instance_state"
ASKED = "expanded"  # what a client has asked for, in the info of the row's state


def expandable(**options: Any) -> Any:
    """A field of a Public that is missing unless a client asks for it. The options are those of `Field`."""
    return Field(default=MISSING, **options)


@lru_cache
def expandables(public: type[Any]) -> frozenset[str]:
    """The fields that are answered only when a client asks for them."""
    return _names(public)


def _names(public: type[Any]) -> frozenset[str]:
    return frozenset(name for name, field in public.model_fields.items() if field.default is MISSING)


class _Row:
    """A row, as it is answered: what a client has not asked for is missing, whether it was loaded or not."""

    __slots__ = ("hidden", "row")

    def __init__(self, row: Any, hidden: frozenset[str]) -> None:
        self.row, self.hidden = row, hidden

    def __getattr__(self, name: str) -> Any:
        if name in self.hidden:
            raise AttributeError(name)
        return getattr(self.row, name)


def leave_out_missing(public: type[Any], model: Any) -> None:
    """Let the schema of a Public leave out those of its fields that a client has not asked for."""
    names = _names(public)
    if not names or hasattr(public, "__table__"):
        return

    @idempotent
    def look(value: Any) -> Any:
        if not hasattr(type(value), "__table__"):
            return value
        state = vars(value).get(STATE)
        asked = state.info.get(ASKED, ()) if state is not None else ()
        return _Row(value, names.difference(asked))

    while model["type"] != "model":
        model = model["schema"]
    function = model["schema"].get("function", {}).get("function")
    if not hasattr(function, "leaves_out"):  # Pydantic may pass a schema that has it
        look.leaves_out = names  # type: ignore[attr-defined]
        model["schema"] = core_schema.no_info_before_validator_function(look, model["schema"])


def without_missing(
    public: type[Any], shown: dict[str, Any], handler: GetJsonSchemaHandler
) -> dict[str, Any]:
    """The JSON schema of a Public, in which these fields are not required."""
    if names := _names(public):
        schema = handler.resolve_ref_schema(shown)
        schema["required"] = [name for name in schema.get("required", ()) if name not in names]
    return shown
