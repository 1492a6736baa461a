"""`crm audit verify`, `crm leads recount`: the books looked at again."""

from __future__ import annotations

import click

from crm.accounts.operations import SYSTEM
from crm.audit import queries as audit_queries
from crm.cli import house
from crm.cli.house import Refusal
from crm.core import clock
from crm.leads.operations import history


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
