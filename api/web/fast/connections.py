"""uvicorn's connections, with bounds for headers, for slow clients, and for the number of connections.

uvicorn's own class reads headers without end, and waits without end for a client that stops sending or
reading. This class is for `python -m api serve`. If the door closes, uvicorn uses h11, which bounds headers.
"""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from api.models.base import uuid7
from api.problems import Code, ProblemError, title
from api.settings import Settings
from api.web.middleware import LONGEST, RAW_HEADERS, STRICT_CSP, uri_too_long
from api.web.watch import SLOWEST, Ended, Watch, bytes_taken

LEANS_ON = (
    "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol._start_asgi_task",
    "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol.connection_lost",
    "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol.connection_made",
    "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol.data_received",
    "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol.on_headers_complete",
    "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol.send_400_response",
    "uvicorn.protocols.http.httptools_impl:HttpToolsProtocol.timeout_keep_alive_handler",
    "uvicorn.protocols.http.flow_control:FlowControl.pause_reading",
    "uvicorn.server:ServerState",
)
ATTRIBUTES = {
    "config",
    "connections",
    "cycle",
    "flow",
    "headers",
    "loop",
    "pipeline",
    "scope",
    "server_state",
    "timeout_keep_alive_task",
}
if missing := ATTRIBUTES - {*HttpToolsProtocol.__init__.__code__.co_names}:
    raise ImportError(f"uvicorn's HttpToolsProtocol has no {', '.join(sorted(missing))}")

MOST_HEADERS = 100
LARGEST_HEAD = 32_768  # bytes of the address and the headers
LARGEST_PART = LARGEST_HEAD + 262_144  # bytes until the head is whole, with what was read before it
BOUNDS = {"max_bytes": LARGEST_HEAD, "max_headers": MOST_HEADERS}
TOO_LARGE = (
    f"The headers are too large or too many. Send at most {MOST_HEADERS} headers and {LARGEST_HEAD:,} bytes."
)
CROWDED = "Too many connections are open. Try again in a moment."
MOST_WAITING = 64  # requests that a client sends before it has read the answers
TOLD_SECONDS = 2.0  # for a refused client to read the answer
MOMENT = 0.01  # seconds in which the event loop reads what has come

watches: WeakKeyDictionary[ServerState, Watch] = WeakKeyDictionary()


class _TooLargeError(Exception):
    """Raised in a callback of the parser, which then calls `send_400_response`."""


