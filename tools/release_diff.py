"""Whether the document breaks clients of the released one, and the changelog is silent about it: `make openapi-diff`."""

import json
import re
import sys
from typing import Any

from tools.breaking import Break, breaks
from tools.generate.files import HOME

RELEASED = HOME / "docs/released/openapi.json"
CHANGELOG = HOME / "CHANGELOG.md"


def owned_up(changelog: str) -> set[str]:
    """What the Breaking section of Unreleased names in backticks: `TaskPublic.deadline`, or one half of that."""
    unreleased = re.search(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", changelog, re.M | re.S)
    section = re.search(r"^### Breaking\n(.*?)(?=^### |\Z)", unreleased[1] if unreleased else "", re.M | re.S)
    return set(re.findall(r"`([^`]+)`", section[1])) if section else set()


def unannounced(old: dict[str, Any], new: dict[str, Any], changelog: str) -> list[Break]:
    named = owned_up(changelog)
    return [one for one in breaks(old, new) if not {one.owner, one.part, one.name} & named]


def report(new: dict[str, Any]) -> str:
    """What breaks and is not announced, and what to do about it; nothing when all is well."""
    old = json.loads(RELEASED.read_text(encoding="utf-8"))
    found = unannounced(old, new, CHANGELOG.read_text(encoding="utf-8"))
    if not found:
        return ""
    return "\n".join(
        [
            f"Clients made for {old['info']['version']} would break, for front ends are built from openapi.json:",
            *(f"  - {one}" for one in found),
            "Keep what was there, beside the new if need be. If it has to go, own up to it: under `### Breaking` of Unreleased",
            f"in CHANGELOG.md, say what to do instead, and name it in backticks, like `{found[0].name}`.",
        ]
    )


if __name__ == "__main__":
    sys.exit(report(json.loads((HOME / "openapi.json").read_text(encoding="utf-8"))) or 0)
