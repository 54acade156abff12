"""Answers of every type that FastAPI documents, and answers that are not what their route declares."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from ipaddress import IPv4Address
from pathlib import PurePosixPath
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar
from uuid import UUID

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import ResponseValidationError
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, AnyUrl, BaseModel, Field, RootModel, SecretStr, TypeAdapter
from pydantic.dataclasses import dataclass as checked_dataclass
from typing_extensions import NotRequired, TypedDict

from tests.machinery.ordinary.sides import Case, Cases, Declare, Side, get

pytestmark = pytest.mark.anyio
cases = Cases()
T = TypeVar("T")


class Kind(Enum):
    small = "s"
    big = "b"


class Number(IntEnum):
    one = 1


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    name: str = "Rex"


class NamedCat(Cat):
    name: str = "not in a Cat"


class Box(BaseModel, Generic[T]):
    content: T
    number: int = 1


class Point(NamedTuple):
    x: int
    y: int = 2


class Film(TypedDict):
    title: str
    year: NotRequired[int]


@dataclass
class Part:
    name: str
    price: Decimal = Decimal("1.10")
    parts: list["Part"] = field(default_factory=list)


@checked_dataclass
class Checked:
    count: int
    note: str | None = None


class Numbers(RootModel[list[int]]): ...


class Everything(BaseModel):
    decimal: Decimal = Decimal("1.10")
    uuid: UUID = UUID(int=1)
    numbers: set[int] = {1}
    frozen: frozenset[str] = frozenset({"a"})
    kind: Kind = Kind.big
    number: Number = Number.one
    raw: bytes = b"bytes"
    span: timedelta = timedelta(days=1, seconds=30)
    moment: datetime = datetime(2030, 1, 1, 12, tzinfo=UTC)
    naive: datetime = datetime(2030, 1, 1, 12)  # noqa: DTZ001
    day: date = date(2030, 1, 2)
    hour: time = time(3, 4)
    address: IPv4Address = IPv4Address("127.0.0.1")
    url: AnyUrl = AnyUrl("https://example.com/ü")
    path: PurePosixPath = PurePosixPath("/a/b")
    pair: tuple[int, str] = (1, "b")
    secret: SecretStr = SecretStr("hidden")
    text: str = 'ü "quoted" \u2028 </script> 🔑'
    big: int = 2**70
    float_: float = 1e22
    nothing: None = None


PLAIN: dict[str, Any] = {
    name: getattr(Everything(), name)
    for name in Everything.model_fields
    if name not in {"secret", "url", "path", "address"}
}
TYPES: dict[str, tuple[Any, Any]] = {
    "a_list": (list[int], [1, "2", 3.0]),
    "a_list_of_models": (list[Cat], [Cat(), {"lives": "3"}, NamedCat()]),
    "a_dict": (dict[str, float], {"a": 1, "b": "2.5"}),
    "a_dict_of_models": (dict[str, Cat], {"x": NamedCat(), "y": {}}),
    "a_dict_by_number": (dict[int, str], {1: "a", "2": "b"}),
    "a_tuple": (tuple[int, str], (1, "a")),
    "a_long_tuple": (tuple[int, ...], [1, 2, 3]),
    "a_set": (set[str], {"only"}),
    "a_sequence": (Sequence[Cat], (Cat(), Cat(lives=1))),
    "an_iterable": (Iterable[int], [1, 2]),
    "none": (None, None),
    "optional_and_none": (Cat | None, None),
    "optional_and_something": (Cat | None, {"lives": 2}),
    "any": (Any, {"a": Decimal("1.5"), "b": {1}, "c": Cat()}),
    "any_model": (Any, NamedCat()),
    "an_object": (object, {"a": [1]}),
    "a_plain_dict": (dict, {"a": Cat(), 1: Kind.small}),
    "a_plain_list": (list, [Cat(), Kind.big, UUID(int=3)]),
    "a_string": (str, "text with \u00fc"),
    "an_integer": (int, "7"),
    "a_float": (float, 3),
    "a_truth": (bool, "yes"),
    "bytes": (bytes, b"raw"),
    "a_literal": (Literal["a", "b"], "b"),
    "an_enum": (Kind, "b"),
    "a_subclass_is_cut": (Cat, NamedCat()),
    "a_union_of_models": (Cat | Dog, {"kind": "dog"}),
    "a_union_by_object": (Cat | Dog, Dog(name="Ada")),
    "a_discriminated_union": (
        Annotated[Cat | Dog, Field(discriminator="kind")],
        {"kind": "cat", "lives": 1},
    ),
    "a_list_of_a_union": (list[Cat | Dog], [Dog(), {"kind": "cat"}, NamedCat()]),
    "a_generic": (Box[int], {"content": "5"}),
    "a_generic_of_a_model": (Box[Cat], Box[Cat](content=NamedCat())),
    "a_generic_of_a_generic": (Box[list[Box[str]]], {"content": [{"content": "a"}]}),
    "a_generic_without_type": (Box[Any], Box(content=Kind.small)),
    "a_dataclass": (Part, Part("a", parts=[Part("b")])),
    "a_dataclass_of_a_dict": (Part, {"name": "a", "parts": [{"name": "c", "price": "3"}]}),
    "a_pydantic_dataclass": (Checked, Checked(count=1)),
    "a_list_of_dataclasses": (list[Checked], [{"count": "2"}, Checked(count=3)]),
    "a_typed_dict": (Film, {"title": "a", "year": 1999}),
    "a_typed_dict_without": (list[Film], [{"title": "a"}]),
    "a_named_tuple": (Point, Point(1)),
    "a_root_model": (Numbers, [1, 2]),
    "a_root_model_made": (Numbers, Numbers([3])),
    "everything": (Everything, Everything()),
    "everything_from_a_dict": (Everything, PLAIN),
    "an_annotated_type": (Annotated[str, AfterValidator(str.upper)], "loud"),
    "a_decimal": (Decimal, Decimal("10.00")),
    "a_timedelta": (timedelta, timedelta(minutes=90)),
    "a_uuid": (UUID, str(UUID(int=9))),
}


def of_type(declared: Any, answer: Any) -> Declare:
    def declare(router: APIRouter) -> None:
        @router.get("/model", response_model=declared)
        async def by_model() -> Any:
            return answer

        async def by_annotation() -> Any:
            return answer

        by_annotation.__annotations__["return"] = declared
        router.get("/annotated")(by_annotation)

        def in_a_thread() -> Any:
            return answer

        router.get("/thread", response_model=declared)(in_a_thread)

        @router.get("/class", response_model=declared, response_class=JSONResponse)
        async def by_class() -> Any:
            return answer

    return declare


for name, (declared, answer) in TYPES.items():
    declare = of_type(declared, answer)
    declare.__name__ = name
    cases(get("/model"), get("/annotated"), get("/thread"), get("/class"))(declare)


JSONABLE: dict[str, Any] = {
    "everything": Everything(),
    "a_dict": PLAIN,
    "a_mixture": [{1, 2}, Kind.big, (1, Cat()), frozenset({3}), Part("a"), None, {"a": {"b": Decimal(7)}}],
    "a_generator": "generator",
    "nothing": None,
    "an_object": SecretStr("hidden"),
}


def jsonable(answer: Any, options: dict[str, Any]) -> Declare:
    def declare(router: APIRouter) -> None:
        @router.get("/", **options)
        async def untyped():  # type: ignore[no-untyped-def]
            return (number for number in range(3)) if answer == "generator" else answer

    return declare


for name, answer in JSONABLE.items():
    for kind, options in {"undeclared": {}, "response_model_is_none": {"response_model": None}}.items():
        declare = jsonable(answer, options)
        declare.__name__ = f"{kind}_{name}"
        cases(get("/"))(declare)


MISFITS: dict[str, tuple[Any, Any]] = {
    "a_missing_field": (Box[int], {"number": 1}),
    "a_wrong_type": (int, "many"),
    "a_wrong_model": (Cat, Dog()),
    "none": (Cat, None),
    "something_for_none": (None.__class__, {"a": 1}),
    "one_of_many": (list[Cat], [Cat(), {"lives": "all"}]),
    "neither_of_a_union": (Annotated[Cat | Dog, Field(discriminator="kind")], {"kind": "bird"}),
}


def misfit(declared: Any, answer: Any) -> Declare:
    def declare(app: FastAPI, router: APIRouter, told: list[Any]) -> None:
        @router.get("/", response_model=declared)
        async def handle() -> Any:
            return answer

        @router.get("/thread", response_model=declared)
        def in_a_thread() -> Any:
            return answer

        @app.exception_handler(ResponseValidationError)
        async def tell(_: Any, error: ResponseValidationError) -> JSONResponse:
            told.append([(each["loc"], each["type"]) for each in error.errors()])
            return JSONResponse({"told": len(error.errors())}, 555)

    return declare


for name, (declared, answer) in MISFITS.items():
    declare = misfit(declared, answer)
    declare.__name__ = f"what_does_not_fit_{name}"
    cases(get("/", 555, exact=True), get("/thread", 555, exact=True))(declare)


@cases(get("/", 500))
def what_does_not_fit_is_an_error_of_the_server(router: APIRouter) -> None:
    @router.get("/", response_model=Cat)
    async def handle() -> Any:
        return {"lives": "many"}


@pytest.mark.parametrize(("case", "side"), cases)
async def test_an_answer_of_any_type_is_written_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)


def test_what_is_declared_here_can_be_declared() -> None:
    assert all(TypeAdapter(declared) for declared, _ in [*TYPES.values(), *MISFITS.values()])
