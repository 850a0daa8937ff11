"""Attachments as people see them."""

from server.reading.relations import OrderKey, Relation
from server.store.tables import attachment

ATTACHMENTS = Relation(
    name="attachment",
    source=attachment,
    key=OrderKey("key", attachment.c.id, int, unique=True),
    columns={"name": attachment.c.name, "media_type": attachment.c.media_type, "url": attachment.c.url},
)
