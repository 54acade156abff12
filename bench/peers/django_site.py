"""The Django settings of drf and ninja.

Connections stay open, as Django's documentation recommends for threaded servers. SQLite has the options that
this documentation names.
"""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

from bench.peers import contract


def database() -> dict[str, Any]:
    if contract.SQLITE:
        pragmas = ";".join(f"PRAGMA {pragma}" for pragma in contract.PRAGMAS)
        options = {"transaction_mode": "IMMEDIATE", "timeout": 15, "init_command": pragmas}
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": contract.SQLITE_FILE,
            "OPTIONS": options,
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(contract.DATABASE_URL)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": parts.username,
        "HOST": parse_qs(parts.query)["host"][0],
        "CONN_MAX_AGE": None,
    }


def start(urls: str, *apps: str, **options: Any) -> WSGIHandler:
    """The site with these routes; its models can be imported afterwards."""
    settings.configure(
        ALLOWED_HOSTS=["*"],
        APPEND_SLASH=False,
        DATABASES={"default": database()},
        INSTALLED_APPS=["bench.peers.django_notes", *apps],
        LOGGING_CONFIG=None,
        MIDDLEWARE=[],
        ROOT_URLCONF=urls,
        SECRET_KEY=contract.SECRET_KEY,
        TIME_ZONE="UTC",
        USE_I18N=False,
        USE_TZ=True,
        **options,
    )
    django.setup()
    return get_wsgi_application()
