"""Letters through a real SMTP conversation: each once, whatever the server does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from config import HOUSE, Config
from crm.accounts.models import Person
from crm.accounts.operations import SYSTEM
from crm.core import clock, mail
from crm.core.database import Database
from crm.core.errors import Forbidden, Refused
from crm.core.mail import MailServer, Security
from crm.notices.jobs import send_letters
from crm.notices.models import JobRun, Letter
from crm.notices.operations.outbox import LetterDraft, put_out
from crm.notices.operations.sending import decide_doubtful, send_again
from crm.notices.rules import LEASE, LetterKind, LetterState
from tests.factories.city import City
from tests.notices.smtp import Mailbox, mail_server


@pytest.fixture
def post() -> Iterator[tuple[MailServer, Mailbox]]:
    """A mail server, and what arrives there."""
    with mail_server() as found:
        yield found


@pytest.fixture
def mailing(config: Config, post: tuple[MailServer, Mailbox]) -> Config:
    """The house with that server."""
    return replace(config, mail_server=post[0], mail_sender="crm@bureau.example")


def drafts(database: Database, slot: str, most: int = 50) -> list[LetterDraft]:
    """A weekly letter to everybody of the test city."""
    with database.read() as session:
        people = session.scalars(select(Person).order_by(Person.id).limit(most)).all()
    return [
        LetterDraft(
            person.id,
            LetterKind.WEEKLY,
            slot,
            f"{person.username}@bureau.example",
            f"第{slot[-2:]}周 · 3 项逾期",
            f"{person.name}：\n.一行以点开头\n先办这几件",
            f"<p>{person.name}：先办这几件</p>",
        )
        for person in people
    ]


def write_out(database: Database, slot: str = "2025-W27") -> int:
    """Put a week's letters out."""
    composed = drafts(database, slot)
    with database.write("job") as session:
        return put_out(session, SYSTEM, "weekly", slot, composed, now=clock.now())


def states(database: Database) -> dict[str, int]:
    """How many letters stand where."""
    with database.read() as session:
        rows = session.execute(select(Letter.state, func.count()).group_by(Letter.state))
        return {state.value: count for state, count in rows}


def hasten(database: Database) -> None:
    """Let every waiting letter's next try be now."""
    with database.write("test") as session:
        session.execute(update(Letter).values(next_try_at=clock.now() - timedelta(seconds=1)))


def test_each_person_gets_both_parts_with_a_stable_message_id(
    database: Database, city: City, mailing: Config, post: tuple[MailServer, Mailbox]
) -> None:
    written = write_out(database)
    send_letters(database, mailing, clock.now())

    (letter,) = post[1].to("kunqu_officer@bureau.example")
    assert len(post[1].arrived) == written == states(database)["sent"]
    assert str(letter["Subject"]) == "第27周 · 3 项逾期"
    assert str(letter["From"]) == "招商工作台 <crm@bureau.example>"
    assert "/account/letters" in str(letter["List-Unsubscribe"])
    parts = {part.get_content_type(): part for part in letter.walk()}
    assert set(parts) == {"multipart/alternative", "text/plain", "text/html"}
    assert ".一行以点开头" in parts["text/plain"].get_content()  # type: ignore[attr-defined]
    with database.read() as session:
        kept = session.scalars(
            select(Letter).where(Letter.address == "kunqu_officer@bureau.example")
        ).one()
    assert str(letter["Message-ID"]) == kept.message_id


def test_a_week_put_out_by_six_runs_at_once_is_written_once(database: Database, city: City) -> None:
    for slot in ("2025-W27", "2025-W28", "2025-W29"):
        with ThreadPoolExecutor(6) as pool:
            written = list(pool.map(lambda _, slot=slot: write_out(database, slot), range(6)))
        people = len(drafts(database, slot))
        assert sorted(written) == [0, 0, 0, 0, 0, people]
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(JobRun)) == 3
        assert session.scalar(select(func.count()).select_from(Letter)) == 3 * people


def test_six_senders_at_once_send_each_letter_once(
    database: Database, city: City, mailing: Config, post: tuple[MailServer, Mailbox]
) -> None:
    people = write_out(database)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: send_letters(database, mailing, clock.now()), range(6)))

    recipients = [recipient for recipient, _ in post[1].arrived]
    assert len(recipients) == len(set(recipients)) == people
    assert states(database) == {"sent": people}


