"""What to answer: relationships that are expanded, and the only fields that are wanted.

    class InvoiceShown(Shown[Invoice]):
        expand: Annotated[Names | None, Expands("lines", "customer")] = None
        fields: Annotated[Names | None, Shows(InvoicePublic)] = None

    class InvoiceQuery(InvoiceShown, PageQuery[Invoice]): ...

`paginate` expands the rows of a list, and `expand` a single row. The route leaves out the other fields.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from sqlalchemy import bindparam, inspect
from sqlalchemy.orm import selectinload
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.models.base import Entity, public_of
from api.models.expanding import ASKED, expandables
from api.models.types import pure

Row = TypeVar("Row", bound=Entity)
Model = TypeVar("Model", bound=Entity)
Names = str  # some of a closed list of names, divided by commas
COMMAS = "x-divided-by-commas"  # marks the schema for openapi/operations.py


class _Divided:
    """A parameter with some of these names, divided by commas."""

    said = ""

    def __init__(self, *names: str) -> None:
        self.names = names

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        known = set(self.names)

        @pure
        def check(value: str) -> str:
            given = value.split(",")
            if not known.issuperset(given):
                said = f"Choose of: {', '.join(self.names)}. Divide them by commas."
                raise PydanticCustomError("enum", "{said}", {"said": said})
            if len({*given}) < len(given):
                raise PydanticCustomError("duplicate", "Give each name only once.")
            return value

        checked = core_schema.no_info_after_validator_function(check, core_schema.str_schema())
        return core_schema.nullable_schema(checked)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        items = {"type": "string", "enum": [*self.names]}
        return {"type": "array", "items": items, "minItems": 1, "uniqueItems": True, COMMAS: True}


class Expands(_Divided):
    """The relationships that `expand` may name. In the Public they are `expandable`."""

    said = "What to answer too, each by one more query. These fields are missing otherwise."


class Shows(_Divided):
    """The fields of a Public that `fields` may name."""

    said = "The only fields to answer. Fields that `expand` names are answered too."

    def __init__(self, public: type[Entity]) -> None:
        hidden = expandables(public)
        super().__init__(*(name for name in public.model_fields if name not in hidden), "version")


class Shown(BaseModel, Generic[Model], extra="forbid", frozen=True):
    """The query parameters of a single row, or a part of those of a list."""

    model: ClassVar[type[Any]]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for base in cls.__mro__:
            arguments = getattr(base, "__pydantic_generic_metadata__", {}).get("args", ())
            if arguments and isinstance(arguments[0], type):
                cls.model = arguments[0]
        for field in cls.model_fields.values():
            for how in field.metadata:
                if isinstance(how, Expands):
                    _check(cls.model, how.names)
                if isinstance(how, _Divided):
                    field.description = how.said
        cls.model_rebuild(force=True)


def _check(model: type[Any], names: Sequence[str]) -> None:
    public: Any = public_of(model)
    for name in names:
        if name not in model.__sqlmodel_relationships__:
            raise TypeError(f"{model.__name__}.{name} is no relationship, so it cannot be expanded.")
        if public is None or name not in expandables(public):
            raise TypeError(f"{model.__name__}Public needs `{name}: … = expandable()`, as it is expanded.")


def names_in(query: Any) -> tuple[str, ...]:
    """What the query asks to expand."""
    given = getattr(query, "expand", None)
    return tuple(sorted(given.split(","))) if given else ()


def loading(model: type[Any], names: Sequence[str]) -> list[Any]:
    """The options of a select that load these relationships, each by one query."""
    return [selectinload(getattr(model, name)) for name in names]


def noted(rows: list[Any], names: Sequence[str]) -> list[Any]:
    """The rows, which remember what of them is to be answered."""
    for row in rows if names else ():
        inspect(row).info[ASKED] = names
    return rows


async def expand(session: AsyncSession, row: Row, shown: Shown[Row]) -> Row:
    """The row, with what the client asks to expand."""
    names = names_in(shown)
    if names:
        session.add(row)
        await session.exec(_again(type(row), names), params={"id": row.id})
        noted([row], names)
    return row


@lru_cache
def _again(model: type[Any], names: tuple[str, ...]) -> Any:
    one = select(model).where(col(model.id) == bindparam("id")).options(*loading(model, names))
    return one.execution_options(populate_existing=True)
