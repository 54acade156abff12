"""What the tables hold before each case."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.machinery.ordinary_db.extras import EXTRAS
from tests.machinery.ordinary_db.kinds import KINDS

AT = datetime(2020, 5, 1, 12, tzinfo=UTC)
Rows = dict[str, list[dict[str, Any]]]


def id_of(number: int) -> UUID:
    return UUID(int=number)


def _rows(names: str, *values: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [dict(zip(names.split(), one, strict=True)) for one in values]


def _entities(owner: Any, names: str, *values: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    for number, *others in values:
        fields = dict(zip(names.split(), others, strict=True))
        yield {"id": id_of(number), "owner_id": owner, "created_at": AT, "updated_at": AT} | fields


def seeds(people: list[Any]) -> Rows:
    ada, bob = people
    return _tutorial() | _mapped() | _made() | _ladders(ada, bob) | _extras(ada) | _kinds(ada)


def _tutorial() -> Rows:
    return {
        "ordinary_team": _rows(
            "id name headquarters",
            (1, "Preventers", "Sharp Tower"),
            (2, "Z-Force", "Sister Margaret's Bar"),
            (3, "Nobody", "Nowhere"),
        ),
        "ordinary_hero": _rows(
            "id name secret_name age team_id",
            (1, "Deadpond", "Dive Wilson", None, 2),
            (2, "Spider-Boy", "Pedro Parqueador", None, 1),
            (3, "Rusty-Man", "Tommy Sharp", 48, 1),
            (4, "Tarantula", "Natalia Roman-on", 32, 1),
            (5, "Black Lion", "Trevor Challa", 35, None),
            (6, "Captain North America", "Esteban Rogelios", 93, 1),
        ),
        "ordinary_mission": _rows("id headline", (1, "Save the cat"), (2, "Save the world")),
        "ordinary_heromission": _rows(
            "hero_id mission_id is_training", (1, 1, True), (1, 2, False), (2, 2, False), (3, 2, True)
        ),
        "ordinary_power": _rows("id name", (1, "Jokes"), (2, "Webs"), (3, "Armour")),
        "ordinary_heropower": _rows("hero_id power_id", (1, 1), (2, 1), (2, 2)),
        "ordinary_album": _rows("id title", (1, "First"), (2, "Second")),
        "ordinary_track": _rows("id title album_id", (1, "One", 1), (2, "Two", 1), (3, "Three", 2)),
        "ordinary_shelf": _rows("id place", (1, "Hall"), (2, "Attic")),
        "ordinary_book": _rows("id title shelf_id", (1, "Red", 1), (2, "Blue", 1), (3, "Grey", None)),
        "ordinary_author": _rows("id name", (1, "Sappho"), (2, "Basho"), (3, "Nemo")),
        "ordinary_poem": _rows("id title author_id", (1, "Ode", 1), (2, "Moon", 1), (3, "Frog", 2)),
        "ordinary_prize": _rows("id name author_id", (1, "Laurel", 1), (2, "Lyre", 1), (3, "Brush", 2)),
        "ordinary_node": _rows(
            "id name parent_id", (1, "root", None), (2, "left", 1), (3, "right", 1), (4, "leaf", 2)
        ),
    }


def _mapped() -> Rows:
    return {
        "ordinary_employee": _rows(
            "id kind name", (1, "engineer", "Grace"), (2, "manager", "Otto"), (3, "employee", "Eve")
        ),
        "ordinary_engineer": _rows("id language", (1, "COBOL")),
        "ordinary_manager": _rows("id budget", (2, 1000)),
        "ordinary_vehicle": _rows(
            "id kind name doors load", (1, "car", "Beetle", 2, None), (2, "truck", "Unimog", None, 3000)
        ),
        "ordinary_place": _rows(
            "id name x y story secret",
            (1, "Ithaca", 3, 4, "Long ago", "a horse"),
            (2, "Troy", 5, 6, "War", "wood"),
        ),
        "ordinary_tag": _rows("id name place_id", (1, "island", 1), (2, "home", 1), (3, "city", 2)),
        "ordinary_worker": _rows(
            "id first_name last_name notes boss_id remarks",
            (1, "Ann", "Archer", "first", None, "the boss"),
            (2, "Ben", "Baker", "", 1, None),
            (3, "Cid", "Cook", "", 1, None),
        ),
    }


def _made() -> Rows:
    return {
        "ordinary_made": _rows(
            "id name by_field by_column by_sql by_server at", (1, "seed", 1, "c", 2, "s", AT)
        ),
        "ordinary_changed": _rows("id name number by_python by_sql", (1, "seed", 1, None, None)),
        "ordinary_numbered": _rows("id name", (1, "seed")),
        "ordinary_queued": _rows("id name", (1, "seed")),
        "ordinary_versioned": _rows("id name version", (1, "seed", 1), (2, "other", 4)),
        "ordinary_bag": _rows(
            "id options items frozen", (1, {"a": 1, "deep": {"b": 2}}, [1, 2], {"c": 3}), (2, {}, [], {})
        ),
        "ordinary_listened": _rows(
            "id name email slug", (1, "Seed One", "one@example.com", "seed-one"), (2, "Seed Two", "", None)
        ),
    }


def _ladders(ada: Any, bob: Any) -> Rows:
    thing = "name price count remark"
    return {
        "ordinary_things": [
            *_entities(
                ada, thing, (101, "hat", Decimal("9.90"), 3, None), (102, "coat", Decimal(80), 1, "warm")
            ),
            *_entities(ada, thing, (103, "sock", Decimal("0.50"), 40, "one")),
            *_entities(bob, thing, (104, "cane", Decimal(5), 1, None)),
        ],
        "ordinary_folders": list(
            _entities(
                ada,
                "name parent_id",
                (201, "top", None),
                (202, "inner", id_of(201)),
                (203, "other", id_of(201)),
                (204, "empty", None),
            )
        ),
        "ordinary_papers": list(
            _entities(
                ada,
                "title folder_id",
                (211, "Letter", id_of(201)),
                (212, "Bill", id_of(201)),
                (213, "Plan", id_of(202)),
                (214, "Loose", None),
            )
        ),
        "ordinary_stamps": list(
            _entities(
                ada,
                "colour folder_id",
                (221, "red", id_of(201)),
                (222, "blue", id_of(201)),
                (223, "red", id_of(203)),
            )
        ),
        "ordinary_branches": [
            *_entities(bob, "name parent_id", (241, "trunk", None)),
            *_entities(
                ada,
                "name parent_id",
                (242, "bough", id_of(241)),
                (243, "twig", id_of(242)),
                (244, "ring", id_of(244)),
            ),
        ],
        "ordinary_leaves": list(
            _entities(
                ada,
                "text folder_id",
                (231, "oak", id_of(201)),
                (232, "elm", id_of(201)),
                (233, "ash", id_of(202)),
            )
        ),
    }


def _extras(ada: Any) -> Rows:
    return {
        str(model.__tablename__): [
            row | fields for row in _entities(ada, "name", (301, "seed one"), (302, "seed two"))
        ]
        for model, fields in EXTRAS.items()
    }


def _kinds(ada: Any) -> Rows:
    return {
        str(kind.model.__tablename__): list(
            _entities(ada, "value", *((1 + place, value) for place, value in enumerate([*kind.values, None])))
        )
        for kind in KINDS
    }
