"""The mutations of comments: what a comment is about is named by number."""

from typing import Any, TypedDict

from sqlalchemy import select, update

from server.errors import InvalidInputError
from server.operations.references import contact_by_no, interaction_by_no, not_found
from server.operations.setup.comments import Comments, CommentValues, add_comment, delete_comment, update_comment
from server.operations.values import api_name, required_code
from server.store.tables import campaign, campaign_comment, contact, contact_comment, interaction_comment
from server.store.unit_of_work import UnitOfWork


class CommentSubject(TypedDict, total=False):
    """What a comment is about: exactly one of the three."""

    contact_no: str | None
    campaign_no: str | None
    interaction_entry_no: int | None


async def comment_on(work: UnitOfWork, subject: CommentSubject, values: CommentValues) -> tuple[Comments, int, int]:
    """Write a comment; return its table, the key of what it is about, and its place there.

    A contact is stamped as changed.

    Raises: InvalidInputError, also unless exactly one subject is named; NotFoundError; RefusedError(VALUE_REQUIRED).
    """
    comments, owner_id = await _subject(work, subject)
    place = await add_comment(work, comments, owner_id, values)
    await _stamp(work, comments, owner_id)
    return comments, owner_id, place


async def change_comment(
    work: UnitOfWork, subject: CommentSubject, place: int, values: CommentValues
) -> tuple[Comments, int]:
    """Change a comment; return its table and the key of what it is about.

    Raises: what ``comment_on`` raises.
    """
    comments, owner_id = await _subject(work, subject)
    if await update_comment(work, comments, owner_id, place, values):
        await _stamp(work, comments, owner_id)
    return comments, owner_id


async def remove_comment(work: UnitOfWork, subject: CommentSubject, place: int) -> None:
    """Delete a comment.

    Raises: InvalidInputError unless exactly one subject is named; NotFoundError.
    """
    comments, owner_id = await _subject(work, subject)
    await delete_comment(work, comments, owner_id, place)
    await _stamp(work, comments, owner_id)


async def _subject(work: UnitOfWork, subject: CommentSubject) -> tuple[Comments, int]:
    """Return the table of the comments and the key of the subject, whose row is then locked."""
    named: dict[str, Any] = {field: value for field, value in subject.items() if value is not None}
    if len(named) != 1:
        msg = "Name exactly one of contactNo, campaignNo and interactionEntryNo."
        raise InvalidInputError(msg, path=(api_name(max(named, default="contact_no")),))
    ((field, value),) = named.items()
    if field == "contact_no":
        return contact_comment, (await contact_by_no(work, value, field)).id
    if field == "interaction_entry_no":
        return interaction_comment, (await interaction_by_no(work, value, field)).entry_no
    no = required_code(value, field, 20)
    held = await work.connection.scalar(select(campaign.c.id).where(campaign.c.no == no).with_for_update())
    if held is None:
        raise not_found("campaign", no, field)
    return campaign_comment, held


async def _stamp(work: UnitOfWork, comments: Comments, owner_id: int) -> None:
    """Note on a contact that something of it changed; campaigns and interactions say nothing of their comments."""
    if comments is not contact_comment:
        return
    stamped = {"modified_at": work.moment.now, "version": contact.c.version + 1}
    await work.connection.execute(update(contact).where(contact.c.id == owner_id).values(stamped))
    work.record("contact", owner_id, fields=("comments", "modified_at"))
