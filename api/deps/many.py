"""Many rows in one request: `POST /customers/bulk`, with the handler for one row.

@router.post("/bulk", status_code=201)
async def create_customers(
    session: SessionDep, caller: CallerId, body: Many[CustomerCreate], partial: Partial = False
) -> Bulk[CustomerPublic]:
    return await bulk(session, body, lambda one: create_customer(session, caller, one), partial=partial)

All rows are written, or none, and the answer names the problems of each row. With `partial=true`, the rows
that can be written are written.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from fastapi import HTTPException, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, PlainSerializer, ValidationError, WrapValidator

from api.db.problems import refusal
from api.db.request_state import current
from api.db.session import Session
from api.models.base import Create
from api.problems import BY_STATUS, EXCEPTIONS, Code, FieldError, Problem, ProblemCode, ProblemError, title
from api.web.field_errors import field_error

Body = TypeVar("Body", bound=Create)
Row = TypeVar("Row")

MOST = 500  # rows of a request
MOST_ERRORS = 1_000  # of all rows together
PARTIAL = "Whether to write the rows that can be written, if others cannot."
Partial = Annotated[bool, Query(description=PARTIAL)]


class BulkCode(ProblemCode):
    rows_refused = "rows_refused", 409, "Some of these rows cannot be written, so none was. See `errors`."


class Invalid(list[FieldError]):
    """What is wrong with an item."""


def _judged(given: Any, validate: Callable[[Any], Any]) -> Any:
    """The item, or what is wrong with it, because the other items are judged too."""
    try:
        return validate(given)
    except ValidationError as error:
        return Invalid(field_error(one | {"loc": ("body", *one["loc"])}) for one in error.errors())


class Many(BaseModel, Generic[Body], extra="forbid"):
    """The body of a request with many rows. `bulk` reads it."""

    items: list[Annotated[Body, WrapValidator(_judged)]] = Field(
        min_length=1, max_length=MOST, description="The rows."
    )

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return str(params[0].__name__).removesuffix("Create") + "BulkCreate"


ShownProblem = Annotated[Problem, PlainSerializer(lambda problem: problem.model_dump(exclude_none=True))]


class BulkItem(BaseModel, Generic[Row]):
    """What became of a row: it was written, or there is a problem."""

    index: int = Field(description="The place of the row in the request, from 0.")
    status: int = Field(description="The status that a request for this row alone would have had.")
    row: Row | None = Field(description="The row, if it was written.")
    problem: ShownProblem | None = Field(description="Why the row was not written.")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return str(params[0].__name__).removesuffix("Public") + "BulkItem"


class Bulk(BaseModel, Generic[Row]):
    """What became of many rows."""

    is_bulk: ClassVar = True  # read in web/routes.py

    written: int = Field(description="The number of rows that were written.")
    refused: int = Field(description="The number of rows that were not written: 0 without `partial=true`.")
    items: list[BulkItem[Row]] = Field(description="What became of each row, in the order of the request.")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return str(params[0].__name__).removesuffix("Public") + "Bulk"


async def bulk(
    session: Session, body: Many[Body], write: Callable[[Body], Awaitable[Row]], *, partial: bool = False
) -> Bulk[Row]:
    """Write each row with `write`, which is the handler for one row.

    First all at once, with one flush. If this fails, in parts, to find which row is wrong.
    """
    given: list[Any] = body.items
    refused = {
        index: ProblemError(Code.invalid_request, errors=one)
        for index, one in enumerate(given)
        if isinstance(one, Invalid)
    }
    valid = [(index, one) for index, one in enumerate(body.items) if index not in refused]
    try:
        async with _attempt(session):
            written = [(index, await write(one)) for index, one in valid]
    except Exception as error:
        problem_of(error)
        written = await _in_parts(session, valid, write, refused)
    if refused and not partial:
        raise _joined(refused)
    return _told(written, refused)


@asynccontextmanager
async def _attempt(session: Session) -> AsyncIterator[None]:
    """A savepoint, and a flush at its end. If it fails, the letters since then are not sent either."""
    state = current.get()
    tasks = state.tasks if state is not None else []
    before = len(tasks)
    try:
        async with session.begin_nested():
            yield
            await session.flush()
    except Exception:
        del tasks[before:]
        raise


async def _in_parts(
    session: Session,
    items: Sequence[tuple[int, Body]],
    write: Callable[[Body], Awaitable[Row]],
    refused: dict[int, ProblemError],
) -> list[tuple[int, Row]]:
    """The rows that could be written. The problems of the others come to `refused`.

    Each part has a savepoint. After a failure a part has half as many rows, after a success twice as many.
    """
    written: list[tuple[int, Row]] = []
    size = len(items) // 2
    while items:
        part = items[: max(size, 1)]
        try:
            async with _attempt(session):
                rows = [(index, await write(one)) for index, one in part]
        except Exception as error:
            problem, size = problem_of(error), len(part) // 2
            if size:
                continue
            refused[part[0][0]] = problem
        else:
            written, size = written + rows, len(part) * 2
        items = items[len(part) :]
    return written


def problem_of(error: Exception) -> ProblemError:
    """The problem that a row has. Raises what is not about the row, such as an unavailable database."""
    problem: ProblemError | None = None
    mapped = next((EXCEPTIONS[kind] for kind in type(error).__mro__ if kind in EXCEPTIONS), None)
    if isinstance(error, ProblemError):
        problem = error
    elif isinstance(error, HTTPException):
        code = BY_STATUS.get(error.status_code, Code.conflict)
        problem = ProblemError(code, error.detail if isinstance(error.detail, str) else None)
    elif isinstance(error, RequestValidationError):
        problem = ProblemError(Code.invalid_request, errors=[field_error(one) for one in error.errors()])
    elif (found := refusal(error)) is not None:
        problem = found
    elif mapped is not None:
        problem = ProblemError(mapped)
    if problem is None or problem.status_code in {401, 429} or problem.status_code >= 500:
        raise error
    return problem


def _joined(refused: Mapping[int, ProblemError]) -> ProblemError:
    """One problem for all rows. Each of its errors names its row."""
    errors = [error for index, problem in sorted(refused.items()) for error in _errors(index, problem)]
    are_invalid = all(problem.status_code == 422 for problem in refused.values())
    code = Code.invalid_request if are_invalid else BulkCode.rows_refused
    return ProblemError(code, errors=errors[:MOST_ERRORS])


def _errors(index: int, problem: ProblemError) -> Iterator[FieldError]:
    place = ["body", "items", index]
    for error in problem.errors:
        is_of_body = error.loc[:1] == ["body"]
        yield error.model_copy(update={"loc": [*place, *error.loc[is_of_body:]]})
    if not problem.errors:
        yield FieldError(loc=place, msg=str(problem.detail), type=problem.code)


def _told(written: Sequence[tuple[int, Row]], refused: Mapping[int, ProblemError]) -> Bulk[Row]:
    done: list[BulkItem[Row]] = [
        BulkItem(index=index, status=201, row=row, problem=None) for index, row in written
    ]
    left: list[BulkItem[Row]] = [
        BulkItem(index=index, status=problem.status_code, row=None, problem=_shown(problem))
        for index, problem in refused.items()
    ]
    items = sorted([*done, *left], key=lambda item: item.index)
    return Bulk(written=len(done), refused=len(left), items=items)


def _shown(problem: ProblemError) -> Problem:
    said: dict[str, Any] = {"status": problem.status_code, "code": problem.code, "detail": problem.detail}
    errors = list(problem.errors) or None
    return Problem.model_construct(title=title(problem.status_code), errors=errors, **said, **problem.members)
