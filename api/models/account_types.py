"""The types of usernames, e-mail addresses and passwords."""

import unicodedata
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError
from sqlmodel import Field

from api.models.types import WORDED, Line, Verbatim, idempotent, pure, visible
from api.security import fold, is_common


@idempotent
def _foldable(value: str) -> str:
    if len(fold(value)) > LONGEST_KEY:  # folding can turn one character into eighteen
        raise ValueError("This is too long in its normalized form. Use fewer characters.")
    return value


@idempotent
def _normal_email(value: str) -> str:
    try:
        # test_environment: accept `.test` addresses, which prototypes use.
        return validate_email(
            unicodedata.normalize("NFKC", value).strip(), check_deliverability=False, test_environment=True
        ).normalized
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None


@idempotent
def _uncommon(value: str) -> str:
    if is_common(value):
        said = (
            "Many people use this password, perhaps with other digits or signs at its end, so others guess "
            "it. Choose another one, such as four words."
        )
        raise PydanticCustomError("common_password", said)
    return value


@pure
def _key(email: str) -> str:
    return fold(email)


LONGEST_KEY = 400
Email = Annotated[
    Line,
    AfterValidator(_normal_email),
    AfterValidator(visible),
    AfterValidator(_foldable),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]
# To compare with the unique column, in which all spellings of an address are the same
EmailKey = Annotated[Email, AfterValidator(_key)]
USERNAME = r"^[\w.-]+$"
WORDED[USERNAME] = "Use only letters, digits, dots, hyphens and underscores."
# No @, so that a username never looks like an e-mail address.
Username = Annotated[
    str,
    StringConstraints(pattern=USERNAME),
    AfterValidator(visible),
    AfterValidator(_foldable),
    # Without the pattern: \\w matches letters of any script in Python, but only A to Z in JavaScript.
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 2,
            "maxLength": 50,
            "description": "Letters, digits, dots, hyphens and underscores.",
        }
    ),
]
Password = Annotated[Verbatim, Field(min_length=8, max_length=128), AfterValidator(_uncommon)]
