"""The name and the title of a new project, in place of ours."""

import keyword
import re

OURS, OUR_TITLE = "onefold", "Onefold"
LONGEST = 20
NAME = re.compile(r"[a-z][a-z0-9]+")
TAKEN = {
    *("alembic", "api", "bench", "clients", "docs", "postman", "tests", "tools"),  # folders
    *("postgres", "public", "template0", "template1", "user", "users", "root", "admin"),  # of databases
    *("client", "index", "session", "live", "mocks", "window", "default", "function", "export", "new"),
    *("var", "let", "const", "delete", "enum", "extends", "null", "super", "switch", "this", "throw"),
    *("void", "case", "catch", "debugger", "do", "instanceof", "package", "private", "protected", "static"),
    *("test", "typeof"),
}
TITLE = re.compile(r"[A-Za-z0-9][\w .&-]*", re.A)


class WrongArguments(Exception):
    """One sentence that says what to do."""


def check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        wanted = re.sub(r"[^a-z0-9]", "", name.lower()).lstrip("0123456789")
        hint = f", such as {wanted[:LONGEST]}" if NAME.fullmatch(wanted) else ""
        said = "A name has only lower-case letters and digits, and begins with a letter"
        raise WrongArguments(f"{said}{hint}.")

    if len(name) > LONGEST:
        raise WrongArguments(f"A name has at most {LONGEST} characters.")
    if name in TAKEN or keyword.iskeyword(name):
        raise WrongArguments(f"The name {name} is taken by something in the project. Choose another one.")
    if name == OURS:
        raise WrongArguments(f"The name {name} is that of this project. Choose another one.")


def check_title(title: str) -> None:
    if not TITLE.fullmatch(title) or title != title.strip() or len(title) > 40:
        raise WrongArguments(
            "A title has at most 40 letters, digits, spaces, dots, hyphens and &. "
            "It begins with a letter or a digit."
        )


def renamed(text: str, name: str, title: str) -> str:
    """The text with the new names. The licence keeps its authors."""
    return text.replace(OUR_TITLE, title).replace(OURS, name)
