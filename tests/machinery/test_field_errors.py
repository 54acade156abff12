"""Errors of fields: in words for people, with their limits as numbers, and without what was sent."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from httpx import ASGITransport, AsyncClient
from pydantic import AwareDatetime, BaseModel, Field, HttpUrl, field_validator
from pydantic_core import core_schema

from api.models.types import NO_NUL, ONE_LINE, WORDED, JsonObject, Line, Text
from api.web.exception_handlers import install
from api.web.field_errors import LENGTHS, WORDS

pytestmark = pytest.mark.anyio

SENT = "s3nt"


class Colour(StrEnum):
    light_blue = "light blue"
    robins = "robin's egg"


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


class Thing(BaseModel, extra="forbid"):
    line: Line = "a"
    text: Text = "a"
    short: str = Field("a", min_length=1, max_length=3)
    long: str = Field("abcd", min_length=4, max_length=1000)
    code: str = Field("AB", pattern="^[A-Z]{2}$")
    whole: int = Field(1, ge=1, le=9)
    real: float = Field(1, gt=0.5, lt=2)
    even: int = Field(2, multiple_of=2)
    money: Decimal = Field(Decimal(1), max_digits=5, decimal_places=2, gt=Decimal("0.5"))
    flag: bool = True
    colour: Colour = Colour.robins
    size: Literal["S", "M", 3] = "S"
    items: list[int] = Field([1], min_length=1, max_length=2)
    id: UUID = UUID(int=0)
    at: AwareDatetime | None = None
    day: date = Field(date(2030, 1, 1), ge=date(2020, 1, 1))
    url: HttpUrl | None = None
    data: JsonObject = {}
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    own: str = ""

    @field_validator("own")
    @classmethod
    def _own(cls, value: str) -> str:
        raise ValueError("Write something else.")


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    app = FastAPI()
    install(app)

    @app.post("/things")
    async def take(thing: Thing) -> None: ...

    @app.post("/words")
    async def own_words() -> None:
        raise RequestValidationError([{"type": "missing", "loc": ("body", "a"), "msg": "Where is a?"}])

    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client


CASES: list[tuple[str, Any, str, dict[str, Any]]] = [
    ("line", f"{SENT}\n", WORDED[ONE_LINE], {"pattern": ONE_LINE}),
    ("text", f"{SENT}\0", WORDED[NO_NUL], {"pattern": NO_NUL}),
    ("line", 5, "This must be a text.", {}),
    ("short", "", "This must not be empty.", {"min_length": 1}),
    ("short", SENT, "Use at most 3 characters.", {"max_length": 3}),
    ("long", "abc", "Use at least 4 characters.", {"min_length": 4}),
    ("long", SENT * 300, "Use at most 1,000 characters.", {"max_length": 1000}),
    ("code", SENT, "This does not have the expected form: ^[A-Z]{2}$", {"pattern": "^[A-Z]{2}$"}),
    ("whole", 0, "This must be at least 1.", {"ge": 1}),
    ("whole", 10, "This must be at most 9.", {"le": 9}),
    ("whole", SENT, "This must be a whole number.", {}),
    ("whole", 1.5, "This must be a whole number.", {}),
    ("real", 0.5, "This must be more than 0.5.", {"gt": 0.5}),
    ("real", 2, "This must be less than 2.0.", {"lt": 2}),
    ("real", SENT, "This must be a number.", {}),
    ("even", 3, "This must be a multiple of 2.", {"multiple_of": 2}),
    ("money", "123456", "Use at most 5 digits.", {"max_digits": 5}),
    ("money", "1.234", "Use at most 2 decimal places.", {"decimal_places": 2}),
    ("money", "0.5", "This must be more than 0.5.", {"gt": 0.5}),
    ("money", SENT, "This must be a number.", {}),
    ("flag", SENT, "This must be true or false.", {}),
    ("colour", SENT, "Choose one of: light blue, robin's egg.", {"allowed": ["light blue", "robin's egg"]}),
    ("size", SENT, "Choose one of: S, M, 3.", {"allowed": ["S", "M", 3]}),
    ("items", [1, 2, 3], "Use at most 2 items.", {"max_length": 2}),
    ("items", [], "This must not be empty.", {"min_length": 1}),
    ("items", SENT, "This must be a list.", {}),
    ("id", SENT, "This must be a UUID.", {}),
    ("at", SENT, "Write a time like 2030-12-31T09:00:00Z.", {}),
    ("at", "2030-01-01T09:00:00", "Add a time zone, such as Z or +02:00.", {}),
    ("day", SENT, "Write a date like 2030-12-31.", {}),
    ("day", "2019-01-01", "This must be at least 2020-01-01.", {}),
    ("url", SENT, "This must be a URL.", {}),
    ("data", SENT, "This must be an object.", {}),
    ("data", {"a": SENT * 5001}, "Use at most 20,000 characters of JSON.", {"max_length": 20000}),
    ("pet", {"kind": SENT}, "Choose one of: cat, dog, for 'kind'.", {"allowed": ["cat", "dog"]}),
    ("pet", {}, "The field 'kind' is required.", {}),
    ("own", SENT, "Write something else.", {}),
    (SENT, 1, "This is not known here. Remove it.", {}),
]


@pytest.mark.parametrize(("field", "value", "words", "limits"), CASES)
async def test_an_error_has_words_and_limits(
    client: AsyncClient, field: str, value: Any, words: str, limits: dict[str, Any]
) -> None:
    answer = await client.post("/things", json={field: value})
    [error] = answer.json()["errors"]

    assert answer.status_code == 422
    assert error == {"loc": error["loc"], "msg": words, "type": error["type"]} | limits
    assert field == SENT or SENT not in answer.text


async def test_words_of_an_author_stay(client: AsyncClient) -> None:
    assert (await client.post("/things")).json()["errors"][0]["msg"] == "This is required."
    assert (await client.post("/words")).json()["errors"][0]["msg"] == "Where is a?"


def test_the_words_are_for_errors_that_exist() -> None:
    assert {*WORDS, *LENGTHS} <= {*get_args(core_schema.ErrorType)}
