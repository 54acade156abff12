"""What is given twice where one is meant is refused, and never read as the first or the last."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import pytest
from fastapi import APIRouter, Depends, FastAPI, Form, Header, Query, Request
from httpx import AsyncClient
from pydantic import BaseModel

from api.app import create_app
from api.settings import Settings
from api.web import Router
from tests.support.people import Person

pytestmark = pytest.mark.anyio


class Filter(BaseModel):
    kind: Literal["a", "b"] | None = None
    tags: list[str] = []


class Letter(BaseModel):
    to: str
    copies: list[str] = []


async def below(deep: int | None = None) -> None: ...


async def further(depth: int | None = None) -> None: ...


def declare(router: APIRouter) -> None:
    @router.get("/query", dependencies=[Depends(below)])
    async def query(
        request: Request,
        a: Annotated[int | None, Query(alias="A b")] = None,
        items: Annotated[list[int] | None, Query()] = None,
    ) -> list[str]:
        return [value for _, value in request.query_params.multi_items()]

    @router.get("/model")
    async def model(filter: Annotated[Filter, Query()]) -> int:
        return len(filter.tags)

    @router.get("/headers")
    async def headers(
        last_event_id: Annotated[str | None, Header()] = None,
        accept: Annotated[str | None, Header()] = None,
        x_many: Annotated[list[str] | None, Header()] = None,
    ) -> int:
        return len(x_many or ())

    @router.post("/form")
    async def form(letter: Annotated[Letter, Form()]) -> int:
        return len(letter.copies)

    @router.post("/fields")
    async def fields(to: Annotated[str, Form()], copies: Annotated[list[str], Form()]) -> int:
        return len(copies)

    @router.post("/json")
    async def json(body: dict[str, Any]) -> int:
        return len(body)


@pytest.fixture(params=["fast", "slow"])
async def declared(
    request: pytest.FixtureRequest, settings: Settings, app: FastAPI
) -> AsyncIterator[FastAPI]:
    changes = {} if request.param == "fast" else {"fast_path": frozenset[Any]()}
    made = create_app(settings.model_copy(update=changes))
    router = Router()
    declare(router)
    made.include_router(router, prefix="/twice", dependencies=[Depends(further)])
    yield made
    await made.state.database.close()


@pytest.mark.parametrize(
    ("path", "place", "name"),
    [
        ("/query?A%20b=1&A+b=1", "query", "A b"),
        ("/query?deep=1&deep=2", "query", "deep"),
        ("/query?depth=1&depth=1", "query", "depth"),
        ("/query?deep=1&%64eep=2", "query", "deep"),
        ("/query?items=1&items=x&deep=&deep=", "query", "deep"),
        ("/model?kind=a&kind=b", "query", "kind"),
    ],
)
async def test_a_parameter_is_not_given_twice(
    declared: FastAPI, ada: Person, path: str, place: str, name: str
) -> None:
    answer = await ada.through(declared).get(f"http://test/twice{path}")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"] == [
        {"loc": [place, name], "msg": "Give this only once.", "type": "duplicate"}
    ]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/query?items=1&items=2&A b=3", ["1", "2", "3"]),
        ("/query?other=1&other=2", ["1", "2"]),
        ("/query?a%20b=1&A%20b=2&&", ["1", "2"]),
        ("/model?tags=a&tags=b&kind=a", 2),
    ],
)
async def test_a_list_may_be_repeated(declared: FastAPI, ada: Person, path: str, answer: Any) -> None:
    assert (await ada.through(declared).get(f"http://test/twice{path}")).json() == answer


async def test_a_header_is_not_given_twice(declared: FastAPI, ada: Person) -> None:
    ada = ada.through(declared)
    name = "last-event-id"
    twice = await ada.get("http://test/twice/headers", headers=[(name, "a"), (name, "a")])
    assert (twice.status_code, twice.json()["errors"][0]["loc"]) == (422, ["header", name])
    for several in ("x-many", "accept"):
        many = await ada.get("http://test/twice/headers", headers=[(several, "a"), (several, "b")])
        assert many.json() == (2 if several == "x-many" else 0)
    kinds = [("content-type", "application/json"), ("content-type", "application/json")]
    answer = await ada.post("http://test/twice/json", content=b"{}", headers=kinds)
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["header", "content-type"])


@pytest.mark.parametrize("path", ["/form", "/fields"])
async def test_a_field_of_a_form_is_not_given_twice(declared: FastAPI, ada: Person, path: str) -> None:
    ada = ada.through(declared)
    sent = {"to": "a", "copies": ["b", "c"]}
    for form in ({"data": sent}, {"data": sent, "files": {"file": b"a"}}):
        assert (await ada.post(f"http://test/twice{path}", **form)).json() == 2
        twice = form | {"data": sent | {"to": ["a", "b"]}}
        answer = await ada.post(f"http://test/twice{path}", **twice)
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "to"])


async def test_a_key_of_an_object_is_not_given_twice(declared: FastAPI, ada: Person) -> None:
    for content in (b'{"a": 1, "a": 2}', b'{"b": [{"a": 1, "\\u0061": 1}]}'):
        answer = await ada.through(declared).post(
            "http://test/twice/json", content=content, headers={"Content-Type": "application/json"}
        )
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["msg"]) == (422, "An object in this JSON has a key twice.")


async def test_two_tokens_are_none(declared: FastAPI, ada: Person, client: AsyncClient) -> None:
    bearer = ada.headers["authorization"]
    for other in (bearer, "Bearer nonsense"):
        for both in ([bearer, other], [other, bearer]):
            headers = [("authorization", value) for value in both]
            del (asking := ada.through(declared)).headers["authorization"]
            answer = await asking.get("/notes", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


async def test_a_stranger_learns_nothing_about_duplicates(
    declared: FastAPI, client: AsyncClient, ada: Person
) -> None:
    del (stranger := ada.through(declared)).headers["authorization"]
    assert (await stranger.get("/notes?limit=1&limit=2")).status_code == 401
    assert (await ada.through(declared).get("/notes?limit=1&limit=2")).status_code == 422
    keys = [("idempotency-key", "a"), ("idempotency-key", "a")]
    answer = await ada.through(declared).post("/bookings", json={}, headers=keys)
    assert answer.json()["errors"][0]["loc"] == ["header", "idempotency-key"]


async def test_a_condition_may_be_divided_into_several_headers(declared: FastAPI, ada: Person) -> None:
    ada = ada.through(declared)
    note = await ada.post("/notes", json={"title": "A"})
    path, tag = note.headers["location"], note.headers["etag"]
    several = [("if-none-match", '"x"'), ("if-none-match", tag)]
    assert (await ada.get(f"http://test{path}", headers=several)).status_code == 304
    several = [("if-match", '"x"'), ("if-match", tag)]
    assert (await ada.patch(f"http://test{path}", json={}, headers=several)).status_code == 200
    assert (await ada.patch(f"http://test{path}", json={}, headers=several[:1])).status_code == 412
