"""Writes new lines of a segment, set by set: their numbers and the facts noted with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, String, func, insert, literal, select

from server.operations.references import template_by_code
from server.operations.segments.revisions import OpenAction
from server.store.segment_lines import LINE_STEP, next_line_nos
from server.store.statistics import tell_planner
from server.store.tables import contact, segment_line
from server.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NotedFacts:
    """What a new line notes of its contact, as expressions over ``contact``.

    Attributes:
        language: the header's language, else the contact's own.
        correspondence_type: by the header's and the template's wish to overrule the contact.
    """

    language: ColumnElement[Any]
    correspondence_type: ColumnElement[Any]


async def noted_facts(work: UnitOfWork, header: Row[Any]) -> NotedFacts:
    """Return what lines added under ``header`` note; the salesperson is always the contact's own."""
    template = None if header.template is None else await template_by_code(work, header.template)
    return NotedFacts(
        language=_constant(header.language) if header.language else contact.c.language,
        correspondence_type=line_correspondence_type(header, template),
    )


def line_correspondence_type(header: Row[Any], template: Row[Any] | None) -> ColumnElement[Any]:
    """Return how a line is sent, as an expression over ``contact``.

    The header's type wins where the header ignores the contact's; then the template's, where the template ignores the
    contact's or the contact has none; else it is the contact's.
    """
    if header.ignore_contact_correspondence and header.correspondence_type:
        return _constant(header.correspondence_type)
    if template is None:
        return contact.c.correspondence_type
    if template.ignore_contact_correspondence:
        return _constant(template.correspondence_type)
    if template.correspondence_type is None:
        return contact.c.correspondence_type
    return func.coalesce(contact.c.correspondence_type, _constant(template.correspondence_type))


async def insert_lines(
    work: UnitOfWork,
    action: OpenAction,
    source: FromClause,
    where: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
) -> tuple[int, int]:
    """Add a line for each row of ``source``, which contains ``contact``.

    The window function alone gives the order: an ORDER BY around it would sort the lines a second time.

    Returns: how many lines were added, and the last line number given so far.
    """
    facts = await noted_facts(work, action.header)
    row = {
        "segment_id": literal(action.segment_id),
        "line_no": next_line_nos(action.last_line_no, func.row_number().over(order_by=order)),
        "contact_id": contact.c.id,
        "origin": literal(action.revision),
        "added": literal(action.revision),
        "defaults_no": literal(action.header.defaults_no),
        "salesperson": contact.c.salesperson,
        "language": facts.language,
        "correspondence_type": facts.correspondence_type,
    }
    lines = select(*row.values()).select_from(source).where(*where)
    result = await work.connection.execute(
        insert(segment_line).from_select(list(row), lines, include_defaults=False),
        execution_options={"preserve_rowcount": True},
    )
    await tell_planner(work, segment_line, result.rowcount)
    return result.rowcount, action.last_line_no + LINE_STEP * result.rowcount


def _constant(value: str | None) -> ColumnElement[Any]:
    return literal(value, String)
