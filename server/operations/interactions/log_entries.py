"""What can be done with entries of the interaction log: evaluate, cancel, take that back, delete."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, delete, false, select, true, update

from server.errors import ErrorCode, RefusedError
from server.operations.contacts.companies import record_contacts
from server.operations.interactions.interaction_values import EVALUATIONS
from server.operations.references import hold_entries, listed_path, require_few
from server.operations.setup.attachments import delete_unused_attachments, unique_attachments
from server.operations.values import checked_choice
from server.store.campaign_targets import refresh_targets
from server.store.id_lists import ids_in
from server.store.tables import campaign_entry, interaction_log_entry, logged_segment
from server.store.unit_of_work import UnitOfWork

_log = interaction_log_entry.c


async def evaluate_interactions(work: UnitOfWork, entry_nos: Sequence[int], evaluation: str | None) -> list[int]:
    """Say how interactions went, also of canceled and postponed ones; None: not evaluated. Return their numbers.

    Raises: NotFoundError; InvalidInputError; RefusedError(VALUE_REQUIRED) for no entry.
    """
    choice = checked_choice(evaluation, "evaluation", EVALUATIONS)
    held = await _held(work, entry_nos)
    changed = [row.entry_no for row in held if row.evaluation != choice]
    await _change(work, changed, {"evaluation": choice})
    return [row.entry_no for row in held]


async def set_interactions_canceled(
    work: UnitOfWork, entry_nos: Sequence[int], *, canceled: bool, remove_unique_attachment: bool = False
) -> list[int]:
    """Cancel interactions, or take that back; return their entry numbers, ascending.

    Canceled ones vanish from all sums and stay in the log. With ``remove_unique_attachment`` those that are canceled
    lose their attachment when nothing else has it.

    Raises: RefusedError STILL_CANCELED when that is taken back while the logged segment or the campaign entry of one is
    canceled, POSTPONED for one that is not finished; NotFoundError; InvalidInputError; RefusedError(VALUE_REQUIRED).
    """
    if not canceled:
        await _require_parents(work, entry_nos)
    held = await _held(work, entry_nos)
    for row in held:
        if row.postponed:
            msg = f"Interaction {row.entry_no} is not finished; finish it first, or delete it."
            raise RefusedError(ErrorCode.POSTPONED, msg, path=listed_path("entry_nos", entry_nos, row.entry_no))
    changed = [row for row in held if row.canceled != canceled]
    await _change(work, [row.entry_no for row in changed], {"canceled": canceled})
    if canceled and remove_unique_attachment:
        await _remove_attachments(work, changed)
    return [row.entry_no for row in held]


async def delete_interactions(work: UnitOfWork, entry_nos: Sequence[int]) -> list[int]:
    """Delete canceled or postponed interactions with their comments; return the numbers they had, ascending.

    Attachments that nothing else has go with them; the target groups of their campaigns follow.

    Raises: RefusedError(NOT_CANCELED); NotFoundError; InvalidInputError; RefusedError(VALUE_REQUIRED) for no entry.
    """
    held = await _held(work, entry_nos)
    for row in held:
        if not row.canceled and not row.postponed:
            msg = f"Interaction {row.entry_no} is neither canceled nor postponed; cancel it first."
            raise RefusedError(ErrorCode.NOT_CANCELED, msg, path=listed_path("entry_nos", entry_nos, row.entry_no))
    keys = [row.entry_no for row in held]
    await work.connection.execute(delete(interaction_log_entry).where(ids_in(_log.entry_no, keys, work.dialect)))
    for key in keys:
        work.record("interaction_log_entry", key)
    await delete_unused_attachments(work, [row.attachment_id for row in held])
    contacts = {key for row in held for key in (row.contact_id, row.company_id) if key is not None}
    record_contacts(work, [*contacts], fields=("interactions",), cause="interaction_log_entry")  # the rows are gone
    await refresh_targets(work, {row.campaign_id for row in held}, contacts=contacts)
    return keys


async def _held(work: UnitOfWork, entry_nos: Sequence[int]) -> Sequence[Row[Any]]:
    require_few(entry_nos, "interactions")
    return await hold_entries(work, interaction_log_entry, "interaction", entry_nos)


async def _require_parents(work: UnitOfWork, entry_nos: Sequence[int]) -> None:
    """Refuse interactions whose logged segment or campaign entry is canceled; these stay as they are until the end.

    They are locked before the interactions, in the order of whoever cancels them with all they have.
    """
    require_few(entry_nos, "interactions")
    for parent, key, link, name, mutation in (
        (logged_segment, logged_segment.c.entry_no, _log.logged_segment_no, "logged segment", "cancelLoggedSegments"),
        (campaign_entry, campaign_entry.c.entry_no, _log.campaign_entry_no, "campaign entry", "cancelCampaignEntries"),
    ):
        links = select(link).where(ids_in(_log.entry_no, entry_nos, work.dialect))
        locked = select(key).where(key.in_(links)).order_by(key).with_for_update(read=True)
        await work.connection.execute(locked)
        first = (
            select(_log.entry_no, link.label("parent_no"))
            .join_from(interaction_log_entry, parent, and_(key == link, parent.c.canceled == true()))
            .where(ids_in(_log.entry_no, entry_nos, work.dialect), _log.postponed == false())
            .order_by(_log.entry_no)
            .limit(1)
        )
        row = (await work.connection.execute(first)).one_or_none()
        if row is not None:
            msg = (
                f"Interaction {row.entry_no} belongs to {name} {row.parent_no}, which is canceled; bring that back "
                f"with {mutation}(canceled: false) first."
            )
            raise RefusedError(ErrorCode.STILL_CANCELED, msg, path=listed_path("entry_nos", entry_nos, row.entry_no))


async def _remove_attachments(work: UnitOfWork, entries: Sequence[Row[Any]]) -> None:
    """Take their attachments from interactions that alone have them."""
    unique = await unique_attachments(work, [row.attachment_id for row in entries])
    losing = [row.entry_no for row in entries if row.attachment_id in unique]
    await _change(work, losing, {"attachment_id": None})
    await delete_unused_attachments(work, unique)


async def _change(work: UnitOfWork, keys: Sequence[int], values: dict[str, Any]) -> None:
    """Write the same values to some interactions."""
    if not keys:
        return
    await work.connection.execute(
        update(interaction_log_entry).where(ids_in(_log.entry_no, keys, work.dialect)).values(values)
    )
    for key in keys:
        work.record("interaction_log_entry", key, fields=list(values))
