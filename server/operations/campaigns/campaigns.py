"""Create and change campaigns, and keep their entries."""

from datetime import date
from typing import Any, TypedDict

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.errors import InvalidInputError
from server.operations.numbering import NO_LENGTH, Series, take_number
from server.operations.references import not_found, require_salesperson
from server.operations.values import checked_code, checked_date, checked_text, required_code
from server.operations.versions import require_version
from server.store.tables import campaign, campaign_entry
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


async def create_campaign(work: UnitOfWork, values: CampaignValues) -> int:
    """Create a campaign and return its key.

    Raises: InvalidInputError, also when it ends before it starts; AlreadyExistsError; NotFoundError and
    RefusedError(SALESPERSON_BLOCKED) for its salesperson.
    """
    given = _checked(values)
    _require_order(given.get("starting_on"), given.get("ending_on"))
    await require_salesperson(work, given.get("salesperson"))
    no = await take_number(work, Series.CAMPAIGN, values.get("no"))
    row = given | {"no": no, "created_at": work.moment.now, "modified_at": work.moment.now}
    campaign_id = await work.connection.scalar(insert(campaign).values(row).returning(campaign.c.id))
    work.record("campaign", campaign_id)
    return int(campaign_id or 0)


async def update_campaign(
    work: UnitOfWork, no: str, values: CampaignValues, *, expected_version: int | None = None
) -> int:
    """Change the given values of a campaign and return its key; when nothing differs, nothing is written.

    Raises: what ``create_campaign`` raises; NotFoundError; ConflictError.
    """
    key = required_code(no, "no", NO_LENGTH)
    statement = select(campaign).where(campaign.c.no == key).with_for_update()
    current = (await work.connection.execute(statement)).one_or_none()
    if current is None:
        raise not_found("campaign", key, "no")
    require_version(current.version, expected_version)
    if checked_code(values.get("no", key), "no", NO_LENGTH) != key:
        msg = "The number of a campaign cannot be changed."
        raise InvalidInputError(msg, path=("no",))
    before = current._asdict()
    given = _checked(values)
    changes = {field: value for field, value in given.items() if value != before[field]}
    if not changes:
        return int(current.id)
    after = before | changes
    _require_order(after["starting_on"], after["ending_on"], changed=changes.keys())
    if "salesperson" in changes:
        await require_salesperson(work, changes["salesperson"])
    stamped = changes | {"modified_at": work.moment.now, "version": current.version + 1}
    await work.connection.execute(update(campaign).where(campaign.c.id == current.id).values(stamped))
    work.record("campaign", current.id, fields=[*changes, "modified_at"])
    return int(current.id)


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


def _require_order(starting_on: date | None, ending_on: date | None, changed: Any = ("ending_on",)) -> None:
    """Raise InvalidInputError when the campaign ends before it starts; a blank date is open."""
    if starting_on is None or ending_on is None or starting_on <= ending_on:
        return
    path = "endingOn" if "ending_on" in changed else "startingOn"
    msg = "startingOn must not be after endingOn."
    raise InvalidInputError(msg, path=(path,))
