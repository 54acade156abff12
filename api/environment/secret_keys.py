"""The secret key: which one is too weak, and the file that holds it."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 8  # different ones; 32 random hexadecimal digits have more
WELL_KNOWN_SECRET = "change-me-to-something-random-and-long"  # noqa: S105  of many samples


def is_weak(secret: str) -> bool:
    is_guessable = len(set(secret)) < FEWEST_CHARACTERS or secret.lower() == WELL_KNOWN_SECRET
    return is_guessable or len(secret.encode()) < SHORTEST_SECRET


def read_secret(path: Path, *, may_create: bool) -> str:
    """The secret in a file. If it may, the first process creates the file, readable only by its owner."""
    new = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        if may_create and not path.exists():
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
            with suppress(FileExistsError):
                os.link(new, path)  # whole, or not at all
            new.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise ValueError(f"SECRET_KEY_FILE cannot be read: {error.strerror}.") from None
