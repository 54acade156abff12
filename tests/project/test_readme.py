"""The documentation is true: its commands run, its examples work, and what it names exists."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.environment.names import ALIASES
from tests.conftest import THOROUGH, WORKER
from tests.project.test_architecture import ORDER
from tests.support import tours
from tests.support.copies import HOME, PROMISES, Copy
from tests.support.tours import blocks, follow_tour, serving_in
from tools.generate.files import CURRENT

README = (HOME / "README.md").read_text()
CONFIGURATION, INVOICING = (
    (HOME / "docs" / name).read_text() for name in ("configuration.md", "invoicing.md")
)
PAGES = [HOME / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")] + sorted(
    (HOME / "docs").rglob("*.md")
)


def section(title: str, page: str = README) -> str:
    return tours.section(title, page)


def example(text: str, file: str) -> str:
    """The code that follows the first mention of a file."""
    return blocks(text.split(f"`{file}`", 1)[1], "python")[0]


# The tour


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    with serving_in(tmp_path) as served:
        yield served


def test_the_tour_of_the_readme_does_what_it_shows(server: tuple[int, Path]) -> None:
    follow_tour(section("Tour"), 3, {"http://localhost:8000"}, server)


# The examples


PHONE = """\"\"\"The example field.\"\"\"

import pytest

from tests.support.people import Person


@pytest.mark.anyio
async def test_a_phone_is_kept(ada: Person) -> None:
    for phone, status in (("+41 1", 200), ("1" * 41, 422)):
        assert (await ada.patch("/users/me", json={"phone": phone})).status_code == status
    assert (await ada.get("/users/me")).json()["phone"] == "+41 1"
