"""Routes and pages of the app itself, beside those of its routers."""

import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi import (
    APIRouter,
    FastAPI,
    Request,
    Response,
    WebSocket,
)
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from starlette.routing import Route

from tests.machinery.ordinary.house import furnished
from tests.machinery.ordinary.sides import FURNISHED, SIDES, Ask, Case, Cases, Side, get, post, put, socket

pytestmark = pytest.mark.anyio


cases = Cases(*SIDES, FURNISHED)


class Item(BaseModel):
    name: str
    size: int = 1


PAGE = """<!doctype html>
<title>{title}</title>
<p>Ünïcode & {title}"""


@cases(
    get("/page/a"),
    get("/class"),
    get("/static/sides.py"),
    get("/static/none.py", 404),
    get("/static/house.py", 304, headers={"if-none-match": "*"}),
)
def html_and_static_files(app: FastAPI, router: APIRouter) -> None:
    @router.get("/page/{title}", response_class=HTMLResponse)
    async def page(title: str) -> str:
        return PAGE.format(title=title)

    @router.get("/class")
    async def by_class() -> HTMLResponse:
        return HTMLResponse(PAGE)

    app.mount("/static", StaticFiles(directory=Path(__file__).parent), name="static")


@cases(
    get("/get"),
    post("/post", 201, json={"name": "a"}),
    put("/any"),
    Ask("PATCH", "/any"),
    get("/raw"),
    get("/late"),
)
def routes_of_the_app_itself(app: FastAPI, router: APIRouter) -> None:
    @app.get("/get", response_model=Item, response_model_exclude={"size"})
    async def by_get() -> Any:
        return {"name": "x"}

    @app.post("/post", status_code=201)
    async def by_post(item: Item) -> Item:
        return item

    @app.api_route("/any", methods=["PUT", "PATCH"])
    def by_any(request: Request) -> str:
        return request.method

    async def raw(request: Request) -> Response:
        return PlainTextResponse(request.url.path)

    app.add_route("/raw", raw)

    @router.get("/late")
    async def late() -> str:
        return "late"


@cases(get("/files/sides.py"), get("/raw"), get("/starlette"), get("/api/files/house.py"), socket("/socket"))
def routes_that_are_starlettes(app: FastAPI, make: type[APIRouter]) -> None:
    async def raw(request: Request) -> Response:
        return PlainTextResponse(request.url.path)

    async def speak(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("spoken")

    router = make(routes=[Route("/starlette", raw)])
    router.mount("/files", StaticFiles(directory=Path(__file__).parent))
    router.add_route("/raw", raw)
    router.add_websocket_route("/socket", speak)
    app.include_router(router)
    app.include_router(router, prefix="/api")


@cases(
    get("/sides.py"), get("/api/x"), get("/none/of/these", 404), get("/house.py", 405), get("/web/house.py")
)
def front_ends(router: APIRouter) -> None:
    folder = Path(__file__).parent
    router.frontend("/", directory=folder)
    router.frontend("/web", directory=folder)

    @router.get("/api/{x}")
    async def handle(x: str) -> str:
        return x

    @router.post("/house.py")
    async def not_shadowed() -> None: ...


@cases(get("/same"), get("/other"))
def a_route_of_the_app_before_one_of_a_router(app: FastAPI, router: APIRouter) -> None:
    @router.get("/{any}")
    async def by_router(any: str) -> str:
        return any

    @app.get("/same")
    async def by_app() -> str:
        return "the app was first"


@pytest.mark.parametrize(("case", "side"), cases)
async def test_the_app_has_routes_of_its_own_as_fastapis(case: Case, side: Side) -> None:
    await case.check(side)


def test_the_start_names_a_file_in_the_folder_of_routers_that_has_no_router(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "without_a_router.py"
    file.write_text("LIMIT = 1\n")
    monkeypatch.setattr("api.routers.__path__", [str(tmp_path)])
    try:
        with pytest.raises(RuntimeError) as raised:
            furnished()
    finally:
        sys.modules.pop(f"api.routers.{file.stem}", None)

    assert str(raised.value).startswith(f"{file} declares no router: write ")
