"""What tokens and hashes withstand."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal
from uuid import uuid4

import pytest
from passlib.context import CryptContext

from api.security import (
    ISSUER,
    InvalidToken,
    fold,
    hash_password,
    hash_secret,
    hashing,
    make_secret,
    make_token,
    read_token,
    verify_password,
)
from api.settings import Settings
from tests.support.listening import until
from tests.support.people import Person

pytestmark = pytest.mark.anyio

KEY = "a secret for tests, which is long enough"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.fixture
def ours() -> Settings:
    return Settings(_env_file=None, secret_key=KEY, password_hash_rounds=4)


def encode(part: bytes | object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forge(
    claims: bytes | object, header: bytes | object = None, key: str = KEY, digest: str = "sha256"
) -> str:
    """A token that is signed well, whatever it says; the library would refuse to make most of these."""
    signed = f"{encode(header or {'alg': 'HS256', 'typ': 'JWT'})}.{encode(claims)}"
    return f"{signed}.{encode(hmac.digest(key.encode(), signed.encode(), digest))}"


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": str(uuid4()),
        "jti": str(uuid4()),
        "sid": str(uuid4()),
        "typ": "access",
    }
    return good | {"iat": now, "exp": now + 86_400} | changes


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in claims().items() if key != name}


def raw(**written: str) -> bytes:
    """Claims with values that JSON, or Python's, can write but json.dumps would not."""
    text = json.dumps(claims(**{name: f"@{name}" for name in written}))
    for name, value in written.items():
        text = text.replace(f'"@{name}"', value)
    return text.encode()


def nested(depth: int) -> bytes:
    return b'{"alg":"HS256","x":' + b"[" * depth + b"]" * depth + b"}"


GOOD = forge(claims())
HEAD, BODY, SIGNATURE = GOOD.split(".")

ATTACKS: dict[str, str] = {
    "no algorithm": f"{encode({'alg': 'none'})}.{BODY}.",
    "no algorithm, other case": f"{encode({'alg': 'nOnE'})}.{BODY}.{SIGNATURE}",
    "no algorithm named": forge(claims(), {"typ": "JWT"}),
    "RS256 by our secret": forge(claims(), {"alg": "RS256"}),
    "HS512 by our secret": forge(claims(), {"alg": "HS512"}, digest="sha512"),
    "HS384 by our secret": forge(claims(), {"alg": "HS384"}, digest="sha384"),
    "an algorithm that is no text": forge(claims(), {"alg": ["HS256"]}),
    "a key of one's own": forge(claims(), key="k" * 40),
    "an empty key": forge(claims(), key=""),
    "a key in the header": forge(
        claims(), {"alg": "HS256", "jwk": {"kty": "oct", "k": encode(b"k" * 32)}}, key="k" * 32
    ),
    "signature cut": GOOD[:-4],
    "no signature": f"{HEAD}.{BODY}.",
    "two parts": f"{HEAD}.{BODY}",
    "four parts": f"{GOOD}.{SIGNATURE}",
    "padding": f"{GOOD}=",
    "a space": f"{GOOD} ",
    "a line break": f"{GOOD}\n",
    "other claims": f"{HEAD}.{encode(claims())}.{SIGNATURE}",
    **{f"without {name}": forge(without(name)) for name in ("iss", "aud", "sub", "jti", "iat", "exp", "typ")},
    "another issuer": forge(claims(iss="somebody")),
    "issuers": forge(claims(iss=[ISSUER, "somebody"])),
    "another audience": forge(claims(aud="somebody")),
    "no audience": forge(claims(aud=[])),
    "a refresh token": forge(claims(typ="refresh")),
    "a token for a link": forge(claims(typ="verify")),
    "a type that is no text": forge(claims(typ=["access"])),
    "a subject that is no id": forge(claims(sub="1")),
    "a subject that is no text": forge(claims(sub=7)),
    "expired": forge(claims(exp=int(time.time()) - 1)),
    "expired for ever": forge(claims(exp=0)),
    "expires, in words": forge(claims(exp="tomorrow")),
    "expires, null": forge(claims(exp=None)),
    "expires at infinity": forge(raw(exp="Infinity")),
    "expires at no number": forge(raw(exp="NaN")),
    "expires at 1e400": forge(raw(exp="1e400")),
    "expired at minus infinity": forge(raw(exp="-Infinity")),
    "issued, in words": forge(claims(iat="yesterday")),
    "not yet valid": forge(claims(nbf=int(time.time()) + 3600)),
    "claims that are a list": forge([claims()]),
    "claims that are a number": forge(7),
    "claims that are null": forge(b"null"),
    "claims that are no JSON": forge(b"{"),
    "claims that are no UTF-8": forge(b'"\xff\xfe"'),
    "a header that is a list": forge(claims(), [1]),
    "a header of 1 KB, nested": forge(claims(), nested(500), key="k" * 40),
    "a header of 13 KB, nested": forge(claims(), nested(5000)),
    "claims of 13 KB, nested": forge(nested(5000)),
    "nothing": "",
    "a dot": ".",
    "two dots": "..",
    "many dots": "." * 2000,
    "words": "not.a.token",
    "letters beyond ASCII": f"{HEAD}.{BODY}.é{SIGNATURE[1:]}",
    "digits beyond ASCII": "\u0661.\u0662.\u0663",
    "half a character": "\ud800.\ud800.\ud800",
    "a NUL": f"{GOOD}\0",
    "NULs": "\0.\0.\0",
    "very long": "a" * 1_000_000,
    "very long parts": f"{HEAD}.{'A' * 50_000}.{SIGNATURE}",
    "good, but endless": forge(claims(x="x" * 3000)),
}


