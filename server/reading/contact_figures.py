"""What is counted and summed up about a contact: its codes, its links, and its interactions within some days."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Table, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.keys import key_rows
from server.reading.relations import by_code_point
from server.rules import ColumnSource
from server.store.tables import (
    contact,
    contact_business_relation,
    contact_industry_group,
    contact_job_responsibility,
    contact_mailing_group,
    interaction_log_entry,
    marketing_setup,
)
from server.vocabulary.interactions import statistics

_SUMMED = ("interaction_count", "interaction_cost", "interaction_duration")


def _count(codes: Table[Any], owner: ColumnElement[Any]) -> ColumnElement[int]:
    rows: FromClause = codes
    return (
        select(func.count()).select_from(rows).where(codes.c.contact_id == owner).correlate(contact).scalar_subquery()
    )


def _relation_summary() -> ColumnElement[str]:
    """Return NONE, what the only business relation is linked to, OTHER for one without link, or MULTIPLE.

    Source: the business relation that Business Central stores with its contacts.
    """
    relation, setup = contact_business_relation.c, marketing_setup.c
    kept = (setup.customer_relation, setup.vendor_relation, setup.bank_account_relation, setup.employee_relation)
    linked = and_(relation.link.is_not(None), or_(*(relation.code == code for code in kept)))
    summary = case(
        (func.count() == 0, literal("NONE")),
        (func.count() > 1, literal("MULTIPLE")),
        else_=func.coalesce(func.max(case((linked, relation.link))), literal("OTHER")),
    )
    return (
        select(summary)
        .select_from(contact_business_relation.outerjoin(marketing_setup, setup.id == 1))
        .where(relation.contact_id == contact.c.company_id)
        .correlate(contact)
        .scalar_subquery()
    )


FIGURES: Mapping[str, ColumnElement[Any]] = {
    "mailing_group_count": _count(contact_mailing_group, contact.c.id),
    "job_responsibility_count": _count(contact_job_responsibility, contact.c.id),
    "industry_group_count": _count(contact_industry_group, contact.c.company_id),
    "business_relation_count": _count(contact_business_relation, contact.c.company_id),
    "business_relation_summary": _relation_summary(),
}
"""Columns of a contact: what a person has itself, and what its company has."""


async def links_of_each(connection: AsyncConnection, companies: Sequence[int]) -> list[list[Row[Any]]]:
    """Return the linked business relations of each company, by code: ``link``, ``link_no`` and ``code``."""
    relation = contact_business_relation.c
    statement = (
        select(relation.contact_id, relation.link, relation.link_no, relation.code)
        .where(relation.contact_id.in_(key_rows(companies, connection.dialect.name)), relation.link.is_not(None))
        .order_by(by_code_point(relation.code))
    )
    of_company: dict[int, list[Row[Any]]] = {company: [] for company in companies}
    for row in await connection.execute(statement):
        of_company[row.contact_id].append(row)
    return [of_company[company] for company in companies]


async def interactions_of_each(
    connection: AsyncConnection, contacts: Sequence[int], *, first: date | None, last: date | None
) -> list[Row[Any]]:
    """Return ``interaction_count``, ``interaction_cost`` and ``interaction_duration`` of each contact within days.

    Args:
        connection: sees the data.
        contacts: keys of contacts that exist, without doubles.
        first: the first day; None: since ever.
        last: the last day; None: for ever.
    """
    day = interaction_log_entry.c.on
    within = []
    if first is not None:
        within.append(day >= first)
    if last is not None:
        within.append(day <= last)
    sums = [
        symbol.source.column.label(symbol.name)
        for symbol in statistics(*within)
        if symbol.name in _SUMMED and isinstance(symbol.source, ColumnSource)
    ]
    statement = select(contact.c.id, *sums).where(contact.c.id.in_(key_rows(contacts, connection.dialect.name)))
    rows = {row.id: row for row in await connection.execute(statement)}
    return [rows[key] for key in contacts]
