"""Hostile input on every route is refused with a problem, never a 5xx, never echoed, and breaks no list.

Routes, fields and parameters are found through the app, so a new route is attacked as soon as it exists.
"""

import base64
import json
import re
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import pytest
from fastapi.routing import RouteContext
from httpx import AsyncClient, Response
from pydantic import TypeAdapter, ValidationError

import api.models.types
from api.problems import MEDIA_TYPE, Problem
from tests.conftest import ENGINES, THOROUGH, MakePerson
from tests.support.described import (
    DOCUMENT,
    LISTS,
    ROUTES,
    Body,
    is_endless,
    is_form,
    is_upload,
    needs_token,
    operation,
    query_names,
    types,
)
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.values import is_file

pytestmark = pytest.mark.anyio

T = TypeVar("T")

MARK = "h0st1le"  # is in most of what is sent, and never in the answer to it
MANY = 5_000
LONGEST_QUERY = 6_000  # characters, of what is sent
NUL, FAR = f'"\\u0000{MARK}"', str(2**63)

# JSON that no field takes, whatever its type.
NEVER = {
    "NUL": NUL,
    "NUL in a list": f"[{NUL}]",
    "NUL in an object": f'{{"a": {NUL}}}',
    "NUL in a key": f'{{"\\u0000{MARK}": 1}}',
    "a long list": f'["{MARK}"{", 1" * 100}]',
    "400 digits": "1" + "0" * 400,
    "nested 200 deep": "[" * 200 + "]" * 200,
    "objects 100 deep": '{"a":' * 100 + "1" + "}" * 100,
}
# JSON that no field takes but one of fractions, which takes also 1e308.
TOO_FAR = {"2**63": FAR, "-2**63-1": str(-(2**63) - 1)}
# JSON that no time takes.
NO_TIMES = {
    "year 1": '"0001-01-01T00:00:00+14:00"',
    "year 9999": '"9999-12-31T23:59:59-14:00"',
    "a time without zone": '"2026-01-01T00:00:00"',
    "a time that is not": '"2026-02-30T25:00:00Z"',
    "seconds since 1970": "1700000000",
}
# JSON that no text takes that must not be empty, but for one that is declared to.
BLANK = {"a space": '" "', "a no-break space": '"\\u00a0"', "a zero-width space": '"\\u200b"'}
VERBATIM = TypeAdapter(api.models.types.Verbatim).json_schema()["pattern"]
# JSON that suits some fields. The others have to say so.
ODD = {
    "null": "null",
    "true": "true",
    "zero": "0",
    "minus one": "-1",
    "a fraction": "1.5",
    "a large float": "1e308",
    "nothing": '""',
    "digits": '"1"',
    "a word for a number": '"NaN"',
    "an empty list": "[]",
    "an empty object": "{}",
    "a list of null": "[null]",
    "a list of a list": "[[]]",
    "a string in an object": f'{{"{MARK}": "{MARK}"}}',
    "a large number in an object": f'{{"a": {10**30}, "b": 1e308}}',
    "the first day": '"0001-01-01"',
    "the last day": '"9999-12-31"',
    "a time of day with a zone": '"09:00:00+02:00"',
    "a very long duration": '"P999999999D"',
    "a header": f'"{MARK}\\r\\nBcc: a@example.com"',
    "right to left": f'"{MARK}\\u202e"',
    "no characters": '"\\ufffe\\uffff"',
    "an emoji": '"\\ud83d\\ude00"',
    "one that becomes eighteen": '"' + "\\ufdfa" * 40 + '"',
    "a letter that changes its length": f'"\\u0130{MARK}"',
    "SQL": f'"{MARK}\'; DROP TABLE users; --"',
    "an address with a word in it": f'"a@{MARK}\\u0378.com"',
    "an escape": f'"\\u001b[2J{MARK}"',
}
# By format or JSON type, the type that refuses what databases cannot store, and what is ambiguous.
STRICT = {
    "date-time": "UtcDatetime",
    "date": "Day",
    "time": "TimeOfDay",
    "duration": "Duration",
    "boolean": "Flag",
    "integer": "Whole",
    "number": "Number",
    "string": "Line or Text",
}
# What is no JSON document at all, in place of the value of one field.
NOT_JSON = {
    "NaN": b"NaN",
    "Infinity": b"Infinity",
    "-Infinity": b"-Infinity",
    "1e999": b"1e999",
    "-1e999": b"-1e999",
    "5,000 digits": b"1" + b"0" * MANY,
    "half a surrogate pair": f'"{MARK}\\ud800"'.encode(),
    "a pair the wrong way round": f'"{MARK}\\udc00\\ud800"'.encode(),
    "bad UTF-8": f'"{MARK}'.encode() + b'\xff"',
    "UTF-8 of a surrogate": b'"\xed\xa0\x80"',
    "lists 5,000 deep": b"[" * MANY + b"]" * MANY,
    "objects 5,000 deep": b'{"a":' * MANY + b"1" + b"}" * MANY,
    "lists never closed": b"[" * MANY,
}
# What is no body at all.
NO_BODIES = {
    "an empty body": b"",
    "null": b"null",
    "a list": b"[]",
    "a list of an object": b"[{}]",
    "a string": f'"{MARK}"'.encode(),
    "a number": b"5",
    "true": b"true",
    "half an object": f'{{"{MARK}": '.encode(),
    "two objects": b"{} {}",
    "a key twice": f'{{"a": "{MARK}", "a": 1}}'.encode(),
    "a surrogate for a key": b'{"\\ud800": 1}',
    "NUL for a key": b'{"\\u0000": 1}',
    "NUL bytes": b"\0\0\0\0",
    "UTF-16": f'{{"a": "{MARK}"}}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "10,000 unknown fields": json.dumps({f"f{n}": MARK for n in range(10_000)}).encode(),
    "a very long key": json.dumps({"k" * 100_000: MARK}).encode(),
}
A_FILE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'
BIG = b'{"a": "' + MARK.encode() * 3_000_000 + b'"}'
WRONG_TYPES = [
    "text/plain",
    "application/xml",
    "application/jsonp",
    "application/octet-stream",
    "image/png",
    "json",
    "*/*",
    None,
]
SERVER_OWNED = [
    *(
        "id",
        "owner_id",
        "created_at",
        "updated_at",
        "author_id",
        "user_id",
        "role",
        "role_id",
        "permissions",
        "is_active",
    ),
    *(
        "email_verified",
        "hashed_password",
        "username_key",
        "email_key",
        "pending_email",
        "avatar_url",
        "full_name",
        "status",
    ),
    *(
        "available",
        "enrolled_count",
        "member_count",
        "comment_count",
        "read_at",
        "revoked_at",
        "session_id",
        "__class__",
    ),
]
IN_A_PATH = [
    "%00",
    "%ff",
    "%ED%A0%80",
    MARK,
    MARK * 2_000,
    "%0d%0a",
    "%25",
    "-1",
    FAR,
    "1" * MANY,
    "NaN",
    "%F0%9F%92%A9",
    "0" * 36,
]
IN_A_QUERY = {
    "nothing": "",
    "bad UTF-8": "%ff",
    "UTF-8 of a surrogate": "%ED%A0%80",
    "a very long word": MARK * 200,
    "2**63": FAR,
    "5,000 digits": "1" * MANY,
    "minus one": "-1",
    "1e999": "1e999",
    "NaN": "NaN",
    "null": "null",
    "a list": "[]",
    "a quote": f"{MARK}'--",
    "wildcards": "%25_%25%5C/",
    "an emoji": "%F0%9F%92%A9",
    "a cursor of nonsense": base64.urlsafe_b64encode(b'["id", "desc", {"a": []}, 5]').decode(),
    "a cursor too deep": base64.urlsafe_b64encode(b"[" * 700).decode(),
    "a cursor of NaN": base64.urlsafe_b64encode(b'["id", "desc", NaN, "\\u0000"]').decode(),
    "year 1": "0001-01-01T00:00:00%2B14:00",
    "year 9999": "9999-12-31T23:59:59-14:00",
    "a time without zone": "2026-01-01T00:00:00",
}
# Headers that decide alone what becomes of a request are tried one by one.
DECISIVE_HEADERS = {
    "Authorization": [
        b"",
        b"Bearer",
        b"Bearer \xff\xff",
        b"Bearer a.b.c",
        b"Bearer .." + b"." * MANY,
        b"Bearer " + MARK.encode() * 1_000,
        b"Basic " + base64.b64encode(b"root:root"),
        b"Bearer " + base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=") + b".e30.",
        b"Bearer " + base64.urlsafe_b64encode(b'{"a":' * 200).rstrip(b"=") + b".e30.e30",
    ],
    "Content-Type": [
        b"",
        b"\xff",
        b"application/json; charset=\xff",
        b";;;=",
        b"a" * MANY,
        b"multipart/form-data",
        b"/",
    ],
    "If-Match": [b"", b'""', b"\xff\xfe", b'W/"', b"," * MANY, MARK.encode() * 1_000],
}
# The others are sent together: the first of each, the second of each, …
OTHER_HEADERS = {
    "If-None-Match": [b"\xff", b'"' * MANY, b"," * MANY],
    "Cookie": [
        b"=;;=;\xff",
        b"refresh_token=\xff%00",
        b"refresh_token=" + MARK.encode() * 1_000,
        b'refresh_token="\\000"',
    ],
    "X-Request-ID": [b"", b"\xff\xfe", MARK.encode() + b" ", MARK.encode() * 100, b'"${jndi:x}'],
    "Idempotency-Key": [b"", b"\xff\x01", MARK.encode() * 1_000],
    "Last-Event-ID": [b"\xff", b"9" * MANY],
    "Prefer": [b"\xff", b"," * MANY, b"dry-run;=,;dry-run"],
    "Accept": [b"\xff", b"text/html"],
    "User-Agent": [b"\xff\x01\x7f", MARK.encode() * 1_000],
    "Host": [b"[", b"\xff", b"a b", b":::"],
    "Origin": [b"null", b"\xff", b"http://["],
    "X-Forwarded-For": [b"\xff", MARK.encode() * 1_000],
    "Range": [b"bytes=9-1,\xff"],
    "Accept-Language": [b"\xff" * 1_000],
}


