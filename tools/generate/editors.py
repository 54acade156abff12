"""The requests as a text file for editors: VS Code with REST Client, and Visual Studio."""

import json
from typing import Any

from tools.generate.requests import ENDING, ENDLESS, FORM, UPLOAD, Step, steps

ABOUT = """# Every request of the API. `make generate` writes this file: change the app, not this file.
# Send a request by the line above it. A request that makes something has a name, and later ones take its id
# from there, so go from top to bottom the first time. With another `run` you are somebody new.
# JetBrains editors do not know `{{name.response.body}}`: write tokens and ids into the variables below.

@base_url = http://localhost:8000
@run = 1
@username = reader-{{run}}
@email = reader-{{run}}@example.com
@password = correct horse battery
@admin_username = admin
@admin_password =
"""
BOUNDARY = "end-of-part"
TOKENS = {"access_token": "login", "admin_token": "login_as_admin", "refresh_token": "login"}


def requests(document: dict[str, Any]) -> str:
    saved = [(variable, step.id, where) for step in steps(document) for variable, where in step.saves.items()]
    known = {variable: _answer(name, where) for variable, name, where in saved if variable not in TOKENS}
    known |= {token: _answer(name, token.replace("admin", "access")) for token, name in TOKENS.items()}
    variables = "".join(f"@{variable} = {where}\n" for variable, where in known.items())
    return "\n".join(
        [ABOUT + variables, *(_request(step) for step in steps(document) if step.id != "login_again")]
    )


def _answer(name: str, where: str) -> str:
    where = where.replace("find((one) => !one.current)", "[0]").replace(".[", "[")  # the newest sign-in
    return f"{{{{{name}.response.body.$.{where}}}}}"


def _request(step: Step) -> str:
    lines = [
        f"### {step.operation['summary']}",
        f"# @name {step.id}",
        f"{step.method} {{{{base_url}}}}{step.path}",
    ]
    if step.id in ENDLESS:
        lines.insert(1, "# It goes on until the access token ends.")
    if step.id in ENDING:
        lines.insert(1, "# It ends the sign-in: send login again after it.")
    if step.token:
        lines.append(f"Authorization: Bearer {{{{{step.token}}}}}")
    lines += [
        f"{one['name']}: {{{{$guid}}}}" for one in step.headers if one["name"].lower() == "idempotency-key"
    ]
    if step.sent_as == UPLOAD:
        lines += [f"Content-Type: {UPLOAD}; boundary={BOUNDARY}", ""]
        for key, name in step.body.items():
            part = f'Content-Disposition: form-data; name="{key}"; filename="{name}"'
            lines += [f"--{BOUNDARY}", part, "Content-Type: image/png", "", f"< ./{name}"]
        lines += [f"--{BOUNDARY}--"]
    elif step.sent_as == FORM:
        pairs = "&".join(f"{key}={value}" for key, value in step.body.items())
        lines += [f"Content-Type: {step.sent_as}", "", pairs]
    elif step.body is not None:
        lines += [f"Content-Type: {step.sent_as}", "", json.dumps(step.body, indent=2, ensure_ascii=False)]
    return "\n".join([*lines, ""])
