"""Puts everybody on a segment into a mailing group."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, insert, literal, select, update

from server.operations.references import not_found
from server.operations.segments.revisions import hold_segment
from server.operations.values import required_code
from server.store.segment_lines import LINE_PROBE, visible_at
from server.store.statistics import tell_planner
from server.store.tables import contact, contact_mailing_group, mailing_group, segment_line
from server.store.unit_of_work import UnitOfWork

_CODE_LENGTH = 20


@dataclass(frozen=True, slots=True)
class AppliedMailingGroup:
    """What became of a mailing group.

    Attributes:
        segment_id: key of the segment.
        code: of the mailing group.
        contacts_added: contacts who are in the group now and were not before.
        contacts_removed: contacts who were in the group and are not any more.
    """

    segment_id: int
    code: str
    contacts_added: int
    contacts_removed: int


async def apply_mailing_group(
    work: UnitOfWork, segment_no: str, code: str, *, delete_old: bool = False, expected_version: int | None = None
) -> AppliedMailingGroup:
    """Put the contacts on the visible lines into the mailing group; it is no action of the segment.

    With ``delete_old`` everybody else leaves the group first. Contacts for whom nothing changes are not touched.

    Raises: NotFoundError; RefusedError(VALUE_REQUIRED) for a blank code; ConflictError.
    """
    held = await hold_segment(work, segment_no, expected_version=expected_version)
    group = await _hold_group(work, code)
    members = select(segment_line.c.contact_id).where(segment_line.c.segment_id == held.id, visible_at(held.revision))
    of_group = contact_mailing_group.c
    removed = 0
    if delete_old:
        on_segment = (
            select(segment_line.c.line_no)
            .where(
                segment_line.c.segment_id == held.id,
                segment_line.c.contact_id == of_group.contact_id,
                visible_at(held.revision),
            )
            .with_hint(segment_line, LINE_PROBE, "sqlite")
            .correlate(contact_mailing_group)
        )
        leaving = of_group.code == group, ~exists(on_segment)
        removed = await _stamp(work, contact.c.id.in_(select(of_group.contact_id).where(*leaving)))
        await work.connection.execute(delete(contact_mailing_group).where(*leaving))
    in_group = exists().where(of_group.contact_id == contact.c.id, of_group.code == group).correlate(contact)
    added = await _stamp(work, contact.c.id.in_(members), ~in_group)
    joining = select(contact.c.id, literal(group)).where(contact.c.id.in_(members), ~in_group)
    await work.connection.execute(
        insert(contact_mailing_group).from_select(["contact_id", "code"], joining, include_defaults=False)
    )
    await tell_planner(work, contact_mailing_group, added)
    return AppliedMailingGroup(int(held.id), group, contacts_added=added, contacts_removed=removed)


async def _hold_group(work: UnitOfWork, code: str) -> str:
    """Return the code as it is stored; until the end of the unit of work nobody else fills or deletes the group."""
    key = required_code(code, "code", _CODE_LENGTH)
    statement = select(mailing_group.c.code).where(mailing_group.c.code == key).with_for_update(key_share=True)
    if await work.connection.scalar(statement) is None:
        raise not_found("mailing group", key, "code")
    return key


async def _stamp(work: UnitOfWork, *which: ColumnElement[bool]) -> int:
    """Note that the mailing groups of these contacts change, before they do; return how many they are."""
    count = await work.record_range(contact, *which, fields=("mailing_groups", "modified_at"))
    if count:
        await work.connection.execute(
            update(contact).where(*which).values(modified_at=work.moment.now, version=contact.c.version + 1)
        )
    return count
