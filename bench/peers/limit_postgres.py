"""The limits on PostgreSQL, with asyncpg and with psycopg. PostgreSQL builds the JSON."""

import os
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg
from psycopg_pool import AsyncConnectionPool

from bench.peers import contract
from bench.peers.limit import Rows, build

NOTE = (
    "json_build_object('id', id, 'created_at', created_at, 'updated_at', updated_at, "
    "'title', title, 'content', content, 'owner_id', owner_id)::text"
)
AFTER = "AND id < {after}"
MATCHES = "AND (lower(title) LIKE {pattern} ESCAPE '/' OR lower(content) LIKE {pattern} ESCAPE '/')"
PAGE = (
    "SELECT id, " + NOTE + " FROM notes WHERE owner_id = {owner} {conditions} ORDER BY id DESC LIMIT {limit}"
)
GET = "SELECT " + NOTE + " FROM notes WHERE id = {id} AND owner_id = {owner}"
CREATE = (
    "INSERT INTO notes (id, created_at, updated_at, title, content, owner_id) "
    "VALUES ({id}, now(), now(), {title}, {content}, {owner}) RETURNING " + NOTE
)
PATCH = (
    "UPDATE notes SET title = coalesce({title}, title), content = coalesce({content}, content), updated_at = now() "
    "WHERE id = {id} AND owner_id = {owner} RETURNING " + NOTE
)
ACCOUNT = "SELECT id, hashed_password FROM users WHERE username = {username}"


class PostgresStore:
    async def open(self) -> None:
        raise NotImplementedError

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        raise NotImplementedError

    async def page(self, owner: UUID, limit: int, after: UUID | None, pattern: str | None) -> Rows:
        values = {"owner": owner, "limit": limit + 1}
        conditions = []
        if after:
            conditions.append(AFTER)
            values["after"] = after
        if pattern:
            conditions.append(MATCHES)
            values["pattern"] = pattern
        found = await self.rows(PAGE.replace("{conditions}", " ".join(conditions)), **values)
        more = len(found) > limit
        items = "[" + ",".join([row[1] for row in found[:limit]]) + "]"
        return Rows(items.encode(), str(found[limit - 1][0]) if more else None)

    async def get(self, owner: UUID, id: UUID) -> bytes | None:
        return one(await self.rows(GET, id=id, owner=owner))

    async def create(self, owner: UUID, title: str, content: str) -> bytes:
        rows = await self.rows(CREATE, id=contract.uuid7(), title=title, content=content, owner=owner)
        return rows[0][0].encode()

    async def patch(self, owner: UUID, id: UUID, title: str | None, content: str | None) -> bytes | None:
        return one(await self.rows(PATCH, id=id, owner=owner, title=title, content=content))

    async def account(self, username: str) -> tuple[UUID, str] | None:
        found = await self.rows(ACCOUNT, username=username)
        return found[0] if found else None


def one(rows: list[Any]) -> bytes | None:
    return rows[0][0].encode() if rows else None


@lru_cache
def numbered(statement: str, names: tuple[str, ...]) -> str:
    return statement.format(**{name: f"${i}" for i, name in enumerate(names, 1)})


@lru_cache
def named(statement: str, names: tuple[str, ...]) -> str:
    return statement.format(**{name: f"%({name})s" for name in names})


async def as_it_is(_: object) -> None:
    """What a pool does by default with a returned connection is a round trip, to undo what nobody here
    does."""


class AsyncpgStore(PostgresStore):
    async def open(self) -> None:
        size = contract.POOL
        self.pool = await asyncpg.create_pool(
            contract.DATABASE_URL, min_size=size, max_size=size, reset=as_it_is
        )

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        return await self.pool.fetch(numbered(statement, tuple(values)), *values.values())


class PsycopgStore(PostgresStore):
    async def open(self) -> None:
        options = {"autocommit": True, "prepare_threshold": 0}
        size = contract.POOL
        self.pool = AsyncConnectionPool(
            contract.DATABASE_URL, kwargs=options, min_size=size, max_size=size, open=False
        )
        await self.pool.open(wait=True)

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        async with self.pool.connection() as connection:
            return await (
                await connection.execute(named(statement, tuple(values)), values, binary=True)
            ).fetchall()


app = build(AsyncpgStore() if os.environ["LIMIT"] == "asyncpg" else PsycopgStore())
