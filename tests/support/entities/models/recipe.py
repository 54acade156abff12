"""Recipes, each with its steps."""

from uuid import UUID

from sqlmodel import Field, Relationship, SQLModel, col, select

from api.models.base import CALLER, Create, Entity, Owned, Update, listed
from api.models.types import Line, Text


class StepBase(SQLModel):
    text: Text = Field(min_length=1, max_length=500)


class StepCreate(StepBase, Create): ...


class StepUpdate(StepBase, Update): ...


class StepPublic(StepBase, Entity):
    recipe_id: UUID = Field(foreign_key="recipes.id", ondelete="CASCADE", description="Of which recipe.")


class Step(StepPublic, table=True):
    __table_args__ = listed("recipe_id", by=("id",))


class RecipeBase(SQLModel):
    title: Line = Field(min_length=1, max_length=100)


class RecipeCreate(RecipeBase, Create): ...


class RecipeUpdate(RecipeBase, Update): ...


class RecipeRow(RecipeBase, Owned, Entity): ...


class RecipePublic(RecipeRow):
    steps: list[StepPublic]


class Recipe(RecipeRow, table=True):
    __table_args__ = (*listed("owner_id", by=("id", "title")), *listed(by=("title",)))

    steps: list[Step] = Relationship(
        sa_relationship_kwargs={"lazy": "selectin", "order_by": "Step.id", "passive_deletes": True}
    )


OF_MINE = select(Recipe.id).where(Recipe.id == Step.recipe_id, col(Recipe.owner_id) == CALLER).exists()
