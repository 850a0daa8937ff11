"""The interaction log as symbols of a rule: the collection of a contact's interactions, and its statistics."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, case, cast, false, func, select, type_coerce

from server.rules import Collection, ColumnSource, ReferenceSource, Symbol, ValueType
from server.store.tables import campaign, contact, interaction_log_entry
from server.store.types import MINUTES_SCALE, MONEY_SCALE, Minutes, Money

TEXT, CODE, NUMBER = ValueType.TEXT, ValueType.CODE, ValueType.NUMBER
BOOLEAN, DATE, DATETIME = ValueType.BOOLEAN, ValueType.DATE, ValueType.DATETIME

CORRESPONDENCE_TYPES = ("HARD_COPY", "EMAIL")
EVALUATIONS = ("VERY_POSITIVE", "POSITIVE", "NEUTRAL", "NEGATIVE", "VERY_NEGATIVE")

_MEMBER_TESTS: Mapping[str, str] = {
    "on": 'i.on >= $today - t"P30D"',
    "at": 'i.at > $now - t"PT24H"',
    "template": 'i.template == "NEWS"',
    "group": 'i.group in ["PHONE", "MEETING"]',
    "campaign": 'i.campaign == "CP0001"',
    "segment": 'i.segment == "SM00001"',
    "logged_segment": "i.logged_segment == 1",
    "salesperson": 'i.salesperson == "JR"',
    "evaluation": 'i.evaluation in ["POSITIVE", "VERY_POSITIVE"]',
    "canceled": "not i.canceled",
    "postponed": "i.postponed",
    "attempt_failed": "i.attempt_failed",
    "campaign_target": "i.campaign_target",
    "campaign_response": "i.campaign_response",
    "cost": "i.cost > 50",
    "duration": "i.duration >= 30",
    "information_flow": 'i.information_flow == "INBOUND"',
    "initiated_by": 'i.initiated_by == "THEM"',
    "correspondence_type": 'i.correspondence_type == "HARD_COPY"',
    "language": 'i.language == "DEU"',
    "description": 'i.description.starts_with("Offer")',
    "subject": '"invoice" in i.subject.as_lower',
}
"""Member → a test of it in a loop over the interactions."""


def _of_scope(aggregate: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    """Return ``aggregate`` over a contact's log entries: a company's are those of everyone in it, a person's its own.

    Source: the scope rule of Business Central's computed contact fields.
    """

    def over(owner: ColumnElement[Any]) -> ColumnElement[Any]:
        return select(aggregate).where(owner == contact.c.id, *conditions).correlate(contact).scalar_subquery()

    return case(
        (contact.c.type == "COMPANY", over(interaction_log_entry.c.company_id)),
        else_=over(interaction_log_entry.c.contact_id),
    )


def statistics(*within: ColumnElement[bool]) -> Iterable[Symbol]:
    """Yield what is computed from the interaction log.

    Args:
        within: conditions on ``interaction_log_entry``; count, cost and duration are of the entries that meet them.
    """
    entry = interaction_log_entry.c
    counted = (entry.canceled == false(), entry.postponed == false(), *within)
    yield Symbol(
        "last_interaction_on",
        DATE,
        ColumnSource(_of_scope(func.max(entry.on), entry.attempt_failed == false(), entry.postponed == false())),
        nullable=True,
        description="Day of the newest interaction that succeeded; canceled ones count, as in Business Central.",
        example='(last_interaction_on ?? d"1900-01-01") < $today - t"P90D"',
    )
    yield Symbol(
        "last_attempt_on",
        DATE,
        ColumnSource(_of_scope(func.max(entry.on), entry.initiated_by == "US", entry.postponed == false())),
        nullable=True,
        description="Day of the newest interaction that we began, successful or not.",
        example="last_attempt_on == null",
    )
    yield Symbol(
        "interaction_count",
        NUMBER,
        ColumnSource(_of_scope(func.count(), *counted), counts=True),
        description="Number of interactions that are neither canceled nor postponed.",
        example="interaction_count >= 3",
    )
    for name, column, type_, scale, meaning in (
        ("interaction_cost", entry.cost, Money(), MONEY_SCALE, "Cost of the interactions counted."),
        ("interaction_duration", entry.duration, Minutes(), MINUTES_SCALE, "Minutes of the interactions counted."),
    ):
        total = cast(func.coalesce(func.sum(type_coerce(column, BigInteger)), 0), BigInteger)
        yield Symbol(
            name,
            NUMBER,
            ColumnSource(type_coerce(_of_scope(total, *counted), type_), scale=scale),
            description=meaning,
            example=f"{name} > 100",
        )


def _member(column: Column[Any], type: ValueType, description: str, **more: Any) -> Symbol:  # noqa: A002
    scale = more.pop("scale", 0)
    return Symbol(
        name=more.pop("name", column.name),
        type=type,
        source=ColumnSource(column, scale=scale),
        nullable=bool(column.nullable),
        description=description,
        **more,
    )


def interaction_collection() -> Collection:
    """Return the collection of a contact's own interactions."""
    entry = interaction_log_entry.c
    members = [
        _member(entry.on, DATE, "Day of the interaction."),
        _member(entry.at, DATETIME, "Instant at which it took place or was logged."),
        _member(entry.template, CODE, "Code of the interaction template.", indexed=True),
        _member(entry.group, CODE, "Code of the interaction group."),
        Symbol(
            "campaign",
            CODE,
            ReferenceSource(entry.campaign_id, campaign.c.id, campaign.c.no),
            nullable=True,
            description="Number of the campaign.",
            indexed=True,
        ),
        _member(entry.segment_no, CODE, "Number of the segment it was logged from.", name="segment"),
        _member(
            entry.logged_segment_no, NUMBER, "Entry number of the logged segment.", name="logged_segment", indexed=True
        ),
        _member(entry.salesperson, CODE, "Code of the salesperson."),
        _member(entry.evaluation, CODE, "How the contact took it.", values=EVALUATIONS),
        _member(entry.canceled, BOOLEAN, "Whether it was canceled; canceled interactions are in the collection."),
        _member(entry.postponed, BOOLEAN, "Whether it still has to be finished."),
        _member(entry.attempt_failed, BOOLEAN, "Whether the contact was not reached."),
        _member(entry.campaign_target, BOOLEAN, "Whether it counts as reaching a target of the campaign."),
        _member(entry.campaign_response, BOOLEAN, "Whether it counts as a response to the campaign."),
        _member(entry.cost, NUMBER, "Cost.", scale=MONEY_SCALE),
        _member(entry.duration, NUMBER, "Duration in minutes.", scale=MINUTES_SCALE),
        _member(entry.information_flow, CODE, "Direction.", values=("OUTBOUND", "INBOUND")),
        _member(entry.initiated_by, CODE, "Who began it.", values=("US", "THEM")),
        _member(entry.correspondence_type, CODE, "How it was sent.", values=CORRESPONDENCE_TYPES),
        _member(entry.language, CODE, "Language code."),
        _member(entry.description, TEXT, "Description."),
        _member(entry.subject, TEXT, "Subject."),
    ]
    return Collection(
        name="interactions",
        key=contact.c.id,
        owner=entry.contact_id,
        member_key=entry.entry_no,
        members={
            member.name: replace(member, example=f"$any([{_MEMBER_TESTS[member.name]} for i in interactions])")
            for member in members
        },
        description="The contact's own interactions, oldest entry first.",
        example='$any([i.evaluation == "POSITIVE" for i in interactions])',
    )


INTERACTIONS = interaction_collection()
