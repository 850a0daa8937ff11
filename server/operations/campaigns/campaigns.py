"""Create, change and delete campaigns, and keep their entries."""

from datetime import date
from typing import Any, TypedDict

from sqlalchemy import Row, Table, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.errors import InvalidInputError
from server.operations.campaigns.campaign_flags import NO_FLAGS
from server.operations.numbering import NO_LENGTH, Series, take_number
from server.operations.references import not_found, require_code, require_salesperson
from server.operations.setup.marketing_setup import own_salesperson
from server.operations.values import checked_code, checked_date, checked_text, required_code
from server.operations.versions import require_version
from server.store.standing import keep_standing
from server.store.tables import (
    campaign,
    campaign_entry,
    campaign_status,
    interaction_log_entry,
    interaction_template,
    segment,
    segment_defaults,
    segment_line_override,
)
from server.store.unit_of_work import UnitOfWork


class CampaignValues(TypedDict, total=False):
    """The values of a campaign; absent: default or unchanged, None and ``''``: blank. ``no`` only on creation."""

    no: str | None
    description: str | None
    starting_on: date | None
    ending_on: date | None
    salesperson: str | None
    status: str | None


class CampaignEntryValues(TypedDict, total=False):
    """What a campaign entry says beside its campaign and segment."""

    description: str
    on: date
    salesperson: str | None
    logged_segment_no: int | None


_WORKSHEET: tuple[Table[Any], ...] = (segment_defaults, segment_line_override)
"""What holds the values of lines, a campaign and its flags among them."""
_LOST = {"campaign_id": None, **NO_FLAGS}
"""What is left of a campaign that is deleted."""


async def create_campaign(work: UnitOfWork, values: CampaignValues) -> int:
    """Create a campaign and return its key; its salesperson is the acting user's own unless one is given.

    Raises: InvalidInputError, also when it ends before it starts; AlreadyExistsError; NotFoundError for its status;
    NotFoundError and RefusedError(SALESPERSON_BLOCKED) for its salesperson.
    """
    given = _checked(values)
    _require_order(given.get("starting_on"), given.get("ending_on"))
    if "salesperson" not in given:
        given["salesperson"] = await own_salesperson(work)
    await _require_references(work, given)
    no = await take_number(work, Series.CAMPAIGN, values.get("no"))
    row = given | {"no": no, "created_at": work.moment.now, "modified_at": work.moment.now}
    campaign_id = await work.connection.scalar(insert(campaign).values(row).returning(campaign.c.id))
    work.record("campaign", campaign_id)
    return int(campaign_id or 0)


async def update_campaign(
    work: UnitOfWork, no: str, values: CampaignValues, *, expected_version: int | None = None
) -> int:
    """Change the given values of a campaign and return its key; when nothing differs, nothing is written.

    Raises: what ``create_campaign`` raises; ConflictError.
    """
    current = await hold_campaign(work, no, expected_version)
    if checked_code(values.get("no", current.no), "no", NO_LENGTH) != current.no:
        msg = "The number of a campaign cannot be changed."
        raise InvalidInputError(msg, path=("no",))
    before = current._asdict()
    given = _checked(values)
    changes = {field: value for field, value in given.items() if value != before[field]}
    if not changes:
        return int(current.id)
    after = before | changes
    _require_order(after["starting_on"], after["ending_on"], changed=changes.keys())
    await _require_references(work, changes)
    await stamp_campaign(work, current, changes)
    return int(current.id)


async def delete_campaign(work: UnitOfWork, no: str, *, expected_version: int | None = None) -> int:
    """Delete a campaign with its comments, entries and target group; return the key it had.

    Its interactions stay, without a campaign but marked as they were; so do segments, lines and templates, which lose
    their campaign flags with it.

    Raises: NotFoundError; ConflictError.
    """
    await keep_standing(work)
    current = await hold_campaign(work, no, expected_version)
    await _leave_interactions(work, current.id)
    await _leave_segments(work, current.id)
    await _leave_templates(work, current.id)
    await work.record_range(campaign_entry, campaign_entry.c.campaign_id == current.id, cause="campaign")
    await work.connection.execute(delete(campaign_entry).where(campaign_entry.c.campaign_id == current.id))
    await work.connection.execute(delete(campaign).where(campaign.c.id == current.id))
    work.record("campaign", current.id, code=current.no)
    return int(current.id)


async def hold_campaign(work: UnitOfWork, no: str, expected_version: int | None = None) -> Row[Any]:
    """Return the campaign's row, locked until the end of the unit of work.

    Raises: NotFoundError; ConflictError when its version is not the expected one.
    """
    key = required_code(no, "no", NO_LENGTH)
    statement = select(campaign).where(campaign.c.no == key).with_for_update()
    current = (await work.connection.execute(statement)).one_or_none()
    if current is None:
        raise not_found("campaign", key, "no")
    require_version(current.version, expected_version)
    return current


