"""What is generated from the app is committed, and true: who changes the app sees what that does to its
clients."""

import json
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from api.lists.search_indexes import search_indexes
from tests.support.described import DOCUMENT, ROUTES
from tools.breaking import breaks
from tools.generate.files import CURRENT, FILES, HOME
from tools.generate.tables import TABLES, mermaid


def test_openapi_json_is_what_the_app_serves() -> None:
    committed, served = (HOME / "openapi.json").read_text(encoding="utf-8"), FILES["openapi.json"]()
    worst = [
        *map(str, breaks(json.loads(committed), json.loads(served))),
        "Something is new, or said differently.",
    ][0]

    assert committed == served, (
        f"openapi.json is not what the app serves any more: {worst} "
        "Run make generate, and look at the difference: front ends are built from it."
    )


@pytest.mark.parametrize("name", [name for name in CURRENT if name != "openapi.json"])
def test_what_is_generated_is_what_the_app_says(name: str) -> None:
    assert (HOME / name).read_text(encoding="utf-8") == FILES[name](), (
        f"{name} is not true any more: run make generate."
    )


def page(name: str) -> str:
    return FILES[name]()


def test_every_route_every_schema_and_every_code_has_its_place() -> None:
    text = page("docs/API_ENDPOINTS.md")

    assert [
        f"{m} {r.path_format}"
        for r in ROUTES
        for m in r.methods or ()
        if f"| `{m} {r.path_format}`<br>" not in text
    ] == []
    assert "`/ws/notify`" in text
    assert [
        name
        for name in DOCUMENT["components"]["schemas"]
        if not name.endswith("Problem") and f"### {name}\n" not in text
    ] == []
    assert [
        code for code in DOCUMENT["components"]["schemas"]["Code"]["enum"] if f"| `{code}` | " not in text
    ] == []


def test_every_column_constraint_and_index_has_its_place() -> None:
    text = page("docs/DATABASE_MODELS.md")
    for table in TABLES:
        section = text.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        lines = [f"\n| `{column.name}` | " for column in table.columns]
        lines += [f"\n- `{constraint.name}`: " for constraint in table.constraints]
        lines += [f"\n- `{index.name}`: " for index in table.indexes]
        assert [line for line in lines if line not in section] == []
    known = {table.name for table in TABLES}
    ours = [name for name, (table, _) in search_indexes().items() if table in known]
    assert [name for name in ours if f"`{name}`" not in text] == []


def test_the_diagrams_show_every_table_and_every_reference() -> None:
    keys = {
        (table.name, key.parent.name, key.column.table.name) for table in TABLES for key in table.foreign_keys
    }
    told = re.findall(r'^ +(\w+) [}|]o--[o|]\| (\w+) : "(\w+)"$', "\n".join(mermaid()), re.M)
    drawing = ElementTree.fromstring(page("docs/database_models.svg"))  # noqa: S314  ours
    names = [text.text for text in drawing.findall(".//{*}text") if text.get("class") == "head"]

    assert {(table, column, target) for table, target, column in told} == keys
    assert sorted(map(str, names)) == [table.name for table in TABLES]
    assert len([*drawing.findall(".//{*}circle")]) == len(keys)


def test_no_two_cards_of_the_drawing_overlap() -> None:
    drawing = ElementTree.fromstring(page("docs/database_models.svg"))  # noqa: S314  ours
    cards = [
        [float(card.get(side) or 0) for side in ("x", "y", "width", "height")]
        for card in drawing.findall(".//{*}rect")
        if card.get("class") == "card"
    ]
    assert len(cards) == len(TABLES)
    for (x, y, width, height), (left, top, _, below) in combinations(cards, 2):
        assert x != left or y + height < top or top + below < y
        assert x == left or abs(x - left) > width
