"""A table is live by one line of its class: its topic and its events are made from that."""

from typing import Any, Literal, get_args

import pytest

from api.db.live_events import LIVE, LiveEvent, NumberedEvent, Topic, event_of, live_table
from api.models.base import Entity, Owned
from api.models.booking import Booking, BookingPublic
from api.models.notification import Notification


class KitePublic(Owned, Entity): ...


class Kite(KitePublic):
    __live__ = ("created", "deleted")


def test_a_live_table_has_a_topic_and_an_event() -> None:
    assert live_table(Kite) == ("kites", "kite", ("kite.created", "kite.deleted"), KitePublic, "owner_id")
    event = event_of(Kite, live_table(Kite))
    assert (event.__name__, issubclass(event, NumberedEvent)) == ("KiteEvent", True)
    assert {name: field.annotation for name, field in event.model_fields.items()} == {
        "id": int,
        "kind": Literal["kite.created", "kite.deleted"],
        "data": KitePublic,
    }


def test_what_stands_beside_the_models_is_what_one_can_listen_to() -> None:
    union: Any = LiveEvent.model_fields["root"].annotation

    assert Topic.members() == sorted(live.topic for live in LIVE.values())
    assert {event.__name__ for event in get_args(union)} == {
        *("ReadyEvent", "ResetEvent"),
        *(f"{model.__name__}Event" for model in LIVE),
    }
    assert LIVE[Booking].public is BookingPublic
    assert LIVE[Notification].kinds == ("notification.created",)


def test_a_live_table_needs_somebody_to_tell_and_something_to_show() -> None:
    class OrphanPublic(Entity): ...

    class Orphan(OrphanPublic): ...

    class Secret(Owned, Entity): ...

    with pytest.raises(TypeError, match=r"^Orphan is live and needs an owner_id or user_id"):
        live_table(Orphan)
    with pytest.raises(TypeError, match=r"^Secret is live and needs a SecretPublic for its events"):
        live_table(Secret)
