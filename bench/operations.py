"""What is asked of everybody: each operation as a list of requests, of many owners in turn."""

import json
from collections.abc import Callable
from typing import NamedTuple

from bench.ground import RARE, Ground
from bench.load import Ask
from bench.people import PASSWORD

NOTES = "/api/v1/notes"
CONTENT = "what somebody wants to remember, " * 6


class Operation(NamedTuple):
    name: str
    what: str
    asks: Callable[[Ground], list[Ask]]
    connections: int = 16
    at_least: float = 0  # seconds


def listing(ground: Ground) -> list[Ask]:
    return [Ask("GET", f"{NOTES}?limit=50", owner.token) for owner in ground.readers]


def filtering(ground: Ground) -> list[Ask]:
    return [Ask("GET", f"{NOTES}?limit=50&q={RARE}", owner.token) for owner in ground.readers]


def getting(ground: Ground) -> list[Ask]:
    return [Ask("GET", f"{NOTES}/{owner.notes[i]}", owner.token) for i in range(50) for owner in ground.readers]


def creating(ground: Ground) -> list[Ask]:
    bodies = [json.dumps({"title": f"Number {i}", "content": CONTENT}) for i in range(50)]
    return [Ask("POST", NOTES, owner.token, body) for body in bodies for owner in ground.writers]


def patching(ground: Ground) -> list[Ask]:
    return [
        Ask("PATCH", f"{NOTES}/{owner.notes[i]}", owner.token, json.dumps({"title": f"{word} {i}"}))
        for word in ("Renamed", "Renamed again")
        for i in range(50)
        for owner in ground.writers
    ]


def signing_in(ground: Ground) -> list[Ask]:
    bodies = [json.dumps({"username": owner.username, "password": PASSWORD}) for owner in ground.writers]
    return [Ask("POST", "/api/v1/auth/login", body=body) for body in bodies]


OPERATIONS = (
    Operation("list", "a page of 50 notes of the caller's 200", listing),
    Operation("search", "the caller's notes that contain a word: 20 of 200", filtering),
    Operation("get", "one note", getting),
    Operation("create", "one note of 200 characters", creating),
    Operation("patch", "the title of a note", patching),
    Operation("sign-in", "name and password, bcrypt with 12 rounds; 4 at once", signing_in, 4, 4),
)
