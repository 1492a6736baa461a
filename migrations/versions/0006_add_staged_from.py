"""Add to leads the day from which their stay in a stage counts: the move, later by the days on hold."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FOREVER = date(9999, 12, 31)

LEAD = sa.table(
    "lead",
    sa.column("id", sa.BigInteger()),
    sa.column("moved_on", sa.Date()),
    sa.column("standing_until", sa.Date()),
    sa.column("staged_from", sa.Date()),
)
STATE = sa.table(
    "lead_state",
    sa.column("lead_id", sa.BigInteger()),
    sa.column("current", sa.Boolean()),
    sa.column("standing", sa.String()),
    sa.column("day_from", sa.Date()),
    sa.column("day_until", sa.Date()),
)


def upgrade() -> None:
    with op.batch_alter_table("lead") as batch_op:
        batch_op.add_column(sa.Column("staged_from", sa.Date(), nullable=True))
    op.execute(sa.update(LEAD).values(staged_from=LEAD.c.moved_on))
    _push_by_holds(op.get_bind())
    with op.batch_alter_table("lead") as batch_op:
        batch_op.alter_column("staged_from", existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("lead") as batch_op:
        batch_op.drop_column("staged_from")


def _push_by_holds(connection: sa.Connection) -> None:
    away = connection.execute(
        sa.select(
            LEAD.c.id,
            LEAD.c.moved_on,
            LEAD.c.standing_until,
            STATE.c.day_from,
            STATE.c.day_until,
        )
        .join(STATE, STATE.c.lead_id == LEAD.c.id)
        .where(STATE.c.current, STATE.c.standing != "open", STATE.c.day_from >= LEAD.c.moved_on)
    ).all()
    days: dict[int, date] = {}
    for lead_id, moved_on, held_until, day_from, day_until in away:
        end = (held_until or day_from) if day_until == FOREVER else day_until
        pause = timedelta(days=max(0, (end - day_from).days))
        days[lead_id] = days.get(lead_id, moved_on) + pause
    for lead_id, day in days.items():
        connection.execute(sa.update(LEAD).where(LEAD.c.id == lead_id).values(staged_from=day))
