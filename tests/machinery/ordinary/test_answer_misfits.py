"""Answers without a declared type, and answers that are not what their route declares."""

from decimal import Decimal
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import ResponseValidationError
from fastapi.responses import JSONResponse
from pydantic import Field, SecretStr

from tests.machinery.ordinary.shapes import (
    PLAIN,
    Box,
    Cat,
    Dog,
    Everything,
    Kind,
    Part,
)
from tests.machinery.ordinary.sides import Case, Cases, Declare, Side, get

pytestmark = pytest.mark.anyio


cases = Cases()


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
async def test_an_answer_that_is_undeclared_or_wrong_is_treated_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
