"""The Postman collection and its environment. The collection runs from its first request to its last."""

import json
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tools.generate.requests import ENDLESS, FORM, UPLOAD, Step, steps

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
ENVIRONMENT = {
    "base_url": "http://localhost:8000",
    "password": "correct horse battery",
    "admin_username": "admin",
    "admin_password": "",
    "listen": "no",
    "username": "",
    "email": "",
    "access_token": "",
    "refresh_token": "",
    "admin_token": "",
}
SECRET = ("password", "token")
NEWCOMER = """// Each run is somebody new, so that it can be repeated.
const run = Date.now().toString(36);
pm.environment.set("run", run);
pm.environment.set("username", `postman-${run}`);
pm.environment.set("email", `postman-${run}@example.com`);"""
SKIP = """// It ends only with the access token. Set `listen` to yes to send it all the same.
if (pm.environment.get("listen") !== "yes") pm.execution.skipRequest();"""
ABOUT = """`make generate` writes this collection: change the app, not this file.

Choose the environment, and fill in `admin_username` and `admin_password`. Send `register` or `login` once:
its script saves the tokens, and every other request sends them. Requests save the ids that later ones need,
so the whole collection runs from top to bottom. Uploads send `picture.png` from the working directory."""


def collection(document: dict[str, Any]) -> str:
    folders: dict[str, list[Any]] = {}
    for step in steps(document):
        folders.setdefault(step.folder, []).append(_item(step, document))
    about = {tag["name"]: tag["description"] for tag in document["tags"]}
    about["the end"] = "What was made is deleted again."
    title = document["info"]["title"]
    made = {
        "info": {"_postman_id": _id(title), "name": title, "description": ABOUT, "schema": SCHEMA},
        "auth": _bearer("access_token"),
        "item": [
            {"name": name, "description": about[name], "item": items} for name, items in folders.items()
        ],
    }
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def environment(document: dict[str, Any]) -> str:
    values = [
        {"key": key, "value": value, "type": "secret" if key.endswith(SECRET) else "default", "enabled": True}
        for key, value in ENVIRONMENT.items()
    ]
    name = f"{document['info']['title']} on this machine"
    made = {"id": _id(name), "name": name, "values": values, "_postman_variable_scope": "environment"}
    return json.dumps(made, indent=1) + "\n"


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def _bearer(variable: str) -> dict[str, Any]:
    return {"type": "bearer", "bearer": [{"key": "token", "value": f"{{{{{variable}}}}}", "type": "string"}]}


def _item(step: Step, document: dict[str, Any]) -> dict[str, Any]:
    request = _request(step)
    scripts = {"test": _tests(step, document)}
    before = NEWCOMER if step.id == "register" else SKIP if step.id in ENDLESS else None
    if before:
        scripts["prerequest"] = before
    return {
        "name": step.id,
        "event": [
            {"listen": listen, "script": {"type": "text/javascript", "exec": lines.splitlines()}}
            for listen, lines in scripts.items()
        ],
        "request": request,
        "response": _examples(step, request),
    }


def _request(step: Step) -> dict[str, Any]:
    raw = "{{base_url}}" + step.path
    host, _, path = raw.partition("/")
    request: dict[str, Any] = {
        "method": step.method,
        "header": [
            {"key": one["name"], "value": "{{$guid}}", "description": one["description"]}
            if one["name"].lower() == "idempotency-key"
            else {"key": one["name"], "value": "", "description": one["description"], "disabled": True}
            for one in step.headers
        ],
        "url": {
            "raw": raw,
            "host": [host],
            **({"path": path.split("/")} if path else {}),
            "query": [
                {"key": one["name"], "value": "", "description": one.get("description", ""), "disabled": True}
                for one in step.query
            ],
        },
        "description": step.operation.get("description", ""),
    }
    if step.token is None:
        request["auth"] = {"type": "noauth"}
    elif step.token != "access_token":  # noqa: S105  the name of a variable
        request["auth"] = _bearer(step.token)
    if step.sent_as == UPLOAD:
        files = [{"key": key, "type": "file", "src": name} for key, name in step.body.items()]
        request["body"] = {"mode": "formdata", "formdata": files}
    elif step.sent_as == FORM:
        request["body"] = {
            "mode": "urlencoded",
            "urlencoded": [{"key": key, "value": value} for key, value in step.body.items()],
        }
    elif step.body is not None:
        text = json.dumps(step.body, indent=2, ensure_ascii=False)
        request["body"] = {"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}}
    return request


def _tests(step: Step, document: dict[str, Any]) -> str:
    lines = [f'pm.test("answers {step.status}", () => pm.response.to.have.status({step.status}));']
    if step.media_type is None:
        lines += ['pm.test("has no body", () => pm.expect(pm.response.text()).to.equal(""));']
        return "\n".join(lines)
    kind = json.dumps(step.media_type)
    lines += [
        f'pm.test("is {step.media_type}", () => '
        f'pm.expect(pm.response.headers.get("Content-Type")).to.include({kind}));'
    ]
    if "json" not in step.media_type:
        return "\n".join(lines)
    lines += ["const answer = pm.response.json();"]
    schema = step.answer["content"][step.media_type]["schema"]
    for words, where, part in _parts(schema, document):
        names = json.dumps(part.get("required", []))
        lines += [
            f'pm.test("has what {words} has", () => {where}pm.expect(one).to.include.all.keys({names})));'
        ]
    for variable, where in step.saves.items():
        lines += [f'pm.environment.set("{variable}", answer.{where});']
    return "\n".join(lines)


def _parts(schema: dict[str, Any], document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """What is looked at: the answer itself, and each item of a page."""
    if schema == {"type": "null"}:
        return []
    name, found = _resolve(schema, document)
    parts = [(f"a {name}", "[answer].forEach((one) => ", found)]
    if "next_cursor" in found.get("properties", {}):
        item, inner = _resolve(found["properties"]["items"]["items"], document)
        parts.append((f"each {item}", "answer.items.forEach((one) => ", inner))
    return parts


def _resolve(schema: dict[str, Any], document: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if "oneOf" in schema:  # several problems, which have the same fields
        return "Problem", document["components"]["schemas"]["Problem"]
    name = schema["$ref"].rsplit("/", 1)[1]
    return name, document["components"]["schemas"][name]


def _examples(step: Step, request: dict[str, Any]) -> list[dict[str, Any]]:
    example = step.answer.get("content", {}).get(step.media_type, {}).get("example")
    if example is None:
        return []
    text = example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
    header = [{"key": "Content-Type", "value": step.media_type}]
    language = "json" if "json" in (step.media_type or "") else "text"
    return [
        {
            "name": step.answer["description"],
            "originalRequest": request,
            "code": step.status,
            "status": "",
            "header": header,
            "body": text,
            "_postman_previewlanguage": language,
        }
    ]
