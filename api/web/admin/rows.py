"""The page of a row in the admin, to read and to change it, and the page for a new one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from api.models.base import uuid7
from api.problems import Code
from api.web.admin import activity
from api.web.admin.client import Answer
from api.web.admin.document import Resource
from api.web.admin.form import Form
from api.web.admin.naming import can_fill, fill, filled, title_of
from api.web.admin.rendering import cell, page
from api.web.admin.visit import Refused, Visit, if_match

NOT_CHANGED = 304  # the status of a form that changes nothing, for which the API is not asked


async def new(visit: Visit, resource: Resource, values: Mapping[str, str]) -> Response:
    operation = resource.create
    if operation is None or operation.body is None:
        raise Refused(405, "New rows cannot be made here.")
    path, form, key, status = (
        filled(resource.path, values),
        Form(visit, resource, operation),
        str(uuid7()),
        200,
    )
    if visit.request.method == "POST":
        status, body = 422, form.read()
        key = quote(visit.one("key"))[:64] or key  # sent twice, it is made once
        if not form.errors:
            answer = await visit.call(
                "POST", path, body=body, media=form.media, headers={"idempotency-key": key}
            )
            if answer.is_fine:
                answered = visit.site.resolve(operation.answer or {})
                is_row = resource.read is not None and can_fill(resource.row_path, answered, resource.path)
                to = fill(resource.row_path, answer.data, values) if is_row else path
                return visit.say(RedirectResponse(visit.base + to, 303), _saved(answer.data))
            form.refuse(answer)
            status = answer.status
            if answer.code == Code.key_reused:
                key = str(uuid7())  # a key is for one body
    return page(
        "form.html",
        status,
        visit=visit,
        menu=visit.site.menu(visit.user),
        title=operation.summary,
        action=path,
        form=form,
        pickers=await form.pickers(),
        key=key,
    )


async def show(visit: Visit, resource: Resource, values: Mapping[str, str]) -> Response:
    path = filled(resource.row_path, values)
    if visit.pressed("delete", *resource.view.buttons) == "delete":
        return await _delete(visit, resource, values, path)
    answer = await visit.call("GET", path)
    if not answer.is_fine:
        raise Refused(answer.status, answer.message)
    row, status = answer.data, 200
    update = resource.update if resource.update and resource.update.allows(visit.user, row) else None
    form = Form(visit, resource, update, row)
    version = str(row.get("version", ""))
    if visit.request.method == "POST":
        answer, version = await _save(visit, resource, form, path)
        if answer.is_fine:
            is_same = answer.status == NOT_CHANGED
            said = "Nothing has changed." if is_same else _saved(answer.data or row)
            return visit.say(RedirectResponse(visit.base + path, 303), said)
        status = answer.status
    model = visit.site.models.get(resource.row.get("title", ""))
    about = {"entity": model.__table__.name, "row_id": str(row["id"])} if model else None
    return page(
        "row.html",
        status,
        visit=visit,
        menu=visit.site.menu(visit.user),
        title=title_of(row),
        resource=resource,
        action=path,
        form=form,
        pickers=await form.pickers(),
        version=version,
        facts=_facts(visit, resource, form, row),
        picture=next((row[name] for name in row if name.endswith("avatar_url") and row[name]), None),
        buttons=resource.view.buttons if update else {},
        actions=[
            (one, filled(one.path, values))
            for one in resource.actions
            if one.allows(visit.user, row) and ("{" in one.path or row.get("id") == visit.user_id)
        ],
        children=[
            (one.label, filled(one.path, values))
            for one in map(visit.site.resources.__getitem__, resource.children)
            if one.listing.allows(visit.user, row)
        ],
        may_delete=resource.delete is not None and resource.delete.allows(visit.user, row),
        recent=await activity.recent(visit, **about) if about else None,
    )


async def _save(visit: Visit, resource: Resource, form: Form, path: str) -> tuple[Answer, str]:
    """The answer to a form, and the version that the next attempt overwrites."""
    version = visit.one("version")
    pressed = resource.view.buttons.get(visit.one("do"))
    body = form.read() if pressed is None else {name: _now(value) for name, value in pressed.items()}
    if form.errors:
        return Answer(422), version
    if not body:
        return Answer(NOT_CHANGED), version
    answer = await visit.call("PATCH", path, body=body, media=form.media, headers=if_match(version))
    if not answer.is_fine:
        form.refuse(answer)
    current = answer.data.get("current") if answer.status == 412 else None
    if current is not None:
        form.compare(current)
        version = str(current.get("version", ""))
    return answer, version


def _saved(row: Any) -> str:
    title = title_of(row)
    return f"“{title}” is saved." if title else "It is saved."


def _now(value: Any) -> Any:
    value = value() if callable(value) else value
    return value.isoformat() if isinstance(value, datetime) else value


async def _delete(visit: Visit, resource: Resource, values: Mapping[str, str], path: str) -> Response:
    answer = await visit.call("DELETE", path, headers=if_match(visit.one("version")))
    if answer.is_fine:
        to = resource.path if "{" not in resource.path else "/"
        return visit.say(RedirectResponse(visit.base + to, 303), "It is deleted.")
    Form(visit, resource, None).refuse(answer)
    return visit.say(RedirectResponse(visit.base + path, 303), answer.message)


def _facts(visit: Visit, resource: Resource, form: Form, row: Mapping[str, Any]) -> list[Any]:
    """What the form does not show: the name, the value, and the page of what it refers to."""
    known = {one.name for one in form.fields} | {"version"}
    return [
        (name, cell(row.get(name), visit.site.resolve(schema), visit.zone), _link(visit, resource, name, row))
        for name, schema in resource.row.get("properties", {}).items()
        if name not in known and not (name.endswith("_id") and name.removesuffix("_id") in row)
    ]


def _link(visit: Visit, resource: Resource, name: str, row: Mapping[str, Any]) -> str:
    value, path = row.get(name), resource.references.get(name) or resource.references.get(f"{name}_id")
    id = value.get("id") if isinstance(value, dict) else value
    read = visit.site.resources[path].read if path else None
    return fill(read.path, {"id": id}, {}) if read is not None and isinstance(id, str) else ""
