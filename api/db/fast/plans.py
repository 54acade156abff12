"""Compiled statements, with the conversions of their values and their rows."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from api.db.fast.entities import Make
from api.db.fast.rows import Origin
from api.db.fast.types import Convert

LEANS_ON = ("sqlalchemy.sql.compiler:SQLCompiler.construct_expanded_state",)


class Many(NamedTuple):
    """A list of rows that each row has: the relationship, and the statement for all these lists."""

    name: str
    plan: "Plan"  # its last column is the id of the row that has the list


class Plan(NamedTuple):
    """A compiled statement, with the conversions of its values and its rows."""

    compiled: Any  # SQLAlchemy's object, which is large, and is kept only for an IN
    sql: str
    constants: Mapping[str, Any]
    to_driver: Sequence[tuple[str, Convert]]
    in_order: Convert  # puts the values in order, for a driver that takes no mapping
    from_driver: Sequence[tuple[int, Convert]]
    make: Make
    is_guarded: bool  # the last column is the guard's condition
    expands: bool  # an IN takes a list, so the SQL depends on the list's length
    mappers: Sequence[Any]  # of the rows and of their nested rows
    many: Sequence["Many"] = ()  # the lists of rows that each row has

    def bind(self, values: Mapping[str, Any]) -> tuple[str, Any]:
        """The SQL and its values."""
        if self.expands:
            return self._expanded(values)
        bound = {**self.constants, **values}
        for name, convert in self.to_driver:
            bound[name] = convert(bound[name])
        return self.sql, self.in_order(bound)

    def _expanded(self, values: Mapping[str, Any]) -> tuple[str, Any]:
        state = self.compiled.construct_expanded_state(values)
        for name, convert in [*self.to_driver, *state.processors.items()]:
            if name in state.parameters:
                state.parameters[name] = convert(state.parameters[name])
        return state.statement, state.positional_parameters if self.compiled.positional else state.parameters

    def read(self, found: Sequence[Sequence[Any]], origin: Origin) -> list[Any]:
        return self.read_values(found, origin)[0]

    def read_values(
        self, found: Sequence[Sequence[Any]], origin: Origin
    ) -> tuple[list[Any], Sequence[Sequence[Any]]]:
        """The rows, and the values that they are made of."""
        make, origin.rows = self.make, {}
        if self.from_driver:
            found = [*map(self._converted, found)]
        rows = [make(values, origin) for values in found]
        del origin.rows
        return rows, found

    def _converted(self, values: Sequence[Any]) -> Sequence[Any]:
        converted = list(values)
        for index, convert in self.from_driver:
            converted[index] = convert(converted[index])
        return converted

    @property
    def is_watched(self) -> bool:
        """Whether there are listeners for loaded rows, which the driver would not call."""
        for mapper in self.mappers:
            dispatch = mapper.class_manager.dispatch
            if dispatch.load or dispatch.refresh:
                return True
        return False
