"""A POST with an Idempotency-Key takes effect once, whatever it is, and is answered as before."""

import re
from typing import Any

import pytest
from fastapi.routing import RouteContext

from api.db.engine import Database
from api.web.idempotency import takes_key
from tests.support.described import ROUTES, Body, model_of, operation
from tests.support.makers import Maker, request_of
from tests.support.people import Person
from tests.support.promises import promise_on_one_engine
from tests.support.proofs import HOST
from tests.support.resources import methods, path
from tests.support.stored import changed, stored

pytestmark = pytest.mark.anyio

POSTS = [route for route in ROUTES if methods(route) == {"POST"}]
KEPT = [route for route in ROUTES if takes_key(route)]
every_kept = promise_on_one_engine("route", KEPT, lambda route: model_of(route.response_model))


async def valid(maker: Maker, route: RouteContext, url: str) -> dict[str, Any]:
    """A valid request for this address, whose body says nothing else than the address."""
    if route.body_field is None:
        return {}
    body = await maker.full(Body.of(route))
    known = dict(zip(re.findall(r"{(\w+)}", path(route)), in_path(route, url), strict=True))
    return request_of(route, body | {name: known[name] for name in body.keys() & known.keys()})


def in_path(route: RouteContext, url: str) -> tuple[str, ...]:
    found = re.fullmatch(re.sub(r"{\w+}", "([^/]+)", path(route)), url.removeprefix(HOST))
    return found.groups() if found else ()


@every_kept
async def test_a_repetition_is_answered_as_before_and_takes_effect_once(
    route: RouteContext, database: Database, admin: Person
) -> None:
    maker = Maker(admin, database=database)
    url, headers = f"{HOST}{await maker.url(route)}", {"Idempotency-Key": "one"}
    for _ in range(5):
        body = await valid(maker, route, url)
        first = await admin.post(url, headers=headers, **body)
        if not maker.learn(first):
            break
    if first.status_code in {404, 409}:  # no value is valid for its row, and nothing is kept
        return
    assert first.is_success, first.text
    once = await stored(database)

    again = await admin.post(url, headers=headers, **body)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers.get("location") == first.headers.get("location")
    assert (again.headers["idempotent-replayed"], "idempotent-replayed" in first.headers) == ("true", False)
    others = [(f"{url}?and=more", body)]
    if route.body_field is not None:
        others.append((url, await valid(maker, route, url)))
        once = await stored(database)  # with the rows that the other body refers to
    for other, sent in others:
        if (other, sent) != (url, body):
            refused = await admin.post(other, headers=headers, **sent)
            assert (refused.status_code, refused.json()["code"]) == (422, "key_reused"), refused.text
    assert changed(once, await stored(database)) == []


SECRET = re.compile(r"token|secret|password|api_key")


@pytest.mark.parametrize("route", KEPT, ids=path)
def test_no_secret_is_kept_for_a_repetition(route: RouteContext) -> None:
    shown = getattr(route.response_model, "model_fields", {}).keys()

    assert [name for name in shown if SECRET.search(name)] == [], "mark the handler with @not_kept(…)"


@pytest.mark.parametrize("route", POSTS, ids=path)
def test_a_post_of_a_signed_in_user_takes_a_key_or_says_why_not(route: RouteContext) -> None:
    said = operation(route, "POST")
    names = {parameter["name"] for parameter in said.get("parameters", ())}

    assert ("Idempotency-Key" in names) is takes_key(route)
    if said["x-policy"] != "public" and not takes_key(route):
        assert getattr(route.endpoint, "not_kept", "").endswith(".") or "session" not in str(
            route.endpoint.__annotations__
        )
