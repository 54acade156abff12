"""Open and closed groups, and their members."""

from collections.abc import Iterator

from api.models.group import Group, GroupMember
from api.seeds.demo import Demo

GROUPS = {  # name: description, is_open, owner, other members
    "Saturday families": (
        "Breakfast and games, every first Saturday.",
        True,
        "maria",
        "lena noah sofia emil hugo",
    ),
    "Garden team": ("Takes care of the raised beds in the garden.", True, "emil", "aisha lena"),
    "Homework helpers": ("Volunteers only: rota and notes.", False, "tom", "sofia aisha"),
}


def groups(demo: Demo) -> Iterator[Group]:
    for name, (about, is_open, owner, _) in GROUPS.items():
        yield Group(name=name, description=about, is_open=is_open, owner_id=demo.user(owner))


def members(demo: Demo) -> Iterator[GroupMember]:
    for name, (_, _, owner, others) in GROUPS.items():
        group = demo.find(Group, name=name)
        for member in (owner, *others.split()):
            yield GroupMember(group_id=group.id, user_id=demo.user(member))


ROWS = {Group: groups, GroupMember: members}
