"""Groups and their members. Everybody sees open groups; only members see closed ones."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Path, Query
from sqlalchemy import bindparam
from sqlmodel import col, select

from api.db import SessionDep, delete_rows, fresh
from api.deps import CurrentUser, governed, may, scope_values, visible, within
from api.flows.notifications import notify
from api.lists import By, Page, PageQuery, Search, Searches, paginate
from api.models.course import Course, Enrollment  # part: courses
from api.models.group import (
    JOINED,
    VISIBLE,
    Group,
    GroupCreate,
    GroupMember,
    GroupMemberPublic,
    GroupPermission,
    GroupPublic,
    GroupUpdate,
)
from api.models.notification import NotificationKind
from api.models.user import User
from api.problems import Code, ProblemError, problems
from api.web import Router

router = Router(prefix="/groups", tags=["groups"])

MemberId = Annotated[UUID | Literal["me"], Path(description="A user's id, or `me` for yourself.")]
OF_GROUP = col(GroupMember.group_id) == bindparam("group_id")

visible_group = visible(Group, VISIBLE, GroupPublic, unless=GroupPermission.write)
VisibleGroup = Annotated[Group, Depends(visible_group)]
GovernedGroup = Annotated[Group, Depends(governed(visible_group, "owner_id", GroupPermission.write))]


class GroupNotificationKind(NotificationKind):
    joined = "group.joined"


class GroupQuery(PageQuery[Group]):
    is_open: bool | None = None
    joined: Annotated[bool | None, By(lambda yes: JOINED if yes else ~JOINED)] = None
    q: Annotated[Search | None, Searches("name", "description", of_all=True)] = None
    sort: Literal["id", "name"] = "id"


class GroupMemberQuery(PageQuery[GroupMember]):
    sort: Literal["id"] = "id"


@router.get("", response_model=Page[GroupPublic])
async def list_groups(
    session: SessionDep, user: CurrentUser, query: Annotated[GroupQuery, Query()]
) -> Page[Group]:
    return await paginate(session, query, within(user, VISIBLE, GroupPermission.write), **scope_values(user))


@router.post("", status_code=201, response_model=GroupPublic, responses=problems(Code.already_exists))
async def create_group(session: SessionDep, user: CurrentUser, body: GroupCreate) -> Group:
    group = Group.model_validate(body, update={"owner_id": user.id})
    session.add(group)
    await session.flush()
    session.add(GroupMember(group_id=group.id, user_id=user.id))
    return await fresh(session, group)


@router.get("/{id}", response_model=GroupPublic)
async def get_group(group: VisibleGroup) -> Group:
    return group


@router.patch("/{id}", response_model=GroupPublic, responses=problems(Code.already_exists))
async def update_group(group: GovernedGroup, body: GroupUpdate) -> Group:
    return body.apply(group)


@router.delete("/{id}", status_code=204)
async def delete_group(session: SessionDep, group: GovernedGroup) -> None:
    await session.delete(group)


@router.get("/{id}/members", response_model=Page[GroupMemberPublic])
async def list_members(
    session: SessionDep, group: VisibleGroup, query: Annotated[GroupMemberQuery, Query()]
) -> Page[GroupMember]:
    return await paginate(session, query, OF_GROUP, group_id=group.id)


@router.put("/{id}/members/{user_id}", status_code=204, responses=problems(Code.forbidden))
async def add_member(session: SessionDep, user: CurrentUser, group: VisibleGroup, user_id: MemberId) -> None:
    """Join an open group (`me`). The owner and users with `groups:write` can add any user.

    A second request changes nothing.
    """
    member = await _member(session, user, group, user_id)
    present = select(GroupMember.id).where(GroupMember.group_id == group.id, GroupMember.user_id == member.id)
    if (await session.exec(present)).first() is None:  # the group's row is locked, so this stays valid
        session.add(GroupMember(group_id=group.id, user_id=member.id))
        _notify(session, group, member, user)


@router.delete("/{id}/members/{user_id}", status_code=204, responses=problems(Code.forbidden))
async def remove_member(
    session: SessionDep, user: CurrentUser, group: VisibleGroup, user_id: MemberId
) -> None:
    """Leave a group, or remove a member."""
    member = await _member(session, user, group, user_id)
    mine = (col(GroupMember.group_id) == group.id, col(GroupMember.user_id) == member.id)
    await delete_rows(session, GroupMember, *mine)
    # part: courses
    if not group.is_open and member.id != group.owner_id:
        await _free_seats(session, group, member)
    # end of part


# part: courses
async def _free_seats(session: SessionDep, group: Group, member: User) -> None:
    """Former members of a closed group lose their seats in its courses."""
    courses = select(Course.id).where(Course.group_id == group.id)
    # Those who enrol at the same time hold their course
    await session.exec(courses.order_by(col(Course.id)).with_for_update(key_share=True))
    seats = (col(Enrollment.user_id) == member.id, col(Enrollment.course_id).in_(courses))
    await delete_rows(session, Enrollment, *seats)


# end of part


def _notify(session: SessionDep, group: Group, member: User, by: User) -> None:
    """Notify the owner of a new member, and a member whom somebody else added."""
    data, joined = {"user_id": str(member.id)}, GroupNotificationKind.joined
    if group.owner_id is not None and group.owner_id not in {member.id, by.id}:
        notify(session, group.owner_id, joined, f"{member.full_name} joined {group.name}", group, data)
    if member.id != by.id:
        notify(session, member.id, joined, f"You were added to {group.name}", group, data)


async def _member(session: SessionDep, user: User, group: Group, user_id: UUID | str) -> User:
    """The user in the path: the caller, or anybody if the caller governs the group.

    The caller may see the group, so if it is closed, the caller is a member.
    """
    id = user.id if user_id == "me" else UUID(str(user_id))
    governs = group.owner_id == user.id or may(user, GroupPermission.write)
    if id != user.id and not governs:
        raise ProblemError(Code.forbidden)
    member = await session.get(User, id)
    if member is None:
        raise ProblemError(Code.not_found)
    return member
