"""What can be done with campaign entries: cancel them, take that back, delete canceled ones."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, select, true, update

from server.errors import ErrorCode, InvalidInputError, RefusedError
from server.operations.references import listed_path, require_known
from server.operations.setup.attachments import attachments_of, delete_unused_attachments
from server.operations.values import missing
from server.store.campaign_targets import refresh_targets
from server.store.id_lists import ids_in
from server.store.tables import campaign_entry, interaction_log_entry, logged_segment
from server.store.unit_of_work import UnitOfWork

AT_ONCE = 1_000
"""Campaign entries that one mutation may name."""

_log = interaction_log_entry.c


async def cancel_campaign_entries(work: UnitOfWork, entry_nos: Sequence[int], *, canceled: bool) -> list[int]:
    """Cancel campaign entries, or take that back; return their entry numbers, ascending.

    Every interaction of an entry gets the same state, whatever its own was.

    Raises: RefusedError(STILL_CANCELED) when that is taken back while the logged segment of one is canceled;
    NotFoundError, InvalidInputError, RefusedError(VALUE_REQUIRED), each with the path of the list.
    """
    held = await _held(work, entry_nos)
    if not canceled:
        await _require_logged_segments(work, held, entry_nos)
    keys = [row.entry_no for row in held]
    changed = [row.entry_no for row in held if row.canceled != canceled]
    await work.connection.execute(
        update(campaign_entry).where(ids_in(campaign_entry.c.entry_no, changed, work.dialect)).values(canceled=canceled)
    )
    for key in changed:
        work.record("campaign_entry", key, fields=("canceled",))
    theirs = ids_in(_log.campaign_entry_no, keys, work.dialect)
    if await _record_interactions(work, theirs, _log.canceled != canceled, fields=("canceled",)):
        await work.connection.execute(
            update(interaction_log_entry).where(theirs, _log.canceled != canceled).values(canceled=canceled)
        )
    return keys


async def delete_campaign_entries(work: UnitOfWork, entry_nos: Sequence[int]) -> list[int]:
    """Delete canceled campaign entries with their canceled interactions; return the numbers they had, ascending.

    The comments of these interactions go with them, and so do attachments that nothing else refers to. Interactions
    that came to an entry after it was canceled, and are not canceled themselves, stay without an entry.

    Raises: RefusedError(NOT_CANCELED); NotFoundError, InvalidInputError, RefusedError(VALUE_REQUIRED).
    """
    held = await _held(work, entry_nos)
    for row in held:
        if not row.canceled:
            msg = f"Campaign entry {row.entry_no} is not canceled; only canceled entries can be deleted."
            raise RefusedError(ErrorCode.NOT_CANCELED, msg, path=listed_path("entry_nos", entry_nos, row.entry_no))
    keys = [row.entry_no for row in held]
    theirs = ids_in(_log.campaign_entry_no, keys, work.dialect)
    doomed = theirs, _log.canceled == true()
    attachments = await attachments_of(work, select(_log.attachment_id).where(*doomed))
    if await _record_interactions(work, *doomed):
        await work.connection.execute(delete(interaction_log_entry).where(*doomed))
    if await _record_interactions(work, theirs, fields=("campaign_entry_no",)):
        await work.connection.execute(update(interaction_log_entry).where(theirs).values(campaign_entry_no=None))
    await work.connection.execute(delete(campaign_entry).where(ids_in(campaign_entry.c.entry_no, keys, work.dialect)))
    for key in keys:
        work.record("campaign_entry", key)
    await delete_unused_attachments(work, attachments)
    await refresh_targets(work, {row.campaign_id for row in held})
    return keys


async def _held(work: UnitOfWork, entry_nos: Sequence[int]) -> list[Row[Any]]:
    """Return the rows of the entries, ascending, locked until the end of the unit of work."""
    if not entry_nos:
        raise missing("entry_nos")
    if len(entry_nos) > AT_ONCE:
        msg = f"At most {AT_ONCE:,} campaign entries can be named at once; {len(entry_nos):,} were."
        raise InvalidInputError(msg, path=("entryNos",))
    entry = campaign_entry.c
    statement = select(entry.entry_no, entry.campaign_id, entry.logged_segment_no, entry.canceled).where(
        ids_in(entry.entry_no, entry_nos, work.dialect)
    )
    held: list[Row[Any]] = []
    held.extend(await work.connection.execute(statement.order_by(entry.entry_no).with_for_update()))
    require_known("campaign entry", entry_nos, {row.entry_no for row in held}, "entry_nos")
    return held


async def _require_logged_segments(work: UnitOfWork, held: list[Row[Any]], entry_nos: Sequence[int]) -> None:
    """Raise RefusedError(STILL_CANCELED) for the first entry whose logged segment is canceled."""
    segments = {row.logged_segment_no for row in held if row.logged_segment_no is not None}
    statement = select(logged_segment.c.entry_no).where(
        ids_in(logged_segment.c.entry_no, segments, work.dialect), logged_segment.c.canceled == true()
    )
    canceled = set(await work.connection.scalars(statement))
    for row in held:
        if row.logged_segment_no in canceled:
            msg = (
                f"Campaign entry {row.entry_no} belongs to logged segment {row.logged_segment_no}, which is canceled; "
                "bring that back with cancelLoggedSegments(canceled: false) first."
            )
            raise RefusedError(ErrorCode.STILL_CANCELED, msg, path=listed_path("entry_nos", entry_nos, row.entry_no))


async def _record_interactions(
    work: UnitOfWork, *conditions: ColumnElement[bool], fields: Collection[str] | None = None
) -> bool:
    """Note that these interactions change, or go where no fields are named; return whether there are any."""
    statement = select(func.min(_log.entry_no), func.max(_log.entry_no), func.count(_log.entry_no)).where(*conditions)
    first, last, count = (await work.connection.execute(statement)).one()
    if count:
        named = None if fields is None else list(fields)
        work.record("interaction_log_entry", fields=named, ids=(first, last), row_count=count, cause="campaign entry")
    return bool(count)
