"""Names of other projects and misspelt names, and what the start says of them: a sentence, without values."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.db.migrations import HOME
from api.environment.names import remarks
from api.settings import Settings

SECRET = "hunter2-hunter3-hunter4-hunter5-hunter6"
# What shells, CI and platforms set is nobody's mistake.
USUAL = """HOME PATH SHELL LANG LOGNAME USER PWD HOSTNAME EDITOR DISPLAY TERM TMPDIR XDG_RUNTIME_DIR SSH_AUTH_SOCK
    CI GITHUB_ACTIONS GITHUB_TOKEN RUNNER_OS VIRTUAL_ENV PYTHONPATH PYTHONUNBUFFERED PIP_CACHE_DIR UV_CACHE_DIR
    DYNO RENDER RENDER_EXTERNAL_URL RAILWAY_ENVIRONMENT_NAME FLY_APP_NAME WEB_MEMORY POSTGRES_USER POSTGRES_DB
    POSTGRES_PASSWORD PGHOST PGPORT PGUSER PGDATABASE PGPASSWORD REDIS_HOST COMPOSE_PROJECT_NAME VITE_API_URL
    NODE_ENV NPM_CONFIG_CACHE FORWARDED_ALLOW_IPS UVICORN_PORT UVICORN_HOST OTEL_SERVICE_NAME SENTRY_DSN DEBUG"""


def start(folder: Path, *command: str, **variables: str) -> tuple[int, str]:
    """What a program says in this folder, and how it ends."""
    mine = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ran = subprocess.run(
        [sys.executable, *(command or ("-m", "api", "migrate"))],
        env=mine | {"PYTHONPATH": str(HOME), "PASSWORD_HASH_ROUNDS": "4", "DEMO_DATA": "false"} | variables,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that says nothing yet."""
    for name in os.environ:
        monkeypatch.delenv(name)
    return monkeypatch


def remarks_on(environment: pytest.MonkeyPatch, **variables: str) -> list[str]:
    for name, value in variables.items():
        environment.setenv(name, value)
    return remarks(Settings.model_fields, Path("nowhere"))


