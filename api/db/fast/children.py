"""The lists of rows that rows have: each is read by one statement for all rows of a result.

A list qualifies if it is loaded by `lazy="selectin"`, and if its rows refer to the id of the row that has it,
by a column of their own or by an association table.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, RelationshipDirection
from sqlmodel import select

from api.db.fast.types import Unfit

LEANS_ON = (
    "sqlalchemy.orm:RelationshipProperty.primaryjoin",
    "sqlalchemy.orm:RelationshipProperty.secondaryjoin",
    "sqlalchemy.orm:RelationshipProperty.order_by",
)

OWNERS = "owners"  # the parameter: the ids of the rows that have the lists
MOST = 500  # ids in one statement, as many as SQLAlchemy has in one


def lists_of(mapper: Mapper[Any]) -> Iterator[tuple[str, Any, Any]]:
    """The lists that are loaded with the rows: their names, their statements, and the id of the owner."""
    for relationship in mapper.relationships:
        if relationship.uselist and relationship.lazy == "selectin":
            statement, owner = _statement(relationship)
            yield relationship.key, statement, owner


def _statement(relationship: Any) -> tuple[Any, Any]:
    name = f"{relationship.parent.class_.__name__}.{relationship.key}"
    if relationship.collection_class not in (None, list) or relationship.join_depth is not None:
        raise Unfit(f"{name} is not a plain list")
    statement, owner = _linked(relationship) if relationship.secondary is not None else _owned(relationship)
    if owner is None:
        raise Unfit(f"{name} has a condition of its own")
    statement = statement.where(owner.in_(sa.bindparam(OWNERS, expanding=True, type_=owner.type)))
    return statement.order_by(*(relationship.order_by or ())), owner


def _owned(relationship: Any) -> tuple[Any, Any]:
    """Rows with a column that refers to their owner."""
    model, [(id, owner), *more] = relationship.mapper.class_, relationship.local_remote_pairs
    is_plain = relationship.direction is RelationshipDirection.ONETOMANY and not more
    is_ours = owner.table is model.__table__ and id is relationship.parent.local_table.c.get("id")
    if not is_plain or not is_ours or not relationship.primaryjoin.compare(id == owner):
        return None, None
    return select(model), owner


def _linked(relationship: Any) -> tuple[Any, Any]:
    """Rows that an association table joins to their owners."""
    model, links = relationship.mapper.class_, relationship.secondary
    near, far = relationship.synchronize_pairs, relationship.secondary_synchronize_pairs
    if len(near) != 1 or len(far) != 1 or not isinstance(links, sa.Table):
        return None, None
    (id, owner), (other, linked) = near[0], far[0]
    is_ours = id is relationship.parent.local_table.c.get("id") and other is model.__table__.c.get("id")
    are_plain = relationship.primaryjoin.compare(id == owner) and relationship.secondaryjoin.compare(
        other == linked
    )
    if not is_ours or not are_plain:
        return None, None
    return select(model).join(links, other == linked), owner


def in_parts(ids: list[Any]) -> Iterator[list[Any]]:
    """The ids in parts. The length of each is a power of two, so that there are few different statements."""
    for start in range(0, len(ids), MOST):
        part = ids[start : start + MOST]
        length = 1 << (len(part) - 1).bit_length()
        yield part + part[-1:] * (length - len(part))
