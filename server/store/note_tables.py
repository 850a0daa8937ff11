"""Attachments by reference, and comments on contacts, campaigns and interactions."""

from datetime import date

from sqlalchemy import Column, Date, ForeignKeyConstraint, Integer, Named, String, Table, TypedColumns

from server.store.metadata import metadata
from server.store.types import BigId


class AttachmentColumns(TypedColumns):
    """A document kept elsewhere: its name, its media type and the address it is fetched from.

    Edited lines and interactions refer to it without a foreign key, which could not be added to tables of millions of
    rows without copying them; so whoever deletes one makes sure first that nothing refers to it.
    """

    id: Named[int] = Column(BigId, primary_key=True)
    name: Named[str] = Column(String(100))
    media_type: Named[str] = Column(String(100), server_default="")
    url: Named[str] = Column(String(1000))


attachment = Table("attachment", metadata, AttachmentColumns, sqlite_autoincrement=True)


class CommentColumns(TypedColumns):
    """A comment, by its place from 1 among those on the same object, which is ``owner_id``."""

    owner_id: Named[int] = Column(BigId, primary_key=True, autoincrement=False)
    place: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    on: Named[date] = Column(Date)
    code: Named[str | None] = Column(String(10))
    text: Named[str] = Column(String(80))


def _comments(name: str, owner: str, key: str) -> Table[CommentColumns]:
    """Return the table ``name`` of the comments on rows of ``owner``, whose key is ``key``."""
    return Table(
        name,
        metadata,
        CommentColumns,
        ForeignKeyConstraint(["owner_id"], [f"{owner}.{key}"], ondelete="CASCADE"),
    )


contact_comment = _comments("contact_comment", "contact", "id")
campaign_comment = _comments("campaign_comment", "campaign", "id")
interaction_comment = _comments("interaction_comment", "interaction_log_entry", "entry_no")
