"""A client is who the trusted proxies say it is, whatever it writes into headers itself."""

import pytest
from httpx import Response
from starlette.requests import HTTPConnection

from api.web.addresses import TrustedProxies, network_of, parse
from tests.support.people import PASSWORD, Person
from tests.support.visitors import House, Visitor

pytestmark = pytest.mark.anyio

PEER = "192.0.2.1"


@pytest.mark.parametrize(
    ("text", "address", "network"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7:4711 ", "203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.7"),
        ("2001:DB8::0001", "2001:db8::1", "2001:db8::/64"),
        ("[2001:db8::1]:4711", "2001:db8::1", "2001:db8::/64"),
        ("[2001:db8::1]", "2001:db8::1", "2001:db8::/64"),
        ("fe80::1%" + "x" * 100, "fe80::1", "fe80::/64"),
        ("", "None", "unknown"),
        ("unknown", "None", "unknown"),
        ("203.0.113.7\t", "203.0.113.7", "203.0.113.7"),
        ("203.0.113.\t7", "None", "unknown"),
        ("1.2.3.4.5", "None", "unknown"),
        ("9" * 10_000, "None", "unknown"),
        ("[", "None", "unknown"),
        ("testclient", "None", "unknown"),
    ],
)
def test_what_is_an_address_is_parsed(text: str, address: str, network: str) -> None:
    assert (str(parse(text)), network_of(parse(text))) == (address, network)


@pytest.mark.parametrize(
    ("proxies", "lines", "host"),
    [
        (1, ["203.0.113.7"], "203.0.113.7"),
        (1, ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (1, ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
        (2, ["198.51.100.1, 203.0.113.7, 10.0.0.1"], "203.0.113.7"),
        (2, ["203.0.113.7"], "203.0.113.7"),
        (1, ["203.0.113.7,"], PEER),
        (1, ["203.0.113.7, nonsense"], PEER),
        (1, [], PEER),
    ],
)
async def test_the_entry_of_the_outermost_proxy_counts(proxies: int, lines: list[str], host: str) -> None:
    scope = {
        "type": "http",
        "scheme": "http",
        "client": (PEER, 1),
        "headers": [(b"x-forwarded-for", line.encode()) for line in lines],
    }
    seen: list[str] = []

    async def app(scope: object, receive: object, send: object) -> None:
        client = HTTPConnection(scope).client  # type: ignore[arg-type]
        seen.append(client.host if client else "")

    await TrustedProxies(app, proxies)(scope, None, None)  # type: ignore[arg-type]

    assert seen == [host]


@pytest.mark.parametrize(
    ("kind", "said", "scheme"),
    [
        ("http", "https", "https"),
        ("http", "http, HTTPS", "https"),
        ("http", "https, http", "http"),
        ("http", "javascript", "http"),
        ("websocket", "https", "wss"),
    ],
)
async def test_the_scheme_is_what_the_proxy_says(kind: str, said: str, scheme: str) -> None:
    headers = [(b"x-forwarded-proto", said.encode())]
    scope = {"type": kind, "scheme": "http", "client": None, "headers": headers}

    async def app(scope: object, receive: object, send: object) -> None: ...

    await TrustedProxies(app, 1)(scope, None, None)  # type: ignore[arg-type]

    assert scope["scheme"] == scheme


async def guess(visitor: Visitor, name: str, forwarded: str | None = None) -> Response:
    visitor.headers.update({"X-Forwarded-For": forwarded} if forwarded else {})
    return await visitor.try_password(name)


async def test_a_network_of_ipv6_has_one_allowance(house: House) -> None:
    app = house.open(rate_limit_failures_address="3/hour")
    hosts = [f"2001:db8:0:1:{n}::1" for n in range(1, 5)] + ["2001:db8:0:2::1"]

    guesses = [await guess(await house.visitor(app, host), f"u{n}") for n, host in enumerate(hosts)]

    assert [answer.status_code for answer in guesses] == [401, 401, 401, 429, 401]


@pytest.mark.parametrize("proxies", [0, 1])
async def test_a_forged_header_buys_no_allowance(house: House, proxies: int) -> None:
    app = house.open(rate_limit_failures_address="3/hour", trusted_proxies=proxies)
    visitor = await house.visitor(app)
    appended = ", 203.0.113.7" if proxies else ""

    guesses = [await guess(visitor, f"u{n}", f"198.51.100.{n}{appended}") for n in range(5)]

    assert [answer.status_code for answer in guesses] == [401, 401, 401, 429, 429]


@pytest.mark.parametrize("forged", ["x" * 60, "203.0.113.\t7", "2001:db8::1%" + "z" * 60, "\x7f"])
async def test_what_is_no_address_breaks_nothing(house: House, ada: Person, forged: str) -> None:
    visitor = await house.visitor(house.open(trusted_proxies=1))
    visitor.headers["X-Forwarded-For"] = forged

    answer = await visitor.try_password("ada", PASSWORD)

    assert answer.status_code == 200
    visitor.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    sessions = await visitor.get("/auth/sessions")
    assert sessions.status_code == 200
    assert sessions.json()["items"][0]["ip_address"] in {PEER, "2001:db8::1"}
