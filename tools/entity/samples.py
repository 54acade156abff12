"""Values for a field, as example data, tests and requests of a new entity show them."""

from decimal import Decimal
from typing import Any

from tools.entity.words import Field, limits

TEXTS = {
    "name": ("Riverside clinic", "Harbour library"),
    "title": ("Opening day", "Summer party"),
    "number": ("2030-001", "2030-002"),
    "code": ("A-1", "A-2"),
    "city": ("Hamburg", "Kiel"),
    "description": ("As agreed by telephone.", "To be continued."),
}
ANY = ("First", "Second")


def sample(field: Field, number: int) -> Any:
    """A valid value as JSON has it; the second one differs if the field can have two."""
    least, most = limits(field)
    match field.kind:
        case "str" | "text":
            text = TEXTS.get(field.name, ANY)[number]
            return text[:most].ljust(least, "x") if most > 1 else "ab"[number]
        case "int":
            return max(least, min(most, (3, 5)[number]))
        case "float":
            return max(least, min(most, (1.5, 2.5)[number]))
        case "money":
            return f"{max(least, min(most, (Decimal('12.5'), 80)[number])):.2f}"
        case "bool":
            return number == 0
        case "enum":
            return field.members[number]
        case "json":
            return {"weight": (3, 5)[number]}
    return {
        "date": ("2030-05-01", "2030-06-01"),
        "datetime": ("2030-05-01T09:00:00Z", "2030-06-01T09:00:00Z"),
        "email": ("desk@example.com", "office@example.com"),
        "url": ("https://example.com/one", "https://example.com/two"),
        "uuid": ("0192f3c4-5d6e-7a8b-9c0d-1e2f3a4b5c6d", "0192f3c4-5d6e-7a8b-9c0d-1e2f3a4b5c6e"),
    }[field.kind][number]
