"""The target groups of activated campaigns, kept in step with the lines and interactions that make them.

Whoever changes lines, their campaign or target flag, the interactions of a campaign, or the company of a contact asks
for it in the same unit of work: ``activated_of_segment`` before, where the change may make a segment forget a campaign,
and ``refresh_targets`` as the last thing, because it waits for others who refresh the same group.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, and_, delete, false, func, insert, literal, or_, select, true, union

from server.store.id_lists import id_rows, ids_in
from server.store.segment_lines import LINE_PROBE, LINE_SOURCE, LINE_VALUES, visible_at
from server.store.tables import (
    campaign,
    campaign_target,
    contact,
    interaction_log_entry,
    segment,
    segment_defaults,
    segment_line,
    segment_line_override,
)
from server.store.types import BigId
from server.store.unit_of_work import UnitOfWork

_LOCK = 0x7E55E2C
"""Class of the PostgreSQL advisory locks between those who refresh the group of one campaign; its key is the other
half, cut to 31 bits: campaigns that share a lock only wait for each other."""


async def activated_of_segment(work: UnitOfWork, segment_id: int) -> set[int]:
    """Return the keys of the activated campaigns that the header or a line of a segment names, visible or not."""
    by_header = select(segment_defaults.c.campaign_id).where(
        segment_defaults.c.segment_id == segment_id, segment_defaults.c.campaign_id.is_not(None)
    )
    override = segment_line_override.c
    by_line = select(override.line_no).where(override.segment_id == segment_id, override.campaign_id == campaign.c.id)
    statement = select(campaign.c.id).where(
        campaign.c.activated == true(), or_(campaign.c.id.in_(by_header), by_line.correlate(campaign).exists())
    )
    return set(await work.connection.scalars(statement))


async def refresh_targets(
    work: UnitOfWork, campaigns: Iterable[int | None] | None, *, contacts: Collection[int] | None = None
) -> int:
    """Make the target groups of the activated ones among ``campaigns`` what their lines and interactions say.

    In a group is the company of every contact, or the contact where it has none, who stands on a visible line of the
    campaign marked as its target, or has such an interaction that is not postponed, canceled or not.

    Args:
        work: where; all other changes of the unit are made.
        campaigns: keys of campaigns; None among them is nobody's, None instead of them means every campaign.
        contacts: keys of the only contacts of whom anything changed, and of the companies they left: makes it quick.

    Returns: how many companies and contacts came into a group or left one.
    """
    activated = await _hold_activated(work, campaigns)
    members = None if contacts is None or not activated else await _members(work, contacts)
    changed = 0
    for campaign_id in activated:
        moved = await _write_difference(work, campaign_id, members)
        if moved:
            work.record("campaign", campaign_id, fields=("targets",), row_count=moved)
        changed += moved
    return changed


async def _hold_activated(work: UnitOfWork, campaigns: Iterable[int | None] | None) -> list[int]:
    """Return the keys of the activated campaigns among these, whose groups nobody else refreshes from now on.

    Campaigns are locked before it is asked whether they are activated: one that is being activated is waited for, one
    that will be sees what this unit did.
    """
    statement = select(campaign.c.id, campaign.c.activated).order_by(campaign.c.id).with_for_update(read=True)
    if campaigns is None:
        statement = statement.where(campaign.c.activated == true())
    else:
        asked = {key for key in campaigns if key is not None}
        if not asked:
            return []
        statement = statement.where(ids_in(campaign.c.id, asked, work.dialect))
    activated = [row.id for row in await work.connection.execute(statement) if row.activated]
    if work.dialect == "postgresql":
        for key in activated:
            await work.connection.execute(select(func.pg_advisory_xact_lock(_LOCK, key % 2**31)))
    return activated


async def _members(work: UnitOfWork, contacts: Collection[int]) -> list[int]:
    """Return the keys under which the contacts are or were in target groups: their companies' and their own."""
    statement = select(contact.c.company_id).where(
        ids_in(contact.c.id, contacts, work.dialect), contact.c.company_id.is_not(None)
    )
    companies = await work.connection.scalars(statement)
    return sorted({*contacts, *(key for key in companies if key is not None)})


def _by_lines(campaign_id: int, members: Collection[int] | None, dialect: str) -> Select[Any]:
    """Return the keys that visible lines of the campaign put into its group; the company is the contact's now."""
    named = union(
        *(
            select(table.c.segment_id).where(table.c.campaign_id == campaign_id, table.c.campaign_target == true())
            for table in (segment_defaults, segment_line_override)
        )
    )
    source = LINE_SOURCE.join(segment, segment.c.id == segment_line.c.segment_id).join(
        contact, contact.c.id == segment_line.c.contact_id
    )
    statement = (
        select(func.coalesce(contact.c.company_id, contact.c.id).label("contact_id"))
        .select_from(source)
        .where(
            segment_line.c.segment_id.in_(named),
            visible_at(segment.c.revision),
            LINE_VALUES["campaign_id"] == campaign_id,
            LINE_VALUES["campaign_target"] == true(),
        )
    )
    if members is None:
        return statement
    theirs = union(
        id_rows(members, dialect), select(contact.c.id).where(ids_in(contact.c.company_id, members, dialect))
    )
    return statement.where(segment_line.c.contact_id.in_(theirs)).with_hint(segment_line, LINE_PROBE, "sqlite")


def _by_interactions(campaign_id: int, members: Collection[int] | None, dialect: str) -> Select[Any]:
    """Return the keys that interactions put into the group; the company is the one noted on them."""
    entry = interaction_log_entry.c
    statement = select(func.coalesce(entry.company_id, entry.contact_id).label("contact_id")).where(
        entry.campaign_id == campaign_id,
        entry.campaign_target == true(),
        entry.postponed == false(),
        or_(entry.company_id.is_not(None), entry.contact_id.is_not(None)),
    )
    if members is None:
        return statement
    alone = and_(entry.company_id.is_(None), ids_in(entry.contact_id, members, dialect))
    return statement.where(or_(ids_in(entry.company_id, members, dialect), alone))


async def _write_difference(work: UnitOfWork, campaign_id: int, members: Collection[int] | None) -> int:
    """Take out of the group what does not belong there, and put into it what is missing; return how many."""
    target = campaign_target.c
    here = target.campaign_id == campaign_id
    if members is not None:
        here = and_(here, ids_in(target.contact_id, members, work.dialect))
    dialect = work.dialect
    wanted = union(_by_lines(campaign_id, members, dialect), _by_interactions(campaign_id, members, dialect))
    desired = select(wanted.subquery("wanted").c.contact_id)
    present = select(target.contact_id).where(here)
    missing = desired.except_(present).subquery("missing")
    counted = {"preserve_rowcount": True}
    deleted = await work.connection.execute(
        delete(campaign_target).where(here, target.contact_id.in_(present.except_(desired))), execution_options=counted
    )
    inserted = await work.connection.execute(
        insert(campaign_target).from_select(
            ["campaign_id", "contact_id"], select(literal(campaign_id, BigId), missing.c.contact_id)
        ),
        execution_options=counted,
    )
    return deleted.rowcount + inserted.rowcount
