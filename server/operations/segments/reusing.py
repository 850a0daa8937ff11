"""Puts the contacts of a logged segment on a segment again."""

from sqlalchemy import exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import ErrorCode, RefusedError
from server.operations.references import not_found
from server.operations.segments.new_lines import insert_lines
from server.operations.segments.revisions import ActionResult, OpenAction, begin_action, finish_action
from server.store.segment_lines import ASKED_FLAGS, LINE_SOURCE, LINE_VALUES, next_line_nos
from server.store.tables import contact, interaction_log_entry, logged_segment, segment_line, segment_line_override
from server.store.unit_of_work import UnitOfWork


async def reuse_logged_segment(
    work: UnitOfWork,
    segment_no: str,
    logged_segment_no: int,
    *,
    append: bool = False,
    expected_version: int | None = None,
) -> ActionResult:
    """Add a line for every interaction of the logged segment, as one action.

    Contacts that stand on the segment, are excluded, or come twice get their lines all the same, and so do those of
    canceled interactions; interactions whose contact was deleted get none. A line has the campaign of its interaction,
    all else from the segment's header.

    Args:
        work: where.
        segment_no: the segment.
        logged_segment_no: entry number of the logged segment.
        append: allow it on a segment that has actions already.
        expected_version: the version that the segment must have.

    Raises: NotFoundError when there is no such segment or logged segment; RefusedError(SEGMENT_HAS_ACTIONS) without
    ``append``; ConflictError.
    """
    action = await begin_action(work, segment_no, expected_version=expected_version)
    await _require_logged(work.connection, logged_segment_no)
    if action.revision > 1 and not append:
        raise has_actions(action.no, "its interactions")
    entry = interaction_log_entry.c
    added, last_line_no = await insert_lines(
        work,
        action,
        interaction_log_entry.join(contact, contact.c.id == entry.contact_id),
        (entry.logged_segment_no == logged_segment_no,),
        (entry.entry_no,),
    )
    await _keep_campaigns(work, action, logged_segment_no)
    return await finish_action(
        work,
        action,
        "REUSE_LOGGED",
        logged_segment_no=logged_segment_no,
        options={"logged_segment_no": logged_segment_no},
        lines_added=added,
        last_line_no=last_line_no,
    )


def has_actions(segment_no: str, what: str) -> RefusedError:
    """Return the error that says a segment has actions, to which ``what`` is only added when asked."""
    msg = f"Segment {segment_no} has actions already; set append to add {what} to them."
    return RefusedError(ErrorCode.SEGMENT_HAS_ACTIONS, msg, path=("append",))


async def _require_logged(connection: AsyncConnection, logged_segment_no: int) -> None:
    found = select(logged_segment.c.entry_no).where(logged_segment.c.entry_no == logged_segment_no)
    if await connection.scalar(found.with_for_update(read=True)) is None:
        raise not_found("logged segment", str(logged_segment_no), "logged_segment_entry_no")


async def _keep_campaigns(work: UnitOfWork, action: OpenAction, logged_segment_no: int) -> None:
    """Give the new lines whose interaction has another campaign than the header that campaign."""
    entry = interaction_log_entry.c
    another = entry.campaign_id.is_distinct_from(action.header.campaign_id)
    some = exists().where(entry.logged_segment_no == logged_segment_no, entry.contact_id.is_not(None), another)
    if not await work.connection.scalar(select(some)):
        return
    place = func.row_number().over(order_by=entry.entry_no)
    logged = (
        select(next_line_nos(action.last_line_no, place).label("line_no"), entry.campaign_id)
        .where(entry.logged_segment_no == logged_segment_no, entry.contact_id.is_not(None))
        .subquery("logged")
    )
    values = {**LINE_VALUES, **ASKED_FLAGS, "campaign_id": logged.c.campaign_id}
    rows = (
        select(segment_line.c.segment_id, segment_line.c.line_no, *values.values())
        .select_from(LINE_SOURCE.join(logged, logged.c.line_no == segment_line.c.line_no))
        .where(
            segment_line.c.segment_id == action.segment_id,
            logged.c.campaign_id.is_distinct_from(action.header.campaign_id),
        )
    )
    await work.connection.execute(
        insert(segment_line_override).from_select(["segment_id", "line_no", *values], rows, include_defaults=False)
    )
