"""The code that all peers share: the database, the caller of a token, cursors and search patterns."""

import base64
import hashlib
import hmac
import json
import os
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import bcrypt
import jwt
from uuid_utils.compat import uuid7 as uuid7

DATABASE_URL = os.environ["DATABASE_URL"]  # postgresql://… or sqlite:///…
SECRET_KEY = os.environ["SECRET_KEY"]
SQLITE = DATABASE_URL.startswith("sqlite")
SQLITE_FILE = DATABASE_URL.removeprefix("sqlite:///")
POOL = int(os.environ["DATABASE_POOL_SIZE"])
PRAGMAS = ("journal_mode = WAL", "synchronous = NORMAL", "busy_timeout = 15000", "foreign_keys = ON")


def caller(token: str) -> UUID:
    """Whose token it is; jwt.InvalidTokenError if nobody's."""
    claims = jwt.decode(token, SECRET_KEY, algorithms=["HS256"], audience="onefold", issuer="onefold")
    return UUID(claims["sub"])


def access_token(user_id: UUID) -> str:
    now = datetime.now(UTC)
    claims: dict[str, Any] = {
        "iss": "onefold",
        "aud": "onefold",
        "sub": str(user_id),
        "jti": str(uuid4()),
        "typ": "access",
    }
    return jwt.encode(
        claims | {"iat": now, "exp": now + timedelta(minutes=15)}, SECRET_KEY, algorithm="HS256"
    )


def is_right(password: str, hashed: str) -> bool:
    """Passlib's bcrypt_sha256, which the accounts have: $bcrypt-sha256$v=2,t=2b,r=12$salt$digest."""
    _, _, options, salt, digest = hashed.split("$")
    kind, rounds = (
        dict(option.split("=") for option in options.split(","))["t"],
        int(options.rpartition("r=")[2]),
    )
    key = base64.b64encode(hmac.digest(salt.encode(), password.encode(), hashlib.sha256))
    return bcrypt.checkpw(key, f"${kind}${rounds:02}${salt}{digest}".encode())


def next_cursor(id: UUID | str) -> str:
    text = json.dumps(["Note", "id", "desc", str(id), str(id)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(cursor: str) -> UUID:
    """After which id a page begins."""
    return UUID(json.loads(base64.urlsafe_b64decode(f"{cursor}==="))[4])


def pattern(q: str) -> str:
    """What `lower(title) LIKE … ESCAPE '/'` compares with."""
    return "%" + re.sub(r"([%_/])", r"/\1", q.lower()) + "%"


def on_connect(connection: Any, _: Any = None) -> None:
    """What SQLite's documentation advises for servers; SQLAlchemy calls it for each new connection."""
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