class Connection(HttpToolsProtocol):
    is_refused = False  # whether it was answered, and what the client still sends is thrown away
    late = 0.0  # see api/web/watch.py
    received = seen = taken = 0  # bytes: all, those at the last look, and those that the client has taken
    head = chunk = 0  # bytes of the request before the data that is being read, and of this data
    running: Any = None  # the request that is answered; `cycle` is the newest, which may wait for it
    owed: tuple[Ended, Any] | None = None  # what the client did not do at the last look

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        super().connection_made(transport)
        watch = watches.get(self.server_state)
        if watch is None:
            settings = _settings(self.config.loaded_app)
            watch = watches[self.server_state] = Watch(settings, self.connections, self.loop)
        self.watch = watch
        if not watch.has_room():
            watch.note(Ended.refused)
            watch.tell(self)
            self.refuse(ProblemError(Code.unavailable, CROWDED, headers={"Retry-After": "1"}))

    def connection_lost(self, exc: Exception | None) -> None:
        self.watch.told.pop(self, None)
        self._leave()
        super().connection_lost(exc)

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, unless a request came while the process stood still: it is read now."""
        self.timeout_keep_alive_task = self.loop.call_later(MOMENT, super().timeout_keep_alive_handler)

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        self.running = cycle
        super()._start_asgi_task(cycle, app)

    def _leave(self) -> None:
        """Tell the request that is answered that the client is gone. uvicorn tells only the newest."""
        if self.running is not None and not self.running.response_complete:
            self.running.disconnected = True
            self.running.message_event.set()

    def data_received(self, data: bytes) -> None:
        self.chunk = len(data)
        self.received += self.chunk
        if self.is_refused:
            return
        super().data_received(data)
        cycle = self.cycle
        is_whole = cycle is not None and cycle.scope is self.scope
        self.head = 0 if is_whole else self.head + self.chunk
        has_too_many = self.headers is not None and len(self.headers) > MOST_HEADERS  # or trailers of a body
        if has_too_many or self.head > LARGEST_PART:
            self.send_400_response("")

    def on_headers_complete(self) -> None:
        if len(self.headers) > MOST_HEADERS or len(self.pipeline) > MOST_WAITING:
            raise _TooLargeError
        if self.head + self.chunk > LARGEST_HEAD and self._head_bytes() > LARGEST_HEAD:
            raise _TooLargeError
        super().on_headers_complete()

    def _head_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def send_400_response(self, msg: str) -> None:
        """Answer what the parser cannot read, or must not."""
        url, is_large = getattr(self, "url", b""), self.head + self.chunk > LARGEST_HEAD
        self.watch.note(Ended.too_large)
        if len(url) > LONGEST:
            self.refuse(uri_too_long())
        elif len(self.headers or ()) > MOST_HEADERS or is_large:
            self.refuse(ProblemError(Code.headers_too_large, TOO_LARGE, members=BOUNDS))
        else:
            self.refuse(ProblemError(Code.bad_request, None if msg == "" else "This is not valid HTTP."))

    def refuse(self, problem: ProblemError) -> None:
        """Answer with a problem and close. What the client still sends is read, or no answer arrives."""
        if self.is_refused or self.transport.is_closing():
            return
        self.is_refused, self.late, cycle = True, 0.0, self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
            self._leave()
            if cycle.response_started or self.pipeline:
                return self.transport.abort()
        self.transport.write(_as_bytes(problem, self.server_state.default_headers))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        else:
            self.transport.close()

    def look(self, seconds: float) -> None:
        """Count for how long the client has been too slow, and disconnect it after its time."""
        if self.is_refused:
            self.late += seconds
            if self.late >= TOLD_SECONDS:
                self.transport.abort()
            return
        owed, was, seen, taken = self._owed(), self.owed, self.seen, self.taken
        self.owed, self.seen = owed, self.received
        if owed is not None and owed[0] is Ended.not_reading:
            self.taken = bytes_taken(self.transport)
        if owed is None or was is None or was[0] is not owed[0] or was[1] is not owed[1]:
            self.late = 0.0
            return
        progress = {Ended.slow_body: self.received - seen, Ended.not_reading: self.taken - taken}
        self.late = max(0.0, self.late + seconds - progress.get(owed[0], 0) / SLOWEST)
        if self.late >= self.watch.patience[owed[0]]:
            self.end(owed[0])

    def _owed(self) -> tuple[Ended, Any] | None:
        """What the client has to do next, and of which request, if it is the client's turn."""
        if self.transport.get_write_buffer_size():
            return Ended.not_reading, None
        cycle, scope = self.cycle, self.scope
        if self.flow.read_paused:
            return None
        if cycle is None or cycle.scope is not scope:
            return Ended.silent, scope
        if cycle.more_body and not cycle.waiting_for_100_continue:
            return Ended.slow_body, scope
        return (Ended.idle, scope) if cycle.response_complete else None

    def end(self, reason: Ended) -> None:
        self.late = 0.0
        self.watch.note(reason)
        self._leave()
        self.transport.abort()


def _settings(app: Any) -> Settings:
    """The settings of the application, which uvicorn may have wrapped."""
    while app is not None and not hasattr(app, "state"):
        app = getattr(app, "app", None)
    settings: Settings = getattr(getattr(app, "state", None), "settings", None) or Settings.model_construct()
    return settings


def _as_bytes(problem: ProblemError, defaults: list[tuple[bytes, bytes]]) -> bytes:
    answer, code = problem.response(), problem.code
    headers = [*defaults, *answer.raw_headers, *RAW_HEADERS.items(), (b"content-security-policy", STRICT_CSP)]
    headers += [(b"x-request-id", str(uuid7()).encode()), (b"connection", b"close")]
    lines = [f"HTTP/1.1 {code.status} {title(code.status)}".encode()]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"", bytes(answer.body)])
