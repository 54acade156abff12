"""Reads the settings at the start of a program."""

import sys
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from api.environment.names import as_given, refused, remarks

ENV_FILE = Path(".env")
S = TypeVar("S", bound=BaseSettings)


def read(settings: type[S]) -> S:
    """The settings. Exit with a sentence for each wrong one, without its value, which may be secret."""
    sentences, found = refused(ENV_FILE), None
    try:
        found = settings()
    except ValidationError as error:
        for one in error.errors(include_input=False):
            names = [as_given(str(name), ENV_FILE) for name in one["loc"]]
            sentences.append(": ".join([*names, one["msg"].removeprefix("Value error, ")]))
    if found is None or sentences:
        sys.exit("\n".join(sentences + unused(settings)))
    return found


def unused(settings: type[BaseSettings]) -> list[str]:
    """Sentences about what the environment says without effect, such as a misspelt setting."""
    return remarks(settings.model_fields, ENV_FILE)
