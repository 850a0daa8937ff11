"""The lower bound: what somebody would write by hand with the driver alone, for one rule and one table.

The statements do what the operation does to the same table: the same rows in the same order under the same numbers.
"""

import sqlite3
from pathlib import Path
from time import perf_counter

_INSERT = """
insert into segment_line
    (segment_id, line_no, contact_id, origin, added, defaults_no, salesperson, language, correspondence_type)
select :segment,
       10 * row_number() over (
           order by coalesce(company.search_name, ''), coalesce(company.no, ''), c.type, c.search_name, c.no),
       c.id, 1, 1, 1, c.salesperson, c.language, c.correspondence_type
  from contact c left join contact company on company.id = c.company_id
 where {where}
   and not c.exclude_from_segment and not c.privacy_blocked
"""


def connect(path: Path) -> sqlite3.Connection:
    """Return a connection with the server's promises: WAL, every commit on the disk, foreign keys checked."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def add_contacts(connection: sqlite3.Connection, segment_id: int, where: str) -> tuple[float, int]:
    """Insert the lines and commit; return the seconds that it took and how many lines there are."""
    begun = perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    lines = connection.execute(_INSERT.format(where=where), {"segment": segment_id}).rowcount
    connection.execute("COMMIT")
    return perf_counter() - begun, lines


def remove_lines(connection: sqlite3.Connection, segment_id: int) -> None:
    """Take the lines away again."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("delete from segment_line where segment_id = ?", (segment_id,))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
