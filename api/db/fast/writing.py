"""Builds and changes rows as the driver reads them: without the ORM's state until something needs it.

A model qualifies if SQLModel would only store the values: it has plain columns and no relationships, and
neither a listener nor a method of its own takes part.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import inspect
from sqlalchemy.orm.attributes import manager_of_class
from sqlmodel import SQLModel

from api.db.fast import rows
from api.db.fast.entities import names_of
from api.db.fast.rows import Origin, is_bare, mark
from api.db.fast.types import Unfit
from api.models.versions import Versioned

LEANS_ON = (
    "pydantic:BaseModel.__pydantic_validator__",
    "pydantic:BaseModel.__pydantic_decorators__",
    "sqlalchemy.orm.attributes:manager_of_class",
    "sqlalchemy.orm.instrumentation:ClassManager.original_init",
    "sqlalchemy.orm.instrumentation:ClassManager.dispatch",
)

ONLY_THE_MAPPER = 1  # the listeners for `init` of a model to which nobody else listens


class Builder(NamedTuple):
    """What builds the rows of a model, and where others could listen to it."""

    validate: Callable[..., Any]
    dispatch: Any
    attributes: list[Any]

    @property
    def is_watched(self) -> bool:
        return len(self.dispatch.init) > ONLY_THE_MAPPER or any(one.set for one in self.attributes)


def build(model: Any, values: Mapping[str, Any]) -> Any | None:
    """A valid new row, or None if SQLModel has to build it."""
    builder = _builder_of(model)
    if builder is None or builder.is_watched:
        return None
    row = object.__new__(model)
    builder.validate(values, self_instance=row)
    origin = Origin(row.__pydantic_fields_set__)
    origin.is_new = True
    mark(row, origin)
    return row


def change(row: Any, values: Mapping[str, Any]) -> bool:
    """Change a row that is held (see `Session.hold`). False if SQLModel has to do it."""
    if not is_bare(row):
        return False
    model: Any = type(row)
    builder, session = _builder_of(model), row.__pydantic_fields_set__.session()
    if builder is None or builder.is_watched or session is None or session.is_made:
        return False
    is_held = session.held is not None and session.held.row is row
    if not is_held or (session.pending is not None and session.pending is not row):
        return False
    rows.change(row, values, session)
    session.pending = row
    return True


@lru_cache
def _builder_of(model: Any) -> Builder | None:
    if not hasattr(model, "__table__") or not _is_plain(model):
        return None
    mapper, manager = inspect(model), manager_of_class(model)
    try:
        names = names_of(mapper)
    except Unfit:
        return None
    attributes = [manager[name].impl.dispatch for name in names]
    if mapper.relationships or manager.original_init is not SQLModel.__init__:
        return None
    if not model.model_fields.keys() <= set(names):
        return None
    validate = model.__pydantic_validator__.validate_python
    return Builder(validate, manager.dispatch, attributes)


def _is_plain(model: Any) -> bool:
    """Whether its rows are made and set as SQLModel does it, and nothing runs afterwards."""
    options = {name for name in ("frozen", "validate_assignment") if model.model_config.get(name)}
    has_own = (
        model.__new__ is not SQLModel.__new__
        or model.__setattr__ is not Versioned.__setattr__
        or model.model_post_init is not BaseModel.model_post_init
        or model.__pydantic_decorators__.model_validators
    )
    return not has_own and not options and model.model_config.get("extra") != "allow"
