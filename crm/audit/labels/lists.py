"""The words of lists and of what is done to many rows from them, and of problems."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "lead.bulk": _l("Changed several leads at once"),
    "lead.tagged": _l("Changed the tags"),
    "view.saved": _l("Saved a view"),
    "view.changed": _l("Changed a view"),
    "view.removed": _l("Removed a view"),
    "list.columns_chosen": _l("Chose the columns of a list"),
    "list.first_chosen": _l("Chose the first view of a list"),
    "problem.raised": _l("Raised a problem"),
    "problem.revised": _l("Changed a problem"),
    "problem.answered": _l("Wrote down an answer"),
    "problem.solved": _l("Said that a problem is solved"),
    "problem.reopened": _l("Opened a problem again"),
}

KINDS: dict[str, Any] = {
    "problem": _l("Problem"),
    "problem_answer": _l("Answer"),
    "bulk_action": _l("Several leads"),
    "saved_view": _l("View"),
    "list_choice": _l("List"),
}

FIELDS: dict[str, Any] = {
    "leads_done": _l("Leads changed"),
    "leads_left": _l("Leads left as they are"),
    "asked": _l("What is asked"),
    "said": _l("What was said"),
    "answered_on": _l("Answered on"),
    "solved_on": _l("Solved on"),
    "solved_note": _l("How it was solved"),
    "raised_on": _l("Raised on"),
    "problems": _l("Open problems"),
    "problem_due_on": _l("Next problem due"),
    "query": _l("Filter"),
    "list_name": _l("List"),
    "columns": _l("Columns"),
    "view_id": _l("View"),
    "staged_from": _l("Stay counts from"),
}
