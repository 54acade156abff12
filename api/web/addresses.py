"""The addresses of clients: parsed, by network, and from the headers of trusted proxies."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

UNKNOWN = "unknown"
SCHEMES = {
    "http": {"http": "http", "https": "https"},
    "websocket": {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"},
}


def parse(text: str) -> IPv4Address | IPv6Address | None:
    """The address in the text, without its port and its zone. None if there is none."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def address(connection: HTTPConnection) -> str:
    """The client's address in its normal form."""
    return str(_client(connection) or UNKNOWN)


def network(connection: HTTPConnection) -> str:
    """What a rate limit counts: an IPv4 address, or the /64 of an IPv6 address, which one client has."""
    return network_of(_client(connection))


def network_of(found: IPv4Address | IPv6Address | None) -> str:
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, 64), strict=False))
    return str(found or UNKNOWN)


def _client(connection: HTTPConnection) -> IPv4Address | IPv6Address | None:
    return parse(connection.client.host) if connection.client else None


class TrustedProxies:
    """Takes the client's address and scheme from the headers of so many proxies.

    Each proxy appends the address that it was called from. So the entry of the outermost proxy is as far from
    the end as there are proxies, and what is before it can be forged.
    """

    def __init__(self, app: ASGIApp, proxies: int) -> None:
        self.app, self.proxies = app, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in SCHEMES:
            if found := parse(self._entry(scope, b"x-forwarded-for")):
                scope["client"] = (str(found), 0)
            schemes = SCHEMES[scope["type"]]
            said = self._entry(scope, b"x-forwarded-proto").lower()
            scope["scheme"] = schemes.get(said, scope["scheme"])
        await self.app(scope, receive, send)

    def _entry(self, scope: Scope, header: bytes) -> str:
        """The entry of the outermost proxy; the first one, if there are fewer entries than proxies."""
        lines = b",".join(value for name, value in scope["headers"] if name == header)
        return lines.rsplit(b",", self.proxies)[-self.proxies :][0].decode("latin-1").strip()
