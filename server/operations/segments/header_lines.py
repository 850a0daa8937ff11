"""How a change of a segment's header reaches its lines, each step one statement however many lines there are.

The lines read most values from the row of ``segment_defaults`` they belong to, with its rows of ``segment_language``. A
change that the lines shall follow is written to these rows and to the lines edited by themselves; one that they shall
not follow begins a new row.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, and_, case, exists, insert, literal, or_, select, true, update

from server.operations.campaigns.campaign_flags import CAMPAIGN_FLAGS
from server.store.active_addresses import active_address
from server.store.segment_lines import LINE_SOURCE, LINE_VALUES, visible_at
from server.store.tables import (
    contact_address_period,
    segment_defaults,
    segment_language,
    segment_line,
    segment_line_override,
)
from server.store.unit_of_work import UnitOfWork

REACHING: Mapping[str, str] = {
    "description": "description",
    "campaign_id": "campaign_id",
    "salesperson": "salesperson",
    "template": "template",
    "group": "group",
    "unit_cost": "cost",
    "unit_duration": "duration",
    "on": "on",
    "information_flow": "information_flow",
    "initiated_by": "initiated_by",
    "campaign_target": "campaign_target",
    "campaign_response": "campaign_response",
}
"""The header's columns that reach lines as they are, each with the same column of an edited line."""


async def change_lines(
    work: UnitOfWork, held: Row[Any], header: Row[Any], values: Mapping[str, Any], *, new_template: bool
) -> None:
    """Write values of ``REACHING`` through to the lines with the header's template, or with a new template to all.

    A line that loses its campaign loses the campaign flags with it. A new date brings the addresses that hold on it.
    """
    if not values:
        return

    def written(table: Table[Any], names: Mapping[str, str]) -> dict[str, Any]:
        return {names[field]: value for field, value in values.items()} | _flags_of_lines(table, values)

    edits = _following(segment_line_override, header, new_template=new_template)
    rows = _following(segment_defaults, header, new_template=new_template)
    if "salesperson" in values and values["salesperson"] is None:
        await work.connection.execute(
            update(segment_line).where(_unedited_among(header, rows)).values(salesperson=None)
        )
    if "on" in values:
        await _note_addresses(work, held, header, values["on"], new_template=new_template)
    await work.connection.execute(
        update(segment_line_override)
        .where(edits, edit_is_visible(held))
        .values(written(segment_line_override, REACHING))
    )
    await work.connection.execute(
        update(segment_defaults).where(rows).values(written(segment_defaults, {field: field for field in values}))
    )


async def change_subject(
    work: UnitOfWork, held: Row[Any], header: Row[Any], *, language: str | None, old: str, new: str
) -> None:
    """Write the new subject of a language, or of no language, to the lines that have the old one and it.

    Only lines with the header's template are looked at.
    """
    rows = _following(segment_defaults, header)
    if language is not None:
        await work.connection.execute(
            update(segment_language)
            .where(_language_rows(header, language, rows), segment_language.c.subject == old)
            .values(subject=new)
        )
    for table, condition in (
        (segment_defaults, rows),
        (segment_line_override, and_(_following(segment_line_override, header), edit_is_visible(held))),
    ):
        same = table.c.language.is_not_distinct_from(language)
        await work.connection.execute(update(table).where(condition, same, table.c.subject == old).values(subject=new))


async def change_attachment(
    work: UnitOfWork, held: Row[Any], header: Row[Any], *, language: str, old: int | None, new: int | None
) -> None:
    """Write the new attachment of a language to the lines that have the old one, or none; they keep one of their own.

    Only lines with the header's template are looked at.
    """
    await work.connection.execute(
        update(segment_line_override)
        .where(
            _following(segment_line_override, header),
            edit_is_visible(held),
            segment_line_override.c.language == language,
            _is_or_none(segment_line_override.c.attachment_id, old),
        )
        .values(attachment_id=new)
    )
    await work.connection.execute(
        update(segment_language)
        .where(
            _language_rows(header, language, _following(segment_defaults, header)),
            _is_or_none(segment_language.c.attachment_id, old),
        )
        .values(attachment_id=new)
    )


async def change_correspondence_type(
    work: UnitOfWork, held: Row[Any], header: Row[Any], correspondence_type: str | None, *, new_template: bool
) -> None:
    """Write how things are sent to the lines with the header's template, or with a new template to all."""
    values = {"correspondence_type": correspondence_type}
    rows = _following(segment_defaults, header, new_template=new_template)
    await work.connection.execute(update(segment_line).where(_unedited_among(header, rows)).values(values))
    await work.connection.execute(
        update(segment_line_override)
        .where(_following(segment_line_override, header, new_template=new_template), edit_is_visible(held))
        .values(values)
    )


