"""Writes new lines of a segment, set by set: their numbers and the facts noted with them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, String, case, func, insert, literal, select

from server.operations.references import template_by_code
from server.operations.segments.revisions import OpenAction
from server.operations.segments.segment_languages import languages_of
from server.store.active_addresses import active_address
from server.store.segment_lines import LINE_STEP, next_line_nos
from server.store.statistics import tell_planner
from server.store.tables import contact, contact_address_period, segment_line
from server.store.unit_of_work import UnitOfWork


async def noted_facts(work: UnitOfWork, header: Row[Any]) -> Mapping[str, ColumnElement[Any]]:
    """Return what lines added under ``header`` note, by column of ``segment_line``: expressions over ``contact``.

    The language is the contact's own where the segment has it, else the header's; the salesperson is always the
    contact's own; the alternative address is the one that holds on the header's day.
    """
    template = None if header.template is None else await template_by_code(work, header.template)
    periods = await work.connection.scalar(select(contact_address_period.c.contact_id).limit(1)) is not None
    return {
        "salesperson": contact.c.salesperson,
        "language": line_language(list(await languages_of(work, header)), header.language),
        "correspondence_type": line_correspondence_type(header, template),
        "alternative_address": active_address(contact.c.id, header.on) if periods else _constant(None),
    }


def line_language(languages: Sequence[str], default: str | None) -> ColumnElement[Any]:
    """Return the contact's language if it is one of those, else the default; an expression over ``contact``."""
    if not languages:
        return _constant(default)
    return case((contact.c.language.in_(languages), contact.c.language), else_=_constant(default))


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
    row: dict[str, ColumnElement[Any]] = {
        "segment_id": literal(action.segment_id),
        "line_no": next_line_nos(action.last_line_no, func.row_number().over(order_by=order)),
        "contact_id": contact.c.id,
        "origin": literal(action.revision),
        "added": literal(action.revision),
        "defaults_no": literal(action.header.defaults_no),
        **await noted_facts(work, action.header),
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
