"""The documentation pages: Swagger UI at /docs, ReDoc at /redoc.

They load all files from this server and have no inline scripts, so a strict Content-Security-Policy works.
"""

from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

ASSETS = "/docs/assets"
OURS = Path(__file__).parent / "assets"
FILES = files("fastapi_offline") / "static"
LOGO = b"https://cdn.redoc.ly/redoc/logo-mini.svg"  # what ReDoc would fetch from its maker's host
# The URLs are relative, so that the pages also work behind a proxy with a path prefix.
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
{content}
</html>
"""
SWAGGER = """<link rel="stylesheet" href="docs/assets/swagger-ui.css">
<link rel="stylesheet" href="docs/assets/docs.css">
</head>
<body>
<main id="swagger-ui"></main>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/assets/docs.js" data-url="{url}"></script>
</body>"""
REDOC = """<link rel="stylesheet" href="docs/assets/redoc.css">
</head>
<body>
<main id="redoc"></main>
<script src="docs/assets/redoc.standalone.js"></script>
<script src="docs/assets/redoc.js" data-url="{url}"></script>
</body>"""


@cache
def redoc_script() -> bytes:
    """ReDoc, which asks no other host."""
    return (FILES / "redoc.standalone.js").read_bytes().replace(LOGO, b"data:,")


def install(app: FastAPI) -> None:
    url = (app.openapi_url or "").removeprefix("/")

    def page(name: str, content: str) -> HTMLResponse:
        title = escape(f"{app.title} – {name}")  # noqa: RUF001
        return HTMLResponse(PAGE.format(title=title, content=content.format(url=url)))

    async def swagger(_: Request) -> Response:
        return page("try it out", SWAGGER)

    async def redoc(_: Request) -> Response:
        return page("reference", REDOC)

    async def script(_: Request) -> Response:
        return Response(redoc_script(), media_type="text/javascript")

    app.add_route("/docs", swagger, include_in_schema=False)
    app.add_route("/redoc", redoc, include_in_schema=False)
    app.add_route(f"{ASSETS}/redoc.standalone.js", script, include_in_schema=False)
    app.mount(ASSETS, StaticFiles(directory=OURS, packages=[("fastapi_offline", "static")]))
