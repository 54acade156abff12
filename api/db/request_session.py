"""The session of a request, as a dependency: it commits when the handler returns."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from api.db.engine import Database
from api.db.problems import is_unavailable
from api.db.request_state import current
from api.db.session import Session


async def get_session(connection: HTTPConnection) -> AsyncIterator[Session]:
    """One transaction for each request: committed when the handler returns, rolled back if it raises.

    It begins with the first statement, so slow work before that, such as hashing, delays no other request. A
    GET that writes nothing commits nothing. A background task or a streamed response can go on using the
    session, and commits by itself.
    """
    database: Database = connection.app.state.database
    session = Session(database, is_reading=connection.scope.get("method") in {"GET", "HEAD"})
    if (state := current.get()) is not None:
        state.sessions.append(session)
        if state.is_dry:
            session.fast, session.info["dry"] = None, True
    try:
        try:
            if state is not None and state.opening is not None:
                await state.opening(session)
            yield session
        except Exception as error:
            await session.undo()
            if not is_unavailable(error):  # else it is not asked again
                await session.confirm()  # if the guard fails, only its error is answered
            raise
        await database.commit(session)
    except Exception:
        await session.undo()  # a failed COMMIT leaves SQLite's transaction open
        raise
    finally:
        await session.end()  # also when the request is cancelled, in a task that goes on


get_session.shields_itself = True  # type: ignore[attr-defined]  # read by the solver, which need not
get_session.is_session = True  # type: ignore[attr-defined]  # read by `takes_key`


async def close_all(sessions: list[Session]) -> None:
    """Give back what these sessions have, and roll back what is not committed."""
    for session in sessions:
        if session.is_touched:
            await session.end()


# scope="function" commits before the response is sent, so a failed commit is still an error response.
SessionDep = Annotated[Session, Depends(get_session, scope="function")]


async def reserve(session: SessionDep) -> None:
    """For routes that have to work while all writers wait: their session uses the connections of readers."""
    session.is_reserved = True


RESERVED = Depends(reserve)
