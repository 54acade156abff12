"""Dry runs: a transaction is checked as its commit would check it, and is then rolled back."""

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from api.db.request_state import current
from api.problems import Code, ProblemCode, ProblemError

# The tables with constraints that SQLite checks only at a commit
DEFERRED = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%DEFERRABLE%'")


class DryRunCode(ProblemCode):
    no_dry_run = "no_dry_run", 422, "This cannot be tried. Send it without `Prefer: dry-run`."


def rehearse(session: Session) -> None:
    """Write everything and let the listeners and constraints speak, as a commit does, but do not commit."""
    session.flush()
    known = {*session.info.get("grown", ())}
    try:
        session.dispatch.before_commit(session)
    finally:
        for user_id in known:
            session.info["quotas"].known.pop(user_id, None)  # it is counted again for the next change
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        return
    for name in session.scalars(DEFERRED).all():
        if session.execute(text(f'PRAGMA foreign_key_check("{name}")')).first():
            raise ProblemError(Code.conflict)


def refuse_in_dry_run(_: Connection) -> None:
    """Called before each COMMIT. What commits by itself, beside the request's session, cannot be tried."""
    state = current.get()
    if state is not None and state.is_dry:
        raise ProblemError(DryRunCode.no_dry_run)
