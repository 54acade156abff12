"""The plan of a command line, and of a model that somebody has written by hand."""

from argparse import Namespace
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from api.models.base import Owned, tables
from api.models.team import Shared
from api.models.trashable import Trashable
from tools.entity.checks import check, permission
from tools.entity.itself import Itself
from tools.entity.plan import CHILD, OPEN, OWN, TEAM, WRITTEN, Plan, check_entity, plural
from tools.entity.targets import Loaded, Target, loaded, snake, target
from tools.entity.words import Field, Refused, field_of
from tools.generate.files import HOME

ROUTERS = HOME / "api/routers"
BY_TYPE: list[tuple[type[Any], str]] = [
    (sa.Boolean, "bool"),
    (sa.Integer, "int"),
    (sa.Float, "float"),
    (sa.Numeric, "money"),
    (sa.DateTime, "datetime"),
    (sa.Date, "date"),
    (sa.Uuid, "uuid"),
]
ALONE = "--parent stands with fields, --bulk and --dry-run only: who sees the parent sees its rows."


def plan_of(arguments: Namespace) -> Plan:
    check_entity(arguments.name)
    _check_flags(arguments)
    is_there = (HOME / f"api/models/{snake(arguments.name)}.py").exists()
    plan = _adopted(arguments) if is_there else _new(arguments)
    check(plan)
    return plan


def _check_flags(given: Namespace) -> None:
    if given.parent and (
        given.owner or given.public or given.write or given.live or given.soft_delete or given.many
    ):
        raise Refused(ALONE)
    if given.owner == "team" and (given.public or given.write):
        raise Refused("Rows of a team are seen and changed by its members: leave --public and --write out.")
    if given.write and (given.owner or given.live or given.soft_delete):
        said = "nobody has events or a trash of them: leave --owner, --live and --soft-delete out"
        raise Refused(f"With --write, rows are nobody's, so {said}.")
    if len({*given.many}) < len(given.many):
        raise Refused("--many names an entity twice: name each once.")


def _kind(given: Namespace) -> str:
    kind = WRITTEN if given.write else CHILD if given.parent else TEAM if given.owner == "team" else OWN
    return OPEN if kind == OWN and given.public else kind


def _new(given: Namespace) -> Plan:
    fields = tuple(field_of(word) for word in given.fields)
    if not fields:
        raise Refused(f"{given.name} needs a field: write for example `{given.name} name:str`.")
    for own in (one for one in fields if one.target == given.name and not one.is_optional):
        said = f"write `{own.name}:{own.target}:optional`, because the first row has none to refer to"
        raise Refused(f"`{own.name}` refers to {given.name} itself: {said}.")
    if team := next((one for one in fields if one.target == "Team"), None):
        raise Refused(f"`{team.name}` refers to a team: write --owner team instead.")
    kind = _kind(given)
    value = given.write or (f"{plural(snake(given.name))}:moderate" if kind == OPEN else None)
    return Plan(
        given.name,
        fields,
        kind,
        given.public,
        permission(value, given.name) if value else None,
        *_parent(given.parent),
        links=tuple(target(one, f"--many {one}") for one in given.many),
        targets=tuple(
            Itself(given.name, fields)
            if one.target == given.name
            else target(one.target, f"{one.name}:{one.target}")
            for one in fields
            if one.target
        ),
        is_live=given.live,
        has_trash=given.soft_delete,
        has_bulk=given.bulk,
    )


def _parent(name: str | None) -> tuple[Target | None, Loaded | None, Loaded | None]:
    if name is None:
        return None, None, None
    if name == "Team":
        raise Refused("`--parent Team` names a team: write --owner team instead.")
    found = target(name, f"--parent {name}")
    reading = loaded(ROUTERS, name, "get")
    changing = loaded(ROUTERS, name, "patch") or loaded(ROUTERS, name, "delete")
    if reading is None or changing is None:
        said = "choose another parent, or write the nested routes by hand"
        raise Refused(f"No router loads a row of {name} with a dependency that others could use: {said}.")
    return found, reading, changing


def loaded_links(plan: Plan) -> dict[str, Loaded]:
    """How the rows of each link are loaded."""
    found = {}
    for link in plan.links:
        how = loaded(ROUTERS, link.name, "get")
        if how is None:
            raise Refused(f"No router loads a row of {link.name} with a dependency that others could use.")
        found[link.name] = how
    return found


