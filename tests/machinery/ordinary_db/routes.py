"""Routes of the house whose handlers do what the running case does, and those that an entity has."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from tests.machinery.ordinary_db.extras import EXTRAS
from tests.machinery.ordinary_db.house import (
    CALLER,
    Annotated,
    CallerId,
    Depends,
    Page,
    PageQuery,
    Query,
    Router,
    SessionDep,
    asking,
    found,
    mine,
    owned,
    paginate,
    repeatable,
    visible,
)
from tests.machinery.ordinary_db.kinds import KINDS
from tests.machinery.ordinary_db.ladders import (
    LADDERS,
    OrdinaryThing,
    OrdinaryThingCreate,
    OrdinaryThingPublic,
    OrdinaryThingUpdate,
)

Run = Callable[..., Awaitable[None]]


def router_for(run: Run) -> Router:
    router = Router(prefix="/api/v1/ordinary")

    async def act(session: SessionDep) -> None:
        await run(session)

    router.get("/session")(act)
    router.post("/session")(act)

    async def act_for_caller(session: SessionDep, caller: CallerId) -> None:
        await run(session)

    router.get("/caller")(act_for_caller)
    router.post("/caller")(act_for_caller)
    for model in [*LADDERS, *EXTRAS, *(kind.model for kind in KINDS)]:
        act_on_rows(router, run, model)
    for kind in KINDS:
        if kind.is_json:
            serve(router, kind.model, kind.public, kind.create, None)
    serve(router, OrdinaryThing, OrdinaryThingPublic, OrdinaryThingCreate, OrdinaryThingUpdate)
    return router


def act_on_rows(router: Router, run: Run, model: Any) -> None:
    name, scope = model.__tablename__, mine(model)

    class RowQuery(PageQuery[model]):
        sort: Literal["id"] = "id"

    async def act_on_list(session: SessionDep, caller: CallerId, query: Annotated[RowQuery, Query()]) -> None:
        page = await paginate(session, query, scope, **asking(caller))
        await run(session, page.items)

    router.get(f"/list/{name}")(act_on_list)
    router.post(f"/list/{name}")(act_on_list)

    dependencies = {
        "owned": owned(model),
        "found": found(model),
        "visible": visible(model, model.owner_id == CALLER),
    }
    for what, dependency in dependencies.items():

        async def act_on_row(session: SessionDep, row: Annotated[Any, Depends(dependency)]) -> None:
            await run(session, row)

        router.get(f"/{what}/{name}/{{id}}")(act_on_row)
        router.patch(f"/{what}/{name}/{{id}}")(act_on_row)

    @repeatable
    async def act_on_held_row(session: SessionDep, row: Annotated[Any, Depends(owned(model))]) -> None:
        await run(session, row)

    router.get(f"/held/{name}/{{id}}")(act_on_held_row)
    router.patch(f"/held/{name}/{{id}}")(act_on_held_row)


def serve(router: Router, model: Any, public: Any, create: Any, update: Any) -> None:
    """The routes that the readme shows of an entity."""
    name, scope, my_row = f"/served/{model.__tablename__}", mine(model), owned(model)

    class ServedQuery(PageQuery[model]):
        sort: Literal["id"] = "id"

    @router.get(name)
    async def list_rows(
        session: SessionDep, caller: CallerId, query: Annotated[ServedQuery, Query()]
    ) -> Page[public]:
        return await paginate(session, query, scope, **asking(caller))

    @router.post(name, status_code=201)
    async def create_row(session: SessionDep, caller: CallerId, body: create) -> public:
        row = model.model_validate(body, update={"owner_id": caller})
        session.add(row)
        return row

    @router.get(name + "/{id}")
    async def get_row(row: Annotated[model, Depends(my_row)]) -> public:
        return row

    if update is None:
        return

    @router.patch(name + "/{id}")
    async def update_row(row: Annotated[model, Depends(my_row)], body: update) -> public:
        return body.apply(row)

    @router.delete(name + "/{id}", status_code=204)
    async def delete_row(session: SessionDep, row: Annotated[model, Depends(my_row)]) -> None:
        await session.delete(row)