@pytest.mark.parametrize("token", ATTACKS.values(), ids=ATTACKS)
def test_a_token_that_is_not_ours_is_refused_and_nothing_else_happens(ours: Settings, token: str) -> None:
    with pytest.raises(InvalidToken):
        read_token(ours, "access", token)


def test_forging_makes_good_tokens_where_it_keeps_to_the_rules(ours: Settings) -> None:
    """Else the attacks above could all be refused for the same wrong reason."""
    assert read_token(ours, "access", GOOD)["typ"] == "access"
    assert read_token(ours, "access", forge(claims(exp=10**900)))["exp"] == 10**900
    assert read_token(ours, "access", forge(claims(), nested(20)))


def test_a_signature_has_one_spelling_only(ours: Settings) -> None:
    refused = [letter for letter in LETTERS if letter != GOOD[-1] and not accepted(ours, GOOD[:-1] + letter)]

    assert len(refused) == 63


def test_every_bit_of_a_token_counts(ours: Settings) -> None:
    for i, letter in enumerate(GOOD):
        other = LETTERS[LETTERS.index(letter) ^ 32] if letter != "." else "A"
        assert not accepted(ours, GOOD[:i] + other + GOOD[i + 1 :]), i


def accepted(settings: Settings, token: str) -> bool:
    try:
        return bool(read_token(settings, "access", token))
    except InvalidToken:
        return False


HMAC: tuple[Literal["HS256", "HS384", "HS512"], ...] = ("HS256", "HS384", "HS512")


@pytest.mark.parametrize("algorithm", HMAC)
def test_a_token_is_read_by_who_made_it_and_for_what_it_was_made(
    algorithm: Literal["HS256", "HS384", "HS512"],
) -> None:
    settings = Settings(_env_file=None, secret_key=KEY, algorithm=algorithm)
    others = [
        Settings(_env_file=None, secret_key=KEY, algorithm=other) for other in HMAC if other != algorithm
    ]
    others.append(Settings(_env_file=None, secret_key=KEY[::-1], algorithm=algorithm))
    subject = uuid4()
    token = make_token(settings, "reset", subject, timedelta(minutes=1), state="now")

    read = read_token(settings, "reset", token)
    assert (read["sub"], read["state"]) == (str(subject), "now")
    assert (
        read["jti"]
        != read_token(settings, "reset", make_token(settings, "reset", subject, timedelta(minutes=1)))["jti"]
    )
    for typ, reader in (("access", settings), ("verify", settings), *(("reset", other) for other in others)):
        with pytest.raises(InvalidToken):
            read_token(reader, typ, token)
    with pytest.raises(InvalidToken):
        read_token(settings, "reset", make_token(settings, "reset", subject, timedelta(seconds=-1)))


