"""The line of the model for each field, and what it imports."""

from typing import Any

from tools.entity.words import Field, limits, member

TYPES = {
    "str": "Line",
    "text": "Text",
    "int": "Whole",
    "float": "Number",
    "money": "Money",
    "bool": "Flag",
    "date": "Day",
    "datetime": "UtcDatetime",
    "email": "Email",
    "url": "Url",
    "uuid": "UUID",
    "json": "JsonObject",
}
IMPORTS = [
    "from datetime import datetime",
    "from decimal import Decimal",
    "from enum import StrEnum",
    "from uuid import UUID",
    "from sqlalchemy import JSON, CheckConstraint, Numeric, UniqueConstraint, text",
    "from sqlmodel import Field, Relationship, SQLModel",
    "from api.models.account_types import Email",
    "from api.models.types import BOUNDS, EnumField, "
    + ", ".join(
        [
            "Day",
            "Flag",
            "JsonObject",
            "Line",
            "Money",
            "Name",
            "Number",
            "Text",
            "Url",
            "UtcDatetime",
            "Whole",
        ]
    ),
]


def enum_of(entity: str, field: Field) -> str:
    if field.target and field.kind == "enum":  # of a model that exists
        return field.target
    return entity + "".join(part.title() for part in field.name.split("_"))


def type_of(entity: str, field: Field, *, is_unique_for_all: bool = False) -> str:
    """The type of a field in a body."""
    if field.kind == "enum":
        return enum_of(entity, field)
    return "Name" if field.kind == "str" and is_unique_for_all else TYPES[field.kind]


def number(value: Any) -> str:
    return f"{value:_}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)


def enum(entity: str, field: Field) -> str:
    members = "\n".join(f'    {member(one)} = "{one}"' for one in field.members)
    return f"class {enum_of(entity, field)}(StrEnum):\n{members}\n"


def line(entity: str, field: Field, *, is_open: bool, table: str = "", server_default: str = "") -> str:
    """`number: Line = Field(min_length=1, max_length=200)`."""
    extra = f"sa_column_kwargs={{'server_default': {server_default}}}" if server_default else ""
    if field.kind == "reference":
        return _reference(field, table)
    if field.kind == "enum":
        name = enum_of(entity, field)
        arguments = ", ".join(filter(None, [name, f"{name}.{member(field.members[0])}", extra]))
        return f"{field.name}: {name} = EnumField({arguments})"
    if field.kind == "json":
        arguments = ", ".join(filter(None, ["default={}", "sa_type=JSON", "description=BOUNDS", extra]))
        return f"{field.name}: JsonObject = Field({arguments})"
    kind = type_of(entity, field, is_unique_for_all=is_open and field.is_unique)
    options = [*_default(field), *_limits(field), *_database(field, is_open=is_open), extra]
    options += [f'description="{_whether(field.name)}"'] if field.kind == "bool" else []
    arguments = ", ".join(filter(None, options))
    optional = " | None" if field.is_optional else ""
    if arguments == "default=None" or (arguments.startswith("default=") and "," not in arguments):
        return f"{field.name}: {kind}{optional} = {arguments.removeprefix('default=')}"
    return f"{field.name}: {kind}{optional}" + (f" = Field({arguments})" if arguments else "")


def _default(field: Field) -> list[str]:
    if field.is_optional:
        return ["default=None"]
    if field.default is None:
        return []
    shown = f'Decimal("{field.default}")' if field.kind == "money" else repr(field.default)
    return [f"default={number(field.default) if field.kind == 'int' else shown}"]


def _limits(field: Field) -> list[str]:
    least, most = limits(field)
    if field.kind in {"str", "text"}:
        least = 0 if field.default is not None and field.least is None else least
        least = max(least, 1) if field.is_unique else least
        return [f"min_length={least}"] * (least > 0) + [f"max_length={number(most)}"]
    if field.kind in {"email", "url"}:
        return ["max_length=254" if field.kind == "email" else "max_length=2000"]
    if field.kind == "int":
        return [f"ge={number(least)}", f"le={number(most)}"]
    given = [("ge", field.least), ("le", field.most)]
    return [f"{key}={_plain(value)}" for key, value in given if value is not None]


def _plain(value: Any) -> str:
    return (
        f'Decimal("{value}")'
        if value != int(value) and not isinstance(value, float)
        else number(int(value) if value == int(value) else value)
    )


def _database(field: Field, *, is_open: bool) -> list[str]:
    given = (
        ["sa_type=Numeric(12, 2)"]
        if field.kind == "money" and (field.is_optional or field.least is not None or field.most is not None)
        else []
    )
    return given + ["unique=True"] * (is_open and field.is_unique)


def _whether(name: str) -> str:
    """What a switch says: `is_open` is "Whether it is open."."""
    verb, _, rest = name.partition("_")
    words = name.replace("_", " ")
    return (
        f"Whether it {words}."
        if rest and verb in {"is", "has", "was", "can", "may"}
        else f"Whether it is {words}."
    )


def _reference(field: Field, table: str) -> str:
    words = field.name.replace("_", " ")
    end = "SET NULL" if field.is_optional else "CASCADE"
    options = ["default=None"] if field.is_optional else []
    options += [
        f'foreign_key="{table}.id"',
        f'ondelete="{end}"',
        "index=True",
        f'description="The id of the {words}."',
    ]
    return f"{field.column}: UUID{' | None' if field.is_optional else ''} = Field({', '.join(options)})"
