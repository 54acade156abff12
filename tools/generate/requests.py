"""Every operation of the document as a request, in an order in which all requests succeed.

Later requests use the ids from earlier ones: `create_team` saves `team_id`, and `/teams/{id}` takes it. An
entity that follows the conventions of the routers needs no code here.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import SQLModel

FIRST = ["register", "login", "logout", "create_token", "refresh", "list_sessions", "delete_session"]
METHODS = ["GET", "PATCH", "PUT", "POST", "DELETE"]
ADDRESSES = {"get_avatar": "{{avatar_url}}"}  # what is answered is the address and not the id
REFUSED = {
    # the token comes by mail; this one is refused
    "reset_forgotten_password": 401,
    "confirm_email": 401,
    "accept_team_invitation": 404,
    # the only member of a team is its owner
    "update_team_member": 409,
    "remove_team_member": 409,
}
ENDING = {"logout", "change_password"}  # they end the sign-in that they are sent with
ENDLESS = {"stream_notifications"}
FORM = "application/x-www-form-urlencoded"
UPLOAD = "multipart/form-data"
PICTURE = "picture.png"  # every file that is sent, from beside the requests
PERSONAL = {
    "username": "{{username}}",
    "email": "{{email}}",
    "password": "{{password}}",
    "current_password": "{{password}}",
    "new_password": "{{password}}",
    "refresh_token": "{{refresh_token}}",
}
UNIQUE = {"external_id"}


@dataclass
class Step:
    """A request, with `{{variables}}` for what is known only when it is sent."""

    id: str
    folder: str
    method: str
    path: str
    operation: dict[str, Any]
    status: int
    token: str | None
    body: Any = None
    sent_as: str | None = None
    saves: dict[str, str] = field(default_factory=dict)  # variable: where it is in the answer

    @property
    def tag(self) -> str:
        return str(self.operation["tags"][0])

    @property
    def takes(self) -> set[str]:
        """The variables of its path and body."""
        return set(re.findall(r"{{(\w+)}}", self.path + json.dumps(self.body)))

    @property
    def answer(self) -> dict[str, Any]:
        return dict(self.operation["responses"][str(self.status)])

    @property
    def media_type(self) -> str | None:
        return next(iter(self.answer.get("content", {})), None)

    @property
    def query(self) -> list[dict[str, Any]]:
        return [parameter for parameter in self.operation.get("parameters", []) if parameter["in"] == "query"]

    @property
    def headers(self) -> list[dict[str, Any]]:
        return [
            parameter for parameter in self.operation.get("parameters", []) if parameter["in"] == "header"
        ]


def steps(document: dict[str, Any]) -> list[Step]:
    found: list[tuple[str, str, dict[str, Any]]] = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    guarded = {
        op["tags"][0]
        for method, path, op in found
        if op["operationId"].startswith(("create_", "add_")) and _permits(op)
    }
    made = [_step(*one, guarded, document["components"]["schemas"]) for one in found]
    tags = _tags_in_order([tag["name"] for tag in document["tags"]], made)

    def place(step: Step) -> tuple[int, ...]:
        tag = tags.index(step.tag)
        if step.tag == "auth":
            return (-1, FIRST.index(step.id) if step.id in FIRST else len(FIRST))
        if step.method == "DELETE":  # in the reverse order of making, and one's own account last
            return (1, step.path.endswith("/me") and "{" not in step.path, -tag, -step.path.count("/"))
        makes = "201" in step.operation["responses"]
        return (0, tag, not makes, "{" in step.path, METHODS.index(step.method), step.path.count("/"))

    ordered = sorted(made, key=place)
    login = next(step for step in ordered if step.id == "login")
    credentials = login.body | {"username": "{{admin_username}}", "password": "{{admin_password}}"}
    admin = replace(login, id="login_as_admin", body=credentials, saves={"admin_token": "access_token"})
    ended = next(number for number, step in enumerate(ordered) if step.id == "change_password")
    ordered.insert(ended + 1, replace(login, id="login_again", folder=ordered[ended].folder))
    ordered.insert(next(number for number, step in enumerate(ordered) if step.folder != "auth"), admin)
    return ordered


def _tags_in_order(tags: list[str], made: list[Step]) -> list[str]:
    """Each tag after those whose requests save what its own requests take; otherwise as in the document."""
    saved_by = {variable: step.tag for step in made for variable in step.saves}
    needs: dict[str, set[str]] = {tag: set() for tag in tags}
    for step in made:
        needs[step.tag] |= {saved_by[variable] for variable in step.takes if variable in saved_by}
    ordered: list[str] = []
    while left := [tag for tag in tags if tag not in ordered]:
        ordered.append(next((tag for tag in left if needs[tag] <= {*ordered, tag}), left[0]))
    return ordered


def _step(
    method: str, path: str, operation: dict[str, Any], guarded: set[str], schemas: dict[str, Any]
) -> Step:
    name, tag = operation["operationId"], operation["tags"][0]
    status = (
        REFUSED.get(name)
        or _refusal(method, path)
        or int(min(code for code in operation["responses"] if code.startswith("2")))
    )
    if "/by/" in path:
        status = 201  # what is put by its own key is new here
    sent_as, body = _body(operation, name, tag, schemas)
    parts = path.split("/")
    before = [part for part in parts[: parts.index("{id}")] if part != "trash"] if "{id}" in parts else [""]
    noun = _singular(before[-1])
    path = path.replace("{user_id}", "{{me_id}}").replace("/{id}", f"/{{{{{noun}_id}}}}")
    for key in UNIQUE:
        path = path.replace(f"{{{key}}}", str((body or {}).get(key)))
    path = re.sub(r"/{(\w+_id)}", r"/{{\1}}", path)
    saves = dict(_saves(name, method, parts, operation))
    return Step(
        id=name,
        folder="the end" if method == "delete" and tag != "auth" else tag,
        method=method.upper(),
        path=ADDRESSES.get(name, path),
        operation=operation,
        status=status,
        token=_token(operation, tag, guarded),
        body=body,
        sent_as=sent_as,
        saves=saves,
    )


def _refusal(method: str, path: str) -> int | None:
    """The status of what cannot succeed: nothing is in the trash, and changes of many rows need a filter."""
    if path.endswith(("/restore", "/trash/{id}")):
        return 404
    is_of_many = method in {"patch", "delete"} and re.fullmatch(r"/api/v1/[\w-]+", path)
    return 422 if is_of_many else None


def _permits(operation: dict[str, Any]) -> bool:
    """Whether a permission is needed that not everybody has."""
    return any(re.fullmatch(r"\w+:\w+", part) for part in operation["x-policy"].split(" · "))


def _token(operation: dict[str, Any], tag: str, guarded: set[str]) -> str | None:
    if not operation.get("security"):
        return None
    owned = re.search(r"\bown or \w+:\w+", operation["x-policy"])
    return "admin_token" if _permits(operation) or (owned and tag in guarded) else "access_token"


def _body(operation: dict[str, Any], name: str, tag: str, schemas: dict[str, Any]) -> tuple[str | None, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return None, None
    media_type, body = next(iter(content.items()))
    if media_type == UPLOAD:
        fields = schemas[body["schema"]["$ref"].rpartition("/")[2]]["properties"]
        if any(part.get("format") != "binary" for part in fields.values()):
            raise ValueError(
                f"{name} takes more than files: say in tools/generate/requests.py how that is sent."
            )
        return media_type, dict.fromkeys(fields, PICTURE)
    if media_type not in {"application/json", FORM}:
        raise ValueError(f"{name} takes {media_type}: say in tools/generate/requests.py how that is sent.")
    example = {key: value for key, value in body["example"].items() if key not in UNIQUE or "put_" in name}
    values = {key: _value(key, value, name, tag) for key, value in example.items()}
    return media_type, {key: value for key, value in values.items() if value is not None}


def _value(key: str, value: Any, name: str, tag: str) -> Any:
    if tag in {"auth", "me"} and key in PERSONAL:
        return f"new-{PERSONAL[key]}" if name == "change_email" and key == "email" else PERSONAL[key]
    if key in {"name", "username", "password"} and isinstance(value, str):
        return (
            "{{password}}"
            if key == "password"
            else value + ("-" if key == "username" or value.islower() else " ") + "{{run}}"
        )
    if key == "email":
        return value.replace("@", "-{{run}}@")
    if isinstance(value, list):
        return [_value(key, one, name, tag) for one in value]
    if isinstance(value, dict):
        # One of many rows, without what is unique and was taken by a row before, and with another name
        named = value | ({"name": f"{value['name']}-of-many"} if "name" in value else {})
        return {inner: _value(inner, one, name, tag) for inner, one in named.items() if inner not in UNIQUE}
    if not key.endswith("_id") or key in UNIQUE:
        return value
    variable = _variable(key, tag)
    return variable and f"{{{{{variable}}}}}"


def _variable(key: str, tag: str) -> str | None:
    """What holds the id that a field takes. Its column says of which table; None if it is the field's own."""
    tables = SQLModel.metadata.tables
    own = [table for name, table in tables.items() if name == tag.replace("-", "_")]
    for table in (*own, *tables.values()):
        for reference in table.columns[key].foreign_keys if key in table.columns else ():
            if reference.column.table is table:
                return None  # the first row has none to refer to, and no row refers to itself
            name = reference.column.table.name
            return "me_id" if name == "users" else f"{_singular(name)}_id"
    return key


def _saves(name: str, method: str, parts: list[str], operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if name in {"register", "login", "create_token", "refresh"}:
        yield from (("access_token", "access_token"), ("refresh_token", "refresh_token"))
    elif name == "get_me":
        yield "me_id", "id"
    elif name == "set_avatar":
        yield "avatar_url", "avatar_url"
    elif name == "list_sessions":
        yield "session_id", "items.find((one) => !one.current).id"
    elif method == "post" and "201" in operation["responses"]:
        yield f"{_singular(parts[-1])}_id", "id"


def _singular(noun: str) -> str:
    noun = noun.replace("-", "_")
    for end, single in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh")):
        if noun.endswith(end):
            return noun.removesuffix(end) + single
    return noun.removesuffix("s")
