"""What is generated from the app is committed, and true: who changes the app sees what that does to its clients."""

import json

import pytest

from docs.generate.files import FILES, HOME
from tests.breaking import breaks


def test_openapi_json_is_what_the_app_serves() -> None:
    committed, served = (HOME / "openapi.json").read_text(encoding="utf-8"), FILES["openapi.json"]()
    worst = [*map(str, breaks(json.loads(committed), json.loads(served))), "Something is new, or said differently."][0]

    assert committed == served, (
        f"openapi.json is not what the app serves any more: {worst} "
        "Run make openapi, and look at the difference: front ends are built from it."
    )


@pytest.mark.parametrize("name", [name for name in FILES if name != "openapi.json"])
def test_what_is_generated_is_what_the_app_says(name: str) -> None:
    assert (HOME / name).read_text(encoding="utf-8") == FILES[name](), f"{name} is not true any more: run make docs."
