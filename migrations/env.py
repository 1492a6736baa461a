"""Alembic's environment: one transaction for the whole upgrade, batches that work on SQLite.

The connection comes from `crm.core.migrations`, with foreign keys off on SQLite.
"""

from __future__ import annotations

from alembic import context

import crm.app  # noqa: F401  (every model there is)
from crm.core.database import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
