"""Pictures: decoded and encoded anew, so that what is stored holds a picture and nothing else.

Of an animation, the first frame is kept. Decoding takes time and memory, so one thread of low priority does
it, one picture after the other.
"""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

from api.models.avatar import ImageType
from api.problems import Code, ProblemError, too_large
from api.security.hashing import come_last
from api.settings import Settings

UNREADABLE = "This file cannot be read as a picture. Send another PNG, JPEG, WebP or GIF file."
SAVED: dict[ImageType, dict[str, Any]] = {ImageType.jpeg: {"optimize": True}, ImageType.webp: {"quality": 85}}
MOST_GROWTH = 2  # times the largest upload; some pictures are small only in the way they were encoded

_workers = ThreadPoolExecutor(1, thread_name_prefix="picture", initializer=come_last)


async def clean_picture(data: bytes, kind: ImageType, settings: Settings) -> bytes:
    """The picture, turned as its camera says, without place, camera, comments and colour profile."""
    try:
        loop = asyncio.get_running_loop()
        clean = await loop.run_in_executor(_workers, _clean, data, kind, settings.max_picture_pixels)
    except (ProblemError, asyncio.CancelledError):
        raise
    except Exception:  # a hostile picture can make Pillow raise nearly anything
        raise ProblemError(Code.unsupported_media_type, UNREADABLE) from None
    if len(clean) > MOST_GROWTH * settings.max_upload_bytes:
        raise too_large(settings.max_upload_bytes)
    return clean


def _clean(data: bytes, kind: ImageType, most_pixels: int) -> bytes:
    # Imported with the first picture, because they take memory
    pillow: Any = import_module("PIL.Image")
    turning = import_module("PIL.ImageOps")
    import_module("PIL.WebPImagePlugin")
    pillow.MAX_IMAGE_PIXELS = None  # it only warns of what is refused here
    with pillow.open(io.BytesIO(data), formats=[kind.name.upper()]) as picture:  # reads only the header
        if picture.width * picture.height > most_pixels:
            said = f"This picture has more than {most_pixels:,} pixels. Send a smaller one."
            raise ProblemError(Code.too_large, said, members={"max_pixels": most_pixels})
        options = SAVED.get(kind, {}) | _quality(picture, kind)
        picture.load()
        turned = turning.exif_transpose(picture)
    transparency = turned.info.get("transparency")
    turned.info = {} if transparency is None else {"transparency": transparency}
    out = io.BytesIO()
    turned.save(out, format=kind.name, **options)
    return out.getvalue()


def _quality(picture: Any, kind: ImageType) -> dict[str, Any]:
    """The options that keep the quality of a JPEG, and so its size."""
    if kind is not ImageType.jpeg:
        return {}
    subsampling = import_module("PIL.JpegImagePlugin").get_sampling(picture)
    return {"qtables": picture.quantization, "subsampling": subsampling}
