"""Uploaded files, alone and among the fields of a form."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, File, Form, UploadFile

from tests.machinery.ordinary.sides import Case, Cases, Side, post

pytestmark = pytest.mark.anyio


cases = Cases()


NONE: dict[str, Any] = {"content": b"", "headers": {"content-type": "application/x-www-form-urlencoded"}}


PICTURE = ("ü.png", b"\x89PNG\x00", "image/png")


TWO = [("files", ("a.txt", b"aa", "text/plain")), ("files", ("b.txt", b"bbb", "text/plain"))]


async def told_of(file: UploadFile) -> list[Any]:
    return [file.filename, file.content_type, file.size, len(await file.read())]


@cases(
    post("/bytes", files={"file": b"abc"}),
    post("/upload", files={"file": PICTURE}),
    post("/upload", 422),
    post("/bytes", 422),
)
def one_file(router: APIRouter) -> None:
    @router.post("/bytes")
    async def as_bytes(file: Annotated[bytes, File()]) -> int:
        return len(file)

    @router.post("/upload")
    async def upload(file: UploadFile) -> list[Any]:
        return await told_of(file)


@cases(
    post("/", data={"note": "urlencoded"}), post("/", data={"note": "multipart"}, files={"file": PICTURE}),
    post("/", files={"note": (None, "no file")}), post("/", 422, files={"file": PICTURE}),
    post("/", data={"note": "empty"}, files={"file": ("", b"")}),
)  # fmt: skip
def a_form_with_an_optional_file(router: APIRouter) -> None:
    @router.post("/")
    async def handle(note: Annotated[str, Form()], file: UploadFile | None = None) -> list[Any]:
        return [note, file and await told_of(file)]


@cases(post("/", data={"note": "urlencoded"}), post("/", files={"file": b"raw"}), post("/", **NONE))
def optional_bytes_in_a_form(router: APIRouter) -> None:
    @router.post("/")
    async def handle(
        note: str = Form(""), file: Annotated[bytes | None, File(description="Raw.")] = None
    ) -> list[Any]:
        return [note, file is not None and len(file)]


@cases(
    post("/", files=TWO), post("/", files=TWO[:1]), post("/", 422), post("/bytes", files=TWO), post("/none")
)
def several_files(router: APIRouter) -> None:
    @router.post("/")
    async def handle(files: list[UploadFile]) -> list[Any]:
        return [await told_of(file) for file in files]

    @router.post("/bytes")
    async def many_bytes(files: Annotated[list[bytes], File(description="Many.")]) -> list[int]:
        return [len(file) for file in files]

    @router.post("/none")
    async def none(files: Annotated[list[UploadFile] | None, File()] = None) -> Any:
        return files


@cases(
    post("/", files=[("a", PICTURE), ("b", PICTURE), ("token", (None, "t"))]),
    post("/", 422, files={"a": PICTURE}),
)
def files_and_fields(router: APIRouter) -> None:
    @router.post("/")
    async def handle(
        a: Annotated[bytes, File()], b: Annotated[UploadFile, File()], token: Annotated[str, Form()]
    ) -> list[Any]:
        return [len(a), await told_of(b), token]


@cases(post("/", files={"file": b"abc"}), post("/", files={"file": b"abc"}))
def a_file_is_closed_after_the_answer(router: APIRouter, told: list[Any]) -> None:
    kept: list[UploadFile] = []

    @router.post("/")
    async def handle(file: UploadFile) -> list[bool]:
        kept.append(file)
        told.append([each.file.closed for each in kept])
        return [each.file.closed for each in kept]


@pytest.mark.parametrize(("case", "side"), cases)
async def test_a_file_is_read_as_by_fastapi(case: Case, side: Side) -> None:
    await case.check(side)
