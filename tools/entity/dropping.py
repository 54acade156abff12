"""Take an entity away: what is still as it was written goes, what was edited stays."""

import re
from pathlib import Path

from alembic.script import ScriptDirectory

from api.db.migrations import configuration
from api.models.base import tables
from tools.entity.plan import check_entity
from tools.entity.staging import digest, generate_client, staged
from tools.entity.targets import snake
from tools.entity.words import Refused
from tools.generate.files import HOME

NOTED = re.compile(r"^((?:api|tests)/\S+\.py) ([0-9a-f]{12})$", re.M)
COMMAND = "python -m api {} {}"


def written(name: str) -> dict[str, str]:
    """The files of an entity, each as it was written last, from the notes in its migrations."""
    found: dict[str, str] = {}
    for script in reversed([*ScriptDirectory.from_config(configuration()).walk_revisions()]):
        note = script.module.__doc__ or ""
        if re.search(rf"^{COMMAND.format('drop-entity', name)}\b", note, re.M):
            found = {}
        elif re.search(rf"^{COMMAND.format('(?:entity|field)', rf'(?:.* )?{name}')}(?: |$)", note, re.M):
            found |= dict(NOTED.findall(note))
    return {path: text for path, text in found.items() if (HOME / path).exists()}


def users(path: str, others: set[str]) -> list[str]:
    """The files that import the model, besides its own."""
    module = f"from api.models.{Path(path).stem} import"
    files = [*(HOME / "api").rglob("*.py"), *(HOME / "tests").glob("*/test_*.py")]
    names = {str(file.relative_to(HOME)) for file in files if module in file.read_text(encoding="utf-8")}
    return sorted(names - others)


def drop(name: str, *, force: bool, is_dry: bool) -> str:
    check_entity(name)
    noted = written(name)
    if not noted:
        raise Refused(
            f"No migration says that the command `entity` has written {name}: delete its files by hand."
        )
    edited = [path for path, was in noted.items() if digest((HOME / path).read_text(encoding="utf-8")) != was]
    model = f"api/models/{snake(name)}.py"
    gone = [path for path in noted if force or path not in edited]
    kept = [path for path in noted if path not in gone]
    if model in gone and (needing := users(model, {*gone})):
        if not set(needing) <= set(kept):
            others = ", ".join(one for one in needing if one not in kept)
            raise Refused(f"{name} is needed by {others}: take these away first.")
        gone.remove(model)
        kept.append(model)
    table = next((str(one.__tablename__) for one in tables() if one.__name__ == name), "")
    with staged() as stage:
        for path in gone:
            stage.delete(path)
        migration = (
            stage.migrate(f"drop {snake(name).replace('_', ' ')}", _tables(name, table))
            if model in gone
            else None
        )
        if migration:
            stage.complete(migration, gone)
            stage.note(migration, COMMAND.format("drop-entity", name), [])
        stage.generate()
        if is_dry:
            return stage.diff()
        stage.apply()
    generate_client()
    lines = [f"Deleted {path}" for path in gone] + [f"Wrote {migration}" for _ in [migration] if migration]
    lines += [
        f"Left {path}: it was edited" + ("" if path in edited else ", or what was edited needs it")
        for path in kept
    ]
    return "\n".join([*lines, *(["--force deletes these too."] if kept else [])])


def _tables(name: str, table: str) -> set[str]:
    """The table of the entity, and those of its links."""
    links = {str(one.__tablename__) for one in tables() if one.__module__ == f"api.models.{snake(name)}"}
    return {table, *links}
