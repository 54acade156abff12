"""Mails about an account, with the tokens in their links."""

from datetime import timedelta

from api.mail import Letter
from api.models.user import User
from api.security import fingerprint, fold, make_token
from api.settings import Settings

IGNORE = "If you did not request this, ignore this mail. Nothing will change."
ALARM = "If you did not do this, reset your password now."


def _link(settings: Settings, page: str, token: str) -> str:
    return f"{str(settings.frontend_url).rstrip('/')}/{page}?token={token}"


def verify_letter(settings: Settings, user: User, email: str) -> Letter:
    """The mail to confirm the current or the pending address of an account."""
    token = make_token(
        settings, "verify", user.id, timedelta(hours=settings.verify_token_expire_hours), email=email
    )
    words = f"please confirm your address {email} within {settings.verify_token_expire_hours} hours."
    link = _link(settings, "verify-email", token)
    return Letter(email, user.full_name, "Confirm your address", words, IGNORE, "Confirm", link)


def reset_letter(settings: Settings, user: User) -> Letter:
    minutes = settings.reset_token_expire_minutes
    token = make_token(
        settings, "reset", user.id, timedelta(minutes=minutes), state=reset_state(settings, user)
    )
    words = f"use this link within {minutes} minutes to choose a new password."
    link = _link(settings, "reset-password", token)
    return Letter(
        user.email, user.full_name, "Reset your password", words, IGNORE, "Choose a new password", link
    )


def password_changed_letter(user: User) -> Letter:
    words = "your password was changed. All your devices were signed out."
    return Letter(user.email, user.full_name, "Your password was changed", words, ALARM)


def email_changing_letter(user: User, email: str) -> Letter:
    words = f"your account will use the address {email} after it is confirmed."
    return Letter(user.email, user.full_name, "Your address will change", words, ALARM)


def reset_state(settings: Settings, user: User) -> str:
    return fingerprint(settings, user.hashed_password, fold(user.email))
