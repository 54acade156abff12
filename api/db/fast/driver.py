"""What the session needs of a driver: statements without a transaction around them, one round trip each."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Dialect

Found = Sequence[Sequence[Any]]
Values = Any  # a mapping or a list, as the driver takes them
Script = Sequence[tuple[str, Values]]  # statements, each with its values


class Driver(Protocol):
    dialect: Dialect  # how it wants its statements

    async def run(self, sql: str, values: Values, *, again: bool = True) -> Found:
        """What the statement finds. `again` lets it run a second time when the connection turns out to be
        dead."""

    async def commit(self, script: Script) -> Found:
        """Run a script as one transaction, and return what its last statement finds. If the first one finds
        nothing, the others are left out."""

    async def close(self) -> None: ...
