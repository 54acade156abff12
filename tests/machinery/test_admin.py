"""The admin with routes that are not as ours: rows that are no entities, and answers that are no JSON."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from html import unescape
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Form, UploadFile
from fastapi.responses import StreamingResponse
from httpx import Response
from pydantic import BaseModel

from api.settings import Settings
from api.web.admin.bodies import JSON
from api.web.admin.operation import Operation
from api.web.admin.visit import MOST_BYTES
from tests.support.admin import Read, Visitor, said
from tests.support.people import Person

pytestmark = pytest.mark.anyio


class Thing(BaseModel):
    code: str = "c1"


class Things(BaseModel):
    items: list[Thing]
    next_cursor: str | None = None


class Texts(BaseModel):
    items: list[str]
    next_cursor: str | None = None


router = APIRouter(prefix="/api/v1")
NAMED = "Content-Disposition: form-data; name="


@router.get("/things")
@router.get("/keys")
@router.get("/parts")
async def list_things() -> Things:
    return Things(items=[Thing()])


@router.get("/things/{code}")
@router.get("/keys/{key}")
@router.get("/halls/{hall}/parts/{code}")
async def read_thing() -> Thing:
    return Thing()


@router.get("/things/{code}/shown")
@router.get("/things/{code}/hidden", openapi_extra={"x-policy": "nobody:sees"})
async def list_of_thing() -> Things:
    return Things(items=[])


class Order(Thing):
    note: str | None


@router.post("/things", status_code=202)
async def order_thing(body: Order) -> dict[str, bool]:
    return {"accepted": body.code == "c2"}


@router.patch("/things/{code}", status_code=204)
async def change_thing(body: Thing) -> None: ...


@router.get("/texts")
async def list_texts() -> Texts:
    return Texts(items=["a"])


@router.patch("/things/{code}/tune")
async def tune_thing(body: Thing) -> None: ...


@router.post("/things/{code}/stream")
@router.post("/things/{code}/lines")
async def stream_thing() -> StreamingResponse:
    async def lines() -> AsyncIterator[str]:
        for _ in range(3):
            await asyncio.sleep(0)
            yield "{}\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")


@router.post("/things/{code}/plan")
async def plan_thing(
    pages: list[UploadFile],
    name: Annotated[str, Form()],
    is_open: Annotated[bool, Form()] = False,
    cover: UploadFile | None = None,
) -> dict[str, Any]:
    sizes = {page.filename: len(await page.read()) for page in pages}
    return {"name": name, "is_open": is_open, "sizes": sizes, "cover": cover and cover.filename}


@router.post("/things/{code}/name")
async def name_thing(
    code: str, name: Annotated[str, Form()], count: Annotated[int, Form()] = 0
) -> dict[str, Any]:
    return {"name": name, "count": count}


@pytest.fixture
async def visitor(app: FastAPI, admin: Person) -> AsyncIterator[Visitor]:
    app.include_router(router)
    async with Visitor(app) as visitor:
        await visitor.sign_in(admin.username)
        yield visitor


async def test_rows_without_an_id_are_listed(visitor: Visitor) -> None:
    for path, is_linked in (("things", True), ("keys", False), ("parts", False)):
        page = await visitor.get(f"/admin/{path}")
        assert page.status_code == 200
        assert "c1" in page.text
        assert (f"/admin/{path}/c1" in Read(page.text).links) is is_linked
        assert (await visitor.get(f"/admin/pick/{path}")).status_code == 404
    assert (await visitor.get("/admin/things/c1")).status_code == 200


async def test_a_list_of_what_is_no_row_is_not_shown(visitor: Visitor) -> None:
    assert (await visitor.get("/admin/texts")).status_code == 404
    assert "/admin/texts" not in Read((await visitor.get("/admin/")).text).links


async def test_lists_below_a_row_are_shown_to_those_who_may_see_them(visitor: Visitor) -> None:
    links = Read((await visitor.get("/admin/things/c1")).text).links
    below = [one for one in links if "/things/c1/" in one]
    assert {"/admin/things/c1/shown"} <= {*below}
    assert "/admin/things/c1/hidden" not in below


OWN: list[dict[str, Any]] = [{"owner_id": "me"}, {"author": {"id": "me"}}, {"id": "me"}]
OTHERS = {"id": "you", "owner_id": "you", "author": {"id": "you"}, "note_id": "me"}


@pytest.mark.parametrize(
    ("policy", "own", "others"),
    [
        ("signed in", True, True),
        ("own · signed in", True, False),
        ("own or held:it", True, True),
        ("own or not:held · signed in", True, False),
        ("visible or not:held", True, True),  # the API knows what is visible
        ("held:it", True, True),
        ("signed in · not:held", False, False),
    ],
)
def test_a_policy_says_who_may_do_it(policy: str, own: bool, others: bool) -> None:
    operation = Operation("PATCH", "/things/{code}", "", policy, None, JSON, {}, None)
    user = {"id": "me", "role": {"permissions": ["held:it"]}}
    assert [operation.allows(user, row) for row in (*OWN, OTHERS)] == [own, own, own, others]
    assert operation.allows(user) is own, "before it is known which row it is"


async def test_an_answer_may_be_no_row(visitor: Visitor) -> None:
    page = await visitor.send_form(await visitor.get("/admin/things/new"), "code", code="c2")
    assert (page.url.path, said(page)) == ("/admin/things", "It is saved.")
    page = await visitor.get("/admin/things/c1")
    assert said(await visitor.send_form(page, "code")) == "Nothing has changed."
    assert said(await visitor.send_form(page, "code", code="c2")) == "It is saved."


async def test_every_action_has_a_page(visitor: Visitor) -> None:
    page = await visitor.get("/admin/things/c1")
    [link] = [one for one in Read(page.text).links if "/tune" in one]
    page = await visitor.send_form(await visitor.get(link), "code", code="c2")
    assert said(page).startswith("Done: ")


async def test_an_action_takes_files(visitor: Visitor) -> None:
    page = await visitor.get("/admin/things/c1/plan?as=POST")
    assert '<input type="file" id="field-pages" name="pages" multiple' in page.text
    assert '<input type="file" id="field-cover" name="cover">' in page.text
    assert (await visitor.send_form(page, "name", name="x")).status_code == 422

    files = [('a".pdf', b"--\r\n" * 9), ("é.pdf", b"")]
    page = await visitor.send_form(page, "name", name="é\n--", is_open="true", pages=files)
    sizes = {"a%22.pdf": 36, "é.pdf": 0}  # as browsers write it
    assert answered(page) == {"name": "é\n--", "is_open": True, "sizes": sizes, "cover": None}


async def test_files_are_called_as_browsers_call_them(visitor: Visitor) -> None:
    page = await visitor.get("/admin/things/c1/plan?as=POST")
    token = dict(Read(page.text).form("name")["fields"])["form_token"]
    fields = f"--x\r\n{NAMED}name\r\n\r\ny\r\n--x\r\n{NAMED}form_token\r\n\r\n{token}\r\n--x\r\n"
    answers = []
    for name, data in (('a\\"\nb.pdf', "z"), ("", "")):  # the second is what they send if none is chosen
        content = f'{fields}{NAMED}pages; filename="{name}"\r\n\r\n{data}\r\n--x--\r\n'
        type = {"content-type": "multipart/form-data; boundary=x"}
        answers.append(await visitor.post(str(page.url), content=content.encode(), headers=type))

    assert answered(answers[0])["sizes"] == {"a%22%0Ab.pdf": 1}
    assert (answers[1].status_code, "Choose a file." in said(answers[1])) == (422, True)


async def test_an_action_takes_a_form(visitor: Visitor) -> None:
    page = await visitor.get("/admin/things/c1/name?as=POST")
    page = await visitor.send_form(page, "name", name="é & x=1", count="3")
    assert answered(page) == {"name": "é & x=1", "count": 3}


def answered(page: Response) -> Any:
    [answer] = re.findall("<pre.*?>(.*)</pre>", page.text, re.DOTALL)
    return json.loads(unescape(answer))


async def test_a_form_with_files_is_bounded(settings: Settings, visitor: Visitor) -> None:
    page = await visitor.get("/admin/things/c1/plan?as=POST")
    fits = await visitor.send_form(page, "name", name="x", pages=[("a.pdf", b"x" * MOST_BYTES)])
    assert "too much at once" not in said(fits)
    large = ("a.pdf", b"x" * (MOST_BYTES + settings.max_upload_bytes))
    answer = await visitor.send_form(page, "name", name="x", pages=[large])
    assert (answer.status_code, "too much at once" in said(answer)) == (413, True)
    many = await visitor.send_form(page, "name", name="x", pages=[("a.pdf", b"x")] * 21)
    assert (many.status_code, said(many)) == (422, "This form cannot be read.")


async def test_a_form_that_is_broken_is_refused(visitor: Visitor) -> None:
    parts, text = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"
    for content, type in (
        (b"--x\r\n\r\n--x--", parts),
        (b"no form", parts),
        (b"name=%ff", text),
        (b"\xff", text),
    ):
        page = await visitor.post(
            "/admin/things/c1/plan?as=POST", content=content, headers={"content-type": type}
        )
        assert page.status_code == 422


async def test_an_answer_that_is_a_stream_is_read_to_its_end(visitor: Visitor) -> None:
    page = await visitor.get("/admin/things/c1")
    for end in ("/stream?as=POST", "/lines?as=POST"):
        assert said(await visitor.press(page, end)).startswith("Done: ")
