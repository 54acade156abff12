"""States: only allowed transitions are made, by those who may, and one of two that compete."""

import asyncio
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import pytest
from fastapi import Depends, FastAPI
from sqlalchemy.orm import configure_mappers, registry
from sqlmodel import Field, SQLModel, select

from api.db import SessionDep
from api.db.engine import Database
from api.deps import PUBLIC, CallerId, CurrentUser, owned
from api.models.base import Create, Entity, Update
from api.models.states import StateCode, StateField, to, transition
from api.models.types import Line
from api.models.user import UserPermission
from api.problems import Code, problems
from api.settings import Settings
from api.web import Router, repeatable
from tests.machinery.books import Book
from tests.support.apart import with_routes
from tests.support.people import Person

pytestmark = pytest.mark.anyio


class Stage(StrEnum):
    draft = "draft"
    sent = "sent"
    paid = "paid"
    lost = "lost"


class Stated(SQLModel, registry=registry()):
    """What makes a table one of these."""


class BillBase(SQLModel):
    title: Line = Field(default="A bill", max_length=50)
    stage: Stage = StateField(
        Stage,
        Stage.draft,
        initial=[Stage.sent],
        transitions={Stage.draft: [Stage.sent, Stage.lost], Stage.sent: [Stage.paid, Stage.draft]},
    )


class BillCreate(BillBase, Create): ...


class BillUpdate(BillBase, Update): ...


class BillPublic(BillBase, Entity):
    owner_id: UUID


class Bill(BillPublic, Stated, table=True):
    __tablename__ = "apart_bills"


class DebtBase(SQLModel):
    stage: Stage = StateField(
        Stage,
        Stage.draft,
        transitions={
            Stage.draft: [Stage.sent, to(Stage.lost, may=lambda user, debt: user.id == debt.owner_id)],
            Stage.sent: [to(Stage.paid, may=UserPermission.write), Stage.draft],
        },
    )


class DebtCreate(DebtBase, Create): ...


class DebtUpdate(DebtBase, Update): ...


class DebtPublic(DebtBase, Entity):
    owner_id: UUID


class Debt(DebtPublic, Stated, table=True):
    __tablename__ = "apart_debts"


router = Router()
MyBill = Annotated[Bill, Depends(owned(Bill))]
MyDebt = Annotated[Debt, Depends(owned(Debt, unless=UserPermission.write))]


@router.post("/bills", status_code=201)
async def create_bill(session: SessionDep, caller: CallerId, body: BillCreate) -> BillPublic:
    bill = Bill.model_validate(body, update={"owner_id": caller})
    session.add(bill)
    return bill


@router.get("/bills/{id}")
async def get_bill(bill: MyBill) -> BillPublic:
    return bill


@router.patch("/bills/{id}")
@repeatable
async def update_bill(bill: MyBill, body: BillUpdate) -> BillPublic:
    return body.apply(bill)


@router.put("/bills/{id}/{stage}", responses=problems(StateCode.invalid_transition))
async def assign(bill: MyBill, stage: Stage) -> BillPublic:
    bill.stage = stage
    return bill


meetings: dict[UUID, asyncio.Barrier] = {}


@router.post(
    "/bills/{id}/unlocked/{stage}",
    dependencies=[PUBLIC],
    responses=problems(StateCode.invalid_transition, Code.unavailable),
)
async def assign_unlocked(session: SessionDep, id: UUID, stage: Stage) -> BillPublic:
    """Two of these read the row before one of them changes it."""
    async with session.database.read() as reading:
        bill = await reading.get(Bill, id)
    assert bill is not None
    await meetings[id].wait()
    session.add(bill)
    bill.stage = stage
    return bill


@router.post("/debts", status_code=201)
async def create_debt(session: SessionDep, caller: CallerId, body: DebtCreate) -> DebtPublic:
    debt = Debt.model_validate(body, update={"owner_id": caller})
    session.add(debt)
    return debt


@router.patch("/debts/{id}")
async def update_debt(user: CurrentUser, debt: MyDebt, body: DebtUpdate) -> DebtPublic:
    return body.apply(debt, by=user)


@router.post("/debts/{id}/pay", responses=problems(StateCode.invalid_transition, Code.forbidden))
async def pay(user: CurrentUser, debt: MyDebt) -> DebtPublic:
    transition(debt, "stage", Stage.paid, by=user)
    return debt


@pytest.fixture(params=["fast", "plain"])
async def office(app: FastAPI, settings: Settings, request: pytest.FixtureRequest) -> AsyncIterator[FastAPI]:
    changes = {} if request.param == "fast" else {"fast_path": False}
    office = with_routes(settings, router, **changes)
    database: Database = office.state.database
    async with database.engine.begin() as connection:
        await connection.run_sync(Stated.metadata.create_all)
    yield office
    async with database.engine.begin() as connection:
        await connection.run_sync(Stated.metadata.drop_all)
    await database.close()


ALLOWED = {"draft": ["sent", "lost"], "sent": ["paid", "draft"], "paid": [], "lost": []}
ROUTE = {"draft": [], "sent": ["sent"], "paid": ["sent", "paid"], "lost": ["lost"]}


