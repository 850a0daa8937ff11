"""Segments: their headers, and how a change of the header reaches the lines.

The lines read most values from the row of ``segment_defaults`` they belong to. A change that the lines shall follow is
written to these rows and to the lines edited by themselves; one that they shall not follow begins a new row.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, case, delete, exists, insert, select, true, update

from server.operations.campaigns.campaign_flags import CAMPAIGN_FLAGS, forced_flags
from server.operations.numbering import Series, take_number
from server.operations.references import template_by_code
from server.operations.segments.revisions import clear_actions, header_of, hold_segment, touch_segment
from server.operations.segments.segment_values import SegmentValues, checked_header
from server.store.segment_lines import visible_at
from server.store.tables import segment, segment_defaults, segment_line, segment_line_override
from server.store.unit_of_work import UnitOfWork

_OVERRIDE_COLUMNS: Mapping[str, str] = {
    "description": "description",
    "campaign_id": "campaign_id",
    "salesperson": "salesperson",
    "template": "template",
    "group": "group",
    "subject": "subject",
    "unit_cost": "cost",
    "unit_duration": "duration",
    "on": "on",
    "information_flow": "information_flow",
    "initiated_by": "initiated_by",
    "campaign_target": "campaign_target",
    "campaign_response": "campaign_response",
}
"""The header's columns that reach lines, each with the same column of an edited line."""

_FROM_TEMPLATE: Mapping[str, Any] = {
    "group": None,
    "language": None,
    "unit_cost": 0,
    "unit_duration": 0,
    "information_flow": None,
    "initiated_by": None,
    "campaign_target": False,
    "campaign_response": False,
    "correspondence_type": None,
    "ignore_contact_correspondence": False,
}
"""What a header takes over from its template, with the values it has without one."""


async def create_segment(work: UnitOfWork, values: SegmentValues) -> int:
    """Create a segment without lines; its date is the date of new documents. Return its key."""
    given = await _with_template(work, await checked_header(work, values))
    header = {"on": work.moment.document_date, **given, **forced_flags(values, given.get("campaign_id"))}
    no = await take_number(work, Series.SEGMENT, values.get("no"))
    created = await work.connection.execute(
        insert(segment).values(no=no, created_at=work.moment.now, modified_at=work.moment.now)
    )
    (segment_id,) = created.inserted_primary_key or (0,)
    await work.connection.execute(insert(segment_defaults).values(segment_id=segment_id, defaults_no=1, **header))
    work.record("segment", segment_id, code=no)
    return int(segment_id)


async def update_segment(
    work: UnitOfWork,
    no: str,
    values: SegmentValues,
    *,
    update_lines: bool = True,
    expected_version: int | None = None,
) -> int:
    """Change the header; return the segment's key.

    With ``update_lines`` the change reaches the lines that have the header's template, also those edited by
    themselves; a change of the template reaches all lines, with everything the header takes over from the template.
    Edits of lines that are not visible now, because they were removed or undone, come back as they were.
    Language, correspondence type and the wish to ignore the contact's reach lines only together with the template.
    """
    held = await hold_segment(work, no, expected_version=expected_version, field="no")
    header = await header_of(work, held)
    given = await checked_header(work, values)
    new_template = "template" in given and given["template"] != header.template
    given = await _with_template(work, given) if new_template else given
    given |= forced_flags(values, given.get("campaign_id", header.campaign_id))
    changed = {field: value for field, value in given.items() if value != getattr(header, field)}
    if not changed:
        return int(held.id)
    reaching = {field: value for field, value in given.items() if field in _OVERRIDE_COLUMNS}
    if not new_template:
        reaching = {field: value for field, value in reaching.items() if field in changed}
    defaults_no = held.defaults_no
    if reaching and held.last_line_no:
        if update_lines:
            await _change_lines(work, held, header, reaching, new_template=new_template)
        else:
            defaults_no = await _begin_defaults(work, header)
    await work.connection.execute(
        update(segment_defaults)
        .where(segment_defaults.c.segment_id == held.id, segment_defaults.c.defaults_no == defaults_no)
        .values(changed)
    )
    if new_template and update_lines and held.last_line_no:
        await _change_noted_facts(
            work,
            held,
            correspondence_type=changed.get("correspondence_type", header.correspondence_type),
            language=changed.get("language", header.language),
        )
    await touch_segment(work, held.id, defaults_no=defaults_no)
    work.record("segment", held.id, code=held.no, fields=list(changed))
    return int(held.id)


