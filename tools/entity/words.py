"""The words that say what a field is, such as `number:str:unique` or `status:draft,sent,paid`."""

import keyword
import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlmodel import SQLModel

from api.models.base import Entity, Update
from api.models.team import Shared
from api.models.trashable import Trashable


class Refused(Exception):
    """What is wrong with a command, in one sentence that says what to do."""


KINDS = {  # which options each type takes, besides `optional`
    "str": {"unique", "index", "max", "min", "default"},
    "text": {"max", "min", "default"},
    "int": {"unique", "index", "max", "min", "default"},
    "float": {"index", "max", "min", "default"},
    "money": {"index", "max", "min", "default"},
    "bool": {"index", "default"},
    "date": {"index"},
    "datetime": {"index"},
    "email": {"unique", "index"},
    "url": {"unique"},
    "uuid": {"unique", "index"},
    "json": set[str](),
    "enum": {"index"},
    "reference": set[str](),
}
TYPES = [kind for kind in KINDS if kind not in {"enum", "reference"}]
LONGEST = {"str": 2000, "text": 100_000}
MOST = 2_000_000_000  # slightly less than the maximum of a PostgreSQL INTEGER
MOST_MONEY = Decimal("9999999999.99")
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
VALUE = re.compile(r"[A-Za-z][A-Za-z0-9]*([_-][A-Za-z0-9]+)*")
TAKEN = {*dir(SQLModel), *dir(Update), *dir(Entity), *Entity.model_fields, *Shared.model_fields}
TAKEN |= {*Trashable.model_fields, "owner_id", "user_id", "version", "list", "int", "bool", "str", "float"}
SECRET = re.compile(r"hash|secret|password|_key$")


@dataclass(frozen=True)
class Field:
    """A field as the command line says it. `kind` is a type, `enum` or `reference`."""

    name: str
    kind: str
    options: frozenset[str] = frozenset()
    most: Any = None
    least: Any = None
    default: Any = None
    members: tuple[str, ...] = ()
    target: str = ""

    @property
    def column(self) -> str:
        return f"{self.name}_id" if self.kind == "reference" else self.name

    @property
    def is_optional(self) -> bool:
        return "optional" in self.options

    @property
    def is_unique(self) -> bool:
        return "unique" in self.options

    @property
    def is_required(self) -> bool:
        has_default = self.default is not None or self.kind in {"json", "enum"}
        return not self.is_optional and not has_default


def field_of(word: str) -> Field:
    """The field that a word of the command line describes."""
    name, *rest = word.split(":")
    check_name(name)
    if not rest or not rest[0]:
        raise Refused(
            f"`{name}` has no type: write for example `{name}:str`; the types are {', '.join(TYPES)}."
        )
    kind, given = rest[0], rest[1:]
    members: tuple[str, ...] = ()
    target = ""
    if "," in kind:
        kind, members = "enum", _members(name, kind)
    elif kind[:1].isupper():
        kind, target = "reference", kind
    elif kind not in TYPES:
        said = f"the types are {', '.join(TYPES)}, some values such as `draft,sent`, or an entity"
        raise Refused(f"`{name}:{kind}` has an unknown type: {said}.")
    return _with_options(Field(name, kind, members=members, target=target), given)


def check_name(name: str) -> None:
    if not NAME.fullmatch(name) or len(name) > 50:
        said = "write small letters, digits and single underscores, such as `due_on`"
        raise Refused(f"`{name}` is no name of a field: {said}.")
    if keyword.iskeyword(name):
        raise Refused(f"`{name}` is a keyword of Python: choose another name for the field.")
    if name in TAKEN or name.startswith(("model_validate", "model_dump")):
        raise Refused(f"`{name}` is a reserved word, which every entity or model has: choose another name.")
    if SECRET.search(name):
        raise Refused(
            f"`{name}` sounds secret, and clients see all fields: write it on the table class by hand."
        )


