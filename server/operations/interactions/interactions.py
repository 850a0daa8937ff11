"""Log single interactions, now or in two steps."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Row, String, insert, literal, select, update

from server.errors import ErrorCode, RefusedError
from server.operations.campaigns.campaigns import campaign_entry_for
from server.operations.contacts.companies import record_contacts
from server.operations.interactions.deliveries import IN_PROGRESS, has_email, queue_deliveries
from server.operations.interactions.interaction_values import (
    InteractionValues,
    StoredValues,
    contact_path,
    planned_interaction,
)
from server.operations.references import interaction_by_no
from server.operations.setup.attachments import delete_unused_attachments
from server.operations.setup.comments import checked_comments, replace_comments
from server.operations.values import checked_code
from server.store.campaign_targets import refresh_targets
from server.store.tables import campaign, contact, interaction_comment, interaction_log_entry, interaction_template
from server.store.types import BigId
from server.store.unit_of_work import UnitOfWork

_OF_TEMPLATE = (
    "description", "subject", "cost", "duration", "information_flow", "initiated_by", "campaign_no", "campaign_target",
    "campaign_response", "correspondence_type", "language", "attachment_id",
)  # fmt: skip
"""What another template brings along."""
_KEPT = (
    "template", "salesperson", "on", "description", "subject", "evaluation", "attempt_failed", "cost", "duration",
    "information_flow", "initiated_by", "campaign_target", "campaign_response", "correspondence_type", "language",
    "attachment_id", "contact_via",
)  # fmt: skip
"""Columns of an entry that are values of an interaction, too."""


async def log_interaction(
    work: UnitOfWork, values: InteractionValues, *, deliver: bool = False, from_entry_no: int | None = None
) -> int:
    """Log an interaction that took place and return its entry number.

    Its campaign, if any, gets one entry for all its single interactions.

    Args:
        work: where.
        values: what it was.
        deliver: queue its attachment for sending, if it is sent in any way.
        from_entry_no: an interaction whose contact, salesperson and campaign count where they are not given.

    Raises: what ``planned_interaction`` raises; RefusedError EMAIL_REQUIRED and ATTACHMENT_REQUIRED when it cannot be
    delivered.
    """
    handed = await _handed_on(work, from_entry_no)
    merged, source = cast("StoredValues", {**handed, **values}), _source(from_entry_no)
    row = await planned_interaction(work, merged, asked=values, contact_field=source)
    return await finished_interaction(work, row, values, deliver=deliver, contact_field=source)


async def postpone_interaction(work: UnitOfWork, values: InteractionValues, *, from_entry_no: int | None = None) -> int:
    """Keep an interaction to be finished later, and return its entry number: it counts for nothing until then.

    Raises: what ``planned_interaction`` raises.
    """
    handed = await _handed_on(work, from_entry_no)
    merged = cast("StoredValues", {**handed, **values})
    row = await planned_interaction(work, merged, asked=values, contact_field=_source(from_entry_no))
    return await _written(work, {**row, "postponed": True}, values, None)


async def update_postponed_interaction(work: UnitOfWork, entry_no: int, values: InteractionValues) -> int:
    """Change the given values of an interaction that is to be finished later; return its entry number.

    Another template brings along everything that is not given; comments that are given take the place of all.

    Raises: what ``planned_interaction`` raises; RefusedError(NOT_POSTPONED); NotFoundError.
    """
    held = await _held_postponed(work, entry_no)
    merged = await _merged(work, held, values)
    row = await planned_interaction(work, merged, asked=values, contact_field="entry_no")
    return await _written(work, {**row, "postponed": True}, values, held)


async def resume_interaction(
    work: UnitOfWork, entry_no: int, values: InteractionValues, *, deliver: bool = False
) -> int:
    """Finish an interaction that was postponed: the same entry, on the work date unless a day is given.

    Raises: what ``update_postponed_interaction`` and ``log_interaction`` raise.
    """
    held = await _held_postponed(work, entry_no)
    merged = await _merged(work, held, {"on": work.moment.document_date, **values})
    row = await planned_interaction(work, merged, asked=values, contact_field="entry_no")
    return await finished_interaction(work, row, values, held, deliver=deliver, contact_field="entry_no")


async def finished_interaction(
    work: UnitOfWork,
    row: dict[str, Any],
    values: InteractionValues,
    held: Row[Any] | None = None,
    *,
    deliver: bool = False,
    segment_no: str = "",
    entry_description: str = "Interactions",
    contact_field: str = "contact_no",
) -> int:
    """Write an interaction that counts from now on, with its campaign entry; return its entry number.

    Args:
        work: where.
        row: what ``planned_interaction`` returned.
        values: from which the comments are taken.
        held: the postponed entry that it finishes.
        deliver: queue its attachment for sending, if it is sent in any way.
        segment_no: of the segment on whose line it took place; ``''`` for none.
        entry_description: of the campaign entry, if it is new.
        contact_field: as for ``planned_interaction``.

    Raises: RefusedError EMAIL_REQUIRED and ATTACHMENT_REQUIRED when it cannot be delivered.
    """
    row = {**row, "postponed": False, "segment_no": segment_no or None}
    if deliver:
        row["delivery_status"] = await _delivery_status(work, row, contact_path(values, contact_field))
    elif row["correspondence_type"] == "EMAIL" and not await _has_email(work, row):
        row["correspondence_type"] = None
    if row["campaign_id"] is not None:
        row["campaign_entry_no"] = await campaign_entry_for(
            work,
            row["campaign_id"],
            segment_no,
            {"description": entry_description, "on": row["on"], "salesperson": row["salesperson"]},
        )
    entry_no = await _written(work, row, values, held)
    if row.get("delivery_status"):
        await queue_deliveries(work, interaction_log_entry.c.entry_no == entry_no)
    await refresh_targets(work, [row["campaign_id"]], contacts=[row["contact_id"]])
    return entry_no


async def _delivery_status(work: UnitOfWork, row: dict[str, Any], path: tuple[str]) -> str | None:
    """Return the status of what is to be delivered as it says itself, else as its template says; None: in no way.

    Raises: RefusedError EMAIL_REQUIRED with the path of what named the contact, ATTACHMENT_REQUIRED.
    """
    way = row["correspondence_type"] or await work.connection.scalar(
        select(interaction_template.c.correspondence_type).where(interaction_template.c.code == row["template"])
    )
    if way is None:
        return None
    if way == "EMAIL" and not await _has_email(work, row):
        no = await _no_of(work, contact, row["contact_id"])
        msg = (
            f"Contact {no} has no e-mail address, and no alternative address of that day has one; enter one, choose "
            "HARD_COPY, or log the interaction without delivering it."
        )
        raise RefusedError(ErrorCode.EMAIL_REQUIRED, msg, path=path)
    if row["attachment_id"] is None:
        msg = "Only what has an attachment can be delivered; give the interaction or its template one."
        raise RefusedError(ErrorCode.ATTACHMENT_REQUIRED, msg, path=("attachment",))
    return IN_PROGRESS


async def _has_email(work: UnitOfWork, row: dict[str, Any]) -> bool:
    """Return whether the contact, or its alternative address of the day, has an e-mail address."""
    address = literal(row["alternative_address"], String(10))
    return bool(await work.connection.scalar(select(has_email(literal(row["contact_id"], BigId), address))))


async def _written(work: UnitOfWork, row: dict[str, Any], values: InteractionValues, held: Row[Any] | None) -> int:
    """Write a new entry, or what changes of the one that is held, and its comments; return the entry number."""
    comments = checked_comments(work, values.get("comments"))
    entry = interaction_log_entry
    stamped = {**row, "at": work.moment.now, "actor": work.actor}
    if held is None:
        entry_no = int(await work.connection.scalar(insert(entry).values(stamped).returning(entry.c.entry_no)) or 0)
        work.record(entry.name, entry_no)
    else:
        entry_no = held.entry_no
        before: Mapping[str, Any] = held._asdict()
        fields = [field for field, value in row.items() if value != before[field]]
        if fields:
            await work.connection.execute(update(entry).where(entry.c.entry_no == entry_no).values(stamped))
            work.record(entry.name, entry_no, fields=fields)
        if "contact_id" in fields:  # the entry no longer says whose it was
            left = {key for key in (held.contact_id, held.company_id) if key is not None}
            record_contacts(work, [*left], fields=("interactions",), cause="interaction_log_entry")
        await delete_unused_attachments(work, {held.attachment_id} - {row["attachment_id"]})
    if "comments" in values:
        await replace_comments(work, interaction_comment, entry_no, comments)
    return entry_no


async def _held_postponed(work: UnitOfWork, entry_no: int) -> Row[Any]:
    """Return the row of a postponed interaction, locked until the end of the unit of work."""
    held = await interaction_by_no(work, entry_no)
    if not held.postponed:
        msg = f"Interaction {entry_no} is finished already; only postponed ones can be changed and finished."
        raise RefusedError(ErrorCode.NOT_POSTPONED, msg, path=("entryNo",))
    return held


async def _merged(work: UnitOfWork, held: Row[Any], values: InteractionValues) -> StoredValues:
    """Return the values of a stored interaction with those that are given in their place."""
    stored: dict[str, Any] = {field: getattr(held, field) for field in _KEPT}
    stored["contact_no"] = await _no_of(work, contact, held.contact_id)
    stored["campaign_no"] = await _no_of(work, campaign, held.campaign_id)
    if "template" in values and checked_code(values["template"], "template", 80) != held.template:
        for field in _OF_TEMPLATE:
            del stored[field]
    if "language" in values and checked_code(values["language"], "language", 10) != held.language:
        stored.pop("attachment_id", None)
    return cast("StoredValues", {**stored, **values})


def _source(from_entry_no: int | None) -> str:
    """Return the field that names the contact of a new interaction where its number is not given."""
    return "contact_no" if from_entry_no is None else "from_entry_no"


async def _handed_on(work: UnitOfWork, entry_no: int | None) -> InteractionValues:
    """Return what another interaction says of a new one; nothing for None."""
    handed: InteractionValues = {}
    if entry_no is None:
        return handed
    held = await interaction_by_no(work, entry_no, "from_entry_no")
    if held.contact_id is not None:
        handed["contact_no"] = await _no_of(work, contact, held.contact_id)
    if held.salesperson is not None:
        handed["salesperson"] = held.salesperson
    if held.campaign_id is not None:
        handed["campaign_no"] = await _no_of(work, campaign, held.campaign_id)
    return handed


async def _no_of(work: UnitOfWork, table: Any, key: int | None) -> str | None:
    """Return the number of a contact or campaign."""
    if key is None:
        return None
    no: str | None = await work.connection.scalar(select(table.c.no).where(table.c.id == key))
    return no
