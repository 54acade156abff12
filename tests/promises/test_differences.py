"""An entity that breaks a promise on purpose says so beside its model, and only while it breaks it."""

from importlib import import_module
from typing import Any

from tests.support.copies import PROMISES
from tests.support.promises import ASKED, difference, misunderstandings

GONE = "a deleted row is gone"
MODULES = [
    import_module(f"tests.promises.test_{name}") for name in ("fast_path", *PROMISES) if name != "differences"
]


def entity(name: str = "Role", **reasons: str) -> Any:
    promises = {key.replace("_", " "): reason for key, reason in reasons.items()}
    return type(name, (), {"__differs__": promises})


def test_every_difference_names_a_promise_that_is_asked_of_its_entity_and_a_reason() -> None:
    assert [*misunderstandings()] == []


def test_each_promise_is_a_test() -> None:
    tests = {name for module in MODULES for name in vars(module) if name.startswith("test_")}

    assert {f"test_{promise.replace(' ', '_')}" for promise in ASKED} <= tests
    assert GONE in ASKED


def test_a_wrong_name_and_a_missing_reason_are_found() -> None:
    wrong = [
        entity(a_deleted_row_is_gone="An archive keeps all."),
        entity(what_is_deleted_is_found="An archive keeps all."),
        entity(a_deleted_row_is_gone=" "),
        entity("Rate", a_deleted_row_is_gone="An archive keeps all."),
    ]

    assert [*misunderstandings(wrong)] == [
        "Role differs in 'what is deleted is found', which no test promises",
        "Role does not say why it differs in 'a deleted row is gone'",
        "Rate differs in 'a deleted row is gone', which is not asked of it",
    ]


def test_of_an_entity_that_differs_exactly_this_test_has_to_fail() -> None:
    asked = {promise: set(models) for promise, models in ASKED.items()}
    try:
        model = entity(a_deleted_row_is_gone="An archive keeps all.")
        (mark,) = difference(GONE, model)
        others = [mark for promise in asked if promise != GONE for mark in difference(promise, model)]
    finally:
        ASKED.update(asked)

    assert (mark.name, mark.kwargs) == ("xfail", {"reason": "An archive keeps all.", "strict": True})
    assert others == []
