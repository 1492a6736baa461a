"""One search over companies, leads, projects and people, each in its own package's scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm.accounts.models import Person
from crm.accounts.queries import in_scope
from crm.accounts.rules import Permission
from crm.companies.models import Company, CompanyPerson
from crm.companies.queries import known, matches, visible
from crm.core.actor import Actor
from crm.leads.models import Lead
from crm.leads.queries import filters as leads
from crm.leads.queries.scope import readable as leads_readable
from crm.projects.models import Project
from crm.projects.queries import listing as projects
from crm.projects.queries.scope import readable as projects_readable
from crm.search.rules import BETWEEN, Asked
from crm.values.text import like_pattern

TOP = 8

Row = TypeVar("Row")


@dataclass(frozen=True)
class Hits(Generic[Row]):
    """The first rows of one kind, and whether there are more."""

    rows: list[Row]
    more: bool


@dataclass(frozen=True)
class Contact:
    """Somebody at a firm."""

    person: CompanyPerson
    company: Company


@dataclass(frozen=True)
class Found:
    """Everything found, by kind; leads and projects carry their company."""

    leads: Hits[Lead]
    projects: Hits[Project]
    companies: Hits[Company]
    contacts: Hits[Contact]
    people: Hits[Person]

    @property
    def nothing(self) -> bool:
        """Whether nothing at all was found."""
        groups = (self.leads, self.projects, self.companies, self.contacts, self.people)
        return not any(group.rows for group in groups)


def search(session: Session, actor: Actor, asked: Asked, top: int = TOP) -> Found:
    """The first rows of each kind that the actor may know of, in five queries.

    Contacts are people at firms that the actor knows more of than what is public; a phone number is
    found whole, never by a part of it.
    """

    def first(query: Any, kind: Any = None) -> Hits[Any]:
        found = session.execute(query.limit(top + 1))
        rows = [kind(*row) if kind else row[0] for row in found]
        return Hits(rows[:top], len(rows) > top)

    nothing: Hits[Any] = Hits([], False)
    if asked.empty:
        return Found(nothing, nothing, nothing, nothing, nothing)
    works = actor.may(Permission.COMPANY_READ)
    return Found(
        leads=first(_leads(actor, asked)),
        projects=first(_projects(actor, asked)),
        companies=first(_companies(actor, asked)) if works else nothing,
        contacts=first(_contacts(actor, asked), Contact) if works else nothing,
        people=first(_people(actor, asked)),
    )


def _leads(actor: Actor, asked: Asked) -> Any:
    grounds = [leads.found_by(asked.text)]
    if asked.phone:
        grounds.append(_phone(Lead.contact_phone) == asked.phone)
    return (
        select(Lead)
        .outerjoin(Lead.company)
        .options(contains_eager(Lead.company), joinedload(Lead.owner))
        .where(leads_readable(actor), or_(*grounds))
        .order_by(_first(Lead, asked), Lead.pinyin, Lead.id)
    )


def _projects(actor: Actor, asked: Asked) -> Any:
    return (
        select(Project)
        .join(Project.company)
        .options(contains_eager(Project.company), joinedload(Project.owner))
        .where(projects_readable(actor), projects.found_by(asked.text))
        .order_by(_first(Project, asked), Project.pinyin, Project.id)
    )


def _companies(actor: Actor, asked: Asked) -> Any:
    return (
        select(Company)
        .options(joinedload(Company.division))
        .where(visible(actor), matches(asked.text))
        .order_by(_first(Company, asked), Company.pinyin, Company.id)
    )


def _contacts(actor: Actor, asked: Asked) -> Any:
    grounds = [CompanyPerson.name.ilike(_part(asked.text), escape="\\")]
    if asked.phone:
        grounds.append(_phone(CompanyPerson.phone) == asked.phone)
    return (
        select(CompanyPerson, Company)
        .join(Company, Company.id == CompanyPerson.company_id)
        .where(known(actor), CompanyPerson.active, or_(*grounds))
        .order_by(CompanyPerson.name, CompanyPerson.id)
    )


def _people(actor: Actor, asked: Asked) -> Any:
    """Colleagues in the actor's scope; an administrator finds those who are disabled too."""
    query = (
        select(Person)
        .options(joinedload(Person.unit))
        .where(
            in_scope(actor),
            or_(
                Person.name.ilike(_part(asked.text), escape="\\"),
                Person.username.like(f"{like_pattern(asked.key)}%", escape="\\"),
                Person.name_pinyin.like(_part(asked.key), escape="\\"),
            ),
        )
        .order_by(Person.name_pinyin, Person.id)
    )
    return query if actor.may(Permission.PEOPLE_MANAGE) else query.where(Person.active)


def _part(text: str) -> str:
    return f"%{like_pattern(text)}%"


def _first(kind: Any, asked: Asked) -> Any:
    """Names that begin with the text stand before those that hold it."""
    begins = kind.search_text.like(f"{like_pattern(asked.key)}%", escape="\\")
    return case((begins, 0), else_=1)


def _phone(column: Any) -> Any:
    """A stored phone number without what people write between its digits."""
    for letter in BETWEEN:
        column = func.replace(column, letter, "")
    return func.replace(column, "+86", "")
