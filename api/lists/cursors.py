"""The cursors of pages: the last row's sort key and id, in base64."""

import base64
import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import Field, TypeAdapter
from pydantic_core import to_json

from api.lists.filters import Filters, sorted_by
from api.models.base import Entity
from api.models.types import UtcDatetime, Verbatim
from api.problems import invalid

Number = Annotated[int | float | Decimal, Field(gt=-(2**63), lt=2**63)]
# Types that both databases compare
KEY: TypeAdapter[Any] = TypeAdapter(Verbatim | UtcDatetime | date | UUID | bool | Number | None)
NUMBER_OF_ROWS: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(strict=True, ge=0, lt=2**31)])


class Place(NamedTuple):
    """The start of a page: after the row with this sort key and id."""

    key: Any
    id: UUID


def place_after(query: Filters[Any], row: Entity, start: Place | None, rows: int) -> Place:
    """The place after a row. In the order of ranks, it is the number of rows until there."""
    if query.is_ranked(query.sort):
        return Place((start.key if start else 0) + rows, row.id)
    return Place(getattr(row, sorted_by(type(row), query.sort)), row.id)


def cursor_of(place: Place, query: Filters[Any]) -> str:
    text = to_json([query.model.__name__, query.sort, query.order, *place])
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def place_of(query: Any) -> Place:
    try:
        model, sort, order, key, id = json.loads(base64.urlsafe_b64decode(f"{query.cursor}==="))
        if (model, sort, order) != (query.model.__name__, query.sort, query.order):
            raise ValueError
        if query.is_ranked(sort):
            return Place(NUMBER_OF_ROWS.validate_python(key), UUID(id))
        field = TypeAdapter(query.model.model_fields[sorted_by(query.model, sort)].rebuild_annotation())
        return Place(KEY.validate_python(field.validate_json(json.dumps(key)), strict=True), UUID(id))
    except (ValueError, TypeError, AttributeError, RecursionError):  # pydantic and binascii raise ValueErrors
        raise invalid(
            ["query", "cursor"], "This cursor is invalid for this list and order.", "cursor"
        ) from None
