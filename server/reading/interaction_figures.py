"""Sums over interactions by one of their codes, within some days."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, cast, false, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.keys import key_rows
from server.store.tables import interaction_log_entry
from server.store.types import Minutes, Money


async def figures_by_code(
    connection: AsyncConnection,
    codes: Sequence[str],
    *,
    column: ColumnElement[Any],
    first: date | None,
    last: date | None,
) -> list[Row[Any] | None]:
    """Return ``interaction_count``, ``interaction_cost`` and ``interaction_duration`` of each code; None for none.

    Interactions that are canceled or postponed do not count.

    Args:
        connection: sees the data.
        codes: without doubles.
        column: the column of the interaction log that holds the code.
        first: the first day; None: since ever.
        last: the last day; None: for ever.
    """
    log = interaction_log_entry.c

    within = [] if first is None else [log.on >= first]
    within += [] if last is None else [log.on <= last]
    statement = (
        select(
            column.label("key"),
            func.count().label("interaction_count"),
            exact_sum(log.cost, Money()).label("interaction_cost"),
            exact_sum(log.duration, Minutes()).label("interaction_duration"),
        )
        .where(
            column.in_(key_rows(codes, connection.dialect.name)),
            log.canceled == false(),
            log.postponed == false(),
            *within,
        )
        .group_by(column)
    )
    rows = {row.key: row for row in await connection.execute(statement)}
    return [rows.get(code) for code in codes]


def exact_sum(column: ColumnElement[Any], type_: Money | Minutes) -> ColumnElement[Any]:
    """Return the exact sum of amounts, which are whole numbers of the smallest unit."""
    return type_coerce(cast(func.sum(type_coerce(column, BigInteger)), BigInteger), type_)
