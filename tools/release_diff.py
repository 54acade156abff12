"""`make openapi-diff`: the changes that break clients of the last release and are not in the changelog."""

import json
import re
import sys
from typing import Any

from tools.breaking import Break, breaks
from tools.generate.files import HOME, RELEASED

CHANGELOG = HOME / "CHANGELOG.md"


def announced(changelog: str) -> set[str]:
    """What the Breaking section of Unreleased names in backticks: `BookPublic.title`, or a half of it."""
    unreleased = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", changelog, re.M | re.S)
    section = re.search(r"^### Breaking\n(.*?)(?=^### |\Z)", unreleased[1] if unreleased else "", re.M | re.S)
    return set(re.findall(r"`([^`]+)`", section[1])) if section else set()


def unannounced(old: dict[str, Any], new: dict[str, Any], changelog: str) -> list[Break]:
    named = announced(changelog)
    return [one for one in breaks(old, new) if not {one.owner, one.part, one.name} & named]


def report(new: dict[str, Any]) -> str:
    """What breaks and is not announced, and what to do about it; nothing if nothing breaks."""
    old = json.loads((HOME / RELEASED).read_text(encoding="utf-8"))
    found = unannounced(old, new, CHANGELOG.read_text(encoding="utf-8"))
    if not found:
        return ""
    return "\n".join(
        [
            f"openapi.json breaks clients of {old['info']['version']}:",
            *(f"  - {one}" for one in found),
            "Keep what was there, beside the new if need be. If it has to go, say what to do instead in",
            f"CHANGELOG.md, under `### Breaking` of Unreleased, and name it in backticks: `{found[0].name}`.",
        ]
    )


if __name__ == "__main__":
    sys.exit(report(json.loads((HOME / "openapi.json").read_text(encoding="utf-8"))) or 0)
