"""Frozen models of queries: nothing that a request keeps in one is there in the next request."""

from functools import cached_property
from itertools import cycle
from types import SimpleNamespace
from typing import Annotated, Any, ClassVar

import pytest
from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field, PrivateAttr
from pydantic_core import core_schema

from api.models.types import pure
from tests.machinery.ordinary.sides import Case, Cases, Side, get

pytestmark = pytest.mark.anyio


cases = Cases()


class Frozen(BaseModel, frozen=True):
    n: int = 0


class WithPrivate(Frozen):
    _seen: list[int] = PrivateAttr(default_factory=list)

    @property
    def seen(self) -> list[int]:
        return self._seen


class WithCached(Frozen):
    @cached_property
    def seen(self) -> list[int]:
        return []


class WithPostInit(Frozen):
    numbers: ClassVar[Any] = cycle((1, 2, 3))

    def model_post_init(self, _: Any) -> None:
        vars(self)["number"] = next(self.numbers)


class WithInit(Frozen):
    numbers: ClassVar[Any] = cycle((1, 2, 3))

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        vars(self)["number"] = next(self.numbers)


class WithCopy(Frozen):
    def __copy__(self) -> Any:
        return type(self)(n=self.n + 1)


class WithDefault(Frozen):
    seen: Any = []


class WithWrongDefault(Frozen):
    seen: int = []  # type: ignore[assignment]


class WithExtra(Frozen, extra="allow"):
    @property
    def seen(self) -> list[Any]:
        return self.more  # type: ignore[attr-defined, no-any-return]


@pure
def split(value: str) -> Any:
    return value.split()


class WithList(Frozen):
    seen: Annotated[str, AfterValidator(split)] = Field("a b", validate_default=True)


class Numbered:
    def __init__(self) -> None:
        self.numbers = cycle((1, 2, 3))

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        number = core_schema.no_info_plain_validator_function(lambda _: next(self.numbers))
        return core_schema.chain_schema([handler(source), number])


class WithChain(Frozen):
    number: Annotated[int, Numbered()] = Field(0, validate_default=True)


class WithSet(Frozen):
    @property
    def seen(self) -> Any:
        return SimpleNamespace(append=lambda _: self.model_fields_set.add(f"n{len(self.model_fields_set)}"))


def querying(model: Any) -> Any:
    def declare(router: APIRouter, told: list[Any]) -> None:
        @router.get("/")
        async def handle(query: Annotated[model, Query()]) -> Any:
            seen = getattr(query, "seen", [])
            seen.append(query.n)
            told.append(len(query.model_fields_set))
            return vars(query) | {"seen": str(seen).partition(" at ")[0]}

    return declare


for model in (
    WithPrivate, WithCached, WithPostInit, WithInit, WithCopy, WithDefault, WithWrongDefault, WithExtra, WithList,
    WithChain, WithSet,
):  # fmt: skip
    declare = querying(model)
    declare.__name__ = f"a_frozen_query_model_{model.__name__}"
    cases(*[get("/?n=1&more=a&more=b") for _ in range(3)])(declare)


@cases(get("/?n=1"), get("/?n=1"))
def a_validator_beside_a_query_model(router: APIRouter, told: list[Any]) -> None:
    def tell(value: Frozen) -> Frozen:
        told.append(value.n)
        return Frozen(n=value.n + len(told))

    @router.get("/")
    async def handle(query: Annotated[Frozen, AfterValidator(tell), Query()]) -> Frozen:
        return query


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_query_is_as_new_in_every_request_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
