"""Usernames for new accounts that are given none, made of the e-mail address."""

import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db.problems import taken_field
from api.models.user import User
from api.problems import Code, ProblemError

LONGEST = 40  # characters, so that a suffix fits
SHORTEST = 2
TRIES = 4


def usernames(email: str) -> Iterator[str]:
    """What is before the @ and a `+`, then the same with random suffixes, for when it is taken.

    A suffix is random, so that it does not tell how many accounts have such a name.
    """
    local = email.rpartition("@")[0].partition("+")[0]
    stem = re.sub(r"[^\w.-]", "", local)[:LONGEST]
    if len(stem) < SHORTEST:
        stem = "user"
    yield stem
    for _ in range(TRIES):
        yield f"{stem}-{secrets.token_hex(3)}"


async def add_with_made_username(session: AsyncSession, email: str, fields: Mapping[str, Any]) -> User:
    """Add a user with the first of these usernames that is free, as the unique constraint decides."""
    for username in usernames(email):
        user = User(**fields, username=username)
        try:
            async with session.begin_nested():
                session.add(user)
        except IntegrityError as error:
            if taken_field(error) != "username":
                raise
        else:
            return user
    raise ProblemError(Code.already_exists, "No username is free for this address. Choose one.")
