"""Create, change and delete contacts."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update

from server.errors import ErrorCode, InvalidInputError, RefusedError
from server.operations.contacts.attributes import assign_attributes
from server.operations.contacts.companies import give_interactions, leave_history, push_to_persons, record_contacts
from server.operations.contacts.company_lookup import find_company
from server.operations.contacts.contact_codes import edit_codes, require_lists_of_type
from server.operations.contacts.contact_rules import ContactRow, changed_contact, changed_fields, new_contact
from server.operations.contacts.contact_setup import ContactSetup, read_contact_setup
from server.operations.contacts.contact_values import ContactValues, checked_contact
from server.operations.contacts.naming_rules import without_contacts
from server.operations.numbering import Series, take_number
from server.operations.references import contact_by_no, require_code, require_salesperson
from server.operations.setup.attachments import attachments_of, delete_unused_attachments
from server.operations.versions import require_version
from server.store.campaign_targets import refresh_targets
from server.store.id_lists import ids_in
from server.store.segment_lines import visible_at
from server.store.standing import keep_standing
from server.store.tables import (
    contact,
    interaction_log_entry,
    organizational_level,
    salutation,
    segment,
    segment_line,
    segment_line_override,
    segment_revision,
)
from server.store.unit_of_work import UnitOfWork

_SEGMENTS_NAMED = 5
"""Numbers of segments that a refusal names at most."""


async def create_contact(work: UnitOfWork, values: ContactValues) -> int:
    """Create a company (the default) or a person and return its key.

    A person with a company inherits from it what the input does not say; what is blank then is as the setup and the
    acting user say.

    Raises: InvalidInputError; AlreadyExistsError; NotFoundError for an unknown company, salesperson, code or
    attribute; RefusedError WRONG_CONTACT_TYPE, CONTACT_AMBIGUOUS, PRIVACY_BLOCKED, SALESPERSON_BLOCKED,
    RELATION_RESERVED.
    """
    given = await _checked(work, values, "COMPANY")
    await require_salesperson(work, given.get("salesperson"))
    company = await _company_row(work, given, given.get("type", "COMPANY"))
    setup = await read_contact_setup(work)
    no = await take_number(work, Series.CONTACT, given.get("no"))
    row = new_contact(given, no=no, moment=work.moment, setup=setup, company=company)
    await _require_codes(work, row)
    contact_id = int(await work.connection.scalar(insert(contact).values(row).returning(contact.c.id)) or 0)
    if row["type"] == "COMPANY":
        await work.connection.execute(update(contact).where(contact.c.id == contact_id).values(company_id=contact_id))
    await edit_codes(work, contact_id, row["type"], values)
    await assign_attributes(work, contact_id, values.get("attributes") or {})
    work.record("contact", contact_id)
    return contact_id


async def update_contact(
    work: UnitOfWork, no: str, values: ContactValues, *, expected_version: int | None = None
) -> int:
    """Change the given values of a contact and return its key; the persons of a company follow it.

    When nothing differs, nothing is written and the version stays.

    Raises: what ``create_contact`` raises; ConflictError; RefusedError CONTACT_ON_SEGMENT for a change of company,
    also by one of type, while on a segment that is not logged; CONTACT_HAS_PERSONS, CONTACT_HAS_HISTORY and
    CONTACT_HAS_CODES for a change of type.
    """
    if not values.keys().isdisjoint({"company_no", "company_name", "type"}):
        await keep_standing(work)
    current = await contact_by_no(work, no)
    require_version(current.version, expected_version)
    before: ContactRow = current._asdict()
    given = await _checked(work, values, current.type)
    setup = await read_contact_setup(work)
    if given.get("no", current.no) != current.no:
        msg = "The number of a contact cannot be changed."
        raise InvalidInputError(msg, path=("no",))
    changes = changed_contact(
        before,
        given,
        setup=setup,
        company=await _company_row(work, given, given.get("type", current.type)),
        old_company=await _old_company(work, before) if "company_no" in given else None,
    )
    if "salesperson" in changes and "salesperson" in given:
        await require_salesperson(work, given["salesperson"])
    await _require_codes(work, changes)
    contact_type: str = changes.get("type", current.type)
    changed = changed_fields(changes)
    changed |= await edit_codes(work, current.id, contact_type, values)
    changed |= await assign_attributes(work, current.id, values.get("attributes") or {})
    if not changed:
        return int(current.id)
    if "type" in changes:
        await _require_type_change(work, before)
        await require_lists_of_type(work, current.id, contact_type)
    if "company_id" in changes:
        what, field = "company", "companyName" if "company_name" in values else "companyNo"
        if "type" in changes:
            what, field = "type and company", "type"
        on_lines = segment_line.c.contact_id == current.id
        await _require_off_segments(work, on_lines, f"Contact {current.no} cannot change {what}", field)
        if await leave_history(work, current.id, before["company_id"], changes["company_id"]):
            changed.add("interactions")
    await _write(work, current, changes, changed, setup)
    if "interactions" in changed:
        companies = {before["company_id"], changes["company_id"]} - {None}
        await refresh_targets(work, None, contacts={current.id, *companies})
    return int(current.id)


async def _checked(work: UnitOfWork, values: ContactValues, contact_type: str) -> dict[str, Any]:
    """Return the values that ``checked_contact`` returns, with the company by number where it was named by a text."""
    given = checked_contact(values)
    if "company_name" not in values:
        return given
    if "company_no" in given:
        msg = "Name the company by companyNo or by companyName, not by both."
        raise InvalidInputError(msg, path=("companyName",))
    text = values["company_name"]
    if text and text.strip() and given.get("type", contact_type) == "COMPANY":
        msg = "A company belongs to no other company; companyName is for persons."
        raise RefusedError(ErrorCode.WRONG_CONTACT_TYPE, msg, path=("companyName",))
    return {**given, "company_no": await find_company(work, text)}


async def _require_codes(work: UnitOfWork, row: dict[str, Any]) -> None:
    """Raise NotFoundError when the salutation or organizational level of a row, or of changes, does not exist."""
    await require_code(work, salutation, row.get("salutation"), "salutation", "salutation")
    level = row.get("organizational_level")
    await require_code(work, organizational_level, level, "organizational level", "organizational_level")


async def _write(
    work: UnitOfWork, current: Row[Any], changes: dict[str, Any], changed: set[str], setup: ContactSetup
) -> None:
    """Write the changed columns, stamp the contact, and let the persons of a company follow."""
    stamped = changes | {"modified_at": work.moment.now, "version": current.version + 1}
    await work.connection.execute(update(contact).where(contact.c.id == current.id).values(stamped))
    work.record(
        "contact",
        current.id,
        fields=[*changed, "modified_at"],
        old_company_id=current.company_id if "company_id" in changes else None,
    )
    if current.type == "COMPANY" and "type" not in changes:
        await push_to_persons(work, current._asdict(), changes, setup)


async def delete_contact(work: UnitOfWork, no: str, *, expected_version: int | None = None) -> int:
    """Delete a contact, and with a company all its persons; return the key it had.

    Interactions of a person stay with its company, those of a company lose their contact. Lines of segments on which
    the contact no longer stands are purged from their history.

    Raises: NotFoundError; ConflictError; RefusedError(CONTACT_ON_SEGMENT) when one of the contacts is on a segment
    that is not logged.
    """
    await keep_standing(work)
    current = await contact_by_no(work, no)
    require_version(current.version, expected_version)
    doomed = contact.c.id == current.id
    if current.type == "COMPANY":
        doomed = or_(doomed, contact.c.company_id == current.id)
    gone = (
        await work.connection.execute(select(contact.c.id, contact.c.no).where(doomed).order_by(contact.c.id))
    ).all()
    on_lines = segment_line.c.contact_id.in_(select(contact.c.id).where(doomed))
    await _require_off_segments(work, on_lines, f"Contact {current.no} cannot be deleted", "no")
    await _release_interactions(work, current)
    await _purge_history(work, on_lines, {row.no for row in gone})
    await work.connection.execute(delete(contact).where(doomed))
    record_contacts(work, [row.id for row in gone], old_company_id=current.company_id)
    return int(current.id)


async def _company_row(work: UnitOfWork, given: dict[str, Any], contact_type: str) -> ContactRow | None:
    """Return the row of the company that the input names for a person, locked against changes, or None."""
    company_no = given.get("company_no")
    if company_no is None or contact_type == "COMPANY":
        return None
    return (await contact_by_no(work, company_no, "company_no", share=True))._asdict()


async def _old_company(work: UnitOfWork, current: ContactRow) -> ContactRow | None:
    """Return the row of the company that a person belongs to."""
    if current["company_id"] in {None, current["id"]}:
        return None
    statement = select(contact).where(contact.c.id == current["company_id"])
    return (await work.connection.execute(statement)).one()._asdict()


async def _require_type_change(work: UnitOfWork, current: ContactRow) -> None:
    """Refuse another type for a contact with interactions, or for a company with persons."""
    of_contact = interaction_log_entry.c.contact_id == current["id"]
    if await work.connection.scalar(select(interaction_log_entry.c.entry_no).where(of_contact).limit(1)):
        msg = f"The type of contact {current['no']} cannot change: it has interactions."
        raise RefusedError(ErrorCode.CONTACT_HAS_HISTORY, msg, path=("type",))
    persons = and_(contact.c.company_id == current["id"], contact.c.id != current["id"])
    if await work.connection.scalar(select(contact.c.id).where(persons).limit(1)):
        msg = f"The type of contact {current['no']} cannot change: persons belong to it."
        raise RefusedError(ErrorCode.CONTACT_HAS_PERSONS, msg, path=("type",))


async def _require_off_segments(work: UnitOfWork, lines: ColumnElement[bool], what: str, field: str) -> None:
    """Raise RefusedError(CONTACT_ON_SEGMENT) when one of the segment lines is visible."""
    statement = (
        select(segment.c.no)
        .distinct()
        .join(segment_line, segment_line.c.segment_id == segment.c.id)
        .where(lines, visible_at(segment.c.revision))
        .order_by(segment.c.no)
        .limit(_SEGMENTS_NAMED + 1)
    )
    numbers = (await work.connection.scalars(statement)).all()
    if numbers:
        named = ", ".join(numbers[:_SEGMENTS_NAMED]) + (", …" if len(numbers) > _SEGMENTS_NAMED else "")
        msg = f"{what} while on segments that are not logged: {named}. Remove the lines first."
        raise RefusedError(ErrorCode.CONTACT_ON_SEGMENT, msg, path=(field,))


async def _release_interactions(work: UnitOfWork, current: Row[Any]) -> None:
    """Give a person's interactions to its company; leave those of a company without a contact."""
    if current.type == "PERSON":
        await give_interactions(work, interaction_log_entry.c.contact_id == current.id, contact_id=current.company_id)
        return
    of_persons = select(contact.c.id).where(contact.c.company_id == current.id)
    await give_interactions(
        work,
        or_(interaction_log_entry.c.company_id == current.id, interaction_log_entry.c.contact_id.in_(of_persons)),
        contact_id=None,
        company_id=None,
    )


