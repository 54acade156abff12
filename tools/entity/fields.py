"""Add fields to the Base of an entity, and write the migration."""

import ast
from typing import Any

from api.models.base import tables
from tools.entity import text_of_fields
from tools.entity.dropping import written
from tools.entity.plan import check_entity
from tools.entity.samples import sample
from tools.entity.staging import digest, generate_client, staged
from tools.entity.words import Field, Refused, field_of
from tools.generate.files import HOME


def add(name: str, words: list[str], command: str, *, is_dry: bool) -> str:
    check_entity(name)
    fields = [field_of(word) for word in words]
    model: Any = next((one for one in tables() if one.__name__ == name), None)
    if model is None:
        known = ", ".join(sorted(one.__name__ for one in tables()))
        raise Refused(f"There is no entity {name}: choose of {known}.")
    for one in fields:
        _check(one, model, [other.name for other in fields])
    path = str(model.__module__).replace(".", "/") + ".py"
    before = (HOME / path).read_text(encoding="utf-8")
    after = _with_fields(before, name, fields, path)
    was_noted = written(name).get(path) == digest(before)
    with staged() as stage:
        stage.write(path, after)
        stage.format(path, unused=False)
        message = f"{' and '.join(one.name for one in fields)} of {model.__tablename__}"
        migration = stage.migrate(message, {str(model.__tablename__)})
        if migration:
            stage.note(migration, command, [path] if was_noted else [])
        stage.generate()
        if is_dry:
            return stage.diff()
        stage.apply()
        lines = [f"Wrote {one}" for one in sorted(stage.changes)]
    has_client = generate_client()
    lines += [] if has_client else ["Then run make client, which needs Node."]
    body = ", ".join(f'"{one.name}": {sample(one, 0)!r}' for one in fields)
    return "\n".join(
        [
            *lines,
            "",
            f"Requests and responses have it now, such as {{{body}}}. make migrate applies the migration.",
        ]
    )


def _check(field: Field, model: Any, names: list[str]) -> None:
    if field.kind == "reference" or field.is_unique:
        said = "a router has to check it, so write it by hand"
        raise Refused(f"`{field.name}` is a reference or unique: {said}.")
    if field.name in dir(model) or names.count(field.name) > 1:
        raise Refused(f"{model.__name__} has {field.name} already: choose another name.")
    if field.is_required:
        said = f"write `{field.name}:{field.kind}:optional`, or give a default"
        raise Refused(f"Rows that exist have no value for `{field.name}`: {said}.")


def server_default(field: Field) -> str:
    """The value for rows that exist, as SQL."""
    if field.is_optional:
        return ""
    value = field.default
    match field.kind:
        case "enum":
            value = field.members[0]
        case "json":
            value = "{}"
        case "bool":
            return f'text("{str(value).lower()}")'
    if isinstance(value, str):
        quoted = value.replace("'", "''").replace(":", "\\:")
        return (
            f"text({chr(34) + chr(39) + quoted + chr(39) + chr(34)!s})"
            if '"' not in value
            else f"text({chr(39) * 3}'{quoted}'{chr(39) * 3})"
        )
    return f'text("{value}")'


def _with_fields(text: str, name: str, fields: list[Field], path: str) -> str:
    """The file, in which the Base has the fields and the enums stand above it."""
    body = ast.parse(text).body
    base = next((one for one in body if isinstance(one, ast.ClassDef) and one.name == f"{name}Base"), None)
    lines = text.splitlines(keepends=True)
    if base is None:
        raise Refused(f"{path} has no class {name}Base: add it, or write the field by hand.")
    columns = [
        one
        for one in base.body
        if isinstance(one, ast.AnnAssign) and "ClassVar" not in ast.unparse(one.annotation)
    ]
    at = (columns or base.body)[-1].end_lineno or 0
    made = [
        "    " + text_of_fields.line(name, one, is_open=False, server_default=server_default(one)) + "\n"
        for one in fields
    ]
    lines[at:at] = made
    top = base.lineno - 1 - len(base.decorator_list)
    lines[top:top] = [text_of_fields.enum(name, one) + "\n\n" for one in fields if one.kind == "enum"]
    imported = [one for one in body if isinstance(one, ast.Import | ast.ImportFrom)]
    after = imported[-1].end_lineno or 0
    known = {alias.asname or alias.name for one in imported for alias in one.names}
    lines[after:after] = [
        f"{one}\n"
        for one in _imports("".join(made) + "StrEnum" * any(one.kind == "enum" for one in fields), known)
    ]
    return "".join(lines)


def _imports(made: str, known: set[str]) -> list[str]:
    """The imports that the new lines need."""
    used = {
        one.id
        for one in ast.walk(ast.parse("class X:\n" + made.replace("StrEnum", "    StrEnum")))
        if isinstance(one, ast.Name)
    }
    found = []
    for line in text_of_fields.IMPORTS:
        module, _, names = line.partition(" import ")
        if wanted := [one for one in names.split(", ") if one in used - known]:
            found.append(f"{module} import {', '.join(wanted)}")
    return found