def calls(tag: str) -> list[tuple[str, RouteContext]]:
    """Every method of every route of this resource."""
    mine = [
        (method, route) for route in ROUTES for method in sorted(route.methods or ()) if tag in route.tags
    ]
    return [(method, route) for method, route in mine if not is_endless(operation(route, method))]


def takes(part: dict[str, Any], text: str) -> bool:
    """Whether the field's type is that of this JSON."""
    value = json.loads(text)
    name = {
        str: "string",
        bool: "boolean",
        int: "integer",
        float: "number",
        list: "array",
        dict: "object",
    }.get(type(value), "null")
    allowed = types(part)
    return not allowed or name in allowed or (name == "integer" and "number" in allowed)


def remedy(part: dict[str, Any]) -> str:
    """The type of a field that takes no such values, if there is one."""
    found = [STRICT[kind] for kind in (part.get("format"), *sorted(types(part))) if kind in STRICT]
    return f": declare it as {found[0]} of api/models/types.py" if found else ""


@dataclass
class Attacker(Maker):
    """An administrator with bad intentions, who notes what went wrong for the API."""

    person: MakePerson = field(kw_only=True)
    wrongs: list[str] = field(default_factory=list)

    async def send(
        self, method: str, url: str, what: str, *, by: AsyncClient | None = None, **request: Any
    ) -> Response:
        answer = await (by or self.client).request(method, f"http://test{url}", **request)
        for wrong in faults(answer):
            self.wrongs.append(f"{method} {url[:200]} with {what}: {wrong}")
        if answer.is_success and method == "DELETE":
            self.rows = {}
        mine = by is None and "Authorization" not in request.get("headers", ())
        if (
            mine
            and answer.status_code in {204, 401}
            and (await self.client.get("/users/me")).status_code == 401
        ):
            self.client, self.rows = (
                await self.person(role="admin"),
                {},
            )  # it has deleted itself, or signed itself out
        return answer

    async def refused(self, method: str, url: str, what: str, **request: Any) -> Response:
        answer = await self.send(method, url, what, **request)
        if answer.status_code < 400:
            self.wrongs.append(f"{method} {url[:200]} with {what}: accepted, {answer.status_code}")
        return answer


