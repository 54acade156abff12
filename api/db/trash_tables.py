"""The tables of the trash, derived from the models.

A row in the trash is not in its table, so no list, count, reference or rule has to know of the trash. It is
in a second table with the same columns. So is what the database deletes with it: the rows that refer to it
`ON DELETE CASCADE`. Such a second table has two kinds of columns more:

    deleted_with          the id of the row whose deletion brought this one here, its own or that of a parent
    customer_id_in_trash  the same as customer_id, if that row is here for the same deletion; the database
                          purges this row with that one

References to rows that have no trash stay references, so the trash of an account is deleted with it.

A deletion sets other references to null. A third table, such as `invoices_customer_id_in_trash`, has the rows
that referred to one in the trash, so that they do so again when it is restored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import SQLModel

from api.models.base import Entity, tables
from api.models.trashable import Trashable
from api.models.user import User

WITH, MARK = "deleted_with", "_in_trash"


class Child(NamedTuple):
    """Rows of a table that are deleted with those that their column refers to."""

    table: sa.Table
    column: str


class Reference(NamedTuple):
    """A column that is set to null when its row is deleted, and the table in which this is remembered."""

    column: sa.Column[Any]
    kept: sa.Table


@dataclass(frozen=True, eq=False)
class Trash:
    """A table, and the table of its rows in the trash."""

    table: sa.Table
    trash: sa.Table
    is_root: bool  # whether its rows are moved to the trash when they are deleted by themselves
    columns: tuple[str, ...]  # that are copied
    weak: tuple[tuple[str, sa.Column[Any]], ...]  # columns that may be null, with what they refer to
    children: list[Child] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)


TRASH: dict[sa.Table, Trash] = {}


def make_trash(models: Iterable[Any]) -> None:
    """Add the tables of the trash to the metadata of these models."""
    roots: list[sa.Table] = [_checked(model) for model in models if issubclass(model, Trashable)]
    found = {table: list(_cascading(table)) for table in roots}
    todo = list(roots)
    while todo:
        for child in found[todo.pop()]:
            if child.table not in found:
                found[child.table] = list(_cascading(child.table))
                todo.append(child.table)
    for table in found:
        _copy(table, found.keys(), is_root=table in roots)
    for table, children in found.items():
        TRASH[table].children.extend(children)
        TRASH[table].references.extend(_referring(table))


def _checked(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    name = model.__name__
    if model is User or not issubclass(model, Entity):
        raise TypeError(f"{name} cannot be Trashable: only an entity, and no account, is moved to the trash.")
    if [column.name for column in table.primary_key] != ["id"] or model.__mapper__.inherits:
        raise TypeError(f"{name} cannot be Trashable: its primary key is not `id` alone.")
    if "deleted_at" not in table.columns:
        raise TypeError(f"{name} cannot be Trashable: it takes the column `deleted_at` away.")
    return table


def _cascading(table: sa.Table) -> Iterable[Child]:
    """What the database deletes with a row of this table."""
    for other in table.metadata.sorted_tables:
        for key in other.foreign_keys:
            if "trash" in other.info or key.column.table is not table or key.ondelete != "CASCADE":
                continue
            if len(table.primary_key) > 1 or not key.column.primary_key:
                raise TypeError(
                    f"{other.name}.{key.parent.name} is deleted with a row of {table.name}, which is moved "
                    "to the trash, so it has to refer to the primary key, which has to be one column."
                )
            yield Child(other, key.parent.name)


def _referring(table: sa.Table) -> Iterable[Reference]:
    for other in table.metadata.sorted_tables:
        for key in other.foreign_keys:
            column, is_of_it = key.parent, key.column.table is table and key.column.primary_key
            if "trash" in other.info or not is_of_it or key.ondelete != "SET NULL":
                continue
            if len(other.primary_key) == len(table.primary_key) == 1:
                yield Reference(column, _remembering(column, key.column))


def _remembering(column: sa.Column[Any], target: sa.Column[Any]) -> sa.Table:
    [own] = column.table.primary_key.columns
    name = f"{column.table.name}_{column.name}{MARK}"
    to = {"row_id": own, "target_id": TRASH[target.table].trash.c[target.name]}
    columns = [
        sa.Column(part, one.type, sa.ForeignKey(one, ondelete="CASCADE"), primary_key=True)
        for part, one in to.items()
    ]
    return sa.Table(name, own.table.metadata, *columns, sa.Index(None, "target_id"), info={"trash": name})


def _copy(table: sa.Table, all_of: Iterable[sa.Table], *, is_root: bool) -> None:
    columns: list[sa.Column[Any]] = []
    weak, references, marks = [], [], []
    for column in table.columns:
        copied: sa.Column[Any] = _column(column)
        columns.append(copied)
        for key in column.foreign_keys:
            target = key.column
            if target.table not in all_of:
                # What only the trash refers to can be deleted, and takes the row with it
                rule = "SET NULL" if key.ondelete == "SET NULL" else "CASCADE"
                copied.append_foreign_key(sa.ForeignKey(f"{target.table.name}.{target.name}", ondelete=rule))
                references.append(column.name)
            elif key.ondelete == "CASCADE":
                to = sa.ForeignKey(f"{_name(target.table)}.{target.name}", ondelete="CASCADE")
                marks.append(sa.Column(column.name + MARK, column.type, to, index=True))
            elif key.ondelete == "SET NULL":
                weak.append((column.name, target))
    taken = [one.name for one in marks] + [WITH]
    if wrong := [name for name in taken if name in table.columns]:
        raise TypeError(f"{table.name} can be moved to the trash, which needs its own column {wrong[0]!r}.")
    moved = sa.Column(WITH, sa.Uuid(), nullable=False, index=True)
    last = ("deleted_at", "id") if is_root else ()
    groups = [(name, *last) for name in references] + ([last] if is_root else [])
    indexes = [sa.Index(None, *group) for group in groups]
    trash = sa.Table(
        _name(table), table.metadata, *columns, *marks, moved, *indexes, info={"trash": table.name}
    )
    names = tuple(column.name for column in table.columns)
    TRASH[table] = Trash(table, trash, is_root, names, tuple(weak))


def _name(table: sa.Table) -> str:
    return f"{table.name}_trash"


def _column(column: sa.Column[Any]) -> sa.Column[Any]:
    default: Any = getattr(column.server_default, "arg", None)
    of: Any = column.type
    if isinstance(of, sa.Enum):  # it adds its constraint to the one table that it is of
        of = of.copy()  # type: ignore[no-untyped-call]  # SQLAlchemy declares no types for it
    options: dict[str, Any] = {"primary_key": column.primary_key, "nullable": column.nullable}
    return sa.Column(column.name, of, server_default=default, autoincrement=False, **options)


def trash_of(model: Any) -> Trash:
    """The trash of a model; a TypeError if its rows are not moved there."""
    found = TRASH.get(model.__table__)
    if found is None or not found.is_root:
        raise TypeError(
            f"Rows of {model.__name__} are not moved to the trash: write Trashable before Entity."
        )
    return found


def trashes() -> list[sa.Table]:
    """The app's tables of those rows in the trash that were deleted by themselves."""
    mine = SQLModel.metadata
    return [one.trash for one in TRASH.values() if one.is_root and one.table.metadata is mine]


def is_trashable(model: Any) -> bool:
    return issubclass(model, Trashable)


make_trash(tables())
