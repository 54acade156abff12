"""Bare rows: objects of their class with all column values, but without the ORM's state.

The driver reads rows like this, and `model_validate` builds new ones like this. They cost a tenth of the
ORM's instances, and most rows are only read, or only inserted. A row becomes an instance when its state is
first used: by a change, an unloaded relationship, `inspect`, or `session.refresh`. It then belongs to the
session that has read it, or that it was added to.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import ref

from pydantic import BaseModel
from sqlalchemy import inspect
from sqlalchemy.orm import Session as SyncSession
from sqlalchemy.orm.attributes import manager_of_class, set_attribute, set_committed_value

if TYPE_CHECKING:
    from api.db.session import Session

LEANS_ON = (
    "pydantic:BaseModel.__pydantic_fields_set__",
    "pydantic:BaseModel.__pydantic_extra__",
    "pydantic:BaseModel.__pydantic_private__",
    "sqlalchemy.orm.attributes:manager_of_class",
    "sqlalchemy.orm.instrumentation:ClassManager.setup_instance",
    "sqlalchemy.orm:InstanceState.session_id",
    "sqlalchemy.orm:InstanceState.committed_state",
    "sqlalchemy.orm:Session.hash_key",
    "sqlalchemy.orm.identity:IdentityMap.add",
)

STATE = "_sa_instance_state"
_set_dict, _set_fields, _set_extra, _set_private = (
    vars(BaseModel)[name].__set__
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


class Origin(set[str]):
    """Where a row comes from: it is the row's `__pydantic_fields_set__`, and empty unless the row is new."""

    is_new = False  # whether it is not in the database yet
    before: dict[str, Any] | None = None  # the row's values before it was changed
    session: "Callable[[], Session | None]" = staticmethod(lambda: None)  # None if the rows are detached
    rows: dict[Any, Any]  # by class and id, while a result is read: the same row is the same object
    many: Mapping[str, list[Any]] = {}  # the lists of rows that were loaded with the row, by relationship

    def __reduce__(self) -> tuple[Any, ...]:
        return set, (list(self),)  # a copy belongs to no session


def origin_of(session: "Session") -> Origin:
    return _belonging(Origin(), session)


def _belonging(origin: Origin, session: "Session") -> Origin:
    alive, ended = ref(session), session.ended

    def still() -> "Session | None":
        session = alive()
        return session if session is not None and session.ended == ended else None

    origin.session = still
    return origin


class _State:
    """A descriptor for the attribute with SQLAlchemy's state. It makes a row an instance on first use."""

    def __get__(self, row: Any, owner: Any) -> Any:
        if row is None:
            return self
        origin = getattr(row, "__pydantic_fields_set__", None)
        if not isinstance(origin, Origin):
            raise AttributeError(STATE)
        become_instance(row, origin.session())
        return vars(row)[STATE]


def is_bare(row: Any) -> bool:
    """Whether the row has no ORM state."""
    return type(getattr(row, "__pydantic_fields_set__", None)) is Origin


def prepare_class(model: type) -> None:
    if STATE not in vars(model):
        type.__setattr__(model, STATE, _State())


def bare(model: type, fields: dict[str, Any], origin: set[str]) -> Any:
    """An object with these fields. It validates nothing and tracks no changes."""
    made: Any = object.__new__(model)
    _set_dict(made, fields)
    _set_fields(made, origin)
    _set_extra(made, None)
    _set_private(made, None)
    return made


def mark(row: Any, origin: Origin) -> None:
    _set_fields(row, origin)


def is_new(row: Any) -> bool:
    """Whether the row is bare, not in the database, and in no session."""
    origin: Any = row.__pydantic_fields_set__ if is_bare(row) else None
    return origin is not None and origin.is_new and origin.session() is None


def give_many(row: Any, many: Mapping[str, list[Any]]) -> None:
    """Let a row have these lists of rows. The ORM gets them when the row becomes an instance."""
    was = row.__pydantic_fields_set__
    own = Origin(was)
    own.session, own.many = was.session, many
    _set_fields(row, own)


def take_in(row: Any, session: "Session") -> None:
    """Let a new row belong to a session."""
    _belonging(row.__pydantic_fields_set__, session)


def change(row: Any, values: Mapping[str, Any], session: "Session") -> None:
    """Change a row of the session, and remember what it was."""
    origin = row.__pydantic_fields_set__
    changed = _belonging(Origin(origin | values.keys()), session)
    changed.before = vars(row).copy() if origin.before is None else origin.before
    vars(row).update(values)
    _set_fields(row, changed)


def become_instance(row: Any, session: "Session | None") -> None:
    """Make the row an instance of the ORM: in its session, or detached if that session has ended."""
    orm = None if session is None else session.sync_session
    if not is_bare(row):
        return  # the creation of the ORM session has made it an instance already
    origin, values = row.__pydantic_fields_set__, vars(row).copy()
    _set_fields(row, set(origin))
    vars(row).update(origin.before or {})
    manager: Any = manager_of_class(type(row))
    manager.setup_instance(row)
    if origin.is_new:
        state = vars(row)[STATE]
        state.committed_state.update(values)
        state.modified = True
        if orm is not None:
            orm.add(row)
    else:
        _attach(row, orm, origin.many)
    for name in origin.before or {}:
        if values[name] is not vars(row)[name]:
            set_attribute(row, name, values[name])


def _attach(row: Any, session: SyncSession | None, many: Mapping[str, list[Any]]) -> None:
    """Make a stored row persistent in the session, or detached without one."""
    state, key = vars(row)[STATE], _key(row)
    state.key = key
    for name, others in many.items():
        hand_over(others)
        known: Any = {} if session is None else session.identity_map
        set_committed_value(row, name, [known.get(_key(other), other) for other in others])
    if session is None:
        return
    relationships = [one for one in inspect(type(row)).relationships if one.key not in many]
    for relationship in relationships:
        other = vars(row).get(relationship.key)
        if other is not None:
            vars(row)[relationship.key] = session.identity_map.get(_key(other), other)
    if key in session.identity_map:
        return
    if relationships or many:
        session.add(row)  # and what is nested in it
    else:
        state.session_id = session.hash_key
        session.identity_map.add(state)


def _key(row: Any) -> Any:
    return inspect(type(row)).identity_key_from_primary_key((row.id,))


def hand_over(rows: Iterable[Any]) -> None:
    """Make these rows instances of the ORM, before it reads or writes."""
    for row in rows:
        if is_bare(row):
            vars(type(row))[STATE].__get__(row, type(row))
