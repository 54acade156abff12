"""The mailer: letters of a request, sent after its response, and the limits of how many."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Request
from fastapi.responses import JSONResponse

from api.db.request_state import current
from api.deps.authentication import declares
from api.deps.mail import Letter, deliver, mailbox_of
from api.deps.throttling import Throttle, ThrottleDep
from api.problems import Code, ProblemCode, ProblemError
from api.settings import Settings
from api.web.addresses import network

Write = Callable[[], Awaitable[Letter | None]]


class Mailer:
    """Sends letters after the response, hence after the commit. If the request fails, it sends none.

    Each letter counts for its mailbox and for the address of the client; beyond a limit, it raises 429. A
    mailbox has an allowance for each subject, so that many letters of one kind do not suppress another kind.
    """

    def __init__(self, settings: Settings, throttle: Throttle, tasks: BackgroundTasks, sender: str) -> None:
        self.settings, self.throttle, self.tasks, self.sender = settings, throttle, tasks, sender

    async def send(self, letter: Letter, *, in_bulk: bool = False) -> None:
        """Send a letter. `in_bulk`: only the limit of the mailbox applies, as for administrators."""
        await self._count(letter.to, letter.subject, in_bulk=in_bulk)
        self.tasks.add_task(deliver, letter, self.settings)

    async def offer(self, letter: Letter) -> None:
        """Send a letter if the limit of the mailbox allows it."""
        if await self.throttle.count("recipient", f"{letter.subject} {mailbox_of(letter.to)}"):
            self.tasks.add_task(deliver, letter, self.settings)

    async def send_later(self, to: str, subject: str, write: Write) -> None:
        """Send the letter that `write` returns after the response. It counts even if there is none."""
        await self._count(to, subject)
        self.tasks.add_task(self._write_and_deliver, write)

    async def _write_and_deliver(self, write: Write) -> None:
        if (letter := await write()) is not None:
            await deliver(letter, self.settings)

    async def _count(self, to: str, subject: str, *, in_bulk: bool = False) -> None:
        if not self.settings.smtp_host:
            return  # nothing is sent
        await self.throttle.hit("recipient", f"{subject} {mailbox_of(to)}")
        if not in_bulk:
            await self.throttle.hit("mail", self.sender)


class SilentMailer(Mailer):
    """The mailer of a dry run: it neither sends nor counts."""

    async def send(self, letter: Letter, *, in_bulk: bool = False) -> None: ...

    async def offer(self, letter: Letter) -> None: ...

    async def send_later(self, to: str, subject: str, write: Write) -> None: ...


class ToldProblem(ProblemError):
    """A problem after which the letters of the request are sent nevertheless."""

    def __init__(self, code: ProblemCode, mailer: Mailer) -> None:
        super().__init__(code)
        self.tasks = mailer.tasks

    def response(self) -> JSONResponse:
        response = super().response()
        response.background = self.tasks
        return response


@declares("", Code.too_many_requests)
async def get_mailer(request: Request, throttle: ThrottleDep, tasks: BackgroundTasks) -> Mailer:
    sender = f"{network(request)} {request.scope['route'].name}"
    state = current.get()
    if state is not None:
        state.tasks = tasks.tasks  # for `bulk`, which takes back those of rows that are not written
    kind = SilentMailer if state is not None and state.is_dry else Mailer
    return kind(request.app.state.settings, throttle, tasks, sender)


MailerDep = Annotated[Mailer, Depends(get_mailer)]
