"""The text of a router: its dependencies, its query classes and a handler for each route."""

from tools.entity.plan import CHILD, OPEN, OWN, TEAM, Plan, plural
from tools.entity.targets import Loaded, snake
from tools.entity.text_of_fields import enum_of
from tools.entity.text_of_more_handlers import MoreHandlers
from tools.entity.text_of_query import of_parent, queries

IMPORTS = [
    "from typing import Annotated, Literal",
    "from uuid import UUID",
    "from fastapi import Depends, Query",
    "from pydantic import Field as PydanticField",
    "from sqlalchemy import bindparam",
    "from sqlmodel import col",
    "from api.db import SessionDep, fresh, link, link_only, purge, restore, unlink",
    "from api.deps import PUBLIC, Bulk, CallerId, CurrentUser, Many, Partial, bulk, check_reference, "
    "check_team, child, found, governed, in_trash, mine, other, ours, owned, parent, "
    "require, scope_values, shared",
    "from api.lists import Affected, AllRows, Filters, Page, PageQuery, Search, Searches, TrashQuery, "
    "change_all, delete_all, paginate",
    "from api.models.account_types import Email",
    "from api.models.types import Day, Line, Money, UtcDatetime",
    "from api.problems import Code, ProblemError, problems",
    "from api.web import Router, repeatable",
]


def text_of_router(plan: Plan, tags: dict[str, Loaded]) -> str:
    """`tags` says how the rows of each link are loaded, by the name of its entity."""
    return _Router(plan, tags).text()


class _Router(MoreHandlers):
    def __init__(self, plan: Plan, tags: dict[str, Loaded]) -> None:
        super().__init__(plan)
        self.tags = tags

    def text(self) -> str:
        plan, name = self.plan, self.plan.name
        public = [
            f"{name}Create",
            f"{name}Public",
            f"{name}Update",
            *(f"{name}{one.name}" for one in plan.links),
        ]
        public += [enum_of(name, one) for one in plan.fields if one.kind == "enum"]
        imports = [*IMPORTS, f"from api.models.{plan.singular} import {', '.join([name, *public])}"]
        if plan.permission:
            module = plan.permission.module or f"api.models.{plan.singular}"
            imports.append(f"from {module} import {plan.permission.enum}")
        imports += [one.importing for one in (*plan.targets, *plan.links)]
        for scope in (*map(self.scope_of, plan.targets), *(link.scope(self.team) for link in plan.links)):
            imports += scope.imports if scope else ()
        for how in (plan.reading, plan.changing, *self.tags.values()):
            imports += how.imports if how else ()
        prefix = f"/{plan.parent_path}/{{{plan.parent_id}}}/{plan.path}" if plan.parent else f"/{plan.path}"
        router = f'router = Router(prefix="{prefix}", tags=["{plan.words}"])'
        head = "\n\n".join(
            [f'"""{self.docstring()}"""', "\n".join(imports), router, "\n".join(self.dependencies())]
        )
        return "\n\n\n".join([head, *queries(plan), *self.handlers()]) + "\n"

    def docstring(self) -> str:
        words = self.plan.words
        if self.parent:
            return f"{words.capitalize()} of {plural(self.parent).replace('_', ' ')}."
        return {OWN: f"Your {words}.", TEAM: f"The {words} of your teams."}.get(
            self.plan.kind, f"{words.capitalize()}."
        )

    def dependencies(self) -> list[str]:
        plan, name = self.plan, self.plan.name
        shown = f", {self.answer}" if plan.is_nested else ""
        row = f"Annotated[{name}, Depends({{}})]".format
        lines = []
        if plan.kind == OWN:
            lines = [f"MINE = mine({name})", f"{self.read} = {row(f'owned({name}{shown})')}"]
        elif plan.kind == TEAM:
            lines = [f"OURS = ours({name})", f"{self.read} = {row(f'shared({name}{shown})')}"]
        elif plan.kind == CHILD:
            lines = of_parent(plan)
        elif plan.permission and plan.kind == OPEN:
            one = f"any_{self.row}"
            governed = f'governed({one}, "owner_id", {plan.permission.text})'
            lines = [f"MINE = mine({name})"] * (plan.has_trash or plan.changes_all)
            lines += [
                f"{one} = found({name}{shown})",
                f"{self.read} = {row(one)}",
                f"{self.change} = {row(governed)}",
            ]
        elif plan.permission:
            lines = [
                f"WRITER = require({plan.permission.text})",
                f"{self.read} = {row(f'found({name}{shown})')}",
            ]
        if plan.has_trash:
            lines.append(f"Trashed{name} = {row(f'in_trash({name}, {self.scope}{shown})')}")
        for link in plan.links:
            lines.append(
                f"Linked{link.name} = Annotated[{link.name}, "
                f'Depends(other({self.tags[link.name].text}, "{snake(link.name)}_id"))]'
            )
        return lines

    def handlers(self) -> list[str]:
        plan = self.plan
        made = [self.listing(), self.create()]
        made += [self.create_many()] if plan.has_bulk else []
        made += [self.update_all(), self.delete_all()] if plan.changes_all else []
        made += self.trash() if plan.has_trash else []
        made += [self.get(), self.update(), self.delete()]
        return made + [text for link in plan.links for text in self.linked(link)]
