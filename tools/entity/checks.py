"""What of a plan is there already, or would be hidden by what is there."""

import re
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from sqlmodel import SQLModel

import api.models
from api.models.base import Owned
from api.models.base import Permission as Declared
from tools.entity import text_of_model, text_of_router
from tools.entity.plan import OWN, TEAM, Permission, Plan
from tools.entity.targets import snake
from tools.entity.text_of_fields import enum_of
from tools.entity.text_of_query import NO_FILTER
from tools.entity.words import Refused
from tools.generate.files import HOME, described


def check(plan: Plan) -> None:
    """Refuse what cannot be written, before anything is."""
    if files := plan.exists(HOME):
        raise Refused(f"{files[0]} exists already: choose another name, or move it away first.")
    imported = {name for text in (*text_of_model.IMPORTS, *text_of_router.IMPORTS) for name in _names(text)}
    if plan.name in imported | {"User", "Team"} or plan.name.endswith(
        ("Base", "Create", "Update", "Public", "Row")
    ):
        raise Refused(
            f"`{plan.name}` is a reserved word, the name of a class that models use: choose another name."
        )
    _check_readers(plan)
    _check_classes(plan)
    _check_routes(plan)
    _check_fields(plan)


def _names(text: str) -> set[str]:
    return set(text.partition(" import ")[2].split(", "))


def _check_readers(plan: Plan) -> None:
    """Refuse to show rows that not everybody may read who reads the entity."""
    is_private = plan.kind == OWN or (plan.parent is not None and issubclass(plan.parent.model, Owned))
    team = (
        ""
        if is_private
        else "a team"
        if plan.kind == TEAM or (plan.parent and plan.parent.is_shared)
        else None
    )
    for one in (one for one in (*plan.targets, *plan.links) if one.name != plan.name):
        scope = one.scope(team or None)
        if not is_private and scope is not None and scope.needs_caller:
            said = f"and all who read {plan.name} would see what they are called"
            raise Refused(f"Only some read the rows of {one.name}, {said}: leave this reference out.")


def _check_classes(plan: Plan) -> None:
    if plan.adopted:
        return
    modules = [import_module(f"api.models.{one.name}") for one in iter_modules(api.models.__path__)]
    known = {name for module in modules for name in vars(module)}
    known |= described().openapi()["components"]["schemas"].keys()
    made = [f"{plan.name}{end}" for end in ("", "Base", "Create", "Update", "Public", "Row", "Event")]
    made += [enum_of(plan.name, one) for one in plan.fields if one.kind == "enum"]
    made += [f"{plan.name}{link.name}" for link in plan.links]
    made += [text_of_model.summary_of(plan, one) for one in plan.targets if one.summary is None]
    if plan.permission and plan.permission.module is None:
        made.append(plan.permission.enum)
    if taken := next((name for name in made if name in known), None):
        raise Refused(f"The class {taken} exists already: choose another name for the entity or the field.")
    tables = {plan.table, *(snake(f"{plan.name}{link.name}") + "s" for link in plan.links)}
    if clash := next(iter(tables & SQLModel.metadata.tables.keys()), None):
        raise Refused(f"The table {clash} exists already: choose another name for the entity.")


def _check_routes(plan: Plan) -> None:
    document: dict[str, Any] = described().openapi()["paths"]
    operations = {one["operationId"]: path for path, methods in document.items() for one in methods.values()}
    for method, path, name in plan.handlers():
        if name in operations:
            raise Refused(
                f"{operations[name]} has a handler {name} already: choose another name for the entity."
            )
        for there, methods in document.items():
            if method in methods and _overlap(f"/api/v1{path}", there):
                raise Refused(f"`{method.upper()} {path}` would be shadowed by {there}: choose another name.")


def _overlap(one: str, other: str) -> bool:
    """Whether both would answer at one address."""
    ours, theirs = one.split("/"), other.split("/")
    pairs = zip(ours, theirs, strict=False)
    return len(ours) == len(theirs) and all(a == b or "{" in a or "{" in b for a, b in pairs)


def _check_fields(plan: Plan) -> None:
    columns = [one.column for one in plan.fields] + [
        one.name for one in plan.fields if one.kind == "reference"
    ]
    columns += [plan.parent_id] * bool(plan.parent) + [f"{snake(link.name)}_ids" for link in plan.links]
    if twice := next((name for name in columns if columns.count(name) > 1), None):
        raise Refused(f"`{twice}` is named twice: give each field a name of its own.")
    if parameter := next((one.name for one in plan.filters if one.column in NO_FILTER), None):
        raise Refused(
            f"`{parameter}` is a parameter of every list, so it cannot be a filter: choose another name."
        )


def permission(value: str, entity: str) -> Permission:
    """The permission with this value: one that is declared already, or one of the entity."""
    if not re.fullmatch(r"[a-z]+(_[a-z]+)*:[a-z]+(_[a-z]+)*", value):
        raise Refused(f"`{value}` is no permission: write it like `invoices:write`.")
    for one in Declared.members():
        if one.value == value:
            return Permission(value, type(one).__name__, one.name, type(one).__module__)
    return Permission(value, f"{entity}Permission", value.rpartition(":")[2], None)
