"""What enums of money are called."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from crm.core.labels import Words
from crm.ledger.queries.lines import Queue
from crm.ledger.queries.rows import Order
from crm.ledger.queries.statistics_rates import Fate
from crm.ledger.rules import Paper, RateRule, ReceiptKind, Step

WORDS: Words = {
    Order: {
        Order.DAY: _l("Latest first"),
        Order.AMOUNT: _l("Largest first"),
    },
    Fate: {
        Fate.SIGNED: _l("Signed"),
        Fate.REGISTERED: _l("Company registered"),
        Fate.STARTED: _l("Start recognised"),
        Fate.COMPLETED: _l("Completion recognised"),
        Fate.KEPT: _l("Not terminated"),
    },
    ReceiptKind: {
        ReceiptKind.CAPITAL: _l("Registered capital"),
        ReceiptKind.LAND: _l("Land"),
        ReceiptKind.CONSTRUCTION: _l("Construction works"),
        ReceiptKind.EQUIPMENT: _l("Equipment"),
        ReceiptKind.WORKING_CAPITAL: _l("Working capital"),
        ReceiptKind.EQUITY: _l("Equity or capital increase"),
    },
    RateRule: {
        RateRule.MIDDLE_ON_ARRIVAL: _l("Central parity rate of the day of arrival"),
        RateRule.BANK: _l("Rate at which the bank settled"),
        RateRule.MONTH_BEGINNING: _l("Central parity rate of the month's first day"),
        RateRule.CONTRACT: _l("Rate of the contract"),
    },
    Paper: {
        Paper.BANK_SLIP: _l("Bank slip"),
        Paper.VERIFICATION: _l("Capital verification report"),
        Paper.LAND_VOUCHER: _l("Land payment voucher"),
        Paper.SETTLEMENT: _l("Settlement sheet"),
        Paper.INVOICES: _l("Invoices"),
        Paper.EQUIPMENT_CONTRACT: _l("Equipment purchase contract"),
        Paper.EQUITY_AGREEMENT: _l("Equity agreement"),
        Paper.VOUCHER_LIST: _l("List of vouchers"),
    },
    Queue: {
        Queue.REVIEW: _l("To review"),
        Queue.CONFIRM: _l("To confirm"),
        Queue.CORRECT: _l("To correct"),
    },
    Step: {
        Step.REPORTED: _l("reported"),
        Step.CORRECTED: _l("corrected"),
        Step.REVIEWED: _l("reviewed"),
        Step.CONFIRMED: _l("confirmed"),
        Step.RETURNED: _l("returned"),
        Step.WITHDRAWN: _l("withdrew"),
    },
}

CURRENCY_WORDS: dict[str, Any] = {
    "CNY": _l("CNY yuan"),
    "USD": _l("USD US dollar"),
    "EUR": _l("EUR euro"),
    "HKD": _l("HKD Hong Kong dollar"),
    "JPY": _l("JPY yen"),
    "GBP": _l("GBP pound"),
    "SGD": _l("SGD Singapore dollar"),
    "KRW": _l("KRW won"),
    "AUD": _l("AUD Australian dollar"),
    "CAD": _l("CAD Canadian dollar"),
    "CHF": _l("CHF Swiss franc"),
    "TWD": _l("TWD New Taiwan dollar"),
    "MOP": _l("MOP pataca"),
}
"""What a receipt may come in."""
