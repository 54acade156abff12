"""Turns what the API has answered into HTML. The templates escape everything that they are given."""

from datetime import datetime, tzinfo
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse

from api.web.admin.fields import moment
from api.web.admin.naming import title_of, words
from api.web.admin.operation import Schema

if TYPE_CHECKING:
    from jinja2 import Environment

NOTHING = "\N{EN DASH}"
HERE = Path(__file__).parent
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# With the policy of the other answers, browsers would send no Origin along with a form.
HEADERS = {"Content-Security-Policy": CSP, "Referrer-Policy": "same-origin"}


@cache
def templates() -> "Environment":
    jinja2 = import_module("jinja2")  # which only processes load in which somebody opens the admin
    made: Environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(words=words, title_of=title_of)
    return made


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    html = templates().get_template(template).render(**values)
    return HTMLResponse(html, status, headers=HEADERS)


def columns_of(schema: Schema, wanted: tuple[str, ...], resolve: Any) -> list[str]:
    """The fields that a list shows: those that are wanted, or the first short ones."""
    fields: dict[str, Schema] = schema.get("properties", {})
    if wanted:
        return [name for name in wanted if name in fields]
    found = list[str]()
    for name, given in fields.items():
        one = resolve(given)
        is_plain = one.get("type") in {"string", "integer", "number", "boolean"}
        is_nested = one.get("type") == "object" and "id" in one.get("properties", {})
        is_long = one.get("maxLength", 0) > 500 and one.get("format") is None and found
        is_known = name in {"id", "version", "created_at", "updated_at"}
        twice = name.endswith("_id") and name.removesuffix("_id") in fields
        if (is_plain or is_nested) and not (is_long or is_known or twice):
            found.append(name)
    found.sort(key=lambda name: name.endswith("_id"))  # who and what it belongs to comes last
    return [*found[:6], *(["created_at"] if "created_at" in fields else [])]


def cell(value: Any, schema: Schema, zone: tzinfo) -> dict[str, Any]:
    """A value for people: its text, and what kind of thing it is."""
    if value is None or value == "":
        return {"kind": "empty", "text": NOTHING}
    if isinstance(value, bool):
        return {"kind": "text", "text": "yes" if value else "no"}
    if schema.get("format") == "date-time" and isinstance(value, str):
        there: datetime = moment(value, zone)
        return {"kind": "moment", "text": f"{there:%Y-%m-%d %H:%M}", "iso": value, "zone": f"{there:%Z}"}
    if isinstance(value, dict) and "id" in value:
        return {"kind": "nested", "text": title_of(value), "id": value["id"]}
    if isinstance(value, list):
        return {"kind": "text", "text": ", ".join(title_of(one) for one in value) or NOTHING}
    if isinstance(value, dict):
        return {"kind": "json", "text": " · ".join(f"{key}: {title_of(one)}" for key, one in value.items())}
    return {"kind": "text", "text": str(value)}
