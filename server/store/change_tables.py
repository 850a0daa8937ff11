"""The one append-only table of what happened."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, Integer, Named, String, Table, Text, TypedColumns

from server.store.metadata import metadata
from server.store.types import BigId, Instant


class ChangeColumns(TypedColumns):
    """One fact, written in the transaction that made it true.

    ``object`` names the kind of thing (``contact``, ``segment``, …) and ``object_id`` which one; a bulk operation
    writes one row with ``first_id`` and ``last_id``. ``fields`` lists what changed (null: created, deleted or bulk).
    ``old_company_id`` is the company a contact left. Rising ``seq`` is the order of the commits.
    """

    seq: Named[int] = Column(BigId, primary_key=True)
    at: Named[datetime] = Column(Instant)
    actor: Named[str] = Column(String(50))
    operation: Named[str] = Column(String(40))
    object: Named[str] = Column(String(30))
    object_id: Named[int | None] = Column(BigId)
    object_code: Named[str | None] = Column(String(20))
    first_id: Named[int | None] = Column(BigId)
    last_id: Named[int | None] = Column(BigId)
    fields: Named[list[str] | None] = Column(JSON(none_as_null=True))
    old_company_id: Named[int | None] = Column(BigId)
    row_count: Named[int] = Column(Integer, server_default="1")
    cause: Named[str] = Column(Text, server_default="")


change = Table(
    "change",
    metadata,
    ChangeColumns,
    Index("ix_change_object_object_id_seq", "object", "object_id", "seq"),
    sqlite_autoincrement=True,
)
