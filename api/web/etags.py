"""ETags of responses, and the check of If-Match before a change.

The ETag of a row is its version and a hash of the response. `If-None-Match` compares both, because a count or
a nested row may have changed. `If-Match` compares only the version, which lists and events show too.
"""

import hashlib
import re
from datetime import datetime
from functools import lru_cache

from fastapi import Request
from pydantic_core import from_json

from api.models.base import Entity, as_json
from api.models.versions import is_versioned, version_at, version_of
from api.problems import Code, ProblemError

TAG = re.compile(r'"(\d+)-[0-9a-f]+"')
LAST = re.compile(rb'"version":"(\d+)"}$')  # the last field, unless an author computes others
shows_version = lru_cache(maxsize=512)(is_versioned)  # which looks through all base classes


def etag(body: bytes, public: type[Entity], whole: bytes | None = None) -> str:
    """A strong ETag: responses with equal ETags are equal, byte for byte. `whole` has also what it lacks."""
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    version = _version_in(body if whole is None else whole, public)
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def _version_in(body: bytes, public: type[Entity]) -> str | None:
    is_shown = shows_version(public)
    if is_shown and (last := LAST.search(body, len(body) - 40)):
        return last[1].decode()
    try:
        row = from_json(body)
        return str(row["version"]) if is_shown else version_at(datetime.fromisoformat(row["updated_at"]))
    except (ValueError, TypeError, KeyError):  # an author's own response
        return None


def check_if_match(request: Request, row: Entity, public: type[Entity]) -> None:
    """Raise 412, with the row, if it has changed since the client read it. It must be locked or held."""
    given = request.headers.getlist("if-match")  # a list may be divided into several headers
    if not given:
        return
    wanted = ",".join(given)
    if matches(TAG.sub(r'"\1"', wanted), f'"{version_of(row)}"'):
        return
    shown = as_json(row, public)
    if not matches(wanted, etag(shown, public)):
        raise ProblemError(Code.stale, members={"current": from_json(shown)})


def matches(header: str, tag: str) -> bool:
    return any(given.strip() in {tag, "*"} for given in header.split(","))
