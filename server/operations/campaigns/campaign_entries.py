"""What can be done with campaign entries: cancel them, take that back, delete canceled ones."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, select, true, update

from server.errors import ErrorCode, RefusedError
from server.operations.references import hold_entries, listed_path, require_few
from server.operations.setup.attachments import attachments_of, delete_unused_attachments
from server.store.campaign_targets import refresh_targets
from server.store.id_lists import ids_in
from server.store.tables import campaign_entry, interaction_log_entry, logged_segment
from server.store.unit_of_work import UnitOfWork

_CAUSE = "campaign entry"
"""What the change log names as the cause of changes of interactions."""

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
    others = ids_in(_log.campaign_entry_no, keys, work.dialect), _log.canceled != canceled
    if await work.record_range(interaction_log_entry, *others, fields=("canceled",), cause=_CAUSE):
        await work.connection.execute(update(interaction_log_entry).where(*others).values(canceled=canceled))
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
    if await work.record_range(interaction_log_entry, *doomed, cause=_CAUSE):
        await work.connection.execute(delete(interaction_log_entry).where(*doomed))
    if await work.record_range(interaction_log_entry, theirs, fields=("campaign_entry_no",), cause=_CAUSE):
        await work.connection.execute(update(interaction_log_entry).where(theirs).values(campaign_entry_no=None))
    await work.connection.execute(delete(campaign_entry).where(ids_in(campaign_entry.c.entry_no, keys, work.dialect)))
    for key in keys:
        work.record("campaign_entry", key)
    await delete_unused_attachments(work, attachments)
    await refresh_targets(work, {row.campaign_id for row in held})
    return keys


async def _held(work: UnitOfWork, entry_nos: Sequence[int]) -> Sequence[Row[Any]]:
    require_few(entry_nos, "campaign entries")
    return await hold_entries(work, campaign_entry, "campaign entry", entry_nos)


async def _require_logged_segments(work: UnitOfWork, held: Sequence[Row[Any]], entry_nos: Sequence[int]) -> None:
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
