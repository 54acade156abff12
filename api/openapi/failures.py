"""The error responses, and the schemas of problems, one for each code.

So a client, and its compiler, know the codes of each operation. `Problem` has the common fields.
"""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from fastapi.encoders import jsonable_encoder

from api.deps.many import BulkCode
from api.openapi.schemas import REF, is_unused, renamed, tidy
from api.problems import MEDIA_TYPE, Code, Problem, ProblemCode, title

WITH_FIELDS = {
    Code.invalid_request,
    Code.already_exists,
    Code.conflict,
    BulkCode.rows_refused,
}  # the codes that can name invalid fields
OPTIONAL = {"errors", "current", "data"}
RETRY_AFTER = {
    "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait before trying again."}
}
CHALLENGE = {
    "WWW-Authenticate": {"schema": {"type": "string"}, "description": "The authentication scheme: `Bearer`."}
}
HEADERS = {401: CHALLENGE, 429: RETRY_AFTER, 503: RETRY_AFTER}


OURS = "api__problems__"  # qualifies our schemas, as FastAPI would, until it is known which names are free
FASTAPI = ("HTTPValidationError", "ValidationError")  # the schemas of FastAPI's own 422
FASTAPI_422 = {
    "description": "Validation Error",
    "content": {"application/json": {"schema": {"$ref": REF + FASTAPI[0]}}},
}


def name(code: ProblemCode) -> str:
    return "".join(part.capitalize() for part in code.split("_")) + "Problem"


def declared(answer: dict[str, Any]) -> list[ProblemCode]:
    """The codes that a route declares by `responses=problems(…)`."""
    return [code for code in ProblemCode.members() if code in answer.get("x-codes", ())]


def add_failures(responses: dict[str, Any], codes: Iterable[ProblemCode], *, has_own_422: bool) -> None:
    """Add the error responses of an operation with these codes. What it declares itself stays."""
    if responses.get("422") == FASTAPI_422 and not has_own_422:
        del responses["422"]
    by_status: dict[int, list[ProblemCode]] = {}
    for code in sorted(codes):
        by_status.setdefault(code.status, []).append(code)
    for status, alike in by_status.items():
        responses[str(status)] = _joined(status, _answer(status, alike), responses.get(str(status), {}))


def _joined(status: int, ours: dict[str, Any], declared: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in declared:
        return declared
    declared = {key: value for key, value in declared.items() if key != "x-codes"}
    if declared.get("description") in {title(status), HTTPStatus(status).phrase}:  # FastAPI's own
        del declared["description"]
    beside = ("content", "headers")
    both = {key: ours[key] | declared[key] for key in beside if key in ours and key in declared}
    return ours | declared | both


def _answer(status: int, codes: list[ProblemCode]) -> dict[str, Any]:
    """The response of one status. Several codes are a union, discriminated by `code`."""
    refs = [{"$ref": REF + OURS + name(code)} for code in codes]
    schema = refs[0] if len(refs) == 1 else {"oneOf": refs}
    said = " ".join(f"`{code}`: {code.detail}" for code in codes)
    answer = {"description": f"{title(status)}. {said}", "content": {MEDIA_TYPE: {"schema": schema}}}
    return answer | ({"headers": HEADERS[status]} if status in HEADERS else {})


def with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the schemas of the problems in it, and of their common fields."""
    schemas = document["components"]["schemas"]
    for one in FASTAPI:
        if is_unused(document, one):
            schemas.pop(one, None)
    shape = Problem.model_json_schema(mode="serialization", ref_template=REF + "{model}")
    shape = jsonable_encoder(shape, exclude_none=True)  # as FastAPI writes it
    shapes: dict[str, Any] = {**shape.pop("$defs"), "Problem": shape}
    tidy(shapes)
    ours = {REF + one: REF + OURS + one for one in shapes}
    same = [one for one in shapes if schemas.get(one) == shapes[one]]  # a route declares our own model
    for one in same:
        del schemas[one]
    document = renamed(document, {REF + one: ours[REF + one] for one in same})
    document["components"]["schemas"] |= _schemas(renamed(shapes, ours), str(document["paths"]))
    return document


def _schemas(shapes: dict[str, Any], used_in: str) -> dict[str, Any]:
    """The schemas by their qualified names: of the common fields, and of each code that is used."""
    shape = shapes["Problem"]
    shapes["ProblemCode"]["title"] = "Code"
    del shape["additionalProperties"]  # each code has a schema with its own
    for one in (shape, shapes["FieldError"]):
        for part in one["properties"].values():  # a field is either required or absent, never null
            part.pop("default", None)
    shape["required"] = [field for field in shape["properties"] if field not in OPTIONAL]
    used = set(re.findall(REF + OURS + r"(\w+)", used_in))
    named = {name(code): code for code in ProblemCode.members()}
    shapes |= {name: _schema(code, shape) for name, code in named.items() if name in used}
    return {OURS + name: schema for name, schema in shapes.items()}


def _schema(code: ProblemCode, shape: dict[str, Any]) -> dict[str, Any]:
    own = {
        "status": {"type": "integer", "const": code.status},
        "code": {"type": "string", "const": code.value},
    }
    fields = {field: own.get(field, part) for field, part in shape["properties"].items()}
    if code not in WITH_FIELDS:
        del fields["errors"]
    if code is not Code.stale:
        del fields["current"]
    del fields["data"]
    told = code.numbers.items()
    fields |= {
        field: {"type": "integer", "description": said} if isinstance(said, str) else said
        for field, said in told
    }
    always = [field for field, said in told if not isinstance(said, str)]
    example = {
        "type": "about:blank",
        "title": title(code.status),
        "status": code.status,
        "code": code.value,
        "detail": code.detail,
    }
    if "possible" in code.numbers:
        example |= {"from": "draft", "to": "paid", "possible": ["sent"]}
    if code is Code.invalid_request:
        example["errors"] = [{"loc": ["body", "title"], "msg": "This is required.", "type": "missing"}]
    return shape | {
        "required": [*shape["required"], *always],
        "title": name(code),
        "description": code.detail,
        "properties": fields,
        "examples": [example],
    }
