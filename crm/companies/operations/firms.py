"""Entering and editing a firm; what its credit code gives away, and what not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from crm.audit.operations import record, record_values
from crm.audit.queries import entries
from crm.catalog.models import Division, Term
from crm.catalog.rules import TermKind
from crm.companies.models import Company, CompanyGram
from crm.companies.queries import found, knows, visible
from crm.companies.rules import MAINLAND, CodeFault, code_fault, normal_code, seat
from crm.core import pinyin
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Refused
from crm.core.versions import take
from crm.values.names import core_key, grams
from crm.values.text import name_key, search_key

CODE_MET = "company.code_met"
"""The audit's action where somebody typed the code of a firm that he may not see."""

MOST_CODES = 20
"""Hidden codes met by one person within a day; past it no code is looked up for him."""

CODE_FAULTS: dict[CodeFault, object] = {
    CodeFault.NUMBER: _l(
        "A spreadsheet turned this code into a number and its last digits are lost. "
        "Type it from the business licence."
    ),
    CodeFault.LENGTH: _l("A credit code has 18 characters. Count again."),
    CodeFault.LETTERS: _l("A credit code has digits and capitals, without I, O, S, V and Z."),
    CodeFault.REGION: _l("The third to eighth characters of a credit code are digits."),
    CodeFault.CHECK_DIGIT: _l(
        "The last character does not fit the others. Compare it with the business licence."
    ),
}


class HiddenCode(Refused):
    """The code belongs to a firm that the actor may not see; the door writes that down.

    Args:
        company_id: the firm, for the audit alone.
    """

    def __init__(self, company_id: int) -> None:
        super().__init__(
            _("A firm with this code is already in the system. Please ask the city bureau."),
            "credit_code",
        )
        self.company_id = company_id


@dataclass(frozen=True)
class CompanyDraft:
    """A firm as typed. `size_ids` are dictionary entries; `division_code` is a GB/T 2260 code or ''."""

    name: str
    credit_code: str = ""
    country: str = MAINLAND
    division_code: str = ""
    group_name: str = ""
    size_ids: tuple[int, ...] = ()
    address: str = ""
    website: str = ""
    business: str = ""
    demo_note: str = ""


def enter(
    session: Session,
    actor: Actor,
    draft: CompanyDraft,
    *,
    now: datetime,
    unit_id: int | None = None,
) -> Company:
    """Enter a firm for the actor's unit (or the unit named, for the system itself)."""
    company = Company(unit_id=unit_id or actor.unit_id, created_at=now, name="")
    _fill(session, actor, company, draft, now)
    company.size_classes = _sizes(session, draft.size_ids)
    record(session, actor, "company.entered", company, now=now)
    _index(session, company, "")
    return company


def edit(
    session: Session,
    actor: Actor,
    company_id: int,
    draft: CompanyDraft,
    *,
    version: int | None,
    now: datetime,
) -> Company:
    """Change what is known of a firm; who reads only its public side may not.

    Doors go through `projects.operations.firms.edit_firm`: projects may owe the code.
    """
    company = writable(session, actor, company_id)
    take(company, version)
    core = company.core_key
    _fill(session, actor, company, draft, now)
    with session.no_autoflush:
        session.refresh(company, ["size_classes"])
    before = [term.name for term in company.size_classes]
    company.size_classes = _sizes(session, draft.size_ids)
    after = [term.name for term in company.size_classes]
    record(session, actor, "company.edited", company, now=now)
    _index(session, company, core)
    if before != after:
        record_values(
            session,
            actor,
            "company.classed",
            company,
            now=now,
            before={"size_classes": before},
            after={"size_classes": after},
        )
    return company


def writable(session: Session, actor: Actor, company_id: int) -> Company:
    """The firm, locked, for who knows it. Missing: not even seen; Forbidden: seen as public only."""
    company = readable(session, actor, company_id)
    if not knows(session, actor, company_id):
        raise Forbidden
    return company


def readable(session: Session, actor: Actor, company_id: int) -> Company:
    """The firm, locked, for who reads at least its public side."""
    return found(session.scalar(_for_change(actor), {"company_id": company_id}))


@lru_cache(maxsize=512)
def _for_change(actor: Actor) -> Select[Company]:
    """Made once for each actor: writing the statement anew costs as much as running it."""
    return (
        select(Company)
        .where(Company.id == bindparam("company_id"), visible(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _fill(
    session: Session, actor: Actor, company: Company, draft: CompanyDraft, now: datetime
) -> None:
    code = _read_code(draft.credit_code)
    with session.no_autoflush:
        if code != company.credit_code:
            _refuse_taken_code(session, actor, company, code, now)
        country, division = seat(draft.country, draft.division_code)
        if division and session.get(Division, division) is None:
            raise Refused(_("Choose one of the list."), field="division_code")
    company.name = draft.name
    company.name_key = name_key(draft.name)[:120]
    company.core_key = core_key(draft.name)[:120]
    company.group_key = core_key(draft.group_name)[:120] if draft.group_name else ""
    company.search_text = search_key(f"{draft.name} {draft.group_name}")[:300]
    company.pinyin = pinyin.full(draft.name)
    company.initials = pinyin.initials(draft.name)
    company.credit_code = code
    company.country = country
    company.division_code = division or None
    company.group_name = draft.group_name
    company.address = draft.address
    company.website = draft.website
    company.business = draft.business
    company.demo_note = draft.demo_note or company.demo_note or ""


def _index(session: Session, company: Company, before: str) -> None:
    """Keep the bigrams of the core key in step with it."""
    if company.core_key == before:
        return
    if before:
        session.execute(delete(CompanyGram).where(CompanyGram.company_id == company.id))
    session.add_all(CompanyGram(gram=one, company_id=company.id) for one in grams(company.core_key))
    session.flush()


def _read_code(typed: str) -> str | None:
    """A credit code as stored; None for an empty field; refused with the reason beside the field."""
    code = normal_code(typed)
    if code and (fault := code_fault(code)):
        raise Refused(CODE_FAULTS[fault], field="credit_code")
    return code or None


def _refuse_taken_code(
    session: Session, actor: Actor, company: Company, code: str | None, now: datetime
) -> None:
    if code is None:
        return
    met = entries(actor_id=actor.id, action=CODE_MET, since=now - timedelta(days=1))
    if actor.id and (session.scalar(met.with_only_columns(func.count())) or 0) >= MOST_CODES:
        raise Refused(
            _("Too many codes for one day. Leave the code empty, or ask the city bureau."),
            field="credit_code",
        )
    twin = session.scalar(select(Company).where(Company.credit_code == code))
    if twin is None or twin.id == company.id:
        return
    if session.scalar(select(Company.id).where(Company.id == twin.id, visible(actor))) is None:
        raise HiddenCode(twin.id)
    raise Refused(
        _("%(name)s has this code already. Open that firm instead.", name=twin.name),
        field="credit_code",
    )


def note_hidden_code(session: Session, actor: Actor, company_id: int, *, now: datetime) -> None:
    """Write down that somebody typed the code of a firm hidden from him."""
    company = found(session.get(Company, company_id))
    record_values(session, actor, CODE_MET, company, now=now)


def _sizes(session: Session, ids: Iterable[int]) -> list[Term]:
    if not (wanted := tuple(ids)):
        return []
    query = select(Term).where(Term.kind == TermKind.SIZE_CLASS, Term.id.in_(wanted))
    with session.no_autoflush:
        return list(session.scalars(query.order_by(Term.sort)))
