"""create_app builds the application from settings. There is no global engine, settings or app elsewhere."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI

from api import __version__, openapi
from api.db import problems as database_problems
from api.db.engine import Database
from api.deps import idempotency
from api.deps.throttling import Throttle
from api.doors import open_door
from api.flows.pruning import prune_for_ever
from api.live.bus import Bus
from api.openapi import pages
from api.routers import prefix_of, resources
from api.seeds.first_start import known_usernames, make_ready
from api.settings import Mechanism, Settings
from api.web import account, admin, exception_handlers, first_page, frontend, logs
from api.web.addresses import TrustedProxies
from api.web.memory import give_back_for_ever
from api.web.middleware import Cors, ErrorMiddleware, HeadersMiddleware, answer_unexpected
from api.web.rate_limit import RateLimit
from api.web.send_timeout import SendTimeout
from api.web.unsent import Unsent

ABOUT = "Every error is `application/problem+json`, every list has pages, and every id is a UUIDv7."


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or Settings()
    if settings.telemetry:  # FastAPI reports only what it does itself
        settings = settings.model_copy(update={"fast_path": settings.fast_path - {Mechanism.solver}})
    logs.configure(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = app.state.database
        account.warn(settings)
        await make_ready(settings, migrates=settings.migrate_on_start)
        _announce_shutdown(app, settings.shutdown_delay_seconds)
        tasks = [asyncio.create_task(one) for one in (prune_for_ever(settings), give_back_for_ever())]
        async with app.state.bus.running():
            yield
        for task in tasks:
            task.cancel()
        await app.state.throttle.close()
        await database.close()

    app = FastAPI(
        title=settings.project_name,
        version=__version__,
        description=ABOUT,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json" if settings.shows_docs else None,
        docs_url=None,  # replaced by openapi/pages.py
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        telemetry={"tracing": settings.telemetry, "metrics": settings.telemetry, "logs": settings.telemetry},
    )
    app.state.settings = settings
    app.state.database = Database(settings)
    app.state.bus = Bus(settings, app.state.database)
    app.state.database.wake = app.state.bus.wake
    app.state.throttle = Throttle(settings)
    app.state.draining = False
    for resource in resources():
        app.include_router(resource.router, prefix=prefix_of(resource))
    if Mechanism.route_finder in settings.fast_path and (door := open_door("api.web.fast.route_finder")):
        app.router.middleware_stack = door.RouteFinder(app.router)
    exception_handlers.install(app)
    database_problems.install(app)
    idempotency.install(app)
    openapi.install(app)
    if settings.shows_docs:
        pages.install(app)
    if settings.frontend_url is None:
        account.install(app, settings)
    if settings.admin:
        admin.install(app, settings)
    if settings.frontend_dist is not None:
        frontend.install(app, settings.frontend_dist)
    elif settings.first_page:
        first_page.install(app, settings, partial(known_usernames, settings))
    _add_middleware(app, settings)
    return app


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """The last one is the outermost."""
    app.add_middleware(ErrorMiddleware)
    app.add_exception_handler(Exception, answer_unexpected)
    if settings.rate_limit_enabled:
        app.add_middleware(RateLimit, settings=settings)
    app.add_middleware(
        Cors,
        allow_origins=settings.origins,
        allow_credentials="*" not in settings.origins,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=[
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "Last-Event-ID",
            "Prefer",
            "X-Request-ID",
        ],
        expose_headers=[
            "ETag",
            "Idempotent-Replayed",
            "Location",
            "Preference-Applied",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "X-Request-ID",
        ],
        max_age=600,
    )
    unsent = Unsent(settings.max_unsent_bytes)
    app.add_middleware(HeadersMiddleware, https_only=not settings.development, unsent=unsent)
    build: Callable[[], Any] = app.build_middleware_stack
    app.build_middleware_stack = lambda: _wrapped(build(), settings, unsent)  # type: ignore[method-assign]


def _wrapped(app: Any, settings: Settings, unsent: Unsent) -> Any:
    """The application within what also wraps Starlette's own middleware."""
    app = SendTimeout(app, settings.stream_send_seconds, unsent)
    return TrustedProxies(app, settings.trusted_proxies) if settings.trusted_proxies else app


def _announce_shutdown(app: FastAPI, delay: float) -> None:
    """On SIGTERM, report not ready for `delay` seconds, so that the load balancer stops sending requests.

    Then disconnect all live streams, which would not end otherwise, and let the server finish its open
    requests.
    """
    if threading.current_thread() is not threading.main_thread():
        return  # signals reach only the main thread
    loop = asyncio.get_running_loop()

    def end(stop: Any, *received: Any) -> None:
        app.state.bus.close()
        stop(*received)

    for number, wait in ((signal.SIGTERM, delay), (signal.SIGINT, 0)):
        stop: Any = signal.getsignal(number)
        if not callable(stop) or stop is signal.default_int_handler:
            continue  # no server has installed a handler

        def drain(*received: Any, stop: Any = stop, wait: float = wait) -> None:
            app.state.draining = True
            loop.call_soon_threadsafe(loop.call_later, wait, end, stop, *received)

        signal.signal(number, drain)
