"""The query classes of a router: filters, search and orders."""

from tools.entity.plan import CHILD, TEAM, Plan
from tools.entity.text_of_fields import enum_of, number
from tools.entity.words import Field, limits

NO_FILTER = {"limit", "cursor", "skip", "sort", "order", "count", "q"}


def filters(plan: Plan) -> list[str]:
    """The lines of the filters: one or two for each field, and the search."""
    lines = ["team_id: UUID | None = None"] if plan.kind == TEAM else []
    for field in plan.filters:
        lines += _filter(plan, field)
    if plan.searched:
        columns = ", ".join(f'"{name}"' for name in plan.searched)
        of_all = ", of_all=True" if plan.is_open else ""
        lines.append(f"q: Annotated[Search | None, Searches({columns}{of_all})] = None")
    return [f"    {line}" for line in lines]


def _filter(plan: Plan, field: Field) -> list[str]:
    stem = field.name.removesuffix("_at")
    least, most = limits(field)
    match field.kind:
        case "enum":
            return [f"{field.name}: list[{enum_of(plan.name, field)}] | None = None"]
        case "reference":
            return [f"{field.column}: UUID | None = None"]
        case "date" | "datetime":
            kind = "Day" if field.kind == "date" else "UtcDatetime"
            return [f"{stem}_before: {kind} | None = None", f"{stem}_after: {kind} | None = None"]
        case "int":
            bounds = f"PydanticField(default=None, ge={number(least)}, le={number(most)})"
            return [f"{field.name}_{end}: int | None = {bounds}" for end in ("min", "max")]
        case "money":
            return [f"{field.name}_min: Money | None = None", f"{field.name}_max: Money | None = None"]
        case "float":
            return []
    kinds = {"bool": "bool", "uuid": "UUID", "email": "Email"}
    return [f"{field.name}: {kinds.get(field.kind, 'Line')} | None = None"]


def queries(plan: Plan) -> list[str]:
    """The classes of query parameters."""
    name, given = plan.name, filters(plan)
    orders = ", ".join(f'"{one}"' for one in ["id", *plan.sorted])
    sort = f'    sort: Literal[{orders}] = "id"'
    made = [f"class {name}Query(PageQuery[{name}]):\n" + "\n".join([*given, sort])]
    if plan.changes_all:
        made = [
            f"class {name}Filters(Filters[{name}]):\n" + "\n".join(given),
            f"class {name}Query({name}Filters, PageQuery[{name}]):\n{sort}",
            f"class All{_many(plan)}({name}Filters, AllRows[{name}]): ...",
        ]
    if plan.has_trash:
        team = "\n    team_id: UUID | None = None" if plan.kind == TEAM else " ..."
        made.append(f"class {name}TrashQuery(TrashQuery[{name}]):{team}")
    return made


def _many(plan: Plan) -> str:
    return "".join(part.title() for part in plan.plural.split("_"))


def all_rows(plan: Plan) -> str:
    return f"All{_many(plan)}"


def of_parent(plan: Plan) -> list[str]:
    """The scope of the list, and the dependencies of a child's routes."""
    if plan.kind != CHILD or not (plan.parent and plan.reading and plan.changing):
        return []
    of, at, name = plan.parent.name, plan.parent_id, plan.name
    constants = dict.fromkeys((*plan.reading.constants, *plan.changing.constants))
    lines = [*constants, f'OF_{at.removesuffix("_id").upper()} = col({name}.{at}) == bindparam("{at}")']
    pairs = [("", plan.reading)] + [("Changed", plan.changing)] * (plan.changing.text != plan.reading.text)
    for prefix, how in pairs:
        row = f"{prefix.lower()}_{at.removesuffix('_id')}".strip("_") + "_row"
        lines.append(f"{row} = {how.text}")
        lines.append(f'{"Of" + prefix + of} = Annotated[{of}, Depends(parent({row}, "{at}"))]')
        lines.append(
            f'{prefix}{name}Of{of} = Annotated[{name}, Depends(child({name}, {row}, "{at}"{_shown(plan)}))]'
        )
    return lines


def _shown(plan: Plan) -> str:
    return f", {plan.name}Public" if plan.is_nested else ""
