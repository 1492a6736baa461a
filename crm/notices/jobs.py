"""The sender: run by the scheduler's process, as many of them as there are schedulers."""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from email.message import EmailMessage

from config import Config
from crm.core import clock
from crm.core.database import Database
from crm.core.mail import BrokenOff, Conversation, Mail, Reply, built, put_in_folder
from crm.notices.models import Letter
from crm.notices.operations import sending
from crm.notices.rules import Answer, Outcome, outcome_of

log = logging.getLogger(__name__)

HandOver = Callable[[EmailMessage, Letter], str]


def send_letters(database: Database, config: Config, now: datetime) -> None:
    """Send what is due, one letter after the other, until nothing is or the server is gone."""
    sender = f"{socket.gethostname()[:12]}.{os.getpid()}.{uuid.uuid4().hex[:8]}"
    with Conversation(config.mail_server) if config.mail_server else nullcontext() as conversation:

        def hand_over(message: EmailMessage, letter: Letter) -> str:
            if conversation is None:
                put_in_folder(message, config.mail_dir, f"{letter.id:08d}-{letter.kind}")
                return "kept as a file: no mail server is configured"
            return conversation.hand_over(message, config.mail_sender, letter.address)

        while send_next(database, config, sender, hand_over):
            pass


def send_next(database: Database, config: Config, sender: str, hand_over: HandOver) -> bool:
    """Claim, talk, settle: three steps, no transaction open while talking. False: leave it for later."""
    with database.write("job") as session:
        letter = sending.claim(session, sender, now=clock.now())
    if letter is None:
        return False
    answer = _answer(config, letter, hand_over)
    with database.write("job") as session:
        sending.settle(session, letter.id, sender, answer, now=clock.now())
    if answer.outcome is not Outcome.ACCEPTED:
        log.warning("letter %s: %s: %s", letter.id, answer.outcome, answer.text)
    return answer.outcome is not Outcome.NO_SERVER


def _answer(config: Config, letter: Letter, hand_over: HandOver) -> Answer:
    """What came of it; what is wrong with the letter itself is a refusal for good."""
    mail = Mail(
        letter.address,
        letter.subject,
        letter.text,
        letter.html,
        letter.message_id,
        {"List-Unsubscribe": f"<{config.base_url}/account/letters>"},
    )
    try:
        message = built(mail, config.mail_sender, config.mail_sender_name, config.mail_reply_to)
        return Answer(Outcome.ACCEPTED, hand_over(message, letter))
    except Reply as reply:
        outcome = outcome_of(reply.code) if reply.code else Outcome.NO_SERVER
        return Answer(outcome, str(reply))
    except BrokenOff as broken:
        return Answer(Outcome.UNKNOWN, f"no answer after the whole letter: {broken}")
    except ValueError as error:
        return Answer(Outcome.REFUSED, str(error))
    except OSError as error:
        return Answer(Outcome.NO_SERVER, str(error))