def faults(answer: Response) -> Iterator[str]:
    """What is wrong with an answer, whatever the question was."""
    if answer.status_code >= 500:
        yield f"{answer.status_code} {answer.text[:300]}"
    if answer.status_code == 201 and "location" not in answer.headers:
        yield "created without Location"
    if answer.status_code < 400:
        return
    if answer.headers["content-type"] != MEDIA_TYPE:
        yield f"{answer.status_code} as {answer.headers['content-type']}"
        return
    body = answer.json()
    try:
        problem = Problem.model_validate(body)
    except ValueError as error:
        yield f"not the documented shape: {error}"
        return
    if problem.model_dump(mode="json", exclude_none=True) != body or problem.status != answer.status_code:
        yield f"not the documented shape: {body}"
    if problem.code.status != answer.status_code:
        yield f"{problem.code} does not go with {answer.status_code}"
    said = problem.model_dump_json(
        exclude={"errors": {"__all__": {"loc"}}}
    )  # but for the name of an unknown field
    if MARK in said or any(MARK in value for value in answer.headers.values()):
        yield f"echoed in {answer.text[:500]}"
    if len(answer.content) > 20_000:
        yield f"an error of {len(answer.content)} bytes"


def complaints(answer: Response, where: str) -> set[str]:
    """The fields that a 422 is about."""
    errors = answer.json().get("errors", []) if answer.status_code == 422 else []
    return {str(error["loc"][1]) for error in errors if error["loc"][0] == where and len(error["loc"]) > 1}


