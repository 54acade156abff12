"""The text of the file with the example data."""

from typing import Any

from api.seeds.demo import makers
from tools.entity.plan import CHILD, OPEN, OWN, TEAM, Plan
from tools.entity.samples import sample
from tools.entity.text_of_fields import enum_of
from tools.entity.words import Field, member

IMPORTS = [
    "from collections.abc import Iterator",
    "from datetime import timedelta",
    "from decimal import Decimal",
    "from uuid import UUID",
    "from api.models.team import Team",
    "from api.models.user import User",
    "from api.seeds.demo import Demo",
]


def text_of_demo(plan: Plan) -> str | None:
    """None if there is nothing that the rows could refer to."""
    filled = {model for model, _ in makers()}
    needed = [target for field, target in plan.references if not field.is_optional]
    needed += [plan.parent] if plan.parent else []
    if any(one.model not in filled for one in needed):
        return None
    columns = [
        one for one in plan.fields if (one.is_required or one.kind == "enum") and one.kind != "reference"
    ]
    columns = columns or [one for one in plan.fields if one.kind != "reference"][:1]
    if not columns:
        return None
    owner = _owner(plan)
    if owner is None:
        return None
    names, constant = ", ".join(one.name for one in columns), plan.plural.upper()
    rows = [", ".join(_literal(plan, one, number) for one in columns) for number in (0, 1)]
    rows = [f"({row})" for row in rows] if len(columns) > 1 else rows
    days = ", ".join(
        f"{one.name} in days" if one.kind in {"date", "datetime"} else one.name for one in columns
    )
    values = [f"{one.name}={_value(one)}" for one in columns]
    required = [(field, target) for field, target in plan.references if not field.is_optional]
    # A row of its own for each, where any will do: what may be taken once is taken once
    each = [(field.name, target) for field, target in required if target.scope("a team") is None]
    for field, target in required:
        one = field.name if (field.name, target) in each else f"demo.made[{target.name}][0]"
        values.append(f"{field.column}={one}.id")
    values += owner
    enums = [enum_of(plan.name, one) for one in columns if one.kind == "enum"]
    imports = [*IMPORTS, f"from api.models.{plan.singular} import {', '.join([plan.name, *enums])}"]
    imports += [one.importing for one in needed]
    every = ", ".join([*(name for name, _ in each), f"({names})" if each and len(columns) > 1 else names])
    rows_of = ", ".join([*(f"demo.made[{target.name}]" for _, target in each), constant])
    body = [
        f"{constant} = [  # {days}",
        *(f"    {row}," for row in rows),
        "]",
        "",
        "",
        f"def {plan.plural}(demo: Demo) -> Iterator[{plan.name}]:",
        f"    for {every} in {f'zip({rows_of}, strict=False)' if each else constant}:",
        f"        yield {plan.name}({', '.join(values)})",
        "",
        "",
        f"ROWS = {{{plan.name}: {plan.plural}}}",
    ]
    return "\n\n".join([f'"""{plan.words.capitalize()}."""', "\n".join(imports), "\n".join(body)]) + "\n"


def _owner(plan: Plan) -> list[str] | None:
    """The columns that say whose the rows are: those of the first user and the first team of the demo."""
    modules: dict[str, Any] = {make.__module__.rpartition(".")[2]: make for _, make in makers()}
    people = list(getattr(modules.get("users"), "__globals__", {}).get("PEOPLE", ()))
    teams = list(getattr(modules.get("teams"), "__globals__", {}).get("TEAMS", ()))
    user = f'demo.user("{people[0]}")' if people else "demo.made[User][0].id"
    if plan.kind in {OWN, OPEN}:
        return [f"owner_id={user}"]
    if plan.kind == TEAM:
        return [f'team_id=demo.find(Team, name="{teams[0]}").id', f"creator_id={user}"] if teams else None
    if plan.kind == CHILD and plan.parent:
        return [f"{plan.parent_id}=demo.made[{plan.parent.name}][0].id"]
    return []


def _literal(plan: Plan, field: Field, number: int) -> str:
    value = sample(field, number)
    match field.kind:
        case "money":
            return f'Decimal("{value}")'
        case "enum":
            return f"{enum_of(plan.name, field)}.{member(value)}"
        case "date" | "datetime":
            return ("7", "30")[number]
        case "uuid":
            return f'UUID("{value}")'
    return repr(value)


def _value(field: Field) -> str:
    if field.kind in {"date", "datetime"}:
        today = "demo.today.date()" if field.kind == "date" else "demo.today"
        return f"{today} + timedelta(days={field.name})"
    return field.name
