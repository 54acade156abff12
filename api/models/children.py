"""Rows that belong to another row, its children: how they are loaded, ordered, linked, and made with it.

class Line(LinePublic, table=True): ...
class Invoice(InvoiceRow, table=True):
    lines: list[Line] = Relationship(sa_relationship_kwargs=to_many("Line.position"))
    tags: list[Tag] = Relationship(link_model=InvoiceTag, sa_relationship_kwargs=to_many("Tag.name"))
"""

import re
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel


def to_many(order_by: str, lazy: str = "selectin") -> dict[str, Any]:
    """The options of a relationship to several rows: one more query loads those of all rows of a page.

    With `lazy="raise"`, they are loaded only if a client expands them. The database deletes children with
    their parent, because their foreign key has `ondelete="CASCADE"`.
    """
    return {"lazy": lazy, "order_by": order_by, "passive_deletes": "all"}


class Positioned(SQLModel):
    """A child that has a place among the children of its parent. See `append`, `remove` and `reorder`."""

    position: int = Field(default=0, description="The place among all rows of the same parent: 0 is first.")


class Link(SQLModel):
    """The base of an association table, whose primary key is two references. See `link` and `unlink`."""

    @declared_attr.directive
    def __tablename__(cls) -> str:  # InvoiceTag -> invoice_tags
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower() + "s"


def reference(child: type[Any], parent: type[Any]) -> str:
    """The column of the child that refers to its parent."""
    keys = [key for key in child.__table__.foreign_keys if key.column.table is parent.__table__]
    if len(keys) != 1:
        raise TypeError(
            f"{child.__name__} needs exactly one reference to {parent.__name__}, and has {len(keys)}."
        )
    return str(keys[0].parent.key)


def with_children(
    model: type[Any], validate: Callable[..., Any], body: Any, update: dict[str, Any] | None
) -> Any:
    """A new row, with a child for each body in a list that has the name of a relationship.

    A child has the id of the row, its place in the list, and the owner of the row.
    """
    relationships = inspect(model).relationships
    lists = {name: value for name, value in vars(body).items() if name in relationships}
    if not lists:
        return validate(body, update=update)
    rest = {name: value for name, value in vars(body).items() if name not in lists}
    row = validate(SimpleNamespace(**rest), update=update)  # a dict has attributes, such as `items`
    for name, bodies in lists.items():
        setattr(row, name, list(_children(relationships[name], row, bodies)))
    return row


def _children(relationship: Any, row: Any, bodies: Iterable[Any]) -> Iterator[Any]:
    model = relationship.mapper.class_
    if relationship.secondary is not None or not relationship.uselist:
        raise TypeError(f"{relationship} is no list of children, so a body cannot make its rows.")
    given = {reference(model, type(row)): row.id, **dict(_inherited(model, row))}
    for at, body in enumerate(bodies):
        yield model.model_validate(body, update=given | _place(model, at))


def _place(model: type[Any], at: int) -> dict[str, Any]:
    return {"position": at} if issubclass(model, Positioned) else {}


def _inherited(model: type[Any], row: Any) -> Iterator[tuple[str, Any]]:
    """The required references that parent and child both have, such as the owner."""
    for name in {key.parent.key for key in model.__table__.foreign_keys}:
        if name in type(row).model_fields and model.model_fields[name].is_required():
            yield name, getattr(row, name)
