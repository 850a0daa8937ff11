"""Creates the salutations and organizational levels that rows of a file name and nobody has created yet."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from server.reading.keys import key_rows
from server.store.contact_tables import CodeColumns
from server.store.tables import organizational_level, salutation
from server.store.unit_of_work import UnitOfWork

_TABLES: Mapping[str, Table[CodeColumns]] = {
    "salutation": salutation,
    "organizational_level": organizational_level,
}
"""Field of contacts → the table of its codes."""


async def provide_codes(work: UnitOfWork, rows: Iterable[Mapping[str, Any]]) -> None:
    """Create what the rows of contacts, or of changes of contacts, name and what does not exist yet.

    Codes that exist stay until the unit of work ends.
    """
    named: dict[str, set[str]] = {field: set() for field in _TABLES}
    for row in rows:
        for field, codes in named.items():
            if code := row.get(field):
                codes.add(code)
    for field, codes in named.items():
        if codes:
            await _create_missing(work, _TABLES[field], codes)


async def _create_missing(work: UnitOfWork, table: Table[CodeColumns], codes: set[str]) -> None:
    """Create the codes that nobody has; another import may create the same ones beside this one."""
    listed = table.c.code.in_(key_rows(sorted(codes), work.dialect))
    statement = select(table.c.code).where(listed).order_by(table.c.code).with_for_update(read=True)
    missing = sorted(codes.difference(await work.connection.scalars(statement)))
    if not missing:
        return
    dialect = postgresql if work.dialect == "postgresql" else sqlite
    new = dialect.insert(table).on_conflict_do_nothing(index_elements=["code"])
    await work.connection.execute(new, [{"code": code} for code in missing])
    for code in missing:
        work.record(table.name, code=code)
