"""What each entity can do: its routes, found by their schemas and addresses."""

import re
from dataclasses import dataclass
from typing import Any

from fastapi.routing import RouteContext

from api.models.base import Entity
from tests.support.described import LISTS, ROUTES, is_of_trash, model_of, operation, page_of, query_of


@dataclass(frozen=True)
class Resource:
    """An entity at an address: `/books/{id}`, `/pages/{slug}`, `/teams/{team_id}/members/{user_id}`.

    Of the routes, those that an entity does not have are None.
    """

    model: Any
    public: type[Entity]
    get: Any
    create: Any
    list: Any
    change: Any
    delete: Any
    exports: tuple[Any, ...]

    @classmethod
    def all(cls) -> "tuple[Resource, ...]":
        return tuple(cls.of(route) for route in ROUTES if is_row(route))

    @classmethod
    def of(cls, get: RouteContext) -> "Resource":
        public = get.response_model
        parent = path(get).rpartition("/")[0]
        here = {method: route for route in ROUTES for method in methods(route) if path(route) == path(get)}
        lists = [route for route in LISTS if page_of(route) is public and not is_of_trash(route)]
        listed = nearest(lists, parent)
        created = [
            route
            for route in ROUTES
            if methods(route) == {"POST"} and route.status_code == 201 and is_entity(route.response_model)
        ]
        made = [
            route
            for route in created
            if path(route) == parent or model_of(route.response_model) is model_of(public)
        ]
        return cls(
            model=getattr(listed and query_of(listed), "model", None) or model_of(public),
            public=public,
            get=get,
            create=nearest(made, parent),
            list=listed,
            change=here.get("PATCH"),
            delete=here.get("DELETE"),
            exports=tuple(route for route in ROUTES if is_export_of(route, model_of(public))),
        )

    @property
    def parameter(self) -> str:
        """What names a row in its address."""
        return path(self.get).rpartition("/")[2].strip("{}")

    @property
    def collection(self) -> str:
        return path(self.get).split("/")[-2]

    def __str__(self) -> str:
        return self.collection if self.parameter == "id" else f"{self.collection}-{self.parameter}"


def path(route: RouteContext) -> str:
    return str(route.path_format)


def methods(route: RouteContext) -> set[str]:
    return set(route.methods or ())


def is_entity(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, Entity)


def is_row(route: RouteContext) -> bool:
    """Whether it answers with the one row that the end of its address names."""
    is_there = path(route).endswith("}") and "/trash/" not in path(route)
    return is_there and methods(route) == {"GET"} and is_entity(route.response_model)


def is_export_of(route: RouteContext, model: Any) -> bool:
    """Whether it answers with all rows that its filters find, as CSV."""
    query = query_of(route) if methods(route) == {"GET"} else None
    content = operation(route, "GET").get("responses", {}).get("200", {}).get("content", {})
    return query is not None and query.model is model and "text/csv" in content


def nearest(routes: list[RouteContext], parent: str) -> RouteContext | None:
    """The one at the parent address, else the first."""
    return next((route for route in routes if path(route) == parent), next(iter(routes), None))


RESOURCES = Resource.all()


def resource_at(route: RouteContext) -> Resource | None:
    """The resource that a list or a creation is of."""
    return next(
        (one for one in RESOURCES if path(route) in {path(r) for r in (one.list, one.create) if r}), None
    )


def named_by(address: str) -> Resource | None:
    """The resource whose rows the last parameter of this address names."""
    form = re.sub(r"\{\w+\}", "{}", address)
    return next((one for one in RESOURCES if re.sub(r"\{\w+\}", "{}", path(one.get)) == form), None)