async def change_language_of_lines(work: UnitOfWork, held: Row[Any], first: Any) -> None:
    """Give every line a language of a new template, but to those with an attachment of their own.

    To be called before the languages of the segment are replaced: they tell which attachments are inherited.

    Args:
        work: where.
        held: the segment.
        first: has a language, None for no language, a subject and the key of an attachment.
    """
    edit = segment_line_override.c
    inherited = exists().where(
        segment_language.c.segment_id == edit.segment_id,
        segment_language.c.language == edit.language,
        segment_language.c.attachment_id == edit.attachment_id,
    )
    await work.connection.execute(
        update(segment_line_override)
        .where(
            edit.segment_id == held.id,
            edit_is_visible(held),
            or_(edit.attachment_id.is_(None), inherited.correlate(segment_line_override)),
        )
        .values(language=first.language, subject=first.subject, attachment_id=first.attachment_id)
    )
    await work.connection.execute(
        update(segment_line).where(segment_line.c.segment_id == held.id).values(language=first.language)
    )


async def lines_inherit_attachment(work: UnitOfWork, held: Row[Any]) -> bool:
    """Return whether a visible line has the attachment that the header has now for the line's language."""
    current = segment_language.alias("language_of_header")
    statement = (
        select(segment_line.c.line_no)
        .select_from(
            LINE_SOURCE.join(
                current,
                and_(
                    current.c.segment_id == segment_line.c.segment_id,
                    current.c.defaults_no == held.defaults_no,
                    current.c.language == LINE_VALUES["language"],
                    current.c.attachment_id == LINE_VALUES["attachment_id"],
                ),
            )
        )
        .where(segment_line.c.segment_id == held.id, visible_at(held.revision))
        .limit(1)
    )
    return await work.connection.scalar(statement) is not None


async def begin_defaults(work: UnitOfWork, header: Row[Any]) -> int:
    """Copy the header with its languages into a new row of defaults, for lines to come; return its number."""
    defaults_no = int(header.defaults_no) + 1
    for table in (segment_defaults, segment_language):
        names = [column.name for column in table.c if column.name != "defaults_no"]
        copied = select(literal(defaults_no), *(table.c[name] for name in names)).where(
            table.c.segment_id == header.segment_id, table.c.defaults_no == header.defaults_no
        )
        await work.connection.execute(insert(table).from_select(["defaults_no", *names], copied))
    return defaults_no


def edit_is_visible(held: Row[Any]) -> ColumnElement[bool]:
    """Return the condition on ``segment_line_override`` that its line is visible where the segment stands."""
    line, override = segment_line.c, segment_line_override.c
    shown = exists().where(
        line.segment_id == override.segment_id, line.line_no == override.line_no, visible_at(held.revision)
    )
    return shown.correlate(segment_line_override)


def _following(table: Table[Any], header: Row[Any], *, new_template: bool = False) -> ColumnElement[bool]:
    """Return the condition on rows of defaults, or on edited lines, that a change of the header reaches them."""
    same = true() if new_template else table.c.template.is_not_distinct_from(header.template)
    return and_(table.c.segment_id == header.segment_id, same)


def _rows(condition: ColumnElement[bool]) -> Select[int]:
    return select(segment_defaults.c.defaults_no).where(condition).correlate(None)


def _unedited_among(header: Row[Any], rows: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition on ``segment_line`` of the lines of these rows of defaults; of edited ones it tells nothing.

    What stands there does not show on an edited line.
    """
    return and_(segment_line.c.segment_id == header.segment_id, segment_line.c.defaults_no.in_(_rows(rows)))


def _language_rows(header: Row[Any], language: str, rows: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(
        segment_language.c.segment_id == header.segment_id,
        segment_language.c.language == language,
        segment_language.c.defaults_no.in_(_rows(rows)),
    )


def _is_or_none(column: ColumnElement[int | None], key: int | None) -> ColumnElement[bool]:
    return column.is_(None) if key is None else or_(column.is_(None), column == key)


def _flags_of_lines(table: Table[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the campaign flags that lines get otherwise than the header, because their campaign is blanked."""
    if "campaign_id" not in values or values["campaign_id"] is not None:
        return {}
    had_none = table.c.campaign_id.is_(None)
    return {flag: and_(had_none, values.get(flag, table.c[flag])) for flag in CAMPAIGN_FLAGS}


async def _note_addresses(work: UnitOfWork, held: Row[Any], header: Row[Any], on: date, *, new_template: bool) -> None:
    """Note the alternative addresses of a new day on the lines that get it, while they still have the old one."""
    line, edit = segment_line.c, segment_line_override.c
    edited = and_(edit.segment_id == line.segment_id, edit.line_no == line.line_no)
    reached = and_(edited, _following(segment_line_override, header, new_template=new_template))
    rows = _rows(_following(segment_defaults, header, new_template=new_template))
    with_periods = select(contact_address_period.c.contact_id)
    await work.connection.execute(
        update(segment_line)
        .where(
            line.segment_id == held.id,
            or_(line.contact_id.in_(with_periods), line.alternative_address.is_not(None)),
            case(
                (
                    exists().where(edited).correlate(segment_line),
                    and_(exists().where(reached).correlate(segment_line), visible_at(held.revision)),
                ),
                else_=line.defaults_no.in_(rows),
            ),
        )
        .values(alternative_address=active_address(line.contact_id, on))
    )
