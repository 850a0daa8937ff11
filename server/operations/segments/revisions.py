"""One action on a segment from its beginning to its end, and the way back.

Every action holds the segment, drops what an undo left above the pointer, changes lines under the next revision
number, and writes that revision even when it changed no line. Undo and redo move the pointer and touch no line.
Either way the target groups of activated campaigns follow.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, insert, or_, select, update

from server.errors import ErrorCode, RefusedError
from server.operations.numbering import NO_LENGTH
from server.operations.references import not_found
from server.operations.setup.attachments import attachments_of, delete_unused_attachments
from server.operations.values import required_code
from server.operations.versions import require_version
from server.store.campaign_targets import activated_of_segment, refresh_targets
from server.store.id_lists import ids_in
from server.store.standing import change_standing
from server.store.tables import (
    segment,
    segment_defaults,
    segment_language,
    segment_line,
    segment_line_override,
    segment_revision,
)
from server.store.unit_of_work import UnitOfWork

_FOLLOWED_ONE_BY_ONE = 1_000
"""Lines of an action up to which the target groups follow contact by contact, not as a whole."""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action, or its undo or redo, did to a segment.

    Attributes:
        segment_id: the segment's key.
        revision: where the pointer stands now; 0 before the first action.
        lines_added: lines that became visible.
        lines_removed: lines that are visible no more.
        line_count: visible lines now.
        undecided_count: contacts in question for which the rule raised; it neither added nor removed them.
        skipped_count: contacts named one by one that stand on the segment already.
        excluded_count: contacts selected but not added because they are excluded from segments.
        privacy_blocked_count: further contacts selected but not added because they are blocked for privacy.
    """

    segment_id: int
    revision: int
    lines_added: int
    lines_removed: int
    line_count: int
    undecided_count: int = 0
    skipped_count: int = 0
    excluded_count: int = 0
    privacy_blocked_count: int = 0


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An action under way; nobody else can change the segment meanwhile.

    Attributes:
        segment_id: the segment's key.
        no: the segment's number.
        revision: the revision that the action becomes.
        last_line_no: the highest line number given so far.
        line_count: visible lines before the action.
        header: the row of ``segment_defaults`` that new lines get.
    """

    segment_id: int
    no: str
    revision: int
    last_line_no: int
    line_count: int
    header: Row[Any]


async def hold_segment(
    work: UnitOfWork, no: str, *, expected_version: int | None = None, field: str = "segment_no"
) -> Row[Any]:
    """Return the segment's row, locked until the end of the unit of work.

    Raises: NotFoundError with the path of ``field``; ConflictError when its version is not the expected one.
    """
    code = required_code(no, field, NO_LENGTH)
    await change_standing(work)
    statement = select(segment).where(segment.c.no == code).with_for_update()
    row = (await work.connection.execute(statement)).one_or_none()
    if row is None:
        raise not_found("segment", code, field)
    require_version(row.version, expected_version)
    return row


async def header_of(work: UnitOfWork, held: Row[Any]) -> Row[Any]:
    """Return the header's present values."""
    statement = select(segment_defaults).where(
        segment_defaults.c.segment_id == held.id, segment_defaults.c.defaults_no == held.defaults_no
    )
    return (await work.connection.execute(statement)).one()


async def touch_segment(work: UnitOfWork, segment_id: int, **values: Any) -> None:
    """Write ``values`` to the segment as a new version of it."""
    await work.connection.execute(
        update(segment)
        .where(segment.c.id == segment_id)
        .values(version=segment.c.version + 1, modified_at=work.moment.now, **values)
    )


async def begin_action(work: UnitOfWork, segment_no: str, *, expected_version: int | None = None) -> OpenAction:
    """Hold the segment and drop the revisions above its pointer."""
    held = await hold_segment(work, segment_no, expected_version=expected_version)
    await _drop_tail(work, held)
    return OpenAction(
        segment_id=held.id,
        no=held.no,
        revision=held.revision + 1,
        last_line_no=held.last_line_no,
        line_count=await _line_count(work, held.id, held.revision),
        header=await header_of(work, held),
    )


