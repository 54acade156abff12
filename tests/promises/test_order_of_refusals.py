"""Who asks is judged before what is sent: a stranger learns nothing about bodies."""

from typing import Any

import pytest
from fastapi.routing import RouteContext
from httpx import AsyncClient

from tests.support.described import ROUTES, needs_token, operation
from tests.support.people import Person
from tests.support.resources import methods, path

pytestmark = pytest.mark.anyio


def is_guarded(said: dict[str, Any]) -> bool:
    return "requestBody" in said and needs_token(said)


GUARDED = [route for route in ROUTES if all(is_guarded(operation(route, m)) for m in methods(route))]
BODIES: dict[str, dict[str, Any]] = {
    "of another type": {"content": b"<a/>", "headers": {"Content-Type": "application/xml"}},
    "too large": {"content": b"x" * 2_000_000, "headers": {"Content-Type": "application/json"}},
    "no JSON": {"content": b"{", "headers": {"Content-Type": "application/json"}},
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{min(methods(route))} {path(route)}")
async def test_a_stranger_is_asked_for_a_token_whatever_the_body_is(
    client: AsyncClient, route: RouteContext, body: str
) -> None:
    url = f"http://test{path(route)}".replace("{id}", "01a1fdfe-6e9d-70eb-a230-6c2b82ad22f1")
    for token in ({}, {"Authorization": "Bearer nonsense"}):
        sent = BODIES[body] | {"headers": BODIES[body]["headers"] | token}
        answer = await client.request(min(methods(route)), url, **sent)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token"), answer.text


@pytest.mark.parametrize(("body", "status"), [*zip(BODIES, (415, 413, 422), strict=True)])
async def test_those_who_have_signed_in_learn_what_is_wrong(ada: Person, body: str, status: int) -> None:
    assert (await ada.post("/notes", **BODIES[body])).status_code == status
