"""Books: an entity that only tests have, so that the framework is tested without the sample entities.

Their tables have a registry of their own, so that no other test takes them for the app's.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from sqlalchemy import or_
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, col

from api.db import SessionDep
from api.db.engine import DatabaseDep
from api.deps import (
    PUBLIC,
    CallerId,
    CurrentUser,
    check_reference,
    found,
    governed,
    limited,
    mine,
    owned,
    require,
    scope_values,
    visible,
    visible_to_all,
    within,
)
from api.lists import Csv, Filters, Page, PageQuery, Search, Searches, csv_stream, paginate, walk
from api.models.base import CALLER, Create, Entity, Update
from api.models.types import Flag, Line
from api.models.user import UserPermission
from api.problems import Code, ProblemError, problems
from api.web import Router, repeatable


class Apart(SQLModel, registry=registry()):
    """What makes a table one of these."""


class BookBase(SQLModel):
    title: Line = Field(min_length=1, max_length=100)
    is_open: Flag = False
    sequel_of: UUID | None = None


class BookCreate(BookBase, Create): ...


class BookUpdate(BookBase, Update): ...


class BookPublic(BookBase, Entity):
    owner_id: UUID


class Book(BookPublic, Apart, table=True):
    __tablename__ = "apart_books"


router = Router(prefix="/books", tags=["books"])

SEES_ALL, CHANGES_ALL = UserPermission.read, UserPermission.write
MINE = mine(Book)
SHOWN = or_(col(Book.is_open), col(Book.owner_id) == CALLER)
shown_book = visible(Book, SHOWN, unless=SEES_ALL)

MyBook = Annotated[Book, Depends(owned(Book))]
ReadableBook = Annotated[Book, Depends(owned(Book, unless=SEES_ALL))]
ShownBook = Annotated[Book, Depends(shown_book)]
PublicBook = Annotated[Book, Depends(visible_to_all(Book, SHOWN, BookPublic))]
GovernedBook = Annotated[Book, Depends(governed(shown_book, "owner_id", CHANGES_ALL))]
AnyBook = Annotated[Book, Depends(found(Book))]


class BookFilters(Filters[Book]):
    is_open: bool | None = None
    q: Annotated[Search | None, Searches("title")] = None
    sort: Literal["id", "title"] = "id"


class BookQuery(BookFilters, PageQuery[Book]): ...


@router.get("")
async def list_books(
    session: SessionDep,
    user: CurrentUser,
    query: Annotated[BookQuery, Query()],
) -> Page[BookPublic]:
    return await paginate(session, query, within(user, MINE, SEES_ALL), **scope_values(user))


@router.get("/shown")
async def list_shown_books(
    session: SessionDep,
    caller: CallerId,
    query: Annotated[BookQuery, Query()],
) -> Page[BookPublic]:
    return await paginate(session, query, SHOWN, **scope_values(caller))


@router.get("/export.csv", response_class=Csv)
async def export_books(
    database: DatabaseDep,
    user: CurrentUser,
    query: Annotated[BookFilters, Query()],
) -> StreamingResponse:
    scope = within(user, MINE, SEES_ALL)
    return csv_stream("books.csv", BookPublic, walk(database.read, query, scope, **scope_values(user)))


@router.post("", status_code=201, responses=problems(Code.conflict))
async def create_book(session: SessionDep, user: CurrentUser, body: BookCreate) -> BookPublic:
    await check_reference(session, Book, body.sequel_of, "sequel_of", SHOWN, **scope_values(user))
    book = Book.model_validate(body, update={"owner_id": user.id})
    session.add(book)
    await session.flush()
    if book.title == "Refused":  # after it was written
        raise ProblemError(Code.conflict)
    return book


@router.get("/public/{id}")
async def get_public_book(book: PublicBook) -> BookPublic:
    return book


@router.get("/any/{id}", dependencies=[PUBLIC])
async def get_any_book(book: AnyBook) -> BookPublic:
    return book


@router.get("/readable/{id}")
async def get_readable_book(book: ReadableBook) -> BookPublic:
    return book


@router.get("/shown/{id}")
async def get_shown_book(book: ShownBook) -> BookPublic:
    return book


@router.patch("/governed/{id}")
async def update_governed_book(book: GovernedBook, body: BookUpdate) -> BookPublic:
    return body.apply(book)


@router.delete("/required/{id}", status_code=204, dependencies=[require(CHANGES_ALL)])
async def delete_any_book(session: SessionDep, book: AnyBook) -> None:
    await session.delete(book)


@router.get("/limited", dependencies=[PUBLIC, limited("auth")])
async def count_requests() -> None: ...


@router.get("/also-limited", dependencies=[PUBLIC, limited("auth")])
async def count_other_requests() -> None: ...


@router.get("/{id}")
async def get_book(book: MyBook) -> BookPublic:
    return book


@router.patch("/{id}")
@repeatable
async def update_book(book: MyBook, body: BookUpdate) -> BookPublic:
    return body.apply(book)


@router.delete("/{id}", status_code=204)
async def delete_book(session: SessionDep, book: MyBook) -> None:
    await session.delete(book)


def stored(owner: Any, number: int, **fields: Any) -> dict[str, Any]:
    """A row of the table, as SQL inserts it."""
    values: dict[str, Any] = {"title": f"Book {number:04}", "owner_id": UUID(owner.id)} | fields
    return Book(**values).model_dump()
