"""The schemas of problems, one for each code.

So a client, and its compiler, know the codes of each operation. `Problem` has the common fields.
"""

import re
from collections.abc import Iterable
from typing import Any

from api.openapi.schemas import REF, tidy
from api.problems import MEDIA_TYPE, Code, Problem, ProblemCode, title

WITH_FIELDS = {Code.invalid_request, Code.already_exists}  # the codes that can name invalid fields
RETRY_AFTER = {
    "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait before trying again."}
}
CHALLENGE = {
    "WWW-Authenticate": {"schema": {"type": "string"}, "description": "The authentication scheme: `Bearer`."}
}
HEADERS = {401: CHALLENGE, 429: RETRY_AFTER, 503: RETRY_AFTER}


def name(code: ProblemCode) -> str:
    return "".join(part.capitalize() for part in code.split("_")) + "Problem"


def declared(answer: dict[str, Any]) -> list[ProblemCode]:
    """The codes that a route declares by `responses=problems(…)`."""
    return [code for code in ProblemCode.members() if code in answer.get("x-codes", ())]


def failing(codes: Iterable[ProblemCode]) -> dict[str, Any]:
    """The error responses of an operation with these codes."""
    by_status: dict[int, list[ProblemCode]] = {}
    for code in sorted(codes):
        by_status.setdefault(code.status, []).append(code)
    return {str(status): _answer(status, alike) for status, alike in by_status.items()}


def _answer(status: int, codes: list[ProblemCode]) -> dict[str, Any]:
    """The response of one status. Several codes are a union, discriminated by `code`."""
    refs = [{"$ref": REF + name(code)} for code in codes]
    schema = refs[0] if len(refs) == 1 else {"oneOf": refs}
    said = " ".join(f"`{code}`: {code.detail}" for code in codes)
    answer = {"description": f"{title(status)}. {said}", "content": {MEDIA_TYPE: {"schema": schema}}}
    return answer | ({"headers": HEADERS[status]} if status in HEADERS else {})


def failures(paths: dict[str, Any]) -> dict[str, Any]:
    """The schemas of all problems, and of their common fields."""
    used = set(re.findall(REF + r"(\w+)", str(paths)))
    shape = Problem.model_json_schema(mode="serialization", ref_template=REF + "{model}")
    schemas: dict[str, Any] = {**shape.pop("$defs"), "Problem": shape}
    schemas["ProblemCode"]["title"] = "Code"
    tidy(schemas)
    for part in shape["properties"].values():  # a field is either required or absent, never null
        part.pop("default", None)
    shape["required"] = [field for field in shape["properties"] if field != "errors"]
    named = {name(code): code for code in ProblemCode.members()}
    return schemas | {name: _schema(code, shape) for name, code in named.items() if name in used}


def _schema(code: ProblemCode, shape: dict[str, Any]) -> dict[str, Any]:
    own = {
        "status": {"type": "integer", "const": code.status},
        "code": {"type": "string", "const": code.value},
    }
    fields = {field: own.get(field, part) for field, part in shape["properties"].items()}
    if code not in WITH_FIELDS:
        del fields["errors"]
    example = {
        "type": "about:blank",
        "title": title(code.status),
        "status": code.status,
        "code": code,
        "detail": code.detail,
    }
    if code is Code.invalid_request:
        example["errors"] = [{"loc": ["body", "title"], "msg": "Field required", "type": "missing"}]
    return shape | {
        "title": name(code),
        "description": code.detail,
        "properties": fields,
        "examples": [example],
    }
