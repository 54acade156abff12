"""Which files belong to a sample, to the benchmarks, or to this repository alone. All others are the house.

A sample is an entity, or a few, that shows how entities are written. Files that several samples need name all
of them. In shared files, marked parts name what they belong to: see `parts.py`.
"""

import re
from collections.abc import Iterable
from fnmatch import fnmatch
from typing import NamedTuple

HOUSE, BENCHMARKS, ORIGIN = "house", "benchmarks", "origin"
MADE = "made"  # parts that only new projects need
CHILD = "child"  # the fields of users about their child


class Entity(NamedTuple):
    singular: str
    plural: str

    @property
    def path(self) -> str:
        return self.plural.replace("_", "-")

    @property
    def title(self) -> str:
        return self.singular.title().replace("_", "")

    @property
    def files(self) -> list[str]:
        return [
            f"api/models/{self.singular}.py",
            f"api/routers/{self.plural}.py",
            f"api/seeds/demo/{self.plural}.py",
            f"clients/typescript/src/mocks/entities/{self.plural}.ts",
            f"tests/resources/test_{self.plural}.py",
        ]

    @property
    def words(self) -> str:
        """What mentions it, in any language: a path, an operation, a schema, an event."""
        title, plural_title = self.title, self.plural.title().replace("_", "")
        verbs = "create|list|get|update|delete|cancel|export|put|read"
        schemas = "Create|Update|Public|Page|Event|Row|Status|Permission|Query|Filters|NotificationKind|Code"
        return (
            rf"/{self.path}(?!\.py)(?![\w-])|(?<![\w(]){self.singular}\.(?:created|updated|deleted|confirmed|cancelled)\b"
            rf"|(?<![\w.])(?:{verbs})_(?:{self.singular}|{self.plural})\b"
            rf"|\b(?:{verbs})(?:{title}|{plural_title})\b|\b{title}(?:{schemas})\b"
            rf"|\bapi[./](?:models|routers|flows|seeds[./]demo)[./](?:{self.singular}|{self.plural})\b"
        )


class Sample(NamedTuple):
    about: str
    entities: tuple[Entity, ...]
    files: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


SAMPLES = {
    "tasks": Sample("tasks with a deadline and a status", (Entity("task", "tasks"),), exact=("tasks",)),
    "notes": Sample("notes of their own", (Entity("note", "notes"),), exact=("notes",)),
    "products": Sample(
        "products with a price and a stock",
        (Entity("product", "products"),),
        words=(r"\bout_of_stock\b", r"\bproducts:write\b", r"\bmake_product\b"),
        exact=("products",),
    ),
    "posts": Sample(
        "posts and their comments",
        (Entity("post", "posts"), Entity("comment", "comments")),
        words=(r"\bposts:moderate\b", r"\bmake_post\b"),
        exact=("posts", "comments"),
    ),
    "groups": Sample(
        "open and closed groups with members",
        (Entity("group", "groups"),),
        words=(r"\bgroups:write\b", r"\bgroup\.joined\b", r"\bmake_group\b", r"\bgroup_members\b"),
    ),
    "courses": Sample(
        "courses with a capacity and participants",
        (Entity("course", "courses"),),
        words=(r"\bcourses:write\b", r"\bcourse\.enrolled\b", r"\bmake_course\b"),
        exact=("courses",),
        needs=("groups",),
    ),
    "bookings": Sample(
        "slots and their bookings",
        (Entity("booking_slot", "booking_slots"), Entity("booking", "bookings")),
        files=("api/flows/bookings.py",),
        words=(
            r"\bslot_(?:full|past)\b",
            r"\b(?:slots|bookings):(?:read|write)\b",
            r"\bmake_(?:slot|booking)\b",
            r"\bapi[./]flows[./]bookings\b",
        ),
        exact=("bookings", "booking_slots"),
    ),
    "records": Sample(
        "records about users, with free data",
        (Entity("record", "records"),),
        words=(r"\brecords:(?:read|write)\b", r"\bmake_record\b"),
        needs=("bookings",),
    ),
    "contacts": Sample("contacts of a team", (Entity("contact", "contacts"),), exact=("contacts",)),
}
MEASURED = ("notes", "groups", "records")  # the benchmarks measure their routes
SHARED = {  # files that several samples need
    "api/flows/capacity.py": ("bookings", "courses"),  # either of them
}
NEED_ALL = {
    "docs/tour.md": tuple(SAMPLES),
    "tests/project/test_tour.py": tuple(SAMPLES),
}
PATTERNS = {
    BENCHMARKS: (
        "bench/*",
        "docs/benchmarks.md",
        "docs/benchmarks.svg",
        "docs/ablation.md",
    ),
    ORIGIN: (
        "README.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "alembic/versions/*",
        "docs/TUTORIAL.md",
        "docs/new_project.md",
        "docs/one-model.svg",
        "docs/overview.md",
        "docs/screenshots/*",
        "tools/project/*",
        "tests/project/test_new.py",
        "tests/project/test_tutorial.py",
        "tests/project/test_upgrade.py",
    ),
}
ALSO_HOUSE = {f"tools/project/{name}.py" for name in ("__init__", "origin", "upgrade")}


def owners(file: str) -> set[str]:
    """What the file belongs to: one of HOUSE, BENCHMARKS, ORIGIN, or samples."""
    if file in ALSO_HOUSE:
        return {HOUSE}
    found = {name for name, sample in SAMPLES.items() if file in files_of(sample)}
    found |= {name for name, patterns in PATTERNS.items() if any(fnmatch(file, one) for one in patterns)}
    return found | set(SHARED.get(file, ())) | set(NEED_ALL.get(file, ())) or {HOUSE}


def files_of(sample: Sample) -> set[str]:
    return {*sample.files, *(file for entity in sample.entities for file in entity.files)}


def is_kept(file: str, wanted: Iterable[str]) -> bool:
    owned, wanted = owners(file), {HOUSE, *wanted}
    return owned <= wanted if file in NEED_ALL else bool(owned & wanted)


def with_needs(names: Iterable[str]) -> set[str]:
    """These samples, and those that they refer to."""
    found = set(names)
    for name in names:
        found |= {name, *(with_needs(SAMPLES[name].needs) if name in SAMPLES else ())}
    return found


def words_of(names: Iterable[str]) -> re.Pattern[str]:
    """What mentions one of these samples; nothing, without names."""
    said = [word for name in sorted(names) if name in SAMPLES for word in SAMPLES[name].words]
    said += [one.words for name in sorted(names) if name in SAMPLES for one in SAMPLES[name].entities]
    said += [r"\bchild_(?:name|dob|sex_assigned_at_birth)\b"] * (CHILD in names)
    return re.compile("|".join(said) or r"(?!)")


def exact_of(names: Iterable[str]) -> set[str]:
    return {word for name in names if name in SAMPLES for word in SAMPLES[name].exact}
