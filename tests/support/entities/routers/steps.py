"""The steps of a recipe."""

from typing import Annotated, Literal
from uuid import UUID

from api.models.recipe import OF_MINE, Recipe, RecipePublic, Step, StepCreate, StepPublic, StepUpdate
from fastapi import Depends, Path, Query, Request
from sqlalchemy import and_, bindparam
from sqlmodel import col

from api.db import SessionDep
from api.deps import CurrentUser, declares, load, mine, scope_values
from api.lists import Page, PageQuery, paginate
from api.problems import Code, ProblemError
from api.web import Router

router = Router(prefix="/recipes/{recipe_id}/steps", tags=["steps"])

MINE = mine(Recipe)
OF_RECIPE = and_(col(Step.recipe_id) == bindparam("recipe_id"), OF_MINE)
RecipeId = Annotated[UUID, Path(description="Of which recipe.")]


@declares("own", Code.not_found)
async def get_parent(recipe_id: RecipeId, request: Request, session: SessionDep, user: CurrentUser) -> Recipe:
    return await load(request, session, Recipe, recipe_id, RecipePublic, MINE, user)


@declares("own", Code.not_found, Code.stale)
async def get_my_step(
    recipe_id: RecipeId, id: UUID, request: Request, session: SessionDep, user: CurrentUser
) -> Step:
    step = await load(request, session, Step, id, StepPublic, OF_MINE, user)
    if step.recipe_id != recipe_id:
        raise ProblemError(Code.not_found)
    return step


MyStep = Annotated[Step, Depends(get_my_step)]


class StepQuery(PageQuery[Step]):
    sort: Literal["id"] = "id"


@router.get("")
async def list_steps(
    session: SessionDep,
    user: CurrentUser,
    recipe: Annotated[Recipe, Depends(get_parent)],
    query: Annotated[StepQuery, Query()],
) -> Page[StepPublic]:
    return await paginate(session, query, OF_RECIPE, recipe_id=recipe.id, **scope_values(user))


@router.post("", status_code=201)
async def create_step(
    session: SessionDep, recipe: Annotated[Recipe, Depends(get_parent)], body: StepCreate
) -> StepPublic:
    step = Step.model_validate(body, update={"recipe_id": recipe.id})
    session.add(step)
    return step


@router.get("/{id}")
async def get_step(step: MyStep) -> StepPublic:
    return step


@router.patch("/{id}")
async def update_step(step: MyStep, body: StepUpdate) -> StepPublic:
    return body.apply(step)


@router.delete("/{id}", status_code=204)
async def delete_step(session: SessionDep, step: MyStep) -> None:
    await session.delete(step)
