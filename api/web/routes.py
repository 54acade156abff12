"""Routes with strict bodies of limited size, and with an ETag for each single entity.

A Route is FastAPI's APIRoute. The fast path answers instead of FastAPI if its response is known to be equal.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response, params
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.db.request_state import RequestState, current
from api.doors import open_door
from api.models.base import Entity
from api.problems import ProblemError, invalid
from api.settings import Mechanism, Settings
from api.web.context import context_of
from api.web.dry_runs import WRITES, begin, wants_dry_run, why_not
from api.web.duplicates import check_query_and_headers, dependencies_of, is_duplicate, may_repeat
from api.web.etags import etag, matches
from api.web.fields import chooser_of
from api.web.headers import first_headers, set_headers
from api.web.idempotency import asked_by, keep_once, key_in, takes_key
from api.web.locations import Locator
from api.web.reached import check_is_reached
from api.web.requests import (
    JSON,
    URL_ENCODED,
    StrictRequest,
    bounded,
    check_media_type,
    forms,
    from_form,
    identifying,
    is_large,
    is_of_body,
    media_type,
    share,
)
from api.web.retries import answer_again, is_repeatable

OF_A_BODY = {b"content-length", b"content-type"}
ENVELOPE = 8192  # bytes of a form besides its file: boundaries, names, types
DEFAULTS = Settings.model_construct()  # for an application without our settings
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Route(APIRoute):
    def get_route_handler(self) -> Handler:
        by_fastapi, door = super().get_route_handler(), open_door("api.web.fast.solver")
        effective = door.effective_of(self) if door else self
        body: Any = self.body_field and self.body_field.field_info
        is_form, is_upload = isinstance(body, params.Form), isinstance(body, params.File)
        accepted = forms(body.annotation) if is_form else {getattr(body, "media_type", JSON)}
        form_model = body.annotation if is_form else None
        form: type[BaseModel] | None = getattr(self.endpoint, "form", None)
        documented = accepted | ({URL_ENCODED} if form is not None else set())
        is_raw = getattr(body, "annotation", None) in (bytes, bytes | None)
        is_strict = body is not None and not is_raw and (is_form or JSON in accepted)
        solver = door.solver_of(self) if door and not is_raw else None
        is_kept, reason = takes_key(effective), why_not(effective)
        # the headers that ask for more than the route does by itself
        asking = {b"prefer"} if WRITES & (self.methods or set()) else set[bytes]()
        asking |= {b"idempotency-key"} if is_kept else set()
        is_of_many = getattr(self.response_model, "is_affected", False)
        asking |= {b"if-match"} if is_of_many else set()
        may_lack_type = self.strict_content_type is False
        largest: int | None = getattr(self.endpoint, "largest_body", None)
        identify = next(identifying(effective.dependant), None)
        choose = chooser_of(effective.dependant)
        is_bulk = getattr(self.response_model, "is_bulk", False)
        is_row = _is_whole_entity(self)
        is_upsert = any(getattr(one.call, "is_upsert", False) for one in dependencies_of(effective.dependant))
        locator = Locator(self.response_model, ("POST", "PUT") if is_upsert else ("POST",))

        async def answer(request: Request) -> Response:
            app = request.app
            mechanisms = _settings(app).fast_path
            if solver is not None and not app.dependency_overrides and Mechanism.solver in mechanisms:
                response = await solver.answer(request, mechanisms)
            else:
                response = await by_fastapi(request)
            if response.status_code == 204:
                set_headers(response, {}, without=b"content-type")  # a 204 has no content
            is_row_answered = is_row and _is_json(response)
            if is_row_answered and response.status_code == 201:
                locator.locate(request, response)
            if is_bulk and response.status_code == 201:
                response.headers.setdefault("location", request.url.path.rpartition("/")[0])
            whole = bytes(response.body) if is_row_answered else b""
            if choose is not None and _is_json(response):
                choose(request, response)
            if keep := context_of(request).keep_answer:
                await keep(response)  # in the same transaction as its effect
            if (state := current.get()) is not None and state.is_dry:
                response.background = None
            return _tagged(request, response, self.response_model, whole) if is_row_answered else response

        is_repeated = is_repeatable(self.endpoint) and not is_form

        async def run(request: Request) -> Response:
            return await (answer_again(answer, request) if is_repeated else answer(request))

        async def run_asked(request: Request, headers: dict[bytes, bytes]) -> Response:
            """Run with what the headers ask for: once for its key, or as a dry run."""
            state, token = current.get(), None
            if state is None:
                token = current.set(state := RequestState())
            try:
                if is_of_many and b"if-match" in headers:
                    raise invalid(["header", "If-Match"], "Many rows have no common version. Leave this out.")
                if b"prefer" in headers and wants_dry_run(request):
                    begin(request, state, reason)
                if is_kept and b"idempotency-key" in headers:
                    assert identify is not None  # noqa: S101  `takes_key` says so
                    user_id = await identify(request)
                    key, asked = key_in(request), await asked_by(request)
                    state.opening = lambda session: keep_once(request, session, user_id, key, asked)
                return await run(request)
            finally:
                state.opening = None  # it refers to the request, and so to itself
                if token is not None:
                    current.reset(token)

        async def strictly(given: Request) -> Response:
            settings, headers = _settings(given.app), first_headers(given.scope)
            limit = settings.max_upload_bytes + ENVELOPE if is_upload else settings.max_body_bytes
            if largest is not None:
                limit = min(limit, largest)
            recognize = None if given.app.dependency_overrides else identify
            request = given
            try:
                if len(headers) < len(given.scope["headers"]) or may_repeat(given.scope["query_string"]):
                    check_query_and_headers(given, self)
                if recognize is not None and body is not None and is_large(headers):
                    await recognize(given)  # FastAPI parses the body before it runs any dependency
                if is_strict and not (may_lack_type and b"content-type" not in headers):
                    check_media_type(headers, documented)
                receive = bounded(given, headers, limit if self.max_body_size is None else self.max_body_size)
                if type(given) is Request:
                    request = (Request if body is None else StrictRequest)(given.scope, receive)
                    vars(request).update(form_model=form_model)
                    share(given, request)  # a subclass of Route may read the body before
                else:  # an author's own class
                    vars(given).update(_receive=receive)
                if form is not None and media_type(headers) == URL_ENCODED:
                    request = await from_form(request, form, body.annotation)
                return await (run(request) if asking.isdisjoint(headers) else run_asked(request, headers))
            except ProblemError as problem:
                if recognize is not None and (is_of_body(problem) or is_duplicate(problem)):
                    await recognize(given)  # without a valid token, nothing else is answered
                raise
            finally:
                share(request, given)  # or afterwards

        return strictly


class Router(APIRouter):
    """An APIRouter whose routes are Routes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"route_class": Route, **options})

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().add_api_route(path, endpoint, **options)
        check_is_reached(self.routes)


