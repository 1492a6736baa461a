"""What the database itself refuses of goals: a reported figure is superseded, never edited or erased."""

from __future__ import annotations

from crm.core.guards import Guard

GUARDS = (
    Guard("reported_figure_stays", "reported_figure", "UPDATE", "a reported figure is superseded"),
    Guard("reported_figure_kept", "reported_figure", "DELETE", "a reported figure is superseded"),
)
