"""What the database itself refuses of money: a confirmer who handled it, an edit of what was confirmed."""

from __future__ import annotations

from crm.core.guards import Guard

GUARDS = (
    Guard(
        "receipt_confirmer",
        "receipt",
        "UPDATE",
        "who reported or reviewed a receipt does not confirm it",
        "NEW.confirmed_by IS NOT NULL AND EXISTS (SELECT 1 FROM receipt_step "
        "WHERE receipt_step.receipt_id = NEW.id AND receipt_step.by_id = NEW.confirmed_by "
        "AND receipt_step.step IN ('reported', 'corrected', 'reviewed'))",
    ),
    Guard(
        "receipt_stays",
        "receipt",
        "UPDATE",
        "a confirmed receipt is never edited, it is reversed",
        "OLD.confirmed_at IS NOT NULL",
    ),
    Guard("receipt_kept", "receipt", "DELETE", "a receipt is never removed"),
    Guard("receipt_step_stays", "receipt_step", "UPDATE", "what was done is history"),
    Guard("receipt_step_kept", "receipt_step", "DELETE", "what was done is history"),
    Guard("receipt_paper_stays", "receipt_paper", "UPDATE", "a paper that was given stays"),
    Guard("receipt_paper_kept", "receipt_paper", "DELETE", "a paper that was given stays"),
)
