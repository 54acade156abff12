"""Open enums: each entity declares its own members in its own files."""

import inspect
from collections import defaultdict
from enum import StrEnum
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

# The members of each open enum, by value
FOUND: defaultdict[type["OpenEnum"], dict[str, Any]] = defaultdict(dict)


class OpenEnum(StrEnum):
    """An enum whose members are declared by its subclasses.

        class Permission(OpenEnum): ...

        class BookPermission(Permission):
            read = "books:read"

    A field of the type `Permission` takes the members of all subclasses. In the OpenAPI document they are one
    enum.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        found = FOUND[cls.whole()]
        for member in cls:
            kinds = (cls, type(found.get(member.value, member)))
            here, there = (f"{kind.__qualname__} in {kind.__module__}" for kind in kinds)
            if here != there:  # the names are equal if the module was reloaded
                raise ValueError(
                    f"{member.value!r} is declared twice: by {there}, and by {here}. "
                    "Give one of them another value."
                )
        found |= {member.value: member for member in cls}

    @classmethod
    def whole(cls) -> "type[OpenEnum]":
        """The open enum that this class adds members to."""
        return next(base for base in cls.__mro__ if OpenEnum in base.__bases__)

    @classmethod
    def members(cls) -> list[Self]:
        """The members of all subclasses, sorted by value."""
        return [member for _, member in sorted(FOUND[cls].items())]

    @classmethod
    def of(cls, value: str) -> Self | None:
        """The member with this value, from any subclass."""
        return FOUND[cls].get(value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        if cls.__members__:
            return handler(source)

        def validate(value: str) -> OpenEnum:
            member = cls.of(value)
            if member is None:
                expected = ", ".join(repr(one.value) for one in cls.members())
                raise PydanticKnownError("enum", {"expected": expected})
            return member

        validate.idempotent = validate.pure = True  # type: ignore[attr-defined]  # see models/types.py
        ref = f"{cls.__module__}.{cls.__qualname__}:{id(cls)}"
        return core_schema.no_info_after_validator_function(validate, core_schema.str_schema(), ref=ref)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The schema, built on demand, after the import of all modules."""
        if cls.__members__:
            return dict(handler(schema))
        said = {"title": cls.__name__, "type": "string", "enum": [member.value for member in cls.members()]}
        return said | ({"description": inspect.cleandoc(cls.__doc__)} if cls.__doc__ else {})
