"""Campaigns as people see them: columns, entries, target groups and statistics."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, false, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.interaction_figures import exact_sum
from server.reading.keys import key_rows
from server.reading.relations import Filter, OrderKey, Relation, text_key
from server.store.tables import (
    campaign,
    campaign_entry,
    campaign_target,
    contact,
    contact_business_relation,
    interaction_log_entry,
)
from server.store.types import Minutes, Money

_campaign = campaign.c
CAMPAIGNS = Relation(
    name="campaign",
    source=campaign,
    key=OrderKey("key", _campaign.id, int, unique=True),
    columns={
        **{column.name: column for column in _campaign if column.name not in {"id", "salesperson"}},
        "salesperson_code": _campaign.salesperson,
    },
    orders={
        "NO": text_key("NO", _campaign.no, unique=True),
        "DESCRIPTION": text_key("DESCRIPTION", _campaign.description),
        "STARTING_ON": OrderKey("STARTING_ON", _campaign.starting_on, date, nullable=True),
        "ENDING_ON": OrderKey("ENDING_ON", _campaign.ending_on, date, nullable=True),
        "CREATED_AT": OrderKey("CREATED_AT", _campaign.created_at, datetime),
        "MODIFIED_AT": OrderKey("MODIFIED_AT", _campaign.modified_at, datetime),
    },
)

_entry = campaign_entry.c
CAMPAIGN_ENTRIES = Relation(
    name="campaign_entry",
    source=campaign_entry,
    key=OrderKey("key", _entry.entry_no, int, unique=True),
    columns={
        **{column.name: column for column in _entry if column.name not in {"campaign_id", "salesperson"}},
        "campaign_key": _entry.campaign_id,
        "salesperson_code": _entry.salesperson,
        "logged_segment_key": _entry.logged_segment_no,
    },
    orders={"ENTRY_NO": OrderKey("ENTRY_NO", _entry.entry_no, int, unique=True)},
)

_target = campaign_target.c
_customer = contact_business_relation.alias("customer_link")
CAMPAIGN_TARGETS = Relation(
    name="campaign_target",
    source=campaign_target.join(contact, contact.c.id == _target.contact_id).outerjoin(
        _customer, and_(_customer.c.contact_id == _target.contact_id, _customer.c.link == "CUSTOMER")
    ),
    key=OrderKey("key", _target.contact_id, int, unique=True),
    columns={"contact_key": _target.contact_id, "customer_no": _customer.c.link_no},
    orders={"NO": text_key("NO", contact.c.no, unique=True)},
)

_log = interaction_log_entry.c


def targets_of(campaign_key: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the target group of a campaign."""
    return _target.campaign_id == campaign_key


def entry_filter(canceled: bool | None) -> Filter:
    """Return the filter of the campaign entries that are canceled, or are not; None: all."""
    return Filter() if canceled is None else Filter(_entry.canceled == canceled, (canceled,))


def entries_of_campaign(campaign_key: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the entries of a campaign."""
    return _entry.campaign_id == campaign_key


def entries_of_logged_segment(entry_no: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the campaign entries that logging a segment made."""
    return _entry.logged_segment_no == entry_no


async def statistics_of_each(
    connection: AsyncConnection, campaigns: Sequence[int], *, first: date | None = None, last: date | None = None
) -> list[Row[Any] | None]:
    """Return for each campaign its sums over interactions neither canceled nor postponed; None where there are none.

    Shape: ``contacted`` and ``responded`` count interactions, not different contacts, as in Business Central.

    Args:
        connection: to read from.
        campaigns: their keys.
        first: first day, inclusive; None: since ever.
        last: last day, inclusive; None: without end.
    """
    days: list[ColumnElement[bool]] = []
    if first is not None:
        days.append(_log.on >= first)
    if last is not None:
        days.append(_log.on <= last)
    statement = (
        select(
            _log.campaign_id.label("key"),
            func.sum(case((_log.campaign_target, 1), else_=0)).label("contacted"),
            func.sum(case((_log.campaign_response, 1), else_=0)).label("responded"),
            exact_sum(_log.cost, Money()).label("cost"),
            exact_sum(_log.duration, Minutes()).label("duration"),
        )
        .where(
            _log.campaign_id.in_(key_rows(campaigns, connection.dialect.name)),
            _log.canceled == false(),
            _log.postponed == false(),
            *days,
        )
        .group_by(_log.campaign_id)
    )
    rows = {row.key: row for row in await connection.execute(statement)}
    return [rows.get(key) for key in campaigns]


async def entry_statistics_of_each(connection: AsyncConnection, entries: Sequence[int]) -> list[Row[Any] | None]:
    """Return for each campaign entry its sums over the interactions as canceled as itself; None without any."""
    statement = (
        select(
            _entry.entry_no.label("key"),
            func.count().label("interaction_count"),
            exact_sum(_log.cost, Money()).label("cost"),
            exact_sum(_log.duration, Minutes()).label("duration"),
        )
        .join_from(campaign_entry, interaction_log_entry, _log.campaign_entry_no == _entry.entry_no)
        .where(_entry.entry_no.in_(key_rows(entries, connection.dialect.name)), _log.canceled == _entry.canceled)
        .group_by(_entry.entry_no)
    )
    rows = {row.key: row for row in await connection.execute(statement)}
    return [rows.get(key) for key in entries]
