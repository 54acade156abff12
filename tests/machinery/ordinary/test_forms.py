"""Forms and files, in every form that FastAPI documents."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Form, Request, UploadFile
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, Field, Json

from tests.machinery.ordinary.sides import Case, Cases, Side, post, put

pytestmark = pytest.mark.anyio


cases = Cases()
PICTURE = ("ü.png", b"\x89PNG\x00", "image/png")


NONE: dict[str, Any] = {"content": b"", "headers": {"content-type": "application/x-www-form-urlencoded"}}


@cases(
    post("/", data={"user": "a", "pass-word": "b"}), post("/", 422, data={"user": "a"}), post("/", 422),
    post("/", data={"user": "ü &", "pass-word": "b", "n": "5"}),
    post("/", 422, data={"user": "", "pass-word": "b"}), post("/", files={"user": (None, "a"),
    "pass-word": (None, "b")}),
)  # fmt: skip
def form_fields(router: APIRouter) -> None:
    @router.post("/")
    async def handle(
        user: Annotated[str, Form()], word: Annotated[str, Form(alias="pass-word")], n: int = Form(3, ge=1)
    ) -> list[Any]:
        return [user, word, n]


@cases(
    post("/", data={"tags": ["a", "b"], "n": ["1", "2"]}), post("/", **NONE), post("/", 422, data={"n": "x"})
)
def lists_in_a_form(router: APIRouter) -> None:
    @router.post("/")
    async def handle(
        tags: Annotated[list[str] | None, Form()] = None,
        n: Annotated[set[int], Form(default_factory=set)] = ...,  # type: ignore[assignment]
    ) -> Any:
        return [tags, sorted(n)]


@cases(
    post("/", data={"name": "a", "tags": ["x", "y"]}),
    post("/", 422, data={"name": "a", "other": "b"}),
    post("/", 422),
)
def a_form_model(router: APIRouter) -> None:
    class Data(BaseModel, extra="forbid"):
        name: str
        tags: list[str] = Field(default_factory=list)

    @router.post("/")
    async def handle(data: Annotated[Data, Form()]) -> Data:
        data.tags.append("more")
        return data


@cases(post("/", data={"name": "a", "amount": "3"}), post("/", **NONE), post("/", data={"amount": "4"}))
def an_optional_form_model(router: APIRouter) -> None:
    class Data(BaseModel):
        name: str = "nobody"
        amount: int = 0

    @router.post("/")
    async def handle(data: Annotated[Data | None, Form()] = None) -> Data | None:
        return data


@cases(post("/", data={"a": "1"}), post("/", **NONE), post("/"), post("/", data={"a": ""}))
def an_optional_form(router: APIRouter) -> None:
    @router.post("/")
    async def handle(a: Annotated[str | None, Form()] = None, b: Annotated[str, Form()] = "b") -> list[Any]:
        return [a, b]


@cases(
    post("/", data={"meta": '{"a": 1}', "list": "[1, 2]"}), post("/", 422, data={"meta": "{"}),
    post("/", data={"meta": '{"a": 2}'}, files={"file": PICTURE}),
)  # fmt: skip
def json_in_a_form(router: APIRouter) -> None:
    class Meta(BaseModel):
        a: int

    @router.post("/")
    async def handle(
        meta: Annotated[Json[Meta], Form()],
        list: Annotated[Json[list[int]], Form()] = [],  # noqa: B006
        file: UploadFile | None = None,
    ) -> Any:
        return [meta, list, file and file.size]


@cases(
    put("/3?q=x", data={"a": "1"}, headers={"x-h": "h"}),
    put("/3", 422, data={}),
    put("/x", 422, data={"a": "1"}),
)
def a_form_and_everything_else(router: APIRouter) -> None:
    async def below(a: Annotated[str, Form()], q: str | None = None) -> list[Any]:
        return [a, q]

    @router.put("/{id}")
    def in_a_thread(
        id: int, below: Annotated[list[Any], Depends(below)], a: Annotated[str, Form()], request: Request
    ) -> list[Any]:
        return [id, *below, a, request.headers.get("x-h")]


@cases(
    post("/", data={"username": "a", "password": "b", "scope": "x y"}), post("/", 422, data={"username": "a"})
)
def the_form_of_a_sign_in(router: APIRouter) -> None:
    @router.post("/")
    async def handle(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> list[Any]:
        return [form.username, form.password, form.scopes]


@cases(
    post("/form", data={"a": "1"}), post("/form", files={"a": PICTURE}), post("/twice", data={"a": "1"}),
    post("/limited", 400, data={"a": "1", "b": "2"}),
)  # fmt: skip
def a_form_that_the_handler_reads(router: APIRouter) -> None:
    @router.post("/form")
    async def form(request: Request) -> list[str]:
        async with request.form(max_files=2) as form:
            return [type(value).__name__ for value in form.values()]

    @router.post("/twice")
    async def twice(request: Request, a: Annotated[str, Form()]) -> list[Any]:
        return [a, (await request.form())["a"]]

    @router.post("/limited")
    async def limited(request: Request) -> int:
        return len(await request.form(max_fields=1))


@cases(post("/json", json={"a": "1"}), post("/form", data={"a": "2"}))
def a_form_beside_json_on_one_router(app: FastAPI, make: type[APIRouter]) -> None:
    router = make(prefix="")

    @router.post("/form")
    async def form(a: Annotated[str, Form()]) -> str:
        return a

    @router.post("/json")
    async def json(a: dict[str, str]) -> dict[str, str]:
        return a

    app.include_router(router)


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_form_is_read_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
