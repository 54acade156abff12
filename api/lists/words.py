"""Searches for words: how texts and queries are divided into words, and the conditions that find them.

On PostgreSQL, a function divides texts, and an index keeps the result. On SQLite, FTS5 does both. Both take
the same letters for the same, by `word_tables.py`. A query reaches either of them as words of letters and
digits alone, so nothing in it is syntax. The trash has no index, and is searched row by row.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Column, Enum, Float, String, Uuid, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from api.db.sqlite_functions import FUNCTIONS
from api.lists.word_tables import ACCENTED, CASES, MARKS, SEPARATORS

WORDS = "search_words_"  # the prefix of what the databases have for this, which migrations ignore
MOST_CHARACTERS = 100_000  # of the columns together, which PostgreSQL can index in any case
LONGEST = 100  # characters of a word that are compared: more cannot be asked for
# Looked for first, as PostgreSQL's translate() looks for one after the other
COMMON = " etaoinshrdlcumwfgypbvkxjqz,.оеаинтсрвлкмдпуяыьгзбчйхжшющэфηατοεινσρκπμλυδγωχθφβξζψ"
WEIGHTS = {"A": 10.0, "B": 4.0, "C": 2.0, "D": 1.0}  # how much a column counts: the first, the second, …


def _folded() -> Iterator[tuple[str, str]]:
    """The letters that are taken for another one, each with this one."""
    for base, letters in ACCENTED.items():
        yield from ((letter, base) for letter in letters)
    for run in CASES.split():
        where, _, taken_for = run.partition(">")
        where, _, step = where.partition("/")
        first, _, last = where.partition("-")
        codes = range(int(first, 16), int(last or first, 16) + 1, int(step or 1))
        yield from ((chr(code), chr(code - codes[0] + int(taken_for, 16))) for code in codes)


def _separators() -> Iterator[tuple[int, int]]:
    for run in SEPARATORS.split():
        first, _, last = run.partition("-")
        yield int(first, 16), int(last or first, 16)


FOLDED = dict(_folded())


@lru_cache
def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {ord(letter): base for letter, base in FOLDED.items()}
    table |= {code: " " for first, last in _separators() for code in range(first, last + 1)}
    return table | {ord(mark): None for mark in MARKS}


def words_of(text: str) -> str:
    """The words of a query, divided by spaces. It has no others than those that the databases know."""
    return " ".join(text.translate(_table()).split())


def has_words(asked: str, *texts: str | None) -> bool:
    """Whether these texts have all words of a query, or words that begin with them. It is of `words_of`."""
    known = [word[:LONGEST] for text in texts if text for word in words_of(text).split()]
    return bool(asked) and all(any(one.startswith(word) for one in known) for word in asked.split())


FUNCTIONS[has_words.__name__] = has_words


def _in_brackets(ranges: Iterable[tuple[int, int]]) -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


def _function() -> str:
    folded = {letter: base for letter, base in FOLDED.items() if letter > "\x7f"}
    source = f"{COMMON}{''.join(folded)}{MARKS}"
    target = f"{COMMON}{''.join(folded.values())}"
    special = _in_brackets((ord(letter), ord(letter)) for letter in (*folded, *MARKS))
    between = _in_brackets(_separators())
    return f"""(said text, weight text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 AS $words$
SELECT coalesce(string_agg(left(word, {LONGEST}) || ':' || least(place, 16383) || weight, ' '), '')::tsvector
FROM regexp_split_to_table(lower(
    CASE WHEN said ~ '[{special}]' THEN translate(said, '{source}', '{target}') ELSE said END COLLATE "C"
), '[{between}]+') WITH ORDINALITY AS words(word, place)
WHERE word <> ''
$words$"""  # noqa: S608  of constants


FUNCTION = _function()
FUNCTION_NAME = f"{WORDS}{zlib.crc32(FUNCTION.encode()):08x}"


def check_columns(query: type[Any], columns: Sequence[str]) -> None:
    """Raise a TypeError for columns that cannot be searched for words."""
    total = 0
    for name in columns:
        type = getattr(getattr(query.model, name, None), "type", None)
        type = getattr(type, "impl", type)
        if not isinstance(type, String) or isinstance(type, Enum):
            raise TypeError(f"{query.__name__}.q searches {name} for words, which is no text.")
        total += type.length or MOST_CHARACTERS + 1
    if total > MOST_CHARACTERS:
        raise TypeError(
            f"{query.__name__}.q searches for words in at most {MOST_CHARACTERS:,} characters: "
            "write Field(max_length=…)."
        )


def index_of(table: str, columns: Sequence[str]) -> str:
    """The name of the index on either database."""
    parts = [table, *columns, FUNCTION_NAME]
    return f"{WORDS}{table[:30]}_{zlib.crc32(repr(parts).encode()):08x}"


def indexed(columns: Iterable[str]) -> str:
    """What PostgreSQL searches and indexes: the words of all columns, whose names are quoted."""
    weighed = zip(columns, [*WEIGHTS, *"D" * 100], strict=False)
    return " || ".join(f"{FUNCTION_NAME}({column}, '{weight}')" for column, weight in weighed)


class _OfWords(FunctionElement[Any]):
    """What rows have the words of a query in columns. Its clauses are the id, the columns and the query."""

    inherit_cache = True

    def __init__(self, model: Any, columns: Sequence[str], query: str) -> None:
        super().__init__(
            model.id, *(getattr(model, name) for name in columns), bindparam(query, type_=String())
        )

    @property
    def parts(self) -> tuple[Any, list[Any], Any]:
        id, *columns, query = self.clauses
        return id, columns, query


class Matches(_OfWords):
    """Whether the row has all words, or words that begin with them."""

    name, type, inherit_cache = "matches_words", Boolean(), True


class MatchesInTrash(_OfWords):
    """The same for a row in the trash, which is not in an index."""

    name, type, inherit_cache = "matches_words_in_trash", Boolean(), True


class Ranked(_OfWords):
    """The ids of the rows that match, each with its rank: the better, the higher."""

    name, inherit_cache = "ranked_by_words", True


def ranked(model: Any, columns: Sequence[str], query: str) -> Any:
    found = Ranked(model, columns, query)
    return found.table_valued(Column("place", Uuid()), Column("score", Float()), name="ranked")


def _tsquery(compiler: Any, query: Any, options: Any) -> str:
    asked = compiler.process(query, **options)
    return f"CAST(replace(nullif({asked}, ''), ' ', ':* & ') || ':*' AS tsquery)"


def _fts(compiler: Any, element: _OfWords, options: Any) -> tuple[str, str]:
    """The FTS5 table of these columns, and its rows that match with their ids."""
    id, columns, query = element.parts
    name, asked = index_of(id.table.name, [one.name for one in columns]), compiler.process(query, **options)
    words = f"""'"' || replace({asked}, ' ', '"* "') || '"*'"""
    return (
        name,
        f"FROM {name} JOIN {name}_rows ON {name}_rows.number = {name}.rowid WHERE {name} MATCH {words}",
    )


@compiles(Matches)
@compiles(MatchesInTrash)
def _matches(element: Matches, compiler: Any, **options: Any) -> str:
    _, columns, query = element.parts
    said = indexed(compiler.process(column, **options) for column in columns)
    return f"({said}) @@ {_tsquery(compiler, query, options)}"


@compiles(Matches, "sqlite")
def _matches_on_sqlite(element: Matches, compiler: Any, **options: Any) -> str:
    name, found = _fts(compiler, element, options)
    return f"{compiler.process(element.parts[0], **options)} IN (SELECT {name}_rows.id {found})"


@compiles(MatchesInTrash, "sqlite")
def _matches_in_trash_on_sqlite(element: MatchesInTrash, compiler: Any, **options: Any) -> str:
    _, columns, query = element.parts
    said = ", ".join(compiler.process(one, **options) for one in (query, *columns))
    return f"{has_words.__name__}({said})"


@compiles(Ranked)
def _ranked(element: Ranked, compiler: Any, **options: Any) -> str:
    id, columns, query = element.parts
    said = indexed(compiler.process(one, **options) for one in columns)
    asked = _tsquery(compiler, query, options)
    shown = f"{compiler.process(id, **options)} AS place, ts_rank({said}, words_asked) AS score"
    rows = f"{compiler.preparer.format_table(id.table)}, {asked} AS words_asked"
    return f"(SELECT {shown} FROM {rows} WHERE ({said}) @@ words_asked)"  # noqa: S608  names of ours


@compiles(Ranked, "sqlite")
def _ranked_on_sqlite(element: Ranked, compiler: Any, **options: Any) -> str:
    name, found = _fts(compiler, element, options)
    _, columns, _ = element.parts
    weights = [*WEIGHTS.values(), *[1.0] * 100][: len(columns)]
    score = f"-bm25({name}, {', '.join(map(str, weights))})"
    return f"(SELECT {name}_rows.id AS place, {score} AS score {found})"