def test_settings_have_the_names_of_other_projects_too(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("JWT_SECRET", SECRET)
    environment.setenv("JWT_ALGORITHM", "HS512")
    environment.setenv("JWT_EXPIRES_MINUTES", "30")
    environment.setenv("BACKEND_CORS_ORIGINS", '["https://a.example"]')
    environment.setenv("API_V1_STR", "/api/v1/")
    settings = Settings(_env_file=None, environment="production")

    assert settings.secret_key.get_secret_value() == SECRET
    assert (settings.algorithm, settings.access_token_expire_minutes) == ("HS512", 30)
    assert settings.origins == ["https://a.example"]
    assert remarks_on(environment) == []


def test_our_own_name_wins(environment: pytest.MonkeyPatch) -> None:
    own = {"SECRET_KEY": SECRET, "ALGORITHM": "HS384", "CORS_ORIGINS": "https://a.example"}
    others = {"JWT_SECRET": "other", "JWT_ALGORITHM": "HS512", "BACKEND_CORS_ORIGINS": "https://b.example"}
    said = remarks_on(environment, **own, **others)
    settings = Settings(_env_file=None)

    assert (settings.secret_key.get_secret_value(), settings.algorithm) == (SECRET, "HS384")
    assert settings.origins == ["https://a.example"]
    assert said == [
        "JWT_SECRET has no effect, because SECRET_KEY is set.",
        "JWT_ALGORITHM has no effect, because ALGORITHM is set.",
        "BACKEND_CORS_ORIGINS has no effect, because CORS_ORIGINS is set.",
    ]


def test_the_environment_wins_over_the_file_by_any_name(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "ALGORITHM=HS256\nACCESS_TOKEN_EXPIRE_MINUTES=15\nJWT_EXPIRES_MINUTES=20\nJWT_SECRET=file\n"
    )
    environment.setenv("JWT_ALGORITHM", "HS512")
    environment.setenv("SECRET_KEY", SECRET)
    settings = Settings(_env_file=file)

    assert settings.algorithm == "HS512"
    assert settings.access_token_expire_minutes == 15
    assert settings.secret_key.get_secret_value() == SECRET
    assert remarks(Settings.model_fields, file) == [
        "JWT_SECRET has no effect, because SECRET_KEY is set.",
        "JWT_EXPIRES_MINUTES has no effect, because ACCESS_TOKEN_EXPIRE_MINUTES is set.",
    ]


def test_names_may_be_written_in_lower_case(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("database_url", "postgres://h/d")
    environment.setenv("jwt_secret", SECRET)
    settings = Settings(_env_file=None)

    assert (settings.database_url, settings.secret_key.get_secret_value()) == (
        "postgresql+psycopg://h/d",
        SECRET,
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("DATABSE_URL", "DATABASE_URL"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("SECRETKEY", "SECRET_KEY"),
        ("secretkey", "SECRET_KEY"),
        ("JWT_SECRETS", "JWT_SECRET"),
        ("CORS_ORIGIN", "CORS_ORIGINS"),
        ("SMTP_USER", "SMTP_USERNAME"),
        ("LOGLEVEL", "LOG_LEVEL"),
        ("WEB_CONCURENCY", "WEB_CONCURRENCY"),
    ],
)
def test_a_misspelt_name_is_told_with_the_one_that_was_meant(
    environment: pytest.MonkeyPatch, written: str, meant: str
) -> None:
    said = f"{written.upper()} is not a setting, and has no effect. {meant} is one."
    assert remarks_on(environment, **{written: SECRET}) == [said]


def test_what_is_usual_in_an_environment_is_no_mistake(environment: pytest.MonkeyPatch) -> None:
    assert remarks_on(environment, **dict.fromkeys(USUAL.split(), "x")) == []


def test_an_option_of_another_driver_is_told(environment: pytest.MonkeyPatch) -> None:
    url = f"postgresql+asyncpg://u:{SECRET}@h/d?ssl=require&prepared_statement_cache_size=0&target_session_attrs=any"
    assert remarks_on(environment, DATABASE_URL=url) == [
        "DATABASE_URL: the option prepared_statement_cache_size has no effect."
    ]


@pytest.mark.parametrize("where", ["environment", ".env"])
@pytest.mark.parametrize(
    "command", [("-m", "api", "migrate"), ("-c", "import api.main")], ids=["migrate", "serve"]
)
def test_each_start_says_so(tmp_path: Path, where: str, command: tuple[str, ...]) -> None:
    wrong = {"DATABSE_URL": f"postgres://u:{SECRET}@h/d"}
    if where == ".env":
        (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in wrong.items()))
    code, said = start(tmp_path, *command, **(wrong if where == "environment" else {}))

    assert (code, said.count("DATABSE_URL is not a setting, and has no effect. DATABASE_URL is one.")) == (
        0,
        1,
    ), said
    assert SECRET not in said


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("JWT_ALGORITHM", "RS256", "JWT_ALGORITHM: Input should be 'HS256', 'HS384' or 'HS512'"),
        ("JWT_EXPIRES_MINUTES", "0", "JWT_EXPIRES_MINUTES: Input should be greater than or equal to 1"),
        (
            "API_V1_STR",
            "/v2",
            "API_V1_STR: The API is always at /api/v1. Remove this setting, or write /api/v1",
        ),
        ("BACKEND_CORS_ORIGINS", "[no", "BACKEND_CORS_ORIGINS: Write https://a.example,https://b.example"),
        (
            "CORS_ORIGINS",
            "https://a.example,b.example",
            "CORS_ORIGINS: b.example is no origin. Write https://",
        ),
        ("CORS_ORIGINS", "https://a.example/app", "CORS_ORIGINS: https://a.example/app is no origin."),
        (
            "DATABASE_URL",
            f"mysql://u:{SECRET}@h/d",
            "DATABASE_URL: Write postgresql://user:password@host:5432/name,",
        ),
        ("DATABASE_URL", f"postgresql://u:{SECRET}@h:port/d", "DATABASE_URL: Write postgresql://"),
        ("DATABASE_URL", "sqlite://onefold.db", "DATABASE_URL: Write three slashes before the file"),
        (
            "DATABASE_URL",
            f"postgresql://u:{SECRET}@127.0.0.1:1/d",
            "The database cannot be used: connection failed",
        ),
        (
            "DATABASE_URL",
            "sqlite:////nowhere/x.db",
            "The database cannot be used: unable to open database file. Check",
        ),
        (
            "DATABASE_URL",
            "sqlite:////",
            "The database cannot be used: unable to open database file. Check",
        ),
        ("FIRST_ADMIN_EMAIL", "root@example.com", "Set all of FIRST_ADMIN_USERNAME"),
    ],
)
def test_what_keeps_it_from_starting_is_said_in_a_sentence(
    tmp_path: Path, name: str, value: str, advice: str
) -> None:
    code, said = start(tmp_path, **{name: value})

    assert (code, said[: len(advice)]) == (1, advice)
    assert said.count("\n") == 1
    assert SECRET not in said


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("PORT", "70000"), ("WEB_CONCURRENCY", "0")])
def test_a_number_of_the_server_is_one(tmp_path: Path, name: str, value: str) -> None:
    code, said = start(tmp_path, "-m", "api", "serve", **{name: value})

    assert (code, said.partition(" from ")[0]) == (1, f"{name}: Write a whole number")
    assert said.count("\n") == 1
