"""Log a single, finished interaction with a contact."""

from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from sqlalchemy import Row, insert

from server.errors import ErrorCode, RefusedError
from server.operations.campaigns.campaign_flags import forced_flags
from server.operations.campaigns.campaigns import campaign_entry_for
from server.operations.contacts.contact_values import CORRESPONDENCE_TYPES
from server.operations.interactions.interaction_templates import INFORMATION_FLOWS, INITIATORS
from server.operations.numbering import NO_LENGTH
from server.operations.references import campaign_id, contact_by_no, require_salesperson, template_by_code
from server.operations.setup.codes import CODE_LENGTH
from server.operations.values import (
    checked_amount,
    checked_choice,
    checked_code,
    checked_date,
    checked_flag,
    checked_text,
    missing,
    required_code,
)
from server.store.tables import interaction_log_entry
from server.store.types import MINUTES_SCALE, MONEY_SCALE
from server.store.unit_of_work import UnitOfWork

EVALUATIONS = frozenset({"VERY_POSITIVE", "POSITIVE", "NEUTRAL", "NEGATIVE", "VERY_NEGATIVE"})


class InteractionValues(TypedDict, total=False):
    """The values of an interaction; ``contact_no`` and ``template`` are required.

    Absent: the default of the template or the contact; None and ``''``: blank, where blank is allowed. ``cost`` is an
    amount with 4 places, ``duration`` minutes with 2.
    """

    contact_no: str
    template: str
    salesperson: str | None
    on: date | None
    description: str | None
    subject: str | None
    evaluation: str | None
    attempt_failed: bool | None
    cost: Decimal | None
    duration: Decimal | None
    information_flow: str | None
    initiated_by: str | None
    campaign_no: str | None
    campaign_target: bool | None
    campaign_response: bool | None
    correspondence_type: str | None
    language: str | None


async def log_interaction(work: UnitOfWork, values: InteractionValues) -> int:
    """Log an interaction that took place and return its entry number.

    Its campaign, if any, gets one entry for all its single interactions.

    Raises: RefusedError(VALUE_REQUIRED) for a missing contact, template, salesperson, date or description, looked at
    in this order; RefusedError PRIVACY_BLOCKED, SALESPERSON_BLOCKED; NotFoundError; InvalidInputError.
    """
    contact = await contact_by_no(work, values.get("contact_no"), "contact_no", share=True)
    if contact.privacy_blocked:
        msg = f"Contact {contact.no} is blocked for reasons of privacy; no interaction can be logged."
        raise RefusedError(ErrorCode.PRIVACY_BLOCKED, msg, path=("contactNo",))
    template = await template_by_code(work, required_code(values.get("template"), "template", CODE_LENGTH))
    row = {
        "contact_id": contact.id,
        "company_id": contact.company_id,
        "template": template.code,
        "group": template.group,
        "salesperson": await _salesperson(work, values, contact),
        **_subject_and_date(work, values, template),
        "campaign_id": await _campaign(work, values, template),
        **_circumstances(values, contact, template),
        "at": work.moment.now,
        "actor": work.actor,
    }
    row |= forced_flags(values, row["campaign_id"])
    if row["campaign_id"] is not None:
        row["campaign_entry_no"] = await campaign_entry_for(
            work,
            row["campaign_id"],
            "",
            {"description": "Interactions", "on": row["on"], "salesperson": row["salesperson"]},
        )
    entry_no = await work.connection.scalar(
        insert(interaction_log_entry).values(row).returning(interaction_log_entry.c.entry_no)
    )
    work.record("interaction_log_entry", entry_no)
    return int(entry_no or 0)


async def _salesperson(work: UnitOfWork, values: InteractionValues, contact: Row[Any]) -> str:
    """Return the salesperson who took part: the given one, else the contact's."""
    given = checked_code(values.get("salesperson"), "salesperson", CODE_LENGTH)
    await require_salesperson(work, given)
    salesperson: str | None = given or contact.salesperson
    if salesperson is None:
        raise missing("salesperson")
    return salesperson


def _subject_and_date(work: UnitOfWork, values: InteractionValues, template: Row[Any]) -> dict[str, Any]:
    """Return when it was and what it was about."""
    on = checked_date(values.get("on", work.moment.document_date), "on")
    if on is None:
        raise missing("on")
    description = checked_text(values.get("description", template.description), "description", 100)
    if not description.strip():
        raise missing("description")
    return {
        "on": on,
        "description": description,
        "subject": checked_text(values.get("subject", description), "subject", 100),
    }


async def _campaign(work: UnitOfWork, values: InteractionValues, template: Row[Any]) -> int | None:
    """Return the key of the given campaign, else of the template's."""
    if "campaign_no" in values:
        return await campaign_id(work, checked_code(values["campaign_no"], "campaign_no", NO_LENGTH))
    own: int | None = template.campaign_id
    return own


def _circumstances(values: InteractionValues, contact: Row[Any], template: Row[Any]) -> dict[str, Any]:
    """Return how it went; what the input does not say comes from the template."""
    return {
        "evaluation": checked_choice(values.get("evaluation"), "evaluation", EVALUATIONS),
        "attempt_failed": checked_flag(values.get("attempt_failed"), "attempt_failed"),
        "cost": checked_amount(values.get("cost", template.unit_cost), "cost", MONEY_SCALE),
        "duration": checked_amount(values.get("duration", template.unit_duration), "duration", MINUTES_SCALE),
        "information_flow": checked_choice(
            values.get("information_flow", template.information_flow), "information_flow", INFORMATION_FLOWS
        ),
        "initiated_by": checked_choice(values.get("initiated_by", template.initiated_by), "initiated_by", INITIATORS),
        "campaign_target": checked_flag(values.get("campaign_target", template.campaign_target), "campaign_target"),
        "campaign_response": checked_flag(
            values.get("campaign_response", template.campaign_response), "campaign_response"
        ),
        "correspondence_type": _correspondence_type(values, contact, template),
        "language": checked_code(values.get("language", template.language or contact.language), "language", 10),
    }


def _correspondence_type(values: InteractionValues, contact: Row[Any], template: Row[Any]) -> str | None:
    """Return the way of writing; EMAIL to a contact without an address becomes blank."""
    default = contact.correspondence_type
    if template.ignore_contact_correspondence or default is None:
        default = template.correspondence_type
    choice = checked_choice(values.get("correspondence_type", default), "correspondence_type", CORRESPONDENCE_TYPES)
    return None if choice == "EMAIL" and not contact.email else choice
