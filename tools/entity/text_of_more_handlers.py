"""The handlers for many rows, for the trash and for links."""

from tools.entity.plan import TEAM, plural
from tools.entity.targets import Target, snake
from tools.entity.text_of_handler import CALLER, SESSION, VALUES
from tools.entity.text_of_handlers import Handlers
from tools.entity.text_of_query import all_rows


class MoreHandlers(Handlers):
    def create_many(self) -> str:
        given = ", ".join(one.partition(":")[0] for one in self.create_parameters())
        bodies = [f"body: Many[{self.plan.name}Create]", "partial: Partial = False"]
        shown, made = self.answered("Bulk[{}]")
        line = (
            f"return await bulk(session, body, lambda one: create_{self.row}({given}, one), partial=partial)"
        )
        route = self.route("post", "/bulk", status=201, shown=shown)
        return self.handler(
            route, f"create_{self.plan.plural}", [*self.create_parameters(), *bodies], made, [line]
        )

    def update_all(self) -> str:
        plan = self.plan
        query = f"query: Annotated[{all_rows(plan)}, Query()]"
        parameters = [SESSION, CALLER, query, f"body: {plan.name}Update"]
        each = ""
        if plan.references:
            arguments = ["session", *(["caller"] if self.needs_caller else []), self.row, "body"]
            each = f", lambda {self.row}: update_{self.row}({', '.join(arguments)})"
        line = f"return await change_all(session, query, {self.scope}, body{each}, {VALUES})"
        route = self.route("patch", "", codes=self.codes(is_new=False))
        return self.handler(route, f"update_{plan.plural}", parameters, "Affected", [line])

    def delete_all(self) -> str:
        plan = self.plan
        parameters = [SESSION, CALLER, f"query: Annotated[{all_rows(plan)}, Query()]"]
        line = f"return await delete_all(session, query, {self.scope}, {VALUES})"
        return self.handler(self.route("delete", ""), f"delete_{plan.plural}", parameters, "Affected", [line])

    def trash(self) -> list[str]:
        plan, name, row = self.plan, self.plan.name, f"{self.row}: Trashed{self.plan.name}"
        shown, made = self.answered("Page[{}]")
        one, restored = self.answered()
        query = f"query: Annotated[{name}TrashQuery, Query()]"
        listing = self.route("get", "/trash", shown=shown)
        codes = ["Code.already_exists"] * plan.is_unique_for_all + ["Code.conflict"]
        again = f"restore(session, {self.row})"
        again = f"fresh(session, await {again})" if plan.is_nested else again
        return [
            self.handler(
                listing,
                f"list_trashed_{plan.plural}",
                [SESSION, CALLER, query],
                made,
                [f"return await paginate(session, query, {self.scope}, {VALUES})"],
            ),
            self.handler(
                self.route("delete", "/trash/{id}", status=204),
                f"purge_{self.row}",
                [SESSION, row],
                "None",
                [f"await purge(session, {self.row})"],
            ),
            self.handler(
                self.route("post", "/{id}/restore", codes=codes, shown=one),
                f"restore_{self.row}",
                [SESSION, row],
                restored,
                [f"return await {again}"],
            ),
        ]

    def linked(self, link: Target) -> list[str]:
        plan, one = self.plan, snake(link.name)
        path = f"/{{id}}/{plural(one).replace('_', '-')}/{{{one}_id}}"
        parameters = [SESSION, f"{self.row}: {self.change}", f"{one}: Linked{link.name}"]
        lines = []
        if plan.kind == TEAM and link.is_shared:
            lines = [f"if {one}.team_id != {self.row}.team_id:", "    raise ProblemError(Code.not_found)"]
        made = []
        for method, verb, function in (("put", "add", "link"), ("delete", "remove", "unlink")):
            line = f"await {function}(session, {plan.name}{link.name}, {self.row}, {one})"
            route = self.route(method, path, status=204)
            made.append(
                self.handler(
                    route,
                    f"{verb}_{self.row}_{one}",
                    parameters,
                    "None",
                    [*(lines if verb == "add" else []), line],
                )
            )
        return made
