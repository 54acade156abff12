"""The page as HTML. All addresses are relative, so that it also works behind a proxy with a path prefix."""

from collections.abc import Collection, Iterable
from html import escape

from api import __version__
from api.settings import Settings
from api.web.account import address_here
from api.web.first_page.facts import MOST, Account, Facts, Part, entities
from api.web.first_page.picture import picture, spoken

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="first-page/first_page.css">{script}
</head>
<body>
<main>
{content}
</main>
</body>
</html>
"""
SCRIPT = '\n<script src="first-page/first_page.js" defer></script>'
HEAD = """<header>
<h1>{name}</h1>
<p class="lead">Version {version} is running, in development.</p>
</header>"""
ADMIN = ("admin/", "Admin", "all rows, to look at and to change")
PLACES = (  # an address, its name, and what is there
    ("docs", "Try every route", "Swagger UI, with sign-in"),
    ("redoc", "Read the reference", "ReDoc, on one page"),
    ("api/v1/openapi.json", "OpenAPI document", "for clients and generators"),
    ("health", "Health", "whether the process runs"),
    ("ready", "Readiness", "whether it can serve requests"),
)
SIGN_IN = "docs#/auth/login"
REGISTER = """curl {api}/auth/register \\
  --json '{{"email": "ada@example.com", "password": "correct horse battery"}}'"""
ENTITY = 'make entity name="Invoice number:str:unique total:money"'
FOOT = """<footer>
<p>This page is for development. Elsewhere it says nothing but the name, and <code>FIRST_PAGE=false</code>
 turns it off.</p>
</footer>"""


def plain(settings: Settings) -> str:
    """What others than developers see."""
    name = escape(settings.project_name)
    docs = '\n<p><a href="docs">Documentation of the API</a></p>' if settings.shows_docs else ""
    content = f'<header class="plain">\n<h1>{name}</h1>{docs}\n</header>'
    return PAGE.format(title=name, script="", content=content)


def whole(settings: Settings, facts: Facts, tags: Collection[str]) -> str:
    name = escape(settings.project_name)
    content = [
        HEAD.format(name=name, version=escape(__version__)),
        _section("What runs", _parts(facts.parts)),
        _section("Where to look", _places(settings)),
        _section("Who can sign in", _accounts(facts.accounts, settings)) if facts.accounts else "",
        _section("Entities", _entities(facts, tags if settings.shows_docs else ())),
        _section("What to try next", _commands(settings)),
        FOOT,
    ]
    return PAGE.format(title=name, script=SCRIPT, content="\n".join(filter(None, content)))


def _section(title: str, content: str) -> str:
    name = title.lower().replace(" ", "-")
    return f'<section aria-labelledby="{name}">\n<h2 id="{name}">{title}</h2>\n{content}\n</section>'


def _parts(parts: Iterable[Part]) -> str:
    rows = (
        f'<div><dt>{part.name}</dt><dd class="{"well" if part.is_well else "wrong"}">'
        f"<b>{part.state}</b> <span>{escape(part.about)}</span></dd></div>"
        for part in parts
    )
    return "<dl>\n" + "\n".join(rows) + "\n</dl>"


def _places(settings: Settings) -> str:
    shown = (*[ADMIN] * settings.admin, *(PLACES if settings.shows_docs else PLACES[-2:]))
    rows = (f'<li><a href="{at}">{name}</a> <span>{about}</span></li>' for at, name, about in shown)
    return '<ul class="rows">\n' + "\n".join(rows) + "\n</ul>"


def _accounts(accounts: Iterable[Account], settings: Settings) -> str:
    rows = map(_account, accounts)
    where = f'<a href="{SIGN_IN}">Sign in on the page of the API</a>. ' if settings.shows_docs else ""
    said = "The first start printed their passwords in its terminal. Only hashes of them are stored."
    return '<ul class="rows people">\n' + "\n".join(rows) + f'\n</ul>\n<p class="note">{where}{said}</p>'


def _account(account: Account) -> str:
    is_named = account.full_name != account.username
    who = f"{account.full_name}, {account.role}" if is_named else account.role
    return f'<li><code data-copy="username">{escape(account.username)}</code> <span>{escape(who)}</span></li>'


def _entities(facts: Facts, tags: Collection[str]) -> str:
    rows = "\n".join(_entity(table.name, facts.counts.get(table.name), tags) for table in entities())
    said = "A line leads from each reference to the entity that it names."
    return (
        f'<p class="note first">{said}</p>\n<ul class="entities">\n{rows}\n</ul>\n'
        '<div class="picture" tabindex="0" role="region" aria-label="Picture of the entities">\n'
        f"{picture()}\n</div>"
    )


def _entity(table: str, count: int | None, tags: Collection[str]) -> str:
    name = spoken(table)
    shown = f'<a href="docs#/{name.replace(" ", "%20")}">{name}</a>' if name in tags else name
    many = "" if count is None else f"{MOST:,}+" if count > MOST else f"{count:,}"
    rows = (
        f' <span>{many}<span class="spoken"> {"row" if count == 1 else "rows"}</span></span>' if many else ""
    )
    return f'<li data-entity="{table}">{shown}{rows}</li>'


def _commands(settings: Settings) -> str:
    register = REGISTER.format(api=f"{address_here(settings)}/api/v1")
    tried = (
        ("Register, and get an access token", register),
        ("Add an entity of your own", ENTITY),
        ("Run all tests, on both databases", "make test"),
    )
    return "\n".join(
        f'<div class="command">\n<h3>{said}</h3>\n'
        f'<pre><code data-copy="command">{escape(command)}</code></pre>\n</div>'
        for said, command in tried
    )
