"""Exports the members of a segment as CSV, page by page."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TextIO

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import NotFoundError
from server.jobs.formula_cells import safe_cell
from server.jobs.progress import Progress, no_progress
from server.operations.contacts.contact_codes import CODE_LISTS
from server.operations.numbering import NO_LENGTH
from server.operations.values import required_code
from server.reading.contacts import attributes_of_each, codes_of_each
from server.store.database import Database
from server.store.segment_lines import LINE_PROBE, visible_at
from server.store.tables import attribute, contact, segment, segment_line

_PAGE_LINES = 1_000
_FIELDS_BEFORE_COMPANY = ("no", "type", "name")
_FIELDS_AFTER_COMPANY = (
    "company_name", "first_name", "middle_name", "surname", "initials", "job_title", "address", "address_2",
    "post_code", "city", "county", "country", "territory", "language", "currency", "phone", "mobile_phone", "email",
    "email_2", "home_page", "vat_registration_no", "registration_no", "external_id", "salesperson", "salutation",
    "organizational_level", "correspondence_type", "exclude_from_segment", "privacy_blocked", "minor",
    "parental_consent_received",
)  # fmt: skip
FIELDS = (*_FIELDS_BEFORE_COMPANY, "company_no", *_FIELDS_AFTER_COMPANY)
"""The columns that come first, in the names under which the import takes them; lists of codes and custom attributes
follow."""

_company = contact.alias("company_of_contact")


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written.

    Attributes:
        members: rows, one for each contact on a visible line of the segment.
    """

    members: int


async def export_members(
    database: Database, segment_no: str, output: TextIO, *, progress: Progress = no_progress
) -> ExportReport:
    """Write the contacts on the visible lines of a segment, as they are at one instant.

    A contact is written once, in the place of its first line. Lists of codes are joined by ``;``, custom attributes are
    columns ``attributes.NAME``. What a spreadsheet would take for a formula is defused by an apostrophe. ``output``
    should be opened as UTF-8 with ``newline=""``; memory does not grow with the segment. ``progress`` counts lines.

    Raises: NotFoundError for a segment that does not exist or was logged.
    """
    no = required_code(segment_no, "no", NO_LENGTH)
    async with database.read() as connection:
        held = (await connection.execute(select(segment.c.id, segment.c.revision).where(segment.c.no == no))).first()
        if held is None:
            msg = f"There is no segment {no}."
            raise NotFoundError(msg, path=("no",))
        visible = and_(segment_line.c.segment_id == held.id, visible_at(held.revision))
        total = await connection.scalar(select(func.count()).select_from(segment_line).where(visible)) or 0
        names = (await connection.scalars(select(attribute.c.name).order_by(attribute.c.name))).all()
        writer = csv.writer(output)
        lists = [code_list.name for code_list in CODE_LISTS]
        writer.writerow([*FIELDS, *lists, *(f"attributes.{name}" for name in names)])
        members, read, last_line_no = 0, 0, 0
        while lines := (await connection.execute(_page(held.revision, visible, last_line_no))).all():
            rows = [line for line in lines if not line.again]
            belongings = await _belongings(connection, [row.id for row in rows], names)
            writer.writerows(_cells(row, belongings[row.id]) for row in rows)
            members, read, last_line_no = members + len(rows), read + len(lines), lines[-1].line_no
            progress(read, total)
    return ExportReport(members=members)


def _stands_before(revision: int) -> ColumnElement[bool]:
    """Return whether the contact of a line stands on a visible line before it, too.

    To be selected, not to be a condition: as a condition, PostgreSQL would read the whole segment for every page.
    """
    before = segment_line.alias("line_before")
    return (
        select(before.c.line_no)
        .with_hint(before, LINE_PROBE, "sqlite")
        .where(
            before.c.segment_id == segment_line.c.segment_id,
            before.c.contact_id == segment_line.c.contact_id,
            before.c.line_no < segment_line.c.line_no,
            visible_at(revision, before.c),
        )
        .correlate(segment_line)
        .exists()
    )


def _page(revision: int, visible: ColumnElement[bool], after_line_no: int) -> Select[Any]:
    return (
        select(
            segment_line.c.line_no,
            _stands_before(revision).label("again"),
            contact.c.id,
            *(contact.c[field] for field in _FIELDS_BEFORE_COMPANY),
            _company.c.no.label("company_no"),
            *(contact.c[field] for field in _FIELDS_AFTER_COMPANY),
        )
        .select_from(
            segment_line.join(contact, contact.c.id == segment_line.c.contact_id).outerjoin(
                _company, _company.c.id == contact.c.company_id
            )
        )
        .where(visible, segment_line.c.line_no > after_line_no)
        .order_by(segment_line.c.line_no)
        .limit(_PAGE_LINES)
    )


async def _belongings(
    connection: AsyncConnection, contacts: Sequence[int], names: Sequence[str]
) -> Mapping[int, Sequence[str]]:
    """Return the cells of each contact's lists of codes and custom attributes."""
    cells: dict[int, list[str]] = {contact_id: [] for contact_id in contacts}
    for code_list in CODE_LISTS:
        codes = await codes_of_each(connection, code_list.rows, code_list.codes, contacts)
        for contact_id, rows in zip(contacts, codes, strict=True):
            cells[contact_id].append(safe_cell(";".join(row.code for row in rows)))
    for contact_id, values in zip(contacts, await attributes_of_each(connection, contacts), strict=True):
        by_name: dict[str, Any] = {value.name: value.value for value in values}
        cells[contact_id].extend(_text(by_name.get(name)) for name in names)
    return cells


def _cells(row: Row[Any], belongings: Sequence[str]) -> list[str]:
    return [*map(_text, row[3:]), *belongings]


def _text(value: Any) -> str:
    """Return the cell of a value: only text can be a formula, a negative number is a number."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value.normalize(), "f")
        case datetime() | date():
            return value.isoformat()
        case _:
            return safe_cell(str(value))
