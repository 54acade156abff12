"""Streamed CSV: page by page, so that memory stays constant and a slow client holds no session."""

import csv
import io
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from fastapi.responses import StreamingResponse

from api.models.base import Entity
from api.models.user import UserSummary

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell with this first character is a formula to spreadsheets


class Csv(StreamingResponse):
    media_type = "text/csv"


def csv_stream(name: str, public: type[Entity], pages: AsyncIterator[Sequence[Any]]) -> Csv:
    """The rows as CSV, with the fields of their Public schema. A nested entity becomes its id."""
    columns = list(public.model_fields)

    async def lines() -> AsyncIterator[str]:
        yield _line(columns)
        async for page in pages:
            yield "".join(_line(_cells(public.model_validate(row))) for row in page)

    return Csv(lines(), headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _cells(row: Entity) -> list[str]:
    written = row.model_dump(mode="json")
    nested = {name: str(value.id) for name in written if isinstance(value := getattr(row, name), UserSummary)}
    return [_cell(value) for value in (written | nested).values()]


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
