"""Cohorts: what entered in a period, how far it has come; beside the period before and last year's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, request

from crm.accounts.rules import Permission
from crm.core.gate import allow
from crm.core.request import here, page
from crm.funnel.queries.cohorts import days_of_steps, entered
from crm.funnel.rules.cohorts import Cohort, Span, before, period_of, periods, together, year_before
from crm.funnel.rules.days import quartiles
from crm.funnel.sheets.words import label
from crm.funnel.views.door import Look, bp, day_of, frame, look
from crm.leads.rules.kinds import Stage
from crm.values import rate
from crm.values.period import Period


@dataclass(frozen=True)
class Column:
    """A cohort with its period, up to the day asked about."""

    period: Period
    last: date
    cohort: Cohort

    @property
    def address(self) -> dict[str, str]:
        """The period as the rows' address names it."""
        return {
            "entered_from": self.period.first_day.isoformat(),
            "entered_to": self.last.isoformat(),
        }


@dataclass(frozen=True)
class Told:
    """What the page tells: the cohort asked for, those beside it, and the run of periods."""

    span: Span
    chosen: Column
    before: Column
    last_year: Column
    run: list[Column]


@bp.get("/funnel/cohorts")
@allow(Permission.LEAD_READ)
def cohorts() -> Response:
    """Steps with their denominators, the days they took, where the leads are now."""
    seen = look()
    told = run_of(seen)
    days = days_of_steps(here.session, here.actor, seen.asked, told.chosen.period)
    return page(
        "funnel/cohorts.html",
        **frame(seen),
        told=told,
        stages=list(Stage),
        before=before,
        spans=list(Span),
        days={stage: quartiles(days.get(stage, {})) for stage in (*Stage, None)},
        option=step_chart(seen, told),
    )


def run_of(seen: Look) -> Told:
    """The cohorts of the page: one read of the leads' days of entry."""
    text = request.args.get("span", "")
    span = Span(text) if text in list(Span) else Span.QUARTER
    asked = min(day_of(request.args.get("period")) or seen.on, seen.on)
    chosen = period_of(span, asked)
    around = [chosen.previous(), year_before(span, chosen), *periods(span, seen.on)]
    first = min(one.first_day for one in around)
    days = entered(here.session, here.actor, seen.asked, first)

    def column(period: Period) -> Column:
        return Column(period, min(period.last_day, seen.on), together(days, period))

    return Told(
        span,
        column(chosen),
        column(around[0]),
        column(around[1]),
        [column(one) for one in around[2:]],
    )


def step_chart(seen: Look, told: Told) -> dict[str, Any]:
    """How many of each cohort came to each stage, in percent of those that entered."""
    columns = (
        (str(told.chosen.period), told.chosen),
        (str(told.before.period), told.before),
        (str(told.last_year.period), told.last_year),
    )
    return {
        "xAxis": {"type": "category", "data": [str(label(stage)) for stage in Stage]},
        "yAxis": {"type": "value", "max": 100},
        "series": [
            {
                "type": "bar",
                "name": name,
                "data": [_bar(seen, column, stage) for stage in Stage],
            }
            for name, column in columns
        ],
    }


def _bar(seen: Look, column: Column, stage: Stage) -> Any:
    share = column.cohort.share(stage)
    if share is None:
        return "-"
    words = f"{column.cohort.at(stage)} / {column.cohort.entered} = {rate.shown(share)}"
    return {
        "value": f"{round(share * 10_000) // 100}.{round(share * 10_000) % 100:02}",
        "text": words,
        "url": seen.rows(of="all", reached=stage.value, **column.address),
    }
