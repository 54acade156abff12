"""Where the cards of a drawing of tables are: each to the right of the tables that it refers to.

A line leads from each reference to the table it names. Lines to one table run together between the columns;
past a column, they run above all cards. So no line crosses a card.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

LANE = 12  # between two lines above all cards


class Measures(NamedTuple):
    """Lengths in the drawing: of a card, of its head and rows, and of the space around cards."""

    card: int
    gutter: int
    row: int
    head: int
    gap: int
    margin: int
    top: int  # from the upper margin to the first lane
    foot: int = 8  # below the last row of a card
    base: int = 16  # from the top of a row to the line on which its letters stand


class Card(NamedTuple):
    x: int
    y: int
    layer: int
    rows: dict[str, int]
    height: int


class Line(NamedTuple):
    source: str
    target: str
    points: list[tuple[int, int]]


def references(table: sa.Table) -> list[tuple[sa.Column[Any], sa.ForeignKey]]:
    found = [(column, key) for column in table.columns for key in column.foreign_keys]
    return sorted(found, key=lambda pair: pair[0].name)


class Layout:
    """The places of these tables. References to other tables are left out."""

    def __init__(
        self,
        tables: Sequence[sa.Table],
        measures: Measures,
        columns: Callable[[sa.Table], Sequence[sa.Column[Any]]],
    ) -> None:
        self.tables, self.measures, self.columns = tables, measures, columns
        self.by_name = {table.name: table for table in tables}
        self.layers = self._layers()
        # Only tables that refer to themselves or to each other have lines left of the first layer.
        is_first_naming = any(self.references(table) for table in self.layers[0])
        self.left = measures.margin + is_first_naming * measures.gutter
        self.lanes = self._lanes()
        self.cards = self._cards()
        self.lines = self._lines()
        is_last_named = any(table.name in self.named for table in self.layers[-1])
        gutters = len(self.layers) - (not is_last_named)
        self.width = (
            self.left + measures.margin + len(self.layers) * measures.card + gutters * measures.gutter
        )
        self.height = max(card.y + card.height for card in self.cards.values()) + measures.margin

    def references(self, table: sa.Table) -> list[tuple[str, str]]:
        """The columns that refer to tables of this drawing, each with the name of the table."""
        found = [(column.name, key.column.table.name) for column, key in references(table)]
        return [(column, target) for column, target in found if target in self.by_name]

    @property
    def named(self) -> list[str]:
        """The tables that others refer to."""
        return sorted({target for table in self.tables for _, target in self.references(table)})

    def _layers(self) -> list[list[sa.Table]]:
        """Each table right of all that it refers to; those that nobody refers to where there is room."""
        depth: dict[str, int] = {}

        def deep(name: str) -> int:
            if name not in depth:
                depth[name] = 0  # for those that refer to it and that it refers to
                others = {target for _, target in self.references(self.by_name[name])} - {name}
                depth[name] = 1 + max(map(deep, sorted(others)), default=-1)
            return depth[name]

        deepest = max(deep(table.name) for table in self.tables)
        layers: list[list[sa.Table]] = [[] for _ in range(1 + deepest)]
        fixed, free = set(self.named), []
        for table in self.tables:
            if table.name in fixed or deep(table.name) == deepest:
                layers[deep(table.name)].append(table)
            else:
                free.append(table)
        for table in sorted(free, key=lambda table: (-len(table.columns), table.name)):
            right = layers[deep(table.name) :]
            min(right, key=lambda layer: sum(self._space(one) for one in layer)).append(table)
        return layers

    def _lanes(self) -> list[str]:
        """The tables whose lines run past a column or go back, each in a lane of its own above the cards."""
        layer_of = {table.name: number for number, layer in enumerate(self.layers) for table in layer}
        found = {
            target: layer_of[target]
            for table in self.tables
            for _, target in self.references(table)
            if layer_of[table.name] - layer_of[target] != 1
        }
        return sorted(found, key=lambda name: (found[name], name))

    def _height(self, table: sa.Table) -> int:
        return self.measures.head + self.measures.row * len(self.columns(table)) + self.measures.foot

    def _space(self, table: sa.Table) -> int:
        return self._height(table) + self.measures.gap

    def _cards(self) -> dict[str, Card]:
        sizes, cards = self.measures, {}
        for number, layer in enumerate(self.layers):
            y = sizes.margin + sizes.top + LANE * len(self.lanes)
            for table in layer:
                rows = {
                    column.name: y + sizes.head + sizes.row * place + sizes.base
                    for place, column in enumerate(self.columns(table))
                }
                x = self.left + number * (sizes.card + sizes.gutter)
                cards[table.name] = Card(x, y, number, rows, self._height(table))
                y += self._space(table)
        return cards

    def _lines(self) -> list[Line]:
        """Every reference's way: out to the left, along the trunk of its target, and in from the right."""
        sizes, trunks = self.measures, defaultdict[int, list[str]](list)
        ways = []
        for table in self.tables:
            for column, target in self.references(table):
                here, there = self.cards[table.name], self.cards[target]
                for gutter in {here.layer, there.layer + 1}:
                    if target not in trunks[gutter]:
                        trunks[gutter].append(target)
                ways.append((table.name, target, here, here.rows[column] - 4, there))
        drawn = []
        for source, target, here, y, there in ways:
            aim = there.y + sizes.head // 2
            first, last = (
                self._trunk(trunks[gutter], gutter, target) for gutter in (here.layer, there.layer + 1)
            )
            points = [(here.x, y), (first, y)]
            if first != last:
                lane = sizes.margin + sizes.top - 14 + LANE * self.lanes.index(target)
                points += [(first, lane), (last, lane)]
            points += [(last, aim), (there.x + sizes.card, aim)]
            drawn.append(Line(source, target, points))
        return drawn

    def _trunk(self, beside: list[str], gutter: int, target: str) -> int:
        """Where, in the gutter left of a layer, the lines to a target run."""
        right = self.left + gutter * (self.measures.card + self.measures.gutter)
        return right - (beside.index(target) + 1) * self.measures.gutter // (len(beside) + 1)
