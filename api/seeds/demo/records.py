"""Records about bookings of past slots."""

from collections.abc import Iterator
from typing import Any

from api.models.booking import Booking
from api.models.booking_slot import BookingSlot
from api.models.record import Record
from api.seeds.demo import Demo


def records(demo: Demo) -> Iterator[Record]:
    for booking in demo.made[Booking]:
        slot = demo.find(BookingSlot, id=booking.slot_id)
        if slot.starts_at < demo.today:
            held: dict[str, Any] = {"kind": "visit", "title": slot.title, "occurred_at": slot.starts_at}
            people = {"user_id": booking.owner_id, "author_id": demo.user("maria")}
            yield Record(**held, **people, booking_id=booking.id, data={"lanes": 1, "mood": "good"})


ROWS = {Record: records}
