"""The admin at /admin: a client of the API, with the rights of whoever is signed in, and none of its own."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from httpx import Response
from jose import jwt
from PIL import Image
from starlette.types import Message

from api.app import create_app
from api.models.base import utcnow
from api.settings import Settings
from tests.conftest import MakePerson
from tests.support.admin import HOST, Read, Visitor, said
from tests.support.people import Person

pytestmark = pytest.mark.anyio
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
async def visitor(app: FastAPI, admin: Person) -> AsyncIterator[Visitor]:
    """An administrator, who has signed in."""
    async with Visitor(app) as visitor:
        assert (await visitor.sign_in(admin.username)).url.path == "/admin/"
        yield visitor


async def role(admin: Person, **fields: Any) -> dict[str, Any]:
    answer = await admin.post("/roles", json={"name": "clerk", "permissions": ["users:read"]} | fields)
    assert answer.status_code == 201
    row: dict[str, Any] = answer.json()
    return row


def is_sent_away(page: Response) -> bool:
    return page.url.path == "/admin/sign-in"


# Signing in


async def test_a_page_asks_for_a_sign_in_and_leads_back(app: FastAPI, admin: Person) -> None:
    async with Visitor(app) as visitor:
        page = await visitor.get("/admin/roles")
        assert is_sent_away(page)
        page = await visitor.send_form(page, "username", username=admin.username, password=admin.password)

    assert (page.status_code, page.url.path) == (200, "/admin/roles")


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/admin/",
        "//evil.example",
        "/admin/../x",
        "/admin/%2e%2e/x",
        "/adminx",
        "\\\\evil",
        "//[",
    ],
)
async def test_it_leads_nowhere_else(app: FastAPI, admin: Person, place: str) -> None:
    async with Visitor(app) as visitor:
        signed_in = await visitor.sign_in(admin.username, next=place)
        page = await visitor.get("/admin/confirm", params={"next": place})
        confirmed = await visitor.send_form(page, "password", password=admin.password)

    assert str(signed_in.url) == str(confirmed.url) == f"{HOST}/admin/"


async def test_a_wrong_password_is_said_and_guesses_are_limited(app: FastAPI, admin: Person) -> None:
    async with Visitor(app) as visitor:
        statuses, texts = [], []
        for _ in range(12):
            page = await visitor.sign_in(admin.username, "wrong wrong wrong")
            statuses.append(page.status_code)
            texts.append(said(page))
        page = await visitor.sign_in(admin.username)

    assert (statuses[0], texts[0]) == (401, texts[1])
    assert statuses[-1] == page.status_code == 429
    assert "Wait" in texts[-1]


async def test_the_sign_in_is_one_of_mine_and_ends_with_it(admin: Person, visitor: Visitor) -> None:
    sessions = (await admin.get("/auth/sessions")).json()["items"]
    assert sorted(one["current"] for one in sessions) == [False, True]
    [own] = [one for one in sessions if one["current"]]
    [other] = [one for one in sessions if not one["current"]]
    assert other["ip_address"] == own["ip_address"]
    assert other["user_agent"] == visitor.headers["user-agent"]
    assert (await admin.delete(f"/auth/sessions/{other['id']}")).status_code == 204

    assert is_sent_away(await visitor.get("/admin/roles"))
    assert "admin_sign_in" not in visitor.cookies


async def test_signing_out_ends_the_sign_in(admin: Person, visitor: Visitor) -> None:
    cookie = visitor.cookies["admin_sign_in"]
    assert (await visitor.get("/admin/sign-out")).status_code == 404
    page = await visitor.press(await visitor.get("/admin/"), "/sign-out")
    assert is_sent_away(page)
    assert "admin_sign_in" not in visitor.cookies
    visitor.cookies.set("admin_sign_in", cookie, domain="admin.test", path="/admin")

    assert is_sent_away(await visitor.get("/admin/roles"))
    assert len((await admin.get("/auth/sessions")).json()["items"]) == 1


async def test_who_has_no_permission_is_told_so(app: FastAPI, ada: Person) -> None:
    async with Visitor(app) as visitor:
        page = await visitor.sign_in(ada.username)
        row = await visitor.get(f"/admin/users/{ada.id}")

    assert (page.status_code, row.status_code) == (403, 403)
    assert "no permission" in said(page)


async def test_the_cookie_is_for_the_admin_only(app: FastAPI, settings: Settings, admin: Person) -> None:
    async with Visitor(app, follow_redirects=False) as visitor:
        answer = await visitor.sign_in(admin.username)
        assert visitor.cookies.keys() == {"admin_sign_in"}
    [cookie] = [one for one in answer.headers.get_list("set-cookie") if one.startswith("admin_sign_in=")]
    token = cookie.partition("=")[2].partition(";")[0]

    told = {one.strip().lower() for one in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/admin", "max-age=43200"} <= told
    claims = jwt.get_unverified_claims(token)
    assert claims["exp"] - claims["iat"] == 43200
    assert ("secure" in told) is not settings.development
    answer = await admin.get("/users/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


# Forms of others


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ],
    ids=str,
)
async def test_a_form_of_another_page_does_nothing(
    admin: Person, visitor: Visitor, headers: dict[str, str]
) -> None:
    page = await visitor.get("/admin/roles/new")
    token = dict(Read(page.text).form("name")["fields"])["form_token"]
    given = token if headers else "0" * len(token)
    answer = await visitor.post(
        "/admin/roles", data={"form_token": given, "name": "intruder"}, headers=headers
    )

    assert answer.status_code == 403
    assert "another page" in said(answer)
    assert "intruder" not in (await admin.get("/roles")).text


async def test_a_form_is_bound_to_its_sign_in(app: FastAPI, admin: Person, visitor: Visitor) -> None:
    page = await visitor.get("/admin/roles/new")
    async with Visitor(app) as other:
        await other.sign_in(admin.username)
        answer = await other.send_form(page, "name", name="intruder")

    assert answer.status_code == 403


async def test_a_form_is_bounded(visitor: Visitor) -> None:
    page = await visitor.get("/admin/roles/new")
    large = await visitor.send_form(page, "name", name="x" * 2_000_001)
    many = await visitor.send_form(page, "name", permissions=["users:read"] * 2_001)

    assert (large.status_code, many.status_code) == (413, 422)
    assert "too much at once" in said(large)
    assert said(many) == "This form cannot be read."


async def test_a_form_is_sent_as_browsers_do(app: FastAPI, admin: Person, visitor: Visitor) -> None:
    page = await visitor.get("/admin/roles/new")
    fields = dict(Read(page.text).form("name")["fields"]) | {"name": "intruder"}
    text = {"Content-Type": "text/plain"}
    as_text = await visitor.post("/admin/roles", content=urlencode(fields), headers=text)
    assert as_text.status_code == 415
    assert (await visitor.put("/admin/roles", data=fields)).status_code == 405
    async with Visitor(app) as anybody:
        page = await anybody.post("/admin/sign-in", files={"file": b"x" * 20_001})
        assert page.status_code == 415, "it holds no file"
    assert "intruder" not in (await admin.get("/roles")).text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://[", "https://front.example"])
async def test_a_script_of_another_server_reads_nothing(
    settings: Settings, admin: Person, visitor: Visitor, origin: str
) -> None:
    for path in ("/admin/", "/admin/roles", "/admin/pick/roles", "/admin/sign-in"):
        page = await visitor.get(path, headers={"Origin": origin})
        assert page.status_code == 403
        assert admin.username not in page.text
        assert "form_token" not in page.text


async def test_anybody_can_send_only_a_small_form(app: FastAPI) -> None:
    async with Visitor(app) as visitor:
        page = await visitor.sign_in("nobody", next="/admin/" + "x" * 20_000)

    assert page.status_code == 413
    assert Read(page.text).form("username"), "to sign in with"


@pytest.mark.parametrize("cookie", [b"\xe9:x", b'"\\377:x"', b":", b"%00", b"x" * 32 + b":x"])
async def test_a_forged_message_is_not_shown(visitor: Visitor, cookie: bytes) -> None:
    known = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()).encode()
    page = await visitor.get("/admin/", headers={b"cookie": known + b"; admin_said=" + cookie})

    assert (page.status_code, said(page)) == (200, "")


async def test_a_button_that_is_not_there_any_more_changes_nothing(admin: Person, visitor: Visitor) -> None:
    row = await role(admin)
    page = await visitor.get(f"/admin/roles/{row['id']}")
    token = dict(Read(page.text).form("version")["fields"])
    on_a_row = await visitor.post(page.url.path, data=token | {"do": "Old button"})
    on_a_list = await visitor.post("/admin/roles", data=token | {"do": "Old button", "name": "intruder"})
    of_another = await visitor.post(f"/admin/users/{admin.id}/impersonation?as=PUT", data=token)
    of_none = await visitor.post("/admin/activity", data=token | {"do": "delete"})

    refused = (on_a_row, on_a_list, of_another, of_none)
    assert [one.status_code for one in refused] == [404, 404, 404, 405]
    assert (await admin.get(f"/roles/{row['id']}")).json() == row
    assert "intruder" not in (await admin.get("/roles")).text


async def test_a_request_that_is_no_page_is_closed(app: FastAPI) -> None:
    sent = list[Message]()

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/admin/", "raw_path": b"/admin/", "query_string": b""}
    await app(scope | {"headers": [], "scheme": "wss", "subprotocols": []}, receive, send)
    assert [one["type"] for one in sent] == ["websocket.close"]


async def test_pages_cannot_be_framed_and_run_nothing_inline(visitor: Visitor) -> None:
    for path in ("/admin/sign-in", "/admin/", "/admin/roles", "/admin/roles/new", "/admin/nothing"):
        page = await visitor.get(path)
        policy = page.headers["content-security-policy"]
        wanted = {"default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"}
        assert wanted <= set(policy.split("; "))
        assert "unsafe" not in policy
        assert page.headers["referrer-policy"] == "same-origin"
        assert "<script>" not in page.text
        assert "style=" not in page.text
        assert " on" + "click" not in page.text


async def test_no_text_becomes_html(admin: Person, visitor: Visitor) -> None:
    row = await role(admin, description=EVIL)
    saved = await visitor.send_form(await visitor.get("/admin/teams/new"), "name", name=EVIL)
    assert said(saved).startswith("“<script>")
    refused = await visitor.send_form(
        await visitor.get("/admin/roles/new"), "name", name=EVIL, description=EVIL
    )
    paths = ["/admin/", "/admin/roles", f"/admin/roles/{row['id']}", f"/admin/roles?q={EVIL}&sort={EVIL}"]
    paths += ["/admin/teams", saved.url.path, f"/admin/confirm?next=/admin/{EVIL}"]
    for page in [saved, refused, *[await visitor.get(path) for path in paths]]:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
    told = dict(Read((await visitor.get(f"/admin/roles/{row['id']}")).text).form("description")["fields"])
    assert told["description"] == EVIL


# Rows


async def test_a_row_is_made_changed_and_deleted(admin: Person, visitor: Visitor) -> None:
    page = await visitor.get("/admin/roles/new")
    page = await visitor.send_form(page, "name", name="clerk", permissions=["users:read", "roles:write"])
    assert said(page) == "“clerk” is saved."
    row = page.url.path.removeprefix("/admin")
    page = await visitor.send_form(page, "name", description="Answers the phone.", permissions=["users:read"])
    assert said(page) == "“clerk” is saved."
    stored = (await admin.get(row)).json()
    assert (stored["description"], stored["permissions"]) == ("Answers the phone.", ["users:read"])

    assert said(await visitor.delete_at(page.url.path)) == "It is deleted."
    assert (await admin.get(row)).status_code == 404


async def test_what_was_done_is_said_once(visitor: Visitor) -> None:
    page = await visitor.send_form(await visitor.get("/admin/roles/new"), "name", name="clerk")

    assert said(page) == "“clerk” is saved."
    assert said(await visitor.get(page.url.path)) == ""


async def test_what_is_wrong_stands_at_its_field(visitor: Visitor) -> None:
    page = await visitor.get("/admin/roles/new")
    answer = await visitor.send_form(page, "name", name="Not A Name", description="kept")

    assert answer.status_code == 422
    assert "Begin with a letter." in said(answer)
    assert 'aria-describedby="field-name-wrong"' in answer.text
    assert dict(Read(answer.text).form("name")["fields"])["description"] == "kept"


async def test_what_the_database_refuses_is_said(visitor: Visitor) -> None:
    page = await visitor.get("/admin/roles/new")
    answer = await visitor.send_form(page, "name", name="staff")

    assert answer.status_code == 409
    assert said(answer)


async def test_a_conflict_shows_what_the_other_has_written(admin: Person, visitor: Visitor) -> None:
    row = await role(admin, description="old")
    page = await visitor.get(f"/admin/roles/{row['id']}")
    await admin.patch(f"/roles/{row['id']}", json={"description": "theirs"})
    answer = await visitor.send_form(page, "name", description="mine")

    assert answer.status_code == 412
    assert "Somebody else" in said(answer)
    assert "Now: theirs" in answer.text
    again = await visitor.send_form(answer, "name")
    assert again.status_code == 200
    assert (await admin.get(f"/roles/{row['id']}")).json()["description"] == "mine"


async def test_a_row_that_has_changed_is_not_deleted(admin: Person, visitor: Visitor) -> None:
    row = await role(admin)
    where = f"/admin/roles/{row['id']}"
    page, listed = await visitor.get(where), await visitor.get("/admin/roles")
    await admin.patch(f"/roles/{row['id']}", json={"description": "newer"})

    fields = dict(Read(page.text).form("version")["fields"])
    for version in (fields["version"], "\N{EN DASH}", '"*"'):
        await visitor.post(where, data=fields | {"do": "delete", "version": version})
        page = await visitor.tick(listed, f"{row['id']} {version}")
        assert said(page).startswith("0 deleted.")
    assert (await admin.get(f"/roles/{row['id']}")).status_code == 200


async def test_a_form_that_is_sent_twice_makes_one_row(admin: Person, visitor: Visitor) -> None:
    page = await visitor.get("/admin/teams/new")
    first = await visitor.send_form(page, "name", name="Twice")
    second = await visitor.send_form(page, "name", name="Twice")

    assert first.url == second.url
    assert [one["name"] for one in (await admin.get("/teams")).json()["items"]] == ["Twice"]


async def test_a_form_keeps_its_key_until_it_is_used_for_another_row(visitor: Visitor) -> None:
    def key(page: Response) -> str:
        return str(dict(Read(page.text).form("name")["fields"])["key"])

    page = await visitor.get("/admin/roles/new")
    refused = await visitor.send_form(page, "name", name="staff")
    assert (refused.status_code, key(refused)) == (409, key(page)), (
        "it may be the first that is still running"
    )
    assert said(await visitor.send_form(refused, "name", name="clerk")) == "“clerk” is saved."
    other = await visitor.send_form(page, "name", name="other")
    assert other.status_code == 422
    assert said(await visitor.send_form(other, "name")) == "“other” is saved."
    foreign = await visitor.send_form(page, "name", name="another", key="\N{EN DASH}" * 99)
    assert said(foreign) == "“another” is saved."


async def test_fields_that_a_form_does_not_have_change_nothing(
    admin: Person, ada: Person, visitor: Visitor
) -> None:
    page = await visitor.get(f"/admin/users/{ada.id}")
    await visitor.send_form(
        page,
        "username",
        first_name="Ada",
        hashed_password="x",
        id=admin.id,
        avatar_url="/evil",
    )
    stored = (await admin.get(f"/users/{ada.id}")).json()

    assert (stored["first_name"], stored["id"], stored["avatar_url"]) == ("Ada", ada.id, None)
    row = await role(admin, description="kept")
    page = await visitor.get(f"/admin/roles/{row['id']}")
    assert (
        said(await visitor.send_form(page, "name", name="deputy", description=None)) == "“deputy” is saved."
    )
    assert (await admin.get(f"/roles/{row['id']}")).json()["description"] == "kept"
    assert (
        await ada.post("/auth/login", json={"username": "ada", "password": ada.password})
    ).status_code == 200


async def test_many_rows_are_deleted_at_once_and_refusals_are_said(admin: Person, visitor: Visitor) -> None:
    rows = [await role(admin, name=f"clerk{number}") for number in range(3)]
    protected = next(one for one in (await admin.get("/roles")).json()["items"] if one["name"] == "user")
    page = await visitor.get("/admin/roles")
    answer = await visitor.tick(page, *(f"{one['id']} {one['version']}" for one in [*rows, protected]))

    assert said(answer).startswith("3 deleted. ")
    assert len((await admin.get("/roles")).json()["items"]) == 3


async def test_what_cannot_be_taken_back_asks_for_the_password(
    admin: Person, ada: Person, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    passed = timedelta(minutes=settings.recent_sign_in_minutes + 1)
    monkeypatch.setattr("api.flows.recent_sign_ins.utcnow", lambda: utcnow() + passed)
    where = f"/admin/users/{ada.id}"

    page = await visitor.delete_at(where)
    [link] = [one for one in Read(page.text).links if "/confirm" in one]
    page = await visitor.get(link)
    wrong = await visitor.send_form(page, "password", password="not it at all")
    assert (wrong.status_code, said(wrong)) == (422, "This password is wrong.")
    page = await visitor.send_form(page, "password", password=admin.password)
    assert page.url.path == where

    assert said(await visitor.delete_at(where)) == "It is deleted."


# Lists


async def test_a_list_is_searched_filtered_and_sorted(person: MakePerson, visitor: Visitor) -> None:
    for name in ("grace", "linus"):
        await person(username=name)
    found = (await visitor.get("/admin/users?q=grac")).text
    assert "grace" in found
    assert "linus" not in found
    staff = (await visitor.get("/admin/users?role=admin&sort=username&order=asc")).text
    assert "grace" not in staff
    wrong = await visitor.get("/admin/users?is_active=perhaps")
    assert wrong.status_code == 200
    assert said(wrong)


async def test_a_list_has_pages_a_count_and_a_download(person: MakePerson, visitor: Visitor) -> None:
    for number in range(30):
        await person(username=f"member{number:02}", first_name="=1+1")
    page = await visitor.get("/admin/users?sort=username&order=asc&q=member")
    [following] = [one for one in Read(page.text).links if "cursor=" in one]
    names = [f"member{number:02}" for number in range(30)]
    assert [name in page.text for name in names] == [True] * 25 + [False] * 5
    page = await visitor.get(following)
    assert [name in page.text for name in names] == [False] * 25 + [True] * 5
    assert "30 in all" in (await visitor.get("/admin/users?q=member&count=true")).text
    download = await visitor.get("/admin/users?q=member&format=csv")
    assert download.headers["content-type"].startswith("text/csv")
    assert len(download.text.strip().split("\r\n")) == 31
    assert "'=1+1" in download.text
    assert "hashed" not in download.text


async def test_a_download_that_is_refused_is_a_page(visitor: Visitor) -> None:
    for path in ("users?sort=zz", "users?is_active=perhaps", "users?q=" + "x" * 101, "teams/%22x/members?q="):
        page = await visitor.get(f"/admin/{path}&format=csv")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert said(page)


async def test_a_download_that_is_refused_meanwhile_is_cut_off(settings: Settings, admin: Person) -> None:
    limited = settings.model_dump() | {"rate_limit_requests": "7/day"}  # 2 for the first page, and 3 for each
    there = create_app(Settings(_env_file=None, **limited))
    async with Visitor(there) as visitor:
        await visitor.sign_in(admin.username)
        assert (await visitor.get("/admin/roles?format=csv")).status_code == 200
        with pytest.raises(RuntimeError, match="Too many requests"):
            await visitor.get("/admin/roles?format=csv")
        page = await visitor.get("/admin/roles")
        assert (page.status_code, "Too many requests" in said(page)) == (429, True)
    await there.state.throttle.close()
    await there.state.database.close()


async def test_a_picker_asks_the_list(person: MakePerson, visitor: Visitor) -> None:
    grace = await person(username="grace")
    found = (await visitor.get("/admin/pick/users?q=grace")).json()

    assert found == [{"id": grace.id, "title": "grace"}]
    assert (await visitor.get("/admin/pick/users/{id}")).status_code == 404
    assert (await visitor.get("/admin/pick/teams/{id}/members")).status_code == 404


async def test_a_reference_is_picked_by_its_id_by_those_who_may_see_the_list(
    app: FastAPI, admin: Person, person: MakePerson, visitor: Visitor
) -> None:
    page = await visitor.get("/admin/notifications/new")
    page = await visitor.send_form(page, "title", title="Closed", user_id="me")
    assert page.status_code == 422
    assert '<option value="me" selected>me</option>' in page.text

    await role(admin, name="sender", permissions=["notifications:send"])
    sender = await person(role="sender")
    async with Visitor(app) as other:
        await other.sign_in(sender.username)
        page = await other.get("/admin/notifications/new")
        page = await other.send_form(page, "user_id", title="Closed", user_id=admin.id)
        assert said(page) == "“Closed” is saved."


async def test_an_own_picture_is_sent_and_shown(admin: Person, staff: Person, visitor: Visitor) -> None:
    me = f"/admin/users/{admin.id}"
    page = await visitor.get("/admin/users/me/avatar?as=PUT")
    page = await visitor.send_form(page, "file")
    assert (page.status_code, "Choose a file." in page.text) == (422, True)
    page = await visitor.send_form(page, "file", file=("me.png", b"no picture"))
    assert (page.status_code, said(page)) == (415, "Send a PNG, JPEG, WebP or GIF file.")

    image = io.BytesIO()
    Image.new("RGB", (6, 4), "teal").save(image, "PNG")
    page = await visitor.send_form(page, "file", file=('m"é.png', image.getvalue()))
    assert (page.url.path, said(page)) == (me, "Done: set avatar.")
    url = (await admin.get("/users/me")).json()["avatar_url"]
    assert f'<img src="{url}"' in page.text

    assert "/users/me/avatar" not in (await visitor.get(f"/admin/users/{staff.id}")).text
    await visitor.press(page, "/users/me/avatar?as=DELETE")
    assert (await admin.get("/users/me")).json()["avatar_url"] is None


async def test_only_what_one_may_do_is_shown(app: FastAPI, staff: Person, admin: Person) -> None:
    async with Visitor(app) as visitor:
        page = await visitor.sign_in(staff.username)
        assert "/admin/users" in Read(page.text).links
        assert "/admin/activity" not in Read(page.text).links
        assert "Activity" not in page.text
        page = await visitor.get("/admin/roles")
        assert "/admin/roles/new" not in Read(page.text).links
        assert "Delete the ticked rows" not in page.text
        page = await visitor.get(f"/admin/users/{admin.id}")
        assert page.status_code == 200
        assert not any("username" in dict(one["fields"]) for one in Read(page.text).forms)
        assert not list(Read(page.text).forms_to(f"/users/{admin.id}")), "it has no button that deletes"
        assert not list(Read(page.text).forms_to("?as=POST")), "nor one to act as the user"
        assert "Activity" not in page.text
        token = next(
            value for one in Read(page.text).forms for name, value in one["fields"] if name == "form_token"
        )
        answer = await visitor.post("/admin/roles", data={"form_token": token, "name": "intruder"})
        assert answer.status_code == 403
        answer = await visitor.post(f"/admin/users/{admin.id}", data={"form_token": token, "do": "delete"})
        assert (await admin.get(f"/users/{admin.id}")).status_code == 200


async def test_what_is_ones_own_can_be_changed(
    app: FastAPI, admin: Person, ada: Person, person: MakePerson
) -> None:
    await role(admin, name="reader")
    eve = await person(role="reader")
    published = {"title": "One", "published_at": "2020-01-01T00:00:00Z"}
    rows = [(await one.post("/posts", json=published)).json() for one in (eve, ada)]
    own = f"/admin/posts/{rows[0]['id']}"
    async with Visitor(app) as visitor:
        await visitor.sign_in(eve.username)
        listed = await visitor.get("/admin/posts")
        for row, is_own in zip(rows, (True, False), strict=True):
            forms = list(Read((await visitor.get(f"/admin/posts/{row['id']}")).text).forms_to(row["id"]))
            assert len(forms) == (3 if is_own else 0), "to publish, to save, and to delete"
            assert (f'value="{row["id"]} ' in listed.text) is is_own
        fields = dict(Read((await visitor.get(own)).text).form("version")["fields"])
        await visitor.post(own, data=fields | {"do": "Publish now"})
    published = (await eve.get(f"/posts/{rows[0]['id']}")).json()["published_at"]
    assert published > rows[0]["published_at"]


async def test_the_activity_is_on_the_first_page_and_beside_its_row(admin: Person, visitor: Visitor) -> None:
    page = await visitor.send_form(await visitor.get("/admin/roles/new"), "name", name="clerk")
    other = await role(admin, name="deputy")
    [entry] = (await admin.get("/activity", params={"row_id": page.url.path.rpartition("/")[2]})).json()[
        "items"
    ]
    assert entry["request_id"] == page.history[0].headers["x-request-id"]

    told = [await visitor.get(path) for path in ("/admin/", page.url.path, f"/admin/roles/{other['id']}")]
    assert [[f"<ins>{name}</ins>" in one.text for name in ("clerk", "deputy")] for one in told] == [
        [True, True],
        [True, False],
        [False, True],
    ]


async def test_a_moment_is_shown_in_the_zone_of_the_browser(visitor: Visitor, admin: Person) -> None:
    created = (await admin.get("/users/me")).json()["created_at"]
    visitor.cookies.set("admin_zone", "Asia%2FKolkata", domain="admin.test", path="/admin")
    page = await visitor.get(f"/admin/users/{admin.id}")
    assert f'<time datetime="{created}" title="IST">' in page.text
    form = await visitor.get("/admin/posts/new")
    await visitor.send_form(form, "title", title="Noon", published_at="2020-01-01T12:00:00")
    [post] = (await admin.get("/posts")).json()["items"]
    assert post["published_at"] == "2020-01-01T06:30:00Z"
    visitor.cookies.set("admin_zone", "..%2F..%2Fetc%2Fpasswd", domain="admin.test", path="/admin")
    assert 'title="UTC"' in (await visitor.get(f"/admin/users/{admin.id}")).text


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 900 + "1" + "}" * 900, "9" * 5000, "NaN", '"\\ud800"']
)
async def test_json_that_nobody_can_keep_is_refused_at_its_field(visitor: Visitor, text: str) -> None:
    page = await visitor.get("/admin/records/new")
    answer = await visitor.send_form(page, "title", kind="x", title="x", data=text)

    assert answer.status_code == 422
    assert said(answer)


@pytest.mark.parametrize(
    "path", ["nothing", "roles/1/2", "roles//", "roles/x", "users/me/export", "pick/x", "%00"]
)
async def test_what_is_not_there_is_said_on_a_page(visitor: Visitor, path: str) -> None:
    page = await visitor.get(f"/admin/{path}")

    assert page.status_code in {404, 422}
    assert page.headers["content-type"] in {"text/html; charset=utf-8", "application/problem+json"}


async def test_behind_a_proxy_the_public_url_is_ours(settings: Settings, admin: Person) -> None:
    given = settings.model_dump() | {"public_url": "https://api.example.com"}
    there = create_app(Settings(_env_file=None, **given))
    async with Visitor(there) as visitor:
        for origin, status in (("https://api.example.com", 200), ("https://example.com", 403)):
            visitor.headers["Origin"] = HOST
            page = await visitor.get("/admin/sign-in")
            visitor.headers["Origin"] = origin
            answer = await visitor.send_form(
                page, "username", username=admin.username, password=admin.password
            )
            assert answer.status_code == status
            visitor.cookies.clear()
    await there.state.throttle.close()
    await there.state.database.close()


async def test_it_can_be_turned_off(settings: Settings) -> None:
    off = create_app(Settings(_env_file=None, **settings.model_dump() | {"admin": False}))
    async with Visitor(off) as visitor:
        assert (await visitor.get("/admin/")).status_code == 404
    await off.state.throttle.close()
    await off.state.database.close()
