"""The values of single interactions: what is given, else what template, contact and user say."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from sqlalchemy import Row, select

from server.errors import ErrorCode, RefusedError
from server.operations.campaigns.campaign_flags import NO_FLAGS, require_campaign
from server.operations.contacts.contact_values import CORRESPONDENCE_TYPES
from server.operations.interactions.interaction_templates import INFORMATION_FLOWS, INITIATORS
from server.operations.interactions.template_languages import LANGUAGE_LENGTH, language_missing
from server.operations.numbering import NO_LENGTH
from server.operations.references import campaign_id, contact_by_no, require_salesperson, template_by_code
from server.operations.setup.attachments import AttachmentValues, create_attachment
from server.operations.setup.codes import CODE_LENGTH
from server.operations.setup.comments import CommentValues
from server.operations.setup.marketing_setup import own_salesperson
from server.operations.values import (
    api_name,
    checked_amount,
    checked_choice,
    checked_code,
    checked_date,
    checked_flag,
    checked_text,
    missing,
    required_code,
)
from server.store.active_addresses import active_address
from server.store.tables import contact, template_language
from server.store.types import MINUTES_SCALE, MONEY_SCALE
from server.store.unit_of_work import UnitOfWork

EVALUATIONS = frozenset({"VERY_POSITIVE", "POSITIVE", "NEUTRAL", "NEGATIVE", "VERY_NEGATIVE"})
VIA_LENGTH = 80


class InteractionValues(TypedDict, total=False):
    """The values of an interaction; ``contact_no`` and ``template`` are required.

    Absent: the default of the template, the contact or the user; None and ``''``: blank, where blank is allowed.
    ``cost`` is an amount with 4 places, ``duration`` minutes with 2. ``comments`` take the place of all there are.
    """

    contact_no: str | None
    template: str | None
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
    attachment: AttachmentValues | None
    contact_via: str | None
    comments: Sequence[CommentValues] | None


class StoredValues(InteractionValues, total=False):
    """Values of which some come from an interaction that is stored already."""

    attachment_id: int | None


async def planned_interaction(
    work: UnitOfWork,
    values: StoredValues,
    *,
    asked: InteractionValues | None = None,
    contact_field: str = "contact_no",
    salesperson_last: bool = False,
) -> dict[str, Any]:
    """Return the columns of an interaction that can be finished now or later.

    Args:
        work: where.
        values: what is given or stored.
        asked: what the caller gave, when ``values`` are more than that.
        contact_field: what says whom it was with, where the caller named no contact; refusals point to it.
        salesperson_last: look for day and description before the salesperson.

    Raises: RefusedError(VALUE_REQUIRED) for a missing contact, template, salesperson, day or description, looked at in
    this order; RefusedError PRIVACY_BLOCKED, SALESPERSON_BLOCKED, LANGUAGE_MISSING for a language given that the
    template does not have among those it has; NotFoundError; InvalidInputError.
    """
    asked = values if asked is None else asked
    held = await contact_by_no(work, values.get("contact_no"), "contact_no", share=True)
    if held.privacy_blocked:
        msg = f"Contact {held.no} is blocked for reasons of privacy; no interaction can be logged."
        raise RefusedError(ErrorCode.PRIVACY_BLOCKED, msg, path=contact_path(asked, contact_field))
    template = await template_by_code(work, required_code(values.get("template"), "template", CODE_LENGTH))
    row: dict[str, Any] = {
        "contact_id": held.id,
        "company_id": held.company_id,
        "template": template.code,
        "group": template.group,
    }
    if not salesperson_last:
        row["salesperson"] = await _salesperson(work, values, asked, held)
    row |= _day_and_description(work, values, template)
    if salesperson_last:
        row["salesperson"] = await _salesperson(work, values, asked, held)
    row["campaign_id"] = await _campaign(work, values, template)
    row |= _circumstances(values, held, template)
    require_campaign(asked, row["campaign_id"])
    if row["campaign_id"] is None:
        row |= NO_FLAGS
    row["language"], of_language = await _language(work, values, asked, held, template)
    row |= await _sent(work, values, of_language, row["description"])
    row["alternative_address"] = await work.connection.scalar(
        select(active_address(contact.c.id, row["on"])).where(contact.c.id == held.id)
    )
    return row


def contact_path(asked: InteractionValues, otherwise: str) -> tuple[str]:
    """Return the path of what named the contact: its number where the caller gave one, else another field."""
    return (api_name("contact_no" if "contact_no" in asked else otherwise),)


async def _salesperson(work: UnitOfWork, values: StoredValues, asked: InteractionValues, held: Row[Any]) -> str:
    """Return the salesperson who took part: the given one, else the user's own, else the contact's."""
    if "salesperson" in values:
        given = required_code(values["salesperson"], "salesperson", CODE_LENGTH)
        if "salesperson" in asked:
            await require_salesperson(work, given)
        return given
    salesperson: str | None = await own_salesperson(work) or held.salesperson
    if salesperson is None:
        raise missing("salesperson")
    return salesperson


def _day_and_description(work: UnitOfWork, values: StoredValues, template: Row[Any]) -> dict[str, Any]:
    """Return when it was and what it was."""
    on = checked_date(values.get("on", work.moment.document_date), "on")
    if on is None:
        raise missing("on")
    description = checked_text(values.get("description", template.description), "description", 100)
    if not description.strip():
        raise missing("description")
    return {"on": on, "description": description}


async def _campaign(work: UnitOfWork, values: StoredValues, template: Row[Any]) -> int | None:
    """Return the key of the given campaign, else of the template's."""
    if "campaign_no" in values:
        return await campaign_id(work, checked_code(values["campaign_no"], "campaign_no", NO_LENGTH))
    own: int | None = template.campaign_id
    return own


