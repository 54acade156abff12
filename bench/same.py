"""Checks that an app answers as the others do. Otherwise a comparison of their speed means nothing."""

from datetime import datetime
from typing import Any

from httpx import Client, Response

from bench.ground import RARE, Ground
from bench.people import PASSWORD

NEW = {"id", "created_at", "updated_at"}  # of what is made or changed while we look
MORE = {"version"}  # what only we show


def answers(port: int, ground: Ground) -> dict[str, Any]:
    """What it says to each of these requests, in one form: moments as such, and new ones and new ids left
    out."""
    reader, writer, stranger = ground.readers[0], ground.writers[0], ground.readers[1]
    with Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=30) as client:

        def ask(method: str, path: str, token: str, body: Any = None) -> Response:
            return client.request(method, path, headers={"Authorization": f"Bearer {token}"}, json=body)

        first = ask("GET", "/notes?limit=50", reader.token)
        cursor = first.json()["next_cursor"]
        made = ask("POST", "/notes", writer.token, {"title": "Täglich", "content": '"quoted"\n\u2028'})
        sign_in = {"username": writer.username, "password": PASSWORD}
        tokens = client.post("/auth/login", json=sign_in)
        said = {
            "first page": plain(first),
            "second page": plain(ask("GET", f"/notes?limit=50&cursor={cursor}", reader.token)),
            "last page": plain(ask("GET", "/notes?limit=200", reader.token)),
            "search": plain(ask("GET", f"/notes?limit=50&q={RARE.title()}", reader.token)),
            "search for nothing": plain(ask("GET", "/notes?q=100%25", reader.token)),
            "get": plain(ask("GET", f"/notes/{reader.notes[7]}", reader.token)),
            "made": plain(made, but=NEW),
            "made and read": plain(ask("GET", f"/notes/{made.json()['id']}", writer.token), but=NEW),
            "changed": plain(
                ask("PATCH", f"/notes/{writer.notes[3]}", writer.token, {"title": "Other"}),
                but={"updated_at"},
            ),
            "changed and read": plain(
                ask("GET", f"/notes/{writer.notes[3]}", writer.token), but={"updated_at"}
            ),
            "a stranger's": ask("GET", f"/notes/{reader.notes[7]}", stranger.token).status_code,
            "without a token": client.get("/notes").status_code in {401, 403},
            "with a wrong token": ask("GET", "/notes", f"{reader.token}x").status_code in {401, 403},
            "with a wrong password": client.post(
                "/auth/login", json=sign_in | {"password": "wrong"}
            ).is_client_error,
            "signed in": plain(ask("GET", "/notes?limit=1", tokens.json()["access_token"]), but=NEW),
        }
        assert (
            ask("PATCH", f"/notes/{made.json()['id']}", writer.token, {"title": "Last"}).json()["title"]
            == "Last"
        )
    return said


def plain(response: Response, but: set[str] | None = None) -> Any:
    return response.status_code, normal(response.json(), but or set())


def normal(value: Any, but: set[str]) -> Any:
    if isinstance(value, list):
        return [normal(item, but) for item in value]
    if isinstance(value, dict):
        return {
            key: "…" if key in but or (but and key == "next_cursor") else moment(key, normal(item, but))
            for key, item in value.items()
            if key not in MORE
        }
    return value


def moment(key: str, value: Any) -> Any:
    """RFC 3339 has several spellings of one moment."""
    return datetime.fromisoformat(value) if key.endswith("_at") else value


def compare(name: str, said: dict[str, Any], other: str, theirs: dict[str, Any]) -> None:
    for what in said:
        if said[what] != theirs[what]:
            raise SystemExit(f"{name} and {other} differ in {what!r}:\n{said[what]}\n{theirs[what]}")