async def stamp_campaign(work: UnitOfWork, current: Row[Any], changes: dict[str, Any]) -> None:
    """Write the changes to a campaign that is held, as a new version of it."""
    stamped = changes | {"modified_at": work.moment.now, "version": current.version + 1}
    await work.connection.execute(update(campaign).where(campaign.c.id == current.id).values(stamped))
    work.record("campaign", current.id, fields=[*changes, "modified_at"])


async def campaign_entry_for(work: UnitOfWork, campaign_id: int, segment_no: str, values: CampaignEntryValues) -> int:
    """Return the entry number of the campaign's entry for a segment; makes the entry when there is none.

    Args:
        work: where.
        campaign_id: the campaign.
        segment_no: the logged segment's number; ``''`` for all single interactions of the campaign together.
        values: what a new entry gets; one that exists keeps its own.
    """
    row = {**values, "campaign_id": campaign_id, "segment_no": segment_no, "actor": work.actor}
    dialect = postgresql if work.dialect == "postgresql" else sqlite
    inserted = await work.connection.scalar(
        dialect.insert(campaign_entry)
        .values(row)
        .on_conflict_do_nothing(index_elements=["campaign_id", "segment_no"])
        .returning(campaign_entry.c.entry_no)
    )
    if inserted is not None:
        work.record("campaign_entry", inserted)
        return int(inserted)
    found = await work.connection.execute(
        select(campaign_entry.c.entry_no).where(
            campaign_entry.c.campaign_id == campaign_id, campaign_entry.c.segment_no == segment_no
        )
    )
    return int(found.scalar_one())


def _checked(values: CampaignValues) -> dict[str, Any]:
    """Return the given fields as they are stored, without the number."""
    checked: dict[str, Any] = {}
    if "description" in values:
        checked["description"] = checked_text(values["description"], "description", 100)
    if "starting_on" in values:
        checked["starting_on"] = checked_date(values["starting_on"], "starting_on")
    if "ending_on" in values:
        checked["ending_on"] = checked_date(values["ending_on"], "ending_on")
    if "salesperson" in values:
        checked["salesperson"] = checked_code(values["salesperson"], "salesperson", 20)
    if "status" in values:
        checked["status"] = checked_code(values["status"], "status", 10)
    return checked


async def _require_references(work: UnitOfWork, given: dict[str, Any]) -> None:
    """Refuse a status that does not exist, and a salesperson who may not be assigned."""
    await require_code(work, campaign_status, given.get("status"), "campaign status", "status")
    await require_salesperson(work, given.get("salesperson"))


def _require_order(starting_on: date | None, ending_on: date | None, changed: Any = ("ending_on",)) -> None:
    """Raise InvalidInputError when the campaign ends before it starts; a blank date is open."""
    if starting_on is None or ending_on is None or starting_on <= ending_on:
        return
    if "ending_on" in changed:
        msg = f"endingOn must not be before startingOn, which is {starting_on}."
        raise InvalidInputError(msg, path=("endingOn",))
    msg = f"startingOn must not be after endingOn, which is {ending_on}."
    raise InvalidInputError(msg, path=("startingOn",))


async def _leave_interactions(work: UnitOfWork, campaign_id: int) -> None:
    """Take the campaign, and with it its entries, off its interactions."""
    values = {"campaign_id": None, "campaign_entry_no": None}
    theirs = interaction_log_entry.c.campaign_id == campaign_id
    if await work.record_range(interaction_log_entry, theirs, fields=values, cause="campaign"):
        await work.connection.execute(update(interaction_log_entry).where(theirs).values(values))


async def _leave_segments(work: UnitOfWork, campaign_id: int) -> None:
    """Take the campaign and its flags off segments and lines; a segment concerned is another version of itself."""
    named = (select(table.c.segment_id).where(table.c.campaign_id == campaign_id) for table in _WORKSHEET)
    concerned = or_(*(segment.c.id.in_(segments) for segments in named))
    if not await work.record_range(segment, concerned, fields=_LOST, cause="campaign"):
        return
    await work.connection.execute(
        update(segment).where(concerned).values(version=segment.c.version + 1, modified_at=work.moment.now)
    )
    for table in _WORKSHEET:
        await work.connection.execute(update(table).where(table.c.campaign_id == campaign_id).values(_LOST))


async def _leave_templates(work: UnitOfWork, campaign_id: int) -> None:
    """Take the campaign and its flags off the interaction templates that bring it."""
    template = interaction_template.c
    changed = await work.connection.scalars(
        update(interaction_template)
        .where(template.campaign_id == campaign_id)
        .values(version=template.version + 1, **_LOST)
        .returning(template.code)
    )
    for code in changed.all():
        work.record("interaction_template", code=code, fields=list(_LOST))
