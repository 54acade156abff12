"""What a filter means, told by its name and its type.

status, status_not           equals, or does not; a list: any of these values, or none of them
id_in                        any of these values
deadline_is_null             has no value, or has one
deadline_before, price_min   by comparison: _before _after _min _max
customer_city_not            the same through a relationship, to one row or to many
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

from pydantic.fields import FieldInfo
from sqlalchemy import ColumnElement, bindparam, or_
from sqlalchemy.orm import QueryableAttribute, Relationship

from api.models.team import is_of_team, member_of

Condition = ColumnElement[bool]
READER = "reader"  # the parameter: the caller, to whose teams relationships may lead

MOST_VALUES = 100  # of a list
STEPS = (1, 4, 16, MOST_VALUES)  # how many values a statement takes, so that there are few statements
SUFFIXES: dict[str, tuple[Callable[[Any, Any], Condition], str]] = {
    "_before": (operator.lt, "Only rows before this time."),
    "_after": (operator.gt, "Only rows after this time."),
    "_min": (operator.ge, "Only rows with at least this value."),
    "_max": (operator.le, "Only rows with at most this value."),
}
IN, NOT, IS_NULL = "_in", "_not", "_is_null"
OTHER_LISTS = {set, frozenset, tuple, dict, Sequence, Iterable}
ALL_SUFFIXES = (*SUFFIXES, IN, NOT, IS_NULL)


@dataclass(frozen=True)
class Meaning:
    """The column that a filter compares, how, and the relationships on the way to it."""

    path: tuple[Any, ...]
    column: Any
    suffix: str
    takes_list: bool

    @property
    def words(self) -> str:
        """The description of the filter."""
        place = ".".join(one.key for one in (*self.path, self.column))
        if self.suffix == IS_NULL:
            return f"`true` finds only rows without a value of `{place}`, `false` only rows with one."
        if self.suffix in SUFFIXES:
            said = SUFFIXES[self.suffix][1]
            return said.removesuffix(".") + f", by `{place}`." if self.path else said
        several = " Give it several times for several values." if self.takes_list else ""
        if self.suffix == NOT:
            those = "have none of these values" if self.takes_list else "do not have this value"
            return f"Only rows that {those} as `{place}`, or have no value.{several}"
        one = "one of these values" if self.takes_list else "this value"
        return f"Only rows with {one} as `{place}`.{several}" if self.path or several else ""


def meaning(query: type[Any], name: str, field: FieldInfo) -> Meaning:
    """The meaning of a filter. A TypeError says what is wrong with its name or its type."""
    kinds = kinds_of(field.annotation)
    takes_list, where = kinds == {list}, f"{query.__name__}.{name}"
    if found := _find(query.model, name, where):
        path, column, suffix = found
        if suffix == IS_NULL and kinds != {bool}:
            raise TypeError(f"{where} is a question: write bool | None.")
        if (suffix == IN and not takes_list) or (kinds - {list}) & OTHER_LISTS:
            raise TypeError(f"{where} takes several values: write list[…] | None.")
        if takes_list and suffix in SUFFIXES:
            raise TypeError(f"{where} compares with one value, and cannot take a list.")
        return Meaning(path, column, suffix, takes_list)
    known = ", ".join([*_columns(query.model), *(f"{key}_…" for key in relationships(query.model))])
    raise TypeError(
        f"{where} fits no column of {query.model.__name__}, and there is no By(…). "
        f"Known are {known}; each also with {', '.join(ALL_SUFFIXES)}."
    )


def kinds_of(annotation: Any) -> set[Any]:
    """The types of a filter's values, without None: `list` for several values."""
    if get_origin(annotation) is Annotated:
        return kinds_of(get_args(annotation)[0])
    members = get_args(annotation)
    if type(None) in members:
        return {kind for one in members if one is not type(None) for kind in kinds_of(one)}
    return {get_origin(annotation) or annotation}


def _find(model: type[Any], name: str, where: str) -> tuple[tuple[Any, ...], Any, str] | None:
    """The path, the column and the suffix that a name means; a column of the model itself comes first."""
    own = list(_of_own(model, name))
    if len(own) > 1:
        (first, _), (second, suffix) = own
        raise TypeError(
            f"{where} could be the column {first.key}, or {second.key} with {suffix}: "
            "give it another name, and a By(…)."
        )
    if own:
        return (), *own[0]
    for key, prefix in _prefixes(model):
        if name.startswith(prefix):
            there = _find(target_of(model, key), name.removeprefix(prefix), where)
            if there is not None:
                path, column, suffix = there
                return (getattr(model, key), *path), column, suffix
    return None


