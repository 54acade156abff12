"""Fields: which input a schema gets, how a value stands in it, and what is read from it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, cast

from api.web.admin.document import Site
from api.web.admin.naming import words
from api.web.admin.operation import Schema

OMIT = object()  # what an empty input reads as, if the field has no value then
LONG = 300  # characters from which a text gets several lines
FORMATS = {
    "binary": "file",
    "date-time": "moment",
    "date": "date",
    "time": "time",
    "email": "email",
    "uri": "url",
}
INPUTS = {"moment": "datetime-local", "date": "date", "time": "time", "email": "email", "url": "url"}
YES, NO = "true", "false"


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    hint: str = ""
    is_required: bool = False
    is_nullable: bool = False
    choices: tuple[str, ...] = ()
    list_path: str = ""  # of what it refers to
    longest: int | None = None  # characters
    default: Any = None

    @property
    def label(self) -> str:
        return words(re.sub("_id(s?)$", r"\1", self.name))

    @property
    def input(self) -> str:
        return INPUTS.get(self.kind, "text")

    def shown(self, value: Any, zone: tzinfo) -> list[str]:
        """The value as an input has it: one text, or one for each choice."""
        if value is None:
            return [""]
        if self.kind in {"several", "references"}:
            return [str(one["id"] if isinstance(one, dict) else one) for one in value]
        if self.kind == "lines":
            return ["\n".join(map(str, value))]
        if self.kind == "json":
            return [json.dumps(value, indent=2, ensure_ascii=False)]
        if self.kind == "moment":
            return [moment(value, zone).strftime("%Y-%m-%dT%H:%M:%S")]
        if isinstance(value, bool):
            return [YES if value else NO]
        if isinstance(value, dict):  # nested in what is read, by its name in what is written
            return [str(value.get("name", value.get("id", "")))]
        return [str(value)]

    def read(self, given: list[str], zone: tzinfo) -> Any:
        """The value for the API. Raises ValueError with a message for people."""
        if self.kind in {"several", "references"}:
            return [one for one in given if one]
        text = given[0].replace("\r\n", "\n") if given else ""
        if self.kind == "lines":
            return [line for line in text.split("\n") if line.strip()]
        if self.kind == "bool":
            return text == YES
        if text == "":
            if self.is_nullable:
                return None
            return "" if self.kind in {"text", "long"} and not self.is_required else OMIT
        if self.choices == (YES, NO):
            return text == YES
        if self.kind == "number":
            return _number(text)
        if self.kind == "moment":
            return _utc(text, zone)
        if self.kind == "json":
            try:
                return _json(text)
            except ValueError as error:
                raise ValueError(f"This is not JSON: {error}.") from None
        return text


def fields_of(site: Site, schema: Schema | None, references: Mapping[str, str]) -> list[Field]:
    """The fields of a body."""
    schema = schema or {}
    required = schema.get("required", ())
    fields = [
        field_of(site, name, one, name in required, references)
        for name, one in schema.get("properties", {}).items()
    ]
    return sorted(fields, key=lambda one: one.kind == "password")  # browsers want the username before it


def field_of(site: Site, name: str, given: Schema, is_required: bool, references: Mapping[str, str]) -> Field:
    schema = site.resolve(given)
    kind, choices = _kind(site, name, schema, references)
    return Field(
        name,
        kind,
        schema.get("description", "").replace("The id of t", "T"),
        is_required,
        bool(schema.get("nullable")),
        choices,
        _list_path(site, name, references),
        schema.get("maxLength"),
        schema.get("default"),
    )


def _kind(
    site: Site, name: str, schema: Schema, references: Mapping[str, str]
) -> tuple[str, tuple[str, ...]]:
    typ = schema.get("type")
    if "enum" in schema or "const" in schema:
        return "choice", tuple(map(str, schema.get("enum") or [schema["const"]]))
    if typ == "boolean":
        return ("choice", (YES, NO)) if schema.get("nullable") else ("bool", ())
    if typ in {"integer", "number"}:
        return "number", ()
    if typ == "array":
        items = site.resolve(schema.get("items", {}))
        if "enum" in items:
            return "several", tuple(map(str, items["enum"]))
        if items.get("format") == "uuid" and _list_path(site, name, references):
            return "references", ()
        if items.get("format") == "binary":
            return "files", ()
        return ("lines" if items.get("type") == "string" else "json"), ()
    if typ != "string":
        return "json", ()
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]], ()
    if "password" in name:
        return "password", ()
    if _list_path(site, name, references):
        return "reference", ()
    is_long = schema.get("maxLength", 0) > LONG and "format" not in schema
    return ("long" if is_long else "text"), ()


def _list_path(site: Site, name: str, references: Mapping[str, str]) -> str:
    """The list that a field with ids refers to: by its foreign key, or by its name, tag_ids to /tags."""
    if name in references or not name.endswith("_ids"):
        return references.get(name, "")
    stem = name.removesuffix("_ids").rpartition("_")[2].removesuffix("y")
    found = [one for one in site.resources if one.count("/") == 1 and one.startswith(f"/{stem}")]
    return min(found, key=len, default="")


def moment(value: str, zone: tzinfo) -> datetime:
    return datetime.fromisoformat(value).astimezone(zone)


def _utc(text: str, zone: tzinfo) -> str:
    try:
        there = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("Write a date and a time.") from None
    there = there if there.tzinfo else there.replace(tzinfo=zone)
    try:
        return there.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise ValueError("This time is too far away.") from None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _number(text: str) -> Any:
    try:
        found = _json(text)
    except ValueError:
        return text  # the API says what is wrong with it
    return cast(Any, found if isinstance(found, int | float) and not isinstance(found, bool) else text)
