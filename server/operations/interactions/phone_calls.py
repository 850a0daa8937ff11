"""Log phone calls: interactions of the one template that the marketing setup names for them."""

from datetime import date
from typing import Any

from sqlalchemy import Row, select

from server.errors import ErrorCode, InvalidInputError, RefusedError
from server.operations.interactions.interaction_values import InteractionValues, StoredValues, planned_interaction
from server.operations.interactions.interactions import finished_interaction
from server.operations.numbering import NO_LENGTH
from server.operations.references import not_found
from server.operations.setup.marketing_setup import read_setup
from server.operations.values import missing, required_code
from server.store.active_addresses import active_address
from server.store.segment_lines import LINE_SOURCE, LINE_VALUES, visible_at
from server.store.tables import campaign, contact, contact_address, segment, segment_defaults, segment_line
from server.store.unit_of_work import UnitOfWork


async def log_phone_call(
    work: UnitOfWork,
    values: InteractionValues,
    *,
    segment_no: str | None = None,
    line_no: int | None = None,
    dialed: bool = False,
) -> int:
    """Log a phone call and return its entry number.

    A call from a segment line is one with the line's contact, by its salesperson, for its campaign; the line stays.

    Args:
        work: where.
        values: what it was; the template is the setup's. The number called is by default that of the alternative
            address of the day, else the contact's.
        segment_no: of the segment on whose line the call is made.
        line_no: of that line.
        dialed: whether the number was dialed, so that there must be one.

    Raises: RefusedError SETUP_INCOMPLETE without a template for phone calls; RefusedError(VALUE_REQUIRED) for a missing
    contact, number, day, description or salesperson, looked at in this order; PRIVACY_BLOCKED, SALESPERSON_BLOCKED;
    NotFoundError; InvalidInputError.
    """
    template = (await read_setup(work)).phone_call_template
    if template is None:
        msg = "The marketing setup names no interaction template for phone calls; set phoneCallTemplate first."
        raise RefusedError(ErrorCode.SETUP_INCOMPLETE, msg)
    line = await _line(work, values, segment_no, line_no)
    merged: StoredValues = {**_of_line(line), **values, "template": template}
    contact_no = required_code(merged.get("contact_no"), "contact_no", NO_LENGTH)
    if "contact_via" not in merged:
        merged["contact_via"] = await _number(work, contact_no, merged.get("on") or work.moment.document_date)
    if dialed and not (merged["contact_via"] or "").strip():
        raise missing("contact_via")
    row = await planned_interaction(work, merged, asked=values, contact_field=_source(line), salesperson_last=True)
    return await finished_interaction(
        work,
        row,
        values,
        segment_no="" if line is None else line.segment_no,
        entry_description="Interactions" if line is None else line.segment_description,
        contact_field=_source(line),
    )


async def _line(
    work: UnitOfWork, values: InteractionValues, segment_no: str | None, line_no: int | None
) -> Row[Any] | None:
    """Return what a visible line says of the call; None when the call is from no line. The segment stays until the end.

    Raises: NotFoundError; InvalidInputError for a contact beside it; RefusedError(VALUE_REQUIRED) for half a line.
    """
    if segment_no is None and line_no is None:
        return None
    if values.get("contact_no") is not None:
        msg = "Name the contact or the line of a segment, not both."
        raise InvalidInputError(msg, path=("contactNo",))
    no = required_code(segment_no, "segment_no", NO_LENGTH)
    if line_no is None:
        raise missing("line_no")
    held = (
        await work.connection.execute(select(segment).where(segment.c.no == no).with_for_update(read=True))
    ).one_or_none()
    if held is None:
        raise not_found("segment", no, "segment_no")
    header = segment_defaults.alias("header")
    statement = (
        select(
            contact.c.no.label("contact_no"),
            LINE_VALUES["salesperson"].label("salesperson"),
            campaign.c.no.label("campaign_no"),
            LINE_VALUES["campaign_target"].label("campaign_target"),
            LINE_VALUES["campaign_response"].label("campaign_response"),
            header.c.description.label("segment_description"),
        )
        .add_columns(segment.c.no.label("segment_no"))
        .select_from(
            LINE_SOURCE.join(contact, contact.c.id == segment_line.c.contact_id)
            .join(segment, segment.c.id == segment_line.c.segment_id)
            .join(header, (header.c.segment_id == segment.c.id) & (header.c.defaults_no == segment.c.defaults_no))
            .outerjoin(campaign, campaign.c.id == LINE_VALUES["campaign_id"])
        )
        .where(segment_line.c.segment_id == held.id, segment_line.c.line_no == line_no, visible_at(held.revision))
    )
    row = (await work.connection.execute(statement)).one_or_none()
    if row is None:
        raise not_found(f"line of segment {no},", str(line_no), "line_no")
    return row


def _source(line: Row[Any] | None) -> str:
    """Return the field that names the contact."""
    return "contact_no" if line is None else "line_no"


def _of_line(line: Row[Any] | None) -> StoredValues:
    """Return the values that a call takes from its line; none without one."""
    if line is None:
        return {}
    taken: StoredValues = {
        "contact_no": line.contact_no,
        "campaign_no": line.campaign_no,
        "campaign_target": line.campaign_target,
        "campaign_response": line.campaign_response,
    }
    if line.salesperson is not None:
        taken["salesperson"] = line.salesperson
    return taken


async def _number(work: UnitOfWork, no: str, on: date) -> str:
    """Return the number of the alternative address of the day, else the contact's, else that of its mobile phone."""
    source = contact.outerjoin(
        contact_address,
        (contact_address.c.contact_id == contact.c.id) & (contact_address.c.code == active_address(contact.c.id, on)),
    )
    statement = (
        select(contact_address.c.phone, contact_address.c.mobile_phone, contact.c.phone, contact.c.mobile_phone)
        .select_from(source)
        .where(contact.c.no == no)
    )
    row = (await work.connection.execute(statement)).one_or_none()
    return next((number for number in row or () if number), "")
