"""Section 3 of the field's rules as named cases: what is given, and what must be answered."""

from __future__ import annotations

from tests.counting import named, reaching, receipts, starts, steps
from tests.counting.given import Case

CASES: list[Case] = [*starts.CASES, *receipts.CASES, *steps.CASES, *reaching.CASES, *named.CASES]
