"""What the admin shows of the activity, for those who may see it: on its first page, and beside each row."""

from typing import Any

from starlette.responses import Response

from api.web.admin.rendering import cell, page
from api.web.admin.visit import Visit

PATH = "/activity"


async def start(visit: Visit) -> Response:
    menu = visit.site.menu(visit.user)
    return page("start.html", visit=visit, menu=menu, title="Start", recent=await recent(visit))


async def recent(visit: Visit, **about: str) -> list[dict[str, Any]] | None:
    """The newest changes, of one row or of all. None for those who may not see them."""
    resource = visit.site.resources.get(PATH)
    if resource is None or not resource.listing.allows(visit.user):
        return None
    answer = await visit.call("GET", PATH, query=[*about.items(), ("limit", "10")])
    moment = {"format": "date-time"}
    found = answer.data["items"] if answer.is_fine else []
    return [{**one, "when": cell(one["created_at"], moment, visit.zone)} for one in found]
