"""The parts of a handler: its decorator, its parameters and its answer."""

from tools.entity.plan import CHILD, OPEN, OWN, TEAM, WRITTEN, Plan
from tools.entity.targets import Scope, Target, snake

SESSION, CALLER, VALUES = "session: SessionDep", "caller: CallerId", "**scope_values(caller)"


class Parts:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        name = plan.name
        self.row = plan.singular
        self.answer, self.made = f"{name}Public", name if plan.is_nested else f"{name}Public"
        self.parent = snake(plan.parent.name) if plan.parent else ""
        self.read, self.change = {
            OWN: (f"My{name}", f"My{name}"),
            TEAM: (f"Our{name}", f"Our{name}"),
            OPEN: (f"Any{name}", f"Governed{name}"),
            WRITTEN: (f"Any{name}", f"Any{name}"),
            CHILD: (f"{name}Of{plan.parent.name}" if plan.parent else "",) * 2,
        }[plan.kind]
        self.is_governed_child = bool(
            plan.reading and plan.changing and plan.reading.text != plan.changing.text
        )
        if self.is_governed_child:
            self.change = f"Changed{self.change}"
        self.scope = {OWN: "MINE", TEAM: "OURS", OPEN: "MINE"}.get(plan.kind, "None")
        team = "body.team_id" if plan.kind == TEAM else None
        if plan.parent and plan.parent.is_shared:
            team = f"{self.parent}.team_id"
        self.team = team

    def handler(
        self, route: str, name: str, parameters: list[str], answer: str, lines: list[str], above: str = ""
    ) -> str:
        head = f"async def {name}({', '.join(filter(None, parameters))}) -> {answer}:"
        return f"@router.{route}\n{above}{head}\n" + "\n".join(f"    {line}" for line in lines)

    def route(
        self, method: str, path: str, *, status: int = 200, codes: list[str] | None = None, shown: str = ""
    ) -> str:
        """The decorator of a route, with all that it declares."""
        given = [f'"{path}"'] + [f"status_code={status}"] * (status != 200)
        given += [f"response_model={shown}"] * bool(shown)
        is_read = method == "get" and "trash" not in path
        if declared := self.declared(is_read=is_read):
            given.append(f"dependencies=[{', '.join(declared)}]")
        given += [f"responses=problems({', '.join(codes)})"] if codes else []
        return f"{method}({', '.join(given)})"

    def declared(self, *, is_read: bool) -> list[str]:
        plan = self.plan
        if plan.kind == CHILD:
            how = plan.reading if is_read else plan.changing
            return list(how.declared) if how else []
        if is_read:
            return ["PUBLIC"] if plan.is_public else []
        return ["WRITER"] if plan.kind == WRITTEN else []

    def signed_in(self) -> str:
        """A reader who needs a token, and nothing else."""
        of_child = self.plan.reading is not None and self.plan.reading.is_signed_in
        return "_: CurrentUser" if (self.plan.kind == WRITTEN and not self.plan.is_public) or of_child else ""

    def answered(self, template: str = "{}") -> tuple[str, str]:
        """The response model that is declared, if it is not what the handler returns, and what it returns."""
        answer = template.format(self.answer)
        return (answer if self.plan.is_nested else "", template.format(self.made))

    def of_parent(self, *, is_read: bool = False) -> str:
        if not self.plan.parent:
            return ""
        changed = "" if is_read or not self.is_governed_child else "Changed"
        return f"{self.parent}: Of{changed}{self.plan.parent.name}"

    @property
    def needs_caller(self) -> bool:
        """Whether a reference of a body depends on who names it."""
        return any(
            scope.needs_caller for _, target in self.plan.references if (scope := self.scope_of(target))
        )

    def scope_of(self, target: Target) -> Scope | None:
        """Which rows a body may name: of the entity itself, those with the same owner, team or parent."""
        if target.name != self.plan.name:
            return target.scope(self.team)
        if self.plan.kind == TEAM:
            return Scope(f"in_team({target.name}, {self.team})", False, ("from api.deps import in_team",))
        own = {OWN: "MINE", CHILD: f"OF_{self.parent.upper()}"}.get(self.plan.kind)
        return Scope(own, self.plan.kind == OWN) if own else None

    def checks(self, of: str) -> list[str]:
        """The lines that check the references of a body; `of` has the team."""
        lines = ["values = scope_values(caller)"] * self.needs_caller
        for field, target in self.plan.references:
            scope, column = self.scope_of(target), field.column
            given = f", {scope.text}".replace("body.team_id", f"{of}.team_id") if scope else ""
            if target.name == self.plan.name:
                given += f", other_than={of}.id" if of == self.row else ""
                given += f", {self.plan.parent_id}={self.parent}.id" if self.parent else ""
            given += ", **values" if scope and scope.needs_caller else ""
            lines.append(f'await check_reference(session, {target.name}, body.{column}, "{column}"{given})')
        return lines

    def codes(self, *, is_new: bool) -> list[str]:
        plan = self.plan
        found = ["Code.already_exists"] * plan.is_unique_for_all
        found += ["Code.forbidden"] * (is_new and plan.kind == TEAM)
        return found + ["Code.conflict"] * bool(plan.is_unique_in_scope or plan.references)

    def create_parameters(self) -> list[str]:
        links = any(scope.needs_caller for link in self.plan.links if (scope := link.scope(self.team)))
        is_asked = self.plan.kind in {OWN, TEAM, OPEN} or self.needs_caller or links
        return [one for one in (SESSION, CALLER if is_asked else "", self.of_parent()) if one]

    @property
    def above(self) -> str:
        """Handlers of rows that are in one table, and not in a trash, can run again."""
        plan = self.plan
        return "@repeatable\n" * (
            plan.kind in {OWN, TEAM, WRITTEN} and not plan.is_nested and not plan.has_trash
        )
