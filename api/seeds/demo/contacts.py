"""Contacts of the teams."""

from collections.abc import Iterator

from api.models.contact import Contact, ContactStage
from api.models.team import Team
from api.seeds.demo import Demo

CONTACTS = [  # name, city, external id, stage, team, creator
    ("Riverside clinic", "Hamburg", "C-1042", ContactStage.customer, "Front desk", "maria"),
    ("Lindenhof primary school", "Hamburg", "C-1043", ContactStage.customer, "Front desk", "tom"),
    ("Harbour library", "Kiel", None, ContactStage.lead, "Front desk", "sofia"),
    ("Old mill day care", "Lübeck", "C-0977", ContactStage.former, "Front desk", "tom"),
    ("Nursery Sommer", "Kiel", None, ContactStage.lead, "Garden", "aisha"),
]


def contacts(demo: Demo) -> Iterator[Contact]:
    for name, city, external_id, stage, team, creator in CONTACTS:
        team_id, creator_id = demo.find(Team, name=team).id, demo.user(creator)
        yield Contact(
            name=name,
            city=city,
            external_id=external_id,
            stage=stage,
            team_id=team_id,
            creator_id=creator_id,
        )


ROWS = {Contact: contacts}
