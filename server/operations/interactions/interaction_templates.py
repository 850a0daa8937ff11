"""Create interaction templates."""

from decimal import Decimal
from typing import Any, TypedDict

from sqlalchemy import insert, select

from server.operations.contacts.contact_values import CORRESPONDENCE_TYPES
from server.operations.numbering import NO_LENGTH
from server.operations.references import campaign_id, require_group
from server.operations.setup.codes import CODE_LENGTH, already_exists
from server.operations.values import (
    checked_amount,
    checked_choice,
    checked_code,
    checked_flag,
    checked_text,
    required_code,
)
from server.store.tables import interaction_template
from server.store.types import MINUTES_SCALE, MONEY_SCALE
from server.store.unit_of_work import UnitOfWork

INFORMATION_FLOWS = frozenset({"OUTBOUND", "INBOUND"})
INITIATORS = frozenset({"US", "THEM"})


class InteractionTemplateValues(TypedDict, total=False):
    """The values of an interaction template; ``code`` is required, absent: default, None and ``''``: blank.

    ``unit_cost`` is an amount with 4 places, ``unit_duration`` minutes with 2.
    """

    code: str
    description: str | None
    group: str | None
    unit_cost: Decimal | None
    unit_duration: Decimal | None
    information_flow: str | None
    initiated_by: str | None
    campaign_no: str | None
    campaign_target: bool | None
    campaign_response: bool | None
    correspondence_type: str | None
    ignore_contact_correspondence: bool | None
    language: str | None


async def create_interaction_template(work: UnitOfWork, values: InteractionTemplateValues) -> str:
    """Create an interaction template and return its code; its correspondence type is EMAIL unless given.

    Raises: InvalidInputError; AlreadyExistsError; NotFoundError for an unknown group or campaign;
    RefusedError(VALUE_REQUIRED) for a blank code.
    """
    row = _checked(values)
    await require_group(work, row["group"])
    campaign_no = checked_code(values.get("campaign_no"), "campaign_no", NO_LENGTH)
    row["campaign_id"] = await campaign_id(work, campaign_no)
    code: str = row["code"]
    taken = select(interaction_template.c.code).where(interaction_template.c.code == code)
    if await work.connection.scalar(taken) is not None:
        raise already_exists("Interaction template", code)
    await work.connection.execute(insert(interaction_template).values(row))
    work.record("interaction_template", code=code)
    return code


def _checked(values: InteractionTemplateValues) -> dict[str, Any]:
    """Return the columns, without the campaign."""
    return {
        "code": required_code(values.get("code"), "code", CODE_LENGTH),
        "description": checked_text(values.get("description"), "description", 100),
        "group": checked_code(values.get("group"), "group", CODE_LENGTH),
        "unit_cost": checked_amount(values.get("unit_cost"), "unit_cost", MONEY_SCALE),
        "unit_duration": checked_amount(values.get("unit_duration"), "unit_duration", MINUTES_SCALE),
        "information_flow": checked_choice(values.get("information_flow"), "information_flow", INFORMATION_FLOWS),
        "initiated_by": checked_choice(values.get("initiated_by"), "initiated_by", INITIATORS),
        "campaign_target": checked_flag(values.get("campaign_target"), "campaign_target"),
        "campaign_response": checked_flag(values.get("campaign_response"), "campaign_response"),
        "correspondence_type": checked_choice(
            values.get("correspondence_type", "EMAIL"), "correspondence_type", CORRESPONDENCE_TYPES
        ),
        "ignore_contact_correspondence": checked_flag(
            values.get("ignore_contact_correspondence"), "ignore_contact_correspondence"
        ),
        "language": checked_code(values.get("language"), "language", 10),
    }
