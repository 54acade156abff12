"""Rows within rows: dependencies for routes whose path names a parent and its child, or two rows to link.

    my_invoice = owned(Invoice, InvoicePublic)
    ParentInvoice = Annotated[Invoice, Depends(parent(my_invoice, "invoice_id"))]
    MyLine = Annotated[Line, Depends(child(Line, my_invoice, "invoice_id"))]
    OtherTag = Annotated[Tag, Depends(other(owned(Tag), "tag_id"))]

Every method but GET locks the parent's row until the commit. So a rule of all its children, such as a sum or
a limit, stays valid after the handler has checked it. `If-Match` is that of the child.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from inspect import Parameter, signature
from typing import Annotated, Any, TypeVar, get_args, get_origin
from uuid import UUID

from fastapi import Depends, Path, Request, params
from sqlalchemy import bindparam
from sqlmodel import col

from api.db.request_session import SessionDep
from api.deps.authentication import declares
from api.deps.rows import load
from api.models.base import Entity
from api.problems import Code
from api.web.context import Part, context_of

RowT = TypeVar("RowT", bound=Entity)
Row = Callable[..., Awaitable[RowT]]  # a dependency of rows.py, or of an author


def parent(row: Row[RowT], name: str) -> Row[RowT]:
    """A dependency: the row from `row` whose id is in the path as `name`, locked for every method but GET."""
    found: Row[RowT] = _renamed(row, name, Part.parent)
    return found


def other(row: Row[RowT], name: str) -> Row[RowT]:
    """A dependency: the row from `row` whose id is in the path as `name`, which the route does not change."""
    found: Row[RowT] = _renamed(row, name, Part.other)
    return found


def child(model: type[RowT], row: Row[Any], name: str, public: type[Entity] | None = None) -> Row[RowT]:
    """A dependency: the child with the id in the path, if `name` is its parent, which `row` finds; else 404.

    `name` is the parent's id in the path and the child's column.
    """
    if name not in model.model_fields:
        raise TypeError(f"{model.__name__} has no column {name!r} that names its parent.")
    scope, shown = col(getattr(model, name)) == bindparam(name), public or model.__bases__[0]

    @declares("", Code.not_found, Code.stale)
    async def get_child(
        id: UUID,
        request: Request,
        session: SessionDep,
        above: Annotated[Any, Depends(parent(row, name))],
    ) -> RowT:
        return await load(request, session, model, id, shown, scope, bound={name: above.id})

    return get_child


@lru_cache
def _renamed(row: Any, name: str, part: Part) -> Any:
    """The dependency with its `id` in the path as `name`, also in the dependencies that it has."""
    given = signature(row, eval_str=True)
    parameters = [_parameter(one, name, part) for one in given.parameters.values()]
    is_own = "id" in given.parameters
    if parameters == [*given.parameters.values()]:
        raise TypeError(f"{row.__name__} takes no row with an `id` in the path, so it cannot be {name!r}.")
    asked = next((one.name for one in parameters if one.annotation is Request), None)
    if asked is None:
        parameters.append(Parameter("loading", Parameter.KEYWORD_ONLY, annotation=Request))

    async def get_row(**values: Any) -> Any:
        if is_own:
            values["id"] = values.pop(name)
        context = context_of(values[asked] if asked else values.pop("loading"))
        before, context.part = context.part, part
        try:
            return await row(**values)
        finally:
            context.part = before

    get_row.__signature__ = given.replace(parameters=parameters)  # type: ignore[attr-defined]
    get_row.__name__ = f"{row.__name__}_of_{name}"
    vars(get_row).update({key: value for key, value in vars(row).items() if not key.startswith("__")})
    vars(get_row)["codes"] = tuple(code for code in getattr(row, "codes", ()) if code is not Code.stale)
    return get_row


def _parameter(declared: Parameter, name: str, part: Part) -> Parameter:
    if declared.name == "id":
        what = Path(description=f"The id of the {name.removesuffix('_id').replace('_', ' ')}.")
        return declared.replace(name=name, annotation=Annotated[UUID, what], kind=Parameter.KEYWORD_ONLY)
    declared = declared.replace(kind=Parameter.KEYWORD_ONLY)
    if get_origin(declared.annotation) is not Annotated:
        return declared
    kind, *marks = get_args(declared.annotation)
    for at, mark in enumerate(marks):
        if isinstance(mark, params.Depends) and mark.dependency and _takes_id(mark.dependency):
            marks[at] = Depends(_renamed(mark.dependency, name, part))
    return declared.replace(annotation=Annotated[kind, *marks])


def _takes_id(dependency: Any) -> bool:
    """Whether this dependency, or one of its own, takes the `id` in the path."""
    try:
        parameters = signature(dependency, eval_str=True).parameters
    except (TypeError, ValueError):  # a callable that says nothing of its parameters
        return False
    marks = [mark for one in parameters.values() for mark in get_args(one.annotation)[1:]]
    inner = [mark.dependency for mark in marks if isinstance(mark, params.Depends) and mark.dependency]
    return "id" in parameters or any(map(_takes_id, inner))
