"""Valid values for a field, found in what its JSON schema says."""

import base64
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import count, islice
from typing import Any

Part = dict[str, Any]
# There is no public way to read a pattern.
regex: Any = import_module("re._constants")
parser: Any = import_module("re._parser")
LETTERS = [chr(code) for code in range(32, 127)]
# Texts for patterns that are common.
KNOWN = ("{}.00", "#{:06x}", "+4312345{:03}")


def types(part: Part) -> set[str]:
    if "types" in part:
        return set(part["types"])
    given = part.get("type", [])
    return set([given] if isinstance(given, str) else given)


def is_decimal(part: Part) -> bool:
    """Whether it is a number that is sent as text."""
    return {"number", "string"} <= types(part)


def is_file(part: Part) -> bool:
    return "contentMediaType" in part or part.get("format") == "binary"


# A whole picture of one pixel, which is also text
GIF = "GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"


def values(part: Part, number: int) -> Iterator[Any]:
    """Different valid values; for another number other ones, if there are enough."""
    if "const" in part:
        yield part["const"]
        return
    if "enum" in part:
        yield from part["enum"]
        return
    examples = part.get("examples", ())
    if types(part) & {"string"} and not {"pattern", "format", "types"} & part.keys():
        yield from examples  # the schema says nothing else of the text
    yield from _made(part, number)
    yield from examples


def _made(part: Part, number: int) -> Iterator[Any]:
    kinds = types(part) - {"null"} or {"object"}
    if "string" in kinds:
        yield from _texts(part, number)
    elif "boolean" in kinds:
        yield from (True, False)
    elif "integer" in kinds:
        yield from _numbers(part, number, 0)
    elif "number" in kinds:
        yield from _numbers(part, number, 0.5)
    elif "array" in kinds:
        yield from _lists(part, number)
    else:
        yield from _objects(part, number)


