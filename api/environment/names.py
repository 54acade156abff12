"""Names of settings: those of other projects for the same setting, and those that are probably misspelt."""

import os
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from api.environment.database_urls import read_database_url

ALIASES = {
    "secret_key": "jwt_secret",
    "algorithm": "jwt_algorithm",
    "access_token_expire_minutes": "jwt_expires_minutes",
    "cors_origins": "backend_cors_origins",
}
READ_BY_THE_SERVER = ("HOST", "PORT", "WEB_CONCURRENCY")
PREFIX, PREFIX_ELSEWHERE = "/api/v1", "API_V1_STR"  # it cannot be set
SHORTEST = 6  # characters of a name that can be recognised although it is misspelt
LIKENESS = 0.8  # of two names, from 0 to 1


def names_of(setting: str) -> AliasChoices:
    """The names by which the environment may set it. The first that is there counts."""
    return AliasChoices(setting, ALIASES[setting])


class OwnNames(PydanticBaseSettingsSource):
    """A source by our own names, so that the environment wins over the file whichever name is used."""

    def __init__(self, settings: type[BaseSettings], source: PydanticBaseSettingsSource) -> None:
        super().__init__(settings)
        self.source = source

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self.source.get_field_value(field, field_name)

    def __call__(self) -> dict[str, Any]:
        own = {alias: setting for setting, alias in ALIASES.items()}
        return {own.get(name, name): value for name, value in self.source().items()}


def sources(file: Path) -> list[dict[str, str]]:
    """What is not empty in the environment and in the file."""
    read = (dict(os.environ), dotenv_values(file))
    return [{name.upper(): value for name, value in one.items() if value} for one in read]


def given(file: Path) -> dict[str, str]:
    environment, written = sources(file)
    return written | environment


def as_given(setting: str, file: Path) -> str:
    """The name that set it: in the environment, else in the file; its own, else the other."""
    names = setting.upper(), ALIASES.get(setting, setting).upper()
    return next((name for one in sources(file) for name in names if name in one), setting.upper())


def refused(file: Path) -> list[str]:
    """Sentences about what the environment and the file ask for in vain."""
    if given(file).get(PREFIX_ELSEWHERE, PREFIX).rstrip("/") == PREFIX:
        return []
    return [f"{PREFIX_ELSEWHERE}: The API is always at {PREFIX}. Remove this setting, or write {PREFIX}"]


def remarks(settings: Iterable[str], file: Path) -> list[str]:
    """Sentences about what the environment and the file say without effect. They contain no values."""
    names = given(file)
    known = {
        *map(str.upper, settings),
        *map(str.upper, ALIASES.values()),
        *READ_BY_THE_SERVER,
        PREFIX_ELSEWHERE,
    }
    found = [
        f"{alias.upper()} has no effect, because {setting.upper()} is set."
        for setting, alias in ALIASES.items()
        if alias.upper() in names and as_given(setting, file) == setting.upper()
    ]
    recognisable = [name for name in sorted(known) if len(name) >= SHORTEST]
    for name in sorted(names.keys() - known):
        if len(name) >= SHORTEST and (alike := get_close_matches(name, recognisable, 1, LIKENESS)):
            found.append(f"{name} is not a setting, and has no effect. {alike[0]} is one.")
    if url := names.get("DATABASE_URL"):
        found += [f"DATABASE_URL: the option {name} has no effect." for name in _ignored_options(url)]
    return found


def _ignored_options(url: str) -> list[str]:
    try:
        return read_database_url(url)[1]
    except ValueError:  # the settings say what is wrong with it
        return []
