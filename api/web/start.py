"""The start of the application, as the server is told of it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.db.errors import CannotStart


async def start(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run the lifespan. Why the application cannot start is a sentence in the log, and not a trace."""
    failure: Message | None = None

    async def hold_back(message: Message) -> None:
        nonlocal failure
        if message["type"] == "lifespan.startup.failed":
            failure = message
        else:
            await send(message)

    try:
        await app(scope, receive, hold_back)
    except BaseException as error:
        if failure is not None:
            await send({**failure, "message": str(error)} if isinstance(error, CannotStart) else failure)
        raise
