"""Criteria about names and e-mail addresses use the indexes of the real tables, whatever the letter case."""

from typing import Any

from sqlalchemy import Connection, event, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.clock import Moment
from server.jobs.demo import create_demo
from server.rules import check_rule, compile_rule
from server.store.database import Database
from server.store.folding import folded_columns
from server.store.tables import contact
from server.vocabulary import load_vocabulary

CONTACTS = 1_500
CRITERIA = [
    ('name.as_lower == "x"', "ix_contact_search_name"),
    ('name.as_upper == "X"', "ix_contact_search_name"),
    ('name == "x"', "ix_contact_search_name"),
    ('name in ["x", "y"]', "ix_contact_search_name"),
    ('name.starts_with("Xavier")', "ix_contact_search_name"),
    ('name =~ "Xavier.*"', "ix_contact_search_name"),
    ('name[0:6] == "Xavier"', "ix_contact_search_name"),
    ('name.as_lower.starts_with("xavier")', "ix_contact_search_name"),
    ('email.as_lower == "x@example.com"', "ix_contact_search_email"),
    ('email == "X@example.com"', "ix_contact_search_email"),
    ('email.starts_with("xavier.")', "ix_contact_search_email"),
    ("created_at.year == 2019", "ix_contact_created_at"),
    ('created_at.date == d"2019-02-03"', "ix_contact_created_at"),
    ("modified_at.to_epoch < 1000000", "ix_contact_modified_at"),
]


async def plan(connection: AsyncConnection, statement: Any) -> str:
    """Return how the database carries the statement out."""
    steps: list[str] = []
    explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"

    def collect(sync: Connection, _cursor: Any, written: str, parameters: Any, *_: Any) -> None:
        if written.startswith("SELECT"):
            rows = sync.exec_driver_sql(f"{explain} {written}", parameters).all()
            steps.extend(str(row[-1]) for row in rows)

    event.listen(connection.sync_connection, "before_cursor_execute", collect)
    await connection.execute(statement)
    event.remove(connection.sync_connection, "before_cursor_execute", collect)
    return "\n".join(steps)


async def test_criteria_use_the_indexes(database: Database, moment: Moment) -> None:
    await create_demo(database, contacts=CONTACTS, moment=moment)
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(text("ANALYZE"))
    async with database.read() as connection:
        vocabulary = await load_vocabulary(connection)
        for criteria, index in CRITERIA:
            bracket = compile_rule(check_rule(criteria, vocabulary), moment, dialect=connection.dialect.name)
            steps = await plan(connection, select(contact.c.id).where(bracket.sure))

            assert index in steps, f"{criteria}\n{steps}"
            assert bracket.exact, criteria


async def test_demo_contacts_have_their_casefolded_columns(database: Database, moment: Moment) -> None:
    await create_demo(database, contacts=300, moment=moment)
    async with database.read() as connection:
        rows = (await connection.execute(select(contact))).all()

    assert len(rows) == 300
    assert sum(row.email != row.search_email for row in rows) + sum(row.name != row.search_name for row in rows) > 250
    for row in rows:
        columns = row._asdict()
        assert folded_columns(columns).items() <= columns.items()
