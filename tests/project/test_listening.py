"""Where a server listens, and what it says when it cannot start."""

import re
from pathlib import Path

import pytest

from tests.support.served import PATIENCE, served

pytestmark = [pytest.mark.anyio, pytest.mark.heavy]
HERE, ALL = "127.0.0.1", "0.0.0.0"  # noqa: S104


@pytest.mark.parametrize(
    ("arguments", "host", "listens"),
    [
        (["--reload"], "", HERE),  # as `make run` does
        (["--reload"], ALL, ALL),
        ([], "", ALL),  # as a platform does
        ([], HERE, HERE),
    ],
)
async def test_a_port_of_ones_own_is_for_this_machine_and_that_of_a_platform_for_all(
    tmp_path: Path, arguments: list[str], host: str, listens: str
) -> None:
    async with served(tmp_path, arguments=arguments, host=host) as server:
        assert f"running on http://{listens}:{server.port}" in server.log


async def test_a_database_that_does_not_answer_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    nowhere = "postgresql://u:geheim@127.0.0.1:1/nowhere"
    async with served(tmp_path, is_awaited=False, database_url=nowhere) as server:
        assert server.process.wait(PATIENCE) != 0

    assert "The database cannot be used: connection failed: " in server.log
    assert "Check DATABASE_URL." in server.log
    assert not re.search("Traceback|geheim", server.log)
