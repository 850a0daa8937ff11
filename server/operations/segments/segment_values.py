"""What the header of a segment and its lines may hold, each field by itself."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from sqlalchemy import Row

from server.errors import InvalidInputError
from server.operations.references import campaign_id, require_salesperson
from server.operations.setup.attachments import AttachmentValues
from server.operations.values import (
    api_name,
    checked_amount,
    checked_choice,
    checked_code,
    checked_date,
    checked_flag,
    checked_text,
)
from server.store.types import MINUTES_SCALE, MONEY_SCALE
from server.store.unit_of_work import UnitOfWork

DESCRIPTION_LENGTH = 100
_CHOICES: Mapping[str, frozenset[str]] = {
    "correspondence_type": frozenset({"HARD_COPY", "EMAIL"}),
    "information_flow": frozenset({"OUTBOUND", "INBOUND"}),
    "initiated_by": frozenset({"US", "THEM"}),
    "evaluation": frozenset({"VERY_POSITIVE", "POSITIVE", "NEUTRAL", "NEGATIVE", "VERY_NEGATIVE"}),
}


class SegmentValues(TypedDict, total=False):
    """The header of a segment as a caller gives it.

    An absent key means: default on creation, unchanged on update. ``None`` and ``''`` mean blank; a blank ``on`` is
    the date that new documents get. ``no`` is read on creation only.
    """

    no: str | None
    description: str | None
    campaign_no: str | None
    salesperson: str | None
    template: str | None
    correspondence_type: str | None
    ignore_contact_correspondence: bool | None
    language: str | None
    subject: str | None
    unit_cost: Decimal | None
    unit_duration: Decimal | None
    on: date | None
    information_flow: str | None
    initiated_by: str | None
    campaign_target: bool | None
    campaign_response: bool | None


class LineValues(TypedDict, total=False):
    """The values of one line as a caller gives them; absent: unchanged, ``None`` and ``''``: blank."""

    description: str | None
    campaign_no: str | None
    salesperson: str | None
    template: str | None
    correspondence_type: str | None
    language: str | None
    subject: str | None
    cost: Decimal | None
    duration: Decimal | None
    on: date | None
    information_flow: str | None
    initiated_by: str | None
    campaign_target: bool | None
    campaign_response: bool | None
    evaluation: str | None
    attempt_failed: bool | None
    attachment: AttachmentValues | None


def _text(value: Any, field: str) -> str:
    return checked_text(value, field, DESCRIPTION_LENGTH)


def _code(value: Any, field: str) -> str | None:
    return checked_code(value, field, 10 if field == "language" else 20)


def _choice(value: Any, field: str) -> str | None:
    return checked_choice(value, field, _CHOICES[field])


def _amount(value: Any, field: str) -> Decimal:
    return checked_amount(value, field, MINUTES_SCALE if field.endswith("duration") else MONEY_SCALE)


def _unchecked(value: Any, field: str) -> Any:  # noqa: ARG001 - the shape of the other checks
    """Return what is checked by whoever stores it."""
    return value


_CHECKS: Mapping[str, Callable[[Any, str], Any]] = {
    **dict.fromkeys(("description", "subject"), _text),
    **dict.fromkeys(("campaign_no", "salesperson", "template", "language"), _code),
    **dict.fromkeys(_CHOICES, _choice),
    **dict.fromkeys(("unit_cost", "unit_duration", "cost", "duration"), _amount),
    **dict.fromkeys(
        ("ignore_contact_correspondence", "campaign_target", "campaign_response", "attempt_failed"), checked_flag
    ),
    "on": checked_date,
    "attachment": _unchecked,
}


async def checked_header(work: UnitOfWork, values: SegmentValues, present: Row[Any] | None = None) -> dict[str, Any]:
    """Return the given fields as columns of ``segment_defaults``; ``no`` is not among them.

    ``present`` is the header that is to be changed, None for a new one.
    """
    known = {field: value for field, value in values.items() if field != "no"}
    return await _checked(work, known, frozenset(SegmentValues.__annotations__), present)


async def checked_line(work: UnitOfWork, values: LineValues, present: Row[Any]) -> dict[str, Any]:
    """Return the given fields as columns of ``segment_line_override``; only ``attachment`` is not stored yet.

    ``present`` has the line's values before.
    """
    return await _checked(work, values, frozenset(LineValues.__annotations__), present)


async def _checked(
    work: UnitOfWork, values: Mapping[str, Any], fields: frozenset[str], present: Row[Any] | None
) -> dict[str, Any]:
    """Return the given fields as they are stored; only those that were given.

    Another salesperson than the present one must exist and not be blocked; whether a template exists is found out by
    who reads it.

    Raises: InvalidInputError, NotFoundError or RefusedError(SALESPERSON_BLOCKED) for the first field that is wrong.
    """
    checked: dict[str, Any] = {}
    for field, value in values.items():
        if field not in fields:
            msg = f"{api_name(field)} is not a field that can be set here."
            raise InvalidInputError(msg, path=(api_name(field),))
        checked[field] = _CHECKS[field](value, field)
    if "on" in checked and checked["on"] is None:
        checked["on"] = work.moment.document_date
    if "salesperson" in checked and (present is None or checked["salesperson"] != present.salesperson):
        await require_salesperson(work, checked["salesperson"])
    if "campaign_no" in checked:
        checked["campaign_id"] = await campaign_id(work, checked.pop("campaign_no"))
    return checked