"""
FILES = ("api/models/bookmark.py", "api/routers/bookmarks.py")
OF_LIBRARY = ("api/models/loan.py", "api/routers/loans.py", "tests/resources/test_loans.py")
OF_INVOICING = tuple(re.findall(r"`(api/\w+/\w+\.py)`", INVOICING))
needs_names = pytest.mark.skipif(
    any((HOME / file).exists() for file in (*FILES, *OF_INVOICING)),
    reason="the project has an entity of a name that the examples use",
)


def follow(copy: Copy) -> str:
    """Add the example field, the example entity and the invoicing product, as told; the migration written."""
    line = example(section("Add a field"), "api/models/user.py")
    assert line.count("\n") == 1
    copy.insert("api/models/user.py", r"^class UserBase\(SQLModel\):\n(?:    .*\n)+", line)
    (copy.folder / "tests/test_phone.py").write_text(PHONE)
    for file in FILES:
        (copy.folder / file).write_text(example(section("Add an entity"), file))
    for file in OF_INVOICING:
        (copy.folder / file).write_text(example(INVOICING, file))
    shutil.copy(HOME / "tests/support/invoicing_totals.py", copy.folder / "tests/test_totals.py")
    told = section("Add a field") + section("Add an entity") + INVOICING
    messages = re.findall(r'^make migration m="(.+)"$', told, re.M)
    assert messages == ["phone numbers", "bookmarks", "invoicing"]
    return copy.write_migration(" and ".join(messages)).read_text()


@needs_names
@pytest.mark.heavy
def test_the_example_field_and_the_example_entity_work(tmp_path: Path) -> None:
    copy = Copy.of_code(tmp_path, f"readme_{WORKER}")
    migration = follow(copy)

    assert "add_column(sa.Column('phone', sa.String(length=40), nullable=True))" in migration
    assert "op.create_table('bookmarks'" in migration
    assert "op.create_table('invoices'" in migration
    copy.run("ruff", "check", *FILES, *OF_INVOICING)
    copy.run("ruff", "format", "--check", *FILES, *OF_INVOICING)
    tests = [f"tests/promises/test_{name}.py" for name in PROMISES]
    tests += ["tests/test_phone.py", "tests/test_totals.py", "tests/project/test_migrations.py"]
    wanted = "phone or totals or bookmarks or models_and_migrations or differences"
    wanted += " or customers or tags or invoices or invoice-lines or invoice_lines or lines"
    said = copy.test(*tests, "-k", wanted, timeout=1200)
    for proof in (
        "test_a_row_reads_as_it_was_written",
        "test_every_caller_gets_what_the_policy_says",
        "test_a_list_is_sorted_by_each_of_its_orders",
        "test_many_rows_cost_as_many_statements_as_few_and_come_from_an_index",
        "test_every_reference_has_an_index_and_an_end",
        "test_models_and_migrations_are_the_same",
        "test_a_phone_is_kept",
        "test_the_total_is_the_sum_of_the_lines_however_many_change_at_once",
        "test_an_invoice_names_only_what_its_team_has",
    ):
        assert re.search(rf"::{proof}\[.*\] PASSED", said), said


@needs_names
@pytest.mark.skipif(not THOROUGH, reason="it runs the whole suite: make example")
def test_the_whole_suite_and_all_checks_pass_with_the_examples(tmp_path: Path) -> None:
    """As `make docs`, `make check` and `make test` would, for somebody who has followed the README."""
    copy = Copy.of_everything(tmp_path, f"readme_{WORKER}")
    follow(copy)
    copy.run("tools.generate")
    generated = {name: (tmp_path / name).read_bytes() for name in CURRENT}
    copy.run("tools.generate")

    assert {name: (tmp_path / name).read_bytes() for name in CURRENT} == generated
    copy.check()
    ignored = ("--ignore-glob", "tests/machinery/ordinary*", "--ignore", "tests/browser")
    copy.test_all("-m", "not heavy", *ignored, timeout=1800)


# What is named exists


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (HOME / "Makefile").read_text(), re.M))
    named = {
        name for page in PAGES for name in re.findall(r"(?:`|^)make ([a-z][a-z-]*)", page.read_text(), re.M)
    }

    assert named
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOME)))
def test_every_file_that_is_named_exists(page: Path) -> None:
    text = page.read_text()
    named = set(re.findall(r"`((?:api|tests|alembic|docs)/[\w./]*)`", text)) - {
        "api/models/bookmark.py",
        "api/routers/bookmarks.py",
        *OF_INVOICING,
        *OF_LIBRARY,
    }

    assert [name for name in sorted(named) if not (HOME / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOME)))
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    for link in re.findall(r"\]\(([^)\s]+)\)", prose):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(), re.M)
            assert anchor in {
                re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings
            }, link


def test_the_readme_is_short() -> None:
    assert README.count("\n") <= 200


def test_the_index_of_pages_is_complete() -> None:
    docs = HOME / "docs"
    linked = set(re.findall(r"\]\((.+?)\)", (docs / "README.md").read_text()))
    pages = {file.name for file in docs.glob("*.md")} - {"README.md"}

    assert linked == pages | {"../README.md", "../CONTRIBUTING.md", "../CHANGELOG.md", "adr/README.md"}


def test_the_page_of_settings_has_each_with_its_default() -> None:
    sample = re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", (HOME / ".env.sample").read_text(), re.M)
    told = re.findall(r"^\| `([A-Z_]+)` \| (?:none|`(.*?)`) \| ", CONFIGURATION, re.M)

    assert sorted(told) == sorted(sample)  # which test_deployment compares with the settings


@pytest.mark.parametrize("page", ["README.md", "docs/configuration.md", "docs/production.md", "docs/live.md"])
def test_every_setting_that_is_named_exists(page: str) -> None:
    settings = set(re.findall(r"^(?:# )?([A-Z_]+)=", (HOME / ".env.sample").read_text(), re.M))
    settings |= {alias.upper() for alias in ALIASES.values()}
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)(?:=.*?)?`", (HOME / page).read_text()))

    assert named
    assert named <= settings


def test_the_index_of_decisions_is_complete() -> None:
    folder = HOME / "docs/adr"
    decisions = sorted(file for file in folder.glob("*.md") if file.name != "README.md")
    listed = re.findall(r"^\| \[(\d{4})\]\((.+?)\) \| (.+?) \|$", (folder / "README.md").read_text(), re.M)
    told = [
        (file.name[:4], file.name, file.read_text().split("\n", 1)[0].removeprefix(f"# {file.name[:4]} "))
        for file in decisions
    ]

    assert listed == told
    assert [number for number, _, _ in told] == [f"{n:04}" for n in range(1, len(told) + 1)]
    for file in decisions:
        assert re.findall(r"^\*\*(\w+)\.\*\*", file.read_text(), re.M)[:3] == ["Context", "Decision", "Price"]


def test_the_architecture_page_tells_the_order_that_is_enforced() -> None:
    (told,) = blocks((HOME / "docs/architecture.md").read_text(), "text")

    assert [set(line.split()) for line in told.splitlines()] == ORDER