async def _purge_history(work: UnitOfWork, lines: ColumnElement[bool], gone: Collection[str]) -> None:
    """Delete segment lines that are no longer visible, and what the actions that knew them say of them.

    Args:
        work: where.
        lines: which; a condition on ``segment_line``.
        gone: numbers of the contacts.
    """
    segments = select(segment_line.c.segment_id).where(lines)
    step = segment_revision.c

    def purged(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        counted = select(func.count()).select_from(segment_line)
        counted = counted.where(lines, segment_line.c.segment_id == step.segment_id, *conditions)
        return counted.correlate(segment_revision).scalar_subquery()

    await work.connection.execute(
        update(segment_revision)
        .where(step.segment_id.in_(segments))
        .values(
            line_count=step.line_count - purged(visible_at(step.revision)),
            lines_added=step.lines_added - purged(segment_line.c.added == step.revision),
            lines_removed=step.lines_removed - purged(segment_line.c.removed == step.revision),
        )
    )
    touched = (await work.connection.scalars(segments.distinct().order_by(segment_line.c.segment_id))).all()
    await _forget_numbers(work, touched, gone)
    override = segment_line_override.c
    on_lines = and_(segment_line.c.segment_id == override.segment_id, segment_line.c.line_no == override.line_no)
    attachments = await attachments_of(
        work,
        select(override.attachment_id).join(segment_line, on_lines).where(lines, override.attachment_id.is_not(None)),
    )
    await work.connection.execute(delete(segment_line).where(lines))
    await delete_unused_attachments(work, attachments)
    await work.connection.execute(
        update(segment)
        .where(ids_in(segment.c.id, touched, work.dialect))
        .values(version=segment.c.version + 1, modified_at=work.moment.now)
    )
    for segment_id in touched:
        work.record("segment", segment_id, fields=("lines",), cause="contact")


async def _forget_numbers(work: UnitOfWork, segments: Collection[int], gone: Collection[str]) -> None:
    """Take the numbers of contacts that are gone out of the actions that name contacts one by one."""
    step = segment_revision.c
    naming = select(step.segment_id, step.revision, step.rule).where(
        ids_in(step.segment_id, segments, work.dialect), step.kind.in_(("PIN", "UNPIN")), step.rule != ""
    )
    for row in (await work.connection.execute(naming)).all():
        rule = without_contacts(row.rule, gone)
        if rule != row.rule:
            this = step.segment_id == row.segment_id, step.revision == row.revision
            await work.connection.execute(update(segment_revision).where(*this).values(rule=rule))
