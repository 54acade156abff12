"""Serializes rows and pages of rows that are unchanged since the driver read them, without validation.

`api/db/fast/representation.py` converts them to their Public. FastAPI serializes all other responses.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from api.db.fast.representation import reason_against, show_of, written
from api.db.fast.rows import bare, is_bare
from api.db.fast.schemas import Unfit
from api.lists.pagination import Page
from api.models.base import Entity

LEANS_ON = ("pydantic:BaseModel.__pydantic_serializer__",)

Writer = Callable[[Any], bytes | None]


def writer_of(answer: Any) -> Writer | None:
    """A function that serializes responses of this type, if they are rows or pages of rows.

    The function returns None for a response that FastAPI has to serialize.
    """
    public = public_of(answer)
    if public is None or reason_against(public):
        return None
    if answer is public:
        return partial(_write_row, public)
    return partial(_write_page, answer, public, answer.__pydantic_serializer__.to_json)


def public_of(answer: Any) -> Any:
    """The Public schema of the rows in a response of this type, or None."""
    if not isinstance(answer, type):
        return None
    if issubclass(answer, Page):
        return next(iter(answer.__pydantic_generic_metadata__["args"]), None)
    return answer if issubclass(answer, Entity) else None


def _write_row(public: Any, row: Any) -> bytes | None:
    return written(row, public) if isinstance(row, Entity) and is_bare(row) else None


def _write_page(answer: Any, public: Any, dump: Any, page: Any) -> bytes | None:
    if type(page) is not Page or not all(map(is_bare, page.items)):
        return None
    models: set[Any] = set(map(type, page.items))
    show = show_of(*models, public) if len(models) == 1 else None
    if isinstance(show, Unfit) or len(models) > 1:
        return None
    try:
        items = page.items if show is None else [show(row) for row in page.items]
    except Unfit:
        return None
    return bytes(dump(bare(answer, vars(page) | {"items": items}, set())))