async def delete_segment(work: UnitOfWork, no: str, *, expected_version: int | None = None) -> int:
    """Delete the segment with its lines and actions; return the key it had."""
    held = await hold_segment(work, no, expected_version=expected_version, field="no")
    await erase_segment(work, held)
    return int(held.id)


async def erase_segment(work: UnitOfWork, held: Row[Any]) -> None:
    """Delete everything of a segment that is held."""
    await clear_actions(work, held.id)
    await work.connection.execute(delete(segment_defaults).where(segment_defaults.c.segment_id == held.id))
    await work.connection.execute(delete(segment).where(segment.c.id == held.id))
    work.record("segment", held.id, code=held.no)


async def _with_template(work: UnitOfWork, given: dict[str, Any]) -> dict[str, Any]:
    """Return the values given, and before them what their template brings.

    The template's campaign is taken over if it has one; without a template there is no campaign.
    """
    if "template" not in given:
        return given
    if given["template"] is None:
        return {**_FROM_TEMPLATE, "subject": "", "campaign_id": None, **given}
    template = await template_by_code(work, given["template"])
    brought = {field: getattr(template, field) for field in _FROM_TEMPLATE}
    if template.campaign_id is not None:
        brought["campaign_id"] = template.campaign_id
    return {**brought, "subject": "", **given}


async def _change_lines(
    work: UnitOfWork, held: Row[Any], header: Row[Any], values: Mapping[str, Any], *, new_template: bool
) -> None:
    """Write header values through to the lines with the header's template, or with a new template to all.

    A new subject reaches only the lines that still have the header's old one; a campaign flag only those that have a
    campaign.
    """
    subject = {} if new_template or "subject" not in values else {"subject": (header.subject, values["subject"])}

    def written(table: Table[Any], names: Mapping[str, str]) -> dict[str, Any]:
        columns: dict[str, Any] = {names[field]: value for field, value in values.items()}
        for name, (old, new) in subject.items():
            columns[name] = case((table.c[name] == old, new), else_=table.c[name])
        return columns | _flags_of_lines(table, values)

    def following(table: Table[Any]) -> ColumnElement[bool]:
        same = true() if new_template else table.c.template.is_not_distinct_from(header.template)
        return and_(table.c.segment_id == header.segment_id, same)

    if "salesperson" in values and values["salesperson"] is None:
        rows = select(segment_defaults.c.defaults_no).where(following(segment_defaults))
        await work.connection.execute(
            update(segment_line)
            .where(segment_line.c.segment_id == header.segment_id, segment_line.c.defaults_no.in_(rows))
            .values(salesperson=None)
        )
    same_names = {field: field for field in values}
    await work.connection.execute(
        update(segment_line_override)
        .where(following(segment_line_override), _edit_is_visible(held))
        .values(written(segment_line_override, _OVERRIDE_COLUMNS))
    )
    await work.connection.execute(
        update(segment_defaults).where(following(segment_defaults)).values(written(segment_defaults, same_names))
    )


def _flags_of_lines(table: Table[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the campaign flags that lines get otherwise than the header: none where they have no campaign."""
    if "campaign_id" in values:
        return dict.fromkeys(CAMPAIGN_FLAGS, False) if values["campaign_id"] is None else {}
    return {flag: table.c.campaign_id.is_not(None) for flag in CAMPAIGN_FLAGS if values.get(flag)}


def _edit_is_visible(held: Row[Any]) -> ColumnElement[bool]:
    """Return the condition on ``segment_line_override`` that its line is visible where the segment stands."""
    line, override = segment_line.c, segment_line_override.c
    shown = exists().where(
        line.segment_id == override.segment_id, line.line_no == override.line_no, visible_at(held.revision)
    )
    return shown.correlate(segment_line_override)


async def _change_noted_facts(
    work: UnitOfWork, held: Row[Any], *, correspondence_type: str | None, language: str | None
) -> None:
    """Write what came with a new template to every line: how it is sent and, where the header has one, the language."""
    override = segment_line_override.c
    values = {"correspondence_type": correspondence_type} | ({"language": language} if language else {})
    for statement in (
        update(segment_line).where(segment_line.c.segment_id == held.id),
        update(segment_line_override).where(override.segment_id == held.id, _edit_is_visible(held)),
    ):
        await work.connection.execute(statement.values(values))


async def _begin_defaults(work: UnitOfWork, header: Row[Any]) -> int:
    """Copy the header into a new row of defaults, which lines to come will belong to; return its number."""
    values = {**header._mapping, "defaults_no": header.defaults_no + 1}  # noqa: SLF001 - SQLAlchemy's public name
    await work.connection.execute(insert(segment_defaults).values(values))
    return int(values["defaults_no"])
