"""Which lines of a segment are visible, and the values each one has.

A line takes its values from three places: the row of ``segment_defaults`` it belongs to, with the row of
``segment_language`` for its language, where there is one; the facts noted when it was added; and, once it was edited by
itself, its row of ``segment_line_override``, which then holds all of them but the alternative address.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    String,
    and_,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
)

from server.store.tables import segment_defaults, segment_language, segment_line, segment_line_override

LINE_STEP = 10
"""Distance between the numbers of neighbouring new lines."""

LINE_PROBE = "INDEXED BY ix_segment_line_contact_id_segment_id"
"""Hint for SQLite where a contact is looked up among the lines of one segment: without it, and without statistics,
the planner reads the whole segment for every contact."""

_line = segment_line.c
_defaults = segment_defaults.c
_override = segment_line_override.c
_language = segment_language.c


def visible_at(
    revision: ColumnElement[int] | ColumnElement[int | None] | int, line: Any = _line
) -> ColumnElement[bool]:
    """Return the condition on ``segment_line``, or the columns of an alias of it, that a line is visible then."""
    return and_(line.added <= revision, or_(line.removed.is_(None), line.removed > revision))


def visible_at_head() -> ColumnElement[bool]:
    """Return the condition that a line is visible while the pointer stands on the newest revision."""
    return _line.removed.is_(None)


LINE_SOURCE = (
    segment_line.outerjoin(
        segment_defaults,
        and_(_defaults.segment_id == _line.segment_id, _defaults.defaults_no == _line.defaults_no),
    )
    .outerjoin(
        segment_line_override,
        and_(_override.segment_id == _line.segment_id, _override.line_no == _line.line_no),
    )
    .outerjoin(
        segment_language,
        and_(
            _language.segment_id == _line.segment_id,
            _language.defaults_no == _line.defaults_no,
            _language.language == _line.language,
        ),
    )
)
"""The lines with what their values are made of; outer joins, so that a page is read in the order of the key."""


def _edited(own: ColumnElement[Any], inherited: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the value of the edited line, else the inherited one; either may be null."""
    return case((_override.line_no.is_not(None), own), else_=inherited)


def shown_flag(campaign_id: ColumnElement[int | None], asked: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return a campaign flag as it counts: what a template or a caller asked for waits until there is a campaign."""
    return and_(campaign_id.is_not(None), asked)


_campaign_id = _edited(_override.campaign_id, _defaults.campaign_id)

ASKED_FLAGS: Mapping[str, ColumnElement[bool]] = {
    "campaign_target": func.coalesce(_override.campaign_target, _defaults.campaign_target),
    "campaign_response": func.coalesce(_override.campaign_response, _defaults.campaign_response),
}
"""The campaign flags of a line as they are stored, whether it has a campaign or not; only to be copied on."""

LINE_VALUES: Mapping[str, ColumnElement[Any]] = {
    "description": func.coalesce(_override.description, _defaults.description),
    "campaign_id": _campaign_id,
    "salesperson": _edited(_override.salesperson, func.coalesce(_defaults.salesperson, _line.salesperson)),
    "template": _edited(_override.template, _defaults.template),
    "group": _edited(_override.group, _defaults.group),
    "correspondence_type": _edited(_override.correspondence_type, _line.correspondence_type),
    "language": _edited(_override.language, _line.language),
    "subject": func.coalesce(_override.subject, _language.subject, _defaults.subject),
    "cost": type_coerce(func.coalesce(_override.cost, _defaults.unit_cost), _override.cost.type),
    "duration": type_coerce(func.coalesce(_override.duration, _defaults.unit_duration), _override.duration.type),
    "on": func.coalesce(_override.on, _defaults.on),
    "information_flow": _edited(_override.information_flow, _defaults.information_flow),
    "initiated_by": _edited(_override.initiated_by, _defaults.initiated_by),
    **{flag: shown_flag(_campaign_id, asked) for flag, asked in ASKED_FLAGS.items()},
    "evaluation": _edited(_override.evaluation, type_coerce(null(), String)),
    "attempt_failed": type_coerce(func.coalesce(_override.attempt_failed, false()), Boolean),
    "attachment_id": _edited(_override.attachment_id, _language.attachment_id),
}
"""The value a line has, by its name in ``segment_line_override``; expressions over ``LINE_SOURCE``."""


def stored_line_values() -> list[ColumnElement[Any]]:
    """Return the values of ``LINE_VALUES`` as an edited line stores them, as columns of a SELECT."""
    return [value.label(name) for name, value in {**LINE_VALUES, **ASKED_FLAGS}.items()]


def day_of_line() -> ColumnElement[date]:
    """Return the day of a line as an expression over ``segment_line`` alone, for an UPDATE of it."""
    own = select(_override.on).where(_override.segment_id == _line.segment_id, _override.line_no == _line.line_no)
    inherited = select(_defaults.on).where(
        _defaults.segment_id == _line.segment_id, _defaults.defaults_no == _line.defaults_no
    )
    days = (chosen.correlate(segment_line).scalar_subquery() for chosen in (own, inherited))
    return func.coalesce(*days, type_=Date)


def next_line_nos(last_line_no: int, place: ColumnElement[int]) -> ColumnElement[int]:
    """Return the number of the new line at ``place`` (from 1) behind the line ``last_line_no``."""
    return literal(last_line_no) + literal(LINE_STEP) * place
