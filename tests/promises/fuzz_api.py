"""Schemathesis sends generated requests to a real server, and compares the answers with the document.

`make fuzz` runs it, apart from `make test`, which is quick; `FUZZ_EXAMPLES=100 make fuzz` looks longer.
"""

import asyncio
import os
import re
import threading
import time
from collections.abc import Iterator
from copy import deepcopy
from itertools import count
from typing import Any

import httpx
import hypothesis
import pytest
import requests
import schemathesis
import uvicorn
from hypothesis import strategies
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    positive_data_acceptance,
    unsupported_method,
)
from sqlalchemy import update
from sqlmodel import SQLModel, col, select

from api.app import create_app
from api.db.engine import Database
from api.models.role import ADMIN, Role
from api.models.user import User
from api.seeds.first_start import seed
from api.settings import Settings
from tests.conftest import WORKER, empty_database
from tests.support.described import DOCUMENT, is_endless
from tests.support.people import PASSWORD
from tests.support.values import GIF

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))

CONFIG = {
    "seed": 1,
    "suppress-health-check": ["all"],
    "generation": {
        "max-examples": EXAMPLES,
        "deterministic": True,
        "database": "none",
        "with-security-parameters": False,
    },
    "checks": {
        # 401: unknown credentials. 404: no such row. 409: a row is in the way.
        # 304 and 412: an If-None-Match may name the current ETag, which no generated If-Match does.
        "positive_data_acceptance": {"expected-statuses": ["2xx", 304, 401, 403, 404, 409, 412]},
        # 401, 403, 404 and 412: the caller and the row are checked before the body.
        "negative_data_rejection": {"expected-statuses": [401, 403, 404, 405, 412, 413, 415, 422]},
    },
}
# What the server refuses and no JSON schema can say: by the type of the error in a 422.
ONLY_THE_SERVER_KNOWS = {
    "cursor": "any text could be a cursor; the list that made it knows its own",
    "wrong_password": "any text could be the password",
    "key_reused": "another example had the same Idempotency-Key, and another body",
    "missing_filter": "the document cannot say that one of several parameters is required",
    "time_zone": "the list of time zones is too long for the document",
    "unknown_role": "any name could be that of a role",
    "common_password": "the list is too long for the document",
    "password_is_name": "the document cannot compare fields",
    "unknown_reference": "any id could be that of a row",
    "string_pattern_mismatch": "a username takes letters of any script, which JavaScript's patterns do not",
    "value_error": "an e-mail address, of which the format says less than the standards",
}

ENDING = {
    path: {method: said for method, said in methods.items() if not is_endless(said)}
    for path, methods in DOCUMENT["paths"].items()
}
OPERATIONS = [(method.upper(), path) for path, methods in ENDING.items() for method in methods]
# An address such as /kites/export.csv is also /kites/{id}, and so it knows the methods of both.
SHARED = {
    path
    for path in DOCUMENT["paths"]
    for other in DOCUMENT["paths"]
    if path != other and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", other), path)
}
# Files are pictures, with anything after them: the document cannot say how.
schemathesis.openapi.format("binary", strategies.binary().map(lambda rest: GIF.encode() + rest))
schema = schemathesis.openapi.from_dict(
    deepcopy(DOCUMENT | {"paths": ENDING}), config=SchemathesisConfig.from_dict(CONFIG)
)