def _of_own(model: type[Any], name: str) -> Iterator[tuple[Any, str]]:
    if is_column(model, name):
        yield getattr(model, name), ""
    for suffix in ALL_SUFFIXES:
        stem = name.removesuffix(suffix)
        at = f"{stem}_at" if suffix in SUFFIXES else stem  # `published_after` means published_at
        if stem != name and (key := next((one for one in (stem, at) if is_column(model, one)), None)):
            yield getattr(model, key), suffix


def _prefixes(model: type[Any]) -> list[tuple[str, str]]:
    """The relationships, each with the beginnings of its filters: `tags_` and `tag_`, longer ones first."""
    found = []
    for key in relationships(model):
        found.append((key, f"{key}_"))
        if getattr(model, key).comparator.prop.uselist is not False:
            found += [(key, f"{one}_") for one in _singulars(key)]
    return sorted(found, key=lambda pair: -len(pair[1]))


def _singulars(key: str) -> Iterator[str]:
    for ending, singular in (("ies", "y"), ("es", ""), ("s", "")):
        if key.endswith(ending):
            yield key.removesuffix(ending) + singular


def is_column(model: type[Any], name: str) -> bool:
    found = getattr(model, name, None)
    return isinstance(found, QueryableAttribute) and not _is_relationship(found)


def relationships(model: type[Any]) -> list[str]:
    return sorted(
        {name for base in model.__mro__ for name, found in vars(base).items() if _is_relationship(found)}
    )


def _columns(model: type[Any]) -> list[str]:
    return [name for name in model.model_fields if is_column(model, name)]


def _is_relationship(attribute: Any) -> bool:
    # Not by its mapper, which would first look for the models of all relationships
    return isinstance(attribute, QueryableAttribute) and isinstance(
        getattr(attribute.comparator, "prop", None), Relationship
    )


def target_of(model: type[Any], key: str) -> type[Any]:
    """The model that a relationship leads to."""
    named: Any = getattr(model, key).comparator.prop.argument
    if isinstance(named, str):
        mapper: Any = model.__mapper__
        known = {one.class_.__name__: one.class_ for one in mapper.registry.mappers}
        if (name := named.rpartition(".")[2]) not in known:
            raise TypeError(f"{model.__name__}.{key} leads to {name}, which is not known yet: import it.")
        named = known[name]
    found: type[Any] = named if isinstance(named, type) else named()
    return found


def condition_of(meant: Meaning, name: str, known: bool | int | None) -> Condition:
    """The condition. `known` is the value of a bool, or the size of a list; values are bound by name."""
    is_missing: Condition = meant.column.is_(None)
    if meant.suffix == IS_NULL:
        is_negative, found = known is True, ~is_missing
    else:
        is_negative, found = meant.suffix == NOT, _compared(meant, name, known)
    for relationship in reversed(meant.path):
        found = _through(relationship, found)
    if is_negative and not meant.path:
        return is_missing if meant.suffix == IS_NULL else or_(~found, is_missing)
    return ~found if is_negative else found


def _compared(meant: Meaning, name: str, known: bool | int | None) -> Condition:
    column = meant.column
    if meant.takes_list or known is not None:
        values = parameters(name, known or 0, column.type)
        found: Condition = column.in_(values) if meant.takes_list else column.is_(known)
        return found
    compare = SUFFIXES[meant.suffix][0] if meant.suffix in SUFFIXES else operator.eq
    return compare(column, bindparam(name, type_=column.type))


def _through(relationship: Any, inner: Condition) -> Condition:
    """Whether a related row has this. Rows of other teams than the caller's are not found."""
    if is_of_team(target := relationship.property.mapper.class_):
        inner = inner & member_of(target.team_id, bindparam(READER))
    found: Condition = (relationship.any if relationship.property.uselist else relationship.has)(inner)
    return found


# Lists of values. A statement takes 1, 4, 16 or 100: values are repeated until there are so many.


def parameters(name: str, size: int, type: Any = None) -> list[Any]:
    return [bindparam(f"{name}__{number}", type_=type) for number in range(size)]


def size_of(values: list[Any]) -> int:
    return next(size for size in STEPS if len(values) <= size)


def values_of(name: str, values: list[Any]) -> dict[str, Any]:
    padded = [*values, *[values[-1]] * (size_of(values) - len(values))]
    return {f"{name}__{number}": value for number, value in enumerate(padded)}
