"""A small world of contacts in the store, and what stands on a segment of it."""

import random
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select

from server.clock import Moment
from server.operations.segments.segments import create_segment
from server.selection import DecidedRule, decide_rule
from server.store.database import Database
from server.store.segment_lines import LINE_SOURCE, LINE_VALUES, visible_at
from server.store.tables import (
    attribute,
    contact,
    contact_attribute,
    interaction_template,
    salesperson,
    segment,
    segment_line,
)
from server.store.unit_of_work import UnitOfWork
from tests.operations.business_central import Line, Person, Rule, Says

DIVISOR = "attributes.divisor"
RULES: Mapping[str, Rule] = {
    'country == "DE"': lambda c: Says.YES if c.country == "DE" else Says.NO,
    'country in ["FR", "CH"]': lambda c: Says.YES if c.country in {"FR", "CH"} else Says.NO,
    "country == null": lambda c: Says.YES if c.country is None else Says.NO,
    'type == "PERSON"': lambda c: Says.YES if c.type == "PERSON" else Says.NO,
    'type == "COMPANY"': lambda c: Says.YES if c.type == "COMPANY" else Says.NO,
    'name.starts_with("A")': lambda c: Says.YES if c.name.startswith("A") else Says.NO,
    "true": lambda c: Says.YES,  # noqa: ARG005
    "false": lambda c: Says.NO,  # noqa: ARG005
    f"6 / {DIVISOR} > 2": lambda c: Says.RAISES if c.divisor == 0 else (Says.YES if 6 / c.divisor > 2 else Says.NO),
    f'type == "PERSON" and 6 / {DIVISOR} > 1': lambda c: (
        Says.NO if c.type != "PERSON" else Says.RAISES if c.divisor == 0 else Says.YES if 6 / c.divisor > 1 else Says.NO
    ),
}
"""Rules as text and as what they say of one contact; the division raises where the divisor is 0."""


def many_contacts(chance: random.Random, count: int = 40) -> list[Person]:
    """Return contacts of every kind: companies with and without persons, persons without company, equal names."""
    companies = count // 4
    made: list[Person] = []
    for id_ in range(1, count + 1):
        is_company = id_ <= companies
        made.append(
            Person(
                id=id_,
                no=f"CT{chance.randrange(1000):03}{id_:03}",
                type="COMPANY" if is_company else "PERSON",
                name=chance.choice(("Abe", "Zoe", "abe", "Ärger", "Ann")),
                country=chance.choice(("DE", "FR", "CH", None)),
                divisor=chance.choice((0, 1, 2, 3, 6)),
                company=id_ if is_company else chance.choice((*range(1, companies + 1), None, None)),
                excluded=chance.random() < 0.2,
                blocked=chance.random() < 0.15,
            )
        )
    return made


async def store_contacts(work: UnitOfWork, contacts: Sequence[Person]) -> None:
    """Insert the contacts, a template and salespeople."""
    connection = work.connection
    now = work.moment.now
    names = {person.id: person.name for person in contacts}
    await connection.execute(insert(salesperson), [{"code": "AH"}, {"code": "BD"}])
    await connection.execute(insert(interaction_template), [{"code": "LETTER", "correspondence_type": None}])
    await connection.execute(
        insert(attribute).values(id=1, name="divisor", type="NUMBER", default_value="1", created_at=now)
    )
    for person in sorted(contacts, key=lambda one: one.type):
        await connection.execute(
            insert(contact).values(
                id=person.id,
                no=person.no,
                type=person.type,
                name=person.name,
                search_name=person.name.casefold(),
                company_id=person.company,
                company_name=names[person.company] if person.company else "",
                country=person.country,
                salesperson="AH" if person.id % 2 else "BD",
                email=f"p{person.id}@example.com" if person.id % 3 else "",
                correspondence_type=(None, "EMAIL", "HARD_COPY")[person.id % 3],
                language=(None, "DEU")[person.id % 2],
                exclude_from_segment=person.excluded,
                privacy_blocked=person.blocked,
                created_at=now,
                modified_at=now,
            )
        )
        await connection.execute(
            insert(contact_attribute).values(contact_id=person.id, attribute_id=1, number_value=Decimal(person.divisor))
        )
        work.record("contact", person.id)


class World:
    """Contacts in a store, one open segment SM00001, and a way to carry out operations on it."""

    def __init__(self, database: Database, moment: Moment, contacts: Sequence[Person]) -> None:
        self.database = database
        self.moment = moment
        self.contacts = contacts

    async def begin(self, **header: Any) -> None:
        """Store the contacts and create the segment."""
        await self.run(store_contacts, self.contacts)
        values: Any = {"description": "Spring", "template": "LETTER", **header}
        await self.run(create_segment, values)

    async def run(self, operation: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        """Carry out one operation in a unit of work of its own."""
        async with self.database.write(actor="ann", operation="test", moment=self.moment) as work:
            return await operation(work, *arguments, **keywords)

    async def decide(self, rule: str) -> DecidedRule:
        """Return the rule, decided now."""
        async with self.database.read() as connection:
            return await decide_rule(connection, rule, self.moment, residual_rows=1_000)

    async def lines(self, segment_no: str = "SM00001") -> tuple[Line, ...]:
        """Return the visible lines in the order of their numbers."""
        return tuple(Line(row.line_no, row.contact_id) for row in await self.line_rows(segment_no))

    async def line_rows(self, segment_no: str = "SM00001") -> Sequence[Any]:
        """Return the visible lines with all their values."""
        statement = (
            select(
                segment_line.c.line_no,
                segment_line.c.contact_id,
                *(value.label(name) for name, value in LINE_VALUES.items()),
            )
            .select_from(LINE_SOURCE.join(segment, segment.c.id == segment_line.c.segment_id))
            .where(segment.c.no == segment_no, visible_at(segment.c.revision))
            .order_by(segment_line.c.line_no)
        )
        async with self.database.read() as connection:
            return (await connection.execute(statement)).all()
