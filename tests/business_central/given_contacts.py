"""What tests of contacts need to stand in the database before they ask, and how they look at a contact."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table, insert, select, update

from server.clock import Moment
from server.store.database import Database
from server.store.tables import contact, interaction_log_entry, marketing_setup
from tests.conftest import GraphQL


@dataclass(frozen=True, slots=True)
class Given:
    """Puts rows into the database as they are, and shows contacts through the API."""

    database: Database
    moment: Moment
    graphql: GraphQL

    async def rows(self, table: Table[Any], *rows: dict[str, Any]) -> None:
        """Insert rows."""
        async with self.database.write(actor="test", operation="test", moment=self.moment) as work:
            await work.connection.execute(insert(table), list(rows))

    async def setup(self, **values: Any) -> None:
        """Change the marketing setup."""
        async with self.database.write(actor="test", operation="test", moment=self.moment) as work:
            await work.connection.execute(update(marketing_setup).values(values))

    async def key(self, no: str) -> int:
        """Return the key of a contact."""
        async with self.database.read() as connection:
            return int(await connection.scalar(select(contact.c.id).where(contact.c.no == no)) or 0)

    async def interaction(self, no: str, company: str | None, **values: Any) -> None:
        """Insert an interaction of a contact, with the company it had then."""
        row = {
            "contact_id": await self.key(no),
            "company_id": None if company is None else await self.key(company),
            "on": date(2026, 11, 1),
            "at": self.moment.now,
            **values,
        }
        await self.rows(interaction_log_entry, row)

    async def all(self, table: Table[Any], *names: str) -> list[tuple[Any, ...]]:
        """Return columns of all rows of a table, all columns unless named, in the order of its key."""
        statement = select(*(table.c[name] for name in names or table.c.keys())).order_by(*table.primary_key.columns)
        async with self.database.read() as connection:
            return [tuple(row) for row in await connection.execute(statement)]

    async def contact(self, no: str, fields: str) -> Any:
        """Return fields of a contact; None when there is none."""
        data = await self.graphql(f"query ($no: String!) {{ contact(no: $no) {{ {fields} }} }}", {"no": no})
        return data["contact"]

    async def values(self, no: str, fields: str) -> list[Any]:
        """Return the values of plain fields of a contact, in the order of their names."""
        found = await self.contact(no, fields)
        return [found[field] for field in fields.split()]
