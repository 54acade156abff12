"""Field errors: what is wrong with each field of a request, in words for people and in numbers for programs.

They never contain what the client has sent.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticKnownError

from api.models.types import WORDED
from api.problems import FieldError, counted

MOST_ERRORS = 50
LONGEST_NAME = 100  # characters of a field's name, which the client may have sent
LIMITS = [
    name for name in FieldError.model_fields if name not in {"loc", "msg", "type", "pattern", "allowed"}
]
VALUE = re.compile(r"""'((?:[^'\\]|\\.)*)'|"([^"]*)"|(-?\d+)""")  # as `expected` names the allowed values
OWN_WORDS = {"value_error": "Value error, ", "assertion_error": "Assertion failed, "}

MOMENT, DAY = "Write a time like 2030-12-31T09:00:00Z.", "Write a date like 2030-12-31."
CLOCK, DURATION = "Write a time of day like 09:30:00.", "Write a duration like PT1H30M."

# By Pydantic's types of errors. Other errors keep Pydantic's words.
WORDS = {
    "missing": "This is required.",
    "extra_forbidden": "This is not known here. Remove it.",
    "none_required": "This must be null.",
    "string_pattern_mismatch": "This does not have the expected form: {pattern}",
    "string_unicode": "This contains characters that are not valid.",
    "int_parsing_size": "This number is too large.",
    "finite_number": "This must be a finite number.",
    "greater_than": "This must be more than {gt}.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than": "This must be less than {lt}.",
    "less_than_equal": "This must be at most {le}.",
    "multiple_of": "This must be a multiple of {multiple_of}.",
    "decimal_max_digits": "Use at most {max_digits} digits.",
    "decimal_max_places": "Use at most {decimal_places} decimal places.",
    "decimal_whole_digits": "Use at most {whole_digits} digits before the decimal point.",
    "enum": "Choose one of: {allowed}.",
    "literal_error": "Choose one of: {allowed}.",
    "union_tag_invalid": "Choose one of: {allowed}, for {discriminator}.",
    "union_tag_not_found": "The field {discriminator} is required.",
    "timezone_aware": "Add a time zone, such as Z or +02:00.",
    "timezone_naive": "Write this without a time zone.",
    "date_from_datetime_inexact": "Write a date without a time, like 2030-12-31.",
    "json_invalid": "This is not valid JSON.",
    "json_type": "This must be a text that contains JSON.",
    "url_scheme": "Begin the URL with one of: {expected_schemes}.",
    "bytes_type": "This must be a file or a text.",
    **dict.fromkeys(("date_past", "datetime_past"), "This must be in the past."),
    **dict.fromkeys(("date_future", "datetime_future"), "This must be in the future."),
    "string_type": "This must be a text.",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "This must be a whole number."),
    **dict.fromkeys(
        ("float_type", "float_parsing", "decimal_type", "decimal_parsing"), "This must be a number."
    ),
    **dict.fromkeys(("bool_type", "bool_parsing"), "This must be true or false."),
    **dict.fromkeys(
        ("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), "This must be a list."
    ),
    **dict.fromkeys(
        ("dict_type", "mapping_type", "model_type", "model_attributes_type", "dataclass_type"),
        "This must be an object.",
    ),
    **dict.fromkeys(("uuid_type", "uuid_parsing", "uuid_version"), "This must be a UUID."),
    **dict.fromkeys(("url_type", "url_parsing", "url_syntax_violation"), "This must be a URL."),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"), MOMENT
    ),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), DAY),
    **dict.fromkeys(("time_type", "time_parsing"), CLOCK),
    **dict.fromkeys(("time_delta_type", "time_delta_parsing"), DURATION),
}
LENGTHS = {  # in characters, bytes or items
    "string_too_short": "characters",
    "string_too_long": "characters",
    "url_too_long": "characters",
    "bytes_too_short": "bytes",
    "bytes_too_long": "bytes",
    "too_short": "items",
    "too_long": "items",
}


def field_error(error: Mapping[str, Any]) -> FieldError:
    """The field error for one of Pydantic's errors. It has none of its `input`."""
    kind, context = str(error.get("type", "value_error")), dict(error.get("ctx") or {})
    allowed = _allowed(context)
    limits: dict[str, Any] = {
        name: given for name in LIMITS if (given := _number(context.get(name))) is not None
    }
    if isinstance(pattern := context.get("pattern"), str):
        limits["pattern"] = pattern
    if allowed:
        limits["allowed"] = allowed
    return FieldError.model_construct(
        loc=[part[:LONGEST_NAME] if isinstance(part, str) else part for part in error["loc"]],
        msg=_words(kind, str(error["msg"]), context, allowed),
        type=kind,
        **limits,
    )


def _words(kind: str, said: str, context: Mapping[str, Any], allowed: list[str | int]) -> str:
    if kind in OWN_WORDS:  # those of an author
        return said.removeprefix(OWN_WORDS[kind])
    if not _is_pydantics(kind, said, context):
        return said
    if kind == "string_pattern_mismatch" and context["pattern"] in WORDED:
        return WORDED[context["pattern"]]
    if kind in LENGTHS:
        return _of_length(LENGTHS[kind], context)
    values = {**context, "allowed": ", ".join(map(str, allowed))}
    return WORDS[kind].format_map(values) if kind in WORDS else said


def _is_pydantics(kind: Any, said: str, context: Mapping[str, Any]) -> bool:
    """Whether Pydantic says this. An author's own words for an error of a known type stay."""
    try:
        return PydanticKnownError(kind, dict(context) or None).message() == said
    except (KeyError, TypeError):
        return False


def _of_length(unit: str, context: Mapping[str, Any]) -> str:
    if (most := context.get("max_length")) is not None:
        return f"Use at most {counted(most, unit)}."
    least = context["min_length"]
    return "This must not be empty." if least == 1 else f"Use at least {counted(least, unit)}."


def _allowed(context: Mapping[str, Any]) -> list[str | int]:
    expected = context.get("expected", context.get("expected_tags", ""))
    found = VALUE.findall(expected) if isinstance(expected, str) else ()
    return [int(number) if number else one or other for one, other, number in found]


def _number(limit: Any) -> int | float | None:
    """A limit as a number, if it is one. Other limits, such as dates, are only in the words."""
    if isinstance(limit, Decimal):
        return int(limit) if limit == limit.to_integral_value() else float(limit)
    return limit if isinstance(limit, int | float) else None
