"""Hashing and tokens: pure functions, and the only file that imports passlib or python-jose."""

import base64
import gzip
import hashlib
import hmac
import re
import secrets
import time
import unicodedata
import warnings
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from jose import jwt

from api.security.hashing import hash_in_pool
from api.settings import Settings

with warnings.catch_warnings():  # passlib imports crypt, which is deprecated in Python 3.11 and 3.12
    warnings.simplefilter("ignore", DeprecationWarning)
    from passlib.context import CryptContext
    from passlib.hash import bcrypt_sha256

ISSUER = "onefold"
LONGEST_TOKEN = 2048


class InvalidToken(Exception):
    """The token is invalid. The client does not learn the reason."""


@lru_cache
def _passwords(rounds: int) -> CryptContext:
    # bcrypt_sha256, because plain bcrypt ignores everything after 72 bytes, and fails on NUL.
    return CryptContext(schemes=["bcrypt_sha256"], bcrypt_sha256__rounds=rounds)


# A hash of no password. It is compared with when there is no account, so its rounds are filled in.
_NOBODYS = "$bcrypt-sha256$v=2,t=2b,r={}$" + "." * 22 + "$" + "." * 31
# For each setting of the rounds, the highest rounds of the hashes that this process has compared with.
_highest: dict[int, int] = {}


async def hash_password(password: str, settings: Settings, *, is_known: bool = False) -> str:
    hasher = _passwords(settings.password_hash_rounds)
    return str(await hash_in_pool(partial(hasher.hash, password), is_known=is_known))


async def verify_password(
    password: str, hashed: str | None, settings: Settings, *, is_known: bool = False
) -> bool:
    """Check a password. Every failure costs the same work: without a hash, and with one of other rounds."""
    wanted = settings.password_hash_rounds

    def verify() -> bool:
        known = bcrypt_sha256.from_string(hashed).rounds if hashed else 0
        highest = _highest[wanted] = max(wanted, known, _highest.get(wanted, 0))
        hasher = _passwords(wanted)
        if hashed is not None and hasher.verify(password, hashed):
            return True
        # Each round doubles the work: a hash of n rounds and those of n … m - 1 are as much as one of m
        for rounds in range(known, highest) if known else [highest]:
            hasher.verify(password, _NOBODYS.format(rounds))
        return False

    return await hash_in_pool(verify, is_known=is_known)


async def renew_hash(password: str, hashed: str, settings: Settings) -> str:
    """The hash of the same password with the rounds of the settings.

    The salt stays, so that parallel sign-ins make the same hash.
    """
    rounds = settings.password_hash_rounds
    if not _passwords(rounds).needs_update(hashed):
        return hashed
    salt = bcrypt_sha256.from_string(hashed).salt
    hasher = bcrypt_sha256.using(rounds=rounds, salt=salt)  # type: ignore[no-untyped-call]
    return str(await hash_in_pool(partial(hasher.hash, password)))


# The code points that Unicode calls Default_Ignorable: they show nothing, or only change their neighbours.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# An emoji, or several that are joined into one, by the kinds of its characters (see `_kind`).
EMOJI = re.compile(r"SK?V?(?:JSK?V?)*")
KINDS = {"\ufe0f": "V", "\u200d": "J", "So": "S", "Sm": "S", "Sk": "K"}


def is_visible(name: str) -> bool:
    """Whether the name has no invisible characters, which would make it a clone of another one.

    Emoji may have them: some are joined by them.
    """
    if not INVISIBLE.search(name):
        return True
    return set(EMOJI.sub("", "".join(map(_kind, name)))).isdisjoint("IVJ")


def _kind(letter: str) -> str:
    """Symbol, skin tone (K), variation, joiner, another invisible character, or a dot."""
    known = KINDS.get(letter) or KINDS.get(unicodedata.category(letter), ".")
    return "I" if known not in "VJ" and INVISIBLE.match(letter) else known


def fold(text: str) -> str:
    """The normalized form for comparing names and addresses: NFKC, without case and what is invisible."""
    text = INVISIBLE.sub("", text)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


@lru_cache
def _common_passwords() -> frozenset[str]:
    # See common_passwords.LICENSE for where they come from
    packed = Path(__file__).with_name("common_passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().splitlines())


def known_parts(password: str) -> set[str]:
    """The folded password, and what is left of it without some of the digits and signs at its end.

    Rules for passwords have made people add these to a word, and who guesses does the same.
    """
    folded = fold(password)
    end = len(folded)
    while end and not folded[end - 1].isalpha():
        end -= 1
    return {folded[:until] for until in range(end, len(folded) + 1)}


def is_common(password: str) -> bool:
    """Whether many people use this password, in any case, with or without digits and signs at its end."""
    return not known_parts(password).isdisjoint(_common_passwords())


def make_secret() -> tuple[str, str]:
    """An opaque token, and its hash for the database. The token is random enough for a fast hash."""
    token = secrets.token_urlsafe(32)
    return token, hash_secret(token)


def hash_secret(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def fingerprint(settings: Settings, *parts: object) -> str:
    """A short keyed digest of a state. A token that contains it is valid only for this state."""
    key = settings.secret_key.get_secret_value().encode()
    return hmac.digest(key, "\0".join(map(str, parts)).encode(), "sha256").hex()[:32]


def make_token(settings: Settings, typ: str, subject: UUID, lifetime: timedelta, **claims: Any) -> str:
    """A signed token of one type: `access` for requests, `reset` and `verify` for links in mail."""
    now = datetime.now(UTC)
    claims |= {"iss": ISSUER, "aud": ISSUER, "sub": str(subject), "jti": str(uuid4()), "typ": typ}
    key = settings.secret_key.get_secret_value()
    return str(jwt.encode({**claims, "iat": now, "exp": now + lifetime}, key, algorithm=settings.algorithm))


REQUIRED = {f"require_{claim}": True for claim in ("iss", "aud", "sub", "jti", "iat", "exp")}


def read_token(settings: Settings, typ: str, token: str) -> dict[str, Any]:
    """The claims of a valid token of this type. Raises InvalidToken."""
    claims = _signed(settings.secret_key.get_secret_value(), settings.algorithm, token)
    if claims["typ"] != typ or claims["exp"] < time.time():
        raise InvalidToken
    return claims


@lru_cache(maxsize=2048)
def _signed(key: str, algorithm: str, token: str) -> dict[str, Any]:
    """The claims of a correctly signed token. They are cached; `read_token` checks the expiry each time."""
    try:
        if len(token) > LONGEST_TOKEN or not all(map(_is_canonical, token.split("."))):
            raise InvalidToken
        claims = jwt.decode(
            token, key, algorithms=[algorithm], audience=ISSUER, issuer=ISSUER, options=REQUIRED
        )
        UUID(claims["sub"])
        return {"typ": None, **claims}
    except Exception:  # a hostile token can make python-jose raise RecursionError, OverflowError, …
        raise InvalidToken from None


def _is_canonical(part: str) -> bool:
    """Whether the part is canonical base64. Other spellings of the same bytes are refused."""
    decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    return base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() == part
