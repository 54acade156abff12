"""docs/database_models.svg: the tables as cards, with all columns.

A line leads from each reference to the table it names, in the colour of that table.
"""

from typing import Any
from xml.sax.saxutils import escape

import sqlalchemy as sa

from api.web.first_page.layout import Card, Layout, Line, Measures
from tools.generate.tables import TABLES, columns, stored

MEASURES = Measures(card=264, gutter=88, row=19, head=30, gap=26, margin=36, top=64)
CARD, HEAD, MARGIN = MEASURES.card, MEASURES.head, MEASURES.margin
KINDS = {
    "String": "text",
    "Uuid": "uuid",
    "DateTime": "time",
    "Enum": "enum",
    "Boolean": "yes/no",
    "Integer": "whole",
    "BigInteger": "whole",
}
STYLE = """
  text { font: 12px ui-sans-serif, system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2937 }
  .title { font-size: 20px; font-weight: 600 }
  .note { fill: #6b7280 } .kind { fill: #9ca3af; font-size: 11px }
  .head { font-size: 13px; font-weight: 600; fill: #fff } .key { font-weight: 600 }
  .card { fill: #fff; stroke: #d1d5db } .line { fill: none; stroke-width: 1.6 }
"""
HUES = (196, 158, 24, 290, 340, 96, 8, 48, 228, 268)


def diagram() -> str:
    layout = Layout(TABLES, MEASURES, columns)
    colours = {name: f"hsl({hue} 55% 42%)" for name, hue in zip(layout.named, HUES * 9, strict=False)}
    width, height = layout.width, layout.height
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">',
        f"<title>The {len(TABLES)} tables of the database</title>",
        f"<style>{STYLE}</style>",
        f'<rect width="{width}" height="{height}" rx="12" fill="#f8fafc"/>',
        f'<text class="title" x="{MARGIN}" y="{MARGIN + 12}">Database models</text>',
        f'<text class="note" x="{MARGIN}" y="{MARGIN + 34}">'
        "A line leads from a reference to the table that it names. "
        "Bold is the primary key; ? may be null; ! is unique.</text>",
        *(part for line in layout.lines for part in _line(line, colours[line.target])),
        *(part for table in TABLES for part in _card(table, layout.cards[table.name], colours)),
        "</svg>",
    ]
    return "\n".join(drawn) + "\n"


def _line(line: Line, colour: str) -> list[str]:
    path = "M" + " L".join(f"{x} {y}" for x, y in line.points)
    x, y = line.points[0]
    return [
        f'<path class="line" stroke="{colour}" stroke-linejoin="round" d="{path}"/>',
        f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>',
    ]


def _card(table: sa.Table, card: Card, colours: dict[str, str]) -> list[str]:
    colour = colours.get(table.name, "#475569")
    drawn = [
        f'<rect class="card" x="{card.x}" y="{card.y}" width="{CARD}" height="{card.height}" rx="7"/>',
        f'<path fill="{colour}" d="M{card.x} {card.y + HEAD} v{7 - HEAD} '
        f'q0 -7 7 -7 h{CARD - 14} q7 0 7 7 v{HEAD - 7} z"/>',
        f'<text class="head" x="{card.x + 12}" y="{card.y + 20}">{escape(table.name)}</text>',
    ]
    for column in columns(table):
        y = card.rows[column.name]
        marks = ("?" if column.nullable else "") + ("!" if column.unique else "")
        style = ' class="key"' if column.primary_key else ""
        drawn.append(
            f'<text{style} x="{card.x + 12}" y="{y}">{escape(column.name)} '
            f'<tspan class="kind">{marks}</tspan></text>'
        )
        drawn.append(
            f'<text class="kind" text-anchor="end" x="{card.x + CARD - 10}" y="{y}">'
            f"{escape(_kind(stored(column)))}</text>"
        )
    return drawn


def _kind(kind: Any) -> str:
    name = type(kind).__name__
    if isinstance(kind, sa.Numeric):
        return f"decimal {kind.precision},{kind.scale}"
    words = KINDS.get(name, name.lower())
    return f"{words} {kind.length}" if words == "text" else words