def test_somebody_who_joins_late_in_the_week_is_caught_up_and_nobody_else_gets_it_again(
    database: Database, city: City
) -> None:
    composed = drafts(database, "2025-W27")
    for some, fresh in ((composed[:-1], len(composed) - 1), (composed, 1), (composed, 0)):
        with database.write("job") as session:
            assert put_out(session, SYSTEM, "weekly", "2025-W27", some, now=clock.now()) == fresh
    with database.read() as session:
        run = session.scalars(select(JobRun)).one()
        assert (run.written, run.skipped) == (len(composed), 0)


def test_a_greylisting_server_gets_the_same_message_later(
    database: Database, city: City, mailing: Config, post: tuple[MailServer, Mailbox]
) -> None:
    post[1].at_rcpt = lambda address, tries: "451 come back later" if tries == 1 else None
    people = write_out(database)
    send_letters(database, mailing, clock.now())
    assert (states(database), post[1].arrived) == ({"waiting": people}, [])
    with database.read() as session:
        assert set(session.scalars(select(Letter.answer))) == {"451 come back later"}

    hasten(database)
    send_letters(database, mailing, clock.now())
    assert states(database) == {"sent": people}
    assert {message["Message-ID"] for _, message in post[1].arrived} == _message_ids(database)


def _message_ids(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.scalars(select(Letter.message_id)))


def test_one_refused_recipient_keeps_nobody_else_waiting(
    database: Database, city: City, mailing: Config, post: tuple[MailServer, Mailbox]
) -> None:
    bad = "kunqu_officer@bureau.example"
    post[1].at_rcpt = lambda address, tries: "550 no such user" if address == bad else None
    people = write_out(database)
    send_letters(database, mailing, clock.now())
    assert states(database) == {"sent": people - 1, "failed": 1}
    hasten(database)
    send_letters(database, mailing, clock.now())
    assert post[1].tries[bad] == 1


def test_a_server_that_takes_the_letter_and_hangs_up_leaves_it_doubtful_and_it_is_not_sent_again(
    database: Database, city: City, mailing: Config, post: tuple[MailServer, Mailbox]
) -> None:
    doubted = "kunqu_officer@bureau.example"
    post[1].drop_after_data = {doubted}
    people = write_out(database)
    send_letters(database, mailing, clock.now())
    hasten(database)
    send_letters(database, mailing, clock.now())
    assert states(database) == {"sent": people - 1, "doubtful": 1}
    assert len(post[1].to(doubted)) == 1


def test_a_server_that_hangs_after_the_letter_is_waited_for_only_so_long(
    database: Database,
    city: City,
    mailing: Config,
    post: tuple[MailServer, Mailbox],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "ANSWER_SECONDS", 1)
    post[1].hang_at_data = {"kunqu_officer@bureau.example"}
    people = write_out(database)
    send_letters(database, mailing, clock.now())
    assert states(database) == {"sent": people - 1, "doubtful": 1}


def test_a_dead_server_leaves_every_letter_waiting_and_only_the_first_was_tried(
    database: Database, city: City, config: Config
) -> None:
    nobody = replace(config, mail_server=MailServer("127.0.0.1", 9, Security.NONE))
    people = write_out(database)
    send_letters(database, nobody, clock.now())
    assert states(database) == {"waiting": people}
    with database.read() as session:
        assert session.scalar(select(func.sum(Letter.attempts))) == 1


def test_without_a_server_letters_become_files_that_a_mail_program_opens(
    database: Database, city: City, config: Config
) -> None:
    people = write_out(database)
    send_letters(database, config, clock.now())
    files = sorted(config.mail_dir.glob("*.eml"))
    assert (len(files), states(database)) == (people, {"sent": people})
    assert b"Message-ID: <weekly.2025-W27." in files[0].read_bytes()


