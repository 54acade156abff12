"""Examples of what is sent and answered: put together from the schemas, with words from one table.

A new field needs no line here, and gets one when what its type suggests is not what people would write.
"""

import hashlib
import re
from typing import Any

from api.openapi.schemas import REF

# By field, or by schema and field where one name means several things.
WORDS: dict[str, Any] = {
    "username": "ada",
    "first_name": "Ada",
    "last_name": "Okafor",
    "full_name": "Ada Okafor",
    "child_name": "Zuri",
    "child_sex_assigned_at_birth": "female",
    "child_dob": "2019-04-02",
    "email": "ada@example.com",
    "password": "correct horse battery",
    "current_password": "the horse until now",
    "new_password": "another horse entirely",
    "token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl",
    "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl",
    "refresh_token": "pXr3mQ0sYkV7n2TfLw9cJd5hGb8aZeKu1oRiNvCqMtE",
    "expires_in": 900,
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "ip_address": "203.0.113.7",
    "category": "Reading",
    "version": "0.1.0",
    "created_at": "2030-05-02T08:30:00Z",
    "updated_at": "2030-05-02T08:30:00Z",
    "joined_at": "2030-05-03T09:15:00Z",
    "enrolled_at": "2030-05-03T09:15:00Z",
    "last_used_at": "2030-05-13T18:20:00Z",
    "exported_at": "2030-05-13T18:20:00Z",
    "starts_at": "2030-05-14T09:00:00Z",
    "ends_at": "2030-05-14T10:00:00Z",
    "expires_at": "2030-06-13T18:20:00Z",
    "deadline": "2030-05-20T17:00:00Z",
    "occurred_at": "2030-05-14T09:40:00Z",
    "published_at": "2030-05-01T07:00:00Z",
    "capacity": 12,
    "available": 9,
    "enrolled_count": 3,
    "member_count": 4,
    "comment_count": 2,
    "change": -2,
    "Booking.customer_name": "Ada Okafor",
    "Booking.notes": "We may be five minutes late.",
    "BookingSlot.title": "Speech therapy",
    "BookingSlot.location": "Room 2",
    "Comment.body": "We will be there!",
    "Course.title": "First words",
    "Course.description": "Songs and picture books for children from one to three.",
    "Group.name": "Saturday families",
    "Group.description": "We meet at ten, whatever the weather.",
    "Message.title": "The house is closed on Monday",
    "Message.data": {"day": "2030-05-20"},
    "Note.title": "Words to practise",
    "Note.content": "Ball, boat, bird.",
    "Notification.title": "Your seat in Speech therapy is booked.",
    "Notification.entity": "bookings",
    "Notification.data": {"seats": 1},
    "Post.title": "Summer party",
    "Post.body": "Bring cake. We have lemonade.",
    "Product.name": "Picture cards",
    "Product.description": "Sixty cards with animals and what they say.",
    "Product.price": "12.50",
    "Product.quantity": 40,
    "Ready.degraded": [],
    "Record.kind": "session",
    "Record.title": "First session",
    "Record.data": {"words": 42, "mood": "cheerful", "games": ["cards", "singing"]},
    "Role.name": "clerk",
    "Role.description": "Answers the phone.",
    "Role.permissions": ["users:read"],
    "RoleSummary.name": "user",
    "RoleSummary.permissions": [],
    "Task.description": "Read the new picture book",
    "TaskUpdate.status": "Done",
    "User.role": "user",
    "User.avatar_url": "/api/v1/avatars/019a87bb-e879-7c7a-85f5-784a70384bb4",
}
FILES = ("text/csv", "image/", "multipart/")  # JSON cannot show what is in a file
THE_SAME = {"owner": "user", "author": "user", "instructor": "user", "slot": "bookingslot", "entity": "booking"}
STEM = re.compile(r"(Create|AdminUpdate|Update|Register|Public|Row|Summary|Page)$")


def illustrate(document: dict[str, Any]) -> None:
    """Give every body and every answer an example unless it is a file, and every problem the one that it is."""
    schemas: dict[str, Any] = document["components"]["schemas"]
    for methods in document["paths"].values():
        for operation in methods.values():
            answers = (answer for status, answer in operation["responses"].items() if status < "300")
            for place in (operation.get("requestBody", {}), *answers):
                for kind, media in place.get("content", {}).items():
                    if not kind.startswith(FILES):
                        media["example"] = _example(media["schema"], schemas)


def _example(schema: dict[str, Any], schemas: dict[str, Any], owner: str = "", field: str = "") -> Any:
    """What this schema could hold, as a field of the schema that owns it."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].removeprefix(REF)]
        if "properties" in schema:
            return _object(schema, schemas)
    if "const" in schema:
        return schema["const"]
    for name in (f"{owner}.{field}", f"{STEM.sub('', owner)}.{field}", field):
        if name in WORDS and WORDS[name] in schema.get("enum", [WORDS[name]]):
            return WORDS[name]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return _example(schema[choice][0], schemas, owner, field)
    return _plain(schema, schemas, owner, field)


def _object(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    name, fields = schema["title"], schema["properties"]
    if name.endswith("Update"):  # one field is enough
        fields = dict(list(fields.items())[-1:])
    made = {field: _example(part, schemas, name, field) for field, part in fields.items()}
    return {field: value for field, value in made.items() if value is not None or field in schema.get("required", ())}


def _plain(schema: dict[str, Any], schemas: dict[str, Any], owner: str, field: str) -> Any:
    """What the type alone suggests."""
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if schema.get("default") is not None or "enum" in schema:
        return schema.get("default", schema.get("enum", [None])[0])
    if schema.get("format") == "uuid":
        return _id(STEM.sub("", owner).lower() if field == "id" else field.removesuffix("_id"))
    if "null" in kinds:
        return None
    if kind == "array":
        return [_example(schema["items"], schemas, owner, field)]
    if kind == "string":
        return WORDS["created_at"] if schema.get("format") == "date-time" else field.replace("_", " ")
    return {"integer": schema.get("minimum", 1), "boolean": True, "object": {}}[kind]


def _id(what: str) -> str:
    """The same made-up id wherever the same thing is meant."""
    made = hashlib.sha256(THE_SAME.get(what, what).encode()).hexdigest()
    return f"019a{made[:4]}-{made[4:8]}-7{made[8:11]}-8{made[11:14]}-{made[14:26]}"
