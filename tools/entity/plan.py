"""What a command is to write: the entity, its fields and flags, and the names that follow from them."""

import builtins
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tools.entity.targets import Loaded, Target, snake
from tools.entity.words import Field, Refused

ENTITY = re.compile(r"([A-Z][a-z]+)+")
CODE = re.compile(r"[a-z]+(_[a-z]+)*:[a-z]+(_[a-z]+)*")
LOCAL = {"session", "caller", "query", "body", "router", "partial", "one", "id", "upsert", "shown"}
OWN, TEAM, OPEN, WRITTEN, CHILD = "own", "team", "open", "written", "child"
TITLES = ("name", "title", "label", "subject", "number", "code")


def plural(words: str) -> str:
    """The plural of an English word, as addresses and tables have it."""
    if re.search(r"[^aeiou]y$", words):
        return words[:-1] + "ies"
    if re.search(r"(l|ea)f$|ife$", words):
        return re.sub(r"fe?$", "ves", words)
    return words + ("es" if re.search(r"(s|x|z|ch|sh)$", words) else "s")


def check_entity(name: str) -> None:
    if not ENTITY.fullmatch(name) or len(name) > 40:
        raise Refused(
            f"`{name}` is no name of an entity: write it like `Invoice` or `BookingSlot`, with letters only."
        )
    one = snake(name)
    if keyword.iskeyword(one) or one in dir(builtins) or one in LOCAL:
        raise Refused(
            f"`{name}` would be `{one}` in the code, which Python or every handler uses: choose another name."
        )


@dataclass(frozen=True)
class Permission:
    """The permission that changes rows: where it is declared, and its name there."""

    value: str
    enum: str
    member: str
    module: str | None  # None: the entity declares it

    @property
    def text(self) -> str:
        return f"{self.enum}.{self.member}"


@dataclass(frozen=True)
class Plan:
    name: str
    fields: tuple[Field, ...]
    kind: str  # whose the rows are: of a user, of a team, public, of those with a permission, of a parent
    is_public: bool = False
    permission: Permission | None = None
    parent: Target | None = None
    reading: Loaded | None = None  # how the parent is loaded
    changing: Loaded | None = None
    links: tuple[Target, ...] = ()
    targets: tuple[Target, ...] = ()  # of the references, in the order of the fields
    is_live: bool = False
    has_trash: bool = False
    has_bulk: bool = False
    adopted: Any = None  # the table class that exists
    sorts: tuple[str, ...] = ()  # of what is adopted

    @property
    def singular(self) -> str:
        return snake(self.name)

    @property
    def plural(self) -> str:
        return plural(self.singular)

    @property
    def path(self) -> str:
        """The last part of the address: lines, for an InvoiceLine within an Invoice."""
        above = self.parent.name if self.parent else ""
        own = self.name.removeprefix(above) or self.name
        return plural(snake(own)).replace("_", "-")

    @property
    def table(self) -> str:
        return str(self.adopted.__tablename__) if self.adopted else self.plural

    @property
    def words(self) -> str:
        return self.plural.replace("_", " ")

    @property
    def files(self) -> dict[str, str]:
        """The files of the entity, by what they are."""
        return {
            "model": f"api/models/{self.singular}.py",
            "router": f"api/routers/{self.plural}.py",
            "demo": f"api/seeds/demo/{self.plural}.py",
            "test": f"tests/resources/test_{self.plural}.py",
        }

    @property
    def references(self) -> list[tuple[Field, Target]]:
        fields = [field for field in self.fields if field.kind == "reference"]
        return list(zip(fields, self.targets, strict=True))

    @cached_property
    def is_nested(self) -> bool:
        """Whether the Public shows other rows, so that it is not the base of the table."""
        if self.adopted:
            return bool(self.adopted.__bases__[0].__name__ != f"{self.name}Public")
        return bool(self.references or self.links)

    @property
    def scope(self) -> str | None:
        """The column that says whose a row is."""
        columns = {OWN: "owner_id", TEAM: "team_id", CHILD: self.parent_id}
        return columns.get(self.kind)

    @property
    def parent_id(self) -> str:
        return f"{snake(self.parent.name)}_id" if self.parent else ""

    @property
    def is_open(self) -> bool:
        """Whether a list has rows of all, so that each filter needs an index."""
        return self.scope is None

    @property
    def unique(self) -> list[Field]:
        return [field for field in self.fields if field.is_unique]

    @property
    def is_unique_in_scope(self) -> bool:
        if self.adopted:
            table = self.adopted.__table__
            return any(
                len(getattr(one, "columns", ())) > 1 and "Unique" in type(one).__name__
                for one in table.constraints
            )
        return bool(self.unique and self.scope)

    @property
    def is_unique_for_all(self) -> bool:
        if self.adopted:
            return any(one.unique for one in self.adopted.__table__.columns)
        return bool(self.unique and not self.scope)

    @property
    def searched(self) -> list[str]:
        return [field.name for field in self.fields if field.kind in {"str", "text", "email"}][:4]

    @property
    def sorted(self) -> list[str]:
        """The columns that a list can be sorted by, after `id`."""
        if self.adopted:
            return list(self.sorts)
        texts = [one.name for one in self.fields if one.kind == "str" and not one.is_optional]
        title = next((name for name in TITLES if name in texts), texts[0] if texts else "")
        by_itself = {
            field.name
            for field in self.fields
            if field.kind in {"date", "datetime"} or "index" in field.options
        }
        return [field.name for field in self.fields if field.name in {title, *by_itself}]

    @property
    def filters(self) -> list[Field]:
        """The fields that a list can be filtered by."""
        kinds = {"enum", "reference", "date", "datetime", "bool"}
        return [one for one in self.fields if one.kind in kinds or "index" in one.options]

    def handlers(self) -> Iterator[tuple[str, str, str]]:
        """The method, the path and the name of each handler."""
        at = f"/{self.path}"
        if self.parent:
            at = f"/{self.parent_path}/{{{self.parent_id}}}/{self.path}"
        one, many = self.singular, self.plural
        yield from (("get", at, f"list_{many}"), ("post", at, f"create_{one}"))
        for method, name in {"get": "get", "patch": "update", "delete": "delete"}.items():
            yield method, f"{at}/{{id}}", f"{name}_{one}"
        if self.has_bulk:
            yield "post", f"{at}/bulk", f"create_{many}"
        if self.changes_all:
            yield from (("patch", at, f"update_{many}"), ("delete", at, f"delete_{many}"))
        if self.has_trash:
            yield from (
                ("get", f"{at}/trash", f"list_trashed_{many}"),
                ("delete", f"{at}/trash/{{id}}", f"purge_{one}"),
            )
            yield "post", f"{at}/{{id}}/restore", f"restore_{one}"
        for link in self.links:
            name = snake(link.name)
            there = f"{at}/{{id}}/{plural(name).replace('_', '-')}/{{{name}_id}}"
            yield from (("put", there, f"add_{one}_{name}"), ("delete", there, f"remove_{one}_{name}"))

    @property
    def parent_path(self) -> str:
        return plural(snake(self.parent.name)).replace("_", "-") if self.parent else ""

    @property
    def changes_all(self) -> bool:
        return self.has_bulk and self.kind not in {CHILD, WRITTEN} and bool(self.filters or self.searched)

    def exists(self, home: Path) -> list[str]:
        """The files that would be replaced."""
        return [
            file
            for kind, file in self.files.items()
            if (home / file).exists() and not (self.adopted and kind == "model")
        ]
