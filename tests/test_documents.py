"""What is generated from the app is committed, and true: who changes the app sees what that does to its clients."""

import pytest

from docs.generate.files import FILES, HOME


@pytest.mark.parametrize("name", FILES)
def test_what_is_generated_is_what_the_app_says(name: str) -> None:
    assert (HOME / name).read_text(encoding="utf-8") == FILES[name](), (
        f"{name} is not what the app says any more. Run make openapi, and look at the difference: front ends are built from it."
    )
