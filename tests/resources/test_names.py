"""Names that are unique: none looks like another one."""

import pytest
from httpx import AsyncClient

from tests.resources.test_auth import sign_in
from tests.support.people import PASSWORD, Person

pytestmark = pytest.mark.anyio

# A joiner, fillers of Hangul, a variation selector, a soft hyphen, a tag, a mark that turns the direction
INVISIBLE = ["\u200d", "\u200c", "\u3164", "\u115f", "\uffa0", "\ufe0f", "\u00ad", "\U000e0061", "\u202e"]


@pytest.mark.parametrize("letter", INVISIBLE)
async def test_no_name_has_an_invisible_clone(
    client: AsyncClient, ada: Person, admin: Person, letter: str
) -> None:
    new = {"username": f"a{letter}da", "email": "other@example.com", "password": PASSWORD}
    address = {"username": "other", "email": f"a{letter}da@example.com", "password": PASSWORD}
    for path, name in (("/groups", "Garden team"), ("/products", "Picture cards")):
        body = {"name": name, "price": "1.00"} if path == "/products" else {"name": name}
        assert (await admin.post(path, json=body)).status_code == 201
        answer = await admin.post(path, json=body | {"name": f"{name}{letter}"})
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "name"]), path
        assert "invisible" in answer.json()["errors"][0]["msg"]

    for body, field in ((new, "username"), (address, "email")):
        answer = await client.post("/auth/register", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", field])
    assert (await ada.patch("/users/me", json={"username": f"ada{letter}"})).status_code == 422
    # Who pastes such a character signs in all the same
    assert (await sign_in(client, f"a{letter}da")).status_code == 200


@pytest.mark.parametrize("name", ["Love ❤️ notes", "👨‍👩‍👧‍👦", "👩🏽‍⚕️ nurses", "Ŝ 東京 عائلة"])
async def test_a_name_may_have_emoji_and_letters_of_all_scripts(ada: Person, name: str) -> None:
    assert (await ada.post("/groups", json={"name": name})).json()["name"] == name


@pytest.mark.parametrize("name", ["❤️\ufe0f", "❤\u200d", "x👨\u200d\u200d👩", "👨\u200dx"])
async def test_an_emoji_hides_nothing(ada: Person, name: str) -> None:
    assert (await ada.post("/groups", json={"name": name})).status_code == 422
