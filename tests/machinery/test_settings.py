"""What the environment may say, and what the app says to an environment that will not do."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from api.environment.secret_keys import SHORTEST_SECRET
from api.settings import Settings

GOOD = "secrets " * (SHORTEST_SECRET // 8 - 1) + "of a few"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that says nothing yet."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def read(environment: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        environment.setenv(name, value)
    return Settings(_env_file=None)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h:5432/d", "postgresql+psycopg://u:p@h:5432/d"),
        ("postgresql://u:p%40@h/d?sslmode=require", "postgresql+psycopg://u:p%40@h/d?sslmode=require"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:///relative.db", "sqlite+aiosqlite:///relative.db"),
        ("sqlite:////absolute.db", "sqlite+aiosqlite:////absolute.db"),
        ("sqlite+aiosqlite:///x.db", "sqlite+aiosqlite:///x.db"),
        ("sqlite+pysqlite:///x.db?cache=shared", "sqlite+aiosqlite:///x.db"),
        ("postgresql+asyncpg://u:p@h/d?ssl=require", "postgresql+psycopg://u:p@h/d?sslmode=require"),
        (
            "postgresql+asyncpg://h/d?ssl=False&statement_cache_size=0",
            "postgresql+psycopg://h/d?sslmode=disable",
        ),
        ("postgresql+psycopg2://u:p@h/d?schema=public", "postgresql+psycopg://u:p@h/d"),
        ("postgres+pg8000://h/d", "postgresql+psycopg://h/d"),
        ("postgresql://u:p@a:1,b/d", "postgresql+psycopg://u:p@/d?host=a%2Cb&port=1%2C"),
        (
            "postgresql://a,[::1]:2/d?sslmode=require",
            "postgresql+psycopg:///d?host=a%2C%3A%3A1&port=%2C2&sslmode=require",
        ),
    ],
)
def test_a_database_url_is_understood_as_people_write_it(
    environment: pytest.MonkeyPatch, given: str, used: str
) -> None:
    assert read(environment, DATABASE_URL=given).database_url == used


def test_nothing_has_to_be_set_to_develop(environment: pytest.MonkeyPatch) -> None:
    settings = read(environment)

    assert settings.development
    assert settings.database_url.startswith("sqlite+aiosqlite:///")


@pytest.mark.parametrize(
    "secret",
    ["", "changeme", "change-me-to-something-random-and-long", GOOD[:-1], "  ", "k" * 64, "abcdefg" * 9],
)
@pytest.mark.parametrize("where", ["staging", "production"])
def test_a_weak_secret_is_refused_where_others_can_come(
    environment: pytest.MonkeyPatch, where: str, secret: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        read(environment, ENVIRONMENT=where, SECRET_KEY=secret)

    [error] = refused.value.errors()
    assert "Set SECRET_KEY to the output of: python -c" in error["msg"]
    assert where in error["msg"]
    assert not secret.strip() or secret not in error["msg"]


def test_the_shortest_secret_is_counted_in_bytes(environment: pytest.MonkeyPatch) -> None:
    for secret in (GOOD, "éàèùâêîô" * (SHORTEST_SECRET // 16)):
        settings = read(environment, ENVIRONMENT="production", SECRET_KEY=secret)
        assert settings.secret_key.get_secret_value() == secret


def test_a_secret_is_made_up_in_development_and_never_twice(environment: pytest.MonkeyPatch) -> None:
    made_up = [read(environment).secret_key.get_secret_value() for _ in range(2)]

    assert made_up[0] != made_up[1]
    assert min(map(len, made_up)) >= SHORTEST_SECRET
    assert read(environment, SECRET_KEY="mine").secret_key.get_secret_value() == "mine"


def test_secrets_are_not_shown(environment: pytest.MonkeyPatch) -> None:
    shown = repr(read(environment, SECRET_KEY=GOOD, SMTP_PASSWORD="hidden1", REDIS_URL="redis://:hidden2@h"))
    with pytest.raises(ValidationError) as refused:
        read(environment, ENVIRONMENT="production", SECRET_KEY="hidden3", FIRST_ADMIN_PASSWORD="hidden4")

    assert not any(secret in shown + str(refused.value) for secret in (GOOD, "hidden"))


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("https://a.example", ["https://a.example"]),
        (" https://a.example/ ,http://b.example:3000,", ["https://a.example", "http://b.example:3000"]),
        ("*", ["*"]),
        ('["https://a.example/", "http://b.example:3000"]', ["https://a.example", "http://b.example:3000"]),
    ],
)
def test_origins_are_a_list_with_commas(
    environment: pytest.MonkeyPatch, given: str, understood: list[str]
) -> None:
    assert read(environment, CORS_ORIGINS=given).origins == understood


def test_only_development_allows_local_origins_and_only_production_hides_the_docs_unless_told(
    environment: pytest.MonkeyPatch,
) -> None:
    found = {}
    for where in ("development", "staging", "production"):
        settings = read(environment, ENVIRONMENT=where, SECRET_KEY=GOOD)
        found[where] = (len(settings.origins), settings.shows_docs)

    assert found == {"development": (8, True), "staging": (0, True), "production": (0, False)}
    told = read(environment, CORS_ORIGINS="http://localhost:5173", DOCS="true")
    assert (told.origins, told.shows_docs) == (["http://localhost:5173"], True)
    assert not read(environment, ENVIRONMENT="development", DOCS="false").shows_docs


def test_a_secret_in_a_file_is_made_once_in_development_and_for_its_owner_only(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    with ThreadPoolExecutor(8) as starts:
        made = list(starts.map(lambda _: secret_of(environment, SECRET_KEY_FILE=str(file)), range(20)))

    assert len(set(made)) == 1
    assert len(made[0]) >= SHORTEST_SECRET
    assert (file.stat().st_mode & 0o777, list(tmp_path.iterdir())) == (0o600, [file])
    production = {"ENVIRONMENT": "production", "SECRET_KEY_FILE": str(file)}
    assert secret_of(environment, **production) == made[0]
    assert secret_of(environment, **production, SECRET_KEY=GOOD) == GOOD


@pytest.mark.parametrize("written", [None, "k" * 40])
def test_a_secret_in_a_file_is_as_good_as_any(
    environment: pytest.MonkeyPatch, tmp_path: Path, written: str | None
) -> None:
    file = tmp_path / "secret"
    if written:
        file.write_text(written)

    with pytest.raises(ValidationError, match="SECRET_KEY"):
        read(environment, ENVIRONMENT="production", SECRET_KEY_FILE=str(file))
    assert file.exists() == bool(written)


def secret_of(environment: pytest.MonkeyPatch, **variables: str) -> str:
    return read(environment, **variables).secret_key.get_secret_value()


FIRST_ADMIN = {
    "FIRST_ADMIN_USERNAME": "root",
    "FIRST_ADMIN_EMAIL": "root@example.com",
    "FIRST_ADMIN_PASSWORD": "correct horse battery",
}


def test_a_first_admin_is_described_fully_or_not_at_all(environment: pytest.MonkeyPatch) -> None:
    for left_out in FIRST_ADMIN:
        for name, value in FIRST_ADMIN.items():
            environment.setenv(name, "" if name == left_out else value)
        with pytest.raises(ValidationError, match="Set all of FIRST_ADMIN_USERNAME"):
            Settings(_env_file=None)
    assert read(environment, **FIRST_ADMIN).first_admin_username == "root"


@pytest.mark.parametrize("algorithm", ["none", "None", "RS256", "ES256", "hs256", "HS256,none"])
def test_only_algorithms_that_the_secret_is_made_for_can_be_chosen(
    environment: pytest.MonkeyPatch, algorithm: str
) -> None:
    with pytest.raises(ValidationError, match="algorithm"):
        read(environment, ALGORITHM=algorithm)


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_all_hmac_algorithms_can_be_chosen(environment: pytest.MonkeyPatch, algorithm: str) -> None:
    assert read(environment, ALGORITHM=algorithm).algorithm == algorithm


@pytest.mark.parametrize(
    "wrong",
    [
        {"ENVIRONMENT": "prod"},
        {"LOG_LEVEL": "LOUD"},
        {"DATABASE_POOL_SIZE": "0"},
        {"SMTP_PORT": "70000"},
        {"SMTP_SECURITY": "ssl"},
        {"FRONTEND_URL": "example.com"},
        {"MAX_BODY_BYTES": "1"},
        {"SHUTDOWN_DELAY_SECONDS": "-1"},
        {"ACCESS_TOKEN_EXPIRE_MINUTES": "0"},
        {"FIRST_ADMIN_EMAIL": "nobody"},
        {"SECURITY_CONTACT": "a line\nExpires: never"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_value_that_makes_no_sense_is_refused_by_name(
    environment: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as refused:
        read(environment, **wrong)

    assert refused.value.errors()[0]["loc"] == (next(iter(wrong)).lower(),)


def test_what_is_set_to_nothing_is_not_set(environment: pytest.MonkeyPatch) -> None:
    settings = read(environment, REDIS_URL="", SMTP_HOST="", DATABASE_PREPARE_THRESHOLD="", CORS_ORIGINS="")

    assert (settings.redis_url, settings.smtp_host, settings.database_prepare_threshold) == (None, None, 5)
    assert {"http://localhost:5173", "http://127.0.0.1:4173"} < set(settings.origins)
