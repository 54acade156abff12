"""ETags of responses, and the check of If-Match before a change."""

import hashlib

from fastapi import Request

from api.models.base import Entity, as_json
from api.problems import Code, ProblemError


def etag(body: bytes) -> str:
    """A strong ETag: responses with equal ETags are equal, byte for byte."""
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def check_if_match(request: Request, row: Entity, public: type[Entity]) -> None:
    """Raise 412 if the row has changed since the client read it. The row must be locked or held."""
    wanted = request.headers.getlist("if-match")  # a list may be divided into several headers
    if wanted and not matches(",".join(wanted), etag(as_json(row, public))):
        raise ProblemError(Code.stale)


def matches(header: str, tag: str) -> bool:
    return any(given.strip() in {tag, "*"} for given in header.split(","))
