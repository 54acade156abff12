"""FastAPI with SQLModel and an AsyncSession, as most people write it. Its models are in template.py."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import UUID

import jwt
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import event, func, or_
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bench.peers import contract
from bench.peers.template import (
    Note,
    NoteCreate,
    NotePublic,
    NotesPublic,
    NoteUpdate,
    SignIn,
    Token,
    User,
    now,
)

if contract.SQLITE:
    engine = create_async_engine(
        contract.DATABASE_URL.replace("sqlite://", "sqlite+aiosqlite://"),
        pool_size=contract.POOL,
        max_overflow=0,
        connect_args={"isolation_level": "IMMEDIATE"},
    )
    event.listen(engine.sync_engine, "connect", contract.on_connect)
else:
    url = contract.DATABASE_URL.replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(url, pool_size=contract.POOL, max_overflow=0)


async def get_session() -> AsyncGenerator[AsyncSession, None]:
    async with AsyncSession(engine, expire_on_commit=False) as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]
TokenDep = Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="/api/v1/auth/login"))]


async def get_current_user(session: SessionDep, token: TokenDep) -> User:
    try:
        user_id = contract.caller(token)
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise HTTPException(status_code=401, detail="Could not validate credentials") from None
    user = await session.get(User, user_id)
    if user is None or not user.is_active:
        raise HTTPException(status_code=401, detail="Could not validate credentials")
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]

router = APIRouter(prefix="/api/v1")


@router.get("/notes", response_model=NotesPublic)
async def list_notes(
    session: SessionDep, user: CurrentUser, limit: int = 50, cursor: str | None = None, q: str | None = None
) -> Any:
    statement = select(Note).where(Note.owner_id == user.id)
    if q:
        pattern = contract.pattern(q)
        matches = (func.lower(column).like(pattern, escape="/") for column in (Note.title, Note.content))
        statement = statement.where(or_(*matches))
    if cursor:
        statement = statement.where(col(Note.id) < contract.place(cursor))
    notes = (await session.exec(statement.order_by(col(Note.id).desc()).limit(limit + 1))).all()
    more = len(notes) > limit
    return {
        "items": notes[:limit],
        "next_cursor": contract.next_cursor(notes[limit - 1].id) if more else None,
        "total": None,
    }


@router.get("/notes/{id}", response_model=NotePublic)
async def get_note(session: SessionDep, user: CurrentUser, id: UUID) -> Any:
    return await mine(session, user, id)


@router.post("/notes", response_model=NotePublic, status_code=201)
async def create_note(session: SessionDep, user: CurrentUser, body: NoteCreate) -> Any:
    note = Note.model_validate(body, update={"owner_id": user.id})
    session.add(note)
    await session.commit()
    await session.refresh(note)
    return note


@router.patch("/notes/{id}", response_model=NotePublic)
async def update_note(session: SessionDep, user: CurrentUser, id: UUID, body: NoteUpdate) -> Any:
    note = await mine(session, user, id)
    note.sqlmodel_update(body.model_dump(exclude_unset=True), update={"updated_at": now()})
    session.add(note)
    await session.commit()
    await session.refresh(note)
    return note


async def mine(session: AsyncSession, user: User, id: UUID) -> Note:
    note = await session.get(Note, id)
    if note is None or note.owner_id != user.id:
        raise HTTPException(status_code=404, detail="Note not found")
    return note


@router.post("/auth/login", response_model=Token)
async def login(session: SessionDep, body: SignIn) -> Any:
    user = (await session.exec(select(User).where(User.username == body.username))).first()
    if user is None or not await run_in_threadpool(contract.is_right, body.password, user.hashed_password):
        raise HTTPException(status_code=401, detail="Incorrect username or password")
    return Token(access_token=contract.access_token(user.id))


app = FastAPI()
app.include_router(router)


@app.get("/health")
async def health() -> bool:
    return True
