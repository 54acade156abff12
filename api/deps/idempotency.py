"""ONCE: for routes other than POST that take an Idempotency-Key. POSTs of signed-in users take one anyway."""

from fastapi import Depends, FastAPI, Request, Response

from api.db.request_session import SessionDep
from api.deps.authentication import CurrentUser, declares
from api.web.idempotency import CODES, Replay


@declares("", *CODES)
async def once(_: SessionDep, __: CurrentUser) -> None:
    """The route answers a repeated request as before (see api/web/idempotency.py)."""


once.is_once = True  # type: ignore[attr-defined]  # read by `takes_key`
ONCE = Depends(once)


def install(app: FastAPI) -> None:
    @app.exception_handler(Replay)
    async def replay(_: Request, ended: Replay) -> Response:
        return ended.response
