"""Pickers: the inputs of references. They show titles, and ask the server for what is searched."""

from uuid import UUID

from starlette.responses import JSONResponse, Response

from api.web.admin.naming import fill, title_of
from api.web.admin.visit import Refused, Visit

PICKS = 20  # rows that a picker shows at once


async def options_of(visit: Visit, path: str, q: str) -> list[tuple[str, str]]:
    resource = visit.site.resources[path]
    query = [
        ("limit", str(PICKS)),
        *([("q", q[:100])] if q.strip() and "q" in resource.listing.query else []),
    ]
    answer = await visit.call("GET", path, query=query)
    return [(one["id"], title_of(one)) for one in answer.data["items"]] if answer.is_fine else []


async def title_at(visit: Visit, path: str, id: str) -> str:
    read = visit.site.resources[path].read
    if read is None or not _is_id(id):
        return id
    answer = await visit.call("GET", fill(read.path, {"id": id}, {}))
    return title_of(answer.data) if answer.is_fine else id


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


async def pick(visit: Visit, path: str) -> Response:
    """The options of a picker, for its script."""
    resource = visit.site.resources.get(path)
    if resource is None or "{" in path or "id" not in resource.row["properties"]:
        raise Refused(404, "There is no such list.")
    options = await options_of(visit, path, visit.request.query_params.get("q", ""))
    return JSONResponse([{"id": id, "title": title} for id, title in options])
