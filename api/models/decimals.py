"""Decimals of a row have the scale of their column from the start, not only after they were stored."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from api.models.versions import Versioned


@lru_cache
def _places(model: Any, name: str) -> Decimal | None:
    column = getattr(model, "__table__", sa.table("")).columns.get(name)
    scale = getattr(getattr(column, "type", None), "scale", None)
    return None if scale is None else Decimal(1).scaleb(-scale)


def set_with_scale(self: SQLModel, name: str, value: Any) -> None:
    """Round a decimal to the scale of its column, so that storing it does not change the value."""
    places = _places(type(self), name) if isinstance(value, Decimal) and value.is_finite() else None
    if places is not None:
        value = value.quantize(places, ROUND_HALF_UP)
    Versioned.__setattr__(self, name, value)
