"""The sessions of requests: what they read goes to the driver, and so does what they write, if it is one row alone."""

from collections.abc import Mapping
from typing import Any, Self

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.fast.driver import Driver
from api.db.fast.single_row import Change, added, as_read, changed, detached, stands_alone, unchanged
from api.db.fast.statements import prepare
from api.db.outbox import TellingSession, Wake
from api.deps.claims import CONFIRM, Claim
from api.problems import Code, Overtaken, ProblemError


class Asking(AsyncSession):
    """The session of a request, which knows of whoever asks what is still to be confirmed."""

    driver: Driver
    claim: Claim | None = None

    @property
    def has_begun(self) -> bool:
        """Whether there is a transaction."""
        return False

    @property
    def has_changes(self) -> bool:
        return self.has_begun

    @property
    def change_alone(self) -> Change | None:
        """What is to be committed, if it is one row and nothing else was done."""
        return None

    async def confirm(self) -> None:
        if self.claim is not None:
            prepared = prepare(CONFIRM, self.driver.dialect)
            [(holds,)] = await self.driver.run(*prepared.bind(self.claim._asdict()))
            self.judge(holds)

    def judge(self, holds: bool) -> None:
        if not holds:
            raise ProblemError(Code.invalid_token)
        self.claim = None


class Reader(Asking):
    """The session of a request that only reads. It has no state and needs no end: each statement goes to the driver,
    and entities come as bare rows."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    async def exec(self, statement: Any, *, params: Any = None, **_: Any) -> Any:
        values, claim, driver = params or {}, self.claim, self.driver
        prepared = prepare(statement, driver.dialect, claimed=claim is not None)
        if claim is None or not prepared.says_whether_claim_holds:
            await self.confirm()
            return prepared.read(await driver.run(*prepared.bind(values)))
        found = await driver.run(*prepared.bind(values | claim._asdict()))
        if found:  # else it is confirmed in the end
            self.judge(found[0][-1])
        return prepared.read(found)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...


class Writer(Asking):
    """The session of a transaction. It begins when it is asked for more than to add rows, which many never are."""

    def __init__(self, driver: Driver, engine: AsyncEngine, wake: Wake | None) -> None:
        self.driver, self.engine, self.wake = driver, engine, wake
        self.added: list[Any] = []
        self.held: Any = None
        self.held_is_deleted = False

    def __getattr__(self, name: str) -> Any:
        if name not in {"sync_session", "_proxied", "bind", "binds"}:
            raise AttributeError(name)
        info = {"wake": self.wake, "held": self.held}
        super().__init__(self.engine, expire_on_commit=False, sync_session_class=TellingSession, info=info)
        self.sync_session.add_all(self.added)
        if self.held is not None:
            self.sync_session.add(self.held)
            if self.held_is_deleted:
                self.sync_session.delete(self.held)
        return getattr(self, name)

    @property
    def has_begun(self) -> bool:
        return "sync_session" in vars(self)

    @property
    def may_hold(self) -> bool:
        return not self.has_begun and self.held is None

    @property
    def has_changes(self) -> bool:
        return self.has_begun or bool(self.added)

    @property
    def change_alone(self) -> Change | None:
        if self.has_begun or len(self.added) + (self.held is not None) != 1:
            return None
        if self.held is not None:
            return changed(self.held, is_deleted=self.held_is_deleted)
        return added(self.added[0]) if stands_alone(self.added[0]) else None

    async def hold(self, statement: Any, params: Mapping[str, Any]) -> Any:
        """A row to be changed. It is not locked before something else is asked of this session; until then, and when it
        is committed, whoever else has changed it meanwhile has this request done again."""
        reader = Reader(self.driver)
        reader.claim = self.claim
        row = (await reader.exec(statement, params=params)).one_or_none()
        self.claim = reader.claim
        if row is not None:
            self.held = detached(row)
        return row

    def add(self, instance: object, *_: Any, **__: Any) -> None:
        if self.has_begun:
            super().add(instance)
        elif instance is not self.held:
            self.added.append(instance)

    async def delete(self, instance: object) -> None:
        if instance is self.held and not self.has_begun:
            self.held_is_deleted = True
        else:
            await super().delete(instance)


@event.listens_for(TellingSession, "after_begin")
def _lock_held(session: TellingSession, _: Any, connection: Connection) -> None:
    held: Any = session.info.pop("held", None)
    model: Any = type(held)
    if held is not None and connection.execute(unchanged(model), as_read(held)).first() is None:
        raise Overtaken
