"""The handlers that every entity has: list, create, get, update and delete."""

from tools.entity.plan import CHILD, OPEN, OWN, TEAM
from tools.entity.targets import snake
from tools.entity.text_of_handler import CALLER, SESSION, VALUES, Parts


class Handlers(Parts):
    def listing(self) -> str:
        plan = self.plan
        query = f"query: Annotated[{plan.name}Query, Query()]"
        caller = {OWN: CALLER, TEAM: CALLER}.get(plan.kind, "")
        given = {
            OWN: f", MINE, {VALUES}",
            TEAM: f", OURS, {VALUES}",
            CHILD: f", OF_{self.parent.upper()}, {plan.parent_id}={self.parent}.id",
        }.get(plan.kind, "")
        shown, made = self.answered("Page[{}]")
        parameters = [SESSION, caller, self.signed_in(), self.of_parent(is_read=True), query]
        route = self.route("get", "", shown=shown)
        return self.handler(
            route, f"list_{plan.plural}", parameters, made, [f"return await paginate(session, query{given})"]
        )

    def create(self) -> str:
        plan, name = self.plan, self.plan.name
        update = {
            OWN: '{"owner_id": caller}',
            OPEN: '{"owner_id": caller}',
            TEAM: '{"creator_id": caller}',
            CHILD: f'{{"{plan.parent_id}": {self.parent}.id}}',
        }.get(plan.kind, "")
        new = f"{name}.model_validate(body{f', update={update}' if update else ''})"
        lines = ["await check_team(session, body.team_id, caller)"] * (plan.kind == TEAM) + self.checks(
            "body"
        )
        for link in plan.links:
            scope, ids = link.scope(self.team), f"{snake(link.name)}_ids"
            values = "**values" if self.needs_caller else VALUES
            given = f", {scope.text}" + f", {values}" * scope.needs_caller if scope else ""
            lines.append(f'await check_reference(session, {link.name}, body.{ids}, "{ids}"{given})')
        if plan.links:
            lines += [f"{self.row} = {new}", f"session.add({self.row})"]
            for link in plan.links:
                ends = f"{name}{link.name}, {self.row}, {link.name}"
                lines.append(f"await link_only(session, {ends}, body.{snake(link.name)}_ids)")
            lines.append(f"return await fresh(session, {self.row})")
        elif plan.is_nested:
            lines.append(f"return await fresh(session, {new})")
        else:
            lines += [f"{self.row} = {new}", f"session.add({self.row})", f"return {self.row}"]
        shown, made = self.answered()
        route = self.route("post", "", status=201, codes=self.codes(is_new=True), shown=shown)
        return self.handler(
            route, f"create_{self.row}", [*self.create_parameters(), f"body: {name}Create"], made, lines
        )

    def get(self) -> str:
        shown, made = self.answered()
        parameters = [self.signed_in(), f"{self.row}: {self.read}"]
        return self.handler(
            self.route("get", "/{id}", shown=shown),
            f"get_{self.row}",
            parameters,
            made,
            [f"return {self.row}"],
        )

    def update(self) -> str:
        plan = self.plan
        session = SESSION if plan.is_nested or plan.references else ""
        caller = CALLER if self.needs_caller else ""
        is_own = any(target.name == plan.name for target in plan.targets)
        of = self.of_parent() if plan.references and plan.parent and (self.team or is_own) else ""
        parameters = [session, caller, of, f"{self.row}: {self.change}", f"body: {plan.name}Update"]
        changed = f"body.apply({self.row})"
        lines = [
            *self.checks(self.row),
            f"return await fresh(session, {changed})" if plan.is_nested else f"return {changed}",
        ]
        shown, made = self.answered()
        route = self.route("patch", "/{id}", codes=self.codes(is_new=False), shown=shown)
        return self.handler(route, f"update_{self.row}", parameters, made, lines, self.above)

    def delete(self) -> str:
        parameters = [SESSION, f"{self.row}: {self.change}"]
        line = f"await session.delete({self.row})"
        route = self.route("delete", "/{id}", status=204)
        return self.handler(route, f"delete_{self.row}", parameters, "None", [line], self.above)
