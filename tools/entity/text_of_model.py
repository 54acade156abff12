"""The text of a model: enums, Base, Create, Update, Public and table."""

from tools.entity import text_of_fields
from tools.entity.plan import CHILD, OPEN, OWN, TEAM, Plan, plural
from tools.entity.targets import Target, snake
from tools.entity.words import Field

IMPORTS = [
    "from typing import Optional",
    *text_of_fields.IMPORTS,
    "from api.models.base import TO_ONE, TO_ONE_OR_NONE, Create, Entity, Owned, Permission, Update, listed",
    "from api.models.children import Link, to_many",
    "from api.models.team import Shared, TeamRef",
    "from api.models.trashable import Trashable",
]
RUNGS = {OWN: "Owned", OPEN: "Owned", TEAM: "Shared"}


def text_of_model(plan: Plan) -> str:
    imports = [*IMPORTS]
    for one in (one for one in (*plan.targets, *plan.links) if one.name != plan.name):
        imports += [one.importing]
        imports += [f"from {one.module} import {one.summary}"] if one.summary else []
    parts = [f'"""{_docstring(plan)}"""', "\n".join(imports)]
    if plan.permission and plan.permission.module is None:
        parts += [
            f"class {plan.permission.enum}(Permission):\n"
            f'    {plan.permission.member} = "{plan.permission.value}"'
        ]
    parts += [text_of_fields.enum(plan.name, one) for one in plan.fields if one.kind == "enum"]
    parts += [_base(plan), _create(plan), f"class {plan.name}Update({plan.name}Base, Update): ..."]
    parts += _summaries(plan)
    parts += [_link(plan, link) for link in plan.links]
    return "\n\n\n".join([*parts, *_answers(plan), _table(plan)]) + "\n"


def _docstring(plan: Plan) -> str:
    words = plan.words.capitalize()
    if plan.parent:
        return f"{words} of {_one(snake(plan.parent.name))}."
    return words + {OWN: " of a user.", TEAM: " of a team.", OPEN: " of a user, which everybody sees."}.get(
        plan.kind, "."
    )


def _one(name: str) -> str:
    words = name.replace("_", " ")
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _base(plan: Plan) -> str:
    tables = {field.name: target.table for field, target in plan.references}
    lines = [
        text_of_fields.line(plan.name, one, is_open=plan.is_open, table=tables.get(one.name, ""))
        for one in plan.fields
    ]
    return f"class {plan.name}Base(SQLModel):\n" + "\n".join(f"    {one}" for one in lines)


def _create(plan: Plan) -> str:
    bases = f"{plan.name}Base, {'TeamRef, ' if plan.kind == TEAM else ''}Create"
    lines = [
        f"    {snake(one.name)}_ids: list[UUID] = "
        f'Field(default=[], max_length=100, description="The ids of its {_links(one)}.")'
        for one in plan.links
    ]
    return f"class {plan.name}Create({bases}):" + ("\n" + "\n".join(lines) if lines else " ...")


def _links(one: Target) -> str:
    return plural(snake(one.name)).replace("_", " ")


def summary_of(plan: Plan, target: Target) -> str:
    """The schema of a row within the answer."""
    return target.summary or f"{plan.name}{'' if target.name == plan.name else target.name}Summary"


def _summaries(plan: Plan) -> list[str]:
    made = []
    for target in {one.name: one for one in (*plan.targets, *plan.links)}.values():
        if target.summary is None:
            shown = target.shown
            column = [f"    {shown[0]}: str{' | None' if shown[1] else ''}"] if shown else []
            head = f"class {summary_of(plan, target)}(SQLModel):"
            whole = "another one" if target.name == plan.name else _one(plan.singular)
            said = f'    """{_one(snake(target.name)).capitalize()} as part of {whole}."""\n'
            made.append("\n".join([head, said, "    id: UUID", *column]))
    return made


def _link(plan: Plan, link: Target) -> str:
    one, other = plan.singular, snake(link.name)
    key = 'Field(primary_key=True, foreign_key="{}.id", ondelete="CASCADE"{})'
    return "\n".join(
        [
            f"class {plan.name}{link.name}(Link, table=True):",
            f"    {one}_id: UUID = {key.format(plan.table, '')}",
            f"    {other}_id: UUID = {key.format(link.table, ', index=True')}",
        ]
    )