KILLED = """
import os, signal, sys
from config import Config
from pathlib import Path
from crm.audit.operations import seal
from crm.core import clock
from crm.core.database import Database
from crm.core.mail import Conversation, MailServer, Security
from crm.notices import jobs

sent = 0
hand_over = Conversation.hand_over
def die_in_the_fourth(self, *letter):
    global sent
    sent += 1
    answer = hand_over(self, *letter)
    if sent == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
Conversation.hand_over = die_in_the_fourth
url, port, folder = sys.argv[1:]
config = Config("x" * 40, Path(folder), url, mail_server=MailServer("127.0.0.1", int(port), Security.NONE))
jobs.send_letters(Database(url, seal), config, clock.now())
"""


def test_a_sender_killed_in_a_conversation_leaves_that_one_letter_to_be_decided(
    database: Database,
    city: City,
    mailing: Config,
    post: tuple[MailServer, Mailbox],
    tmp_path: Path,
) -> None:
    people = write_out(database)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, mailing.database_url, str(post[0].port), str(tmp_path)],
        cwd=HOUSE,
        env=os.environ | {"PYTHONPATH": str(HOUSE)},
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL

    send_letters(database, mailing, clock.now())
    recipients = [recipient for recipient, _ in post[1].arrived]
    assert len(recipients) == len(set(recipients)) == people
    assert states(database) == {"sent": people - 1, "sending": 1}

    later = clock.now() + LEASE + timedelta(minutes=1)
    with database.read() as session:
        lost = session.scalars(select(Letter).where(Letter.state == LetterState.SENDING)).one()
    admin = city.actor("admin")
    with database.write("web") as session:
        decide_doubtful(session, admin, lost.id, arrived=True, reason="邮箱里有", now=later)
    assert states(database) == {"sent": people}


def test_a_doubtful_letter_is_decided_by_who_manages_mail_alone_and_with_a_reason(
    database: Database, city: City, mailing: Config, post: tuple[MailServer, Mailbox]
) -> None:
    post[1].drop_after_data = {"kunqu_officer@bureau.example"}
    write_out(database)
    send_letters(database, mailing, clock.now())
    with database.read() as session:
        row = session.scalars(select(Letter).where(Letter.state == LetterState.DOUBTFUL)).one()
    admin = city.actor("admin")
    officer = city.actor("kunqu_officer")
    with pytest.raises(Forbidden), database.write("web") as session:
        decide_doubtful(session, officer, row.id, arrived=True, reason="x", now=clock.now())
    with pytest.raises(Refused), database.write("web") as session:
        decide_doubtful(session, admin, row.id, arrived=False, reason=" ", now=clock.now())

    post[1].drop_after_data = set()
    with database.write("web") as session:
        decide_doubtful(
            session, admin, row.id, arrived=False, reason="收件箱里没有", now=clock.now()
        )
    send_letters(database, mailing, clock.now())
    assert len(post[1].to("kunqu_officer@bureau.example")) == 2
    with pytest.raises(Refused), database.write("web") as session:
        decide_doubtful(session, admin, row.id, arrived=True, reason="again", now=clock.now())


def test_a_letter_is_sent_once_more_only_when_an_administrator_says_why(
    database: Database, city: City, mailing: Config, post: tuple[MailServer, Mailbox]
) -> None:
    people = write_out(database)
    with database.read() as session:
        first = session.scalars(select(Letter).order_by(Letter.id).limit(1)).one()
    admin = city.actor("admin")
    with pytest.raises(Refused), database.write("web") as session:
        send_again(session, admin, first.id, reason="误删", now=clock.now())
    send_letters(database, mailing, clock.now())
    with database.write("web") as session:
        send_again(session, admin, first.id, reason="误删", now=clock.now())
    send_letters(database, mailing, clock.now())
    assert len(post[1].arrived) == people + 1
    assert len({message["Message-ID"] for message in post[1].to(first.address)}) == 1


def test_who_gets_no_letter_stands_in_the_log_with_the_reason(
    database: Database, city: City, mailing: Config, post: tuple[MailServer, Mailbox]
) -> None:
    composed = drafts(database, "2025-W27")
    composed[0] = replace(composed[0], address="", skipped="没有邮箱地址")
    with database.write("job") as session:
        put_out(session, SYSTEM, "weekly", "2025-W27", composed, now=clock.now())
    send_letters(database, mailing, clock.now())
    assert states(database) == {"sent": len(composed) - 1, "skipped": 1}
