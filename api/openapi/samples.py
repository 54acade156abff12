"""Sample values for the types of JSON Schema, within the limits of the schema."""

import math
import re
from typing import Any

FORMATS = {
    "binary": "",
    "date": "2030-05-14",
    "date-time": "2030-05-02T08:30:00Z",
    "duration": "PT1H30M",
    "email": "ada@example.com",
    "hostname": "example.com",
    "ipv4": "203.0.113.7",
    "ipv6": "2001:db8::7",
    "time": "09:00:00Z",
    "uri": "https://example.com/",
}
# Used if the field's name does not match the pattern
PATTERNS = ("1.00", "#00ff00", "ada@example.com", "+4312345678", "ABC", "abc", "1")


def text(schema: dict[str, Any], name: str) -> str:
    """A sample for the format, or else the field's name in words."""
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    words = name.replace("_", " ").ljust(least, "x")[:most]
    try:
        pattern = re.compile(schema.get("pattern", ""))
    except re.error:  # a pattern of another language: pydantic's are of Rust
        return words
    return next((one for one in (words, *PATTERNS) if pattern.search(one)), words)


def number(schema: dict[str, Any]) -> int | float:
    """The minimum, or 1 if there is no minimum."""
    step = schema.get("multipleOf") or (1 if schema["type"] == "integer" else None)
    above, below = schema.get("exclusiveMinimum", -math.inf), schema.get("exclusiveMaximum", math.inf)
    least, most = max(schema.get("minimum", -math.inf), above), min(schema.get("maximum", math.inf), below)
    found: float = min(1, most) if least == -math.inf else least
    if step:
        found = math.ceil(found / step) * step
    if found in {above, below}:  # exclusive
        gap = step or (1 if math.inf in {-above, below} else (below - above) / 2)
        found += gap if found == above else -gap
    return int(found) if schema["type"] == "integer" else found
