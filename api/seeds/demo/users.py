"""Users: two of staff, and six parents."""

from collections.abc import Iterator
from typing import Any

from api.models.role import STAFF, USER
from api.models.user import User
from api.seeds.demo import Demo

PEOPLE = {  # name: role, first name, last name, child
    "maria": (STAFF, "Maria", "Keller", None),
    "tom": (STAFF, "Tom", "Okafor", None),
    "lena": (USER, "Lena", "Brandt", "Mats"),
    "noah": (USER, "Noah", "Silva", "Ines"),
    "sofia": (USER, "Sofia", "Rossi", "Luca"),
    "emil": (USER, "Emil", "Novak", "Tereza"),
    "aisha": (USER, "Aisha", "Rahman", "Sami"),
    "hugo": (USER, "Hugo", "Martin", "Chloé"),
}


def users(demo: Demo) -> Iterator[User]:
    for name, (role, first, last, child) in PEOPLE.items():
        names: dict[str, Any] = {
            "username": name,
            "first_name": first,
            "last_name": last,
            "child_name": child,
        }
        account: dict[str, Any] = {"email": f"{name}@onefold.example", "email_verified": True}
        yield User(**names, **account, hashed_password=demo.hashed_password, role_id=demo.roles[role])


ROWS = {User: users}
