"""What a row offers beside changing and deleting it: the routes below its own."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response

from api.web.admin.document import Resource
from api.web.admin.form import Form
from api.web.admin.naming import filled
from api.web.admin.rendering import page
from api.web.admin.visit import Refused, Visit


async def act(visit: Visit, resource: Resource, values: Mapping[str, str], template: str) -> Response:
    """Ask for what an action needs, and do it."""
    found = [one for one in resource.actions if one.path == template]
    wanted = visit.request.query_params.get("as")
    operation = next((one for one in found if wanted in {one.method, None}), None)
    if operation is None:
        raise Refused(404, "There is no such page.")
    path = filled(template, values)
    back = filled(resource.row_path, values or {"id": visit.user_id})  # of a path with "me"
    form, status, told = Form(visit, resource, operation), 200, None
    if visit.request.method == "POST":
        status, body = 422, form.read() if operation.body else None
        if not form.errors:
            answer = await visit.call(operation.method, path, body=body, media=form.media)
            if answer.is_fine and _is_row(answer.data):
                said = f"Done: {operation.summary.lower()}."
                return visit.say(RedirectResponse(visit.base + back, 303), said)
            if answer.is_fine:
                told, status = answer.data, 200
            else:
                form.refuse(answer)
                status = answer.status
    return page(
        "action.html",
        status,
        visit=visit,
        menu=visit.site.menu(visit.user),
        title=operation.summary,
        parent=back,
        action=f"{path}?as={operation.method}",
        form=form,
        pickers=await form.pickers(),
        told=told,
    )


def _is_row(data: Any) -> bool:
    return data is None or (isinstance(data, dict) and "id" in data)
