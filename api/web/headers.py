"""Headers as ASGI has them: to look up or set one or two, Starlette's objects are more work than all the rest
of it."""

from fastapi import Response
from starlette.types import Scope


def first_headers(scope: Scope) -> dict[bytes, bytes]:
    """The headers of a request; of several with one name, the first."""
    return dict(reversed(scope["headers"]))


def set_headers(response: Response, headers: dict[bytes, bytes], without: bytes = b"") -> None:
    kept = [header for header in response.raw_headers if header[0] not in headers and header[0] != without]
    response.raw_headers[:] = [*kept, *headers.items()]
