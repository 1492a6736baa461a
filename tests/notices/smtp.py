"""A real mail server for the tests, and the bad manners that one meets."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from crm.core.mail import MailServer, Security

Manner = Callable[[str, int], str | None]
"""Asked at RCPT with the address and how often it was tried: the server's no, or None."""


class Mailbox:
    """What arrived, and how the server behaves on the way."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, Message]] = []
        self.tries: Counter[str] = Counter()
        self.at_rcpt: Manner = lambda address, tries: None
        self.drop_after_data: set[str] = set()
        self.hang_at_data: set[str] = set()

    def to(self, address: str) -> list[Message]:
        """The letters that one person has."""
        return [message for recipient, message in self.arrived if recipient == address]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries[address] += 1
        if refusal := self.at_rcpt(address, self.tries[address]):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        if recipient in self.hang_at_data:
            await asyncio.sleep(30)
        content: Any = envelope.content
        self.arrived.append((recipient, message_from_bytes(content, policy=default)))
        if recipient in self.drop_after_data:
            assert server.transport is not None
            server.transport.close()
            return ""
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[tuple[MailServer, Mailbox]]:
    """A server on a free port of this machine."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=_free_port(), enable_SMTPUTF8=True)
    controller.start()
    try:
        yield MailServer("127.0.0.1", controller.port, Security.NONE), box
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
