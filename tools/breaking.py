"""Finds and describes the changes of an OpenAPI document that break existing clients.

We wrote this because existing tools do not know OpenAPI 3.1, or overlook narrower limits. An addition to a
response breaks no client, because clients ignore fields, codes and values that they do not know.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tools.contract import contract

LIMITS = {
    "maxLength": min,
    "maxItems": min,
    "maximum": min,
    "minLength": max,
    "minItems": max,
    "minimum": max,
}
FORMS = ("pattern", "format")
PLAIN = {"string", "integer", "number", "boolean", "array", "object"}
REFUSED = "a request that has it is refused"
Schema = dict[str, Any]


class Break(NamedTuple):
    """One thing that breaks: of a schema or an operation, perhaps in one of its parts."""

    owner: str
    part: str
    what: str

    def __str__(self) -> str:
        return f"{self.name} {self.what}."

    @property
    def name(self) -> str:
        return f"{self.owner}.{self.part}" if self.part else self.owner


def breaks(old: Schema, new: Schema) -> list[Break]:
    """All that breaks a client of the old document in the new one, each once. Contracts will do for both."""
    old, new = contract(old), contract(new)
    return list(dict.fromkeys([*_schemas(old, new), *_operations(old, new)]))


def _operations(old: Schema, new: Schema) -> Iterator[Break]:
    for path, methods in old["paths"].items():
        for method, before in methods.items():
            owner, after = f"{method.upper()} {path}", new["paths"].get(path, {}).get(method)
            if after is None:
                yield Break(owner, "", "is gone")
                continue
            if before["operationId"] != after["operationId"]:
                yield Break(
                    owner,
                    "",
                    f"is called {after['operationId']}, was {before['operationId']}: so clients call it",
                )
            if before["security"] in ([], [{}]) and after["security"] not in ([], [{}]):
                yield Break(owner, "", "needs a token, and did not")
            yield from _parameters(owner, before, after)
            yield from _bodies(owner, before, after)


def _parameters(owner: str, before: Schema, after: Schema) -> Iterator[Break]:
    was, now = ({one["name"]: one for one in said.get("parameters", ())} for said in (before, after))
    for name in sorted(was.keys() - now.keys()):
        yield Break(owner, name, f"is gone: {REFUSED}")
    for name, parameter in now.items():
        if parameter.get("required") and not was.get(name, {}).get("required"):
            yield Break(owner, name, "is needed, and was not")
        if name in was:
            yield from _compare(
                owner, name, was[name]["schema"], parameter["schema"], asked=True, answered=False
            )


def _bodies(owner: str, before: Schema, after: Schema) -> Iterator[Break]:
    was, now = before.get("requestBody", {}), after.get("requestBody", {})
    if now.get("required") and not was.get("required"):
        yield Break(owner, "body", "is needed, and was not")
    places = [("body", was, now)]
    for status, answer in before["responses"].items():
        places.append((status, answer, after["responses"].get(status)))
    for part, was, now in places:
        if now is None:
            yield Break(owner, part, "is not answered any more")
            continue
        for kind, media in was.get("content", {}).items():
            if kind not in now.get("content", {}):
                yield Break(owner, part, f"is not {kind} any more")
            else:
                yield from _compare(
                    owner,
                    part,
                    media["schema"],
                    now["content"][kind]["schema"],
                    asked=part == "body",
                    answered=part != "body",
                )


def _schemas(old: Schema, new: Schema) -> Iterator[Break]:
    asked, answered = _used(old)
    after = new["components"]["schemas"]
    for name, schema in old["components"]["schemas"].items():
        if name not in after:
            yield Break(name, "", "is gone: clients have a type of this name")
        else:
            yield from _compare(
                name,
                "",
                schema,
                after[name],
                asked=name in asked,
                answered=name in answered or name not in asked,
            )


def _used(document: Schema) -> tuple[set[str], set[str]]:
    """The schemas that clients send, and those that they are sent."""
    said = [operation for methods in document["paths"].values() for operation in methods.values()]
    sent = [{"body": one.get("requestBody"), "parameters": one.get("parameters")} for one in said]
    answered = [*(one["responses"] for one in said), {"$ref": "#/components/schemas/Problem"}]
    return _reached(document, json.dumps(sent)), _reached(document, json.dumps(answered))


def _reached(document: Schema, text: str) -> set[str]:
    found: set[str] = set()
    while more := set(re.findall(r"#/components/schemas/(\w+)", text)) - found:
        found |= more
        text = json.dumps([document["components"]["schemas"][name] for name in more])
    return found


def _compare(
    owner: str, part: str, was: Schema, now: Schema, *, asked: bool, answered: bool
) -> Iterator[Break]:
    """One schema, as it is sent (asked), answered, or both."""
    before, after = _kinds(was), _kinds(now)
    lost, gained = before - after - {"null"}, after - before - {"null"}
    if (lost and (asked or gained)) or (answered and gained & PLAIN):
        yield Break(owner, part, f"is {_listed(after)}, was {_listed(before)}")
    elif asked and "null" in before - after:
        yield Break(owner, part, "cannot be null any more")
    elif answered and "null" in after - before:
        yield Break(owner, part, "can be null, and could not")
    for value in sorted(_values(was) - _values(now)) if _values(now) else ():
        yield Break(owner, part, f"has no {value!r} any more")
    if asked:
        yield from _narrower(owner, part, was, now)
    yield from _fields(owner, part, was, now, asked=asked, answered=answered)
    if "items" in was and "items" in now:
        yield from _compare(owner, f"{part}[]", was["items"], now["items"], asked=asked, answered=answered)


def _fields(
    owner: str, part: str, was: Schema, now: Schema, *, asked: bool, answered: bool
) -> Iterator[Break]:
    before, after = was.get("properties", {}), now.get("properties", {})
    needed, were_needed = set(now.get("required", ())), set(was.get("required", ()))
    for name, schema in before.items():
        field = f"{part}.{name}".strip(".")
        if name in after:
            yield from _compare(owner, field, schema, after[name], asked=asked, answered=answered)
            if answered and name in were_needed - needed:
                yield Break(owner, field, "can be absent, and was always there")
            continue
        alike = [new for new in after.keys() - before.keys() if after[new] == schema]
        hint = f" (is it {alike[0]} now?)" if len(alike) == 1 else ""
        yield Break(owner, field, f"is gone{hint}: {'who reads it finds nothing' if answered else REFUSED}")
    for name in sorted(needed - were_needed) if asked else ():
        yield Break(owner, f"{part}.{name}".strip("."), "is needed, and was not")


def _narrower(owner: str, part: str, was: Schema, now: Schema) -> Iterator[Break]:
    for limit, tighter in LIMITS.items():
        if limit in now and (
            limit not in was or (now[limit] != was[limit] and tighter(now[limit], was[limit]) == now[limit])
        ):
            yield Break(
                owner,
                part,
                f"has a {limit} of {now[limit]}, " + (f"was {was[limit]}" if limit in was else "had none"),
            )
    for form in FORMS:
        if form in now and now[form] != was.get(form):
            yield Break(
                owner,
                part,
                f"has the {form} {now[form]}, " + (f"was {was[form]}" if form in was else "had none"),
            )
    if not _values(was) and _values(now):
        yield Break(owner, part, f"can only be {_listed(_values(now))}")


def _kinds(schema: Schema) -> set[str]:
    """The types that a value can have, by name: of a union all of them."""
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return {kind for choice in choices for kind in _kinds(choice)}
    given = schema.get("$ref", "").rpartition("/")[2] or schema.get("type", "anything")
    return {given} if isinstance(given, str) else set(given)


def _values(schema: Schema) -> set[str]:
    return set(map(str, schema.get("enum", [schema["const"]] if "const" in schema else ())))


def _listed(words: set[str]) -> str:
    return " or ".join(sorted(words))
