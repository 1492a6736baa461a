"""What the database itself refuses of what counts: published rules stay, decisions are only followed."""

from __future__ import annotations

from crm.core.guards import Guard

DECIDED = (
    "subject, subject_id, project_id, decided_at, verdict, reason, rules_of, rule_set_id, amount, year, "
    "stands_on, month, late, terminated_later, owed, looked_at, fingerprint"
)
STOOD = (
    "subject, subject_id, project_id, measure, day_from, day_until, amount, district_id, cluster, chain, "
    "node, position, model, anchor, origin, cohort, known_from"
)

GUARDS = (
    Guard(
        "rule_set_stays",
        "rule_set",
        "UPDATE",
        "a published rule set is never edited",
        "OLD.published_at IS NOT NULL",
    ),
    Guard(
        "rule_set_kept",
        "rule_set",
        "DELETE",
        "a published rule set is never removed",
        "OLD.published_at IS NOT NULL",
    ),
    Guard("book_event_stays", "book_event", "UPDATE", "what was closed or opened is history"),
    Guard("book_event_kept", "book_event", "DELETE", "what was closed or opened is history"),
    Guard("decision_stays", "decision", f"UPDATE OF {DECIDED}", "a decision is only followed"),
    Guard("decision_kept", "decision", "DELETE", "a decision is only followed"),
    Guard("standing_stays", "standing", f"UPDATE OF {STOOD}", "what stood is only ended"),
    Guard("standing_kept", "standing", "DELETE", "what stood is only ended"),
)
