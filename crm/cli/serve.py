"""`crm run`: web server and scheduler, together from the first start to Ctrl-C."""

from __future__ import annotations

import errno
import http.client
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import click

from config import HOUSE, Config
from crm.cli import founding, house, people
from crm.cli.founding import Administrator
from crm.cli.house import Refusal
from crm.core import clock
from crm.core.database import Database
from crm.core.supervise import Command, Stop, Stopped, run_together
from crm.demo import passwords

REQUEST_SECONDS = 60
"""A request that takes longer is ended with its worker."""


@click.command()
@click.pass_obj
def run(stop: Stop) -> None:
    """Start web server and scheduler; on the first start, load the demo (CRM_DEMO=0: an empty system).

    PORT and HOST say where. Ctrl-C ends both.
    """
    try:
        ended = _serve(house.settle_in(), stop)
    except Stopped:
        ended = ""
    if ended:
        raise Refusal(f"{ended} The others were stopped too; the lines above say why.")
    click.echo("\nStopped.")


def _serve(config: Config, stop: Stop) -> str:
    """Hold the folder and the port, prepare, run both; which child ended by itself, if one did."""
    started = time.monotonic()
    with house.folder_to_oneself(config) as lock, _listening(config) as listener:
        with house.database_of(config) as database:
            token = _prepare(database, config)
            demo = config.demo and founding.founded(database) == "demo"
        port = listener.getsockname()[1]
        address = people.base_address(config.host, port)

        def say() -> None:
            click.echo()
            click.secho(f"  {address}", bold=True, nl=False)
            click.echo(f"   ({time.monotonic() - started:.1f} s; Ctrl-C ends it)")
            _say_accounts(config, demo, token, address)
            sys.stdout.flush()

        return run_together(
            _commands(config, listener.fileno(), lock),
            _environment(config, demo, port),
            stop,
            ready=lambda: _answers(config.host, port),
            when_ready=say,
        )


def _prepare(database: Database, config: Config) -> str:
    """Migrate, and found the system where that was not done; the token of a new administrator's link."""
    if house.migrate(database):
        click.echo("Database migrated.")
    if any(letter.isspace() for letter in config.demo_password):
        raise Refusal("CRM_DEMO_PASSWORD takes no blanks.")
    if founded := founding.founded(database):
        if founded == "demo" and config.demo:
            founding.renew_demo_passwords(database, config, clock.now())
        return ""
    if not config.demo:
        click.echo("First start: an empty system with one administrator.")
        return founding.found_plain(database, Administrator(), clock.now())
    click.echo("First start: telling the demo, once and within a minute or so ...")
    sys.stdout.flush()
    founding.found_demo(database, config, clock.now(), _say_how_far)
    return ""


def _say_how_far(day: date, part: float) -> None:
    """A line for each quarter of the story."""
    if day.month % 3 == 0 or part == 1:
        click.echo(f"  {part:4.0%}  told until {day}")
        sys.stdout.flush()


def _say_accounts(config: Config, demo: bool, token: str, address: str) -> None:
    if token:
        people.say_link(config, token, address)
    if not demo:
        return
    click.echo()
    for line in passwords.table(config.data_dir):
        click.echo(f"  {line}")
    click.echo(f"\n  Kept in {config.data_dir / passwords.FILE}")


@contextmanager
def _listening(config: Config) -> Iterator[socket.socket]:
    """The bound socket that the web server is handed: a port in use is known before anything is done."""
    try:
        if config.port > 65535:
            raise OverflowError
        family, kind, _, _, where = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, OverflowError):
        raise Refusal(
            f"HOST={config.host} PORT={config.port} is no address to listen on."
        ) from None
    with socket.socket(family, kind) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(where)
            listener.listen(128)
        except OSError as error:
            raise Refusal(_why_not(config, error)) from None
        yield listener


def _why_not(config: Config, error: OSError) -> str:
    where = f"Port {config.port} on {config.host}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"{where} is in use: stop what uses it, or choose another as in PORT={config.port + 1}."
        )
    return f"{where} cannot be opened: {error.strerror}."


def _commands(config: Config, listener: int, lock: int) -> list[Command]:
    python = [sys.executable, "-P", "-m"]
    web = [
        *python,
        "gunicorn",
        "crm.wsgi:app",
        f"--bind=fd://{listener}",
        "--worker-class=gthread",
        f"--workers={config.workers}",
        f"--threads={config.threads}",
        f"--timeout={REQUEST_SECONDS}",
        "--graceful-timeout=10",
        "--keep-alive=5",
        "--preload",
        "--log-level=warning",
        "--no-control-socket",
        f"--chdir={HOUSE}",
    ]
    return [
        Command("web server", web, (listener, lock)),
        Command("scheduler", [*python, "crm.scheduler"], (lock,)),
    ]


def _environment(config: Config, demo: bool, port: int) -> dict[str, str]:
    """What the children read; the demo's entry is theirs to offer only where the demo was loaded."""
    paths = [str(HOUSE), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        "CRM_DATA_DIR": str(config.data_dir),
        "CRM_DEMO": "1" if demo else "0",
        "HOST": config.host,
        "PORT": str(port),
    }


def _answers(host: str, port: int) -> bool:
    """Whether the sign-in page comes."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = http.client.HTTPConnection(reached, port, timeout=2)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
