"""Leaves fields out of a response, if the client has asked for others only."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from pydantic_core import from_json, to_json
from starlette.datastructures import QueryParams

from api.lists.shown import Shows
from api.web.duplicates import dependencies_of

Choose = Callable[[Request, Response], None]


def chooser_of(dependant: Dependant) -> Choose | None:
    """A function that leaves fields out of the responses of a route; None if clients cannot ask for this."""
    name = next(_parameters(dependant), None)
    if name is None:
        return None

    def choose(request: Request, response: Response) -> None:
        query = QueryParams(request.scope["query_string"])
        if response.status_code != 200 or name not in query:
            return
        wanted = {*query[name].split(","), *query.get("expand", "").split(",")}
        body = from_json(bytes(response.body))
        if "items" in body and "next_cursor" in body:
            body["items"] = [*map(dict, (_chosen(row, wanted) for row in body["items"]))]
        else:
            body = dict(_chosen(body, wanted))
        response.body = to_json(body)
        response.headers["content-length"] = str(len(response.body))

    return choose


def _parameters(dependant: Dependant) -> Iterator[str]:
    for one in (dependant, *dependencies_of(dependant)):
        for parameter in one.query_params:
            model = parameter.field_info.annotation
            if isinstance(model, type) and issubclass(model, BaseModel):
                yield from (
                    name
                    for name, field in model.model_fields.items()
                    if any(isinstance(how, Shows) for how in field.metadata)
                )


def _chosen(row: dict[str, Any], wanted: Iterable[str]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in row.items() if name in wanted)