def _members(name: str, kind: str) -> tuple[str, ...]:
    members = tuple(kind.split(","))
    for one in members:
        if not VALUE.fullmatch(one) or len(one) > 32:
            raise Refused(f"`{one}` is no value for `{name}`: write 1 to 32 letters, digits and hyphens.")
    if len({member(one) for one in members}) < len(members) or len(members) < 2:
        raise Refused(f"`{name}` needs at least two values that differ, such as `{name}:draft,sent`.")
    return members


def member(value: str) -> str:
    """The name of an enum's member: as the value, unless Python or `str` has that name."""
    name = value.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) or name in {*dir(str), "name", "value", "mro"} else name


def _with_options(field: Field, given: list[str]) -> Field:
    allowed = KINDS[field.kind] | ({"optional"} if field.kind not in {"json", "enum"} else set())
    values: dict[str, Any] = {}
    flags = set[str]()
    for option in given:
        key, equals, value = option.partition("=")
        if key not in {"optional", "unique", "index", "max", "min", "default"}:
            said = "the options are optional, unique, index, max=…, min=… and default=…"
            raise Refused(f"`{field.name}` has an unknown option `{option}`: {said}.")
        if key not in allowed:
            instead = {"enum": ": its first value is the default", "json": ": without a value, it is {}"}
            raise Refused(f"`{field.name}` takes no `{key}`{instead.get(field.kind, '')}; leave it out.")
        if key in flags | values.keys() or bool(equals) is (key in {"optional", "unique", "index"}):
            raise Refused(f"`{option}` of `{field.name}` is written as `optional` or as `max=40`, and once.")
        if equals:
            values[key] = _value(field, key, value)
        else:
            flags.add(key)
    if "default" in values and flags & {"optional", "unique"}:
        raise Refused(
            f"`{field.name}` has a default, so it is neither `optional` nor `unique`; leave one out."
        )
    made = Field(
        field.name,
        field.kind,
        frozenset(flags),
        values.get("max"),
        values.get("min"),
        False if field.kind == "bool" and not flags & {"optional"} else None,
        field.members,
        field.target,
    )
    if "default" in values:
        made = Field(**{**vars(made), "default": values["default"]})
    _check_limits(made)
    return made


def _value(field: Field, key: str, value: str) -> Any:
    """The value of an option, as the type of the field has it."""
    is_text = field.kind in {"str", "text"}
    try:
        if key == "default" and is_text and value.isprintable() and value.strip():
            return value
        if key == "default" and field.kind == "bool":
            return {"true": True, "false": False}[value.lower()]
        if is_text or field.kind == "int":
            return int(value)
        if field.kind == "float" and math.isfinite(float(value)):
            return float(value)
        if field.kind == "money" and re.fullmatch(r"[0-9]{1,10}([.][0-9]{1,2})?", value):
            return Decimal(value)
    except (ValueError, KeyError, InvalidOperation):
        pass
    raise Refused(f"`{key}={value}` is no value for `{field.name}`, which is of the type {field.kind}.")


def _check_limits(field: Field) -> None:
    size = len(field.default) if isinstance(field.default, str) else field.default
    least, most = limits(field)
    lowest = {"str": 0, "text": 0, "int": -MOST, "money": 0, "float": -1e15}.get(field.kind)
    highest = {**LONGEST, "int": MOST, "money": MOST_MONEY, "float": 1e15}.get(field.kind)
    if lowest is None or highest is None or isinstance(size, bool):
        return
    if not lowest <= least <= most <= highest or (most <= 0 and field.kind in LONGEST):
        raise Refused(
            f"`{field.name}` has limits that do not fit: from {lowest} to {highest}, the smaller first."
        )
    if size is not None and not least <= size <= most:
        raise Refused(f"The default of `{field.name}` does not fit its limits, {least} to {most}.")


def limits(field: Field) -> tuple[Any, Any]:
    """The least and the most, of a number or of the length of a text."""
    least = {"str": 1, "text": 1, "int": 0, "money": 0, "float": -1e15}.get(field.kind)
    most = {"str": 200, "text": 5000, "int": MOST, "money": MOST_MONEY, "float": 1e15}.get(field.kind)
    if field.kind in LONGEST and field.is_optional:
        least = 0
    return (
        least if field.least is None else field.least,
        most if field.most is None else field.most,
    )
