"""The list of the rows in the trash, with the scope, the filters and the order of any other list."""

from typing import ClassVar, Generic, Literal

from api.db.trash import trashed
from api.lists.filters import Model, Statement
from api.lists.pagination import PageQuery


class TrashQuery(PageQuery[Model], Generic[Model], frozen=True):
    """The query parameters of a list of the trash."""

    is_of_trash: ClassVar[bool] = True

    sort: Literal["deleted_at", "id"] = "deleted_at"

    @classmethod
    def read(cls, statement: Statement) -> Statement:
        return trashed(statement, cls.model)