def _adopted(given: Namespace) -> Plan:
    """The plan for a model that exists: its own words say what it is."""
    name, file = given.name, f"api/models/{snake(given.name)}.py"
    module = import_module(f"api.models.{snake(name)}")
    model: Any = next(
        (one for one in tables() if one.__name__ == name and one.__module__ == module.__name__), None
    )
    parts: list[Any] = [
        getattr(module, f"{name}{end}", None) for end in ("Base", "Create", "Update", "Public")
    ]
    if model is None or None in parts:
        raise Refused(
            f"{file} exists, and has not all of {name}, {name}Base, -Create, -Update and -Public: "
            "choose another name, or add them if the file is yours."
        )
    if (router := HOME / f"api/routers/{plural(snake(name))}.py").exists():
        said = f"to add fields, write `python -m api field {name} …`"
        raise Refused(f"{file} and {router.relative_to(HOME)} exist already: {said}.")
    if given.fields or given.live or given.soft_delete or given.many:
        raise Refused(
            f"{file} exists, and says its fields, --live, --soft-delete and --many itself: leave them out."
        )
    base, create = parts[0], parts[1]
    if more := sorted(create.model_fields.keys() - base.model_fields.keys() - {"team_id"}):
        raise Refused(
            f"{name}Create has {', '.join(more)} beside its Base: write the router of {name} by hand."
        )
    kind = OWN if issubclass(model, Owned) else TEAM if issubclass(model, Shared) else _kind(given)
    kind = OPEN if kind == OWN and given.public else kind
    if {"user": OWN, "team": TEAM}.get(given.owner or "", kind) not in {kind, OWN if kind == OPEN else kind}:
        raise Refused(f"{file} says another owner than --owner {given.owner}: leave the flag out.")
    if kind == OWN and not issubclass(model, Owned):
        raise Refused(
            f"{file} has no owner: say with --write PERMISSION who changes its rows, or with --parent."
        )
    if kind == CHILD and f"{snake(given.parent)}_id" not in model.model_fields:
        raise Refused(f"{file} has no column {snake(given.parent)}_id: add it to {name}Public.")
    value = given.write or (f"{plural(snake(name))}:moderate" if kind == OPEN else None)
    wanted = permission(value, name) if value else None
    if wanted and wanted.module is None:
        said = f'class {wanted.enum}(Permission): {wanted.member} = "{value}"'
        raise Refused(f"{file} declares no permission {value}: add `{said}`.")
    fields = [_field(model, create, column) for column in base.model_fields]
    plan = Plan(name, tuple(fields), kind, given.public, wanted, *_parent(given.parent), adopted=model)
    targets = tuple(target(one.target, one.name) for one in fields if one.kind == "reference")
    sorts = tuple(_sorts(model, plan.scope))
    return Plan(
        **vars_of(plan) | {"targets": targets, "sorts": sorts, "has_trash": issubclass(model, Trashable)}
    )


def vars_of(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in plan.__dataclass_fields__}


def _field(model: Any, create: type[SQLModel], name: str) -> Field:
    """A field of a model, in the words of the command line."""
    column, schema = (
        model.__table__.columns[name],
        create.model_json_schema(mode="validation")["properties"][name],
    )
    parts = [schema, *schema.get("anyOf", ())]
    said = {key: part[key] for part in parts for key in part}
    scoped = any(name in [one.name for one in getattr(rule, "columns", ())] for rule in _unique(model))
    given = {"optional"} if column.nullable else set[str]()
    given |= {"unique"} if column.unique or scoped else set()
    info = create.model_fields[name]
    default = None if info.is_required() else info.get_default(call_default_factory=False)
    limits: dict[str, Any] = {"default": default, "options": frozenset(given)}
    if key := next(iter(column.foreign_keys), None):
        table = next(one for one in tables() if one.__table__ is key.column.table)
        return Field(name.removesuffix("_id"), "reference", target=table.__name__, **limits)
    kind = column.type
    if isinstance(kind, sa.Enum) and kind.enum_class:
        members = tuple(one.value for one in kind.enum_class)
        return Field(name, "enum", members=members, target=kind.enum_class.__name__, **limits)
    if format := {"email": "email", "uri": "url"}.get(said.get("format", "")):
        return Field(name, format, **limits)
    found = next((word for one, word in BY_TYPE if isinstance(getattr(kind, "impl", kind), one)), "json")
    if isinstance(getattr(kind, "impl", kind), sa.String):
        length = said.get("maxLength", 200)
        found = "text" if length > 2000 else "str"
        return Field(name, found, most=length, least=said.get("minLength", 0), **limits)
    if found in {"int", "float"}:
        limits |= {"most": said.get("maximum"), "least": said.get("minimum")}
    return Field(name, found, **limits)


def _unique(model: Any) -> list[Any]:
    return [one for one in model.__table__.constraints if isinstance(one, sa.UniqueConstraint)]


def _sorts(model: Any, scope: str | None) -> list[str]:
    """The columns after the scope, in the indexes that `listed` makes."""
    groups = [[column.name for column in one.columns] for one in model.__table__.indexes]
    shapes = [one[1:] if scope and one[0] == scope else one for one in groups if not scope or one[0] == scope]
    return sorted(
        {one[0] for one in shapes if len(one) == 2 and one[1] == "id" and one[0] in model.model_fields}
    )
