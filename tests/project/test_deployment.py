"""What whoever deploys this relies on: the sample of settings, the image, compose, and platforms that give
two variables.

There is no Docker here. The commands run natively, with the very environment that compose would give them, in
a folder
that holds the very files which the image would hold.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from dotenv import dotenv_values
from httpx import AsyncClient, TransportError
from redis.asyncio import Redis
from sqlalchemy import make_url

from api.settings import Settings
from tests.conftest import WORKER, empty_database
from tests.support.mailbox import Mailbox
from tests.support.people import PASSWORD
from tools.servers import free_port

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / ".env.sample"
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
READ_BY_THE_SERVER = {"HOST", "PORT", "WEB_CONCURRENCY"}
VENV = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
ADA = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}


class Image:
    """What the Dockerfile's last stage says."""

    lines = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text()).split("\nFROM ")[-1].splitlines()
    environment: ClassVar = dict(
        pair.split("=", 1) for line in lines if line.startswith("ENV ") for pair in shlex.split(line)[1:]
    )
    files: ClassVar = [
        line.split()[1:] for line in lines if line.startswith("COPY ") and "--from" not in line
    ]
    command: list[str] = next(json.loads(line[4:]) for line in lines if line.startswith("CMD "))
    healthcheck: list[str] = next(
        json.loads(line.split("CMD ")[1]) for line in lines if line.startswith("HEALTHCHECK ")
    )


@pytest.fixture
def app_folder(tmp_path: Path) -> Path:
    """What the image has in /app."""
    (tmp_path / "app").mkdir()
    for source, target in Image.files:
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
        copy(ROOT / source, tmp_path / "app" / target)
    return tmp_path / "app"


def compose_environment(service: dict[str, Any], folder: Path = ROOT, without: str = "") -> dict[str, str]:
    """What the container finds in its environment: the image's, then the env_files' in order, then the
    service's own."""
    environment: dict[str, str | None] = dict(Image.environment)
    del environment["PATH"]
    for file in service["env_file"]:
        name, required = (file, True) if isinstance(file, str) else (file["path"], file.get("required", True))
        if name != without and (required or (folder / name).exists()):
            assert (folder / name).exists()
            environment |= dotenv_values(folder / name)
    return {name: str(value) for name, value in (environment | service["environment"]).items()}


class Program:
    """A program that was started, and what it has written so far."""

    def __init__(self, process: Process) -> None:
        self.process, self.output = process, ""
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.output += line.decode()

    async def until(self, happened: Callable[[], Awaitable[bool]]) -> None:
        for _ in range(600):
            if await happened():
                return
            if self.process.returncode is not None:
                break
            await asyncio.sleep(0.1)
        pytest.fail(f"It ended ({self.process.returncode}) or a minute passed, after writing:\n{self.output}")

    async def end(self) -> int:
        async with asyncio.timeout(60):
            await self.reading
            return await self.process.wait()


@asynccontextmanager
async def running(command: list[str], environment: dict[str, str], folder: Path) -> AsyncIterator[Program]:
    """On a machine where nothing else is set. It leads a group of its own, of which nobody survives."""
    words = [sys.executable if word == "python" else word for word in command]
    environment = {"PATH": os.environ["PATH"], **environment}
    process = await asyncio.create_subprocess_exec(
        *words, env=environment, cwd=folder, stdout=PIPE, stderr=STDOUT, start_new_session=True
    )
    program = Program(process)
    try:
        yield program
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await program.end()


async def run(command: list[str], environment: dict[str, str], folder: Path) -> tuple[int, str]:
    async with running(command, environment, folder) as program:
        return await program.end(), program.output


