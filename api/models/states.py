"""States: an enum column with the transitions that it allows, and who may take each.

status: InvoiceStatus = StateField(
    InvoiceStatus,
    InvoiceStatus.draft,
    transitions={
        InvoiceStatus.draft: [InvoiceStatus.sent],
        InvoiceStatus.sent: [InvoiceStatus.draft, to(InvoiceStatus.paid, may=InvoicePermission.pay)],
    },
)

A new row begins in the default, or in one of `initial`. Every change of a stored row is checked, by a body or
by an assignment. A statement such as `update(Invoice)` is not: it has to name the state that it changes.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Mapper
from sqlmodel import SQLModel

from api.models.types import EnumField
from api.open_enums import OpenEnum
from api.problems import Code, ProblemCode, ProblemError

APPROVED = "approved transitions"  # in the info of a row's state
STATE = {"type": "string"}
MEMBERS = {
    "from": STATE | {"description": "The state now."},
    "to": STATE | {"description": "The state that was asked for."},
    "possible": {"type": "array", "items": STATE, "description": "The states that are possible now."},
}


class StateCode(ProblemCode):
    invalid_transition = "invalid_transition", 409, "This change of state is not possible now.", MEMBERS


class Transition(NamedTuple):
    """A state that can follow, and what the caller needs: a permission, or a function of caller and row."""

    state: Any
    may: Any = None


def to(state: StrEnum, *, may: OpenEnum | Callable[[Any, Any], bool]) -> Transition:
    """A transition for callers with this permission, or for whom the function `(caller, row)` is true."""
    return Transition(state, may)


class States(NamedTuple):
    """The states that a row can begin in, and those that can follow each state."""

    enum: type[StrEnum]
    initial: tuple[Any, ...]
    transitions: Mapping[Any, tuple[Transition, ...]]

    @property
    def needs_caller(self) -> bool:
        return any(one.may is not None for some in self.transitions.values() for one in some)

    def find(self, old: Any, new: Any, is_allowed: Callable[[Transition], bool]) -> Transition:
        """The transition, else a 409 that names those that are possible and allowed."""
        for one in self.transitions.get(old, ()):
            if one.state == new:
                return one
        raise self.refusal(old, new, is_allowed)

    def refusal(self, old: Any, new: Any, is_allowed: Callable[[Transition], bool]) -> ProblemError:
        following = self.transitions.get(old, ())
        possible = [one.state.value for one in following if is_allowed(one)]
        said = f"This is {old}. It can become {' or '.join(possible)}, " if possible else f"This is {old}, "
        said += f"and not {new}." if possible else f"and cannot become {new}."
        members = {"from": str(old), "to": str(new), "possible": possible}
        return ProblemError(StateCode.invalid_transition, said, members=members)


def StateField(
    enum: type[StrEnum],
    default: StrEnum,
    *,
    transitions: Mapping[Any, Iterable[Any]],
    initial: Iterable[StrEnum] = (),
    **kwargs: Any,
) -> Any:
    """An EnumField whose values follow each other only as the transitions say."""
    listed = {
        old: tuple(one if isinstance(one, Transition) else Transition(one) for one in some)
        for old, some in transitions.items()
    }
    first = tuple(dict.fromkeys((default, *initial)))
    known = {*listed, *first, *(one.state for some in listed.values() for one in some)}
    for one in known:
        if not isinstance(one, enum):
            raise TypeError(f"{one!r} is no state: the transitions of {enum.__name__} name only its members.")
    for old, some in listed.items():
        if old in {one.state for one in some}:
            raise TypeError(f"{old!r} follows itself. To stay in a state is always allowed.")
    shown = {one.value: [after.state.value for after in listed.get(one, ())] for one in enum}
    said = "; ".join(f"{old} to {', '.join(new)}" for old, new in shown.items() if new)
    given = f"{kwargs.pop('description', '')} Changes from {said}.".strip()
    extra = {"json_schema_extra": {"x-transitions": shown}}
    field = EnumField(enum, default, description=given, schema_extra=extra, **kwargs)
    field.metadata.append(States(enum, first, listed))
    return field


@lru_cache(maxsize=1024)
def states_of(model: Any) -> dict[str, States]:
    """The fields with states of a model, by name."""
    fields = model.model_fields.items()
    return {name: one for name, field in fields for one in field.metadata if isinstance(one, States)}


class Beginning(SQLModel):
    """A body without unknown fields. If it makes a row, a state is one that rows can begin in."""

    model_config = {"extra": "forbid"}

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for field in cls.model_fields.values():
            for one in field.metadata:
                if isinstance(one, States):
                    field.annotation = Literal[one.initial]  # type: ignore[assignment]
                    field.json_schema_extra = None
                    field.metadata = [other for other in field.metadata if other is not one]
                    cls.model_rebuild(force=True)


def check_transitions(row: Any, changes: Mapping[str, Any], by: Any) -> None:
    """Check changes of a row, before any is made. `by` is the caller, or a function `(may, row)`."""
    model: Any = type(row)
    for name, states in states_of(model).items():
        if states.needs_caller and by is None:
            raise TypeError(f"{model.__name__}.{name} changes only by a caller: `apply(row, by=user)`.")
        if name in changes and inspect(row).key is not None and changes[name] != getattr(row, name):
            found = states.find(getattr(row, name), changes[name], lambda one: is_allowed(one, row, by))
            if not is_allowed(found, row, by):
                raise ProblemError(Code.forbidden)
            inspect(row).info.setdefault(APPROVED, {})[name] = changes[name]


def transition(row: Any, name: str, state: StrEnum, *, by: Any = None) -> None:
    """Change the state of a row: `transition(invoice, "status", InvoiceStatus.paid, by=user)`."""
    check_transitions(row, {name: state}, by)
    setattr(row, name, state)


def is_allowed(one: Transition, row: Any, by: Any) -> bool:
    if one.may is None or by is None:
        return one.may is None
    if callable(one.may):
        return bool(one.may(by, row))
    return bool(by(one.may, row)) if callable(by) else one.may in by.role.permissions


@event.listens_for(Mapper, "mapper_configured")
def _watch(mapper: Mapper[Any], model: type[Any]) -> None:
    """Check the changes of models that have states. The fast path leaves their changes to the ORM."""
    if not issubclass(model, SQLModel) or not (found := states_of(model)):
        return
    for name, states in found.items():
        event.listen(getattr(model, name), "set", _setter(name, states), retval=True)
    event.listen(mapper, "before_update", _check_stored)


def _setter(name: str, states: States) -> Callable[..., Any]:
    def check(row: Any, value: Any, old: Any, _: Any) -> Any:
        new = None if value is None else states.enum(value)
        if inspect(row).key is not None and isinstance(old, states.enum) and old != new:
            _check(row, name, states, old, new)
        return new

    return check


def _check(row: Any, name: str, states: States, old: Any, new: Any) -> None:
    found = states.find(old, new, lambda _: True)
    if found.may is not None and inspect(row).info.get(APPROVED, {}).get(name) != new:
        said = f"{type(row).__name__}.{name} becomes {new} only by a caller"
        raise TypeError(f'{said}: `transition(row, "{name}", {type(new).__name__}.{new.name}, by=user)`.')


def _check_stored(mapper: Mapper[Any], connection: Any, row: Any) -> None:
    """Compare with what is stored, and lock it: the row may have been read without a lock."""
    model: Any = mapper.class_
    for name, states in states_of(model).items():
        history = inspect(row).attrs[name].history
        if history.has_changes():
            column, id = mapper.columns[name], mapper.columns["id"]
            stored = select(column).where(id == row.id).with_for_update(key_share=True)
            now, new = connection.execute(stored).scalar(), getattr(row, name)
            if history.deleted and now not in history.deleted:  # another request has changed it meanwhile
                raise states.refusal(now, new, lambda _: True)
            if not history.deleted and now is not None and now != new:
                _check(row, name, states, now, new)