async def test_over_http_every_bad_token_is_the_same_401(ada: Person, settings: Settings) -> None:
    key = settings.secret_key.get_secret_value()
    assert key == KEY  # so that the attacks are aimed well
    mine = ada.tokens["access_token"]
    known = read_token(settings, "access", mine)
    lifetime = timedelta(minutes=1)
    attacks: list[str] = [
        *ATTACKS.values(),
        ada.tokens["refresh_token"],
        forge({**known, "sid": str(uuid4())}),
        forge({**known, "sid": None}),
        forge({**known, "sid": 7}),
        forge({**known, "sid": "1"}),
        forge({name: value for name, value in known.items() if name != "sid"}),
        forge({**known, "sub": str(uuid4())}),
        *(
            make_token(settings, typ, known["sub"], lifetime, sid=known["sid"])
            for typ in ("verify", "reset", "refresh")
        ),
    ]

    headers = [b"Bearer " + token.encode("utf-8", "surrogatepass") for token in attacks]
    headers += [b"", b"Bearer", b"bearer  ", b"Bearer \xff", b"Basic " + mine.encode(), mine.encode()]

    answers = set()
    for header in headers:
        answer = await ada.get("/users/me", headers={b"authorization": header})
        answers.add(
            (
                answer.status_code,
                answer.headers.get("www-authenticate"),
                answer.json().get("code"),
                answer.text,
            )
        )

    assert len(answers) == 1
    assert answers.pop()[:3] == (401, "Bearer", "invalid_token")
    assert (
        await ada.get("/users/me", headers={"Authorization": f"Bearer {forge(known)}"})
    ).status_code == 200


async def test_all_of_a_password_counts(ours: Settings) -> None:
    long = "p" * 100 + "a" + "p" * 99
    hashed = await hash_password(long, ours)

    assert long not in hashed
    assert await verify_password(long, hashed, ours)
    assert not await verify_password("p" * 100 + "b" + "p" * 99, hashed, ours)
    assert not await verify_password(long[:72], hashed, ours)


@pytest.mark.parametrize("password", ["", "a\0b", "\0", "pässwörd 密码 🔑", " spaces ", "x" * 4095])
async def test_any_password_can_be_hashed(ours: Settings, password: str) -> None:
    hashed = await hash_password(password, ours)

    assert await verify_password(password, hashed, ours)
    assert not await verify_password(password + "\0", hashed, ours)
    assert not await verify_password(password[:-1] + "?", hashed, ours)
    assert hashed != await hash_password(password, ours)


async def test_nobody_has_no_password(ours: Settings) -> None:
    for password in ("", "None", "anything"):
        assert not await verify_password(password, None, ours)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In which threads hashing really happens."""
    seen: list[str] = []

    def watched(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            seen.append(threading.current_thread().name)
            return method(*arguments, **options)

        return call

    for name in ("hash", "verify"):
        monkeypatch.setattr(CryptContext, name, watched(getattr(CryptContext, name)))
    return seen


async def test_hashing_does_not_hold_up_other_requests(ours: Settings, threads: list[str]) -> None:
    hashed = await hash_password("correct horse", ours)
    await verify_password("correct horse", hashed, ours)
    await verify_password("correct horse", None, ours)

    assert len(threads) >= 3
    assert all(name.startswith("hash") for name in threads)


async def test_a_stranger_costs_as_much_work_as_a_wrong_password(ours: Settings, threads: list[str]) -> None:
    hashed = await hash_password("correct horse", ours)
    work = []
    for stored in (hashed, None):
        threads.clear()
        await verify_password("wrong", stored, ours)
        work.append(len(threads))

    assert work == [1, 1]


def test_secrets_are_stored_as_hashes_only() -> None:
    token, stored = make_secret()

    assert len(token) >= 43
    assert stored == hash_secret(token) == hashlib.sha256(token.encode()).hexdigest()
    assert make_secret()[0] != token
    assert hash_secret("\ud800")  # whatever a client sends


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", "aDA"),
        ("STRASSE", "straße"),
        ("ﬁne", "FINE"),
        ("\uff21\uff44\uff41", "ada"),
        ("é", "E\u0301"),
        (" ada ", "ada"),
        ("ΣΑΣ", "σας"),
        ("a\u200dda", "ada"),
        ("ada\u3164", "ada"),
        ("a\u115fd\ufe0fa\U000e0100", "ada"),
        ("\u00adE\u200c\u0301", "é"),
    ],
)
def test_names_that_look_alike_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fold(fold(one)) == fold(one)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives threads a priority of their own")
def test_hashing_comes_after_serving() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert hashing._hashers.submit(priority).result() == min(19, priority() + 10)
    assert hashing._reserved.submit(priority).result() == priority()


@pytest.mark.parametrize("is_known", [True, False])
async def test_known_devices_have_the_reserved_thread_and_what_else_is_free(is_known: bool) -> None:
    done = threading.Event()

    def work() -> str:
        done.wait()
        return threading.current_thread().name

    number = hashing.THREADS + 1
    calls = [asyncio.create_task(hashing.hash_in_pool(work, is_known=is_known)) for _ in range(number)]
    await until(lambda: sum(hashing._waiting.values()) == number)
    done.set()

    used = [name.startswith("hash-reserved") for name in await asyncio.gather(*calls)]
    assert used == ([True] + [False] * hashing.THREADS if is_known else [False] * number)
