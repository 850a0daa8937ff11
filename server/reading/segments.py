"""Segments as people see them: headers, lines at any revision, and the list of actions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, and_, case, cast, func, select, tuple_, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.keys import key_rows
from server.reading.relations import Filter, OrderKey, Relation, by_code_point, text_key
from server.store.segment_lines import ASKED_FLAGS, LINE_SOURCE, LINE_VALUES, shown_flag, visible_at
from server.store.tables import (
    contact,
    segment,
    segment_defaults,
    segment_language,
    segment_line,
    segment_revision,
)
from server.store.types import Minutes, Money

_HEADER = {
    column.name: column
    for column in segment_defaults.c
    if column.name not in {"segment_id", "defaults_no", "campaign_id", "salesperson", "template", "group"}
}
_now = segment_revision.alias("revision_now")
_on_segment = and_(segment_line.c.segment_id == segment.c.id, visible_at(segment.c.revision))


def _sum_over_lines(value: str, type_: Money | Minutes) -> ColumnElement[Any]:
    """Return the sum of a value of the lines that a segment shows."""
    total = func.coalesce(func.sum(type_coerce(LINE_VALUES[value], BigInteger)), 0)
    lines = select(cast(total, BigInteger)).select_from(LINE_SOURCE).where(_on_segment)
    return type_coerce(lines.correlate(segment).scalar_subquery(), type_)


SEGMENTS = Relation(
    name="segment",
    source=segment.join(
        segment_defaults,
        and_(segment_defaults.c.segment_id == segment.c.id, segment_defaults.c.defaults_no == segment.c.defaults_no),
    ),
    key=OrderKey("key", segment.c.id, int, unique=True),
    columns={
        **_HEADER,
        **{flag: shown_flag(segment_defaults.c.campaign_id, segment_defaults.c[flag]) for flag in ASKED_FLAGS},
        "no": segment.c.no,
        "campaign_key": segment_defaults.c.campaign_id,
        "salesperson_code": segment_defaults.c.salesperson,
        "template_code": segment_defaults.c.template,
        "group_code": segment_defaults.c.group,
        "revision": segment.c.revision,
        "head_revision": segment.c.head_revision,
        "created_at": segment.c.created_at,
        "modified_at": segment.c.modified_at,
        "version": segment.c.version,
        "line_count": func.coalesce(
            select(_now.c.line_count)
            .where(_now.c.segment_id == segment.c.id, _now.c.revision == segment.c.revision)
            .correlate(segment)
            .scalar_subquery(),
            0,
        ),
        "cost": _sum_over_lines("cost", Money()),
        "duration": _sum_over_lines("duration", Minutes()),
        "action_count": select(func.count())
        .select_from(_now)
        .where(_now.c.segment_id == segment.c.id, _now.c.revision <= segment.c.revision, _now.c.kind != "REFRESH")
        .correlate(segment)
        .scalar_subquery(),
        "member_count": select(func.count(segment_line.c.contact_id.distinct()))
        .where(_on_segment)
        .correlate(segment)
        .scalar_subquery(),
    },
    orders={
        "NO": text_key("NO", segment.c.no, unique=True),
        "DESCRIPTION": text_key("DESCRIPTION", segment_defaults.c.description),
        "CREATED_AT": OrderKey("CREATED_AT", segment.c.created_at, datetime),
        "MODIFIED_AT": OrderKey("MODIFIED_AT", segment.c.modified_at, datetime),
    },
)

_line = segment_line.c


def _of_contact(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a value of a line's contact."""
    return select(column).where(contact.c.id == _line.contact_id).correlate(segment_line).scalar_subquery()


LINES = Relation(
    name="segment_line",
    source=LINE_SOURCE.join(segment, segment.c.id == _line.segment_id),
    key=OrderKey("key", _line.line_no, int, unique=True),
    columns={
        **{
            name: value
            for name, value in LINE_VALUES.items()
            if name not in {"campaign_id", "salesperson", "template", "group", "attachment_id"}
        },
        "line_no": _line.line_no,
        "segment_key": _line.segment_id,
        "contact_key": _line.contact_id,
        "added": _line.added,
        "campaign_key": LINE_VALUES["campaign_id"],
        "salesperson_code": LINE_VALUES["salesperson"],
        "template_code": LINE_VALUES["template"],
        "group_code": LINE_VALUES["group"],
        "attachment_key": LINE_VALUES["attachment_id"],
        "alternative_address": _line.alternative_address,
        "contact_name": _of_contact(case((contact.c.type == "PERSON", contact.c.name), else_="")),
        "contact_company_name": _of_contact(contact.c.company_name),
        "contact_phone": _of_contact(contact.c.phone),
        "contact_mobile_phone": _of_contact(contact.c.mobile_phone),
        "contact_email": _of_contact(contact.c.email),
    },
)

