"""A real SMTP server that keeps what it is given."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter: Any = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append(letter)
        return "250 OK"

    def subjects(self, to: str) -> list[str]:
        return [str(letter["Subject"]) for letter in self.letters if letter["To"] == to]

    def text(self, to: str, subject: str) -> str:
        """The text of the newest letter of this kind."""
        letters = (one for one in reversed(self.letters) if (one["To"], one["Subject"]) == (to, subject))
        part = next(letters).get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    def token(self, to: str, subject: str) -> str:
        """The token in the newest letter of this kind."""
        found = re.search(r"#token=(\S+)", self.text(to, subject))
        assert found is not None
        return found[1]
