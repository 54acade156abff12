"""Live events: changes of a user's rows, numbered for each recipient. See also `db/live_events.py`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, text
from sqlmodel import Field, SQLModel

from api.models.base import utcnow


class Inbox(SQLModel, table=True):
    """The last event number of a user.

    A writer locks this row until its commit, so event numbers follow the order of commits.
    """

    __tablename__ = "inboxes"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    number: int = Field(sa_type=BigInteger)
    pruned: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})


class Event(SQLModel, table=True):
    """One event, as it is sent.

    Its foreign key refers to the inbox and not to the user, because the writer has locked the inbox already.
    """

    __tablename__ = "events"

    user_id: UUID = Field(foreign_key="inboxes.user_id", ondelete="CASCADE", primary_key=True)
    number: int = Field(sa_type=BigInteger, primary_key=True)
    topic: str = Field(max_length=32)
    kind: str = Field(max_length=64)
    data: str = Field(max_length=1_000_000)
    created_at: datetime = Field(default_factory=utcnow, index=True)
