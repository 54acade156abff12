"""Problems: codes that are declared in parts and found, and exceptions that have a status and no code."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from httpx import ASGITransport, AsyncClient
from pydantic import ValidationError

from api.db import problems as database_problems
from api.flows.bookings import BookingCode
from api.problems import EXCEPTIONS, MEDIA_TYPE, Code, Problem, ProblemCode, ProblemError, problems
from api.web.exception_handlers import install

pytestmark = pytest.mark.anyio

SHAPE: dict[str, Any] = {
    "type": "about:blank",
    "title": "Conflict",
    "status": 409,
    "code": "slot_full",
    "detail": "Full.",
}


def test_codes_of_entities_are_found() -> None:
    found = ProblemCode.members()

    assert {*Code, *BookingCode} < set(found)
    assert [code.value for code in found] == sorted(code.value for code in found)
    assert ProblemCode.of("slot_full") is BookingCode.slot_full
    assert ProblemCode.of("nothing") is None


def test_a_problem_has_a_code_of_any_entity_and_no_other() -> None:
    assert Problem.model_validate(SHAPE).code is BookingCode.slot_full
    with pytest.raises(ValidationError, match="Input should be 'already_cancelled', 'already_exists'"):
        Problem.model_validate(SHAPE | {"code": "unheard_of"})


def test_two_codes_with_one_value_are_refused() -> None:
    said = r"'slot_full' is declared twice: by BookingCode in api.flows.bookings, and by .*TentCode in tests"
    with pytest.raises(ValueError, match=said):

        class TentCode(ProblemCode):
            tent_new = "tent_new", 409, "This tent is new."
            slot_full = "slot_full", 409, "This tent is full."

    assert ProblemCode.of("tent_new") is None


@pytest.mark.parametrize("status", [200, 399, 499, 1000])
def test_a_code_with_a_status_that_is_none_of_an_error_is_refused(status: int) -> None:
    said = f"TentCode.tent_lost has the status {status}, which is not one of an error"
    with pytest.raises(ValueError, match=said):

        class TentCode(ProblemCode):
            tent_lost = "tent_lost", status, "This tent is lost."

    assert ProblemCode.of("tent_lost") is None


# Exceptions


class KiteError(ValueError): ...


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncClient]:
    app, router = FastAPI(), APIRouter()
    monkeypatch.setitem(EXCEPTIONS, KiteError, BookingCode.slot_full)
    install(app)
    database_problems.install(app)

    @router.get("/{status}")
    async def fail(status: int, detail: str | None = None) -> None:
        said: Any = {"left": [status]} if detail == "object" else detail
        raise HTTPException(status, said, {"X-Why": "because"})

    @router.post("/form", responses=problems(Code.invalid_request))
    async def refuse_form() -> None:
        raise HTTPException(400, "Too many files.")

    @router.post("/code")
    async def code() -> None:
        raise ProblemError(BookingCode.slot_full, headers={"X-Why": "because"})

    @router.post("/mapped")
    async def mapped() -> None:
        raise KiteError("A secret.")

    @app.exception_handler(OverflowError)
    async def too_much(_: Request, error: OverflowError) -> Response:
        return ProblemError(Code.invalid_request, str(error)).response()

    @router.post("/handled")
    async def handled() -> None:
        raise OverflowError("Use a smaller number.")

    @router.post("/stray")
    async def stray() -> None:
        int("one")

    @router.post("/busy")
    async def busy() -> None:
        raise HTTPException(429, headers={"retry-after": "30"})

    app.include_router(router)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client


@pytest.mark.parametrize(
    ("status", "title", "code"),
    [
        (302, "Found", "found"),
        (400, "Bad Request", "bad_request"),
        (402, "Payment Required", "payment_required"),
        (404, "Not Found", "not_found"),
        (409, "Conflict", "conflict"),
        (410, "Gone", "gone"),
        (416, "Range Not Satisfiable", "range_not_satisfiable"),
        (418, "I'm a Teapot", "im_a_teapot"),
        (451, "Unavailable For Legal Reasons", "unavailable_for_legal_reasons"),
        (499, "Status 499", "status_499"),
        (501, "Not Implemented", "not_implemented"),
        (503, "Service Unavailable", "unavailable"),
    ],
)
async def test_an_exception_with_a_status_keeps_it_with_its_detail_and_headers(
    client: AsyncClient, status: int, title: str, code: str
) -> None:
    answer = await client.get(f"/{status}", params={"detail": "This is why."})

    wanted = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": "This is why."}
    assert (answer.status_code, answer.json()) == (status, wanted)
    assert (answer.headers["content-type"], answer.headers["x-why"]) == (MEDIA_TYPE, "because")


async def test_an_exception_without_a_detail_says_what_its_code_says(client: AsyncClient) -> None:
    assert (await client.get("/404")).json()["detail"] == Code.not_found.detail
    assert (await client.get("/418")).json()["detail"] == "I'm a Teapot"
    assert (await client.get("/599")).json()["detail"] == "Status 599"


@pytest.mark.parametrize("status", [418, 404])
async def test_a_detail_that_is_no_text_is_told_as_data_and_as_text(client: AsyncClient, status: int) -> None:
    answer = (await client.get(f"/{status}", params={"detail": "object"})).json()

    assert (answer["data"], answer["detail"]) == ({"left": [status]}, f'{{"left": [{status}]}}')


async def test_an_exception_can_be_mapped_to_a_code(client: AsyncClient) -> None:
    assert (await client.post("/mapped")).json() == SHAPE | {"detail": BookingCode.slot_full.detail}


async def test_a_handler_of_an_exception_can_answer_a_problem(client: AsyncClient) -> None:
    answer = await client.post("/handled")

    assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA_TYPE)
    assert answer.json()["detail"] == "Use a smaller number."


async def test_a_stray_exception_is_none(client: AsyncClient) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        await client.post("/stray")


async def test_the_wait_of_an_exception_is_told_as_a_number(client: AsyncClient) -> None:
    assert (await client.post("/busy")).json()["retry_after"] == 30


@pytest.mark.parametrize("status", [204, 304])
async def test_an_answer_that_may_have_no_body_has_none(client: AsyncClient, status: int) -> None:
    answer = await client.get(f"/{status}")

    assert (answer.status_code, answer.content, answer.headers["x-why"]) == (status, b"", "because")


async def test_a_form_that_cannot_be_read_is_invalid_if_its_route_declares_that(client: AsyncClient) -> None:
    answer = await client.post("/form")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["detail"] == "Too many files."


async def test_a_code_of_an_entity_is_answered_like_any_other(client: AsyncClient) -> None:
    answer = await client.post("/code")

    assert answer.json() == SHAPE | {"detail": BookingCode.slot_full.detail}
    assert answer.headers["x-why"] == "because"
