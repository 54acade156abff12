"""The interface of a driver. It runs a statement in one round trip, without a transaction around it."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Dialect

Found = Sequence[Sequence[Any]]
Values = Any  # a mapping or a sequence, depending on the driver
Script = Sequence[tuple[str, Values]]  # statements, each with its values


class Driver(Protocol):
    dialect: Dialect  # compiles the SQL for this driver

    async def run(self, sql: str, values: Values, *, again: bool = True) -> Found:
        """The rows that the statement finds. With `again`, it may run twice if the connection was lost."""

    async def commit(self, script: Script) -> Found:
        """Run a script as one transaction, and return the rows that its last statement finds.

        If the first statement finds nothing, the others do not run.
        """

    async def close(self) -> None: ...
