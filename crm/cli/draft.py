"""`crm migrate --new`: the draft of a migration, from what models and the last revision differ in."""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
import textwrap
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import DowngradeOps, UpgradeOps
from alembic.runtime.migration import MigrationContext

import crm
from config import HOUSE
from crm.core import migrations
from crm.core.columns import Choice, Fen, Moment
from crm.core.database import Base, Database

VERSIONS = HOUSE / "migrations" / "versions"

PAGE = '''"""{title}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm.core.columns import BIG, sort_text

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
{up}


def downgrade() -> None:
{down}
'''


def write(name: str) -> Path | None:
    """Write NNNN_<name>.py beside the others and say where; None if models and migrations agree.

    It is a draft: data to be moved, triggers to be made again (`audit.triggers`) are for its author.
    """
    for module in pkgutil.walk_packages(crm.__path__, "crm."):
        if module.name.endswith((".models", ".drafts", ".once", ".numbers", ".runs")):
            importlib.import_module(module.name)
    before = migrations.head() or ""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/draft.db")
        try:
            migrations.upgrade(database)
            up, down = _difference(database)
        finally:
            database.dispose()
    if not up:
        return None
    revision = f"{int(before) + 1:04d}"
    page = PAGE.format(
        title=name.replace("_", " ").capitalize(),
        revision=revision,
        before=before,
        up=up,
        down=down,
    )
    path = VERSIONS / f"{revision}_{name}.py"
    path.write_text(page, encoding="utf-8")
    return path


def _difference(database: Database) -> tuple[str, str]:
    with database.migrating().begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"target_metadata": Base.metadata, "render_item": _render}
        )
        script = produce_migrations(context, Base.metadata)
        if script.upgrade_ops is None or script.upgrade_ops.is_empty():
            return "", ""
        return _code(script.upgrade_ops, context), _code(script.downgrade_ops, context)


def _code(ops: UpgradeOps | DowngradeOps | None, context: MigrationContext) -> str:
    if ops is None:
        return "    pass"
    text = render_python_code(
        ops, migration_context=context, render_item=_render, render_as_batch=True
    )
    lines = [line for line in text.splitlines() if not line.strip().startswith("# ###")]
    return textwrap.indent(textwrap.dedent("\n".join(lines)).strip(), "    ")


def _render(kind: str, item: Any, context: AutogenContext) -> str | Literal[False]:
    """Our column types as a migration writes them: it must not change when the code does."""
    if kind != "type":
        return False
    if isinstance(item, Fen):
        return "sa.BigInteger()"
    if isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Choice):
        return "sa.String(length=32)"
    if isinstance(item, sa.BigInteger) and item._variant_mapping:
        return "BIG"
    if isinstance(item, sa.String) and item._variant_mapping:
        return f"sort_text({item.length})"
    return False
