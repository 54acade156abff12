"""The limit on SQLite: the standard library's driver on one connection, without threads."""

import sqlite3
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from bench.peers import contract
from bench.peers.limit import Rows, build

COLUMNS = "id, created_at, updated_at, title, content, owner_id"
MATCHES = "AND (lower(title) LIKE :pattern ESCAPE '/' OR lower(content) LIKE :pattern ESCAPE '/')"
PAGE = "SELECT " + COLUMNS + " FROM notes WHERE owner_id = :owner {} ORDER BY id DESC LIMIT :limit"
GET = f"SELECT {COLUMNS} FROM notes WHERE id = :id AND owner_id = :owner"
CREATE = (
    f"INSERT INTO notes ({COLUMNS}) VALUES (:id, :now, :now, :title, :content, :owner) RETURNING {COLUMNS}"
)
PATCH = (
    "UPDATE notes SET title = coalesce(:title, title), content = coalesce(:content, content), updated_at = :now "
    f"WHERE id = :id AND owner_id = :owner RETURNING {COLUMNS}"
)
ACCOUNT = "SELECT id, hashed_password FROM users WHERE username = :username"


class SqliteStore:
    async def open(self) -> None:
        self.connection = sqlite3.connect(contract.SQLITE_FILE, isolation_level=None)
        contract.on_connect(self.connection)

    def rows(self, statement: str, **values: Any) -> list[Any]:
        return self.connection.execute(statement, values).fetchall()

    async def page(self, owner: UUID, limit: int, after: UUID | None, pattern: str | None) -> Rows:
        conditions = ("AND id < :after " if after else "") + (MATCHES if pattern else "")
        values = {"owner": owner.hex, "limit": limit + 1, "after": after and after.hex, "pattern": pattern}
        found = self.rows(PAGE.format(conditions), **values)
        more = str(UUID(found[limit - 1][0])) if len(found) > limit else None
        return Rows(orjson.dumps([note(row) for row in found[:limit]]), more)

    async def get(self, owner: UUID, id: UUID) -> bytes | None:
        return one(self.rows(GET, id=id.hex, owner=owner.hex))

    async def create(self, owner: UUID, title: str, content: str) -> bytes:
        id = contract.uuid7().hex
        rows = self.rows(CREATE, id=id, now=now(), title=title, content=content, owner=owner.hex)
        return orjson.dumps(note(rows[0]))

    async def patch(self, owner: UUID, id: UUID, title: str | None, content: str | None) -> bytes | None:
        return one(self.rows(PATCH, id=id.hex, now=now(), title=title, content=content, owner=owner.hex))

    async def account(self, username: str) -> tuple[UUID, str] | None:
        found = self.rows(ACCOUNT, username=username)
        return (UUID(found[0][0]), found[0][1]) if found else None


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def note(row: Any) -> dict[str, str]:
    id, created_at, updated_at, title, content, owner_id = row
    return {
        "id": dashed(id),
        "created_at": f"{created_at.replace(' ', 'T')}Z",
        "updated_at": f"{updated_at.replace(' ', 'T')}Z",
        "title": title,
        "content": content,
        "owner_id": dashed(owner_id),
    }


def dashed(id: str) -> str:
    return f"{id[:8]}-{id[8:12]}-{id[12:16]}-{id[16:20]}-{id[20:]}"


def one(rows: list[Any]) -> bytes | None:
    return orjson.dumps(note(rows[0])) if rows else None


app = build(SqliteStore())
