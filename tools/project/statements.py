"""Tests without those that are about samples which are left out.

A file of tests consists of statements. One that mentions such a sample is left out, and so is one that uses
what another that is left out defines, and what nobody but these has used.
"""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

IMPORT = re.compile(r"^import (?:type )?\{(?P<names>[^}]*)\} from (?P<source>\"[^\"]+\");$", re.S)
IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
OURS = "\0"  # a statement that is about a left-out sample uses this name, and nothing defines it


@dataclass
class Statement:
    text: str
    defines: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)
    source: str | None = None  # of an import
    is_test: bool = False
    gone: set[str] = field(default_factory=set)  # names of an import that are not there any more


def kept(statements: list[Statement], gone: Iterable[str] = ()) -> list[Statement] | None:
    """Without what is about a left-out sample; nothing if no test is left of those that were."""
    lost = {OURS, *gone, *(name for one in statements for name in one.gone)}
    left = [one for one in statements if not (one.source is None and OURS in one.uses)]
    lost |= {name for one in statements if one not in left for name in one.defines}
    while True:
        still = []
        for one in left:
            if one.source is not None:
                one.defines -= lost
                if one.defines or OURS not in one.uses:
                    still.append(one)
            elif not one.uses & lost:
                still.append(one)
        used = {name for one in still if one.source is None for name in one.uses - one.defines}
        before = {name for one in statements if one.source is None for name in one.uses - one.defines}
        unused = before - used
        for one in still:
            if one.source is not None:
                one.defines -= unused
        useful = [one for one in still if one.is_test or not one.defines or one.defines - unused]
        useful = [one for one in useful if one.source is None or one.defines]
        lost |= {name for one in left if one not in useful and one.source is None for name in one.defines}
        if len(useful) == len(left):
            break
        left = useful
    if any(one.is_test for one in statements) and not any(one.is_test for one in left):
        return None
    return left


# Python


def python(text: str, about: re.Pattern[str], exact: set[str]) -> list[Statement]:
    lines = text.splitlines(keepends=True)
    found, end = [], 0
    for node in ast.parse(text).body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))]) - 1
        last = node.end_lineno or node.lineno
        if first < end:
            continue  # on one line with the one before
        one = Statement("".join(lines[end:last]))
        _describe(node, one, about, exact)
        found.append(one)
        end = last
    return [*found, Statement("".join(lines[end:]))]


def _describe(node: ast.stmt, one: Statement, about: re.Pattern[str], exact: set[str]) -> None:
    if isinstance(node, ast.ImportFrom):
        one.source = node.module or ""
        one.defines = {alias.asname or alias.name for alias in node.names}
        whole = {alias.asname or alias.name: f"{one.source}.{alias.name}" for alias in node.names}
        ours = {name for name, path in whole.items() if about.search(path)}
        if about.search(f"{one.source}."):
            ours = set(one.defines)
        one.gone = ours
        one.defines -= ours
        one.uses = {OURS} if not one.defines else set()
        return
    if isinstance(node, ast.Import):
        one.source = ""
        one.defines = {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        return
    documents = {
        id(part.body[0].value)
        for part in ast.walk(node)
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and isinstance(part.body[0], ast.Expr)
    }
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            one.uses.add(part.id)
        elif isinstance(part, ast.arg):
            one.uses.add(part.arg)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and id(part) not in documents:
            one.uses |= {OURS} if about.search(part.value) or part.value in exact else set()
            if part.value.isidentifier():
                one.uses.add(part.value)  # a fixture that is named
    one.defines = _defined(node)
    one.uses |= {OURS} if about.search(" ".join(one.defines)) else set()
    names = [getattr(node, "name", "")]
    one.is_test = bool(names[0].startswith(("test_", "Test")))


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {part.id for one in targets if one for part in ast.walk(one) if isinstance(part, ast.Name)}


def write_python(left: list[Statement]) -> str:
    """The text, with the names that are still imported."""
    parts = []
    for one in left:
        text = one.text
        if one.source is not None and "from " in text:
            node = next(part for part in ast.parse(text).body if isinstance(part, ast.ImportFrom))
            names = [alias for alias in node.names if (alias.asname or alias.name) in one.defines]
            if len(names) < len(node.names):
                before = text[: text.index("from ")]
                said = ", ".join(f"{a.name} as {a.asname}" if a.asname else a.name for a in names)
                text = f"{before}from {node.module} import {said}\n"
        parts.append(text)
    return "".join(parts)


# TypeScript, as it is formatted here: what belongs to a statement is indented, or closes it


def typescript(text: str, about: re.Pattern[str], exact: set[str]) -> list[Statement]:
    quoted = "|".join(f'"{word}"' for word in sorted(exact))
    mention = re.compile(f"{about.pattern}|{quoted}" if quoted else about.pattern)
    chunks: list[str] = []
    is_open = False
    for line in text.splitlines(keepends=True):
        begins = not line[0].isspace() and line[0] not in "})]*`" and not is_open
        if begins or not chunks:
            chunks.append("")
        chunks[-1] += line
        is_open = line.startswith(("//", "/*")) if begins else is_open and not line[0].isspace()
    return [_typescript(chunk, mention) for chunk in chunks]


def _typescript(chunk: str, mention: re.Pattern[str]) -> Statement:
    one = Statement(chunk)
    code = re.sub(r"^\s*(?://[^\n]*|/\*.*?\*/)$", "", chunk, flags=re.M | re.S).strip()
    if found := IMPORT.match(code):
        one.source = found["source"]
        names = [name.split(" as ")[-1].split()[-1] for name in found["names"].split(",") if name.strip()]
        one.gone = {name for name in names if mention.fullmatch(name)}
        one.defines = {*names} - one.gone
        one.uses = {OURS} if not one.defines else set()
        return one
    head = re.match(r"(?:export )?(?:async )?(?:const|let|function|class|interface|type) (\w+)", code)
    one.defines = {head[1]} if head else set()
    one.uses = set(IDENTIFIER.findall(code)) | ({OURS} if mention.search(code) else set())
    one.is_test = code.startswith(("test", "describe"))
    return one


def write_typescript(left: list[Statement]) -> str:
    parts = []
    for one in left:
        text = one.text
        if one.source is not None and (found := IMPORT.search(text.strip())):
            names = [name.strip() for name in found["names"].split(",") if name.strip()]
            some = [name for name in names if name.split(" as ")[-1].split()[-1] in one.defines]
            if len(some) < len(names):
                wide = "import { " + ", ".join(some) + f" }} from {one.source};\n"
                text = wide + ("\n" if text.endswith("\n\n") else "")
        parts.append(text)
    return "".join(parts)
