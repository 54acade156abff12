"""Searches for words: both databases find the same, whatever is asked, and keep their indexes as the rows are."""

# ruff: noqa: RUF001  letters that look alike are what these tests are about

import sqlite3
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import pytest
from fastapi import FastAPI, Query
from httpx import ASGITransport, AsyncClient
from sqlalchemy import Connection, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, col, delete, select, update

from api.db import SessionDep
from api.db.engine import Database
from api.db.trash_tables import make_trash
from api.deps import PUBLIC
from api.lists import Page, PageQuery, Search, Searches, TrashQuery, paginate, word_indexes
from api.lists.filters import SortOrder
from api.lists.search_indexes import index_searches
from api.lists.word_indexes import TOKENIZE, index_words
from api.lists.words import FOLDED, FUNCTION_NAME, words_of
from api.models.base import Entity
from api.models.trashable import Trashable
from api.models.types import Line, Text
from api.web import Router
from tests.support.apart import include
from tests.support.watching import watching

pytestmark = pytest.mark.anyio


class Apart(SQLModel, registry=registry()):
    """What makes a table one of these."""


class PaperPublic(Entity):
    title: Line = Field(max_length=200)
    body: Text | None = Field(default=None, max_length=5000)
    number: Line = Field(default="", max_length=50)  # the index has a column of this name too
    year: int = 2026


class Paper(PaperPublic, Apart, table=True):
    __tablename__ = "apart_papers"


class Order(Trashable, Entity, Apart, table=True):
    """Its table and its columns have names that mean something to the databases."""

    __tablename__ = "order"

    order: Line = Field(max_length=50)
    rank: Line = Field(default="", max_length=50)
    said: Line = Field(default="", max_length=50, sa_column_kwargs={"name": "select"})


class Group(Entity, Apart, table=True):
    __tablename__ = "group"

    order: Line = Field(max_length=50)
    words_asked: Line = Field(default="", max_length=50, sa_column_kwargs={"name": "asked"})


class GroupQuery(PageQuery[Group]):
    q: Annotated[Search | None, Searches("order", "words_asked", words=True)] = None
    sort: Literal["id", "rank"] = "rank"


make_trash([Order])


class OrderQuery(PageQuery[Order]):
    q: Annotated[Search | None, Searches("order", "rank", "said", words=True)] = None


class OtherOrderQuery(PageQuery[Order]):
    q: Annotated[Search | None, Searches("rank", "order", of_all=True)] = None


class OrderTrashQuery(TrashQuery[Order]):
    q: Annotated[Search | None, Searches("order", "rank", "said", words=True)] = None


class PaperQuery(PageQuery[Paper]):
    year: int | None = None
    q: Annotated[Search | None, Searches("title", "body", "number", words=True)] = None
    sort: Literal["id", "title", "rank"] = "title"


router = Router(prefix="/papers", tags=["papers"])


@router.get("", dependencies=[PUBLIC])
async def list_papers(session: SessionDep, query: Annotated[PaperQuery, Query()]) -> Page[PaperPublic]:
    return await paginate(session, query)


def index(connection: Connection) -> None:
    (index_words if connection.dialect.name == "sqlite" else index_searches)(connection)


@pytest.fixture
async def papers(database: Database) -> AsyncIterator[Database]:
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.create_all)
        await connection.run_sync(index)
    yield database
    async with database.engine.begin() as connection:
        await connection.run_sync(Apart.metadata.drop_all)
        await connection.run_sync(index)  # of no table any more


async def add(database: Database, *titles: str, **fields: Any) -> None:
    async with database.write() as session, session.begin():
        for title in titles:
            session.add(Paper(title=title, **fields))


async def found(database: Database, q: str, **query: Any) -> list[str]:
    async with database.read() as session:
        page = await paginate(session, PaperQuery(q=q, **({"order": "asc", "count": True} | query)))
    assert page.total in (None, len(page.items))
    return [paper.title for paper in page.items]


async def test_all_words_are_found_by_their_beginnings_in_any_column(papers: Database) -> None:
    await add(papers, "Paint the fence", body="Green, on Sunday")
    await add(papers, "Painters", "The fence", "Repaint")

    assert await found(papers, "paint") == ["Paint the fence", "Painters"]
    assert await found(papers, "FENCE the") == ["Paint the fence", "The fence"]
    assert await found(papers, "fen pai sun") == ["Paint the fence"]
    assert await found(papers, "green fence") == ["Paint the fence"]
    assert await found(papers, "ence") == []
    assert await found(papers, "painting") == []