def _answers(plan: Plan) -> list[str]:
    rungs = [RUNGS[plan.kind]] if plan.kind in RUNGS else []
    rungs += ["Trashable"] * plan.has_trash
    row = f"{plan.name}{'Row' if plan.is_nested else 'Public'}"
    head = f"class {row}({', '.join([f'{plan.name}Base', *rungs, 'Entity'])}):"
    if plan.kind == CHILD and plan.parent:
        words = snake(plan.parent.name).replace("_", " ")
        key = (
            f'foreign_key="{plan.parent.table}.id", ondelete="CASCADE", description="The id of the {words}."'
        )
        made = [f"{head}\n    {plan.parent_id}: UUID = Field({key})"]
    else:
        made = [f"{head} ..."]
    if plan.is_nested:
        lines = [
            f"    {field.name}: {summary_of(plan, target)}{' | None' * field.is_optional}"
            for field, target in plan.references
        ]
        lines += [f"    {_links(one).replace(' ', '_')}: list[{summary_of(plan, one)}]" for one in plan.links]
        made.append(f"class {plan.name}Public({row}):\n" + "\n".join(lines))
    return made


def _table(plan: Plan) -> str:
    lines = []
    naive = snake(plan.name) + "s"
    if plan.table != naive:
        lines.append(f'    __tablename__ = "{plan.table}"')
    if plan.is_live:
        lines.append('    __live__ = ("created", "updated", "deleted")')
    rules = [f'UniqueConstraint("{plan.scope}", "{one.name}")' for one in plan.unique if plan.scope]
    rules += [
        f'CheckConstraint("{one.column} <> id", name="{one.name}_is_another")'
        for one in plan.fields
        if one.target == plan.name
    ]
    rules += [f"*{one}" for one in _indexes(plan)]
    if len(rules) == 1 and rules[0].startswith("*"):
        lines.append(f"    __table_args__ = {rules[0][1:]}")
    elif rules:
        lines.append(f"    __table_args__ = ({', '.join(rules)},)")
    related = [*map(_relationship(plan), plan.references)]
    related += [
        f"    {_links(one).replace(' ', '_')}: list[{one.name}] = "
        f"Relationship(link_model={plan.name}{one.name}, "
        f'sa_relationship_kwargs=to_many("{one.name}.{one.shown[0] if one.shown else "id"}"))'
        for one in plan.links
    ]
    row = f"{plan.name}{'Row' if plan.is_nested else 'Public'}"
    return f"class {plan.name}({row}, table=True):\n" + "\n".join(
        [*lines, "", *related] if related else lines or ["    ..."]
    )


def _indexes(plan: Plan) -> list[str]:
    """`listed(…)` for the orders of the list, and for each filter of a list of everybody's rows."""
    if plan.scope:
        return [f'listed("{plan.scope}", by=({_names(["id", *plan.sorted])}))']
    by_index = {one.name for one in plan.unique}
    keys = [name for name in plan.sorted if name not in by_index]
    filters = [one for one in plan.filters if one.kind != "reference" and one.name not in {*keys, *by_index}]
    owner = ['listed("owner_id", by=("id",))'] if plan.kind == OPEN else []
    sorts = [f"listed(by=({_names(keys)}))"] if keys else []
    return owner + sorts + [f'listed("{one.name}", by=("id",))' for one in filters]


def _names(names: list[str]) -> str:
    return ", ".join(f'"{one}"' for one in names) + ("," if len(names) == 1 else "")


def _relationship(plan: Plan):  # type: ignore[no-untyped-def]
    """The line of a reference; the column is named where several lead to the same table."""
    tables = [target.table for target in plan.targets]
    tables += {OWN: ["users"], OPEN: ["users"], TEAM: ["users", "teams"]}.get(plan.kind, [])
    tables += [plan.parent.table] if plan.parent else []

    def line(pair: tuple[Field, Target]) -> str:
        field, target = pair
        kind = f"{target.name} | None" if field.is_optional else target.name
        how = "TO_ONE_OR_NONE" if field.is_optional else "TO_ONE"
        more = [f'"foreign_keys": "{plan.name}.{field.column}"'] * (tables.count(target.table) > 1)
        if target.name == plan.name:  # one join, not one for each row above; a circle of rows can be deleted
            kind = f'Optional["{plan.name}"]'
            more += [f'"remote_side": "{plan.name}.id"', '"join_depth": 1', '"viewonly": True']
        how += f" | {{{', '.join(more)}}}" if more else ""
        return f"    {field.name}: {kind} = Relationship(sa_relationship_kwargs={how})"

    return line
