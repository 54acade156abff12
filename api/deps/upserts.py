"""Upserts: `PUT /customers/by/{external_id}` makes a row, or replaces it, by a unique key.

CustomerByKey = Annotated[Upsert[Customer], Depends(upserts(Customer, "external_id"))]

@router.put("/by/{external_id}")
async def put_customer(
    upsert: CustomerByKey, caller: CallerId, external_id: Line, body: CustomerCreate
) -> CustomerPublic:
    return await upsert(body, external_id, owner_id=caller)

The body is that of the POST, so a client sends the same row to both. If it contains the key, it is that of
the path.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from fastapi import Request, Response
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from api.db.problems import conflict
from api.db.request_session import SessionDep
from api.db.session import Session
from api.db.statements import fresh
from api.deps.authentication import CallerId, declares
from api.deps.rows import has_one_table, scope_values
from api.lists.conditions import Condition
from api.models.base import Create, Entity, as_json, public_of
from api.models.states import StateCode, check_transitions, states_of
from api.models.versions import next_after
from api.problems import Code, ProblemCode, ProblemError, invalid
from api.web.etags import check_if_match, etag, matches

Row = TypeVar("Row", bound=Entity)

TAKEN = (Code.already_exists, Code.conflict)
ATTEMPTS = 5  # to find a row that another request makes or deletes at the same time


class UpsertCode(ProblemCode):
    exists = "exists", 412, "This exists already, and the request is for a new one."


class Upsert(Generic[Row]):
    """Makes or replaces the row with a key. Two at once make one row, and replace it."""

    def __init__(
        self,
        request: Request,
        response: Response,
        session: Session,
        model: type[Row],
        key: str,
        scope: Condition | None,
        bound: Mapping[str, Any],
    ) -> None:
        self.request, self.response, self.session = request, response, session
        self.model, self.key, self.scope, self.bound = model, key, scope, bound
        self.public: Any = public_of(model)

    async def __call__(
        self, body: Create, key: Any, *, new: Mapping[str, Any] | None = None, by: Any = None, **values: Any
    ) -> Row:
        """The row with this key and these values, such as its owner, made of the body or replaced by it.

        A row with other values belongs to others: its key is taken. `new` are values for a new row alone.
        `by` is the caller, if its states ask for one (see api/models/states.py).
        """
        values = {**values, self.key: key}
        if missing := ", ".join(_others(self.model, self.key) - values.keys()):
            raise TypeError(f"{self.key} is unique within {missing}: pass this too.")
        if self.key in body.model_fields_set and getattr(body, self.key) != key:
            raise invalid(["body", self.key], "This must be the same as in the path.", "key_mismatch")
        for _ in range(ATTEMPTS):
            row = await self._find(values)
            if row is not None:
                return await self._replace(row, body, values, by)
            made = await self._make(body, values, new or {})
            if made is not None:
                return made
        raise ProblemError(Code.conflict)

    async def _find(self, values: Mapping[str, Any]) -> Row | None:
        """The row, locked as it is now."""
        is_it = [getattr(self.model, name) == value for name, value in values.items()]
        is_it += [] if self.scope is None else [self.scope]
        bound = dict(self.bound) if self.scope is not None else {}
        id = select(self.model.id).where(*is_it).with_for_update(key_share=True)
        if (await self.session.exec(id, params=bound)).first() is None:
            return None
        row = select(self.model).where(*is_it).execution_options(populate_existing=True)
        return (await self.session.exec(row, params=bound)).unique().one_or_none()

    async def _make(self, body: Create, values: dict[str, Any], new: Mapping[str, Any]) -> Row | None:
        """A new row, or None if another request has made it meanwhile."""
        if self.request.headers.get("if-match") is not None:
            raise ProblemError(Code.stale)
        row = self.model.model_validate(body, update={**new, **values})
        try:
            async with self.session.begin_nested():
                self.session.add(row)
                await self.session.flush()
        except IntegrityError as error:
            if await self._find(values) is not None:
                return None
            raise self._taken(error) from None
        self.response.status_code = 201
        return await self._shown(row)

    def _taken(self, error: IntegrityError) -> ProblemError:
        problem = conflict(error)
        for one in problem.errors:
            one.loc = ["path", self.key] if one.loc[-1] == self.key else one.loc
        return problem

    async def _replace(self, row: Row, body: Create, values: Mapping[str, Any], by: Any) -> Row:
        """The row with all that the body says, and its defaults. If all is equal, so is the version."""
        given = self.request.headers.getlist("if-none-match")
        if given and matches(",".join(given).replace("W/", ""), etag(as_json(row, self.public), self.public)):
            raise ProblemError(UpsertCode.exists)
        check_if_match(self.request, row, self.public)
        fields = self.model.model_fields.keys() - values.keys()
        fields -= states_of(self.model).keys() - body.model_fields_set  # a state changes only if it is named
        changes = {name: value for name, value in body.model_dump().items() if name in fields}
        changes = {name: value for name, value in changes.items() if getattr(row, name) != value}
        if changes:
            check_transitions(row, changes, by)
            row.sqlmodel_update({**changes, "updated_at": next_after(row.updated_at)})
        return await self._shown(row)

    async def _shown(self, row: Row) -> Row:
        """The row with what the database computes."""
        columns = inspect(self.model).local_table.columns
        if has_one_table(self.model) and not any(column.computed is not None for column in columns):
            return row
        return await fresh(self.session, row)


def upserts(
    model: type[Row], key: str, scope: Condition | None = None
) -> Callable[..., Awaitable[Upsert[Row]]]:
    """A dependency: the upsert of this model by a unique key. For it, only rows in the scope exist."""
    if public_of(model) is None:
        raise TypeError(f"{model.__name__} has no {model.__name__}Public, which an upsert answers.")
    _others(model, key)

    states = states_of(model).values()
    of_states: list[ProblemCode] = [StateCode.invalid_transition] * bool(states)
    of_states += [Code.forbidden] * any(one.needs_caller for one in states)

    # 404: an address with a control character (see web/middleware.py)
    @declares(
        "", Code.not_found, Code.stale, Code.already_exists, Code.conflict, UpsertCode.exists, *of_states
    )
    async def get_upsert(
        request: Request, response: Response, session: SessionDep, caller: CallerId
    ) -> Upsert[Row]:
        return Upsert(request, response, session, model, key, scope, scope_values(caller))

    get_upsert.is_upsert = True  # type: ignore[attr-defined]  # read in openapi/
    return get_upsert


def _others(model: Any, key: str) -> set[str]:
    """The columns within which the key is unique: none, or such as `owner_id`."""
    rules = [columns for columns in _unique(model) if key in columns]
    if not rules:
        raise TypeError(
            f"{model.__name__}.{key} is not unique, so it names no row. Declare it `unique=True`, or "
            f'UniqueConstraint("owner_id", "{key}").'
        )
    return min(rules, key=len) - {key}


def _unique(model: Any) -> Iterator[set[str]]:
    for rule in (*model.__table__.constraints, *model.__table__.indexes):
        if isinstance(rule, sa.UniqueConstraint) or (isinstance(rule, sa.Index) and rule.unique):
            yield {column.name for column in rule.columns}
