"""Routes, dependencies and middleware that tell or answer what happens to them."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute


def entering(told: list[str], word: str, is_sync: bool = False) -> Any:
    """A dependency that tells when it begins and how it ends."""

    async def entered() -> AsyncIterator[str]:
        told.append(word)
        try:
            yield word
        except Exception as error:
            told.append(f"{word} sees {type(error).__name__}")
            raise
        finally:
            told.append(f"{word} ends")

    def entered_in_a_thread() -> Iterator[str]:
        told.append(word)
        try:
            yield word
        except Exception as error:
            told.append(f"{word} sees {type(error).__name__}")
            raise
        finally:
            told.append(f"{word} ends")

    return entered_in_a_thread if is_sync else entered


def telling_of_answers(app: FastAPI, told: list[str]) -> None:
    """Notes when the answer begins and is complete, as the server would see it."""

    class Telling:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            async def note(message: Any) -> None:
                told.append(
                    message["type"].partition(".")[2] + ("" if not message.get("more_body") else " more")
                )
                await send(message)

            await self.app(scope, receive, note if scope["type"] == "http" else send)

    app.add_middleware(Telling)


def tell(router: APIRouter, path: str, word: str = "", methods: tuple[str, ...] = ("GET",)) -> None:
    """A route that says which one it is, and what it has found in the path."""

    async def handle(request: Request) -> dict[str, Any]:
        return {"route": word or path, "found": request.path_params, "path": request.scope["path"]}

    router.add_api_route(path, handle, methods=list(methods), name=f"{word or path} {methods}")


def catching(app: FastAPI, told: list[str], response: Response | None) -> None:
    """A middleware that is told of each exception. It answers it, or raises it again."""

    @app.middleware("http")
    async def catch(request: Request, call_next: Any) -> Any:
        try:
            return await call_next(request)
        except Exception as error:
            told.append(repr(error))
            if response is None:
                raise
            return response


def breaking(router: APIRouter) -> None:
    """Routes that break before, within and after their answer."""

    async def pieces() -> AsyncIterator[str]:
        yield "begun"
        raise LookupError

    @router.get("/broken")
    async def broken() -> None:
        raise LookupError("hidden")

    @router.get("/begun")
    async def begun() -> StreamingResponse:
        return StreamingResponse(pieces())


def around(base: type[APIRoute], answer: Callable[..., Any]) -> type[APIRoute]:
    """A subclass, as FastAPI documents it, that answers by what calls the original handler."""

    class Around(base):  # type: ignore[valid-type, misc]
        def get_route_handler(self) -> Callable[..., Any]:
            handle = super().get_route_handler()

            async def answering(request: Request) -> Response:
                response: Response = await answer(request, handle)
                return response

            return answering

    return Around
