"""Live tables: changes of their rows are sent as events.

One line makes a table live:

    class Book(BookPublic, table=True):
        __live__ = ("created", "updated", "deleted")

The recipient is the user in `owner_id` or `user_id`, or all members of the team of a Shared row, or of the
team that is the row itself.
The topic is the name of the table.
"""

from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, Discriminator, Field, RootModel, create_model

from api.models.base import OWNERS, Entity, public_of, tables
from api.models.team import Team, is_shared
from api.open_enums import OpenEnum

TEAM = "team_id"  # the column that names the team to whose members events are sent


class Topic(OpenEnum):
    """The live tables, as the topics of a stream."""


class NumberedEvent(BaseModel):
    """The number of an event, which all events have."""

    id: int = Field(description="To resume without a gap, connect with the last id that you received.")


class ReadyEvent(NumberedEvent):
    """The first event of a stream. All later changes follow."""

    kind: Literal["ready"]


class ResetEvent(NumberedEvent):
    """The first event after a gap, because old events were deleted. Load your data again."""

    kind: Literal["reset"]


class LiveTable(NamedTuple):
    """The changes of a table that are sent, and the column that names their recipient or team."""

    topic: str
    name: str
    kinds: tuple[str, ...]
    public: type[Entity]
    recipient: str

    @property
    def is_of_team(self) -> bool:
        return self.recipient in {TEAM, "id"}


def live_table(model: type[Entity]) -> LiveTable:
    public, recipient = public_of(model), next((name for name in OWNERS if name in model.model_fields), None)
    if is_shared(model) or model is Team:
        recipient = TEAM if is_shared(model) else "id"
    if public is None:
        raise TypeError(f"{model.__name__} is live and needs a {model.__name__}Public for its events.")
    if recipient is None:
        raise TypeError(
            f"{model.__name__} is live and needs an owner_id or user_id to send its events to, or Shared."
        )
    topic = str(model.__tablename__)
    name = topic.removesuffix("s")
    return LiveTable(topic, name, tuple(f"{name}.{action}" for action in model.__live__), public, recipient)


def event_of(model: type[Entity], live: LiveTable) -> type[NumberedEvent]:
    """The event schema of a table, such as BookEvent."""
    fields: dict[str, Any] = {"kind": (Literal[live.kinds], ...), "data": (live.public, ...)}
    return create_model(f"{model.__name__}Event", __base__=NumberedEvent, **fields)


MODELS: list[type[Entity]] = [model for model in tables() if getattr(model, "__live__", ())]
LIVE = {model: live_table(model) for model in MODELS}
TOPICS = Topic("Topics", {live.topic: live.topic for live in LIVE.values()})  # type: ignore[call-arg]
EVENTS = reduce(or_, (ResetEvent, *(event_of(model, live) for model, live in LIVE.items())), ReadyEvent)


class LiveEvent(RootModel[Any]):
    """An event of a stream."""

    # The union is built when the module is imported.
    root: Annotated[EVENTS, Discriminator("kind")]  # type: ignore[valid-type]
