"""The interaction log and logged segments as people see them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from server.reading.relations import Filter, OrderKey, Relation, text_key
from server.reading.texts import checked_text
from server.store.tables import (
    campaign,
    campaign_entry,
    contact,
    interaction_log_entry,
    interaction_template,
    logged_segment,
    salesperson,
    user_setup,
)

_NO_CHARACTERS = 20

_entry = interaction_log_entry.c
_REFERENCES: dict[str, ColumnElement[Any]] = {
    "contact_key": _entry.contact_id,
    "company_key": _entry.company_id,
    "template_code": _entry.template,
    "group_code": _entry.group,
    "salesperson_code": _entry.salesperson,
    "campaign_key": _entry.campaign_id,
    "campaign_entry_key": _entry.campaign_entry_no,
    "logged_segment_key": _entry.logged_segment_no,
    "attachment_key": _entry.attachment_id,
}
_OWN = {column.name: column for column in _entry if all(column is not reference for reference in _REFERENCES.values())}


def _title() -> ColumnElement[str]:
    """Return the template's description, else the entry's own, with who is on the other end of the information.

    That is the salesperson by name, else the user who logged it, when it went out; the contact when it came in.
    """

    def looked_up(value: ColumnElement[str], condition: ColumnElement[bool]) -> ColumnElement[Any]:
        statement = select(func.nullif(value, "")).where(condition)
        return statement.correlate(interaction_log_entry).scalar_subquery()

    described = func.coalesce(
        looked_up(interaction_template.c.description, interaction_template.c.code == _entry.template),
        _entry.description,
    )
    sender = func.coalesce(
        looked_up(salesperson.c.name, salesperson.c.code == _entry.salesperson),
        looked_up(user_setup.c.full_name, user_setup.c.name == _entry.actor),
    )
    receiver = looked_up(contact.c.name, contact.c.id == _entry.contact_id)
    return case(
        (and_(_entry.information_flow == "OUTBOUND", sender.is_not(None)), described.concat(" - by ").concat(sender)),
        (
            and_(_entry.information_flow == "INBOUND", receiver.is_not(None)),
            described.concat(" - from ").concat(receiver),
        ),
        else_=described,
    )


INTERACTIONS = Relation(
    name="interaction",
    source=interaction_log_entry,
    key=OrderKey("key", _entry.entry_no, int, unique=True),
    columns={**_OWN, **_REFERENCES, "title": _title()},
    orders={
        "ENTRY_NO": OrderKey("ENTRY_NO", _entry.entry_no, int, unique=True),
        "AT": OrderKey("AT", _entry.at, datetime),
        "ON": OrderKey("ON", _entry.on, date),
    },
)

_logged = logged_segment.c
LOGGED_SEGMENTS = Relation(
    name="logged_segment",
    source=logged_segment,
    key=OrderKey("key", _logged.entry_no, int, unique=True),
    columns={
        **{column.name: column for column in _logged},
        "interaction_count": select(func.count())
        .select_from(interaction_log_entry)
        .where(_entry.logged_segment_no == _logged.entry_no, _entry.canceled == _logged.canceled)
        .correlate(logged_segment)
        .scalar_subquery(),
        "campaign_entry_count": select(func.count())
        .select_from(campaign_entry)
        .where(campaign_entry.c.logged_segment_no == _logged.entry_no, campaign_entry.c.canceled == _logged.canceled)
        .correlate(logged_segment)
        .scalar_subquery(),
    },
    orders={
        "ENTRY_NO": OrderKey("ENTRY_NO", _logged.entry_no, int, unique=True),
        "SEGMENT_NO": text_key("SEGMENT_NO", _logged.segment_no, unique=True),
        "DESCRIPTION": text_key("DESCRIPTION", _logged.description),
        "CREATED_AT": OrderKey("CREATED_AT", _logged.created_at, datetime),
    },
)


def interaction_filter(wanted: Mapping[str, Any]) -> Filter:
    """Return the filter of a list of interactions.

    Args:
        wanted: by name: ``contact_no``, ``campaign_no``, ``segment_no``, ``logged_segment_entry_no``,
            ``template``, ``salesperson``, ``evaluation``, ``canceled``, ``postponed``, ``on_from`` (inclusive),
            ``on_to`` (inclusive). Absent or None: no restriction.

    Raises: InvalidInputError for a number or code that is too long or no text.
    """
    given = {name: value for name, value in sorted(wanted.items()) if value is not None}
    conditions = [_condition(name, value) for name, value in given.items()]
    return Filter(and_(*conditions), tuple(given.items())) if conditions else Filter()


def _condition(name: str, value: Any) -> ColumnElement[bool]:
    condition: ColumnElement[bool]
    match name:
        case "logged_segment_entry_no":
            condition = _entry.logged_segment_no == value
        case "evaluation":
            condition = _entry.evaluation == value
        case "canceled":
            condition = _entry.canceled == value
        case "postponed":
            condition = _entry.postponed == value
        case "on_from":
            condition = _entry.on >= value
        case "on_to":
            condition = _entry.on <= value
        case _:
            first, *rest = name.split("_")
            argument = first + "".join(map(str.title, rest))
            condition = _code_condition(name, checked_text(value, argument, most=_NO_CHARACTERS).strip().upper())
    return condition


def _code_condition(name: str, code: str) -> ColumnElement[bool]:
    match name:
        case "contact_no":
            return _entry.contact_id == select(contact.c.id).where(contact.c.no == code).scalar_subquery()
        case "campaign_no":
            return _entry.campaign_id == select(campaign.c.id).where(campaign.c.no == code).scalar_subquery()
        case "segment_no":
            return _entry.segment_no == code
        case "template":
            return _entry.template == code
        case "salesperson":
            return _entry.salesperson == code
    msg = f"no such restriction: {name}"
    raise ValueError(msg)


def interactions_of_contact(contact_key: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of a contact's own interactions."""
    return _entry.contact_id == contact_key


def interactions_of_campaign(campaign_key: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the interactions of a campaign."""
    return _entry.campaign_id == campaign_key


def interactions_of_campaign_entry(entry_no: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the interactions that a campaign entry counts."""
    return _entry.campaign_entry_no == entry_no


def interactions_of_logged_segment(entry_no: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the interactions that logging a segment made."""
    return _entry.logged_segment_no == entry_no
