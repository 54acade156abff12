"""Marked parts of shared files, which belong to a sample or to the benchmarks.

    # part: notes, tasks              <!-- part: benchmarks -->
    …                                 …
    # end of part                     <!-- end of part -->

A part is kept in a new project that has all that it names, or one of them: `# part: notes or tasks`. A part
called `without notes` is kept in one that has none of them. At the end of a line, `# part: notes` marks this
line.
"""

import re
from collections.abc import Iterable

BEGIN = re.compile(r"^\s*(?:#|//|<!--) part: (?P<without>without )?(?P<names>[\w, ]+?)(?: -->)?\s*$")
END = re.compile(r"^\s*(?:#|//|<!--) end of part(?: -->)?\s*$")
LINE = re.compile(r"\s*(?:#|//|<!--) part: (?P<without>without )?(?P<names>[\w, ]+?)(?: -->)?\s*$")


def is_wanted(found: re.Match[str], wanted: Iterable[str]) -> bool:
    names, some = {name.strip() for name in found["names"].split(",")}, found["names"].split(" or ")
    if found["without"]:
        return not names & set(wanted)
    return names <= set(wanted) or (len(some) > 1 and not set(wanted).isdisjoint(some))


def without_parts(text: str, wanted: Iterable[str]) -> str:
    """The text with the wanted parts, and without marks. Text without marks stays as it is."""
    wanted = set(wanted)
    lines: list[str] = []
    keeps = [True]
    for line in text.splitlines(keepends=True):
        if found := BEGIN.match(line):
            keeps.append(keeps[-1] and is_wanted(found, wanted))
        elif END.match(line):
            keeps.pop()
        elif keeps[-1]:
            if found := LINE.search(line):
                if not is_wanted(found, wanted):
                    continue
                line = line[: found.start()] + "\n"
            lines.append(line)
    if len(keeps) != 1:
        raise ValueError("A part has no end.")
    return "".join(lines)


def without_links(text: str, gone: Iterable[str]) -> str:
    """A page without the table rows and list items that name files or commands which are left out."""
    words = re.compile("|".join(re.escape(name) for name in gone) or r"(?!)")
    return "".join(
        line
        for line in text.splitlines(keepends=True)
        if not (line.startswith(("|", "- ")) and words.search(line))
    )
