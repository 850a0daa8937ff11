"""A segment made from another one."""

from typing import Any, TypedDict

from sqlalchemy import Row, Table, exists, func, insert, literal, select

from server.operations.numbering import Series, take_number
from server.operations.segments.lines import RULE_NUMBERS, short_rule
from server.operations.segments.revisions import begin_action, finish_action, hold_segment
from server.operations.segments.segments import update_segment
from server.store.segment_lines import LINE_STEP, next_line_nos, visible_at
from server.store.statistics import tell_planner
from server.store.tables import (
    contact,
    segment,
    segment_defaults,
    segment_language,
    segment_line,
    segment_line_override,
)
from server.store.unit_of_work import UnitOfWork

_NOTED = ("contact_id", "defaults_no", "salesperson", "language", "correspondence_type", "alternative_address")
"""What a line has for itself from the moment at which it was added."""


class CopyValues(TypedDict, total=False):
    """What the copy has otherwise than its source; absent: the next number of the series, the same description."""

    new_no: str | None
    description: str | None


async def copy_segment(
    work: UnitOfWork, no: str, values: CopyValues, *, with_lines: bool = True, expected_version: int | None = None
) -> int:
    """Create a segment with the header of another one and its languages; return its key.

    With ``with_lines`` it also gets the visible lines, in their order and with everything that was noted and edited
    on them, as one action. The earlier actions are not copied.

    Raises: NotFoundError; ConflictError; what ``take_number`` and ``update_segment`` raise.
    """
    held = await hold_segment(work, no, expected_version=expected_version, field="no")
    new_no = await take_number(work, Series.SEGMENT, values.get("new_no"), field="new_no")
    created = await work.connection.execute(
        insert(segment).values(
            no=new_no, defaults_no=held.defaults_no, created_at=work.moment.now, modified_at=work.moment.now
        )
    )
    (copy_id,) = created.inserted_primary_key or (0,)
    for table in (segment_defaults, segment_language):
        await _copy_header_rows(work, table, held, copy_id, all_rows=with_lines)
    work.record("segment", copy_id, code=new_no, cause=f"copy of {held.no}")
    if with_lines:
        await _copy_lines(work, held, new_no)
    if "description" in values:
        await update_segment(work, new_no, {"description": values["description"]})
    return int(copy_id)


async def _copy_header_rows(
    work: UnitOfWork, table: Table[Any], held: Row[Any], copy_id: int, *, all_rows: bool
) -> None:
    """Copy the rows of a header that hold now, or all of them: lines may belong to earlier ones."""
    names = [column.name for column in table.c if column.name != "segment_id"]
    rows = select(literal(copy_id), *(table.c[name] for name in names)).where(table.c.segment_id == held.id)
    if not all_rows:
        rows = rows.where(table.c.defaults_no == held.defaults_no)
    await work.connection.execute(insert(table).from_select(["segment_id", *names], rows, include_defaults=False))


async def _copy_lines(work: UnitOfWork, held: Row[Any], new_no: str) -> None:
    """Copy the visible lines as one action; without any there is no action."""
    action = await begin_action(work, new_no)
    line = segment_line.c
    new_line_no = next_line_nos(0, func.row_number().over(order_by=line.line_no))
    visible = line.segment_id == held.id, visible_at(held.revision)
    first = literal(action.revision)
    rows = select(literal(action.segment_id), new_line_no, first, first, *(line[name] for name in _NOTED)).where(
        *visible
    )
    names = ["segment_id", "line_no", "origin", "added", *_NOTED]
    result = await work.connection.execute(
        insert(segment_line).from_select(names, rows, include_defaults=False),
        execution_options={"preserve_rowcount": True},
    )
    if not result.rowcount:
        return
    await tell_planner(work, segment_line, result.rowcount)
    places = select(line.line_no, new_line_no.label("new_line_no")).where(*visible).subquery("places")
    await _copy_edits(work, held, action.segment_id, places)
    await finish_action(
        work,
        action,
        "PIN",
        rule=await _rule_naming(work, action.segment_id, result.rowcount),
        options={"allow_existing_contacts": True},
        lines_added=result.rowcount,
        last_line_no=LINE_STEP * result.rowcount,
    )


async def _rule_naming(work: UnitOfWork, copy_id: int, lines: int) -> str:
    """Return the rule that names the contacts of the copied lines in their order; blank when there are many lines."""
    if lines > RULE_NUMBERS:
        return ""
    line = segment_line.c
    statement = (
        select(contact.c.no)
        .join(segment_line, line.contact_id == contact.c.id)
        .where(line.segment_id == copy_id)
        .order_by(line.line_no)
    )
    return short_rule(list(dict.fromkeys(await work.connection.scalars(statement))))


async def _copy_edits(work: UnitOfWork, held: Row[Any], copy_id: int, places: Any) -> None:
    """Copy what was edited on the lines in ``places``, rows of ``line_no`` and ``new_line_no``."""
    edit = segment_line_override.c
    if not await work.connection.scalar(select(exists().where(edit.segment_id == held.id))):
        return
    names = [column.name for column in edit if column.name not in {"segment_id", "line_no"}]
    rows = (
        select(literal(copy_id), places.c.new_line_no, *(edit[name] for name in names))
        .join_from(segment_line_override, places, places.c.line_no == edit.line_no)
        .where(edit.segment_id == held.id)
    )
    await work.connection.execute(
        insert(segment_line_override).from_select(["segment_id", "line_no", *names], rows, include_defaults=False)
    )
