"""The documentation pages: Swagger UI at /docs, ReDoc at /redoc.

They load all files from this server and have no inline scripts, so a strict Content-Security-Policy works.
"""

from html import escape
from importlib.resources import files

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

ASSETS = "/docs/assets"
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
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>"""
# ReDoc includes a picture from another host. The browser may not fetch it, so hide it.
REDOC = """<style>body {{ margin: 0 }} img[src^="https:"] {{ display: none }}</style>
</head>
<body>
<redoc spec-url="{url}"></redoc>
<script src="docs/assets/redoc.standalone.js"></script>
</body>"""
# Without `validatorUrl: null`, Swagger UI would send the document's URL to an external validator.
START = """SwaggerUIBundle({{
  url: "{url}",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: null,
}})
"""


def install(app: FastAPI) -> None:
    url = (app.openapi_url or "").removeprefix("/")

    def page(name: str, content: str) -> HTMLResponse:
        title = escape(f"{app.title} – {name}")  # noqa: RUF001
        return HTMLResponse(PAGE.format(title=title, content=content.format(url=url)))

    async def swagger(_: Request) -> Response:
        return page("try it out", SWAGGER)

    async def start(_: Request) -> Response:
        return Response(START.format(url=url), media_type="text/javascript")

    async def redoc(_: Request) -> Response:
        return page("reference", REDOC)

    app.add_route("/docs", swagger, include_in_schema=False)
    app.add_route("/docs/start.js", start, include_in_schema=False)
    app.add_route("/redoc", redoc, include_in_schema=False)
    app.mount(ASSETS, StaticFiles(directory=str(files("fastapi_offline") / "static")))
