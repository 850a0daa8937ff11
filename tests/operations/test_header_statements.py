"""A change of the header costs the same statements however many lines there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import event

from server.clock import Moment
from server.operations.segments.lines import add_lines, update_line
from server.operations.segments.segment_languages import create_language, delete_language, update_language
from server.operations.segments.segments import create_segment, update_segment
from server.store.database import Database
from server.store.tables import interaction_template
from tests.operations.conftest import Store
from tests.operations.test_selecting import CONTACTS
from tests.operations.worksheets import World


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Collect the text of every statement of the writer."""
    texts: list[str] = []

    def collect(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        texts.append(statement)

    engine = database._writer.sync_engine
    event.listen(engine, "before_cursor_execute", collect)
    yield texts
    event.remove(engine, "before_cursor_execute", collect)


async def test_the_statements_are_the_same_for_few_and_many_lines(
    database: Database, moment: Moment, store: Store
) -> None:
    world = World(database, moment, CONTACTS)
    await world.begin()
    await store(interaction_template, {"code": "VISIT", "correspondence_type": "EMAIL"})
    everyone = [person.no for person in CONTACTS]
    file = {"name": "a", "url": "https://files.example/a"}
    seen = []
    for no, times in (("FEW", 1), ("MANY", 30)):
        await world.run(create_segment, {"no": no, "template": "LETTER", "language": "DEU"})
        await world.run(create_language, no, "FRA", {"subject": "Salut"})
        await world.run(add_lines, no, everyone * times, allow_existing_contacts=True)
        await world.run(update_line, no, 10, {"language": "FRA"})
        with statements(database) as texts:
            changes = {"description": "x", "unit_cost": Decimal(1), "on": date(2027, 1, 1), "subject": "Moin"}
            await world.run(update_segment, no, {**changes, "salesperson": "AH"})
            await world.run(update_language, no, "FRA", {"subject": "Bonjour", "attachment": file})
            await world.run(update_segment, no, {"description": "y"}, update_lines=False)
            await world.run(delete_language, no, "FRA")
            await world.run(update_segment, no, {"template": "VISIT"})
        seen.append(texts)
    few, many = seen
    assert few == many
    assert len(few) > 30
