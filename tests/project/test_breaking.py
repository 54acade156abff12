"""What would break a client is noticed, each kind of it; what would not is let through."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tools.breaking import breaks
from tools.contract import contract, written
from tools.generate.files import FILES
from tools.release_diff import report, unannounced

Change = Callable[[Any], Any]
DOCUMENT = json.loads(FILES["openapi.json"]())
RELEASED = json.loads(written(contract(DOCUMENT)))  # as a release commits it


def schema(document: Any, name: str) -> Any:
    return document["components"]["schemas"][name]


def field(document: Any, name: str) -> Any:
    owner, _, part = name.partition(".")
    return schema(document, owner)["properties"][part]


def rename(owner: Any, old: str, new: str) -> None:
    owner["properties"][new] = owner["properties"].pop(old)
    owner["required"] = [new if name == old else name for name in owner["required"]]


def add_parameter(document: Any, required: bool) -> None:
    new = {"name": "house", "in": "query", "required": required, "schema": {"type": "string"}}
    document["paths"]["/api/v1/tasks"]["get"]["parameters"].append(new)


TASKS = "/api/v1/tasks"
BREAKS: dict[str, Change] = {
    "GET /api/v1/notes/{id} is gone.": lambda d: d["paths"]["/api/v1/notes/{id}"].pop("get"),
    "GET /api/v1/tasks is called find_tasks, was list_tasks: so clients call it.": lambda d: d["paths"][
        TASKS
    ]["get"].update(operationId="find_tasks"),
    "GET /health needs a token, and did not.": lambda d: d["paths"]["/health"]["get"].update(
        security=[{"x": []}]
    ),
    "GET /api/v1/tasks.sort is gone: a request that has it is refused.": lambda d: d["paths"][TASKS]["get"][
        "parameters"
    ].pop(0),
    "GET /api/v1/tasks.house is needed, and was not.": lambda d: add_parameter(d, required=True),
    "GET /api/v1/tasks.sort has no 'deadline' any more.": lambda d: d["paths"][TASKS]["get"]["parameters"][0][
        "schema"
    ]["enum"].remove("deadline"),
    "POST /api/v1/tasks.201 is not answered any more.": lambda d: d["paths"][TASKS]["post"]["responses"].pop(
        "201"
    ),
    "POST /api/v1/tasks.body is not application/json any more.": lambda d: d["paths"][TASKS]["post"][
        "requestBody"
    ]["content"].pop("application/json"),
    "POST /api/v1/auth/refresh.body is needed, and was not.": lambda d: d["paths"]["/api/v1/auth/refresh"][
        "post"
    ]["requestBody"].update(required=True),
    "GET /api/v1/tasks.200 is NotePage, was TaskPage.": lambda d: d["paths"][TASKS]["get"]["responses"][
        "200"
    ]["content"]["application/json"].update(schema={"$ref": "#/components/schemas/NotePage"}),
    "TaskPublic is gone: clients have a type of this name.": lambda d: d["components"]["schemas"].pop(
        "TaskPublic"
    ),
    "TaskPublic.owner_id is gone: who reads it finds nothing.": lambda d: schema(d, "TaskPublic")[
        "properties"
    ].pop("owner_id"),
    "TaskPublic.deadline is gone (is it due_at now?): who reads it finds nothing.": lambda d: rename(
        schema(d, "TaskPublic"), "deadline", "due_at"
    ),
    "TaskCreate.deadline is gone: a request that has it is refused.": lambda d: schema(d, "TaskCreate")[
        "properties"
    ].pop("deadline"),
    "TaskCreate.category is needed, and was not.": lambda d: schema(d, "TaskCreate")["required"].append(
        "category"
    ),
    "TaskPublic.status can be absent, and was always there.": lambda d: schema(d, "TaskPublic")[
        "required"
    ].remove("status"),
    "TaskPublic.description can be null, and could not.": lambda d: field(d, "TaskPublic.description").update(
        type=["string", "null"]
    ),
    "TaskCreate.category cannot be null any more.": lambda d: field(d, "TaskCreate.category").update(
        type="string"
    ),
    "BookingPublic.seats is string, was integer.": lambda d: field(d, "BookingPublic.seats").update(
        type="string"
    ),
    "TaskStatus has no 'Done' any more.": lambda d: schema(d, "TaskStatus")["enum"].remove("Done"),
    "Code has no 'slot_full' any more.": lambda d: schema(d, "Code")["enum"].remove("slot_full"),
    "NoteCreate.title has a maxLength of 100, was 200.": lambda d: field(d, "NoteCreate.title").update(
        maxLength=100
    ),
    "BookingCreate.seats has a minimum of 2, was 1.": lambda d: field(d, "BookingCreate.seats").update(
        minimum=2
    ),
    "UserCreate.username has the pattern ^[a-z]+$, had none.": lambda d: field(
        d, "UserCreate.username"
    ).update(pattern="^[a-z]+$"),
    "NoteCreate.title can only be a or b.": lambda d: field(d, "NoteCreate.title").update(enum=["a", "b"]),
    "RoleCreate.permissions[] is string, was Permission.": lambda d: field(
        d, "RoleCreate.permissions"
    ).update(items={"type": "string"}),
}
HARMLESS: dict[str, Change] = {
    "a new route": lambda d: d["paths"].update({"/new": d["paths"]["/health"]}),
    "a parameter that may be left out": lambda d: add_parameter(d, required=False),
    "a field more in an answer": lambda d: schema(d, "TaskPublic")["properties"].update(
        more={"type": "string"}
    ),
    "a field that may be sent": lambda d: schema(d, "TaskCreate")["properties"].update(
        more={"type": "string"}
    ),
    "a value more": lambda d: schema(d, "TaskStatus")["enum"].append("Late"),
    "a kind of event more": lambda d: schema(d, "LiveEvent")["oneOf"].append(
        {"$ref": "#/components/schemas/NewEvent"}
    ),
    "null where it was refused": lambda d: field(d, "NoteCreate.title").update(type=["string", "null"]),
    "room": lambda d: field(d, "NoteCreate.title").update(maxLength=300),
    "less room in an answer": lambda d: field(d, "NotePublic.title").update(maxLength=100),
    "other words": lambda d: field(d, "TaskPublic.owner_id").update(description="Who made it."),
    "a problem less": lambda d: d["paths"][TASKS]["post"]["responses"].pop("413"),
}


def changed(change: Change) -> Any:
    document = deepcopy(DOCUMENT)
    change(document)
    return document


@pytest.mark.parametrize("words", BREAKS)
def test_what_breaks_clients_is_said_in_words(words: str) -> None:
    assert [str(one) for one in breaks(RELEASED, changed(BREAKS[words]))] == [words]


@pytest.mark.parametrize("what", HARMLESS)
def test_what_breaks_nobody_is_let_through(what: str) -> None:
    assert breaks(RELEASED, changed(HARMLESS[what])) == []


@pytest.mark.parametrize(
    ("changelog", "silent"),
    [
        ("## [Unreleased]\n\n### Added\n\n- `deadline`\n", True),
        ("## [Unreleased]\n\n### Breaking\n\n- Nothing to see here.\n", True),
        ("## [Unreleased]\n\n## [0.2.0]\n\n### Breaking\n\n- `deadline`\n", True),
        ("## [Unreleased]\n\n### Breaking\n\n- `status` is gone.\n", True),
        ("## [Unreleased]\n\n### Breaking\n\n- `TaskPublic.deadline` is `due_at` now.\n", False),
        ("## [Unreleased]\n\n### Breaking\n\n- `deadline` is `due_at` now.\n\n### Added\n", False),
        (
            "## [Unreleased]\n\n### Added\n\n### Breaking\n\n- `TaskPublic` is another one.\n\n## [0.1.0]\n",
            False,
        ),
    ],
)
def test_a_break_passes_only_when_the_changelog_owns_up_to_it(changelog: str, silent: bool) -> None:
    new = changed(lambda d: rename(schema(d, "TaskPublic"), "deadline", "due_at"))

    assert bool(unannounced(RELEASED, new, changelog)) is silent


def test_clients_of_the_release_still_work() -> None:
    assert not (said := report(json.loads(FILES["openapi.json"]()))), said
