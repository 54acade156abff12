"""The style of fastapi/full-stack-fastapi-template.

Sessions and handlers are synchronous, and a query finds the user.
"""

from collections.abc import Generator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import jwt
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import event, func, or_
from sqlmodel import Field, Session, SQLModel, col, create_engine, select

from bench.peers import contract

if contract.SQLITE:
    engine = create_engine(
        contract.DATABASE_URL,
        pool_size=contract.POOL,
        max_overflow=0,
        connect_args={"isolation_level": "IMMEDIATE"},
    )
    event.listen(engine, "connect", contract.on_connect)
else:
    url = contract.DATABASE_URL.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, pool_size=contract.POOL, max_overflow=0)


def now() -> datetime:
    return datetime.now(UTC)


class User(SQLModel, table=True):
    __tablename__ = "users"

    id: UUID = Field(default_factory=contract.uuid7, primary_key=True)
    username: str = Field(unique=True)
    email: str
    is_active: bool = True
    hashed_password: str


class NoteBase(SQLModel):
    title: str = Field(min_length=1, max_length=200)
    content: str = Field(default="", max_length=50_000)


class NoteCreate(NoteBase):
    pass


class NoteUpdate(SQLModel):
    title: str | None = Field(default=None, min_length=1, max_length=200)
    content: str | None = Field(default=None, max_length=50_000)


class Note(NoteBase, table=True):
    __tablename__ = "notes"

    id: UUID = Field(default_factory=contract.uuid7, primary_key=True)
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)
    owner_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")


class NotePublic(NoteBase):
    id: UUID
    created_at: datetime
    updated_at: datetime
    owner_id: UUID


class NotesPublic(SQLModel):
    items: list[NotePublic]
    next_cursor: str | None
    total: int | None


class SignIn(SQLModel):
    username: str
    password: str


class Token(SQLModel):
    access_token: str
    token_type: str = "bearer"  # noqa: S105  a word of OAuth2


def get_db() -> Generator[Session, None, None]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_db)]
TokenDep = Annotated[str, Depends(OAuth2PasswordBearer(tokenUrl="/api/v1/auth/login"))]


def get_current_user(session: SessionDep, token: TokenDep) -> User:
    try:
        user_id = contract.caller(token)
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise HTTPException(status_code=403, detail="Could not validate credentials") from None
    user = session.get(User, user_id)
    if not user:
        raise HTTPException(status_code=404, detail="User not found")
    if not user.is_active:
        raise HTTPException(status_code=400, detail="Inactive user")
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]

router = APIRouter(prefix="/api/v1")


@router.get("/notes", response_model=NotesPublic)
def read_notes(
    session: SessionDep,
    current_user: CurrentUser,
    limit: int = 50,
    cursor: str | None = None,
    q: str | None = None,
) -> Any:
    statement = select(Note).where(Note.owner_id == current_user.id)
    if q:
        pattern = contract.pattern(q)
        matches = (func.lower(column).like(pattern, escape="/") for column in (Note.title, Note.content))
        statement = statement.where(or_(*matches))
    if cursor:
        statement = statement.where(col(Note.id) < contract.place(cursor))
    notes = session.exec(statement.order_by(col(Note.id).desc()).limit(limit + 1)).all()
    more = len(notes) > limit
    return NotesPublic(
        items=notes[:limit],
        next_cursor=contract.next_cursor(notes[limit - 1].id) if more else None,
        total=None,
    )


@router.get("/notes/{id}", response_model=NotePublic)
def read_note(session: SessionDep, current_user: CurrentUser, id: UUID) -> Any:
    return mine(session, current_user, id)


@router.post("/notes", response_model=NotePublic, status_code=201)
def create_note(*, session: SessionDep, current_user: CurrentUser, note_in: NoteCreate) -> Any:
    note = Note.model_validate(note_in, update={"owner_id": current_user.id})
    session.add(note)
    session.commit()
    session.refresh(note)
    return note


@router.patch("/notes/{id}", response_model=NotePublic)
def update_note(*, session: SessionDep, current_user: CurrentUser, id: UUID, note_in: NoteUpdate) -> Any:
    note = mine(session, current_user, id)
    note.sqlmodel_update(note_in.model_dump(exclude_unset=True), update={"updated_at": now()})
    session.add(note)
    session.commit()
    session.refresh(note)
    return note


def mine(session: Session, user: User, id: UUID) -> Note:
    note = session.get(Note, id)
    if not note or note.owner_id != user.id:
        raise HTTPException(status_code=404, detail="Note not found")
    return note


@router.post("/auth/login", response_model=Token)
def login(session: SessionDep, body: SignIn) -> Any:
    user = session.exec(select(User).where(User.username == body.username)).first()
    if not user or not contract.is_right(body.password, user.hashed_password):
        raise HTTPException(status_code=400, detail="Incorrect username or password")
    return Token(access_token=contract.access_token(user.id))


app = FastAPI()
app.include_router(router)


@app.get("/health")
async def health() -> bool:
    return True