@pytest.mark.parametrize("way", ["body", "assignment"])
async def test_each_allowed_transition_works_and_each_other_names_those_that_are(
    office: FastAPI, ada: Person, way: str
) -> None:
    there = ada.through(office)

    async def change(at: str, stage: str) -> Any:
        return await (there.patch(at, json={"stage": stage}) if way == "body" else there.put(f"{at}/{stage}"))

    for old, possible in ALLOWED.items():
        for new in Stage:
            bill = (await there.post("/bills", json={})).json()
            at = f"/bills/{bill['id']}"
            for step in ROUTE[old]:
                assert (await change(at, step)).status_code == 200
            answer = await change(at, new)
            if new in possible or new == old:
                assert (answer.status_code, answer.json()["stage"]) == (200, new)
            else:
                problem = answer.json()
                assert (answer.status_code, problem["code"]) == (409, "invalid_transition")
                assert (problem["from"], problem["to"], problem["possible"]) == (old, new, possible)
                assert (await there.get(at)).json()["stage"] == old
    refused = await there.patch(at, json={"stage": None})
    assert refused.status_code == 422


async def test_a_row_begins_in_a_state_that_rows_begin_in(office: FastAPI, ada: Person) -> None:
    there = ada.through(office)
    assert (await there.post("/bills", json={"stage": "sent"})).json()["stage"] == "sent"
    for path, stage in (("/bills", "paid"), ("/debts", "sent")):
        answer = await there.post(path, json={"stage": stage})
        assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "stage"])


async def test_a_transition_is_for_those_who_may_take_it(office: FastAPI, ada: Person, admin: Person) -> None:
    mine, theirs = ada.through(office), admin.through(office)
    debt = (await mine.post("/debts", json={})).json()
    at = f"/debts/{debt['id']}"

    refused = await theirs.patch(at, json={"stage": "lost"})  # only its owner
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await theirs.patch(at, json={"stage": "paid"})).json()["possible"] == ["sent"]
    assert (await mine.patch(at, json={"stage": "paid"})).json()["possible"] == ["sent", "lost"]
    assert (await mine.patch(at, json={"stage": "sent"})).status_code == 200
    for answer in (await mine.patch(at, json={"stage": "paid"}), await mine.post(f"{at}/pay")):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert (await theirs.post(f"{at}/pay")).json()["stage"] == "paid"


async def test_who_may_cannot_be_forgotten(office: FastAPI, ada: Person) -> None:
    owner = UUID(ada.id)
    async with office.state.database.write() as session, session.begin():
        session.add(Debt(owner_id=owner, stage=Stage.sent))
    async with office.state.database.write() as session:
        debt = (await session.exec(select(Debt))).one()
        with pytest.raises(TypeError, match=r"Debt\.stage becomes paid only by a caller"):
            debt.stage = Stage.paid
        with pytest.raises(TypeError, match=r"apply\(row, by=user\)"):
            DebtUpdate.model_validate({}).apply(debt)


@pytest.mark.parametrize("is_locked", [True, False])
async def test_of_two_transitions_at_once_one_is_made(office: FastAPI, ada: Person, is_locked: bool) -> None:
    there = ada.through(office)
    for _ in range(5):
        bill = (await there.post("/bills", json={})).json()
        at = f"/bills/{bill['id']}"
        meetings[UUID(bill["id"])] = asyncio.Barrier(2)
        both = (
            [there.patch(at, json={"stage": stage}) for stage in ("sent", "lost")]
            if is_locked
            else [there.post(f"{at}/unlocked/{stage}") for stage in ("sent", "lost")]
        )
        answers = await asyncio.gather(*both)
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        won, lost = sorted((answer.json() for answer in answers), key=lambda one: "code" in one)
        assert lost["from"] == won["stage"] == (await there.get(at)).json()["stage"]


async def test_the_document_names_transitions(app: FastAPI, settings: Settings) -> None:
    document = with_routes(settings, router).openapi()
    schemas = document["components"]["schemas"]
    assert schemas["BillUpdate"]["properties"]["stage"]["x-transitions"] == ALLOWED
    assert "draft to sent, lost" in schemas["BillPublic"]["properties"]["stage"]["description"]
    assert schemas["BillCreate"]["properties"]["stage"]["enum"] == ["draft", "sent"]
    problem = schemas["InvalidTransitionProblem"]
    assert {"from", "to", "possible"} <= {*problem["required"]}
    assert problem["properties"]["possible"]["items"] == {"type": "string"}
    answers = document["paths"]["/api/v1/debts/{id}"]["patch"]["responses"]
    assert "invalid_transition" in answers["409"]["description"]
    assert "forbidden" in answers["403"]["description"]


def test_transitions_name_members_of_their_enum() -> None:
    with pytest.raises(TypeError, match="is no state"):
        StateField(Stage, Stage.draft, transitions={Stage.draft: ["nowhere"]})
    with pytest.raises(TypeError, match="follows itself"):
        StateField(Stage, Stage.draft, transitions={Stage.draft: [Stage.draft]})


def test_models_without_states_have_no_listeners() -> None:
    configure_mappers()
    mapped: Any = Book
    assert not mapped.title.impl.dispatch.set
    assert not mapped.__mapper__.dispatch.before_update
    assert Bill.__mapper__.dispatch.before_update  # type: ignore[attr-defined]  # SQLModel does not declare it
