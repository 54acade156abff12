"""The command lines of `python -m api entity`, `drop-entity` and `field`."""

import argparse
import shlex
import sys
from collections.abc import Sequence
from typing import NoReturn

from tools.entity import adopting, dropping, fields, writing
from tools.entity.words import Refused

ENTITY = """
examples:
  python -m api entity Customer name:str city:str:optional:index
  python -m api entity Invoice number:str:unique total:money due_on:date:optional status:draft,sent,paid \\
      customer:Customer --live --soft-delete
  python -m api entity InvoiceLine text:str amount:money:max=1000 --parent Invoice
  python -m api entity Contract title:str --owner team --bulk
  python -m api entity Price name:str:unique amount:money --public --write prices:write
  python -m api entity Invoice            (api/models/invoice.py exists: writes only the rest)

types:     str text int bool float money date datetime json email url uuid
           draft,sent,paid     an enum, whose first value is the default
           Customer            a reference: customer_id in, a summary of the customer out
options:   optional unique index max=40 min=0 default=…
"""
DROP = """
examples:
  python -m api drop-entity Invoice
  python -m api drop-entity Invoice --dry-run
"""
FIELD = """
examples:
  python -m api field Invoice paid_at:datetime:optional
  python -m api field Task priority:int:default=0:max=9 place:str:optional
"""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message[:1].upper()}{message[1:]}: see {self.prog} --help.")


def parser(command: str, said: str, examples: str) -> Parser:
    kind = argparse.RawDescriptionHelpFormatter
    made = Parser(prog=f"python -m api {command}", description=said, epilog=examples, formatter_class=kind)
    made.add_argument("name", metavar="Entity", help="its name, such as Invoice or BookingSlot")
    made.add_argument("--dry-run", action="store_true", help="print the difference, and write nothing")
    return made


def entity_parser() -> Parser:
    made = parser(
        "entity", "Write an entity: model, router, migration, test, example data, documents.", ENTITY
    )
    made.add_argument("fields", nargs="*", metavar="field:type:option", help="such as number:str:unique")
    made.add_argument("--owner", choices=["user", "team"], help="whose the rows are; without it, of a user")
    made.add_argument("--public", action="store_true", help="everybody reads the rows, also without a token")
    made.add_argument("--write", metavar="PERMISSION", help="rows of nobody: this permission changes them")
    made.add_argument(
        "--parent", metavar="Post", help="rows within the rows of another entity, in nested routes"
    )
    made.add_argument(
        "--many", metavar="Tag", action="append", default=[], help="link rows of another entity"
    )
    made.add_argument("--live", action="store_true", help="send live events")
    made.add_argument("--soft-delete", action="store_true", help="move deleted rows to a trash")
    made.add_argument(
        "--bulk", action="store_true", help="create, change and delete many rows in one request"
    )
    return made


def run(words: Sequence[str]) -> str:
    """What a command says when it is done."""
    command, *given = words
    if command == "entity":
        arguments = entity_parser().parse_intermixed_args(given)
        line = shlex.join(["python", "-m", "api", *(one for one in words if one != "--dry-run")])
        return writing.write(adopting.plan_of(arguments), line, is_dry=arguments.dry_run)
    if command == "drop-entity":
        made = parser("drop-entity", "Take an entity away that `entity` has written.", DROP)
        made.add_argument("--force", action="store_true", help="delete also what was edited since")
        arguments = made.parse_args(given)
        return dropping.drop(arguments.name, force=arguments.force, is_dry=arguments.dry_run)
    made = parser("field", "Add fields to an entity, and write the migration.", FIELD)
    made.add_argument(
        "fields", nargs="+", metavar="field:type:option", help="such as paid_at:datetime:optional"
    )
    arguments = made.parse_intermixed_args(given)
    line = shlex.join(["python", "-m", "api", *(one for one in words if one != "--dry-run")])
    return fields.add(arguments.name, arguments.fields, line, is_dry=arguments.dry_run)


def main(words: Sequence[str]) -> int:
    try:
        print(run(words))  # noqa: T201  the command's output
    except Refused as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201  as above
        return 2
    return 0
