"""Comments as people see them."""

from typing import Any

from sqlalchemy import Row, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.relations import Belonging, OrderKey, Relation
from server.store.note_tables import CommentColumns
from server.store.tables import campaign_comment, contact_comment, interaction_comment


def _comments(table: Table[CommentColumns]) -> Relation:
    """Return the comments on objects of one kind; their key is their place on one object."""
    return Relation(
        name=table.name,
        source=table,
        key=OrderKey("key", table.c.place, int, unique=True),
        columns={"place": table.c.place, "on": table.c.on, "code": table.c.code, "text": table.c.text},
    )


CONTACT_COMMENTS = _comments(contact_comment)
CAMPAIGN_COMMENTS = _comments(campaign_comment)
INTERACTION_COMMENTS = _comments(interaction_comment)


def belonging(comments: Relation) -> Belonging:
    """Return what makes of an object's key the condition that a comment is on it."""
    owner_id = comments.source.c.owner_id
    return lambda key: owner_id == key


async def read_comment(
    connection: AsyncConnection, table: Table[CommentColumns], owner_id: int, place: int
) -> Row[Any] | None:
    """Return the comment at a place on an object, with every column and its place as ``key``."""
    key = table.c.place.label("key")
    statement = select(table, key).where(table.c.owner_id == owner_id, table.c.place == place)
    return (await connection.execute(statement)).one_or_none()
