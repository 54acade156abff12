"""Reads and sets headers as ASGI stores them.

For one or two headers, Starlette's objects would take longer than everything else.
"""

from fastapi import Response
from starlette.types import Scope


def first_headers(scope: Scope) -> dict[bytes, bytes]:
    """The headers of a request by name. Of several headers with one name, the first counts."""
    return dict(reversed(scope["headers"]))


def set_headers(response: Response, headers: dict[bytes, bytes], without: bytes = b"") -> None:
    kept = [header for header in response.raw_headers if header[0] not in headers and header[0] != without]
    response.raw_headers[:] = [*kept, *headers.items()]
