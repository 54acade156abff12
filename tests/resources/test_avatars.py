"""Avatars: what is uploaded is what everybody sees, and nothing but pictures gets in."""

import asyncio
import io
import os
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from PIL import Image
from sqlmodel import select

from api.db.engine import Database
from api.models.avatar import Avatar
from api.settings import Settings
from api.web.routes import ENVELOPE
from tests.support.make import make, make_post
from tests.support.people import Person

pytestmark = pytest.mark.anyio


def picture(format: str, colour: str = "teal", size: tuple[int, int] = (6, 4), **options: Any) -> bytes:
    """A picture in which the first pixel differs."""
    image, out = Image.new("RGB", size, colour), io.BytesIO()
    image.putpixel((0, 0), (255, 255, 255))
    image.save(out, format, **options)
    return out.getvalue()


PICTURES = {f"image/{format}": picture(format) for format in ("png", "jpeg", "webp", "gif")}
PNG, GIF = PICTURES["image/png"], PICTURES["image/gif"]
ME, AVATAR = "/users/me", "/users/me/avatar"


async def upload(
    person: AsyncClient, data: bytes, name: str = "me", type: str = "application/octet-stream"
) -> Response:
    return await person.put(AVATAR, files={"file": (name, data, type)})


async def set_avatar(person: Person, data: bytes = PNG) -> str:
    answer = await upload(person, data)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["avatar_url"])


async def look(anyone: AsyncClient, url: str) -> Response:
    return await anyone.get(f"http://test{url}")


def pixels(data: bytes) -> tuple[tuple[int, int], bytes]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size, image.convert("RGB").tobytes()


