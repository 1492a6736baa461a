"""`crm audit verify`, `crm leads recount`."""

from __future__ import annotations

import click

from crm.audit import queries as audit_queries
from crm.cli import house
from crm.cli.house import Refusal


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
