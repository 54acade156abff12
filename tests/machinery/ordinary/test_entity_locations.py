"""Where a new entity is, as its answer says."""

from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter, FastAPI
from sqlmodel import Field, SQLModel

from tests.machinery.ordinary.house import Entity, Router
from tests.machinery.ordinary.ladders import (
    ROW,
    LadderBase,
    LadderEntityFirst,
    LadderEntityFirstPublic,
    LadderPlain,
    LadderPlainPublic,
)
from tests.machinery.ordinary.sides import SIDES, Answer, Case, Declare, Side, get, post, put

pytestmark = pytest.mark.anyio


class WithoutIdBase(SQLModel):
    name: str


class WithoutIdPublic(WithoutIdBase, Entity): ...


class LateIdPublic(WithoutIdBase, Entity):
    kind: str = "late"
    id: UUID = Field(description="Said again, so that it comes later.")


class NoIdPublic(LadderBase, Entity):
    id: UUID = Field(exclude=True)


async def created(side: Side, declare: Declare) -> Answer:
    ask = post("/there", 201, same=["location", "etag"])
    [[answer], _] = await Case(declare, (ask,)).answers(side)
    assert answer.status == 201
    return answer


@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.name)
@pytest.mark.parametrize(
    ("public", "row"),
    [
        (LadderPlainPublic, LadderPlain),
        (LadderEntityFirstPublic, LadderEntityFirst),
        (LadderEntityFirstPublic, LadderEntityFirstPublic),
        (LadderEntityFirstPublic, dict),
        (WithoutIdPublic, WithoutIdPublic),
        (LateIdPublic, LateIdPublic),
    ],
)
async def test_a_new_entity_is_where_its_location_says(side: Side, public: type[Entity], row: Any) -> None:
    def declare(router: APIRouter) -> None:
        @router.post("/there", response_model=public, status_code=201)
        async def create() -> Any:
            return row(**ROW)

    answer = await created(side, declare)

    assert answer.headers["location"] == [f"/there/{ROW['id']}"]
    assert len(answer.headers["etag"]) == 1


@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.name)
async def test_an_entity_that_does_not_tell_its_id_has_no_wrong_location(side: Side) -> None:
    def declare(router: APIRouter) -> None:
        @router.post("/there", status_code=201)
        async def create() -> NoIdPublic:
            return NoIdPublic(**ROW)

    answer = await created(side, declare)

    assert answer.headers["location"] in ([], [f"/there/{ROW['id']}"])


@pytest.fixture(params=SIDES, ids=lambda side: side.name)
def side(request: pytest.FixtureRequest) -> Side:
    side: Side = request.param
    return side


def reads_and_makes(router: APIRouter, path: str, *made: str, public: Any = LadderPlainPublic) -> None:
    """A route that reads a row, and others that make one."""

    async def read(id: UUID) -> Any:
        return LadderPlain(**{**ROW, "id": id})

    async def make() -> Any:
        return LadderPlain(**ROW)

    router.add_api_route(path, read, response_model=public)
    for each in made:
        router.add_api_route(each, make, methods=["POST"], response_model=public, status_code=201)


async def location(side: Side, declare: Declare, path: str, **options: Any) -> str | None:
    """The Location of what is made by a POST to this path; a GET has to find the row there."""
    ask = post(path, 201, same=["location"], **options)
    [[made], _] = await Case(declare, (ask,)).answers(side)
    assert made.status == 201, made
    place = next(iter(made.headers["location"]), None)
    if place is not None:
        [[found], _] = await Case(declare, (get(place, **options),)).answers(side)
        assert (found.status, found.body) == (200, made.body), place
    return place


ID = ROW["id"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/rungs", f"/rungs/{ID}"),
        (f"/rungs/{UUID(int=1)}/copy", f"/rungs/{ID}"),
        (f"/ladders/{UUID(int=1)}/rungs", f"/rungs/{ID}"),
        ("/elsewhere", f"/rungs/{ID}"),
    ],
)
@pytest.mark.parametrize("root", ["", "/proxy"])
@pytest.mark.parametrize("is_told", [True, False], ids=["in_the_path", "left_out"])
async def test_a_location_leads_to_the_route_that_reads_the_row(
    side: Side, path: str, expected: str, root: str, is_told: bool
) -> None:
    def declare(router: APIRouter) -> None:
        reads_and_makes(router, "/rungs/{id}", "/rungs", "/rungs/{id}/copy", "/elsewhere")
        reads_and_makes(router, "/other/{id}", "/ladders/{ladder_id}/rungs")

    asked = f"{root}{path}" if is_told else path

    assert await location(side, declare, asked, root_path=root) == root + expected


async def test_an_item_of_the_path_comes_before_other_routes(side: Side) -> None:
    def declare(router: APIRouter) -> None:
        reads_and_makes(router, "/rungs/public/{id}")
        reads_and_makes(router, "/rungs/{id}", "/rungs")

    assert await location(side, declare, "/rungs") == f"/rungs/{ID}"


async def test_an_item_below_a_parent_is_there(side: Side) -> None:
    def declare(router: APIRouter) -> None:
        reads_and_makes(router, "/ladders/{ladder_id}/rungs/{id}", "/ladders/{ladder_id}/rungs")

    assert await location(side, declare, "/ladders/5/rungs") == f"/ladders/5/rungs/{ID}"
    assert await location(side, declare, "/a/ladders/5/rungs", root_path="/a") == f"/a/ladders/5/rungs/{ID}"
    assert await location(side, declare, "/ladders/ü %25/rungs") == f"/ladders/%C3%BC%20%25/rungs/{ID}"


async def test_where_no_route_reads_a_row_of_a_parent_there_is_no_location(side: Side) -> None:
    def declare(router: APIRouter) -> None:
        reads_and_makes(router, "/ladders/{id}", public=LadderEntityFirstPublic)
        reads_and_makes(router, "/ladders/{ladder_id}", "/ladders/{ladder_id}/rungs")

    assert await location(side, declare, "/ladders/5/rungs") is None


async def test_a_location_in_a_mounted_application_begins_with_its_path(side: Side) -> None:
    def declare(app: FastAPI) -> None:
        sub, inner = FastAPI(), Router()
        sub.state.settings = app.state.settings
        reads_and_makes(inner, "/rungs/{id}", "/rungs", "/rungs/{id}/copy")
        sub.include_router(inner)
        app.mount("/sub", sub)

    for path in ("/sub/rungs", f"/sub/rungs/{UUID(int=1)}/copy"):
        assert await location(side, declare, path) == f"/sub/rungs/{ID}"
        assert await location(side, declare, f"/a{path}", root_path="/a") == f"/a/sub/rungs/{ID}"


async def test_a_put_has_no_location(side: Side) -> None:
    def declare(router: APIRouter) -> None:
        reads_and_makes(router, "/rungs/{id}")

        @router.put("/rungs/{id}", status_code=201)
        async def set(id: UUID) -> LadderPlainPublic:
            return LadderPlainPublic(**{**ROW, "id": id})

    ask = put(f"/rungs/{ID}", 201, same=["location", "etag"])
    [[answer], _] = await Case(declare, (ask,)).answers(side)

    assert (answer.status, answer.headers["location"], len(answer.headers["etag"])) == (201, [], 1)
