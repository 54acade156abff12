"""A form: the fields of a body with what stands in them, and what is wrong with it."""

from collections.abc import Mapping
from typing import Any

from api.web.admin.bodies import JSON
from api.web.admin.client import Answer
from api.web.admin.document import Resource
from api.web.admin.fields import OMIT, YES, Field, fields_of
from api.web.admin.naming import linked
from api.web.admin.operation import Operation
from api.web.admin.pickers import options_of, title_at
from api.web.admin.visit import Refused, Visit

MANY, FILES = {"several", "references"}, {"file", "files"}
STALE = (
    "Somebody else has changed this meanwhile. Below each field stands what it is now. "
    "Save again to overwrite it."
)


class Form:
    def __init__(
        self,
        visit: Visit,
        resource: Resource,
        operation: Operation | None,
        row: Mapping[str, Any] | None = None,
    ) -> None:
        self.visit, self.row = visit, row
        self.media = operation.media if operation else JSON
        lists = visit.site.resources
        shown = {
            name: path for name, path in resource.references.items() if lists[path].listing.allows(visit.user)
        }
        self.fields = fields_of(visit.site, operation.body if operation else None, shown)
        self.shown = self._shown(row)
        self.errors: dict[str, list[str]] = {}
        self.now: dict[str, str] = {}  # what others have written meanwhile
        self.message = ""

    def _shown(self, row: Mapping[str, Any] | None) -> dict[str, list[str]]:
        return {
            one.name: one.shown(one.default if row is None else linked(row, one.name), self.visit.zone)
            for one in self.fields
        }

    def read(self) -> dict[str, Any]:
        """The body: of a new row all that is given, of another what has changed."""
        body: dict[str, Any] = {}
        sent = {name for name, _ in self.visit.form}
        for one in self.fields:
            if one.kind in FILES:
                self._read_files(one, body)
                continue
            if one.name not in sent and one.kind not in {*MANY, "bool"}:
                continue  # browsers leave out only what is not ticked
            given = [text.replace("\r\n", "\n") for text in self.visit.given(one.name)]
            if self.row is not None and _same(one, given, self.shown[one.name]):
                continue
            self.shown[one.name] = given
            try:
                value = one.read(given, self.visit.zone)
            except ValueError as error:
                self.errors[one.name] = [str(error)]
                continue
            is_default = self.row is None and value == one.default and not one.is_required
            if value is not OMIT and not is_default:
                body[one.name] = value
        return body

    def _read_files(self, one: Field, body: dict[str, Any]) -> None:
        chosen = self.visit.files(one.name)
        if chosen:
            body[one.name] = chosen if one.kind == "files" else chosen[0]
        elif one.is_required:
            self.errors[one.name] = ["Choose a file."]

    def refuse(self, answer: Answer) -> None:
        """Show what the API says, each message at its field."""
        if answer.code == "recent_sign_in_required":
            raise Refused(403, answer.message, confirm=self.visit.request.scope["path"])
        said, known = answer.field_errors, {one.name for one in self.fields}
        self.errors = {name: messages for name, messages in said.items() if name in known}
        others = [" ".join([f"{name}:", *said[name]]) for name in said if name not in known]
        self.message = " ".join(others).lstrip(": ") or ("" if self.errors else answer.message)

    def compare(self, current: Mapping[str, Any]) -> None:
        """Show what others have written since the row was read."""
        there, self.message = self._shown(current), STALE
        self.now = {
            one.name: " · ".join(there[one.name]).strip() or "empty"
            for one in self.fields
            if not _same(one, self.shown[one.name], there[one.name])
        }

    async def pickers(self) -> dict[str, list[tuple[str, str]]]:
        """The options of each reference: the first rows, and those that are chosen."""
        found = {}
        for one in self.fields:
            if one.kind in {"reference", "references"}:
                options = dict(await options_of(self.visit, one.list_path, ""))
                for id in self.shown[one.name]:
                    if id and id not in options:
                        options[id] = await title_at(self.visit, one.list_path, id)
                found[one.name] = list(options.items())
        return found


def _same(one: Field, given: list[str], shown: list[str]) -> bool:
    if one.kind == "bool":
        return (YES in given) == (YES in shown)
    return sorted(filter(None, given)) == sorted(filter(None, shown))
