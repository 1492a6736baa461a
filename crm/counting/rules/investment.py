"""Which investment is measured, and which money of a project is money of the goal."""

from __future__ import annotations

from crm.counting.rules.decisions import Reason
from crm.counting.rules.facts import Kind, ProjectFacts, Purse, Signing
from crm.counting.rules.sets import RuleSet
from crm.values.money import Money


def is_infrastructure(kind: Kind, rules: RuleSet) -> bool:
    """Roads, parks and the like; pipelines and grids; generation and storage only by the switch."""
    return (
        kind is Kind.INFRASTRUCTURE
        or (kind is Kind.GRID and not rules.grids_are_industrial)
        or (kind is Kind.NEW_ENERGY and not rules.new_energy_is_industrial)
    )


def measured(facts: ProjectFacts, rules: RuleSet) -> Money | None:
    """The investment that is held against the minimum; None while its fiscal part is not known.

    Phase one alone where phased; of mixed money the non-fiscal part. Where it is not said how the
    fiscal part falls on the phases, all of it is taken from phase one.
    """
    phased = rules.phase_one_alone and facts.phase_one is not None
    amount = facts.phase_one if phased and facts.phase_one is not None else facts.total
    if facts.purse is not Purse.MIXED or not rules.mixed_without_fiscal:
        return amount
    fiscal = facts.fiscal
    if phased and facts.fiscal_in_phase_one is not None:
        fiscal = facts.fiscal_in_phase_one
    return None if fiscal is None else max(amount - fiscal, Money(0))


def no_funds(kind: Kind, rules: RuleSet) -> Reason | None:
    """Why no money of such a project counts, whatever its origin; None where each receipt decides."""
    if funds_count(kind, rules):
        return None
    return Reason.REAL_ESTATE if kind is Kind.REAL_ESTATE else Reason.INFRASTRUCTURE


def funds_count(kind: Kind, rules: RuleSet) -> bool:
    """Whether money of such a project counts: not of real estate, not of infrastructure, by default."""
    if kind is Kind.REAL_ESTATE:
        return rules.real_estate_funds
    return rules.infrastructure_funds or not is_infrastructure(kind, rules)


def agreed(facts: ProjectFacts, rules: RuleSet) -> Money:
    """What the signing adds to the money agreed: of an increase or a phase its increment, no fiscal part."""
    amount = facts.total
    if facts.signing is not Signing.FIRST and facts.increment is not None:
        amount = facts.increment
    if rules.fiscal_money:
        return amount
    if facts.purse is Purse.FISCAL:
        return Money(0)
    fiscal = facts.fiscal if facts.purse is Purse.MIXED else None
    return max(amount - (fiscal or Money(0)), Money(0))
