"""A JSON object of any shape, within bounds that every database and every reader can bear."""

import json
from typing import Annotated, Any

from pydantic import AfterValidator

LARGEST, DEEPEST = 20_000, 10
BOUNDS = f"Any JSON object, up to {LARGEST} characters and {DEEPEST} levels deep."


def _bounded(data: dict[str, Any]) -> dict[str, Any]:
    if _depth(data) > DEEPEST:
        raise ValueError(f"This is nested deeper than {DEEPEST} levels.")
    text = json.dumps(data)
    if len(text) > LARGEST:
        raise ValueError(f"Written as JSON, this is longer than {LARGEST} characters.")
    if "\\u0000" in text:
        raise ValueError("This holds a NUL character.")
    return data


def _depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0) if isinstance(value, (dict, list)) else 0


JsonObject = Annotated[dict[str, Any], AfterValidator(_bounded)]