def _settings(app: Any) -> Settings:
    settings: Settings = getattr(app.state, "settings", DEFAULTS)
    return settings


def _is_whole_entity(route: APIRoute) -> bool:
    """Whether the response is a complete Public schema. A part of it would get a different ETag."""
    names = ("include", "exclude", "exclude_unset", "exclude_defaults", "exclude_none")
    is_part = (
        any(getattr(route, f"response_model_{name}") for name in names) or not route.response_model_by_alias
    )
    return isinstance(route.response_model, type) and issubclass(route.response_model, Entity) and not is_part


def _is_json(response: Response) -> bool:
    """Whether it is a success that FastAPI or the row writer has written, or one just like it."""
    is_written = type(response) is Response and response.media_type == JSON
    return is_written and response.status_code < 300 and bool(response.body)


def _tagged(request: Request, response: Response, public: type[Entity], whole: bytes) -> Response:
    """Add the ETag to the response, or answer 304 if the client has this version.

    `whole` is the response with all fields. The handler's own ETag and Cache-Control stay.
    """
    names = {name for name, _ in response.raw_headers}
    if b"etag" in names:
        return response
    tag = etag(bytes(response.body), public, whole)
    response.raw_headers.append((b"etag", tag.encode()))
    if b"cache-control" not in names:
        response.raw_headers.append((b"cache-control", b"private, no-cache"))
    if request.method not in {"GET", "HEAD"}:
        return response
    known = ",".join(request.headers.getlist("if-none-match"))
    if not matches(known.replace("W/", ""), tag):
        return response
    unchanged = Response(status_code=304, background=response.background)
    unchanged.raw_headers[:] = [header for header in response.raw_headers if header[0] not in OF_A_BODY]
    return unchanged