def _numbers(part: Part, number: int, fraction: float) -> Iterator[Any]:
    """From 1 or the minimum on; from `number` on if the field is unique."""
    step = part.get("multipleOf", 1)
    lowest: Any = part.get("minimum", part.get("exclusiveMinimum", 0 if "exclusiveMaximum" in part else 1))
    lowest = max(lowest, 1) if part.get("maximum", 1) >= 1 else part.get("minimum", part["maximum"] - 9)
    first = -(-lowest // step) * step + (number * step if part.get("unique") else 0)
    for turn in count():
        value = first + turn * step + (fraction if step == 1 else 0)
        if value > part.get("maximum", value) or value >= part.get("exclusiveMaximum", value + 1):
            return
        if value > part.get("exclusiveMinimum", value - 1):
            yield value


def _lists(part: Part, number: int) -> Iterator[list[Any]]:
    least, most = part.get("minItems", 0), part.get("maxItems", 3)
    items = list(islice(values(part.get("items") or {"type": "string"}, number), least + 2))
    if least == 0:
        yield []
    if (part.get("items") or {}).get("format") == "uuid":
        return  # such ids would be of rows that do not exist
    for first in range(len(items)):
        for length in range(max(least, 1), most + 1):
            if len(chosen := items[first : first + length]) == length:
                yield chosen


def _objects(part: Part, number: int) -> Iterator[dict[str, Any]]:
    for turn in range(3):
        if fields := part.get("properties"):
            yield {name: nth(one, number + turn, turn) for name, one in fields.items()}
        else:
            inner = part.get("additionalProperties")
            yield {"sample": nth(inner, number + turn, 0) if isinstance(inner, dict) else number + turn}


def nth(part: Part, number: int, turn: int) -> Any:
    """One of the valid values, or the last."""
    return [*islice(values(part, number), turn + 1)][-1]


def _texts(part: Part, number: int) -> Iterator[str]:
    if is_file(part):
        yield from (f"{GIF}{number + turn}" for turn in range(3))
    elif is_decimal(part):
        yield from (f"{1 + (number + turn) % 90}.00" for turn in range(3))
    elif (format := "byte" if part.get("contentEncoding") == "base64" else part.get("format", "")) in FORMATS:
        yield from (FORMATS[format](number + turn) for turn in range(3))
        if format == "date-time":  # a time that is over
            yield from (moment(number + turn, 2020) for turn in range(3))
    else:
        pattern = part.get("pattern", "")
        for turn in range(3):
            text = f"sample{number}{'abc'[turn] if turn else ''}".ljust(part.get("minLength", 0), "x")
            tried = (
                text,
                *(known.format(number + turn) for known in KNOWN),
                matching(pattern, number + turn),
            )
            yield next((one for one in tried if _fits(one, part)), text)


def _fits(text: str, part: Part) -> bool:
    fitting = part.get("minLength", 0) <= len(text) <= part.get("maxLength", len(text))
    return fitting and re.search(part.get("pattern", ""), text) is not None


def moment(number: int, year: int = 2100) -> str:
    """Each is later than the one before, so that things end after they start."""
    at = datetime(year, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return at.isoformat().replace("+00:00", "Z")


def encoded(number: int) -> str:
    return base64.b64encode(f"sample {number}".encode()).decode()


FORMATS: dict[str, Callable[[int], str]] = {
    "email": "sample{}@example.com".format,
    "date": lambda number: (date(2020, 2, 29) + timedelta(days=number)).isoformat(),
    "date-time": moment,
    "time": lambda number: f"{number // 60 % 24:02}:{number % 60:02}:00",
    "duration": lambda number: f"PT{1 + number % 23}H",
    "uri": "https://example.com/{}".format,
    "byte": encoded,
    "base64": encoded,
    "base64url": encoded,
    "ipv4": lambda number: f"203.0.113.{number % 256}",
    "ipv6": lambda number: f"2001:db8::{1 + number % 0xFFF:x}",
}
WORDY = {*FORMATS, "uuid", "binary"}  # formats whose length says nothing


def matching(pattern: str, number: int) -> str:
    """A text that a regular expression matches; for another number another one, if there are several."""
    return "".join(_written(parser.parse(pattern), [number]))


def _written(tokens: Any, digits: list[int]) -> Iterator[str]:
    def choose(options: Any) -> Any:
        digits[0], which = divmod(digits[0], len(options))
        return options[which]

    for name, value in tokens:
        if name is regex.LITERAL:
            yield chr(value)
        elif name is regex.ANY:
            yield choose("abcdefgh")
        elif name is regex.NOT_LITERAL:
            yield choose([letter for letter in "abcdefgh" if letter != chr(value)])
        elif name is regex.IN:
            allowed = re.compile(_as_set(value))
            yield choose([letter for letter in LETTERS if allowed.fullmatch(letter)] or ["?"])
        elif name is regex.BRANCH:
            yield from _written(choose(value[1]), digits)
        elif name is regex.SUBPATTERN:
            yield from _written(value[-1], digits)
        elif name in {regex.MAX_REPEAT, regex.MIN_REPEAT, regex.POSSESSIVE_REPEAT}:
            least, most, inner = value
            for _ in range(min(most, max(least, 3))):
                yield from _written(inner, digits)


CATEGORIES = {
    regex.CATEGORY_DIGIT: r"\d", regex.CATEGORY_NOT_DIGIT: r"\D", regex.CATEGORY_SPACE: r"\s",
    regex.CATEGORY_NOT_SPACE: r"\S", regex.CATEGORY_WORD: r"\w", regex.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def _as_set(parts: Any) -> str:
    """The characters of `[…]`, as they were written."""
    text = ""
    for name, value in parts:
        if name is regex.NEGATE:
            text = "^"
        elif name is regex.LITERAL:
            text += re.escape(chr(value))
        elif name is regex.RANGE:
            text += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif name is regex.CATEGORY:
            text += CATEGORIES[value]
    return f"[{text}]"
