"""The lists of the admin: searched, filtered, sorted, page by page, as CSV, and many rows deleted at once."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import RedirectResponse, Response

from api.lists.csv_stream import Csv, written_line
from api.lists.csv_stream import cell as csv_cell
from api.web.admin.client import Answer
from api.web.admin.document import Resource
from api.web.admin.fields import OMIT, Field, field_of
from api.web.admin.naming import fill, filled, title_of
from api.web.admin.pickers import title_at
from api.web.admin.rendering import cell, columns_of, page
from api.web.admin.visit import Refused, Visit, if_match

ROWS = 25
NO_FILTERS = {"q", "sort", "order", "limit", "cursor", "skip", "count", "expand", "fields"}
KEPT = {"q", "sort", "order"}  # parameters that go to the API as they are


async def show(visit: Visit, resource: Resource, values: Mapping[str, str]) -> Response:
    path = filled(resource.path, values)
    if visit.request.method == "POST":
        return await _delete(visit, resource, values, path)
    given = dict(visit.request.query_params)
    filters = filters_of(visit, resource)
    query, errors = _query(visit, filters, given)
    answer = Answer(200, {"items": [], "next_cursor": None, "total": None})
    if not errors:
        more = [(name, given[name]) for name in ("cursor", "count") if given.get(name)]
        answer = await visit.call("GET", path, query=[*query, *more, ("limit", str(ROWS))])
    if answer.status == 422:
        errors |= answer.field_errors
        answer = Answer(200, {"items": [], "next_cursor": None, "total": None})
    if not answer.is_fine:
        raise Refused(answer.status, answer.message)
    if given.get("format") == "csv" and not errors:
        return _csv(visit, resource, path, query)
    names = columns_of(resource.row, resource.view.columns, visit.site.resolve)
    kept = [(name, value) for name, value in given.items() if name not in {"cursor", "format", "count"}]
    following, found = answer.data["next_cursor"], answer.data["items"]
    titles = await _titles(visit, resource, names, found)
    return page(
        "list.html",
        visit=visit,
        menu=visit.site.menu(visit.user),
        title=resource.label,
        resource=resource,
        path=path,
        parent=_parent(path),
        columns=names,
        sorts=_choices(visit, resource, "sort"),
        given=given,
        filters=[
            (one, one.shown(given.get(one.name) or None, visit.zone), errors.get(one.name, []))
            for one in filters
        ],
        is_filtered=any(given.get(one.name) for one in filters),
        searches="q" in resource.listing.query,
        errors={name: said for name, said in errors.items() if name not in {f.name for f in filters}},
        rows=[_row(visit, resource, names, one, values, titles) for one in found],
        total=answer.data.get("total"),
        following=urlencode([*kept, ("cursor", following)]) if following else "",
        first=urlencode(kept) if given.get("cursor") else "",
        counting=urlencode([*kept, ("count", "true")]),
        as_csv=urlencode([*kept, ("format", "csv")]),
        may_create=resource.create is not None
        and resource.create.body
        and resource.create.allows(visit.user),
        may_delete=resource.delete is not None and resource.delete.allows(visit.user),
        can_restore=path.endswith("/trash"),
    )


def filters_of(visit: Visit, resource: Resource) -> list[Field]:
    found = []
    for name, one in resource.listing.query.items():
        if name not in NO_FILTERS and visit.site.resolve(one["schema"]).get("type") != "array":
            schema = {
                **visit.site.resolve(one["schema"]),
                "nullable": True,
                "description": one.get("description", ""),
            }
            found.append(field_of(visit.site, name, schema, False, resource.references))
    return found


def _query(
    visit: Visit, filters: list[Field], given: Mapping[str, str]
) -> tuple[list[tuple[str, str]], dict[str, list[str]]]:
    """What the API is asked, and what is wrong with it."""
    query, errors = [(name, given[name]) for name in KEPT if given.get(name)], dict[str, list[str]]()
    for one in filters:
        if text := given.get(one.name):
            try:
                value = one.read([text], visit.zone) if one.kind == "moment" else text
            except ValueError as error:
                errors[one.name] = [str(error)]
            else:
                if value not in (None, OMIT):
                    query.append((one.name, str(value)))
    return query, errors


def _choices(visit: Visit, resource: Resource, name: str) -> list[str]:
    schema = visit.site.resolve(resource.listing.query.get(name, {}).get("schema", {}))
    return [str(one) for one in schema.get("enum", [schema.get("const", "id")])]


def _row(
    visit: Visit,
    resource: Resource,
    names: list[str],
    row: dict[str, Any],
    values: Mapping[str, str],
    titles: Mapping[str, str],
) -> dict[str, Any]:
    schemas = resource.row.get("properties", {})
    link = fill(resource.read.path, row, values) if resource.read else ""
    if resource.path.endswith("/trash"):
        link = ""
    return {
        "title": title_of(row),
        "link": link,
        "key": f"{row.get('id', '')} {row.get('version', '')}",
        "id": row.get("id", ""),
        "cells": [
            cell(titles.get(str(row.get(name)), row.get(name)), visit.site.resolve(schemas[name]), visit.zone)
            for name in names
        ],
        "is_mine": resource.delete is not None and resource.delete.allows(visit.user, row),
    }


async def _titles(
    visit: Visit, resource: Resource, names: list[str], rows: list[dict[str, Any]]
) -> dict[str, str]:
    """What the rows are called whose ids stand in the columns."""
    ids = {
        (resource.references[n], row[n])
        for row in rows
        for n in names
        if n in resource.references and row.get(n)
    }
    return {id: await title_at(visit, path, id) for path, id in ids}


def _parent(path: str) -> str:
    """The page of the row that a list below it belongs to."""
    return path.rsplit("/", 1)[0] if path.count("/") > 1 else ""


async def _delete(visit: Visit, resource: Resource, values: Mapping[str, str], path: str) -> Response:
    """Delete the rows that are ticked, each as it was when it was shown."""
    if resource.delete is None:
        raise Refused(405, "These rows cannot be deleted.")
    deleted, refused = 0, list[str]()
    for key in visit.given("row")[:200]:
        id, _, version = key.partition(" ")
        where = fill(resource.delete.path, {"id": id}, values)
        answer = await visit.call("DELETE", where, headers=if_match(version))
        deleted += answer.is_fine
        if not answer.is_fine and answer.message not in refused:
            refused.append(answer.message)
    said = " ".join([f"{deleted} deleted.", *refused])
    return visit.say(RedirectResponse(visit.base + path, 303), said)


def _csv(visit: Visit, resource: Resource, path: str, query: list[tuple[str, str]]) -> Response:
    """All rows that are filtered, page by page, so that memory stays constant."""
    names = [name for name in resource.row.get("properties", {}) if name != "version"]

    async def lines() -> AsyncIterator[str]:
        yield written_line(names)
        cursor: list[tuple[str, str]] = []
        while True:
            answer = await visit.call("GET", path, query=[*query, *cursor, ("limit", "200")])
            if not answer.is_fine:
                raise RuntimeError(answer.message)  # cuts the download off, so that nobody takes it as whole
            for row in answer.data["items"]:
                yield written_line([csv_cell(_plain(row.get(name))) for name in names])
            if answer.data["next_cursor"] is None:
                return
            cursor = [("cursor", answer.data["next_cursor"])]

    name = quote(path.strip("/").replace("/", "-"))
    return Csv(lines(), headers={"Content-Disposition": f'attachment; filename="{name}.csv"'})


def _plain(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) and "id" in value else value
