"""`crm` and its commands."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import OperationalError

from config import ConfigError
from crm.cli import checks, data, people, serve
from crm.cli.house import Refusal
from crm.core.supervise import Stopped, stoppable


class House(click.Group):
    """A group whose commands end in one line where they cannot go on, and without a trace on Ctrl-C."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; turn what users can mend into a sentence."""
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            raise Refusal(str(error)) from None
        except OperationalError as error:
            reason = " ".join(str(error.orig).split())
            raise Refusal(f"The database does not answer: {reason}") from None


@click.group(cls=House, context_settings={"help_option_names": ["-h", "--help"]})
def crm() -> None:
    """The investment-attraction CRM: run it, set it up, check it, back it up.

    Settings come from the environment (README.md lists them); data lies in var/, or in CRM_DATA_DIR.
    """


for _command in (
    serve.run,
    people.init,
    people.link,
    data.migrate,
    data.backup,
    data.restore,
    checks.audit,
    checks.leads,
    checks.recount_all,
):
    crm.add_command(_command)


def main() -> None:
    """The entry of `crm` and `python -m crm`."""
    try:
        with stoppable() as stop:
            crm.main(obj=stop, prog_name="crm", standalone_mode=True)
    except Stopped:
        click.echo("\nStopped before it was done; nothing half written stays.", err=True)
        sys.exit(130)
