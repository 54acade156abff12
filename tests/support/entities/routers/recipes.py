"""How it is cooked."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

from api.db import SessionDep, fresh
from api.db.engine import DatabaseDep
from api.deps import CurrentUser, mine, owned, scope_values, within
from api.lists import Csv, Filters, Page, PageQuery, Search, Searches, csv_stream, paginate, walk
from api.models.recipe import Recipe, RecipeCreate, RecipePublic, RecipeRow, RecipeUpdate
from api.models.user import UserPermission
from api.web import Router

router = Router(prefix="/recipes", tags=["recipes"])

MINE = mine(Recipe)
MyRecipe = Annotated[Recipe, Depends(owned(Recipe, RecipePublic))]
ReadableRecipe = Annotated[Recipe, Depends(owned(Recipe, RecipePublic, unless=UserPermission.write))]


class RecipeFilters(Filters[Recipe]):
    q: Annotated[Search | None, Searches("title", of_all=True)] = None
    sort: Literal["id", "title"] = "id"


class RecipeQuery(RecipeFilters, PageQuery[Recipe]): ...


@router.get("", response_model=Page[RecipePublic])
async def list_recipes(
    session: SessionDep, user: CurrentUser, query: Annotated[RecipeQuery, Query()]
) -> Page[Recipe]:
    return await paginate(session, query, within(user, MINE, UserPermission.write), **scope_values(user))


@router.get("/export.csv", response_class=Csv)
async def export_recipes(
    database: DatabaseDep, user: CurrentUser, query: Annotated[RecipeFilters, Query()]
) -> StreamingResponse:
    scope = within(user, MINE, UserPermission.write)
    return csv_stream("recipes.csv", RecipeRow, walk(database.read, query, scope, **scope_values(user)))


@router.post("", status_code=201, response_model=RecipePublic)
async def create_recipe(session: SessionDep, user: CurrentUser, body: RecipeCreate) -> Recipe:
    return await fresh(session, Recipe.model_validate(body, update={"owner_id": user.id}))


@router.get("/{id}", response_model=RecipePublic)
async def get_recipe(recipe: ReadableRecipe) -> Recipe:
    return recipe


@router.patch("/{id}", response_model=RecipePublic)
async def update_recipe(recipe: MyRecipe, body: RecipeUpdate) -> Recipe:
    return body.apply(recipe)


@router.delete("/{id}", status_code=204)
async def delete_recipe(session: SessionDep, recipe: MyRecipe) -> None:
    await session.delete(recipe)
