"""The measured operations. Each is a list of requests, from many owners in turn."""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from bench.ground import RARE, Ground
from bench.load import Ask, drive
from bench.people import PASSWORD
from bench.process import Server

NOTES = "/api/v1/notes"
WARM_UP = 2  # seconds
CONTENT = "what somebody wants to remember, " * 6


class Operation(NamedTuple):
    name: str
    what: str
    asks: Callable[[Ground], list[Ask]]
    connections: int = 16
    at_least: float = 0  # seconds

    def measure(self, server: Server, ground: Ground, seconds: float) -> dict[str, Any]:
        """Send its requests for so long. CPU is the server's, in milliseconds for a request."""
        asks = self.asks(ground)
        before = server.cpu()
        load = drive(server.port, asks, max(seconds, self.at_least), self.connections)
        if not load.requests:
            raise SystemExit(f"The server finished no {self.name} in {load.seconds:.1f} seconds")
        cpu = (server.cpu() - before) / load.requests * 1000
        found = {
            "operation": self.name,
            "rps": load.rps,
            "p50": load.p50,
            "p99": load.p99,
            "requests": load.requests,
        }
        return found | {"cpu": cpu, "memory": server.memory(), "start": server.started}


def warm_up(server: Server, ground: Ground, operations: Sequence[Operation]) -> None:
    """Some of everything but signing in: prepared statements, caches and pools are as they will be."""
    lists = (operation.asks(ground) for operation in operations if operation.name != "sign-in")
    drive(server.port, [ask for some in zip(*lists, strict=False) for ask in some], WARM_UP, 16)


def listing(ground: Ground) -> list[Ask]:
    return [Ask("GET", f"{NOTES}?limit=50", owner.token) for owner in ground.readers]


def filtering(ground: Ground) -> list[Ask]:
    return [Ask("GET", f"{NOTES}?limit=50&q={RARE}", owner.token) for owner in ground.readers]


def getting(ground: Ground) -> list[Ask]:
    return [
        Ask("GET", f"{NOTES}/{owner.notes[i]}", owner.token) for i in range(50) for owner in ground.readers
    ]


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


def reading_oneself(ground: Ground) -> list[Ask]:
    return [Ask("GET", "/api/v1/users/me", owner.token) for owner in ground.readers]


def listing_groups(ground: Ground) -> list[Ask]:
    return [Ask("GET", "/api/v1/groups?limit=50", owner.token) for owner in ground.readers]


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
OF_ONEFOLD = (  # what is measured where the other frameworks are not
    *(operation for operation in OPERATIONS if operation.name in {"list", "get", "create", "patch"}),
    Operation("me", "the caller's own account", reading_oneself),
    Operation("groups", "a page of 50 of the 200 groups that everybody sees", listing_groups),
)
