"""How the admin shows an entity, for those that say so beside their model. Everything has a default.

class Slot(SlotRow, table=True):
    __admin__ = AdminView(label="Opening hours", columns=("title", "starts_at"), order=1)
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

Value = str | int | bool | Callable[[], datetime] | None


class AdminView(NamedTuple):
    label: str | None = None  # in the menu and as the heading
    columns: tuple[str, ...] = ()  # of the list, in this order
    order: int = 100  # in the menu; equal ones are sorted by label
    # Buttons, each with the fields that it sets: {"Publish": {"published_at": utcnow}}
    buttons: dict[str, dict[str, Value]] = {}  # noqa: RUF012  never changed
