"""One operation, one transaction, and the record of what it changed."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.clock import Moment
from server.store.tables import change

_CHANGE_LOCK = 0x7E55E2A
"""Key of the PostgreSQL advisory lock that makes the order of ``seq`` the order of the commits."""


class UnitOfWork:
    """The transaction of one operation.

    Operations issue statements on ``connection`` and call ``record`` for what they changed; the store commits.

    Attributes:
        connection: in a transaction that will be committed or rolled back whole.
        actor: who asked for it.
        operation: what was asked for, in the API's name.
        moment: the operation's one clock reading.
        seq: number of the last change recorded; 0 before the changes are flushed or when nothing changed.
    """

    def __init__(self, connection: AsyncConnection, *, actor: str, operation: str, moment: Moment) -> None:
        self.connection = connection
        self.actor = actor
        self.operation = operation
        self.moment = moment
        self.seq = 0
        self._changes: list[dict[str, Any]] = []

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.connection.dialect.name

    @property
    def has_changes(self) -> bool:
        """Whether anything was recorded that is not flushed yet."""
        return bool(self._changes)

    def record(
        self,
        object: str,  # noqa: A002 - the column's name
        object_id: int | None = None,
        *,
        code: str | None = None,
        fields: Sequence[str] | None = None,
        ids: tuple[int, int] | None = None,
        row_count: int = 1,
        old_company_id: int | None = None,
        cause: str = "",
    ) -> None:
        """Note a change for the change log.

        Args:
            object: the table's name: ``contact``, ``segment``, ``interaction_log_entry``, …
            object_id: which row, by its integer key.
            code: which row, where the key is a code.
            fields: the fields that changed; None for creation, deletion and bulk changes.
            ids: first and last integer key of a bulk change, inclusive.
            row_count: how many rows the change touched.
            old_company_id: the company that a contact left.
            cause: what led to it, when that is not the operation itself.
        """
        first_id, last_id = ids or (None, None)
        self._changes.append(
            {
                "at": self.moment.now,
                "actor": self.actor,
                "operation": self.operation,
                "object": object,
                "object_id": object_id,
                "object_code": code,
                "first_id": first_id,
                "last_id": last_id,
                "fields": None if fields is None else sorted(fields),
                "old_company_id": old_company_id,
                "row_count": row_count,
                "cause": cause,
            }
        )

    async def record_range(
        self, table: Table[Any], *conditions: ColumnElement[bool], fields: Iterable[str] | None = None, cause: str = ""
    ) -> int:
        """Note one change of all rows of a table that meet the conditions, with the range of their integer keys.

        Called while the rows still meet them: before a change that ends that, after one that begins it.

        Args:
            table: has one integer as its key.
            conditions: over the table.
            fields: the fields that change; None for creation and deletion.
            cause: as for ``record``.

        Returns: how many rows there are; without any, nothing is noted.
        """
        (key,) = table.primary_key.columns
        span = select(func.min(key), func.max(key), func.count()).where(*conditions)
        first, last, count = (await self.connection.execute(span)).one()
        if count:
            named = None if fields is None else list(fields)
            self.record(table.name, fields=named, ids=(first, last), row_count=count, cause=cause)
        return int(count)

    async def flush_changes(self) -> None:
        """Write the recorded changes; the last statements of the transaction.

        On PostgreSQL one advisory lock is held from here to the commit, so a reader of the change log never meets
        a lower ``seq`` after a higher one.
        """
        if not self._changes:
            return
        if self.dialect == "postgresql":
            await self.connection.execute(select(func.pg_advisory_xact_lock(_CHANGE_LOCK)))
        await self.connection.execute(insert(change), self._changes)
        self._changes.clear()
        self.seq = await last_seq(self.connection)


async def last_seq(connection: AsyncConnection) -> int:
    """Return the number of the newest change; 0 when nothing ever changed."""
    return await connection.scalar(select(func.coalesce(func.max(change.c.seq), 0))) or 0
