"""Bookings."""

from collections.abc import Iterator
from datetime import timedelta

from api.models.booking import Booking
from api.models.booking_slot import BookingSlot
from api.seeds.demo import Demo

BOOKINGS = {  # start of the slot in hours: seats by user
    26: {"lena": 2, "noah": 1, "sofia": 2},
    50: {"hugo": 1},
    30: {"aisha": 4},
    54: {"emil": 1},
    -70: {"lena": 2, "emil": 2},
}


def bookings(demo: Demo) -> Iterator[Booking]:
    for begins, booked in BOOKINGS.items():
        slot = demo.find(BookingSlot, starts_at=demo.today + timedelta(hours=begins))
        for name, seats in booked.items():
            yield Booking(slot_id=slot.id, owner_id=demo.user(name), customer_name=name.title(), seats=seats)


ROWS = {Booking: bookings}
