"""The mailer: letters of a request, sent after its response."""

from typing import Annotated

from fastapi import BackgroundTasks, Depends, Request

from api.mail import Letter, deliver
from api.settings import Settings


class Mailer:
    """Sends letters after the response, hence after the commit. If the request fails, it sends none."""

    def __init__(self, settings: Settings, tasks: BackgroundTasks) -> None:
        self.settings, self.tasks = settings, tasks

    def send(self, letter: Letter) -> None:
        self.tasks.add_task(deliver, letter, self.settings)


async def get_mailer(request: Request, tasks: BackgroundTasks) -> Mailer:
    return Mailer(request.app.state.settings, tasks)


MailerDep = Annotated[Mailer, Depends(get_mailer)]
