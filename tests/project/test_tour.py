"""docs/tour.md does what it shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.copies import HOME
from tests.support.tours import follow_tour, serving_in


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    with serving_in(tmp_path) as served:
        yield served


def test_the_tour_does_what_it_shows(server: tuple[int, Path]) -> None:
    replaced = {"http://localhost:8000", "/tmp/onefold.log"}  # noqa: S108  the tour names it
    follow_tour((HOME / "docs/tour.md").read_text(), 9, replaced, server)
