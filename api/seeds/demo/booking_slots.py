"""Booking slots, one of them in the past."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from api.models.booking_slot import BookingSlot
from api.seeds.demo import Demo

SLOTS = {  # start in hours: title, location, duration in hours, seats
    26: ("Swim lane", "Pool, lane 2", 1, 6),
    50: ("Swim lane", "Pool, lane 2", 1, 6),
    30: ("Music room", "Second floor", 2, 4),
    54: ("Workshop bench", "Cellar", 3, 2),
    75: ("Speech therapy", "Room 12", 1, 1),
    -70: ("Swim lane", "Pool, lane 1", 1, 6),
}


def slots(demo: Demo) -> Iterator[BookingSlot]:
    for begins, (title, location, lasts, capacity) in SLOTS.items():
        starts_at = demo.today + timedelta(hours=begins)
        times: dict[str, Any] = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=lasts)}
        yield BookingSlot(title=title, location=location, capacity=capacity, **times)


ROWS = {BookingSlot: slots}
