"""Streamed CSV: page by page, so that memory stays constant and a slow client holds no session."""

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

from fastapi.responses import StreamingResponse

from api.models.base import Entity
from api.models.user import UserSummary

# To a spreadsheet, a cell is a formula if it begins like this: after blanks too, and in full width, as some
# keyboards write it. Where the decimal separator is a comma, a cell also begins after a semicolon. A
# quote that follows is one around this cell, and does not belong to it.
BLANK = r"(?:[^\S\t\r\n]|[\"\ufeff\u00ad\u200b-\u200f\u2060])*"
FORMULA = re.compile(rf"(^|[;|\t\r\n])(?={BLANK}[=+\-@＝＋－＠﹦﹢﹣﹫])|^(?=[\t\r])")  # noqa: RUF001
PLAIN = re.compile(r"\w[^;|\t\r\n]*")  # most cells, found sooner


class Csv(StreamingResponse):
    media_type = "text/csv"


def csv_stream(name: str, public: type[Entity], pages: AsyncIterator[Sequence[Any]]) -> Csv:
    """The rows as CSV, with the fields of their Public schema. A nested entity becomes its id."""
    columns = [*public.model_fields, *public.model_computed_fields]

    async def lines() -> AsyncIterator[str]:
        yield written_line(columns)
        async for page in pages:
            yield "".join(written_line(_cells(public.model_validate(row), columns)) for row in page)

    return Csv(lines(), headers={"Content-Disposition": f'attachment; filename="{name}"'})


def written_line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _cells(row: Entity, columns: list[str]) -> list[str]:
    written = row.model_dump(mode="json")
    nested = {name: str(value.id) for name in columns if isinstance(value := getattr(row, name), UserSummary)}
    return [cell((written | nested)[name]) for name in columns]


def cell(value: Any) -> str:
    if isinstance(value, str):
        return value if PLAIN.fullmatch(value) else FORMULA.sub(r"\1'", value)
    return "" if value is None else _json(value)


def _json(value: Any) -> str:
    """JSON in which a semicolon in a string is escaped, so that it begins no cell and means the same."""
    return json.dumps(value, ensure_ascii=False).replace(";", "\\u003b").replace("|", "\\u007c")