TEXTS = [
    "École élémentaire", "ECOLE", "e\u0301cole", "Straße", "STRASSE", "ЖУК жук", "Ёлка", "Ἀθῆναι", "ΟΔΟΣ οδος",
    "a.b@example.com", "https://example.com/a-b_c?d=1", "1.5 1,5 15", "x1e5", "C++ and C#", "rock'n'roll",
    "don\u2019t", "O'Reilly", "NEAR AND OR NOT", "title:word", "star* pre^fix", '"quoted" words', "(brackets)",
    "-minus +plus", "back\\slash", "snake_case kebab-case", "100%", "日本語 テキスト", "한국어", "ไทย", "हिन्दी", "עברית",
    "emoji 😀 face", "zero\u200bwidth", "non\u00a0breaking", "tab\tnew\nline", "ﬁne ligature", "Ǆ ǅ ǆ",
    "İstanbul ISTANBUL ıstanbul", "ﬀ", "Å Å å", "K k K", "²³½", "x" * 150 + "y", "ẞ ß", "à la carte", "--", "''",
]  # fmt: skip
ASKED = [
    *(one[:100] for one in TEXTS), "ecole", "Ecole", "ÉCOLE", "strasse", "ss", "жук", "елка", "ёлка", "αθηναι",
    "οδοσ", "example", "example com", "com a", "1", "15", "1.5", "c", "c+", "n", "don t", "dont", "oreilly", "o'r",
    "near", "NEAR(a b)", "a AND b", "a OR b", "NOT a", "title:word", "title :", "word*", "star*", "*", '"', '""',
    '"quoted', "quoted words\"", "(", ")", "(a", "-minus", "minus", "{a b}", "^pre", "pre^", "\\", "back\\",
    "\\' | a", "a & b", "a:*", "':*", "a <-> b", "!a", ":a", "%", "100%", "_", "snake", "case", "kebab case",
    "日本", "本語", "語", "テ", "한", "국", "ไ", "हि", "न", "ע", "😀", "emoji face", "zerowidth", "zero width",
    "breaking", "newline", "fine", "ǆ", "istanbul", "ıst", "İ", "ff", "å", "k", "2", "½", "x" * 100, "x" * 99 + "y",
    "ß", "a", "la", " a ", "a  a", ",", "…", "\u0301", "e\u0301", "\u200b", "a\u00adb", "--", "/*", ";", "'; --", "''",
    "nothing like this",
]  # fmt: skip


def expected(asked: str, texts: list[str]) -> set[str]:
    """What FTS5 finds by itself, in a database of its own."""
    memory = sqlite3.connect(":memory:")
    memory.execute(f"CREATE VIRTUAL TABLE known USING fts5(said, tokenize='{TOKENIZE}')")
    memory.executemany("INSERT INTO known VALUES (?)", [(one,) for one in texts])
    words = [f'"{word}"*' for word in words_of(asked).split()]
    if not words:
        return set()
    found = memory.execute("SELECT said FROM known WHERE known MATCH ?", (" AND ".join(words),))
    return {said for (said,) in found}


async def test_both_databases_find_the_same_whatever_is_asked(papers: Database) -> None:
    await add(papers, *(one for one in TEXTS))

    wrong = {}
    for asked in ASKED:
        titles = {*await found(papers, asked, limit=200)}
        if titles != expected(asked, TEXTS):
            wrong[asked] = titles, expected(asked, TEXTS)
    assert wrong == {}
    assert await found(papers, "…") == await found(papers, "*") == await found(papers, '"') == []
    assert set(await found(papers, "ecole")) == {"École élémentaire", "ECOLE", "e\u0301cole"}
    assert set(await found(papers, "strasse")) == {"STRASSE"}


