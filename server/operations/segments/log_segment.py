"""Logging a segment: its lines become interactions, and the segment leaves the worksheet."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    case,
    func,
    insert,
    literal,
    select,
    union,
    update,
)

from server.errors import ErrorCode, RefusedError
from server.operations.interactions.deliveries import IN_PROGRESS, queue_deliveries
from server.operations.numbering import Series, has_series
from server.operations.segments.loggable_lines import (
    IS_DELIVERED,
    LOGGED_TYPE,
    line_source,
    require_complete,
    to_be_logged,
)
from server.operations.segments.reusing import reuse_logged_segment
from server.operations.segments.revisions import header_of, hold_segment
from server.operations.segments.segment_values import SegmentValues
from server.operations.segments.segments import create_segment, erase_segment
from server.operations.setup.marketing_setup import read_setup
from server.store.campaign_targets import activated_of_segment, refresh_targets
from server.store.segment_lines import LINE_SOURCE, LINE_VALUES
from server.store.tables import (
    campaign,
    campaign_entry,
    contact,
    interaction_log_entry,
    logged_segment,
    segment,
    segment_defaults,
    segment_line,
    segment_line_override,
    segment_revision,
)
from server.store.types import Instant
from server.store.unit_of_work import UnitOfWork

_SHARED = (
    "description", "subject", "on", "template", "group", "salesperson", "campaign_id", "campaign_target",
    "campaign_response", "evaluation", "attempt_failed", "cost", "duration", "information_flow", "initiated_by",
    "language", "attachment_id",
)  # fmt: skip
"""Values that an interaction takes over from its line as they are."""
_FOLLOW_UP = ("followUp",)


@dataclass(frozen=True, slots=True)
class LogResult:
    """What logging a segment left behind.

    Attributes:
        logged_segment_no: entry number of the logged segment.
        follow_up_segment_id: key of the follow-up segment; None when none was asked for.
        entries: interactions written.
        skipped_count: lines without an interaction because their contact is blocked for privacy.
        deliveries: interactions queued for a mailer.
    """

    logged_segment_no: int
    follow_up_segment_id: int | None
    entries: int
    skipped_count: int
    deliveries: int


async def log_segment(
    work: UnitOfWork,
    segment_no: str,
    *,
    deliver: bool = False,
    follow_up: bool = False,
    expected_version: int | None = None,
) -> LogResult:
    """Write an interaction for every visible line, then delete the segment; all or nothing.

    A line that is to be sent by e-mail to a contact without an address is logged without a correspondence type, unless
    it is to be delivered. Where the setup says so, lines of contacts blocked for privacy are left out. With ``deliver``
    the interactions are queued for a mailer; with ``follow_up`` a new segment gets a line for every interaction.

    Raises: RefusedError SEGMENT_ALREADY_LOGGED, VALUE_REQUIRED without a description, SEGMENT_EMPTY; for the first line
    that cannot be logged LINE_INCOMPLETE and, with ``deliver``, EMAIL_REQUIRED and ATTACHMENT_REQUIRED;
    SETUP_INCOMPLETE when there is no number for the follow-up; ConflictError.
    """
    held = await hold_segment(work, segment_no, expected_version=expected_version)
    header = await header_of(work, held)
    line_count = await _require_loggable(work, held, header)
    setup = await read_setup(work)
    which = to_be_logged(held, skip_privacy_blocked=setup.skip_privacy_blocked)
    await _require_any(work, held, which, line_count)
    await require_complete(work, which, deliver=deliver)
    if follow_up:
        await _require_series(work)
    logged_segment_no = await _insert_logged_segment(work, held, header)
    await _insert_campaign_entries(work, held, header, which, logged_segment_no)
    entries = await _insert_interactions(work, held, which, logged_segment_no, deliver=deliver)
    await _adopt_campaign_entries(work, held, logged_segment_no)
    of_segment = interaction_log_entry.c.logged_segment_no == logged_segment_no
    deliveries = await queue_deliveries(work, of_segment) if deliver else 0
    campaigns = await activated_of_segment(work, held.id)
    await erase_segment(work, held)
    follow_up_id = await _create_follow_up(work, held, header, logged_segment_no) if follow_up else None
    await refresh_targets(work, campaigns)
    return LogResult(
        logged_segment_no=logged_segment_no,
        follow_up_segment_id=follow_up_id,
        entries=entries,
        skipped_count=line_count - entries,
        deliveries=deliveries,
    )


def _refused(code: ErrorCode, message: str) -> RefusedError:
    return RefusedError(code, message, path=("segmentNo",))


async def _require_loggable(work: UnitOfWork, held: Row[Any], header: Row[Any]) -> int:
    """Check the segment as a whole; return the number of its visible lines."""
    known = select(logged_segment.c.entry_no).where(logged_segment.c.segment_no == held.no)
    if await work.connection.scalar(known) is not None:
        msg = f"A logged segment for segment {held.no} exists already."
        raise _refused(ErrorCode.SEGMENT_ALREADY_LOGGED, msg)
    if not header.description.strip():
        raise _refused(ErrorCode.VALUE_REQUIRED, f"Segment {held.no} needs a description before it is logged.")
    count = select(segment_revision.c.line_count).where(
        segment_revision.c.segment_id == held.id, segment_revision.c.revision == held.revision
    )
    line_count = await work.connection.scalar(count) or 0
    if not line_count:
        raise _refused(ErrorCode.SEGMENT_EMPTY, f"Segment {held.no} has no lines; there is nothing to log.")
    return line_count


async def _require_any(work: UnitOfWork, held: Row[Any], which: ColumnElement[bool], line_count: int) -> None:
    """Refuse a segment of which every line is skipped."""
    some = select(segment_line.c.line_no).select_from(line_source(deliver=False)).where(which).limit(1)
    if await work.connection.scalar(some) is None:
        msg = (
            f"Segment {held.no} has nobody who can be logged: the contacts of all {line_count:,} lines are blocked for "
            "privacy, and the marketing setup skips such contacts (skipPrivacyBlocked)."
        )
        raise _refused(ErrorCode.SEGMENT_EMPTY, msg)


async def _require_series(work: UnitOfWork) -> None:
    """Refuse a follow-up segment that would get no number, before anything is written."""
    if not await has_series(work, Series.SEGMENT):
        msg = (
            "The follow-up segment would get no number: the marketing setup names no number series for segments. "
            "Set segmentSeries, or log without followUp."
        )
        raise RefusedError(ErrorCode.SETUP_INCOMPLETE, msg, path=_FOLLOW_UP)


async def _insert_logged_segment(work: UnitOfWork, held: Row[Any], header: Row[Any]) -> int:
    entry_no = await work.connection.scalar(
        insert(logged_segment)
        .values(
            segment_no=held.no,
            description=header.description,
            created_on=work.moment.today,
            created_at=work.moment.now,
            actor=work.actor,
        )
        .returning(logged_segment.c.entry_no)
    )
    work.record("logged_segment", entry_no)
    return int(entry_no or 0)


async def _insert_campaign_entries(
    work: UnitOfWork, held: Row[Any], header: Row[Any], which: ColumnElement[bool], logged_segment_no: int
) -> None:
    """Write an entry for each campaign of the lines that has none for the segment yet.

    It gets the date and the salesperson of its first line.
    """
    mentioned = union(
        *(
            select(table.c.campaign_id).where(table.c.segment_id == held.id, table.c.campaign_id.is_not(None))
            for table in (segment_defaults, segment_line_override)
        )
    )
    if not (await work.connection.scalars(mentioned.limit(1))).all():
        return
    campaign_id = LINE_VALUES["campaign_id"]
    known = select(campaign_entry.c.campaign_id).where(campaign_entry.c.segment_no == held.no)
    first_lines = (
        select(func.min(segment_line.c.line_no))
        .select_from(line_source(deliver=False))
        .where(which, campaign_id.is_not(None), campaign_id.not_in(known))
        .group_by(campaign_id)
    )
    row = {
        "campaign_id": campaign_id,
        "description": literal(header.description),
        "on": LINE_VALUES["on"],
        "actor": literal(work.actor),
        "segment_no": literal(held.no),
        "salesperson": LINE_VALUES["salesperson"],
        "logged_segment_no": literal(logged_segment_no),
    }
    firsts = (
        select(*row.values())
        .select_from(LINE_SOURCE)
        .where(segment_line.c.segment_id == held.id, segment_line.c.line_no.in_(first_lines))
        .order_by(segment_line.c.line_no)
    )
    await work.connection.execute(insert(campaign_entry).from_select(list(row), firsts, include_defaults=False))
    written = select(campaign_entry.c.entry_no).where(campaign_entry.c.logged_segment_no == logged_segment_no)
    for entry_no in (await work.connection.scalars(written)).all():
        work.record("campaign_entry", entry_no)


async def _adopt_campaign_entries(work: UnitOfWork, held: Row[Any], logged_segment_no: int) -> None:
    """Take over the campaign entries that a phone call from a line made before: they count the interactions, too."""
    mine, entry = campaign_entry.c, interaction_log_entry.c
    earlier = (mine.segment_no == held.no, mine.logged_segment_no.is_(None))
    if not (await work.connection.scalars(select(mine.entry_no).where(*earlier).limit(1))).all():
        return
    counting = select(entry.campaign_entry_no).where(entry.logged_segment_no == logged_segment_no)
    adopted = await work.connection.scalars(
        update(campaign_entry)
        .where(*earlier, mine.entry_no.in_(counting))
        .values(logged_segment_no=logged_segment_no, canceled=False)
        .returning(mine.entry_no)
    )
    for entry_no in sorted(adopted.all()):
        work.record("campaign_entry", entry_no, fields=("logged_segment_no", "canceled"))


async def _insert_interactions(
    work: UnitOfWork, held: Row[Any], which: ColumnElement[bool], logged_segment_no: int, *, deliver: bool
) -> int:
    """Write the interactions in the order of the contacts, in which the log's indexes grow best; return how many."""
    row: dict[str, ColumnElement[Any]] = {
        "contact_id": contact.c.id,
        "company_id": contact.c.company_id,
        "at": literal(work.moment.now, Instant),
        **{name: LINE_VALUES[name] for name in _SHARED},
        "correspondence_type": LOGGED_TYPE,
        "alternative_address": segment_line.c.alternative_address,
        "campaign_entry_no": campaign_entry.c.entry_no,
        "segment_no": literal(held.no),
        "logged_segment_no": literal(logged_segment_no),
        "actor": literal(work.actor),
    }
    if deliver:
        row["delivery_status"] = case((IS_DELIVERED, literal(IN_PROGRESS)))
    source = line_source(deliver=deliver).outerjoin(
        campaign_entry,
        and_(campaign_entry.c.campaign_id == LINE_VALUES["campaign_id"], campaign_entry.c.segment_no == held.no),
    )
    lines = (
        select(*row.values())
        .select_from(source)
        .where(which)
        .order_by(segment_line.c.contact_id, segment_line.c.line_no)
    )
    written = await work.connection.execute(
        insert(interaction_log_entry).from_select(list(row), lines, include_defaults=False),
        execution_options={"preserve_rowcount": True},
    )
    if not written.rowcount:
        return 0
    entry_no = interaction_log_entry.c.entry_no
    ends = select(func.min(entry_no), func.max(entry_no)).where(
        interaction_log_entry.c.logged_segment_no == logged_segment_no
    )
    first, last = (await work.connection.execute(ends)).one()
    work.record("interaction_log_entry", ids=(first, last), row_count=written.rowcount)
    return written.rowcount


async def _create_follow_up(work: UnitOfWork, held: Row[Any], header: Row[Any], logged_segment_no: int) -> int:
    """Create the segment that goes on where the logged one ended; only the campaign comes along."""
    campaign_no = await work.connection.scalar(select(campaign.c.no).where(campaign.c.id == header.campaign_id))
    values: SegmentValues = {"description": f"Follow-up on segment {held.no}", "campaign_no": campaign_no}
    try:
        segment_id = await create_segment(work, values)
    except RefusedError as error:
        error.path = _FOLLOW_UP  # nobody gave the header whose field it names
        raise
    no = await work.connection.scalar(select(segment.c.no).where(segment.c.id == segment_id))
    await reuse_logged_segment(work, no or "", logged_segment_no)
    return segment_id