class Server:
    """The app behind a real socket, in a thread with a loop of its own, and an administrator."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        config = uvicorn.Config(
            create_app(settings), port=0, log_config=None, access_log=False, lifespan="on"
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"
        self.session = requests.Session()
        self.client = httpx.Client(base_url=f"{self.url}/api/v1")

    def start_over(self) -> None:
        """With an empty database, so that what is found does not depend on what ran before."""
        asyncio.run(empty(self.settings))
        self.numbers = count(1)
        self.become_admin()

    def become_admin(self) -> None:
        number = next(self.numbers)
        fields = {"username": f"fuzzer{number}", "email": f"fuzzer{number}@example.com", "password": PASSWORD}
        answer = self.client.post("/auth/register", json=fields)
        assert answer.status_code == 201, answer.text
        asyncio.run(promote(self.settings, fields["username"]))
        self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def call(self, case: schemathesis.Case[Any]) -> Response:
        """Send it as an administrator: a new one, if the last one has signed out or deleted itself."""
        if case.headers:
            case.headers.pop("Prefer", None)  # test_dry_runs.py tries every write; what is made here is read
        answer = case.call(**self.request())
        if (
            answer.status_code == 401
            and self.client.get("/users/me", headers=self.headers).status_code == 401
        ):
            self.become_admin()
            answer = case.call(**self.request())
        return answer

    def check(self, case: schemathesis.Case[Any], answer: Response, recorder: Any = None) -> None:
        if answer.status_code == 414:  # no route is asked, so none documents it
            assert answer.json()["code"] == "uri_too_long"
            return
        excluded: list[Any] = []
        if answer.status_code == 422:
            problem = answer.json()
            reasons = {error["type"] for error in problem.get("errors", ())} or {problem["code"]}
            excluded = [positive_data_acceptance] if reasons <= ONLY_THE_SERVER_KNOWS.keys() else []
        if case.path in SHARED:
            excluded += [unsupported_method, allow_header_conformance]
        case.validate_response(
            answer,
            headers=self.headers,
            transport_kwargs=self.request(),
            excluded_checks=excluded,
            recorder=recorder,
        )

    def request(self) -> dict[str, Any]:
        return {"base_url": self.url, "headers": self.headers, "session": self.session}

    def stop(self) -> None:
        self.client.close()
        self.server.should_exit = True
        self.thread.join()


async def promote(settings: Settings, username: str) -> None:
    database = Database(settings)
    async with database.write() as session, session.begin():
        admin = (await session.exec(select(Role.id).where(Role.name == ADMIN))).one()
        await session.exec(update(User).where(col(User.username) == username).values(role_id=admin))
    await database.close()


async def empty(settings: Settings) -> None:
    database = Database(settings)
    async with database.engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            await connection.execute(table.delete())
    await seed(database, settings)
    await database.close()


@pytest.fixture(scope="session")
def running(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = Settings(
        _env_file=None,
        database_url=asyncio.run(empty_database(kind, tmp_path_factory.mktemp("fuzz"), f"fuzz_{WORKER}")),
        password_hash_rounds=4,
        rate_limit_enabled=False,
    )
    server = Server(settings)
    yield server
    server.stop()


@pytest.fixture
def server(running: Server) -> Server:
    running.start_over()
    return running


@pytest.mark.parametrize(
    ("method", "path"), OPERATIONS, ids=[f"{method} {path}" for method, path in OPERATIONS]
)
def test_every_answer_is_as_documented(server: Server, method: str, path: str) -> None:
    def attack(case: schemathesis.Case[Any]) -> None:
        server.check(case, server.call(case))

    load_all_checks()
    # As `@schema.parametrize()`, which does it for all operations before the first test can run.
    operation = schema[path][method]
    build_operation_test(
        config=schema.config,
        operation=operation,
        test_func=attack,
        given_kwargs={},
        feedback=FeedbackSources(),
    )()


def test_a_row_is_found_until_it_is_deleted(server: Server) -> None:
    class Story(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            server.start_over()

        def call(self, case: schemathesis.Case[Any], **_: Any) -> Response:
            return server.call(case)

        def get_call_kwargs(self, case: schemathesis.Case[Any]) -> dict[str, Any]:
            return server.request()

        def validate_response(self, response: Response, case: schemathesis.Case[Any], **_: Any) -> None:
            server.check(case, response, self.recorder)

    stories = 10 * EXAMPLES  # they are short, and few of them delete anything
    Story.run(
        settings=hypothesis.settings(
            max_examples=stories, stateful_step_count=8, derandomize=True, deadline=None
        )
    )
