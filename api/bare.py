"""Objects of values as they are: nothing is validated, nothing is tracked. All that is read is made here."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)

NOT_SET: frozenset[str] = frozenset()
_fill_fields, _fill_set, _fill_extra, _fill_private = (
    vars(BaseModel)[name].__set__
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)


def bare(model: type[M], fields: dict[str, Any]) -> M:
    made = object.__new__(model)
    _fill_fields(made, fields)
    _fill_set(made, NOT_SET)
    _fill_extra(made, None)
    _fill_private(made, None)
    return made


def bare_maker(model: type[M], names: Sequence[str]) -> Callable[[Sequence[Any]], M]:
    """What makes them of values in this order, and of no more of them than there are names.

    It says again what `bare` says, and does not call it: a call for each of many rows is felt.
    """

    new = object.__new__

    def make(values: Sequence[Any]) -> M:
        made = new(model)
        _fill_fields(made, dict(zip(names, values)))  # noqa: B905  to be told that it is not strict takes zip some time
        _fill_set(made, NOT_SET)
        _fill_extra(made, None)
        _fill_private(made, None)
        return made

    return make
