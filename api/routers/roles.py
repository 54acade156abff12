"""Roles and their permissions."""

from typing import Annotated, Literal

from fastapi import Depends, Query
from sqlmodel import col, select

from api.db import SessionDep
from api.deps import CurrentUser, found, require
from api.flows.accounts import may_grant
from api.flows.sign_outs import end_impersonations
from api.lists import Page, PageQuery, Search, Searches, paginate
from api.models.role import ADMIN, SEEDED, Role, RoleCreate, RolePermission, RolePublic, RoleUpdate
from api.models.user import User
from api.problems import Code, ProblemCode, ProblemError, problems
from api.web import Router

router = Router(prefix="/roles", tags=["roles"])

Writer = Annotated[User, require(RolePermission.write)]
AnyRole = Annotated[Role, Depends(found(Role))]


class RoleCode(ProblemCode):
    role_in_use = "role_in_use", 409, "Users have this role. Assign them another role first."
    role_protected = (
        "role_protected",
        409,
        "A built-in role cannot be deleted or renamed, and the permissions of admin cannot be changed.",
    )


class RoleQuery(PageQuery[Role]):
    q: Annotated[Search | None, Searches("name", "description", of_all=True)] = None
    sort: Literal["id", "name"] = "id"


@router.get("")
async def list_roles(
    session: SessionDep, _: CurrentUser, query: Annotated[RoleQuery, Query()]
) -> Page[RolePublic]:
    return await paginate(session, query)


@router.post("", status_code=201, responses=problems(Code.already_exists, Code.forbidden))
async def create_role(session: SessionDep, writer: Writer, body: RoleCreate) -> RolePublic:
    role = Role.model_validate(body)
    may_grant(writer, role)
    session.add(role)
    return role


@router.get("/{id}")
async def get_role(_: CurrentUser, role: AnyRole) -> RolePublic:
    return role


@router.patch("/{id}", responses=problems(Code.already_exists, RoleCode.role_protected))
async def update_role(session: SessionDep, writer: Writer, role: AnyRole, body: RoleUpdate) -> RolePublic:
    changes = body.model_dump()
    renamed = changes.get("name", role.name) != role.name
    if (renamed and role.name in SEEDED) or (role.name == ADMIN and "permissions" in changes):
        raise ProblemError(RoleCode.role_protected)
    may_grant(writer, role)
    may_grant(writer, body.apply(role))
    if "permissions" in changes:
        await end_impersonations(session, col(User.role_id) == role.id)
    return role


@router.delete("/{id}", status_code=204, responses=problems(RoleCode.role_in_use, RoleCode.role_protected))
async def delete_role(session: SessionDep, writer: Writer, role: AnyRole) -> None:
    if role.name in SEEDED:
        raise ProblemError(RoleCode.role_protected)
    may_grant(writer, role)
    if (await session.exec(select(User.id).where(col(User.role_id) == role.id).limit(1))).first() is not None:
        raise ProblemError(RoleCode.role_in_use)
    await session.delete(role)
