"""Names of settings: those of other projects for the same setting, and those that are probably misspelt."""

import os
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values
from pydantic import AliasChoices

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


def given(file: Path) -> dict[str, str]:
    """The variables of the environment, and of the file, that are not empty."""
    both = (*dotenv_values(file).items(), *os.environ.items())
    return {name.upper(): value for name, value in both if value}


def as_given(setting: str, file: Path) -> str:
    """The name by which the setting was set."""
    alias, names = ALIASES.get(setting, setting).upper(), given(file)
    return alias if alias in names and setting.upper() not in names else setting.upper()


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
        if alias.upper() in names and setting.upper() in names
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
