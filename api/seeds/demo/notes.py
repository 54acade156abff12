"""Maria's notes."""

from collections.abc import Iterator

from api.models.note import Note
from api.seeds.demo import Demo

NOTES = {
    "Locker keys": "Spare keys hang behind the office door.",
    "Mats": "Prefers lane 2, and a whistle at the start.",
}


def notes(demo: Demo) -> Iterator[Note]:
    for title, content in NOTES.items():
        yield Note(title=title, content=content, owner_id=demo.user("maria"))


ROWS = {Note: notes}
