"""Examples in the document: of every type, within its limits, and with the words beside a schema."""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from ipaddress import IPv4Address
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from pydantic import AnyUrl, BaseModel, EmailStr, Field, TypeAdapter

from api.models.base import Create
from api.models.types import (
    Day,
    Duration,
    Flag,
    JsonObject,
    Line,
    Money,
    Number,
    Text,
    TimeOfDay,
    UtcDatetime,
    Whole,
)
from api.openapi.examples import Examples, illustrate
from api.openapi.schemas import tidy

TYPES: dict[str, Any] = {
    "float": float,
    "float_or_none": float | None,
    "share": Annotated[float, Field(gt=0, lt=1)],
    "above": Annotated[float, Field(gt=2.5)],
    "below": Annotated[float, Field(lt=-2.5)],
    "steps": Annotated[float, Field(ge=0.3, multiple_of=0.25)],
    "int": int,
    "token": int,
    "few": Annotated[int, Field(gt=3, lt=5)],
    "dozens": Annotated[int, Field(ge=13, multiple_of=12)],
    "debt": Annotated[int, Field(le=-7)],
    "decimal": Decimal,
    "bool": bool,
    "none": None,
    "anything": Any,
    "literal": Literal["a", "b"],
    "enum": StrEnum("Colour", {"red": "red"}),
    "short": Annotated[str, Field(max_length=2)],
    "long": Annotated[str, Field(min_length=40)],
    "colour": Annotated[str, Field(pattern="^#[0-9a-f]{6}$")],
    "own_example": Annotated[str, Field(pattern="^Q[0-9]+$", examples=["Q42"])],
    "date": date,
    "datetime": datetime,
    "time": time,
    "duration": timedelta,
    "uuid": UUID,
    "email": EmailStr,
    "url": AnyUrl,
    "ip": IPv4Address,
    "list": list[float],
    "list_of_anything": list[Any],
    "pair": tuple[int, str],
    "many": Annotated[list[int], Field(min_length=3)],
    "none_of_them": Annotated[list[int], Field(max_length=0)],
    "set": set[UUID],
    "mapping": dict[str, float],
    "either": float | str,
    "line": Line,
    "text": Text,
    "money": Money,
    "moment": UtcDatetime,
    "day": Day,
    "time_of_day": TimeOfDay,
    "length": Duration,
    "flag": Flag,
    "whole": Whole,
    "real": Number,
    "object": JsonObject,
}


def example_of(body: Any) -> tuple[Any, dict[str, Any]]:
    """The example of a route's body, and the document that it stands in."""
    app = FastAPI()

    @app.post("/")
    async def handle(body: body) -> None: ...

    document = app.openapi()
    tidy(document["components"]["schemas"])
    illustrate(document)
    return document["paths"]["/"]["post"]["requestBody"]["content"]["application/json"]["example"], document


@pytest.mark.parametrize("name", TYPES)
def test_a_field_of_any_type_has_an_example_that_is_valid(name: str) -> None:
    model: Any = type("Kite", (BaseModel,), {"__annotations__": {name: TYPES[name]}})

    example, document = example_of(model)

    assert list(example) == [name]
    schema = {**document["components"]["schemas"]["Kite"], "components": document["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(example)
    TypeAdapter(model).validate_json(json.dumps(example))


@pytest.mark.parametrize("kind", ["string", "number", "integer", "boolean", "object", "array", "null"])
def test_every_type_that_a_json_schema_knows_has_an_example(kind: str) -> None:
    for schema in ({"type": kind}, {"type": [kind, "null"]}):
        Draft202012Validator(schema).validate(Examples({}).of(schema, "Kite", "wind"))


class Branch(BaseModel):
    leaves: float
    parent: "Branch | None"
    branches: list["Branch"]


def test_an_example_of_a_tree_ends() -> None:
    assert example_of(Branch)[0] == {"leaves": 1, "parent": None, "branches": []}


class LanternBase(BaseModel):
    __examples__: ClassVar[dict[str, Any]] = {
        "colour": "amber",
        "email": "lantern@example.com",
        "shape": "round",
    }

    colour: str
    email: str
    shape: Literal["square"]


class LanternCreate(LanternBase): ...


class LanternPublic(LanternBase):
    __examples__: ClassVar[dict[str, Any]] = {"colour": "red", "watts": 5}

    watts: int


class LanternSummary(BaseModel):
    colour: str
    watts: int


class LanternUpdate(Create):
    __examples__: ClassVar[dict[str, Any]] = {"watts": 7}

    colour: str
    watts: int


def test_words_stand_beside_the_schema_or_what_it_is_made_of() -> None:
    created = {"colour": "amber", "email": "lantern@example.com", "shape": "square"}

    assert example_of(LanternCreate)[0] == created
    assert example_of(LanternPublic)[0] == created | {"colour": "red", "watts": 5}
    assert example_of(LanternSummary)[0] == {"colour": "red", "watts": 5}  # as the Public
    assert example_of(LanternUpdate)[0] == {"watts": 7}
