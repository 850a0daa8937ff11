"""What can still be done with segments that were logged: cancel them, send everything again, delete canceled ones."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    String,
    Table,
    and_,
    cast,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
    update,
)

from server.errors import ErrorCode, RefusedError
from server.operations.interactions.deliveries import IN_PROGRESS, has_email, queue_deliveries, sent_as
from server.operations.references import hold_entries, listed_path, require_few
from server.operations.setup.marketing_setup import read_setup
from server.store.id_lists import ids_in
from server.store.tables import (
    campaign_entry,
    contact,
    delivery,
    interaction_log_entry,
    interaction_template,
    logged_segment,
    segment_revision,
)
from server.store.types import BigId, Instant
from server.store.unit_of_work import UnitOfWork

RESENT = "Resend: "

_entry = interaction_log_entry.c


async def set_logged_segments_canceled(work: UnitOfWork, entry_nos: Sequence[int], *, canceled: bool) -> list[int]:
    """Cancel logged segments, or take that back; return their entry numbers in order.

    Every interaction and campaign entry that logging made gets the same state, whatever its own was.

    Raises: NotFoundError, InvalidInputError, RefusedError(VALUE_REQUIRED), each with the path of the list.
    """
    keys = [row.entry_no for row in await _held(work, entry_nos)]
    for table, link in (
        (logged_segment, logged_segment.c.entry_no),
        (campaign_entry, campaign_entry.c.logged_segment_no),
        (interaction_log_entry, _entry.logged_segment_no),
    ):
        others = and_(ids_in(link, keys, work.dialect), table.c.canceled == (false() if canceled else true()))
        await _change(work, table, others, {"canceled": canceled})
    return keys


async def delete_logged_segments(work: UnitOfWork, entry_nos: Sequence[int]) -> list[int]:
    """Delete canceled logged segments; return the entry numbers they had, in order.

    Their interactions and campaign entries stay and are linked to none any more.

    Raises: RefusedError(NOT_CANCELED) for the first that is not canceled; NotFoundError, InvalidInputError.
    """
    rows = await _held(work, entry_nos)
    for row in rows:
        if not row.canceled:
            msg = f"Logged segment {row.entry_no} is not canceled; cancel it before it is deleted."
            raise RefusedError(ErrorCode.NOT_CANCELED, msg, path=listed_path("entry_nos", entry_nos, row.entry_no))
    keys = [row.entry_no for row in rows]
    for table, link in (
        (interaction_log_entry, _entry.logged_segment_no),
        (campaign_entry, campaign_entry.c.logged_segment_no),
    ):
        await _change(work, table, ids_in(link, keys, work.dialect), {"logged_segment_no": None})
    reused = ids_in(segment_revision.c.logged_segment_no, keys, work.dialect)
    await work.connection.execute(update(segment_revision).where(reused).values(logged_segment_no=None))
    await work.connection.execute(delete(logged_segment).where(ids_in(logged_segment.c.entry_no, keys, work.dialect)))
    for row in rows:
        work.record("logged_segment", row.entry_no, code=row.segment_no)
    return keys


async def resend_logged_segment(work: UnitOfWork, entry_no: int, *, new_interactions: bool = False) -> int:
    """Queue for a mailer again what the interactions of a logged segment sent; return how many are queued.

    Left out are canceled interactions, those without an attachment, those that are not sent at all or by e-mail without
    having an address, those whose contact was deleted or, where the setup says so, is blocked for privacy, and those
    that wait for their mailer already. With ``new_interactions`` copies of today are sent, which belong to no logged
    segment.

    Raises: NotFoundError; RefusedError(ATTACHMENT_REQUIRED) when none of them has an attachment.
    """
    (held,) = await _held(work, [entry_no], "entry_no")
    resendable = await _resendable(work, entry_no)
    log = interaction_log_entry
    attached = select(_entry.entry_no).where(_entry.logged_segment_no == entry_no, _entry.attachment_id.is_not(None))
    if await work.connection.scalar(attached.limit(1)) is None:
        msg = f"No interaction of logged segment {entry_no} has an attachment; there is nothing to send again."
        raise RefusedError(ErrorCode.ATTACHMENT_REQUIRED, msg, path=("entryNo",))
    if not new_interactions:
        await _change(work, log, resendable, {"delivery_status": IN_PROGRESS})
        return await queue_deliveries(work, _entry.logged_segment_no == entry_no)
    last = await work.connection.scalar(select(func.max(_entry.entry_no))) or 0
    # Whoever sends this logged segment again waits for us, so that the entries after the last one with the number of
    # its segment are ours.
    await _copy_interactions(work, resendable)
    copies = and_(_entry.entry_no > last, _entry.segment_no == held.segment_no, _entry.logged_segment_no.is_(None))
    await work.record_range(interaction_log_entry, copies, cause="resend")
    return await queue_deliveries(work, copies)


async def _held(work: UnitOfWork, entry_nos: Sequence[int], field: str = "entry_nos") -> Sequence[Row[Any]]:
    require_few(set(entry_nos), "logged segments", field)
    return await hold_entries(work, logged_segment, "logged segment", entry_nos, field)


async def _change(work: UnitOfWork, table: Table[Any], which: ColumnElement[bool], values: dict[str, Any]) -> None:
    """Write the values to the rows of a table keyed by ``entry_no``, and record their range."""
    if await work.record_range(table, which, fields=values):
        await work.connection.execute(update(table).where(which).values(values))


async def _resendable(work: UnitOfWork, entry_no: int) -> ColumnElement[bool]:
    """Return the condition on the log of what a logged segment can send once more."""
    waiting = exists().where(delivery.c.entry_no == _entry.entry_no, delivery.c.error == "")
    of_template, way = interaction_template.c.code == _entry.template, sent_as(_entry.correspondence_type)
    is_sent = exists().where(of_template, way.is_not(None))
    by_email = exists().where(of_template, way == "EMAIL")
    setup = await read_setup(work)
    allowed = contact.c.privacy_blocked == false() if setup.skip_privacy_blocked else true()
    return and_(
        _entry.logged_segment_no == entry_no,
        _entry.canceled == false(),
        _entry.attachment_id.is_not(None),
        exists().where(contact.c.id == _entry.contact_id, allowed),
        is_sent,
        or_(~by_email, has_email(_entry.contact_id, _entry.alternative_address)),
        ~waiting,
    )


async def _copy_interactions(work: UnitOfWork, which: ColumnElement[bool]) -> None:
    """Write a new interaction for each of the condition: one of today that is to be sent and nobody has judged."""
    row: dict[str, Any] = {column.name: column for column in _entry if column.name != "entry_no"}
    row |= {
        "on": literal(work.moment.document_date, Date),
        "at": literal(work.moment.now, Instant),
        "actor": literal(work.actor),
        "description": func.substr(literal(RESENT) + _entry.description, 1, 100),
        "logged_segment_no": cast(null(), BigId),
        "evaluation": cast(null(), String(13)),
        "attempt_failed": false(),
        "delivery_status": literal(IN_PROGRESS),
    }
    rows = select(*row.values()).where(which).order_by(_entry.contact_id, _entry.entry_no)
    await work.connection.execute(insert(interaction_log_entry).from_select(list(row), rows, include_defaults=False))
