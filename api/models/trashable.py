"""The trash: rows of these tables can be restored after they are deleted, for `TRASH_DAYS`.

class CustomerPublic(CustomerBase, Owned, Trashable, Entity): ...
"""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Trashable(SQLModel):
    """A row that is moved to the trash when it is deleted, with all that is deleted with it."""

    deleted_at: datetime | None = Field(
        default=None, description="When the row was moved to the trash. Null if it is not there."
    )
