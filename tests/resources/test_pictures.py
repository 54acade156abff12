"""What is left of a picture: what one sees, and nothing that it says besides."""

import io
import struct
import threading
import zlib
from typing import Any

import pytest
from httpx import AsyncClient
from PIL import Image, ImageFile, PngImagePlugin

from api.flows.pictures import clean_picture
from api.models.avatar import ImageType
from api.problems import ProblemError
from api.settings import Settings
from tests.resources.test_avatars import code, look, picture, set_avatar, upload
from tests.support.people import Person

pytestmark = pytest.mark.anyio

SECRET = b"Maker of cameras"
TOP_LEFT_IS_TOP_RIGHT = 6  # turn by a quarter, clockwise


def exif() -> Image.Exif:
    said = Image.Exif()
    said[0x0112], said[0x010F] = TOP_LEFT_IS_TOP_RIGHT, SECRET.decode()
    said.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 59.0), 3: "E", 4: (13.0, 22.0, 59.0)})  # where
    return said


def texts() -> PngImagePlugin.PngInfo:
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", SECRET.decode())
    said.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{SECRET.decode()}</x:xmpmeta>")
    return said


TALKATIVE: dict[str, bytes] = {
    "PNG": picture("png", exif=exif(), pnginfo=texts(), icc_profile=SECRET) + SECRET,
    "JPEG": picture("jpeg", exif=exif(), comment=SECRET, icc_profile=SECRET, xmp=SECRET) + SECRET,
    "WEBP": picture("webp", exif=exif(), icc_profile=SECRET, xmp=SECRET, lossless=True),
    "GIF": picture("gif", comment=SECRET) + SECRET,
}


@pytest.mark.parametrize("format", TALKATIVE)
async def test_a_picture_says_nothing_of_where_and_how_it_was_taken(
    client: AsyncClient, ada: Person, format: str
) -> None:
    sent = TALKATIVE[format]
    assert SECRET in sent or format == "PNG"

    kept = (await look(client, await set_avatar(ada, sent))).content

    assert SECRET not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.format == format
        assert not {"exif", "xmp", "comment", "icc_profile", "Comment"} & image.info.keys()
        assert dict(image.getexif()) == {}
        image.load()
        if format != "GIF":  # which cannot be said to be turned
            assert image.size == (4, 6)
            first: Any = image.convert("RGB").getpixel((3, 0))
            assert min(first) > 60  # the white pixel, which was at the top left


def png(width: int, height: int) -> bytes:
    """A picture of these dimensions in a few bytes, which do not suffice for it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


async def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(
    settings: Settings, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[str] = []
    load = ImageFile.ImageFile.load

    def count(self: Any) -> Any:
        decoded.append(threading.current_thread().name)
        return load(self)

    monkeypatch.setattr(ImageFile.ImageFile, "load", count)
    side = int(settings.max_picture_pixels**0.5)

    for width, height in ((60_000, 60_000), (side + 1, side), (2**31 - 1, 1)):
        answer = await upload(ada, png(width, height))
        assert code(answer) == (413, "too_large")
        assert "pixels" in answer.json()["detail"]
    assert decoded == []
    assert (await upload(ada, picture("png"))).status_code == 200
    assert set(decoded) == {"picture_0"}  # in the thread for pictures, and nowhere else


BROKEN = {
    "no pixels": png(100, 100),
    "a beginning": b"\x89PNG\r\n\x1a\n",
    "half a JPEG": picture("jpeg", size=(300, 300))[:500],
    "half a WebP": picture("webp", size=(300, 300))[:60],
    "a GIF of nothing": b"GIF89a" + bytes(20),
}


@pytest.mark.parametrize("what", BROKEN)
async def test_what_only_begins_like_a_picture_is_refused(ada: Person, what: str) -> None:
    before = await set_avatar(ada)

    answer = await upload(ada, BROKEN[what])

    assert code(answer) == (415, "unsupported_media_type")
    assert "cannot be read" in answer.json()["detail"]
    assert (await ada.get("/users/me")).json()["avatar_url"] == before


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
async def test_of_an_animation_the_first_frame_is_kept(client: AsyncClient, ada: Person, format: str) -> None:
    frames = [Image.new("RGB", (5, 5), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, format, save_all=True, append_images=frames[1:], duration=40)

    kept = (await look(client, await set_avatar(ada, out.getvalue()))).content

    with Image.open(io.BytesIO(kept)) as image:
        assert getattr(image, "n_frames", 1) == 1
        shown: Any = image.convert("RGB").getpixel((2, 2))
        assert shown[0] > 200 > 60 > max(shown[1:])


@pytest.mark.parametrize("format", ["PNG", "WEBP", "GIF"])
async def test_what_is_transparent_stays_so(client: AsyncClient, ada: Person, format: str) -> None:
    image, out = Image.new("RGBA", (5, 5), (255, 0, 0, 255)), io.BytesIO()
    image.putpixel((2, 2), (0, 0, 0, 0))
    image.save(out, format)

    kept = (await look(client, await set_avatar(ada, out.getvalue()))).content

    with Image.open(io.BytesIO(kept)) as image:
        alphas = image.convert("RGBA").getchannel("A")
        assert (alphas.getpixel((2, 2)), alphas.getpixel((0, 0))) == (0, 255)


async def test_a_picture_that_is_small_only_as_it_was_sent_is_refused(settings: Settings) -> None:
    noise = Image.effect_noise((100, 100), 200)
    out = io.BytesIO()
    noise.save(out, "PNG")
    tight = settings.model_copy(update={"max_upload_bytes": 1024})

    with pytest.raises(ProblemError) as refused:
        await clean_picture(out.getvalue(), ImageType.png, tight)
    assert refused.value.status_code == 413
