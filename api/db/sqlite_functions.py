"""Functions that SQLite lacks, in Python."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

LONGEST_DATE = 10  # characters: a stored time is longer


def lower(value: Any) -> Any:
    """SQLite's own lower() knows only ASCII, and a search for "ÉCOLE" must find "école" on both engines."""
    return value.lower() if isinstance(value, str) else value


def first_day(unit: str, stored: str | None, zone: str) -> str | None:
    """The first day of the day, week, month or year in which a stored time, or a stored date, is."""
    if stored is None:
        return None
    if len(stored) > LONGEST_DATE:
        day = datetime.fromisoformat(stored).replace(tzinfo=UTC).astimezone(_zone(zone)).date()
    else:
        day = date.fromisoformat(stored)
    match unit:
        case "week":
            day -= timedelta(days=day.weekday())
        case "month":
            day = day.replace(day=1)
        case "year":
            day = day.replace(month=1, day=1)
    return day.isoformat()


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


FUNCTIONS: dict[str, Callable[..., Any]] = {"lower": lower, "first_day": first_day}


def register(connection: Any) -> None:
    for name, function in FUNCTIONS.items():
        connection.create_function(name, -1, function)
