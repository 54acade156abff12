"""The text of the test of what is particular to an entity. What all entities promise, the suite tests."""

from tools.entity.plan import CHILD, TEAM, WRITTEN, Plan
from tools.entity.samples import sample
from tools.entity.words import Field, member

IMPORTS = [
    "from typing import Any",
    "import pytest",
    "from api.db.engine import Database",
    "from api.models.base import uuid7",
    "from tests.support.make import Made, make, make_team",
    "from tests.support.makers import Maker",
    "from tests.support.people import Person",
]


def text_of_test(plan: Plan) -> str:
    tests = [*_tests(plan)]
    docs = f'"""{plan.words.capitalize()}: {_said(plan)}."""'
    return (
        "\n\n\n".join(
            [f"{docs}\n\n" + "\n".join(IMPORTS) + "\n\npytestmark = pytest.mark.anyio", _maker(plan), *tests]
        )
        + "\n"
    )


def _said(plan: Plan) -> str:
    said = ["what is unique"] * bool(plan.unique) + ["what they refer to"] * bool(plan.references)
    return (said or ["how they are found"])[0]


def _person(plan: Plan) -> str:
    """Who makes the rows: an administrator where a permission is needed."""
    return "admin" if plan.kind in {WRITTEN, CHILD} else "ada"


def _maker(plan: Plan) -> str:
    """The function that makes a row, and the rows that it refers to."""
    required = [one for one in plan.fields if one.is_required and one.kind != "reference"]
    body = [f'"{one.name}": {sample(one, 0)!r}' for one in required]
    refers = [pair for pair in plan.references if not pair[0].is_optional]
    lines = []
    if refers or plan.parent:
        lines.append("maker = Maker(person, database=database)")
    if plan.kind == TEAM:
        lines += ["team = await make_team(person)"]
        lines += ['maker.rows["teams"] = team'] * bool(refers)
        body = [*body, '"team_id": team["id"]']
    body += [
        f'"{field.column}": await maker.id_of("{target.table.replace("_", "-")}")' for field, target in refers
    ]
    at = f'"/{plan.path}"'
    if plan.parent:
        lines.append(f'above = await maker.id_of("{plan.parent_path}")')
        at = f'f"/{plan.parent_path}/{{above}}/{plan.path}"'
    lines += [f"body = {{{', '.join(body)}}}", f"return await make(person, {at}, **body | fields)"]
    given = f"person: Person, {'database: Database, ' if refers or plan.parent else ''}**fields: Any"
    return f"async def make_{plan.singular}({given}) -> Made:\n" + "\n".join(f"    {line}" for line in lines)


def _tests(plan: Plan) -> list[str]:
    made = [_unique(plan, plan.unique[0])] if plan.unique and not plan.parent and plan.kind != TEAM else []
    made += [_reference(plan, plan.references[0][0])] if plan.references and not plan.parent else []
    if (own := next((one for one in plan.fields if one.target == plan.name), None)) and not plan.parent:
        made.append(_itself(plan, own))
    enum = next((one for one in plan.fields if one.kind == "enum"), None)
    if enum and not plan.parent:
        made.append(_found(plan, enum))
    return made or [_written(plan)]


def _call(plan: Plan, *given: str) -> str:
    needs = any(not field.is_optional for field, _ in plan.references) or plan.parent
    return f"await make_{plan.singular}({', '.join([_person(plan), *['database'] * bool(needs), *given])})"


def _test(plan: Plan, name: str, lines: list[str]) -> str:
    needs = any(not field.is_optional for field, _ in plan.references) or plan.parent
    given = f"{_person(plan)}: Person{', database: Database' if needs else ''}"
    return f"async def test_{name}({given}) -> None:\n" + "\n".join(
        f"    {line}" if line else "" for line in lines
    )


def _unique(plan: Plan, field: Field) -> str:
    status = "conflict" if plan.scope else "already_exists"
    lines = [
        f"first = {_call(plan)}",
        "",
        f'again = await {_person(plan)}.post("/{plan.path}", json={{{_again(plan)}}})',
        "",
        f'assert (again.status_code, again.json()["code"]) == (409, "{status}")',
    ]
    return _test(plan, f"a_{field.name}_is_taken_once", lines)


def _again(plan: Plan) -> str:
    names = [one.column for one in plan.fields if one.is_required or one.is_unique]
    return ", ".join(f'"{name}": first["{name}"]' for name in names)


def _reference(plan: Plan, field: Field) -> str:
    one = plan.singular
    at, body = f"/{plan.path}/{{{one}['id']}}", f'{{"{field.column}": str(uuid7())}}'
    lines = [
        f"{one} = {_call(plan)}",
        "",
        f'refused = await {_person(plan)}.patch(f"{at}", json={body})',
        "",
        'assert refused.json()["errors"][0]["type"] == "unknown_reference"',
    ]
    return _test(plan, f"{plan.plural}_name_only_a_{field.name}_that_is_there", lines)


def _itself(plan: Plan, field: Field) -> str:
    one = plan.singular
    at, body = f"/{plan.path}/{{{one}['id']}}", f'{{"{field.column}": {one}["id"]}}'
    lines = [
        f"{one} = {_call(plan)}",
        "",
        f'refused = await {_person(plan)}.patch(f"{at}", json={body})',
        "",
        'assert refused.json()["errors"][0]["type"] == "own_reference"',
    ]
    return _test(plan, f"{plan.plural}_are_not_their_own_{field.name}", lines)


def _found(plan: Plan, field: Field) -> str:
    value = field.members[1]
    one = member(value.lower())
    lines = [
        _call(plan),
        f"{one} = {_call(plan, *_others(plan), f'{field.name}={value!r}')}",
        "",
        f'page = (await {_person(plan)}.get("/{plan.path}", params={{"{field.name}": "{value}"}})).json()',
        "",
        f'assert page["items"] == [{one}]',
    ]
    return _test(plan, f"{plan.plural}_are_found_by_{field.name}", lines)


def _others(plan: Plan) -> list[str]:
    """Values that the second row may not share with the first."""
    return [f"{one.name}={sample(one, 1)!r}" for one in plan.unique]


def _written(plan: Plan) -> str:
    lines = [f"{plan.singular} = {_call(plan)}", ""]
    shown = [one for one in plan.fields if one.is_required and one.kind not in {"reference"}]
    lines += [f'assert {plan.singular}["{one.name}"] == {sample(one, 0)!r}' for one in shown[:2]] or [
        f'assert {plan.singular}["id"]'
    ]
    return _test(plan, f"{plan.plural}_read_as_they_were_written", lines)
