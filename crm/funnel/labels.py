"""The words of the funnel."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.core.labels import Words
from crm.funnel.queries.projects import Counted
from crm.funnel.queries.rows import Of
from crm.funnel.rules.ages import Age
from crm.funnel.rules.bridge import Term
from crm.funnel.rules.cohorts import Fate, Span
from crm.funnel.rules.dimensions import Dimension, Size
from crm.funnel.rules.heat import Show
from crm.funnel.rules.steps import Due, Owing, Step

WORDS: Words = {
    Dimension: {
        Dimension.POSITION: _l("Chain position"),
        Dimension.MODEL: _l("Attraction model"),
        Dimension.CLUSTER: _l("Cluster"),
        Dimension.CHAIN: _l("Industry chain"),
        Dimension.NODE: _l("Node"),
        Dimension.DISTRICT: _l("District"),
        Dimension.UNIT: _l("Unit"),
        Dimension.OWNER: _l("Owner"),
        Dimension.SOURCE: _l("Source"),
        Dimension.REGION: _l("Region of headquarters"),
        Dimension.SIZE: _l("Size of investment"),
        Dimension.STAGE: _l("Stage"),
    },
    Size: {
        Size.BELOW_1: _l("below 100m yuan"),
        Size.FROM_1: _l("100m to 500m yuan"),
        Size.FROM_5: _l("500m to 1bn yuan"),
        Size.FROM_10: _l("1bn to 5bn yuan"),
        Size.FROM_50: _l("5bn yuan and more"),
    },
    Step: {
        Step.SIGNED: _l("Signed"),
        Step.REGISTERED: _l("Registered"),
        Step.STARTED: _l("Started"),
        Step.COMMISSIONED: _l("Commissioned"),
        Step.AT_CAPACITY: _l("At capacity"),
        Step.KEPT: _l("Not terminated"),
    },
    Due: {
        Due.START_LATE: _l("Start overdue"),
        Due.START_SOON: _l("Start soon due"),
        Due.COMMISSIONING_LATE: _l("Commissioning overdue"),
        Due.COMMISSIONING_SOON: _l("Commissioning soon due"),
    },
    Owing: {
        Owing.NOT_DUE: _l("not due yet"),
        Owing.MONTH: _l("1 to 30 days overdue"),
        Owing.QUARTER: _l("31 to 90 days overdue"),
        Owing.LONGER: _l("over 90 days overdue"),
    },
    Age: {
        Age.WEEK: _l("up to 7 days"),
        Age.MONTH: _l("8 to 30 days"),
        Age.TWO_MONTHS: _l("31 to 60 days"),
        Age.FOUR_MONTHS: _l("61 to 120 days"),
        Age.LONGER: _l("over 120 days"),
    },
    Show: {
        Show.COUNT: _l("Leads in hand"),
        Show.AMOUNT: _l("Investment in hand"),
        Show.CONVERSION: _l("Conversion"),
        Show.DAYS: _l("Days to signing"),
        Show.COUNTED: _l("Starts that count"),
        Show.FUNDS: _l("Funds in place"),
    },
    Counted: {
        Counted.STARTS: _l("Starts that count"),
        Counted.FUNDS: _l("Funds in place"),
    },
    Span: {
        Span.WEEK: _l("By week"),
        Span.MONTH: _l("By month"),
        Span.QUARTER: _l("By quarter"),
        Span.YEAR: _l("By year"),
    },
    Fate: {
        Fate.OPEN: _l("In hand"),
        Fate.ON_HOLD: _l("On hold"),
        Fate.LOST: _l("Lost"),
        Fate.SIGNED: _l("Signed"),
    },
    Term: {
        Term.NEW: _l("New"),
        Term.REOPENED: _l("Reopened"),
        Term.RESUMED: _l("Resumed"),
        Term.LOST: _l("Lost"),
        Term.HELD: _l("Put on hold"),
        Term.SIGNED: _l("Signed"),
        Term.REVISED: _l("Revised"),
        Term.ARRIVED: _l("Handed in"),
        Term.LEFT: _l("Handed away"),
        Term.MOVED_IN: _l("Moved in"),
        Term.MOVED_OUT: _l("Moved out"),
    },
    Of: {
        Of.IN_HAND: _l("In hand"),
        Of.STUCK: _l("Stuck"),
        Of.ON_HOLD: _l("On hold"),
        Of.LOST: _l("Lost"),
        Of.SIGNED: _l("Signed"),
        Of.ALL: _l("All"),
    },
}
