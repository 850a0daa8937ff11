"""Another contact on a line, or the same one from the beginning."""

from typing import Any

from sqlalchemy import Row, delete, select, update

from server.errors import AlreadyExistsError
from server.operations.references import contact_by_no
from server.operations.segments.lines import add_lines, remove_lines, visible_line
from server.operations.segments.new_lines import noted_facts
from server.operations.segments.revisions import header_of, hold_segment, touch_segment
from server.operations.setup.attachments import delete_unused_attachments
from server.store.campaign_targets import refresh_targets
from server.store.segment_lines import LINE_PROBE, visible_at
from server.store.tables import contact, segment, segment_line, segment_line_override
from server.store.unit_of_work import UnitOfWork


async def change_line_contact(
    work: UnitOfWork,
    segment_no: str,
    line_no: int,
    contact_no: str,
    *,
    allow_existing_contacts: bool = False,
    expected_version: int | None = None,
) -> tuple[int, int]:
    """Put another contact on a line: two actions, one that removes the line and one that adds the contact's own.

    The new line has the header's values, and so has a line that gets the contact it has already; its edits are gone,
    and that is no action.

    Returns: the segment's key, and the number of the contact's line: a new one for another contact.

    Raises: NotFoundError for the line or the contact; AlreadyExistsError for a contact that stands on the segment,
    unless ``allow_existing_contacts``; ConflictError.
    """
    held = await hold_segment(work, segment_no, expected_version=expected_version)
    line = await visible_line(work, held, line_no)
    wanted = await contact_by_no(work, contact_no, "contact_no", share=True)
    if wanted.id == line.contact_id:
        await _begin_again(work, held, line_no, line)
        return int(held.id), line_no
    if not allow_existing_contacts and await _stands(work, held, wanted.id):
        msg = f"Contact {wanted.no} stands on segment {held.no}; set allowExistingContacts for a second line."
        raise AlreadyExistsError(msg, path=("contactNo",))
    await remove_lines(work, held.no, [line_no])
    await add_lines(work, held.no, [wanted.no], allow_existing_contacts=True)
    last = await work.connection.scalar(select(segment.c.last_line_no).where(segment.c.id == held.id))
    return int(held.id), int(last or 0)


async def _stands(work: UnitOfWork, held: Row[Any], contact_id: int) -> bool:
    statement = (
        select(segment_line.c.line_no)
        .where(
            segment_line.c.segment_id == held.id,
            segment_line.c.contact_id == contact_id,
            visible_at(held.revision),
        )
        .with_hint(segment_line, LINE_PROBE, "sqlite")
        .limit(1)
    )
    return await work.connection.scalar(statement) is not None


async def _begin_again(work: UnitOfWork, held: Row[Any], line_no: int, line: Row[Any]) -> None:
    """Give a line what it would have if it were added now."""
    header = await header_of(work, held)
    facts = await noted_facts(work, header)
    noted = (
        await work.connection.execute(
            select(*(value.label(name) for name, value in facts.items())).where(contact.c.id == line.contact_id)
        )
    ).one()
    await work.connection.execute(
        delete(segment_line_override).where(
            segment_line_override.c.segment_id == held.id, segment_line_override.c.line_no == line_no
        )
    )
    await work.connection.execute(
        update(segment_line)
        .where(segment_line.c.segment_id == held.id, segment_line.c.line_no == line_no)
        .values(**noted._mapping, defaults_no=header.defaults_no)  # noqa: SLF001 - SQLAlchemy's public name
    )
    await delete_unused_attachments(work, [line.attachment_id])
    await touch_segment(work, held.id)
    work.record("segment", held.id, code=held.no, fields=("lines",))
    await refresh_targets(work, {line.campaign_id, header.campaign_id}, contacts=[line.contact_id])