async def finish_action(
    work: UnitOfWork,
    action: OpenAction,
    kind: str,
    *,
    rule: str = "",
    language_version: str = "",
    options: Mapping[str, Any] | None = None,
    lines_added: int = 0,
    lines_removed: int = 0,
    last_line_no: int | None = None,
    undecided_count: int = 0,
    skipped_count: int = 0,
    logged_segment_no: int | None = None,
    reset_when_empty: bool = False,
) -> ActionResult:
    """Write the action's revision and move the pointer to it.

    With ``reset_when_empty`` an action that leaves no visible line also clears the list of actions, itself included.
    """
    line_count = action.line_count + lines_added - lines_removed
    campaigns = await activated_of_segment(work, action.segment_id)
    await work.connection.execute(
        insert(segment_revision).values(
            segment_id=action.segment_id,
            revision=action.revision,
            kind=kind,
            rule=rule,
            language_version=language_version,
            options=dict(options or {}),
            logged_segment_no=logged_segment_no,
            actor=work.actor,
            at=work.moment.now,
            lines_added=lines_added,
            lines_removed=lines_removed,
            line_count=line_count,
            undecided_count=undecided_count,
        )
    )
    revision = action.revision
    last = action.last_line_no if last_line_no is None else last_line_no
    if reset_when_empty and line_count == 0:
        await _record_dropped(work, action.segment_id, above=0)
        await clear_actions(work, action.segment_id)
        revision = 0
    await touch_segment(work, action.segment_id, revision=revision, head_revision=revision, last_line_no=last)
    _record(work, action.segment_id, lines_added + lines_removed)
    await _follow_targets(work, campaigns, action.segment_id, revision, lines_added + lines_removed)
    return ActionResult(
        segment_id=action.segment_id,
        revision=revision,
        lines_added=lines_added,
        lines_removed=lines_removed,
        line_count=line_count,
        undecided_count=undecided_count,
        skipped_count=skipped_count,
    )


async def undo_action(work: UnitOfWork, segment_no: str, *, expected_version: int | None = None) -> ActionResult:
    """Go back by one action; its lines stay stored, so that redo brings the same ones back.

    Raises: RefusedError(NOTHING_TO_UNDO) before the first action.
    """
    held = await hold_segment(work, segment_no, expected_version=expected_version)
    if held.revision == 0:
        msg = f"Segment {held.no} has no action to undo."
        raise RefusedError(ErrorCode.NOTHING_TO_UNDO, msg, path=("segmentNo",))
    step = await _revision(work, held.id, held.revision)
    return await _move_pointer(
        work,
        held.id,
        held.revision,
        held.revision - 1,
        lines_added=step.lines_removed,
        lines_removed=step.lines_added,
        line_count=step.line_count - step.lines_added + step.lines_removed,
    )


async def redo_action(work: UnitOfWork, segment_no: str, *, expected_version: int | None = None) -> ActionResult:
    """Take back the last undo.

    Raises: RefusedError(NOTHING_TO_REDO) when the pointer stands on the newest action.
    """
    held = await hold_segment(work, segment_no, expected_version=expected_version)
    if held.revision == held.head_revision:
        msg = f"Segment {held.no} has no action to redo."
        raise RefusedError(ErrorCode.NOTHING_TO_REDO, msg, path=("segmentNo",))
    step = await _revision(work, held.id, held.revision + 1)
    return await _move_pointer(
        work,
        held.id,
        held.revision + 1,
        held.revision + 1,
        lines_added=step.lines_added,
        lines_removed=step.lines_removed,
        line_count=step.line_count,
    )


async def clear_actions(work: UnitOfWork, segment_id: int) -> None:
    """Delete every line of a segment, visible or not, its list of actions, and the earlier states of its header."""
    await _delete_edits(work, segment_line_override.c.segment_id == segment_id)
    for table in (segment_line, segment_revision):
        await work.connection.execute(delete(table).where(table.c.segment_id == segment_id))
    await _delete_old_defaults(work, segment_id)


async def _delete_old_defaults(work: UnitOfWork, segment_id: int) -> None:
    """Delete the earlier states of a header that no line has any more, with their languages.

    Nobody sees them, but what they name would count as used.
    """
    row, line = segment_defaults.c, segment_line.c
    present = select(segment.c.defaults_no).where(segment.c.id == segment_id).scalar_subquery()
    needed = exists().where(line.segment_id == row.segment_id, line.defaults_no == row.defaults_no)
    statement = select(row.defaults_no).where(
        row.segment_id == segment_id, row.defaults_no != present, ~needed.correlate(segment_defaults)
    )
    old = (await work.connection.scalars(statement)).all()
    if not old:
        return
    language = segment_language.c
    attached = select(language.attachment_id).where(
        language.segment_id == segment_id,
        ids_in(language.defaults_no, old, work.dialect),
        language.attachment_id.is_not(None),
    )
    attachments = await attachments_of(work, attached)
    await work.connection.execute(
        delete(segment_defaults).where(row.segment_id == segment_id, ids_in(row.defaults_no, old, work.dialect))
    )
    await delete_unused_attachments(work, attachments)


