"""A write with `Prefer: dry-run` is answered as it would be, and changes nothing; or it is refused."""

import re
from typing import Any

import pytest
from fastapi.routing import RouteContext
from httpx import Response

from api.db.engine import Database
from api.web.dry_runs import WRITES, why_not
from tests.promises.test_fast_path import MADE
from tests.promises.test_repetitions import valid
from tests.support.described import ROUTES, model_of, operation
from tests.support.mailbox import Mailbox
from tests.support.makers import Maker
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import HOST
from tests.support.resources import methods, path
from tests.support.stored import changed, stored

pytestmark = pytest.mark.anyio

WRITING = [route for route in ROUTES if methods(route) & WRITES]
DRY = {"Prefer": "dry-run"}
# Those that need a filter are tried in test_many.py
every_tried = promise_on_one_engine(
    "route",
    [
        route
        for route in WRITING
        if why_not(route) is None and not hasattr(route.response_model, "is_affected")
    ],
    lambda route: model_of(route.response_model),
)


def comparable(answer: Response) -> tuple[int, str, bool]:
    """An answer without its new ids, times and tokens."""
    text = re.sub(r'"(\w*(?:token|secret)\w*)":"[^"]*"', r'"\1"', answer.text)
    return answer.status_code, re.sub(MADE, "…", text), "location" in answer.headers


@every_tried
async def test_a_dry_run_answers_as_the_request_would_and_changes_nothing(
    route: RouteContext, database: Database, admin: Person, mailbox: Mailbox
) -> None:
    [method], maker = methods(route), Maker(admin, database=database)
    url = f"{HOST}{await maker.url(route)}"
    key = {"Idempotency-Key": "tried"} if method == "POST" else {}
    for _ in range(5):
        request: dict[str, Any] = await valid(maker, route, url)
        before, letters = await stored(database), [*mailbox.letters]
        tried = await admin.request(method, url, **request, headers=DRY | key)
        assert changed(before, await stored(database)) == []
        assert mailbox.letters == letters
        if not maker.learn(tried):
            break

    assert tried.headers["preference-applied"] == "dry-run"
    real = await admin.request(method, url, **request, headers=key)
    assert comparable(tried) == comparable(real)
    assert "preference-applied" not in real.headers
    if not real.is_success:  # the row is somebody's, or full, or refers to rows that do not suit
        refused = {error["type"] for error in real.json().get("errors", ())}
        assert real.status_code in {404, 409} or refused == {"unknown_reference"}, real.text


@pytest.mark.parametrize("route", WRITING, ids=lambda route: f"{min(methods(route))} {path(route)}")
async def test_a_write_documents_its_dry_run_or_refuses_it(admin: Person, route: RouteContext) -> None:
    [method] = methods(route)
    names = {parameter["name"] for parameter in operation(route, method).get("parameters", ())}

    assert ("Prefer" in names) is (why_not(route) is None)
    if why_not(route) is not None:
        url = f"{HOST}{await (maker := Maker(admin)).url(route)}"
        request = await valid(maker, route, url)
        answer = await admin.request(method, url, **request, headers=DRY)
        assert (answer.status_code, answer.json()["code"]) == (422, "no_dry_run")
        assert "preference-applied" not in answer.headers
