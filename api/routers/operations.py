"""For load balancers and monitors."""

from typing import Any, ClassVar, Literal

from fastapi import Request
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from api import __version__
from api.db import DatabaseDep
from api.deps import PUBLIC, ThrottleDep
from api.problems import Code, ProblemError, problems
from api.web import Router

PREFIX = ""
router = Router(tags=["operations"], dependencies=[PUBLIC])


class Answer(BaseModel):
    model_config = {"json_schema_serialization_defaults_required": True}


class Health(Answer):
    __examples__: ClassVar[dict[str, Any]] = {"version": "0.1.0"}

    ok: bool = Field(default=True, description="It is; else there is no answer.")
    status: Literal["healthy"] = "healthy"
    version: str = __version__


class Ready(Answer):
    __examples__: ClassVar[dict[str, Any]] = {"degraded": []}

    ok: bool = Field(default=True, description="It is; else the answer is a problem.")
    degraded: list[str] = Field(description="What is away that we can do without for a while.")


@router.get("/health")
async def get_health() -> Health:
    """Whether the process is alive. No I/O."""
    return Health()


@router.get("/ready", responses=problems(Code.unavailable))
async def get_ready(request: Request, database: DatabaseDep, throttle: ThrottleDep) -> Ready:
    """Whether requests should be sent here: the database answers, and the process is not about to end."""
    if request.app.state.draining:
        raise ProblemError(Code.unavailable, "This process is shutting down.")
    try:
        await database.ping()
    except (SQLAlchemyError, OSError):
        raise ProblemError(Code.unavailable, "The database is away.", headers={"Retry-After": "1"}) from None
    try:
        await throttle.ping()
    except OSError:
        return Ready(degraded=["redis"])
    return Ready(degraded=[])
