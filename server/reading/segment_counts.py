"""How many contacts stand on segments, and how many of them can be reached."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, false, func, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store.segment_lines import visible_at
from server.store.tables import contact, segment, segment_line, segment_revision

_step = segment_revision.c
_BY_RULE = ("ADD", "REDUCE", "REFINE")


async def counts_of_each(connection: AsyncConnection, segments: Sequence[int]) -> list[Row[Any]]:
    """Return the counts of each segment; one statement.

    A row has ``members``, ``reachable_by_email``, ``reachable_by_post``, ``excluded`` and ``privacy_blocked``, numbers
    of different contacts on the visible lines, and ``undecided``, of the last action by a rule or null.
    """
    member = (
        select(
            segment_line.c.segment_id,
            segment_line.c.contact_id,
            func.max(case((segment_line.c.alternative_address.is_not(None), 1), else_=0)).label("elsewhere"),
        )
        .join(segment, segment.c.id == segment_line.c.segment_id)
        .where(segment.c.id.in_(segments), visible_at(segment.c.revision))
        .group_by(segment_line.c.segment_id, segment_line.c.contact_id)
        .subquery("member")
    )
    may_be_used = contact.c.privacy_blocked == false()
    has_address = or_(member.c.elsewhere == 1, and_(contact.c.address != "", contact.c.city != ""))
    counted = (
        select(
            member.c.segment_id,
            func.count().label("members"),
            _number(and_(may_be_used, contact.c.email != "")).label("reachable_by_email"),
            _number(and_(may_be_used, has_address)).label("reachable_by_post"),
            _number(contact.c.exclude_from_segment == true()).label("excluded"),
            _number(not_(may_be_used)).label("privacy_blocked"),
        )
        .join_from(member, contact, contact.c.id == member.c.contact_id)
        .group_by(member.c.segment_id)
        .subquery("counted")
    )
    numbers = [func.coalesce(column, 0).label(column.name) for column in counted.c if column.name != "segment_id"]
    statement = (
        select(segment.c.id, _undecided().label("undecided"), *numbers)
        .outerjoin_from(segment, counted, counted.c.segment_id == segment.c.id)
        .where(segment.c.id.in_(segments))
    )
    rows = {row.id: row for row in await connection.execute(statement)}
    return [rows[key] for key in segments]


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many rows of a group meet the condition."""
    return func.sum(case((condition, 1), else_=0))


def _undecided() -> ColumnElement[int | None]:
    """Return for how many contacts the rule of a segment's last action by one failed; null without such an action."""
    return (
        select(_step.undecided_count)
        .where(_step.segment_id == segment.c.id, _step.revision <= segment.c.revision, _step.kind.in_(_BY_RULE))
        .order_by(_step.revision.desc())
        .limit(1)
        .correlate(segment)
        .scalar_subquery()
    )
