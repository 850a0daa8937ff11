"""How SQLite carries the statements on segments out: by which index, and with how many sorts."""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event, select

from server.clock import Moment
from server.operations.segments.lines import add_lines
from server.operations.segments.selecting import AddOptions, add_contacts, reduce_segment, refine_segment
from server.reading.pages import Listing, PageRequest, read_pages
from server.reading.relations import Order
from server.reading.segments import LINES, lines_at, lines_of
from server.rules import sql_functions
from server.settings import Settings
from server.store.database import Database
from server.store.segment_lines import LINE_SOURCE, LINE_VALUES, visible_at
from server.store.tables import segment_line
from tests.operations.test_selecting import CONTACTS, NO
from tests.operations.worksheets import World

PROBE = "segment_line USING INDEX ix_segment_line_contact_id_segment_id (contact_id=? AND segment_id=?)"
BY_KEY = "segment_line USING PRIMARY KEY (segment_id=?"


@pytest.fixture
async def world(sqlite_url: str, moment: Moment) -> Any:
    database = Database(Settings(database_url=sqlite_url), functions=sql_functions())
    world = World(database, moment, CONTACTS)
    await world.begin()
    await world.run(add_lines, NO, ["P1", "P2"])
    yield world
    await database.close()


@contextmanager
def plans(database: Database) -> Iterator[dict[str, str]]:
    """Collect the plan of every statement, by its text."""
    collected: dict[str, str] = {}

    def explain(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("INSERT INTO segment_line ", "UPDATE", "SELECT", "DELETE")) and not collected.get(
            statement
        ):
            collected[statement] = "explained below"
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            collected[statement] = "\n".join(row.detail for row in rows)

    engines = (database._writer.sync_engine, database._reader.sync_engine)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", explain)
    yield collected
    for engine in engines:
        event.remove(engine, "before_cursor_execute", explain)


async def plan_of(world: World, beginning: str, action: Awaitable[Any]) -> str:
    """Carry the action out and return the plan of its one statement that begins so."""
    with plans(world.database) as collected:
        await action
    (plan,) = (plan for statement, plan in collected.items() if statement.startswith(beginning))
    return plan


async def test_adding_uses_the_rules_index_probes_each_contact_and_sorts_once(world: World) -> None:
    decided = await world.decide('country == "DE"')
    plan = await plan_of(world, "INSERT INTO segment_line ", world.run(add_contacts, NO, decided))
    assert "SEARCH contact USING INDEX ix_contact_country (country=?)" in plan
    assert f"SEARCH {PROBE}" in plan
    assert "SCAN segment_line" not in plan
    assert plan.count("USE TEMP B-TREE FOR ORDER BY") == 1


async def test_adding_whole_companies_reads_them_by_index(world: World) -> None:
    decided = await world.decide('country == "DE"')
    options = AddOptions(expand_companies=True)
    plan = await plan_of(world, "INSERT INTO segment_line ", world.run(add_contacts, NO, decided, options))
    assert "SEARCH contact USING INTEGER PRIMARY KEY (rowid=?)" in plan
    assert "ix_contact_company_id (company_id=?)" in plan
    assert f"SEARCH {PROBE}" in plan
    assert "SCAN contact" not in plan
    assert plan.count("USE TEMP B-TREE FOR ORDER BY") == 1


@pytest.mark.parametrize("operation", [reduce_segment, refine_segment])
@pytest.mark.parametrize("entire", [False, True])
async def test_removing_reads_the_lines_of_one_segment_and_their_contacts(
    world: World, operation: Any, *, entire: bool
) -> None:
    decided = await world.decide('name.starts_with("Z")')
    action = world.run(operation, NO, decided, entire_companies=entire)
    plan = await plan_of(world, "UPDATE segment_line ", action)
    assert "SCAN segment_line" not in plan
    assert "SCAN contact" not in plan
    assert BY_KEY in plan or PROBE in plan


async def test_pinning_probes_each_contact(world: World) -> None:
    plan = await plan_of(world, "SELECT segment_line.contact_id", world.run(add_lines, NO, ["P1", "P3"]))
    assert f"SEARCH {PROBE}" in plan


async def test_a_page_of_lines_is_read_by_the_primary_key_without_sorting(world: World) -> None:
    statement = (
        select(segment_line.c.line_no, *(value.label(name) for name, value in LINE_VALUES.items()))
        .select_from(LINE_SOURCE)
        .where(segment_line.c.segment_id == 1, segment_line.c.line_no > 10, visible_at(1))
        .order_by(segment_line.c.line_no)
        .limit(50)
    )

    async def read() -> None:
        async with world.database.read() as connection:
            await connection.execute(statement)

    plan = await plan_of(world, "SELECT segment_line.line_no", read())
    assert f"SEARCH {BY_KEY} AND line_no>?)" in plan
    assert "TEMP B-TREE" not in plan


async def test_the_page_that_people_see_touches_only_its_own_lines(world: World) -> None:
    listing = Listing(LINES, Order(LINES.key), lines_at(None), belongs=lines_of)

    async def read() -> None:
        async with world.database.read() as connection:
            await read_pages(connection, listing, {"line_no", "description"}, PageRequest(50, after=(10,)), [1])

    with plans(world.database) as collected:
        await read()
    assert any(f"SEARCH {BY_KEY} AND line_no>?)" in plan for plan in collected.values())
    assert all("SCAN segment_line" not in plan for plan in collected.values())
