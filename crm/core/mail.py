"""Mail: one message built for every reader, and the conversation that hands it over."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from enum import StrEnum
from pathlib import Path
from types import TracebackType

CONNECT_SECONDS = 10
ANSWER_SECONDS = 30
"""No server keeps a letter's sender waiting longer than this for one answer."""


class Security(StrEnum):
    """How the conversation is kept from others: not at all (a relay on this machine), STARTTLS, TLS."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over; the password is never shown, not even by `repr`."""

    host: str
    port: int
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Mail:
    """A letter as it goes out: two parts of equal content."""

    recipient: str
    subject: str
    text: str
    html: str
    message_id: str
    headers: Mapping[str, str] = field(default_factory=dict)


def built(mail: Mail, sender: str, sender_name: str, reply_to: str = "") -> EmailMessage:
    """The message with its headers. ValueError for an address that is none."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["Subject"] = mail.subject
    message["From"] = Address(sender_name, addr_spec=sender)
    message["To"] = Address(addr_spec=mail.recipient)
    if reply_to:
        message["Reply-To"] = Address(addr_spec=reply_to)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text, cte="base64")
    message.add_alternative(mail.html, subtype="html", cte="base64")
    return message


class Reply(Exception):
    """The server did not take the letter: its code and words. Code 0: it could not be reached."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}".strip())
        self.code = code
        self.text = text


class BrokenOff(Exception):
    """The whole letter was handed over and no answer came: only the reader knows whether he has it."""


class Conversation:
    """One connection for many letters; opened with the first, opened again after it broke."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Conversation:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def hand_over(self, message: EmailMessage, sender: str, recipient: str) -> str:
        """Give the server one letter; its words of acceptance.

        Raises:
            Reply: it refused, for now or for good, or could not be reached (code 0).
            BrokenOff: it got all of the letter and did not answer.
        """
        smtp = self._connected()
        data = message.as_bytes(policy=SMTP_POLICY)
        try:
            _expect(smtp.mail(sender), {250})
            _expect(smtp.rcpt(recipient), {250, 251})
            _expect(smtp.docmd("DATA"), {354})
            smtp.send(_dotted(data))
        except Reply:
            self._start_over()
            raise
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise Reply(0, _words(error)) from error
        try:
            answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise BrokenOff(_words(error)) from error
        _expect(answer, {250})
        return _text(answer)

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = _open(self._server)
            except smtplib.SMTPResponseException as error:
                raise Reply(0, f"{error.smtp_code} {_decoded(error.smtp_error)}") from error
            except (OSError, smtplib.SMTPException) as error:
                raise Reply(0, _words(error)) from error
        return self._smtp

    def _start_over(self) -> None:
        """After a refusal the same connection serves the next letter, if it still answers."""
        try:
            if self._smtp is not None:
                _expect(self._smtp.rset(), {250})
        except (Reply, OSError, smtplib.SMTPException):
            self._hang_up()

    def _hang_up(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                smtp.quit()
            except (OSError, smtplib.SMTPException):
                smtp.close()


def _open(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security is Security.TLS:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=CONNECT_SECONDS, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=CONNECT_SECONDS)
    try:
        if server.security is Security.STARTTLS:
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
        if smtp.sock is not None:
            smtp.sock.settimeout(ANSWER_SECONDS)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _expect(answer: tuple[int, bytes], codes: set[int]) -> None:
    if answer[0] not in codes:
        raise Reply(answer[0] if answer[0] > 0 else 0, _decoded(answer[1]))


def _dotted(data: bytes) -> bytes:
    """A message as it goes over the wire: dots at line starts doubled, the lone dot at its end."""
    lines = data.replace(b"\r\n.", b"\r\n..")
    lines = b"." + lines if lines.startswith(b".") else lines
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _text(answer: tuple[int, bytes]) -> str:
    return f"{answer[0]} {_decoded(answer[1])}"


def _decoded(text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(said.split())[:400]


def _words(error: BaseException) -> str:
    return _decoded(str(error)) or type(error).__name__


def put_in_folder(message: EmailMessage, folder: Path, name: str) -> None:
    """Where no server is configured: the letter as a file that any mail program opens."""
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{name}.part"
    half.write_bytes(message.as_bytes(policy=SMTP_POLICY))
    half.rename(folder / f"{name}.eml")
