"""What the goals have done in the background: trying a rule set on the year's data, publishing one."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from config import Config
from crm.accounts.queries import working_actor
from crm.core import clock
from crm.core.actor import Actor
from crm.core.database import Database
from crm.core.running import Result, Running
from crm.counting.queries.rules import rule_set_version
from crm.counting.queries.trials import size
from crm.counting.rules.plain import to_json
from crm.goals.operations.rule_sets import publish_tried
from crm.goals.queries.trials import try_out


def try_rules(database: Database, config: Config, run: Running) -> Result:
    """Try a draft; its result is a `rules.trials.Told`."""
    with database.read() as session:
        row = rule_set_version(session, int(run.arguments["rule_set"]))
        total = size(session)
        told = try_out(
            session,
            row,
            today=clock.day_of(clock.now()),
            told=lambda done: run.tell(done, total, _("Projects and receipts decided")),
        )
        result: dict[str, object] = to_json(told)
        return result


def publish_rules(database: Database, config: Config, run: Running) -> Result:
    """Publish a draft with everything that it decides, and the word that it is done, in one transaction."""
    run.tell(0, 0, _("Deciding everything again"))
    with database.write("job") as session:
        changed = publish_tried(
            session,
            _asker(session, run),
            int(run.arguments["rule_set"]),
            now=clock.now(),
        )
        run.finish(session, {"changed": changed})
    return None


def _asker(session: Session, run: Running) -> Actor:
    """Who asked, with the rights that he has now."""
    return working_actor(session, run.actor_id)