def _circumstances(values: StoredValues, held: Row[Any], template: Row[Any]) -> dict[str, Any]:
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
        "correspondence_type": _correspondence_type(values, held, template),
        "contact_via": checked_text(values.get("contact_via"), "contact_via", VIA_LENGTH),
    }


def _correspondence_type(values: StoredValues, held: Row[Any], template: Row[Any]) -> str | None:
    """Return the way of writing, whether the contact has an e-mail address or not."""
    default = held.correspondence_type
    if template.ignore_contact_correspondence or default is None:
        default = template.correspondence_type
    return checked_choice(values.get("correspondence_type", default), "correspondence_type", CORRESPONDENCE_TYPES)


async def _language(
    work: UnitOfWork, values: StoredValues, asked: InteractionValues, held: Row[Any], template: Row[Any]
) -> tuple[str | None, Row[Any] | None]:
    """Return the language, and what the template sends in it: the contact's where it has that, else the template's.

    One that is asked for must be the template's, unless it has none at all.
    """
    wanted = [held.language, template.language]
    if "language" in values:
        wanted = [checked_code(values["language"], "language", LANGUAGE_LENGTH)]
    spoken = select(template_language).where(template_language.c.template == template.code)
    rows = {row.language: row for row in await work.connection.execute(spoken)}
    language = next((code for code in wanted if code in rows), wanted[-1])
    if "language" in asked and language is not None and rows and language not in rows:
        raise language_missing(f"Interaction template {template.code}", language)
    return language, rows.get(language or "")


async def _sent(
    work: UnitOfWork, values: StoredValues, of_language: Row[Any] | None, description: str
) -> dict[str, Any]:
    """Return subject and attachment as the template has them in the language; the subject is else the description."""
    subject = description if of_language is None else of_language.subject or description
    return {
        "subject": checked_text(values.get("subject", subject), "subject", 100),
        "attachment_id": await _attachment(work, values, None if of_language is None else of_language.attachment_id),
    }


async def _attachment(work: UnitOfWork, values: StoredValues, default: int | None) -> int | None:
    """Return the key of the given attachment, else of the stored one, else of the template's."""
    if "attachment" in values:
        return await create_attachment(work, values["attachment"])
    return values.get("attachment_id", default)
