"""`crm audit verify`, `crm leads recount`, `crm recount`: the books looked at again."""

from __future__ import annotations

import click

from crm.accounts.operations import SYSTEM
from crm.audit import queries as audit_queries
from crm.cli import house
from crm.cli.house import Refusal
from crm.core import clock
from crm.counting.operations.recounting import recount as recount_sums
from crm.counting.queries.stored import chunks, decided_at
from crm.goals.operations import rebuilding
from crm.leads.operations import history
from crm.ledger.models import Receipt
from crm.projects.models import Project


@click.group()
def audit() -> None:
    """The record of who changed what."""


@audit.command()
def verify() -> None:
    """Walk the chain of seals; what was changed, removed, reordered or cut off is named (exit code 1)."""
    config = house.settle_in()
    with house.current_database(config) as database, database.read() as session:
        verdict = audit_queries.verify(session)
    if verdict.broken:
        raise Refusal(f"The audit is broken: {verdict.broken}.")
    click.echo(f"The audit holds: {verdict.entries:,} entries under {verdict.seals:,} seals.")
    click.echo(f"Head: {verdict.head}")


@click.group()
def leads() -> None:
    """The leads' dated history."""


@leads.command()
def recount() -> None:
    """Build every lead's dated states and first-reached days again from its events; mend what differs.

    What is mended is in the audit. It should say 0: a law of the tests holds the two equal.
    """
    config = house.settle_in()
    with house.current_database(config) as database, database.write("cli") as session:
        mended = history.recount(session, SYSTEM, now=clock.now())
    click.echo(f"{mended} leads differed and were mended.")


@click.command("recount")
def recount_all() -> None:
    """Hand every project and receipt to counting again, decide, and rebuild the day and month sums.

    Some hundred rows a transaction, so that people can go on working. It should say 0 everywhere: a
    law of the tests holds stored facts, decisions and sums equal to the rows. After an update from a
    version that did not count yet, this fills in what is missing.
    """
    config, now, differed = house.settle_in(), clock.now(), {}
    steps = ((Project.id, rebuilding.hand_projects), (Receipt.id, rebuilding.hand_receipts))
    with house.current_database(config) as database:
        for column, hand in steps:
            with database.read() as session:
                parts = list(chunks(session, column))
            differed[hand] = 0
            for numbers in parts:
                with database.write("cli") as session:
                    differed[hand] += hand(session, SYSTEM, numbers, now=now)
        with database.write("cli") as session:
            answers = decided_at(session, now)
            sums = recount_sums(session, SYSTEM, now=now)
    projects, receipts = differed.values()
    click.echo(
        f"Facts of {projects} projects and {receipts} receipts differed, {answers} answers changed, "
        f"{sums} sums were wrong; all are mended."
    )
