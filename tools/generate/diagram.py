"""docs/database_models.svg: the tables as cards, each to the right of the tables that it refers to.

A line leads from each reference to the table it names, in the colour of that table. Lines to one table run
together between the columns; past a column, they run above all cards. So no line crosses a card.
"""

from collections import defaultdict
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import sqlalchemy as sa

from tools.generate.tables import TABLES, columns, references, stored

CARD, GUTTER, ROW, HEAD, GAP, MARGIN = 264, 88, 19, 30, 26, 36
TITLE = 64
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


class Card(NamedTuple):
    x: int
    y: int
    layer: int
    rows: dict[str, int]
    height: int


def diagram() -> str:
    layers = _layers()
    lanes = _lanes(layers)
    cards = _cards(layers, top=MARGIN + TITLE + 12 * len(lanes))
    colours = {name: f"hsl({hue} 55% 42%)" for name, hue in zip(_named(), HUES * 9, strict=False)}
    width = 2 * MARGIN + len(layers) * CARD + (len(layers) - 1) * GUTTER
    height = max(card.y + card.height for card in cards.values()) + MARGIN
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
        *_lines(cards, lanes, colours),
        *(part for table in TABLES for part in _card(table, cards[table.name], colours)),
        "</svg>",
    ]
    return "\n".join(drawn) + "\n"


def _named() -> list[str]:
    """The tables that others refer to."""
    return sorted({key.column.table.name for table in TABLES for _, key in references(table)})


def _layers() -> list[list[sa.Table]]:
    """Each table right of all that it refers to; those that nobody refers to where there is room."""
    depth: dict[str, int] = {}
    by_name = {table.name: table for table in TABLES}

    def deep(name: str) -> int:
        if name not in depth:
            others = {key.column.table.name for _, key in references(by_name[name])} - {name}
            depth[name] = 1 + max(map(deep, sorted(others)), default=-1)
        return depth[name]

    layers: list[list[sa.Table]] = [[] for _ in range(1 + max(deep(table.name) for table in TABLES))]
    fixed, free = set(_named()), []
    for table in TABLES:
        if table.name in fixed or deep(table.name) == len(layers) - 1:
            layers[deep(table.name)].append(table)
        else:
            free.append(table)
    for table in sorted(free, key=lambda table: (-len(table.columns), table.name)):
        layers_right = layers[deep(table.name) :]
        min(layers_right, key=lambda layer: sum(_height(one) + GAP for one in layer)).append(table)
    return layers


def _lanes(layers: list[list[sa.Table]]) -> list[str]:
    """The tables whose lines run past a column, each in a lane of its own above the cards."""
    layer_of = {table.name: number for number, layer in enumerate(layers) for table in layer}
    found = {
        key.column.table.name: layer_of[key.column.table.name]
        for table in TABLES
        for _, key in references(table)
        if layer_of[table.name] - layer_of[key.column.table.name] > 1
    }
    return sorted(found, key=lambda name: (found[name], name))


def _height(table: sa.Table) -> int:
    return HEAD + ROW * len(table.columns) + 8


def _cards(layers: list[list[sa.Table]], top: int) -> dict[str, Card]:
    cards = {}
    for number, layer in enumerate(layers):
        y = top
        for table in layer:
            rows = {column.name: y + HEAD + ROW * place + 16 for place, column in enumerate(columns(table))}
            cards[table.name] = Card(MARGIN + number * (CARD + GUTTER), y, number, rows, _height(table))
            y += _height(table) + GAP
    return cards


def _lines(cards: dict[str, Card], lanes: list[str], colours: dict[str, str]) -> list[str]:
    """Every reference's way: out to the left, along the trunk of its target, and in from the right."""
    trunks: dict[int, list[str]] = defaultdict(list)
    ways = []
    for table in TABLES:
        for column, key in references(table):
            target = key.column.table.name
            here, there = cards[table.name], cards[target]
            for gutter in {here.layer, there.layer + 1}:
                if target not in trunks[gutter]:
                    trunks[gutter].append(target)
            ways.append((here, here.rows[column.name] - 4, target, there))
    drawn = []
    for here, y, target, there in ways:
        aim = there.y + HEAD // 2
        first, last = (_trunk(trunks, gutter, target) for gutter in (here.layer, there.layer + 1))
        points = [(here.x, y), (first, y)]
        if first != last:
            lane = MARGIN + TITLE - 14 + 12 * lanes.index(target)
            points += [(first, lane), (last, lane)]
        points += [(last, aim), (there.x + CARD, aim)]
        path = "M" + " L".join(f"{x} {y}" for x, y in points)
        drawn.append(f'<path class="line" stroke="{colours[target]}" stroke-linejoin="round" d="{path}"/>')
        drawn.append(f'<circle cx="{here.x}" cy="{y}" r="3.5" fill="{colours[target]}"/>')
    return drawn


def _trunk(trunks: dict[int, list[str]], gutter: int, target: str) -> int:
    """Where, in the gutter left of a layer, the lines to a target run."""
    beside = trunks[gutter]
    right = MARGIN + gutter * (CARD + GUTTER)
    return right - (beside.index(target) + 1) * GUTTER // (len(beside) + 1)


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
