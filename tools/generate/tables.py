"""docs/DATABASE_MODELS.md: every table, with its columns, constraints, indexes and references."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from api.lists.search_indexes import search_indexes
from api.models import base as models
from api.web.first_page.layout import references

INTRO = """# Database models

`make generate` writes this page from the models. [The architecture](architecture.md) says where what
is, and [0002](adr/0002-one-model-per-entity.md) why a table is a model.

![Every table with its columns, and lines from each reference to the table it names](database_models.svg)

As Mermaid, for those who want to cut a part out:
"""
MODELS: dict[str, Any] = {model.__table__.name: model for model in models.tables()}
TABLES = sorted(SQLModel.metadata.tables.values(), key=lambda table: table.name)
DIALECTS = (postgresql.dialect(), sqlite.dialect())  # type: ignore[no-untyped-call]  # of SQLAlchemy


def tables() -> str:
    parts = [INTRO, "```mermaid", *mermaid(), "```\n"]
    for table in TABLES:
        parts += [f"## {table.name}\n", *_columns(table), *_rules(table)]
    return "\n".join(parts)


def columns(table: sa.Table) -> list[sa.Column[Any]]:
    """The id first, moments of making and changing last, as people read a row."""
    order = {"id": -1, "created_at": 1, "updated_at": 2}
    return sorted(table.columns, key=lambda column: order.get(column.name, 0))


def stored(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    """What the database stores, whatever Python makes of it."""
    kind = column.type
    return kind.impl_instance if isinstance(kind, sa.TypeDecorator) else kind


def mermaid() -> Iterator[str]:
    yield "erDiagram"
    for table in TABLES:
        for column, key in references(table):
            many = "|o" if column.unique or column.primary_key else "}o"
            one = "o|" if column.nullable else "||"
            yield f'    {table.name} {many}--{one} {key.column.table.name} : "{column.name}"'
    for table in TABLES:
        yield f"    {table.name} {{"
        for column in columns(table):
            kind = type(stored(column)).__name__
            has = {"PK": column.primary_key, "FK": column.foreign_keys, "UK": column.unique}
            marks = [mark for mark, value in has.items() if value]
            yield f"        {kind} {column.name} {', '.join(marks)}".rstrip()
        yield "    }"


def _columns(table: sa.Table) -> Iterator[str]:
    yield "| column | PostgreSQL | SQLite | null | by default | |"
    yield "|---|---|---|---|---|---|"
    for column in columns(table):
        kinds = [column.type.compile(dialect=dialect) for dialect in DIALECTS]
        null = "yes" if column.nullable else ""
        yield f"| {' | '.join([f'`{column.name}`', *kinds, null, _default(column), _about(table, column)])} |"
    yield ""


def _default(column: sa.Column[Any]) -> str:
    if column.server_default is not None:
        return f"`{column.server_default.arg.text}`"  # type: ignore[attr-defined]  # all of ours are text
    value = getattr(column.default, "arg", None)
    if value is None:
        return ""
    return (
        "made by the app" if callable(value) else f"`{value.value if hasattr(value, 'value') else value!r}`"
    )


def _about(table: sa.Table, column: sa.Column[Any]) -> str:
    model = MODELS.get(table.info.get("trash", table.name))  # a trash has the columns of its rows' table
    field = model.model_fields.get(column.name) if model else None
    to = [
        f"[{key.column.table.name}](#{key.column.table.name})" for key in sorted(column.foreign_keys, key=str)
    ]
    return " ".join([*(f"→ {one}." for one in to), (field.description or "") if field else ""]).strip()


def _rules(table: sa.Table) -> Iterator[str]:
    for constraint in sorted(table.constraints, key=lambda one: str(one.name)):
        yield f"- `{constraint.name}`: {_rule(constraint)}"
    for index in sorted(table.indexes, key=lambda one: str(one.name)):
        yield f"- `{index.name}`: index on {_names(index.columns)}"
    for name, (where, how) in sorted(search_indexes().items()):
        if where == table.name:
            yield f"- `{name}`: on PostgreSQL, for `q`: `USING {how}`"
    yield ""


def _rule(constraint: sa.Constraint) -> str:
    if isinstance(constraint, sa.ForeignKeyConstraint):
        (key,) = constraint.elements
        return (
            f"{_names(constraint.columns)} is the {key.column.name} of {key.column.table.name}; {_end(key)}"
        )
    if isinstance(constraint, sa.CheckConstraint):
        return f"check `{constraint.sqltext.compile(compile_kwargs={'literal_binds': True})}`"
    kind = "primary key" if isinstance(constraint, sa.PrimaryKeyConstraint) else "unique"
    # All other kinds are of columns
    return f"{kind} {_names(constraint.columns)}"  # type: ignore[attr-defined]


def _end(key: sa.ForeignKey) -> str:
    ends = {
        "CASCADE": "goes with it",
        "SET NULL": "becomes null with it",
        "RESTRICT": "keeps it from being deleted",
    }
    return ends[key.ondelete or ""]


def _names(found: Any) -> str:
    return ", ".join(f"`{column.name}`" for column in found)