def test_the_tables_of_letters_are_those_of_sqlite() -> None:
    memory = sqlite3.connect(":memory:")
    memory.execute(f"CREATE VIRTUAL TABLE known USING fts5(said, tokenize='{TOKENIZE}')")
    memory.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(known, instance)")
    codes = [code for code in range(1, 0x20000) if not 0xD800 <= code < 0xE000]
    memory.executemany("INSERT INTO known (rowid, said) VALUES (?, ?)", [(c, f"q{chr(c)}z") for c in codes])
    terms: dict[int, list[str]] = {}
    for term, code in memory.execute("SELECT term, doc FROM terms ORDER BY doc, offset"):
        terms.setdefault(code, []).append(term)

    assert [c for c in codes if words_of(f"q{chr(c)}z").split() != terms[c]] == []
    assert all(words_of(base) == base for base in FOLDED.values())


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True, scope="session")
async def test_postgresql_divides_every_text_as_sqlite_does(papers: Database) -> None:
    codes = [code for code in range(1, 0x20000) if not 0xD800 <= code < 0xE000]
    statement = text(
        f"SELECT c, array(SELECT lexeme FROM unnest({FUNCTION_NAME}('q' || chr(c) || 'z', 'A')) ORDER BY positions[1])"
        " FROM unnest(CAST(:codes AS int[])) AS c"
    )
    async with papers.engine.connect() as connection:
        rows = (await connection.execute(statement, {"codes": codes})).all()

    assert [c for c, words in rows if words != words_of(f"q{chr(c)}z").split()] == []


async def test_the_index_follows_every_change(papers: Database) -> None:
    await add(papers, "first", "second", body="shared")
    async with papers.write() as session, session.begin():
        await session.exec(update(Paper).where(col(Paper.title) == "first").values(title="third"))
        await session.exec(update(Paper).where(col(Paper.title) == "second").values(body=None, year=1))

    assert await found(papers, "first") == []
    assert await found(papers, "third") == ["third"]
    assert await found(papers, "shared") == ["third"]
    assert await found(papers, "second", year=1) == ["second"]
    assert await found(papers, "second", year=2) == []
    async with papers.write() as session, session.begin():
        await session.exec(delete(Paper).where(col(Paper.title) == "third"))

    assert await found(papers, "third") == []
    await add(papers, "third again", number="2030-7")
    assert await found(papers, "third 2030-7") == ["third again"]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True, scope="session")
async def test_an_index_survives_vacuum_and_a_new_table(papers: Database) -> None:
    await add(papers, *(f"number{number}" for number in range(20)))
    async with papers.write() as session, session.begin():
        await session.exec(delete(Paper).where(col(Paper.title).in_([f"number{n}" for n in range(0, 20, 2)])))
    async with papers.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.execute("VACUUM")

    assert await found(papers, "number7") == ["number7"]
    assert await found(papers, "number8") == []
    async with papers.engine.begin() as connection:
        for step in (
            "CREATE TABLE anew AS SELECT * FROM apart_papers ORDER BY title DESC",
            "DROP TABLE apart_papers",
            "ALTER TABLE anew RENAME TO apart_papers",
            "UPDATE apart_papers SET title = 'other' WHERE title = 'number9'",
        ):
            await connection.exec_driver_sql(step)
        await connection.run_sync(index)
    assert await found(papers, "number7") == ["number7"]
    assert await found(papers, "number9") == []
    assert await found(papers, "other") == ["other"]
    await add(papers, "new")
    assert await found(papers, "new") == ["new"]


async def test_an_index_that_is_right_is_left_alone(papers: Database) -> None:
    await add(papers, "kept")
    sent: list[str] = []
    with watching(lambda one: sent.append(one.sql)):
        async with papers.engine.begin() as connection:
            await connection.run_sync(index)

    assert [sql for sql in sent if "search_words_apart_papers" in sql and not sql.startswith("SELECT")] == []
    assert await found(papers, "kept") == ["kept"]


async def test_the_best_rows_come_first(papers: Database) -> None:
    await add(papers, "Elsewhere", body="rare " + "filler " * 50)
    await add(papers, "Rare")
    await add(papers, "Nothing", body="filler")
    best = ["Rare", "Elsewhere"]

    assert await found(papers, "rare", sort="rank", order="desc") == best
    assert await found(papers, "rare", sort="rank", order="asc") == best[::-1]
    assert await found(papers, "rare", sort="rank", order="desc", skip=1, count=False) == best[1:]
    assert await found(papers, "rare", sort="rank", year=1) == []
    assert await found(papers, "?", sort="rank") == []


async def test_pages_of_ranks_show_every_row_once(papers: Database) -> None:
    await add(papers, *(f"word {'word ' * number}{number:02}" for number in range(11)))
    async with papers.read() as session:
        whole = await paginate(session, PaperQuery(q="word", sort="rank", limit=200))
        seen, cursor = [], None
        while True:
            page = await paginate(
                session, PaperQuery(q="word", sort="rank", limit=3, cursor=cursor, count=True)
            )
            assert page.total == 11
            seen += [paper.id for paper in page.items]
            if (cursor := page.next_cursor) is None:
                break

    assert seen == [paper.id for paper in whole.items]
    assert len({*seen}) == 11