def encoded(route: RouteContext, values: dict[str, str]) -> dict[str, Any]:
    """The request for a body whose values are JSON text: some of it has no Python value."""
    if is_form(route):
        pairs = {name: v if isinstance(v := json.loads(text), str) else text for name, text in values.items()}
        if is_upload(route):
            fields = Body.of(route).fields
            files = {name for name in pairs if is_file(fields.get(name, {}))}
            return {"files": {name: ("file.gif" if name in files else None, v) for name, v in pairs.items()}}
        sent = "&".join(f"{name}={quote(v)}" for name, v in pairs.items())
        return {"content": sent.encode(), "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    content = "{" + ", ".join(f"{json.dumps(name)}: {text}" for name, text in values.items()) + "}"
    return {"content": content.encode(), "headers": {"Content-Type": "application/json"}}


@pytest.fixture
async def attacker(admin: Person, person: MakePerson, tag: str) -> AsyncIterator[Attacker]:
    """Afterwards the API must have done nothing wrong, and another administrator must still see the lists."""
    attacker = Attacker(await person(role="admin"), person=person)
    yield attacker
    assert not attacker.wrongs, f"{len(attacker.wrongs)} wrong answers:\n" + "\n".join(attacker.wrongs[:40])
    for route in LISTS:
        if THOROUGH or tag in route.tags:
            answer = await admin.get(f"http://test{await attacker.url(route)}", params={"limit": 200})
            assert answer.status_code in {200} | ({404} if "{" in str(route.path_format) else set()), (
                f"{route.path_format} is poisoned"
            )


TAGS = [tag["name"] for tag in DOCUMENT["tags"]]
every_resource = pytest.mark.parametrize("tag", TAGS)
# `make fuzz` tries all values everywhere, on both engines. The quick suite uses the stricter engine, and
# tries another share of the values in each place.
under_attack = ENGINES if THOROUGH else ["postgresql"]
SHARE = 1 if THOROUGH else 12


def some(values: Iterable[T], *place: str) -> Iterator[T]:
    turn = zlib.crc32("".join(place).encode())
    return (value for number, value in enumerate(values) if (number + turn) % SHARE == 0)


one_engine = pytest.mark.parametrize("kind", under_attack, indirect=True, scope="session")


@one_engine
@every_resource
async def test_no_field_takes_hostile_values(attacker: Attacker, tag: str) -> None:
    for method, route in calls(tag):
        body = Body.of(route)
        if not body.fields:
            continue
        values = NEVER | TOO_FAR | BLANK | ODD | NO_TIMES
        if is_form(route):  # everything is text there
            values = {what: text for what, text in values.items() if text.startswith('"')}
        most = 6_000 if hasattr(route.endpoint, "largest_body") else 400_000
        # In all fields at once, and still within the limit of a body
        long = MARK * (most // len(MARK) // len(body.fields))
        for what, text in some(
            {**values, "a very long string": f'"{long}"'}.items(), method, str(route.path_format)
        ):
            left, refused = dict.fromkeys(body.fields, text), True
            while left and refused:  # what the fields do not complain about, they get without the others
                known = {
                    name: json.dumps(value)
                    for name, value in (await attacker.sample(body, without=left)).items()
                }
                url = await attacker.url(route)
                answer = await attacker.send(
                    method, url, f"{what} for {', '.join(left)}", **encoded(route, known | left)
                )
                complaining = complaints(answer, "body") & set(left)
                refused = bool(complaining)
                left = {name: text for name, text in left.items() if name not in complaining}
            for name in left:
                part = body.fields[name]
                if not is_file(part) and (
                    what in NEVER
                    or (what in TOO_FAR and "number" not in types(part))
                    or what == "a very long string"
                    or (what in NO_TIMES and part.get("format") == "date-time")
                    or (what in BLANK and part.get("minLength") and part.get("pattern") != VERBATIM)
                    or not (is_form(route) or takes(part, text))
                ):
                    attacker.wrongs.append(f"{method} {route.path_format}: {name} takes {what}{remedy(part)}")


@one_engine
@every_resource
async def test_no_body_is_taken_that_is_not_an_object_of_known_fields(
    attacker: Attacker, client: AsyncClient, tag: str
) -> None:
    for method, route in calls(tag):
        body, path = Body.of(route), str(route.path_format)
        if not body.fields:
            continue
        url = await attacker.url(route)
        kind, big = "application/x-www-form-urlencoded" if is_form(route) else "application/json", BIG
        if is_upload(route):
            kind, big = "multipart/form-data; boundary=x", A_FILE + BIG
        sample = {name: json.dumps(value) for name, value in (await attacker.sample(body)).items()}

        owned = {name: f'"{MARK}"' for name in SERVER_OWNED if name not in body.fields}
        answer = await attacker.refused(method, url, "server-owned fields", **encoded(route, sample | owned))
        if taken := set(owned) - complaints(answer, "body"):
            attacker.wrongs.append(f"{method} {url} takes {', '.join(taken)}")
        if body.required:
            answer = await attacker.refused(method, url, "nothing it needs", **encoded(route, {}))
        for what, content in some(NO_BODIES.items(), method, path):
            await attacker.refused(method, url, what, content=content, headers={"Content-Type": kind})
        for by in (None, client):
            is_stranger = by is client and needs_token(operation(route, method))
            await attacker.refused(method, url, "nothing", by=by, content=b"", headers={"Content-Type": kind})
            for what, large in some({"20 MB": big, "20 MB in chunks": in_chunks(big)}.items(), method, path):
                answer = await attacker.refused(
                    method, url, what, by=by, content=large, headers={"Content-Type": kind}
                )
                if answer.status_code != (401 if is_stranger else 413):
                    attacker.wrongs.append(f"{method} {url} with {what}: {answer.status_code}")
            for type in [
                *WRONG_TYPES,
                "application/json" if is_form(route) else "multipart/form-data; boundary=x",
            ]:
                headers = {"Content-Type": type} if type else {}
                what = f"a body of type {type}"
                answer = await attacker.refused(
                    method, url, what, by=by, content=f'{{"a": "{MARK}"}}'.encode(), headers=headers
                )
                if answer.status_code != (401 if is_stranger else 415):
                    attacker.wrongs.append(f"{method} {url} with {what}: {answer.status_code}")
        if is_form(route):
            form = "&".join(f"{name}=%00%ff%ED%A0%80" for name in body.fields)
            for what, text in {
                "junk": form,
                "a field twice": f"{form}&{form}",
                "2,000 fields": "a=1&" * 2_000,
            }.items():
                await attacker.refused(
                    method, url, what, content=text.encode(), headers={"Content-Type": kind}
                )
            for type in (
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; charset=x; boundary=a",
            ):
                await attacker.refused(
                    method, url, type, content=b"--a\r\n\r\n\xff--a--", headers={"Content-Type": type}
                )
        else:
            for what, raw in some(NOT_JSON.items(), method, path):
                for name in list(body.fields)[:1]:
                    content = json.dumps({name: "?"}).encode().replace(b'"?"', raw)
                    answer = await attacker.refused(
                        method, url, what, content=content, headers={"Content-Type": kind}
                    )
                    if answer.status_code == 422 and answer.json()["errors"][0]["type"] != "json_invalid":
                        attacker.wrongs.append(f"{method} {url} reads {what}")


async def in_chunks(content: bytes) -> AsyncIterator[bytes]:
    """A body that does not say beforehand how long it is."""
    for start in range(0, len(content), 2**16):
        yield content[start : start + 2**16]


@one_engine
@every_resource
async def test_no_address_and_no_query_breaks_anything(
    attacker: Attacker, client: AsyncClient, tag: str
) -> None:
    for method, route in calls(tag):
        path, names = str(route.path_format), query_names(method, route)
        request = encoded(route, {}) if route.body_field is not None else {}
        for junk in some(IN_A_PATH, method, path) if "{" in path else ():
            for by in (None, client):
                await attacker.refused(
                    method, re.sub(r"\{\w+\}", junk, path), f"{junk[:20]} in the path", by=by, **request
                )
        left, what = set(names), "NUL"
        url = await attacker.url(route)
        if names:
            answer = await attacker.refused(method, f"{url}?{asked(names, f'%00{MARK}')}", what, **request)
            if quiet := left - complaints(answer, "query"):
                answer = await attacker.refused(
                    method, f"{url}?{asked(quiet, f'%00{MARK}')}", what, **request
                )
                attacker.wrongs += [
                    f"{method} {path}: ?{name} takes NUL" for name in quiet - complaints(answer, "query")
                ]
        for what, junk in some(IN_A_QUERY.items(), method, path):
            quiet = set()
            for some_names in in_short_queries(names, junk):
                left, refused = set(some_names), True
                while left and refused:
                    url = await attacker.url(route)
                    answer = await attacker.send(
                        method, f"{url}?{asked(left, junk)}", f"{what} in the query", **request
                    )
                    refused = bool(complaining := complaints(answer, "query") & left)
                    left -= complaining
                quiet |= left
            for name in quiet if what in {"bad UTF-8", "2**63"} else ():
                if names[name].get("type") == "integer" or names[name].get("format"):
                    attacker.wrongs.append(f"{method} {path}: ?{name} takes {what}")
        unknown = f"{MARK}=1&%00=%00&&&===&%ff=1&{'a=1&' * 300}"
        for query in (unknown, asked([*names, *names], MARK)):
            answer = await attacker.send(
                method, f"{await attacker.url(route)}?{query}", f"?{query[:50]}", **request
            )
            if names and answer.status_code < 400:
                attacker.wrongs.append(f"{method} {path} takes ?{query[:50]}")
            await attacker.send(
                method, f"{await attacker.url(route)}?{query}", f"?{query[:50]}", by=client, **request
            )


def in_short_queries(names: Iterable[str], value: str) -> Iterator[list[str]]:
    """The names in parts, each of a query that is not refused for its length."""
    left, size = [*names], max(1, LONGEST_QUERY // (len(value) + 40))
    for start in range(0, len(left), size):
        yield left[start : start + size]


def asked(names: Iterable[str], value: str) -> str:
    return "&".join(f"{name}={value}" for name in names)


@one_engine
@every_resource
async def test_no_header_breaks_anything(attacker: Attacker, tag: str) -> None:
    for method, route in calls(tag):
        for odd in some(odd_headers(method, route), method, str(route.path_format)):
            request: dict[str, Any] = {}
            if route.body_field is not None:
                sample = await attacker.sample(Body.of(route))
                request = encoded(route, {field: json.dumps(value) for field, value in sample.items()})
            headers = {**request.pop("headers", {}), **odd}
            what = ", ".join(f"{name}: {value[:30]!r}" for name, value in odd.items())
            answer = await attacker.send(method, await attacker.url(route), what, headers=headers, **request)
            public = operation(route, method).get("x-policy") == "public"
            if "Authorization" in odd and not public and answer.status_code != 401:
                attacker.wrongs.append(f"{method} {route.path_format} with {what}: {answer.status_code}")
            if answer.headers["x-request-id"] == headers.get("X-Request-ID", b"").decode("latin-1"):
                attacker.wrongs.append(f"{method} {route.path_format} with {what}: the request id was taken")


def odd_headers(method: str, route: RouteContext) -> Iterator[dict[str, bytes]]:
    heeded = {"Authorization"} | ({"Content-Type"} if route.body_field is not None else set())
    heeded |= {parameter["name"] for parameter in operation(route, method).get("parameters", ())}
    yield from (
        {name: value} for name, values in DECISIVE_HEADERS.items() if name in heeded for value in values
    )
    for round in range(max(map(len, OTHER_HEADERS.values()))):
        yield {name: values[round] for name, values in OTHER_HEADERS.items() if round < len(values)}


@pytest.mark.parametrize("plain", [datetime, date, time, timedelta, bool, int, float, str])
def test_for_a_plain_type_there_is_one_that_refuses_more(plain: type) -> None:
    """The attack on a field of a plain type fails, and says what to write."""
    part = TypeAdapter(plain).json_schema()
    found = re.findall(r"[A-Z]\w+", remedy(part).partition(" of ")[0])

    assert found
    for name in found:
        strict = TypeAdapter(getattr(api.models.types, name))
        assert types(strict.json_schema()) == types(part)
        with pytest.raises(ValidationError):
            strict.validate_json(NUL if plain is str else '"1"')