@asynccontextmanager
async def throw_away_redis(folder: Path) -> AsyncIterator[tuple[str, list[str]]]:
    """Its URL, and what /ready then misses. A machine that has no Redis gets the URL of nobody."""
    port = str(free_port())
    if program := shutil.which("redis-server"):
        command = [program, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        async with running(command, {}, folder):
            yield f"redis://127.0.0.1:{port}/0", []
    else:
        yield f"redis://127.0.0.1:{port}/0", ["redis"]


def ready(client: AsyncClient, degraded: list[str]) -> Callable[[], Awaitable[bool]]:
    async def ask() -> bool:
        with suppress(TransportError):
            answer = await client.get("/ready")
            return answer.status_code == 200 and answer.json() == {"ok": True, "degraded": degraded}
        return False

    return ask


def test_the_sample_has_every_setting_and_nothing_else() -> None:
    names = re.findall(r"^(?:# )?([A-Z_]+)=", SAMPLE.read_text(), re.MULTILINE)

    assert len(names) == len(set(names))
    assert set(names) == {name.upper() for name in Settings.model_fields} | READ_BY_THE_SERVER
    assert (
        not READ_BY_THE_SERVER & dotenv_values(SAMPLE).keys()
    )  # compose would hand them to the image, which knows better


def test_the_sample_says_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    defaults = Settings(_env_file=None).model_dump(exclude={"secret_key"})

    assert Settings(_env_file=SAMPLE).model_dump(exclude={"secret_key"}) == defaults
    empty = {name for name, value in dotenv_values(SAMPLE).items() if not value}
    assert empty == {name.upper() for name, value in defaults.items() if value is None} | {"SECRET_KEY"}


def test_compose_is_not_led_astray_by_the_env_that_make_writes(tmp_path: Path) -> None:
    shutil.copy(SAMPLE, tmp_path)
    shutil.copy(ROOT / "Makefile", tmp_path)
    subprocess.run(
        ["make", "-s", ".env", f"PYTHON={sys.executable}"],  # noqa: S607  whichever make there is
        cwd=tmp_path,
        check=True,
        stdout=subprocess.DEVNULL,
    )

    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    for service in (SERVICES["migrate"], SERVICES["api"]):
        bare = compose_environment(service, without=".env")
        given = compose_environment(service, tmp_path)
        assert {name for name in given if given[name] != bare.get(name)} == {"SECRET_KEY"}
        assert len(given["SECRET_KEY"]) >= 32


def test_compose_names_its_own_services() -> None:
    for name in ("migrate", "api"):
        environment, needs = compose_environment(SERVICES[name], without=".env"), SERVICES[name]["depends_on"]
        url, owner = make_url(environment["DATABASE_URL"]), SERVICES["db"]["environment"]
        account = (owner["POSTGRES_USER"], owner["POSTGRES_PASSWORD"], owner["POSTGRES_DB"])
        assert (url.host, url.port, url.username, url.password, url.database) == ("db", 5432, *account)
        assert environment["REDIS_URL"] == "redis://redis:6379/0"
        assert (environment["SMTP_HOST"], environment["SMTP_PORT"], environment["SMTP_SECURITY"]) == (
            "mail",
            "1025",
            "none",
        )
        assert all(
            "healthcheck" in SERVICES[other]
            for other, need in needs.items()
            if need["condition"] == "service_healthy"
        )
    assert SERVICES["api"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert compose_environment(SERVICES["api"], without=".env")["MIGRATE_ON_START"] == "false"


@pytest.mark.heavy
async def test_compose_serves_what_it_promises_with_the_sample_as_it_is(
    app_folder: Path, tmp_path: Path, mailbox: Mailbox, mail_server: tuple[Mailbox, int]
) -> None:
    port = str(free_port())
    async with (
        throw_away_redis(tmp_path) as (redis_url, degraded),
        AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client,
    ):
        here = {
            "HOST": "127.0.0.1",
            "PORT": port,
            "DATABASE_URL": await empty_database("postgresql", tmp_path, f"compose_{WORKER}"),
            "REDIS_URL": redis_url,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(mail_server[1]),
            "SECRET_KEY_FILE": str(tmp_path / "secret_key"),
        }
        migrate, api = (
            compose_environment(SERVICES[name], without=".env") | here for name in ("migrate", "api")
        )

        code, output = await run(SERVICES["migrate"]["command"], migrate, app_folder)
        assert code == 0, output
        password = re.findall(r"administrator: admin, password (\S+) ", output)

        async with running(SERVICES["api"].get("command", Image.command), api, app_folder) as server:

            async def all_workers_serve() -> bool:
                return server.output.count("Application startup complete") == int(api["WEB_CONCURRENCY"])

            async def mail_arrives() -> bool:
                return mailbox.subjects(ADA["email"]) == ["Confirm your address"]

            await server.until(all_workers_serve)
            await server.until(ready(client, degraded))
            assert "password" not in server.output  # the administrator was made, and told, once

            for check in (Image.healthcheck, SERVICES["api"]["healthcheck"]["test"][1:]):
                assert await run([word.replace(":8000/", f":{port}/") for word in check], api, tmp_path) == (
                    0,
                    "",
                )

            registered = await client.post("/api/v1/auth/register", json=ADA)
            assert registered.status_code == 201, registered.text
            await server.until(mail_arrives)
            if not degraded:
                async with Redis.from_url(redis_url) as counts:
                    assert await counts.dbsize() > 0

            # A connection each, so that they meet every worker: all of them share the secret that was made
            # up.
            bearer = {"Authorization": f"Bearer {registered.json()['access_token']}", "Connection": "close"}
            answers = await asyncio.gather(
                *(client.get("/api/v1/users/me", headers=bearer) for _ in range(30))
            )
            assert {answer.status_code for answer in answers} == {200}

            login = await client.post(
                "/api/v1/auth/login", json={"username": "admin", "password": password[0]}
            )
            assert login.status_code == 200

            server.process.terminate()
            assert await server.end() == 0, server.output


@pytest.mark.heavy
async def test_a_platform_gives_a_port_and_a_database_and_a_secret_is_enough(
    app_folder: Path, tmp_path: Path
) -> None:
    port, database = str(free_port()), await empty_database("postgresql", tmp_path, f"platform_{WORKER}")
    given = {"PORT": port, "DATABASE_URL": "postgres" + database.removeprefix("postgresql+psycopg")}
    given["SECRET_KEY"] = "a secret for tests, which is long enough"
    name, command = (ROOT / "Procfile").read_text().split(": ")

    assert name == "web"
    async with (
        running(["sh", "-c", f"exec env {command}"], given | VENV, app_folder) as server,
        AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client,
    ):
        await server.until(ready(client, []))
        assert (await client.post("/api/v1/auth/register", json=ADA)).status_code == 201
        server.process.terminate()
        assert await server.end() in {
            0,
            -signal.SIGTERM,
        }  # one process without workers ends by the signal itself
        assert f"http://0.0.0.0:{port}" in server.output


@pytest.mark.heavy
async def test_nothing_that_others_reach_is_a_development_server_unless_told(
    app_folder: Path, tmp_path: Path
) -> None:
    """Neither the image nor a platform: it would tell the log an administrator's password."""
    procfile = (ROOT / "Procfile").read_text().split(": ")[1]
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}
    image = {name: value for name, value in Image.environment.items() if name != "PATH"} | database
    starts = (
        (Image.command, image),
        ([*Image.command[:-1], "migrate"], image),
        (["sh", "-c", f"exec env {procfile}"], {"PORT": str(free_port())} | database | VENV),
    )
    for command, environment in starts:
        code, output = await run(command, environment, app_folder)
        assert (code, output.startswith("SECRET_KEY is missing")) == (1, True), output

    secret = {"SECRET_KEY": "a secret for tests, which is long enough"}
    code, output = await run([*Image.command[:-1], "migrate"], image | secret, app_folder)
    assert (code, "password" in output) == (0, False), output


def test_compose_keeps_its_secret_in_a_volume_of_both_services() -> None:
    for name in ("migrate", "api"):
        environment = compose_environment(SERVICES[name], without=".env")
        folder = str(Path(environment["SECRET_KEY_FILE"]).parent)
        assert not environment.get("SECRET_KEY")
        assert [volume.split(":")[1] for volume in SERVICES[name]["volumes"]] == [folder]
        assert f"VOLUME {folder}" in Image.lines  # which belongs to the image's user


@pytest.mark.heavy
async def test_a_new_sqlite_database_is_for_its_owner_only(app_folder: Path, tmp_path: Path) -> None:
    port, file = str(free_port()), tmp_path / "private" / "onefold.db"
    file.parent.mkdir()
    given = {"PORT": port, "DATABASE_URL": f"sqlite:///{file}", "PASSWORD_HASH_ROUNDS": "4"}
    client = AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30)
    before = os.umask(0o022)
    try:
        async with running(Image.command, given, app_folder) as server, client:
            await server.until(ready(client, []))
            assert (await client.post("/api/v1/auth/register", json=ADA)).status_code == 201
            modes = {path.name: oct(path.stat().st_mode & 0o777) for path in file.parent.iterdir()}
    finally:
        os.umask(before)

    assert modes == dict.fromkeys(("onefold.db", "onefold.db-wal", "onefold.db-shm"), "0o600")


@pytest.mark.heavy
async def test_a_weak_secret_outside_development_is_refused_in_one_sentence(app_folder: Path) -> None:
    code, output = await run(
        Image.command, {"ENVIRONMENT": "production", "SECRET_KEY": "changeme"}, app_folder
    )

    assert code == 1
    assert re.fullmatch(r"SECRET_KEY is missing, .* Set SECRET_KEY to the output of: python -c .*\n", output)
    assert "changeme" not in output
