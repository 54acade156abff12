"""Accounts: creation, confirmation, administration, passwords, and protection of the last admin."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.db import lock
from api.deps import Mailer
from api.flows.letters import address_set_letter, password_set_letter, verify_letter
from api.flows.sign_outs import end_impersonations, revoke_sessions
from api.flows.usernames import add_with_made_username, usernames
from api.models.base import utcnow
from api.models.role import ADMIN, Role
from api.models.user import User, UserAdminUpdate
from api.problems import Code, FieldError, ProblemCode, ProblemError, invalid
from api.security import fold, hash_password, known_parts
from api.settings import Settings

# When an administrator sets one of these, mailed links and a pending change of address end
GUARDED = {"email", "email_verified", "is_active", "password", "role"}


class AccountCode(ProblemCode):
    last_admin = "last_admin", 409, "The last active admin cannot be demoted, deactivated or deleted."


async def find_role(session: AsyncSession, name: str) -> Role:
    role = (await session.exec(select(Role).where(Role.name == name))).one_or_none()
    if role is None:
        raise invalid(["body", "role"], "This role does not exist.", "unknown_role")
    return role


async def create_user(
    session: AsyncSession,
    settings: Settings,
    *,
    email: str,
    password: str,
    role: str,
    username: str | None = None,
    **fields: Any,
) -> User:
    """Create an account. Hash the password first, so that the transaction does not wait for it."""
    refuse_own_name("password", password, username or next(usernames(email)), email)
    hashed = await hash_password(password, settings)
    granted = await find_role(session, role)
    fields |= {"email": email, "hashed_password": hashed, "role_id": granted.id, "role": granted}
    if username is None:
        return await add_with_made_username(session, email, fields)
    user = User(**fields, username=username)
    session.add(user)
    await session.flush()
    return user


def refuse_own_name(field: str, password: str, username: str, email: str) -> None:
    """Refuse a password that others know: the username, the address, or the part of it before the @.

    Digits and signs at its end do not make it another one.
    """
    names = {fold(username), fold(email), fold(email.rpartition("@")[0])}
    if not known_parts(password).isdisjoint(names):
        said = "Your username and e-mail address are no passwords. Choose another one, such as four words."
        raise invalid(["body", field], said, "password_is_name")


async def set_password(session: AsyncSession, settings: Settings, user: User, password: str) -> None:
    """Set a new password, revoke all sessions, and cancel a pending change of the e-mail address.

    `user` is the row whose old password was checked. If the password has changed since, this raises 409.
    """
    refuse_own_name("new_password", password, user.username, user.email)
    hashed = await hash_password(password, settings, is_known=True)
    row = await lock_user(session, user.id)
    if row.hashed_password != user.hashed_password:
        raise ProblemError(Code.conflict, "The password was changed by another request. Try again.")
    row.hashed_password = hashed
    end_letters(row)
    await revoke_sessions(session, user.id)


def end_letters(user: User) -> None:
    """End the tokens in all letters that were sent to the user, and a pending change of address."""
    user.pending_email, user.letters_version = None, user.letters_version + 1
    user.updated_at = utcnow()


async def request_email(session: AsyncSession, user: User, email: str) -> None:
    """Store a new address. It takes effect when a letter to it is confirmed."""
    taken = select(User.id).where(col(User.email_key) == fold(email), col(User.id) != user.id)
    # An early error; the unique constraint decides when the address is confirmed
    if (await session.exec(taken)).first() is not None:
        wrong = FieldError(
            loc=["body", "email"], msg="Another account uses this address.", type="already_exists"
        )
        raise ProblemError(Code.already_exists, wrong.msg, errors=[wrong])
    user.pending_email, user.updated_at = email, utcnow()


async def lock_user(session: AsyncSession, id: UUID) -> User:
    await lock(session, User, id)
    user = await session.get(User, id, populate_existing=True)
    if user is None:
        raise ProblemError(Code.invalid_token)
    return user


async def keep_an_admin(session: AsyncSession, user: User) -> None:
    """Raise if `user` is the last active admin.

    Call it before removing the role, the activity or the account.

    This locks the role's row, so that two administrators cannot remove each other at the same time.
    """
    admin = (await session.exec(select(Role).where(Role.name == ADMIN).with_for_update())).one()
    others = select(User.id).where(User.role_id == admin.id, col(User.is_active), User.id != user.id)
    if user.role_id == admin.id and user.is_active and (await session.exec(others.limit(1))).first() is None:
        raise ProblemError(AccountCode.last_admin)


def may_grant(giver: User, role: Role) -> None:
    """Raise if the role has permissions that the giver does not have."""
    if not set(role.permissions) <= set(giver.role.permissions):
        raise ProblemError(Code.forbidden, "This role has permissions that you do not have.")


@dataclass(frozen=True)
class Change:
    """What an administrator changes in an account, with the hash of a new password."""

    body: UserAdminUpdate
    hashed_password: str | None


async def administer(session: AsyncSession, mailer: Mailer, giver: User, user: User, change: Change) -> User:
    """Change a user's account. A new role or activity applies to the user's next request.

    A new address is pending until it is confirmed. The owner is told of it and of a new password, and all
    sessions are revoked.
    """
    body, email = change.body, change.body.email or user.email
    role = await find_role(session, body.role) if body.role else user.role
    may_grant(giver, role)
    if role.id != user.role_id or body.is_active is False:
        await keep_an_admin(session, user)
    profile = body.model_copy()
    vars(profile).pop("email", None)  # which has to be confirmed
    profile.apply(user)
    changes_role = role.id != user.role_id
    user.role_id, user.role = role.id, role
    if change.hashed_password:
        for address in (user.email, email):
            refuse_own_name("password", body.password, user.username, address)
        await _set_password(mailer, giver, user, change.hashed_password)
    if GUARDED & body.model_fields_set:
        end_letters(user)
    if email != user.email:
        await _set_email(session, mailer, giver, user, email)
    if email != user.email or change.hashed_password or not user.is_active:
        await revoke_sessions(session, user.id)
    if changes_role:
        await end_impersonations(session, col(User.id) == user.id)
    return user


async def _set_password(mailer: Mailer, giver: User, user: User, hashed: str) -> None:
    if giver.id == user.id:  # this route does not ask for the current password
        raise ProblemError(Code.forbidden, "Change your own password with PUT /users/me/password.")
    user.hashed_password = hashed
    await mailer.send(password_set_letter(user))


async def _set_email(session: AsyncSession, mailer: Mailer, giver: User, user: User, email: str) -> None:
    if giver.id == user.id:  # this route does not ask for the password
        raise ProblemError(Code.forbidden, "Change your own address with PUT /users/me/email.")
    await request_email(session, user, email)
    await mailer.send(verify_letter(mailer.settings, user, email))
    await mailer.send(address_set_letter(user, email))
