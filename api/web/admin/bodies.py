"""Bodies: what a form of the browser holds, and what a route of the API gets for it."""

import json
from asyncio import to_thread
from collections.abc import AsyncGenerator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from api.web.requests import MULTIPART, URL_ENCODED

JSON = "application/json"
MOST_FIELDS, MOST_FILES = 2_000, 20
QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})  # as browsers do in names


class File(NamedTuple):
    name: str
    data: bytes


class TooLarge(Exception):
    """There are more bytes than a form may have."""


async def read_texts(request: Request, most_bytes: int) -> list[tuple[str, str | File]]:
    """The fields of a URL-encoded form. Raises TooLarge, and ValueError if it is none."""
    content = b"".join([chunk async for chunk in _bounded(request, most_bytes)])
    return await to_thread(_parsed, content.decode())  # a megabyte takes more than a second


async def read_parts(request: Request, most_bytes: int) -> list[tuple[str, str | File]]:
    """The same of a form that may hold files. A browser sends a file without a name where none is chosen."""
    parser = MultiPartParser(
        request.headers, _bounded(request, most_bytes), max_files=MOST_FILES, max_fields=MOST_FIELDS
    )
    try:
        found = await parser.parse()
    except MultiPartException as error:
        raise ValueError(error.message) from None
    try:
        pairs = found.multi_items()
        parts = [
            (name, one if isinstance(one, str) else File(one.filename or "", await one.read()))
            for name, one in pairs
            if isinstance(one, str) or one.filename
        ]
    finally:
        await found.close()
    return parts


async def _bounded(request: Request, most_bytes: int) -> AsyncGenerator[bytes, None]:
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > most_bytes:
            raise TooLarge
        yield chunk


def _parsed(text: str) -> list[tuple[str, str | File]]:
    return list(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"))


def encode(body: Any, media: str) -> tuple[bytes, str]:
    """The body as this media type, and its Content-Type."""
    if media == JSON:
        return json.dumps(body).encode(), JSON
    fields = [(name, one) for name, value in body.items() for one in _each(value)]
    if media == URL_ENCODED:
        return urlencode(fields).encode(), URL_ENCODED
    mark = uuid4().hex
    parts = [f"--{mark}\r\n".encode() + _part(name, one) + b"\r\n" for name, one in fields]
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"{MULTIPART}; boundary={mark}"


def _each(value: Any) -> list[Any]:
    """The texts and files of a field, which has one for each value."""
    values = [] if value is None else value if isinstance(value, list) else [value]
    return [one if isinstance(one, str | File) else json.dumps(one) for one in values]


def _part(name: str, value: str | File) -> bytes:
    head = f'Content-Disposition: form-data; name="{name.translate(QUOTED)}"'
    if isinstance(value, str):
        return f"{head}\r\n\r\n{value}".encode()
    file = (
        f'{head}; filename="{value.name.translate(QUOTED)}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    )
    return file.encode() + value.data
