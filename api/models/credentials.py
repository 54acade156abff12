"""Request bodies for signing in and for password checks. They have no table."""

from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from api.models.account_types import Email, Password
from api.models.types import Line, Verbatim
from api.models.user import ChosenTransport, Transport

Login = Annotated[Line, Field(max_length=254, description="A username or an e-mail address.")]
# No minimum: rules for new passwords do not apply to old ones
AnyPassword = Annotated[Verbatim, Field(max_length=128)]
MailedToken = Annotated[
    Line, Field(max_length=2048, description="The token from the link in the mail, after `token=`.")
]


InvitationSecret = Annotated[
    Line, Field(min_length=1, max_length=200, description="The token from the link, after `token=`.")
]
IGNORED = "Accepted for OAuth2 clients, but ignored."


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignIn(Body):
    username: Login = Field(validation_alias=AliasChoices("username", "email"))
    password: AnyPassword
    transport: ChosenTransport = Transport.body


class PasswordForm(Body):
    """The OAuth2 password grant, as Swagger UI's Authorize dialog sends it."""

    grant_type: Literal["password"] = "password"
    username: Login
    password: AnyPassword
    scope: Line = Field(default="", max_length=200)
    client_id: Line | None = Field(default=None, max_length=200, description=IGNORED)
    client_secret: Line | None = Field(default=None, max_length=200, description=IGNORED)
    transport: ChosenTransport = Transport.body


class Refresh(Body):
    refresh_token: Line | None = Field(
        default=None, max_length=200, description="The refresh token. Omit it if it is in the cookie."
    )


class PasswordForgot(Body):
    email: Email


class PasswordReset(Body):
    token: MailedToken
    new_password: Password


class EmailVerify(Body):
    token: MailedToken


class InvitationToken(Body):
    token: InvitationSecret


class PasswordChange(Body):
    current_password: AnyPassword
    new_password: Password


class PasswordConfirm(Body):
    current_password: AnyPassword


class EmailChange(Body):
    email: Email
    current_password: AnyPassword
