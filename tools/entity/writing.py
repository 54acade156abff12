"""Write an entity: all of it in a copy of the project first, and then in the project."""

import json
import re

from tools.entity.adopting import loaded_links
from tools.entity.plan import CHILD, TEAM, WRITTEN, Plan
from tools.entity.samples import sample
from tools.entity.staging import Stage, generate_client, staged
from tools.entity.targets import snake
from tools.entity.text_of_demo import text_of_demo
from tools.entity.text_of_model import text_of_model
from tools.entity.text_of_router import text_of_router
from tools.entity.text_of_test import text_of_test


def write(plan: Plan, command: str, *, is_dry: bool) -> str:
    with staged() as stage:
        files = _write(stage, plan)
        tables = {plan.table, *(snake(f"{plan.name}{link.name}") + "s" for link in plan.links)}
        migration = stage.migrate(plan.words, tables)
        if migration:
            stage.note(migration, command, files)
        stage.generate()
        if is_dry:
            return stage.diff()
        stage.apply()
        return _report(stage, plan)


def _write(stage: Stage, plan: Plan) -> list[str]:
    texts = {
        "model": None if plan.adopted else text_of_model(plan),
        "router": text_of_router(plan, loaded_links(plan)),
        "demo": text_of_demo(plan),
        "test": text_of_test(plan),
    }
    files = [plan.files[kind] for kind, text in texts.items() if text is not None]
    for kind, text in texts.items():
        if text is not None:
            stage.write(plan.files[kind], _one_by_one(text))
    stage.format(*files, unused=True)
    return files


def _one_by_one(text: str) -> str:
    """The text with one name in each import, so that unused ones leave no trace in the layout."""

    def divided(found: re.Match[str]) -> str:
        return "\n".join(f"{found[1]}{name}" for name in found[2].split(", "))

    return re.sub(r"^(from \S+ import )(\S.*, .*)$", divided, text, flags=re.M)


def _report(stage: Stage, plan: Plan) -> str:
    lines = ["Wrote"]
    for path, text in sorted(stage.changes.items()):
        lines.append(f"  {path} ({(text or '').count(chr(10))} lines)")
    has_client = generate_client()
    lines.append(
        "  clients/typescript/src/generated" if has_client else "Then run make client, which needs Node."
    )
    return "\n".join([*lines, "", "Try it: make run, and in a second terminal", "", *_trial(plan)])


def _trial(plan: Plan) -> list[str]:
    """What to send first, as the README does it."""
    body = {one.name: sample(one, 0) for one in plan.fields if one.is_required and one.kind != "reference"}
    body |= {
        field.column: f"<id of {snake(one.name)}>" for field, one in plan.references if not field.is_optional
    }
    body |= {"team_id": "<id of your team>"} if plan.kind == TEAM else {}
    at = f"/{plan.path}"
    if plan.kind == CHILD:
        at = f"/{plan.parent_path}/<{plan.parent_id}>/{plan.path}"
    bearer = '-H "Authorization: Bearer $TOKEN"'
    lines = [
        "  API=http://localhost:8000/api/v1 TOKEN=…   # an access token, as in README.md",
        f"  curl -s \"$API{at}\" {bearer} --json '{json.dumps(body, ensure_ascii=False)}'",
        f'  curl -s "$API{at}?count=true" {bearer}',
    ]
    if plan.kind == WRITTEN and plan.permission:
        lines.insert(0, f"  # as administrator, whose role has {plan.permission.value}")
    return lines