def code(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("type", PICTURES)
async def test_a_picture_looks_as_it_was_sent_and_needs_no_token(
    client: AsyncClient, ada: Person, type: str
) -> None:
    url = await set_avatar(ada, PICTURES[type])

    picture = await look(client, url)

    assert (picture.status_code, picture.headers["content-type"]) == (200, type)
    with Image.open(io.BytesIO(picture.content)) as image, Image.open(io.BytesIO(PICTURES[type])) as sent:
        assert (image.format, image.size) == (sent.format, sent.size)
    if type in {"image/png", "image/gif"}:
        assert pixels(picture.content) == pixels(PICTURES[type])
    assert picture.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in picture.headers["content-security-policy"]


async def test_the_answer_is_the_account_as_it_is_read_afterwards(ada: Person) -> None:
    before = (await ada.get(ME)).json()

    answer = await upload(ada, PNG)

    now = await ada.get(ME)
    assert (answer.json(), answer.headers["etag"]) == (now.json(), now.headers["etag"])
    assert now.json()["updated_at"] > before["updated_at"]
    same = {"avatar_url": None} | {name: before[name] for name in ("updated_at", "version")}
    assert now.json() | same == before


async def test_a_new_picture_has_a_new_address_and_the_old_one_is_gone(
    client: AsyncClient, ada: Person
) -> None:
    old = await set_avatar(ada, PNG)
    new = await set_avatar(ada, GIF)

    assert old != new
    assert code(await look(client, old)) == (404, "not_found")
    assert pixels((await look(client, new)).content) == pixels(GIF)


async def test_others_see_it_where_they_see_its_owner(ada: Person, bob: Person, staff: Person) -> None:
    post = await make_post(ada)
    await make(bob, f"/posts/{post['id']}/comments", body="First!")
    ours, theirs = await set_avatar(ada), await set_avatar(bob, GIF)

    assert (await staff.get(f"/posts/{post['id']}")).json()["author"]["avatar_url"] == ours
    [comment] = (await staff.get(f"/posts/{post['id']}/comments")).json()["items"]
    assert comment["author"]["avatar_url"] == theirs
    assert (await staff.get(f"/users/{ada.id}")).json()["avatar_url"] == ours


async def test_a_picture_is_taken_away_and_taking_it_away_again_changes_nothing(
    client: AsyncClient, ada: Person
) -> None:
    url = await set_avatar(ada)

    assert (await ada.delete(AVATAR)).status_code == 204

    without = (await ada.get(ME)).json()
    assert without["avatar_url"] is None
    assert (await look(client, url)).status_code == 404
    assert (await ada.delete(AVATAR)).status_code == 204
    assert (await ada.get(ME)).json() == without


async def test_a_picture_goes_with_its_account(
    client: AsyncClient, database: Database, ada: Person, bob: Person
) -> None:
    ours, theirs = await set_avatar(ada), await set_avatar(bob)

    assert (await ada.delete(ME)).status_code == 204

    assert (await look(client, ours)).status_code == 404
    assert (await look(client, theirs)).status_code == 200
    assert len(await stored(database)) == 1


async def stored(database: Database) -> list[Avatar]:
    async with database.read() as session:
        return list((await session.exec(select(Avatar))).all())


async def test_the_export_says_where_the_picture_is_and_is_still_json(ada: Person) -> None:
    url = await set_avatar(ada)

    export = (await ada.get("/users/me/export")).json()

    assert export["user"]["avatar_url"] == url
    [avatar] = export["avatars"]
    assert avatar.keys() == {"id", "created_at", "updated_at", "content_type", "version"}
    assert (avatar["id"], avatar["content_type"]) == (url.rpartition("/")[2], "image/png")


NO_PICTURES = {
    "nothing": b"",
    "one byte": PNG[:1],
    "half a beginning": PNG[:7],
    "text": b"hello",
    "HTML": b"<script>alert(1)</script>",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "something before": b" " + PNG,
    "a sound": b"RIFF\n\0\n\0WAVEfmt ",
    "an older GIF": b"GIF86a",
    "a PDF": b"%PDF-1.7",
}


@pytest.mark.parametrize("what", NO_PICTURES)
async def test_what_is_no_picture_is_refused_whatever_it_is_called(ada: Person, what: str) -> None:
    before = await set_avatar(ada)

    for name, type in (("me.png", "image/png"), ("me.svg", "image/svg+xml"), ("me", "text/html")):
        assert code(await upload(ada, NO_PICTURES[what], name, type)) == (415, "unsupported_media_type")

    assert (await ada.get(ME)).json()["avatar_url"] == before


@pytest.mark.parametrize("type", ["text/html", "image/svg+xml", "image/gif", "nonsense"])
async def test_what_a_picture_is_called_does_not_matter(client: AsyncClient, ada: Person, type: str) -> None:
    url = (await upload(ada, PNG, "me.html", type)).json()["avatar_url"]

    assert (await look(client, url)).headers["content-type"] == "image/png"


def enveloped(data: bytes, name: bytes = b"me") -> dict[str, Any]:
    """The body as it is on the wire; httpx would write a name in a harmless way."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\n'
    return {
        "content": head + data + b"\r\n--x--\r\n",
        "headers": {"Content-Type": "multipart/form-data; boundary=x"},
    }


@pytest.mark.parametrize(
    "name",
    [b"../../etc/passwd", b"\0.png", b"\xff\xed\xa0\x80", b"a\\", b"<svg/onload=alert(1)>", b"x" * 4000],
)
async def test_the_name_of_a_file_leads_nowhere(client: AsyncClient, ada: Person, name: bytes) -> None:
    url = (await ada.put(AVATAR, **enveloped(PNG, name))).json()["avatar_url"]

    picture = await look(client, url)
    assert pixels(picture.content) == pixels(PNG)
    assert "content-disposition" not in picture.headers


def of_size(size: int) -> bytes:
    return PNG.ljust(size, b"x")


async def test_a_picture_may_be_as_large_as_the_settings_say_and_not_a_byte_larger(
    client: AsyncClient, settings: Settings, ada: Person
) -> None:
    most = settings.max_upload_bytes
    url = await set_avatar(ada, of_size(most))

    for more in (most + 1, most + ENVELOPE + 1, 2 * settings.max_body_bytes):
        assert code(await upload(ada, of_size(more))) == (413, "too_large")
    assert pixels((await look(client, url)).content) == pixels(PNG)


async def test_a_body_without_an_end_is_not_read_to_its_end(settings: Settings, ada: Person) -> None:
    """It does not say how long it is, and is refused as soon as it is too long."""
    asked_for = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal asked_for
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + PNG
        while asked_for < 10 * settings.max_upload_bytes:
            asked_for += 2**16
            yield b"x" * 2**16

    answer = await ada.put(
        AVATAR, content=endless(), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )

    assert code(answer) == (413, "too_large")
    assert asked_for <= settings.max_upload_bytes + ENVELOPE + 2**16


async def test_one_file_is_meant_and_nothing_besides(ada: Person) -> None:
    one = ("a", PNG, "image/png")
    bodies: list[dict[str, Any]] = [
        {"files": [("file", one), ("file", one)]},
        {"files": [("file", one), ("other", one)]},
        {"files": [("file", one)], "data": {"avatar_url": "https://example.com/a.png"}},
        {"files": [("picture", one)]},
        {"files": {"file": (None, PNG)}},
        {"files": {"file": ("", b"")}},
        {"content": b"--x--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": PNG, "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": PNG, "headers": {"Content-Type": "multipart/form-data"}},
        {},
    ]
    for body in bodies:
        assert code(await ada.put(AVATAR, **body)) == (422, "invalid_request"), body

    assert (await ada.get(ME)).json()["avatar_url"] is None


async def test_what_is_no_upload_at_all_is_refused(ada: Person) -> None:
    for type in (
        "image/png",
        "application/json",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
    ):
        assert code(await ada.put(AVATAR, content=PNG, headers={"Content-Type": type})) == (
            415,
            "unsupported_media_type",
        ), type


async def test_nobody_has_a_picture_who_has_not_signed_in(client: AsyncClient, database: Database) -> None:
    assert code(await upload(client, PNG)) == (401, "invalid_token")
    assert await stored(database) == []


async def test_of_many_pictures_at_once_one_stays_and_it_is_the_one_that_is_shown(
    client: AsyncClient, app: FastAPI, replica: FastAPI, database: Database, ada: Person
) -> None:
    pictures = [PNG + os.urandom(8) for _ in range(10)]
    async with ada.through(replica) as elsewhere:
        answers = await asyncio.gather(
            *(upload((ada, elsewhere)[i % 2], one) for i, one in enumerate(pictures))
        )
        answers += await asyncio.gather(upload(ada, GIF), elsewhere.delete(AVATAR), upload(elsewhere, GIF))

    assert {answer.status_code for answer in answers} == {200, 204}
    url = (await ada.get(ME)).json()["avatar_url"]
    left = await stored(database)
    assert [f"/api/v1/avatars/{one.id}" for one in left] == [url] * (url is not None)
    await upload(ada, PNG)
    assert len(await stored(database)) == 1


async def test_nothing_of_an_upload_is_left_open_or_written_to_disk(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[Any] = []

    def noted(**options: Any) -> Any:
        files.append(SpooledTemporaryFile(**options))  # noqa: SIM115  whether it is closed is the question
        return files[-1]

    monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", noted)
    for data in (PNG, b"no picture", of_size(600_000)):
        await upload(ada, data)
    await ada.put(AVATAR, files=[("file", ("a", PNG)), ("file", ("b", PNG))])

    assert len(files) == 3  # of what says beforehand that it is too large, nothing is read
    assert [(file.closed, file._rolled) for file in files] == [(True, False)] * 3
