"""Users: two of staff, and six others."""

from collections.abc import Iterator
from typing import Any

from api.models.role import STAFF, USER
from api.models.user import User
from api.seeds.demo import Demo

PEOPLE = {  # name: role, first name, last name
    "maria": (STAFF, "Maria", "Keller"),
    "tom": (STAFF, "Tom", "Okafor"),
    "lena": (USER, "Lena", "Brandt"),
    "noah": (USER, "Noah", "Silva"),
    "sofia": (USER, "Sofia", "Rossi"),
    "emil": (USER, "Emil", "Novak"),
    "aisha": (USER, "Aisha", "Rahman"),
    "hugo": (USER, "Hugo", "Martin"),
}
# part: child
CHILDREN = {
    "lena": "Mats",
    "noah": "Ines",
    "sofia": "Luca",
    "emil": "Tereza",
    "aisha": "Sami",
    "hugo": "Chloé",
}
# end of part


def users(demo: Demo) -> Iterator[User]:
    for name, (role, first, last) in PEOPLE.items():
        names: dict[str, Any] = {"username": name, "first_name": first, "last_name": last}
        names["child_name"] = CHILDREN.get(name)  # part: child
        account: dict[str, Any] = {"email": f"{name}@onefold.example", "email_verified": True}
        yield User(**names, **account, hashed_password=demo.hashed_password, role_id=demo.roles[role])


ROWS = {User: users}
