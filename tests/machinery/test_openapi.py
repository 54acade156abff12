"""The document is one that generators turn into a client with types: no holes, no twins, and examples that
are true."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import RouteContext
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from api.models.avatar import ImageType
from api.models.base import Entity, tables
from api.models.expanding import expandables
from api.problems import FieldError, ProblemCode
from tests.support.described import DOCUMENT, ROUTES, deref, is_form, is_upload, operation, page_of

SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = [said for methods in DOCUMENT["paths"].values() for said in methods.values()]
WITH_BODY = [
    (method, route)
    for route in ROUTES
    if route.body_field and not is_upload(route)
    for method in sorted(route.methods or ())
]
PICTURE = {"type": "string", "format": "binary"}
UNNAMED = [
    ("text/csv", {"type": "string"}),
    ("application/json", {"type": "null"}),
    *((kind, PICTURE) for kind in ImageType),
]
FILES = ("text/csv", "image/", "multipart/")  # what JSON cannot show
every_operation = pytest.mark.parametrize("said", OPERATIONS, ids=lambda said: str(said["operationId"]))


def contents(said: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each thing that an operation takes or answers, by its kind."""
    for place in (said.get("requestBody", {}), *said["responses"].values()):
        yield from place.get("content", {}).items()


def parts(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """A schema and all schemas in it, by where they are."""
    yield path, schema
    for name, inner in schema.get("properties", {}).items():
        yield from parts(inner, f"{path}.{name}")
    for keyword in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(keyword, ()):
            yield from parts(inner, path)
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from parts(schema[keyword], f"{path}[]")


ANYTHING = ["ActivityPublic.changes[][]", "JsonObject[][]"]


def test_every_part_of_every_schema_has_a_type() -> None:
    everything = [part for name, schema in SCHEMAS.items() for part in parts(schema, name)]
    typed = {"type", "$ref", "anyOf", "oneOf", "const"}

    assert [path for path, schema in everything if not typed & set(schema)] == ANYTHING
    assert [path for path, schema in everything if schema.get("type") == "object" and len(schema) == 1] == []
    assert [path for path, schema in everything if schema.get("additionalProperties") is True] == []


@every_operation
def test_whatever_is_sent_or_answered_has_a_name(said: dict[str, Any]) -> None:
    for kind, media in contents(said):
        schema = media["schema"]
        named = all("$ref" in one for one in schema.get("oneOf", [schema]))
        assert named or (kind, schema) in UNNAMED
    status, answer = next(iter(said["responses"].items()))
    assert ("content" in answer) is (status not in {"202", "204"})  # where nothing is told


@every_operation
def test_parameters_are_described_and_never_null(said: dict[str, Any]) -> None:
    for parameter in said.get("parameters", ()):
        assert parameter["description"], parameter["name"]
        assert "null" not in json.dumps(parameter["schema"])


def test_what_refers_counts_or_switches_is_described() -> None:
    """A title says what it is; `group_id`, `member_count` and `is_open` do not."""
    for name, schema in SCHEMAS.items():
        for field, part in schema.get("properties", {}).items():
            if (
                field.endswith(("_id", "_count"))
                or part.get("type") == "boolean"
                or "null" in str(part.get("anyOf"))
            ):
                assert "description" in part or "description" in deref(part.get("anyOf", [part])[0]), (
                    f"{name}.{field}"
                )


def test_no_two_schemas_are_the_same() -> None:
    """A schema that reads and writes alike is one schema, not an Input and an Output.

    Two entities may have the same fields, and so may what is shown of them within another one.
    """
    seen: dict[str, str] = {}
    entities = sorted((model.__name__ for model in tables()), key=len, reverse=True)
    for name, schema in SCHEMAS.items():
        entity = next((one for one in entities if name.startswith(one)), "")
        inner = next((one for one in entities if name.removeprefix(entity).startswith(one)), "")
        shape = (
            entity
            + inner
            + json.dumps(
                {
                    key: value
                    for key, value in schema.items()
                    if key not in {"title", "description", "examples"}
                }
            )
        )
        assert seen.setdefault(shape, name) == name, f"{name} is {seen[shape]} once more"


NUMBERS = {
    name for code in ProblemCode.members() for name, said in code.numbers.items() if isinstance(said, str)
}
LIMITS = FieldError.model_fields.keys() - {"loc", "msg", "type"}


SHOWN_ON_DEMAND = {
    model.__name__: expandables(model)
    for route in ROUTES
    if isinstance(model := page_of(route) or route.response_model, type) and issubclass(model, Entity)
}


def test_what_is_always_there_is_required_and_has_no_default() -> None:
    asked = {
        media["schema"]["$ref"] for said in OPERATIONS for _, media in contents({**said, "responses": {}})
    }
    for name, schema in SCHEMAS.items():
        if "properties" not in schema or f"#/components/schemas/{name}" in asked:
            continue
        sometimes = {"errors", *NUMBERS} & set(schema["properties"])
        absent = {"Problem": {"current", "data"}, "StaleProblem": {"current"}, "FieldError": LIMITS}
        sometimes |= absent.get(name, set()) | SHOWN_ON_DEMAND.get(name, set())
        sometimes |= {
            field
            for field, part in schema["properties"].items()
            if part.get("description", "").startswith("Only if asked for")
        }
        assert set(schema.get("required", ())) == set(schema["properties"]) - sometimes, name
        assert [field for field, part in schema["properties"].items() if "default" in part] == [], name


@pytest.mark.parametrize(("method", "route"), WITH_BODY, ids=[f"{m} {r.path_format}" for m, r in WITH_BODY])
def test_what_the_examples_send_is_taken(method: str, route: RouteContext) -> None:
    (media,) = operation(route, method)["requestBody"]["content"].values()
    annotation = route.body_field.field_info.annotation

    TypeAdapter(annotation).validate_python(media["example"]) if is_form(route) else TypeAdapter(
        annotation
    ).validate_json(json.dumps(media["example"]))


@every_operation
def test_examples_are_what_their_schemas_say(said: dict[str, Any]) -> None:
    for kind, media in contents(said):
        schemas = [deref(one) for one in media["schema"].get("oneOf", [media["schema"]])]
        examples = (
            [media["example"]]
            if "example" in media
            else [one for schema in schemas for one in schema.get("examples", ())]
        )
        assert examples or kind.startswith(FILES)
        for example in examples:
            whole = {**media["schema"], "components": DOCUMENT["components"]}
            Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(example)