async def _delete_edits(work: UnitOfWork, *conditions: ColumnElement[bool]) -> None:
    """Delete what was edited on lines, with the attachments that nothing else has."""
    attached = select(segment_line_override.c.attachment_id).where(
        *conditions, segment_line_override.c.attachment_id.is_not(None)
    )
    attachments = await attachments_of(work, attached)
    await work.connection.execute(delete(segment_line_override).where(*conditions))
    await delete_unused_attachments(work, attachments)


async def _move_pointer(
    work: UnitOfWork,
    segment_id: int,
    step: int,
    revision: int,
    *,
    lines_added: int,
    lines_removed: int,
    line_count: int,
) -> ActionResult:
    """Move the pointer over the action ``step`` to ``revision``."""
    await touch_segment(work, segment_id, revision=revision)
    _record(work, segment_id, lines_added + lines_removed)
    campaigns = await activated_of_segment(work, segment_id)
    await _follow_targets(work, campaigns, segment_id, step, lines_added + lines_removed)
    return ActionResult(
        segment_id=segment_id,
        revision=revision,
        lines_added=lines_added,
        lines_removed=lines_removed,
        line_count=line_count,
    )


async def _follow_targets(work: UnitOfWork, campaigns: Collection[int], segment_id: int, step: int, lines: int) -> None:
    """Let the target groups follow an action or its undoing; 0 for ``step`` when all lines are gone.

    Where it was about few lines, only their contacts are looked at.
    """
    contacts = None
    if campaigns and step and lines <= _FOLLOWED_ONE_BY_ONE:
        line = segment_line.c
        moved = select(line.contact_id).where(
            line.segment_id == segment_id, or_(line.added == step, line.removed == step)
        )
        contacts = (await work.connection.scalars(moved)).all()
    await refresh_targets(work, campaigns, contacts=contacts)


async def _drop_tail(work: UnitOfWork, held: Row[Any]) -> None:
    """Delete the revisions above the pointer with what they did; lines that no revision changed are not looked at."""
    if held.head_revision == held.revision:
        return
    above = (segment_revision.c.segment_id == held.id, segment_revision.c.revision > held.revision)
    dropped_steps = await _record_dropped(work, held.id, above=held.revision)
    added = any(step.lines_added for step in dropped_steps)
    removed = any(step.lines_removed for step in dropped_steps)
    line = segment_line.c
    if added:
        override = segment_line_override.c
        dropped = select(line.line_no).where(line.segment_id == held.id, line.added > held.revision)
        await _delete_edits(work, override.segment_id == held.id, override.line_no.in_(dropped))
        await work.connection.execute(
            delete(segment_line).where(line.segment_id == held.id, line.added > held.revision)
        )
        await _delete_old_defaults(work, held.id)
    if removed:
        await work.connection.execute(
            update(segment_line).where(line.segment_id == held.id, line.removed > held.revision).values(removed=None)
        )
    await work.connection.execute(delete(segment_revision).where(*above))


async def _record_dropped(work: UnitOfWork, segment_id: int, *, above: int) -> Sequence[Row[int, str, str, int, int]]:
    """Keep in the change log what the revisions above a number were, and return them; they are about to be deleted."""
    step = segment_revision.c
    statement = (
        select(step.revision, step.kind, step.rule, step.lines_added, step.lines_removed)
        .where(step.segment_id == segment_id, step.revision > above)
        .order_by(step.revision)
    )
    steps = (await work.connection.execute(statement)).all()
    for row in steps:
        work.record(
            "segment_revision",
            segment_id,
            ids=(row.revision, row.revision),
            row_count=row.lines_added + row.lines_removed,
            cause=f"dropped: {row.kind} {row.rule}".rstrip(),
        )
    return steps


async def _revision(work: UnitOfWork, segment_id: int, revision: int) -> Row[Any]:
    statement = select(segment_revision).where(
        segment_revision.c.segment_id == segment_id, segment_revision.c.revision == revision
    )
    return (await work.connection.execute(statement)).one()


async def _line_count(work: UnitOfWork, segment_id: int, revision: int) -> int:
    """Return the number of lines visible at a revision, which its row holds."""
    if revision == 0:
        return 0
    return int((await _revision(work, segment_id, revision)).line_count)


def _record(work: UnitOfWork, segment_id: int, lines: int) -> None:
    work.record("segment", segment_id, fields=("revision",), row_count=max(lines, 1))
