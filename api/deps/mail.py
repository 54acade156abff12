"""Mail as text and HTML, sent by SMTP after the commit. Development without SMTP prints it instead."""

import asyncio
import html
import logging
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from importlib import import_module

from api.security import fold
from api.settings import Settings

log = logging.getLogger(__name__)

ATTEMPTS = 3
TIMEOUT = 10
DOTLESS = ("gmail.com", "googlemail.com")  # two names of one provider, which ignores dots

HTML = """\
<!doctype html>
<html lang="en"><body style="margin:0;background:#f4f4f5;font:16px/1.5 system-ui,sans-serif;color:#18181b">
<div style="max-width:32rem;margin:2rem auto;padding:2rem;background:#fff;border-radius:.5rem">
<p style="margin-top:0;font-weight:600">{project}</p>
<p>{greeting},</p>
<p>{words}</p>{button}
<p style="margin-bottom:0;font-size:.85rem;color:#71717a">{footer}</p>
</div></body></html>
"""
BUTTON = """
<p><a href="{link}" style="display:inline-block;padding:.6rem 1.2rem;border-radius:.375rem;\
background:#18181b;color:#fff;text-decoration:none">{label}</a></p>
<p style="font-size:.85rem;color:#71717a">Or copy this address: {link}</p>"""


@dataclass(frozen=True)
class Letter:
    """The content of a mail. All mails share one layout."""

    to: str
    name: str  # empty in a letter to an address that is not confirmed
    subject: str
    words: str
    footer: str
    label: str = ""
    link: str = ""

    def message(self, settings: Settings) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = settings.smtp_from, self.to, self.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = make_msgid(domain="onefold")
        message["Auto-Submitted"] = "auto-generated"
        greeting = f"Hello {self.name}".strip()
        paragraphs = [f"{greeting},", self.words, self.link, self.footer, settings.project_name]
        message.set_content("\n\n".join(filter(None, paragraphs)) + "\n", cte="quoted-printable")
        safe = {key: html.escape(value) for key, value in {**vars(self), "greeting": greeting}.items()}
        button = BUTTON.format(**safe) if self.link else ""
        message.add_alternative(
            HTML.format(project=html.escape(settings.project_name), button=button, **safe), subtype="html"
        )
        return message


def mailbox_of(email: str) -> str:
    """One spelling for all addresses of a mailbox: without case, a `+` part, and dots that do not count."""
    local, _, domain = fold(email).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in DOTLESS:
        local, domain = local.replace(".", ""), DOTLESS[0]
    return f"{local}@{domain}"


async def deliver(letter: Letter, settings: Settings) -> None:
    """Send the letter by SMTP. This runs after the response, so it can only log a failure."""
    message = letter.message(settings)
    if not settings.smtp_host:
        if settings.development:
            text = f"{letter.subject}\n{letter.words}\n{letter.link}"
            print(f"\n--- mail to {letter.to}: {text}\n---", flush=True)  # noqa: T201  it is the mail
        else:
            log.error("Mail %r was not sent, because SMTP_HOST is not set", letter.subject)
        return
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    # Imported with the first letter, because it takes memory
    aiosmtplib = await asyncio.to_thread(import_module, "aiosmtplib")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            await aiosmtplib.send(
                message,
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_username,
                password=password,
                use_tls=settings.smtp_security == "tls",
                start_tls=settings.smtp_security == "starttls",
                timeout=TIMEOUT,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            log.warning(
                "Mail %r was not sent at attempt %d of %d: %s", letter.subject, attempt, ATTEMPTS, error
            )
            if isinstance(error, aiosmtplib.SMTPNotSupported) or getattr(error, "code", 0) >= 500:
                break  # a permanent error
            if attempt < ATTEMPTS:
                await asyncio.sleep(2**attempt)
        else:
            return
    log.error("Mail %r was not sent and will not be retried", letter.subject)