SEGMENT_LANGUAGES = Relation(
    name="segment_language",
    source=segment_language.join(
        segment,
        and_(segment.c.id == segment_language.c.segment_id, segment.c.defaults_no == segment_language.c.defaults_no),
    ).join(
        segment_defaults,
        and_(segment_defaults.c.segment_id == segment.c.id, segment_defaults.c.defaults_no == segment.c.defaults_no),
    ),
    key=text_key("key", segment_language.c.language, unique=True),
    columns={
        "language": segment_language.c.language,
        "description": segment_language.c.description,
        "subject": segment_language.c.subject,
        "attachment_key": segment_language.c.attachment_id,
        "is_default": case((segment_language.c.language == segment_defaults.c.language, True), else_=False),
    },
)

_step = segment_revision.c
ACTIONS = Relation(
    name="segment_action",
    source=segment_revision.join(segment, segment.c.id == _step.segment_id),
    key=OrderKey("key", _step.revision, int, unique=True),
    columns={
        "revision": _step.revision,
        "kind": _step.kind,
        "rule": _step.rule,
        "language_version": _step.language_version,
        "options_json": _step.options,
        "logged_segment_key": _step.logged_segment_no,
        "actor": _step.actor,
        "at": _step.at,
        "lines_added": _step.lines_added,
        "lines_removed": _step.lines_removed,
        "line_count": _step.line_count,
        "undecided_count": _step.undecided_count,
        "undone": case((_step.revision > segment.c.revision, True), else_=False),
    },
)


def lines_of(segment_key: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the lines of a segment."""
    return _line.segment_id == segment_key


def lines_at(revision: int | None) -> Filter:
    """Return the filter of the lines visible at a revision; None: where the pointer stands."""
    return Filter(visible_at(segment.c.revision if revision is None else revision), (revision,))


def actions_of(segment_key: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the actions of a segment, the undone ones included."""
    return _step.segment_id == segment_key


def segments_with(contact: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the segments on which a contact stands."""
    standing = select(segment_line.c.segment_id).where(segment_line.c.contact_id == contact, _on_segment)
    return segment.c.id.in_(standing.correlate_except(segment_line))


def segments_of_campaign(campaign: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the segments whose header names a campaign."""
    return segment_defaults.c.campaign_id == campaign


async def read_lines(
    connection: AsyncConnection, columns: Collection[str], keys: Sequence[tuple[int, int]]
) -> list[Row[Any] | None]:
    """Return for each key (segment, line number) the line if its segment shows it now, else None; one statement."""
    chosen = [LINES.columns[name].label(name) for name in sorted({*columns, "segment_key"})]
    statement = (
        select(_line.line_no.label("key"), *chosen)
        .select_from(LINES.source)
        .where(tuple_(_line.segment_id, _line.line_no).in_(keys), visible_at(segment.c.revision))
    )
    rows = {(row.segment_key, row.key): row for row in await connection.execute(statement)}
    return [rows.get(key) for key in keys]


async def line_counts(connection: AsyncConnection, revision: int | None, segments: Sequence[int]) -> list[int]:
    """Return the number of lines visible at a revision (None: where the pointer stands) of each segment.

    The actions keep these numbers, so no line is counted.
    """
    wanted = segment.c.revision if revision is None else revision
    statement = (
        select(_step.segment_id, _step.line_count)
        .join_from(segment_revision, segment, segment.c.id == _step.segment_id)
        .where(_step.segment_id.in_(segments), _step.revision == wanted)
    )
    counts = {row.segment_id: row.line_count for row in await connection.execute(statement)}
    return [counts.get(key, 0) for key in segments]


async def languages_of_each(connection: AsyncConnection, segments: Sequence[int]) -> list[list[Row[Any]]]:
    """Return the languages that the header of each segment has now, by code; one statement."""
    statement = (
        select(segment.c.id, *(value.label(name) for name, value in SEGMENT_LANGUAGES.columns.items()))
        .select_from(SEGMENT_LANGUAGES.source)
        .where(segment.c.id.in_(key_rows(segments, connection.dialect.name)))
        .order_by(by_code_point(segment_language.c.language))
    )
    of_segment: dict[int, list[Row[Any]]] = {key: [] for key in segments}
    for row in await connection.execute(statement):
        of_segment[row.id].append(row)
    return [of_segment[key] for key in segments]
