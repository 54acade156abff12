"""Litestar with advanced-alchemy's repository and service and msgspec structs, as documented."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from advanced_alchemy.base import AdvancedDeclarativeBase, CommonTableAttributes
from advanced_alchemy.extensions.litestar import (
    AsyncSessionConfig,
    EngineConfig,
    SQLAlchemyAsyncConfig,
    SQLAlchemyPlugin,
    repository,
    service,
)
from advanced_alchemy.filters import LimitOffset, OrderBy
from advanced_alchemy.types import DateTimeUTC
from litestar import Controller, Litestar, Request, get, patch, post
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.security.jwt import JWTAuth, Token
from msgspec import UNSET, Meta, Struct, UnsetType, to_builtins
from sqlalchemy import ForeignKey, Uuid, event, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bench.peers import contract
from bench.peers.template import now

if contract.SQLITE:
    url = contract.DATABASE_URL.replace("sqlite://", "sqlite+aiosqlite://")
    engine_config = EngineConfig(
        pool_size=contract.POOL, max_overflow=0, connect_args={"isolation_level": "IMMEDIATE"}
    )
else:
    url = contract.DATABASE_URL.replace("postgresql://", "postgresql+asyncpg://")
    engine_config = EngineConfig(pool_size=contract.POOL, max_overflow=0)

alchemy = SQLAlchemyAsyncConfig(
    connection_string=url,
    engine_config=engine_config,
    session_config=AsyncSessionConfig(expire_on_commit=False),
    before_send_handler="autocommit",
    create_all=False,
)
if contract.SQLITE:
    event.listen(alchemy.get_engine().sync_engine, "connect", contract.on_connect)


class User(CommonTableAttributes, AdvancedDeclarativeBase):
    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=contract.uuid7)
    username: Mapped[str]
    is_active: Mapped[bool]
    hashed_password: Mapped[str]


class Note(CommonTableAttributes, AdvancedDeclarativeBase):
    __tablename__ = "notes"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=contract.uuid7)
    created_at: Mapped[datetime] = mapped_column(DateTimeUTC(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTimeUTC(timezone=True), default=now, onupdate=now)
    title: Mapped[str]
    content: Mapped[str]
    owner_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("users.id"))


class NoteService(service.SQLAlchemyAsyncRepositoryService[Note]):
    class Repository(repository.SQLAlchemyAsyncRepository[Note]):
        model_type = Note

    repository_type = Repository


class NoteRead(Struct):
    id: UUID
    created_at: datetime
    updated_at: datetime
    title: str
    content: str
    owner_id: UUID


class NotePage(Struct):
    items: list[NoteRead]
    next_cursor: str | None
    total: int | None


Title = Annotated[str, Meta(min_length=1, max_length=200)]
Content = Annotated[str, Meta(max_length=50_000)]


class NoteCreate(Struct, forbid_unknown_fields=True):
    title: Title
    content: Content = ""


class NoteUpdate(Struct, forbid_unknown_fields=True):
    title: Title | UnsetType = UNSET
    content: Content | UnsetType = UNSET


class SignIn(Struct):
    username: str
    password: str


async def provide_notes(db_session: AsyncSession) -> AsyncGenerator[NoteService, None]:
    async with NoteService.new(session=db_session) as notes:
        yield notes


async def retrieve_user(token: Token, connection: ASGIConnection[Any, Any, Any, Any]) -> User | None:
    session = alchemy.provide_session(connection.app.state, connection.scope)
    user = await session.get(User, UUID(token.sub))
    return user if user and user.is_active else None


jwt_auth = JWTAuth[User](
    retrieve_user_handler=retrieve_user,
    token_secret=contract.SECRET_KEY,
    accepted_audiences=["onefold"],
    accepted_issuers=["onefold"],
    exclude=["/health", "/api/v1/auth/login"],
)


class NoteController(Controller):
    path = "/api/v1/notes"
    dependencies = {"notes": Provide(provide_notes)}  # noqa: RUF012  Litestar reads it from the class

    @get()
    async def list_notes(
        self,
        notes: NoteService,
        request: Request,
        limit: int = 50,
        cursor: str | None = None,
        q: str | None = None,
    ) -> NotePage:
        conditions = [Note.owner_id == request.user.id]
        if q:
            pattern = contract.pattern(q)
            conditions.append(
                or_(*(func.lower(it).like(pattern, escape="/") for it in (Note.title, Note.content)))
            )
        if cursor:
            conditions.append(Note.id < contract.place(cursor))
        rows = await notes.list(*conditions, OrderBy("id", "desc"), LimitOffset(limit + 1, 0))
        found = notes.to_schema(rows[:limit], total=0, schema_type=NoteRead).items
        more = len(rows) > limit
        return NotePage(found, contract.next_cursor(found[-1].id) if more else None, None)

    @get("/{id:uuid}")
    async def get_note(self, notes: NoteService, request: Request, id: UUID) -> NoteRead:
        return notes.to_schema(await mine(notes, request, id), schema_type=NoteRead)

    @post()
    async def create_note(self, notes: NoteService, request: Request, data: NoteCreate) -> NoteRead:
        fields = to_builtins(data) | {"owner_id": request.user.id}
        return notes.to_schema(await notes.create(fields, auto_refresh=False), schema_type=NoteRead)

    @patch("/{id:uuid}")
    async def update_note(self, notes: NoteService, request: Request, id: UUID, data: NoteUpdate) -> NoteRead:
        note = await mine(notes, request, id)
        for name, value in to_builtins(data).items():
            setattr(note, name, value)
        note.updated_at = now()
        return notes.to_schema(note, schema_type=NoteRead)  # and the plugin commits


async def mine(notes: NoteService, request: Request, id: UUID) -> Note:
    note = await notes.get_one_or_none(Note.id == id, Note.owner_id == request.user.id)
    if note is None:
        raise NotFoundException
    return note


@post("/api/v1/auth/login", status_code=200)
async def login(db_session: AsyncSession, data: SignIn) -> dict[str, str]:
    user = await db_session.scalar(select(User).where(User.username == data.username))
    if user is None or not await sync_to_thread(contract.is_right, data.password, user.hashed_password):
        raise NotAuthorizedException
    return {"access_token": contract.access_token(user.id), "token_type": "bearer"}


@get("/health", sync_to_thread=False)
def health() -> bool:
    return True


app = Litestar(
    [NoteController, login, health],
    plugins=[SQLAlchemyPlugin(config=alchemy)],
    on_app_init=[jwt_auth.on_app_init],
    openapi_config=None,
    logging_config=None,
)
