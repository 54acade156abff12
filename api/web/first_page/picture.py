"""The picture of the entities: a card for each, with its references, and lines to the entities they name.

It has no colours of its own: the stylesheet gives them, for light and for dark.
"""

from functools import cache
from html import escape
from typing import Any

import sqlalchemy as sa

from api.web.first_page.facts import entities
from api.web.first_page.layout import Card, Layout, Line, Measures, references

MEASURES = Measures(card=138, gutter=46, row=17, head=30, gap=14, margin=1, top=18, foot=6, base=12)


@cache
def picture() -> str:
    layout = Layout(entities(), MEASURES, _references)
    drawn = [
        f'<svg viewBox="0 0 {layout.width} {layout.height}" width="{layout.width}" height="{layout.height}" '
        'role="img" aria-labelledby="picture-title picture-words">',
        f'<title id="picture-title">{len(layout.tables)} entities, and what they refer to</title>',
        f'<desc id="picture-words">{escape(" ".join(_in_words(layout)))}</desc>',
        *map(_line, layout.lines),
        *(part for table in layout.tables for part in _card(table, layout.cards[table.name])),
        "</svg>",
    ]
    return "\n".join(drawn)


def _references(table: sa.Table) -> list[sa.Column[Any]]:
    known = {one.name for one in entities()}
    return [column for column, key in references(table) if key.column.table.name in known]


def _in_words(layout: Layout) -> list[str]:
    targets = {table.name: sorted({to for _, to in layout.references(table)}) for table in layout.tables}
    return [f"{spoken(name)}: {', '.join(map(spoken, found))}." for name, found in targets.items() if found]


def _line(line: Line) -> str:
    path = "M" + " L".join(f"{x} {y}" for x, y in line.points)
    x, y = line.points[0]
    return (
        f'<g class="line" data-from="{line.source}" data-to="{line.target}">'
        f'<path d="{path}"/><circle cx="{x}" cy="{y}" r="2.5"/></g>'
    )


def _card(table: sa.Table, card: Card) -> list[str]:
    return [
        f'<g class="card" data-entity="{table.name}">',
        f'<rect x="{card.x}" y="{card.y}" width="{MEASURES.card}" height="{card.height}" rx="6"/>',
        f'<text class="name" x="{card.x + 10}" y="{card.y + 20}">{escape(spoken(table.name))}</text>',
        *(f'<text x="{card.x + 10}" y="{y}">{escape(name)}</text>' for name, y in card.rows.items()),
        "</g>",
    ]


def spoken(name: str) -> str:
    return name.replace("_", " ")
