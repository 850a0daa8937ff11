"""Campaigns as people see them: columns, entries and statistics."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, case, cast, false, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.keys import key_rows
from server.reading.relations import OrderKey, Relation, text_key
from server.store.tables import campaign, campaign_entry, interaction_log_entry
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
)


def entries_of_campaign(campaign_key: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the entries of a campaign."""
    return _entry.campaign_id == campaign_key


def entries_of_logged_segment(entry_no: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the campaign entries that logging a segment made."""
    return _entry.logged_segment_no == entry_no


async def statistics_of_each(connection: AsyncConnection, campaigns: Sequence[int]) -> list[Row[Any] | None]:
    """Return for each campaign its sums over interactions neither canceled nor postponed; None where there are none.

    Shape: ``contacted`` and ``responded`` count interactions, not different contacts, as in Business Central.
    """
    log = interaction_log_entry.c

    def total(column: ColumnElement[Any], type_: Money | Minutes) -> ColumnElement[Any]:
        return type_coerce(cast(func.sum(type_coerce(column, BigInteger)), BigInteger), type_)

    statement = (
        select(
            log.campaign_id.label("key"),
            func.sum(case((log.campaign_target, 1), else_=0)).label("contacted"),
            func.sum(case((log.campaign_response, 1), else_=0)).label("responded"),
            total(log.cost, Money()).label("cost"),
            total(log.duration, Minutes()).label("duration"),
        )
        .where(
            log.campaign_id.in_(key_rows(campaigns, connection.dialect.name)),
            log.canceled == false(),
            log.postponed == false(),
        )
        .group_by(log.campaign_id)
    )
    rows = {row.key: row for row in await connection.execute(statement)}
    return [rows.get(key) for key in campaigns]
