"""Mails about an account, with the tokens in their links.

A letter to an address that is not confirmed contains no text that a user has chosen: anybody can register
with the address of somebody else.
"""

from datetime import timedelta

from api.deps.mail import Letter
from api.models.user import User
from api.security import fingerprint, fold, make_token
from api.settings import Settings
from api.web.account import link

IGNORE = "If you did not request this, ignore this mail. Nothing will change."
ALARM = "If you did not do this, reset your password now."
RESET = "Reset your password"
UNEXPECTED = "If you do not expect this, reset your password now."
CANCEL = f"{UNEXPECTED} This also cancels the change."


def letters_state(settings: Settings, user: User) -> str:
    """A digest of what a mailed token depends on. The token is valid until one part of it changes."""
    permissions = ",".join(user.role.permissions)
    account = (user.hashed_password, fold(user.email), user.pending_email, user.is_active, permissions)
    return fingerprint(settings, *account, user.letters_version)


def verify_letter(settings: Settings, user: User, email: str) -> Letter:
    """The mail to confirm the current or the pending address of an account."""
    hours = settings.verify_token_expire_hours
    state = letters_state(settings, user)
    token = make_token(settings, "verify", user.id, timedelta(hours=hours), email=email, state=state)
    words = f"please confirm this address within {hours} hours."
    page = link(settings, "verify-email", token)
    return Letter(email, "", "Confirm your address", words, IGNORE, "Confirm", page)


def reset_letter(settings: Settings, user: User) -> Letter:
    minutes = settings.reset_token_expire_minutes
    words = f"use this link within {minutes} minutes to choose a new password."
    page = _reset_link(settings, user, timedelta(minutes=minutes))
    return Letter(user.email, _name(user), RESET, words, IGNORE, "Choose a new password", page)


def invitation_letter(settings: Settings, user: User) -> Letter:
    """The mail to the owner of an account that an administrator has created, and knows the password of."""
    hours = settings.verify_token_expire_hours
    words = (
        "an administrator created an account for this address, with a password. "
        f"Use this link within {hours} hours to choose a password that only you know."
    )
    page = _reset_link(settings, user, timedelta(hours=hours))
    footer = "If you do not expect an account, ignore this mail."
    return Letter(user.email, "", "Choose your password", words, footer, "Choose a password", page)


def team_invitation_letter(settings: Settings, email: str, token: str) -> Letter:
    """The mail to somebody who is invited to a team, whose name is a text that a user has chosen."""
    days = settings.team_invitation_expire_days
    words = (
        f"you are invited to a team. Use this link within {days} days to accept, "
        "with your account or with a new one for this address."
    )
    footer = "If you do not expect an invitation, ignore this mail. Nothing will change."
    page = link(settings, "accept-invitation", token)
    return Letter(email, "", "You are invited to a team", words, footer, "Accept", page)


def password_changed_letter(user: User) -> Letter:
    words = "your password was changed. All your devices were signed out."
    return Letter(user.email, _name(user), "Your password was changed", words, ALARM)


def password_set_letter(user: User) -> Letter:
    """The mail to the owner of an account for which an administrator has set a password."""
    words = "an administrator has changed your password. All your devices were signed out."
    return Letter(user.email, _name(user), "Your password was changed", words, UNEXPECTED)


def email_changing_letter(user: User, email: str) -> Letter:
    """The mail to the old address, when the user asks for a new one."""
    words = f"your account will use {_address(user, email)} after it is confirmed."
    return Letter(user.email, _name(user), "Your address will change", words, ALARM)


def address_set_letter(user: User, email: str) -> Letter:
    """The mail to the old address, when an administrator sets a new one."""
    words = (
        f"an administrator has set {_address(user, email)} for your account. It is used after it is "
        "confirmed. All your devices were signed out."
    )
    return Letter(user.email, _name(user), "Your address will change", words, CANCEL)


def guesses_letter(user: User) -> Letter:
    words = (
        "many wrong passwords were tried for your account, from several places. For a while, only devices "
        "and networks that you have used before can sign in."
    )
    footer = "You need not do anything. If your password is easy to guess, choose a better one."
    return Letter(user.email, _name(user), "Wrong passwords for your account", words, footer)


def _reset_link(settings: Settings, user: User, lifetime: timedelta) -> str:
    token = make_token(settings, "reset", user.id, lifetime, state=letters_state(settings, user))
    return link(settings, "reset-password", token)


def _name(user: User) -> str:
    return user.full_name if user.email_verified else ""


def _address(user: User, email: str) -> str:
    return f"the address {email}" if user.email_verified else "another address"
