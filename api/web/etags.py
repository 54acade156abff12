"""ETags: the name of a representation, byte for byte; and the refusal of a change to a row that has changed
since."""

import hashlib

from fastapi import Request

from api.models.base import Entity, as_json
from api.problems import Code, ProblemError


def etag(body: bytes) -> str:
    """A strong ETag: two answers with the same one are the same, byte for byte."""
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def check_if_match(request: Request, row: Entity, public: type[Entity]) -> None:
    """Refuse to change a row that is no longer what the client has seen. The row is locked or held, so it
    stays so."""
    wanted = request.headers.get("if-match")
    if wanted is not None and not matches(wanted, etag(as_json(row, public))):
        raise ProblemError(Code.stale)


def matches(header: str, tag: str) -> bool:
    return any(given.strip() in {tag, "*"} for given in header.split(","))
