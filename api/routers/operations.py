"""Health checks for load balancers and monitors."""

from datetime import timedelta
from typing import Any, ClassVar, Literal

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from api import __version__
from api.db import DatabaseDep
from api.db.problems import unavailable
from api.db.readiness import fault_of
from api.deps import PUBLIC, ThrottleDep
from api.models.base import utcnow
from api.problems import Code, ProblemError, problems
from api.web import Router

PREFIX = ""
VALID = timedelta(days=180)
router = Router(tags=["operations"], dependencies=[PUBLIC])


class Answer(BaseModel):
    model_config = {"json_schema_serialization_defaults_required": True}


class Health(Answer):
    __examples__: ClassVar[dict[str, Any]] = {"version": "0.1.0"}

    ok: bool = Field(default=True, description="Always true.")
    status: Literal["healthy"] = "healthy"
    version: str = __version__


class Ready(Answer):
    __examples__: ClassVar[dict[str, Any]] = {"degraded": []}

    ok: bool = Field(default=True, description="Always true; a failure is a problem.")
    degraded: list[str] = Field(description="Optional services that are unavailable.")


@router.get("/health")
async def get_health() -> Health:
    """Check whether the process runs. It does no I/O."""
    return Health()


@router.get("/ready", responses=problems(Code.unavailable))
async def get_ready(request: Request, database: DatabaseDep, throttle: ThrottleDep) -> Ready:
    """Check whether this process can serve requests: the database can be used, and no shutdown has begun."""
    if request.app.state.draining:
        raise ProblemError(Code.unavailable, "The server is shutting down.")
    try:
        await database.ping()
    except (SQLAlchemyError, OSError) as error:
        raise unavailable(fault_of(error)) from None
    try:
        await throttle.ping()
    except OSError:
        return Ready(degraded=["redis"])
    return Ready(degraded=[])


async def show_security_contact(request: Request) -> Response:
    """Whom to tell about a weakness (RFC 9116). It expires, so that it is read again."""
    contact = request.app.state.settings.security_contact
    if contact is None:
        raise ProblemError(Code.not_found)
    expires = (utcnow() + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    text = f"Contact: {contact}\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\nPreferred-Languages: en\n"
    return PlainTextResponse(text)


# For people and their tools, not for clients of the API, so it is in no document
router.add_route("/.well-known/security.txt", show_security_contact, include_in_schema=False)