async def orders(database: Database, query: PageQuery[Order]) -> list[str]:
    async with database.read() as session:
        page = await paginate(session, query)
    assert page.total == len(page.items)
    return sorted(order.order for order in page.items)


async def test_columns_may_have_names_that_mean_something_to_the_databases(papers: Database) -> None:
    async with papers.write() as session, session.begin():
        session.add(Order(order="First one", rank="high"))
        session.add(Order(order="Second one", rank="low", said="high"))

    assert await orders(papers, OrderQuery(q="one hi", count=True)) == ["First one", "Second one"]
    assert await orders(papers, OrderQuery(q="low", count=True)) == ["Second one"]
    assert await orders(papers, OtherOrderQuery(q="FIRST", count=True)) == ["First one"]
    async with papers.write() as session, session.begin():
        [order] = (await session.exec(select(Order).where(Order.rank == "low"))).all()
        order.said = "middle"
    assert await orders(papers, OrderQuery(q="high", count=True)) == ["First one"]


async def test_ranks_may_be_of_such_columns_too(papers: Database) -> None:
    async with papers.write() as session, session.begin():
        session.add(Group(order="Nothing", words_asked="rare"))
        session.add(Group(order="Rare"))
    async with papers.read() as session:
        page = await paginate(session, GroupQuery(q="rare", order=SortOrder.desc))
    assert [group.order for group in page.items] == ["Rare", "Nothing"]


async def test_the_trash_is_searched_for_words_as_the_list_is(papers: Database) -> None:
    texts = [text[:50] for text in TEXTS]
    async with papers.write() as session, session.begin():
        session.add_all([Order(order=text) for text in texts])
    before = [await orders(papers, OrderQuery(q=asked[:100], count=True, limit=200)) for asked in ASKED]
    assert any(before)
    async with papers.write() as session, session.begin():
        for order in (await session.exec(select(Order))).all():
            await session.delete(order)

    after = [await orders(papers, OrderTrashQuery(q=asked[:100], count=True, limit=200)) for asked in ASKED]

    assert after == before
    assert await orders(papers, OrderQuery(q="ecole", count=True)) == []


@pytest.fixture
async def shop(papers: Database, second: FastAPI) -> AsyncIterator[AsyncClient]:
    include(second, router)
    async with AsyncClient(transport=ASGITransport(second), base_url="http://test/api/v1") as client:
        yield client


async def test_rank_is_refused_without_a_search(shop: AsyncClient) -> None:
    for query in ("sort=rank", "sort=rank&q=", "sort=rank&q=a&cursor=x", "sort=rank&q=a&cursor=W10"):
        answer = await shop.get(f"/papers?{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")

    answer = await shop.get("/papers?sort=rank")
    assert answer.json()["errors"][0]["loc"] == ["query", "sort"]
    assert answer.json()["errors"][0]["msg"] == "Rank is the order of a search: send q too."
    for query in ("sort=rank&q=a", "sort=rank&q=%22", "q=*", "q=%27"):
        assert (await shop.get(f"/papers?{query}")).status_code == 200


def test_a_search_for_words_that_makes_no_sense_is_refused_when_it_is_declared() -> None:
    with pytest.raises(TypeError, match="q searches year for words, which is no text"):

        class NumberQuery(PageQuery[Paper]):
            q: Annotated[Search | None, Searches("year", words=True)] = None

    with pytest.raises(TypeError, match="sorts by rank: write q with Searches"):

        class RankQuery(PageQuery[Paper]):
            q: Annotated[Search | None, Searches("title")] = None
            sort: Literal["id", "rank"] = "id"

    with pytest.raises(TypeError, match="sorts by rank: the trash has no ranks"):

        class RankedTrashQuery(TrashQuery[Paper]):
            q: Annotated[Search | None, Searches("title", words=True)] = None
            sort: Literal["id", "rank"] = "id"  # type: ignore[assignment]

    with pytest.raises(TypeError, match="sorts by rank: this is a column too: give the column another name"):

        class RankedOrderQuery(PageQuery[Order]):
            q: Annotated[Search | None, Searches("order", words=True)] = None
            sort: Literal["id", "rank"] = "id"


def test_the_words_of_our_lists_have_an_index_each() -> None:
    assert any(
        on == ("apart_papers", ("title", "body", "number")) for on in word_indexes.word_searches().values()
    )
