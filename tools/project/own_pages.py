"""The pages that a new project has in place of ours: README, CHANGELOG and SECURITY."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parent / "pages"


def section(title: str, page: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    return found[1].strip("\n") if found else ""


def pages(ours: str, title: str, version: str, commit: str) -> dict[str, str]:
    """The text of each page; `ours` is our README, whose examples the new one keeps."""
    words = {
        "title": title,
        "version": version,
        "commit": commit[:12],
        "field": section("Add a field", ours),
        "entity": section("Add an entity", ours),
    }
    texts = {file.name: file.read_text(encoding="utf-8") for file in TEMPLATES.glob("*.md")}
    return {
        name: re.sub(r"{(\w+)}", lambda found: words.get(found[1], found[0]), text)
        for name, text in texts.items()
    }
