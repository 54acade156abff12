"""Where the cards of a drawing are, also for references that the entities here do not have."""

import sqlalchemy as sa

from api.web.first_page.layout import Layout, Measures

MEASURES = Measures(card=100, gutter=40, row=10, head=20, gap=10, margin=5, top=20)


def layout(**references: str) -> Layout:
    """Tables of which each refers to others: `lines="orders products"`."""
    metadata = sa.MetaData()
    tables = [
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            *(sa.Column(f"{to}_id", sa.ForeignKey(f"{to}.id")) for to in named.split()),
        )
        for name, named in references.items()
    ]
    return Layout(tables, MEASURES, lambda table: list(table.columns))


def ends(drawn: Layout) -> list[tuple[str, str]]:
    """What each line begins and ends at."""
    found = []
    for line in drawn.lines:
        (x, y), *_, (to_x, to_y) = line.points
        here, there = drawn.cards[line.source], drawn.cards[line.target]
        assert (x, to_x) == (here.x, there.x + MEASURES.card)
        assert here.y < y < here.y + here.height
        assert there.y < to_y < there.y + MEASURES.head
        assert all(0 <= at <= drawn.width and 0 <= height <= drawn.height for at, height in line.points)
        found.append((line.source, line.target))
    return found


def test_a_table_is_right_of_those_that_it_refers_to() -> None:
    drawn = layout(users="", orders="users", lines="orders users")

    assert ends(drawn) == [("orders", "users"), ("lines", "orders"), ("lines", "users")]
    assert [drawn.cards[name].layer for name in ("users", "orders", "lines")] == [0, 1, 2]


def test_a_table_may_refer_to_itself() -> None:
    assert ends(layout(pages="pages")) == [("pages", "pages")]


def test_two_tables_may_refer_to_each_other() -> None:
    assert sorted(ends(layout(teams="users", users="teams"))) == [("teams", "users"), ("users", "teams")]


def test_references_to_other_tables_are_left_out() -> None:
    whole = layout(users="", orders="users")
    part = Layout([one for one in whole.tables if one.name == "orders"], MEASURES, whole.columns)

    assert (ends(part), part.named) == ([], [])
