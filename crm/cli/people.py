"""`crm init` and `crm link`: the first administrator, and a way back in."""

from __future__ import annotations

import click
from sqlalchemy import select

from config import Config
from crm.accounts import operations as accounts
from crm.accounts.models import Person
from crm.cli import founding, house
from crm.cli.founding import Administrator
from crm.cli.house import Refusal
from crm.core import clock
from crm.core.errors import Refused

ADDRESS = click.option(
    "--address",
    metavar="URL",
    help="Where people reach the system, for the link; by default http://HOST:PORT.",
)


@click.command()
@click.option("--username", prompt="Account name of the administrator", default="admin")
@click.option("--name", prompt="His or her name", default="管理员")
@click.option("--unit", prompt="Name of the bureau", default="包头市招商局")
@ADDRESS
def init(username: str, name: str, unit: str, address: str | None) -> None:
    """Make an empty system: the plan's catalog, the bureau, one administrator and his one-time link.

    He sets his password with the link; people and offices are then added in the pages.
    """
    config = house.settle_in()
    with house.folder_to_oneself(config), house.database_of(config) as database:
        house.migrate(database)
        if founding.founded(database):
            raise Refusal(
                "There is a system here already; `crm link USERNAME` lets somebody in again."
            )
        try:
            token = founding.found_plain(
                database, Administrator(username.strip(), name.strip(), unit.strip()), clock.now()
            )
        except Refused as refusal:
            raise Refusal(str(refusal.message)) from None
    say_link(config, token, address)


@click.command()
@click.argument("username")
@ADDRESS
def link(username: str, address: str | None) -> None:
    """Print a new one-time link with which USERNAME sets a password; an old password ends.

    For an administrator who cannot get in any more; for others the page of the person has a button.
    """
    config = house.settle_in()
    with house.current_database(config) as database, database.write("cli") as session:
        person_id = session.scalar(select(Person.id).where(Person.username == username))
        if person_id is None:
            raise Refusal(f"Nobody here has the account {username}.")
        try:
            token = accounts.invite(session, accounts.SYSTEM, person_id, now=clock.now())
        except Refused as refusal:
            raise Refusal(str(refusal.message)) from None
    say_link(config, token, address)


def say_link(config: Config, token: str, address: str | None = None) -> None:
    """Print the link of an invitation; it is not written down anywhere else."""
    base = (address or base_address(config.host, config.port)).rstrip("/")
    click.echo("This link works once; whoever opens it sets the password:")
    click.secho(f"  {base}/invitation/{token}", bold=True)


def base_address(host: str, port: int) -> str:
    """How a browser on this machine (or, for 0.0.0.0, on another) reaches the server."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    return (
        f"http://[{shown}]:{port}"
        if ":" in shown and "[" not in shown
        else f"http://{shown}:{port}"
    )
