"""What rows and fields are called, for people, and the paths of rows."""

import re
from collections.abc import Mapping
from typing import Any

PARAMETER = re.compile(r"{(\w+)}")  # of a path
TITLES = ("title", "name", "full_name", "username", "label", "number", "subject", "email", "description")


def filled(template: str, values: Mapping[str, str]) -> str:
    return PARAMETER.sub(lambda found: values[found[1]], template)


def fill(template: str, row: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """The path of a row: the last parameter is its id, others are those of the list it is in."""
    names = PARAMETER.findall(template)

    def value(name: str) -> str:
        if name == names[-1]:
            nested = row.get(name.removesuffix("_id")) if name != "id" else None
            return str(nested["id"] if isinstance(nested, dict) else row.get(name) or row["id"])
        return values[name]

    return PARAMETER.sub(lambda found: value(found[1]), template)


def can_fill(template: str, row: Mapping[str, Any], path: str) -> bool:
    """Whether this schema of a row, in the list at this path, has what the template needs."""
    *others, last = PARAMETER.findall(template)
    is_named = {last, last.removesuffix("_id"), "id"} & row.get("properties", {}).keys()
    return bool(is_named) and set(others) <= set(PARAMETER.findall(path))


def linked(row: Mapping[str, Any], name: str) -> Any:
    """The value of a field of a body in a row, which may nest what the body refers to by id."""
    if name in row:
        return row[name]
    if name.endswith("_ids"):
        stem = name.removesuffix("_ids").removesuffix("y")
        return next((one for key, one in row.items() if key.startswith(stem) and isinstance(one, list)), None)
    nested = row.get(name.removesuffix("_id"))
    return nested.get("id") if isinstance(nested, dict) and name.endswith("_id") else nested


def title_of(row: Any) -> str:
    """What a row is called, for people."""
    if not isinstance(row, dict):
        return "" if row is None else str(row)
    for name in TITLES:
        if isinstance(row.get(name), str) and row[name].strip():
            return str(row[name])[:80]
    for name, value in row.items():
        if name.endswith(("_name", "_title")) and isinstance(value, str) and value.strip():
            return value[:80]
    nested = next((one for one in row.values() if isinstance(one, dict) and "id" in one), None)
    return title_of(nested) if nested else str(row.get("id", ""))[-12:]


def words(name: str) -> str:
    said = re.sub(r"[_-]+", " ", name).strip()
    return said[:1].upper() + said[1:]
