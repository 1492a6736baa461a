"""Databases for the tests: whoever asks for one gets a fresh clone, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from flask import Flask
from flask.testing import FlaskClient

from config import Config
from crm.app import create_app
from crm.audit.operations import seal
from crm.core import migrations
from crm.core.database import Database
from tests import postgres
from tests.factories.city import City, found_city
from tests.warmth import PAGES, keep_warm

BACKENDS = ("sqlite", "postgresql")

keep_warm()

Build = Callable[[str], None]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Under xdist one server serves all workers."""
    node.workerinput["postgres"] = postgres.of_run(node.config).address


def pytest_unconfigure(config: pytest.Config) -> None:
    """The run that started a server ends it."""
    postgres.end(config)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """A database as production opens it, let go of at the end."""
    database = Database(url, seal)
    try:
        yield database
    finally:
        database.dispose()


def migrate(url: str) -> None:
    """The template of an empty system."""
    with opened(url) as database:
        migrations.upgrade(database)


def settle(url: str) -> None:
    """The template of a city with its offices, people and plan."""
    migrate(url)
    with opened(url) as database:
        found_city(database)


class Clones:
    """Makes a fresh database from a template, on either backend, and takes it away again."""

    def __init__(self, config: pytest.Config, folder: Path) -> None:
        self._config = config
        self._folder = folder

    def make(self, backend: str, template: str, build: Build) -> tuple[str, Callable[[], None]]:
        """The address of a clone, and how to be rid of it."""
        return getattr(self, f"_{backend}")(template, build)  # type: ignore[no-any-return]

    def _sqlite(self, template: str, build: Build) -> tuple[str, Callable[[], None]]:
        source = self._folder / f"{template}.db"
        with FileLock(self._folder / f"{template}.lock"):
            if not source.exists():
                half = self._folder / f"{template}.unfinished.db"
                build(f"sqlite:///{half}")
                half.rename(source)
        clone = self._folder / f"{uuid.uuid4().hex}.db"
        shutil.copyfile(source, clone)

        def remove() -> None:
            for ending in ("", "-wal", "-shm"):
                Path(f"{clone}{ending}").unlink(missing_ok=True)

        return f"sqlite:///{clone}", remove

    def _postgresql(self, template: str, build: Build) -> tuple[str, Callable[[], None]]:
        server = postgres.of_run(self._config)
        name = f"clone_{uuid.uuid4().hex}"
        postgres.ensure_template(server, template, build)
        postgres.create_from_template(server, template, name)
        return server.url(name), lambda: postgres.drop(server, name)


@pytest.fixture(scope="session")
def clones(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Clones:
    """Shared by the workers of a run: the templates are made once."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if hasattr(request.config, "workerinput") else base
    return Clones(request.config, folder)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Which database; a test that needs one runs on both."""
    return str(request.param)


@pytest.fixture
def empty_database(clones: Clones, backend: str) -> Iterator[Database]:
    """A migrated database without a row."""
    url, remove = clones.make(backend, "migrated", migrate)
    with opened(url) as database:
        yield database
    remove()


@pytest.fixture
def database(clones: Clones, backend: str) -> Iterator[Database]:
    """A database with the city in it: `tests/factories/city.py`."""
    url, remove = clones.make(backend, "city", settle)
    with opened(url) as database:
        yield database
    remove()


@pytest.fixture
def city(database: Database) -> City:
    """The people and places of the test city, by short names."""
    return City(database)


@pytest.fixture
def config(tmp_path: Path, database: Database) -> Config:
    """The configuration of the application under test."""
    url = database.engine.url.render_as_string(hide_password=False)
    return Config(secret_key="only for tests " * 3, data_dir=tmp_path, database_url=url, demo=False)


@pytest.fixture
def app(config: Config, database: Database) -> Flask:
    """The application as production builds it, but for CSRF, which has tests of its own."""
    app = create_app(config, database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.jinja_env.bytecode_cache = PAGES
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return app.test_client()
