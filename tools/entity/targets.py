"""Entities that another one refers to: what is shown of them, who sees them, and how routes load them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from api.models.base import OWNERS, public_of, tables
from api.models.team import is_shared
from tools.entity.words import Refused

SHOWN = ("name", "title", "full_name", "number", "label", "subject", "code")
IDENTIFYING = 400  # a longer text is not what a row is called


@dataclass(frozen=True)
class Scope:
    """Which rows a body may name: an expression, and whether it needs the caller's id."""

    text: str
    needs_caller: bool
    imports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """How a router loads a row: the expression of the dependency, and what else the route declares."""

    text: str
    imports: tuple[str, ...]
    declared: tuple[str, ...] = ()  # constants that the routes depend on, such as WRITER
    constants: tuple[str, ...] = ()  # their definitions
    is_signed_in: bool = False  # whether the handler takes the caller apart


@dataclass(frozen=True)
class Target:
    """An entity that rows refer to. If it is the entity that is written, see `itself.py`."""

    model: Any

    @property
    def module(self) -> str:
        return str(self.model.__module__)

    @property
    def name(self) -> str:
        return str(self.model.__name__)

    @property
    def table(self) -> str:
        return str(self.model.__tablename__)

    @property
    def importing(self) -> str:
        return f"from {self.module} import {self.name}"

    @property
    def is_shared(self) -> bool:
        return is_shared(self.model)

    @property
    def summary(self) -> str | None:
        """The name of the schema that its own file has for rows that refer to it."""
        found = getattr(import_module(self.module), f"{self.name}Summary", None)
        return found.__name__ if found is not None else None

    @property
    def shown(self) -> tuple[str, bool] | None:
        """The column that says what a row is called, and whether it can be null."""
        public = public_of(self.model).model_fields  # type: ignore[union-attr]  # see `target`
        columns = [one for one in self.model.__table__.columns if one.name in public and _is_name(one)]
        return first_shown([(one.name, bool(one.nullable)) for one in columns])

    def scope(self, team: str | None) -> Scope | None:
        """Which of its rows a body may name. `team` is the team of the row that names it."""
        if self.is_shared and team:
            return Scope(f"in_team({self.name}, {team})", False, ("from api.deps import in_team",))
        if self.is_shared:
            return Scope(f"ours({self.name})", True, ("from api.deps import ours",))
        if hasattr(import_module(self.module), "VISIBLE"):
            alias = f"{snake(self.name).upper()}_VISIBLE"
            return Scope(alias, True, (f"from {self.module} import VISIBLE as {alias}",))
        owner = next((one for one in OWNERS if one in self.model.model_fields), None)
        if owner is None:
            return None
        column = "" if owner == OWNERS[0] else f', "{owner}"'
        return Scope(f"mine({self.name}{column})", True, ("from api.deps import mine",))


def first_shown(texts: list[tuple[str, bool]]) -> tuple[str, bool] | None:
    """The column that says best what a row is called, of names of columns and whether they can be null."""
    found = [one for one in texts if one[0] in SHOWN or not one[1]]
    found.sort(key=lambda one: SHOWN.index(one[0]) if one[0] in SHOWN else len(SHOWN))
    return found[0] if found else None


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _is_name(column: sa.Column[Any]) -> bool:
    kind = getattr(column.type, "impl", column.type)
    length = getattr(kind, "length", None) or IDENTIFYING + 1
    return isinstance(kind, sa.String) and not isinstance(kind, sa.Enum) and length <= IDENTIFYING


def target(name: str, by: str) -> Target:
    """The entity with this name, which a word of the command line gives."""
    found = next((one for one in tables() if one.__name__ == name), None)
    if found is None:
        known = ", ".join(sorted(one.__name__ for one in tables() if public_of(one) is not None))
        raise Refused(f"`{by}` names an entity that does not exist, {name}: choose of {known}.")
    if public_of(found) is None or "id" not in found.model_fields:
        raise Refused(f"`{by}` names {name}, which has no {name}Public for clients: refer to another entity.")
    return Target(found)


def loaded(routers: Path, model: str, method: str) -> Loaded | None:
    """How the router of an entity loads the row of `/{id}` for this method, as its file says."""
    for file in sorted(routers.glob("*.py")):
        router = _Router(file)
        for handler, decorator in router.handlers(method):
            for argument in handler.args.args:
                if (found := router.dependency(argument, model)) is not None:
                    return router.loaded(found, handler, decorator)
    return None


class _Router:
    def __init__(self, file: Path) -> None:
        body = ast.parse(file.read_text(encoding="utf-8")).body
        self.handlers_of = [one for one in body if isinstance(one, ast.AsyncFunctionDef)]
        self.values = {
            one.targets[0].id: one.value
            for one in body
            if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
        }
        self.imports = {
            alias.asname or alias.name: f"from {one.module} import {ast.unparse(alias)}"
            for one in body
            if isinstance(one, ast.ImportFrom)
            for alias in one.names
        }

    def handlers(self, method: str) -> Iterator[tuple[ast.AsyncFunctionDef, ast.Call]]:
        for handler in self.handlers_of:
            for one in handler.decorator_list:
                if (
                    not isinstance(one, ast.Call)
                    or ast.unparse(one.func) != f"router.{method.lower()}"
                    or not one.args
                ):
                    continue
                path = one.args[0].value if isinstance(one.args[0], ast.Constant) else ""
                if str(path).endswith("/{id}") and "trash" not in str(path):
                    yield handler, one

    def dependency(self, argument: ast.arg, model: str) -> ast.expr | None:
        """X, if the argument is `Annotated[model, Depends(X)]`."""
        match self._inlined(argument.annotation) if argument.annotation else None:
            case ast.Subscript(
                value=ast.Name("Annotated"),
                slice=ast.Tuple([ast.Name(named), ast.Call(func=ast.Name("Depends"), args=[found])]),
            ) if named == model:
                return found
        return None

    def loaded(self, found: ast.expr, handler: ast.AsyncFunctionDef, decorator: ast.Call) -> Loaded | None:
        parts = [one.value for one in decorator.keywords if one.arg == "dependencies"]
        declared = [one for part in parts if isinstance(part, ast.List) for one in part.elts]
        constants = {
            one.id: self._inlined(one)
            for one in declared
            if isinstance(one, ast.Name) and one.id in self.values
        }
        used = {name for one in (found, *declared) for name in self._names(self._inlined(one))}
        if not used <= self.imports.keys():
            return None  # it is defined in the router, which other routers do not import
        callers = {"CurrentUser", "CallerId"}
        return Loaded(
            ast.unparse(found),
            tuple(self.imports[name] for name in sorted(used)),
            tuple(ast.unparse(one) for one in declared),
            tuple(f"{name} = {ast.unparse(value)}" for name, value in constants.items()),
            any(
                isinstance(one.annotation, ast.Name) and one.annotation.id in callers
                for one in handler.args.args
            )
            and ast.unparse(found).startswith("found("),
        )

    def _names(self, node: ast.expr) -> set[str]:
        return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}

    def _inlined(self, node: ast.expr) -> ast.expr:
        """The expression, in which the constants of the router are replaced by their values."""
        values = self.values

        class Inline(ast.NodeTransformer):
            def visit_Name(self, name: ast.Name) -> ast.expr:
                return self.visit(values[name.id]) if name.id in values else name

        return Inline().visit(ast.parse(ast.unparse(node), mode="eval").body)  # type: ignore[no-any-return]
