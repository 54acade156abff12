"""DATABASE_URL as people write it: for any driver, with several hosts, with options of other drivers."""

import re
from collections.abc import Mapping
from typing import Any

from psycopg.pq import Conninfo
from sqlalchemy import URL, make_url

DRIVERS = {  # of databases, as URLs name them
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "sqlite": "sqlite+aiosqlite",
}
FORMS = "Write postgresql://user:password@host:5432/name, or sqlite:///file.db"
NO_FILE = "The embedded database needs a file, such as sqlite:///onefold.db"
# Several hosts, as libpq writes them. SQLAlchemy finds them only in the query.
HOSTS = re.compile(r"(?P<user>(?:[^:/@]*(?::[^@]*)?@)?)(?P<hosts>[^/?]*,[^/?]*)(?P<rest>.*)", re.S)
HOST = re.compile(r"(?P<host>\[.*\]|[^:]*):(?P<port>\d*)")

OF_LIBPQ = {option.keyword.decode() for option in Conninfo.get_defaults()}
OF_SQLITE = {"cached_statements", "check_same_thread", "detect_types", "isolation_level", "timeout", "uri"}
SSL_MODES = {"true": "require", "1": "require", "false": "disable", "0": "disable"}  # of asyncpg's `ssl`


def read_database_url(given: str) -> tuple[str, list[str]]:
    """The URL for our drivers, and the names of the options that only other drivers know. It lacks those."""
    scheme, separator, rest = given.strip().partition("://")
    driver = DRIVERS.get(scheme.partition("+")[0])
    if not separator or driver is None:
        raise ValueError(FORMS)
    hosts = ""
    if driver == DRIVERS["postgresql"] and (several := HOSTS.fullmatch(rest)):
        hosts, rest = several["hosts"], several["user"] + several["rest"]
    try:
        url = make_url(f"{driver}://{rest}")
    except ValueError:  # which may repeat a part of the password
        raise ValueError(FORMS) from None
    if driver == DRIVERS["sqlite"]:
        options, known = dict(url.query), _options_of_sqlite(url)
    else:
        options, known = _with_ssl_mode(_with_hosts(url.query, hosts)), OF_LIBPQ
    complete = url.set(query={name: value for name, value in options.items() if name in known})
    as_given = f"{driver}://{rest}" if complete == url else None
    return as_given or complete.render_as_string(hide_password=False), sorted(options.keys() - known)


def _options_of_sqlite(url: URL) -> set[str]:
    if url.host or url.username:
        raise ValueError("Write three slashes before the file, as in sqlite:///onefold.db")
    if not url.database or ":memory:" in url.database or url.query.get("mode") == "memory":
        raise ValueError(NO_FILE)
    return OF_SQLITE | (
        set(url.query) if "uri" in url.query else set()
    )  # SQLite's own, in the name of a file


def _with_hosts(options: Mapping[str, Any], hosts: str) -> dict[str, Any]:
    """The options with all hosts in `host` and all ports in `port`, separated by commas."""
    named = options.get("host", hosts)
    named = named.split(",") if isinstance(named, str) else list(named)
    if len(named) < 2:
        return dict(options)
    pairs = [(found["host"], found["port"]) if (found := HOST.fullmatch(one)) else (one, "") for one in named]
    together = {"host": ",".join(host.strip("[]") for host, _ in pairs)}
    if any(port for _, port in pairs):
        together["port"] = ",".join(port for _, port in pairs)
    return {**options, **together}


def _with_ssl_mode(options: dict[str, Any]) -> dict[str, Any]:
    """The options with libpq's `sslmode` in place of asyncpg's `ssl`."""
    ssl = options.pop("ssl", None)
    if ssl is not None:
        options.setdefault("sslmode", SSL_MODES.get(str(ssl).lower(), ssl))
    return options
