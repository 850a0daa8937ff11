"""The export of a segment: the contacts of its visible lines, in their order, safe and complete."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import and_

import server.jobs.export_members as export_members_module
from server.clock import Moment
from server.errors import NotFoundError
from server.jobs.demo import create_demo
from server.jobs.export_members import FIELDS, export_members
from server.jobs.import_columns import Kind, read_columns
from server.jobs.import_options import ImportOptions
from server.operations.contacts.attributes import create_attribute
from server.operations.contacts.contacts import create_contact
from server.operations.segments.lines import add_lines, remove_lines
from server.operations.segments.revisions import undo_action
from server.operations.segments.segments import create_segment
from server.operations.setup.codes import MAILING_GROUPS, create_code
from server.rules import sql_functions
from server.settings import Settings
from server.store.database import Database
from server.store.segment_lines import visible_at
from server.store.tables import segment_line
from server.store.unit_of_work import UnitOfWork

LISTS = ["mailing_groups", "job_responsibilities", "industry_groups", "business_relations"]


async def segment_of(work: UnitOfWork, numbers: Sequence[str]) -> None:
    await create_segment(work, {"no": "S1", "description": "test"})
    if numbers:
        await add_lines(work, "S1", numbers)


async def exported(database: Database, no: str = "S1") -> tuple[int, list[dict[str, str]]]:
    stream = io.StringIO(newline="")
    report = await export_members(database, no, stream)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))
    assert report.members == len(rows)
    return report.members, rows


async def test_every_value_of_a_contact(database: Database, moment: Moment) -> None:
    company: dict[str, Any] = {"no": "C1", "name": "=Acme", "country": "de", "phone": "+49 1"}
    person: dict[str, Any] = {
        "type": "PERSON",
        "no": "P1",
        "name": "Anna Berg",
        "company_no": "C1",
        "exclude_from_segment": True,
        "add_mailing_groups": ["VIP", "NEWS"],
        "attributes": {"balance": Decimal("-12.5"), "note": "a\n=b"},
    }
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        for code in ("NEWS", "VIP"):
            await create_code(work, MAILING_GROUPS, code, code)
        await create_attribute(work, "balance", "NUMBER")
        await create_attribute(work, "note", "TEXT", default="=default")
        for values in (company, person):
            await create_contact(work, values)  # type: ignore[arg-type]
        await segment_of(work, ["P1", "C1"])
    _, (first, second) = await exported(database)
    assert list(first) == [*FIELDS, *LISTS, "attributes.balance", "attributes.note"]
    wanted = {
        "no": "P1",
        "type": "PERSON",
        "name": "Anna Berg",
        "company_no": "C1",
        "company_name": "'=Acme",
        "first_name": "Anna",
        "surname": "Berg",
        "country": "DE",
        "phone": "'+49 1",
        "mailing_groups": "NEWS;VIP",
        "attributes.balance": "-12.5",
        "attributes.note": "a\n'=b",
    }
    flags = {"exclude_from_segment": "true", "privacy_blocked": "false", "minor": "false"}
    assert first == dict.fromkeys(first, "") | wanted | flags | {"parental_consent_received": "false"}
    assert (second["no"], second["attributes.balance"], second["attributes.note"]) == ("C1", "", "'=default")


async def test_the_import_takes_every_column_back(database: Database, moment: Moment) -> None:
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        await create_attribute(work, "tier", "TEXT")
        await segment_of(work, [])
    stream = io.StringIO()
    await export_members(database, "s1", stream)
    columns = read_columns(next(csv.reader([stream.getvalue()])), ImportOptions())
    assert [column.title for column in columns if column.kind is Kind.NOTHING] == []


async def test_all_visible_lines_in_their_order(database: Database, moment: Moment) -> None:
    await create_demo(database, contacts=2_345, moment=moment)
    numbers = [f"CT{number:06d}" for number in range(2_345, 0, -1)]
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        await segment_of(work, numbers)
    seen: list[tuple[int, int]] = []
    stream = io.StringIO(newline="")
    await export_members(database, "S1", stream, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1_000, 2_345), (2_000, 2_345), (2_345, 2_345)]
    rows = list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))
    assert [row["no"] for row in rows] == numbers
    async with database.write(actor="test", operation="removeSegmentLines", moment=moment) as work:
        await remove_lines(work, "S1", [10 * place for place in range(11, 2_346)])
    count, rows = await exported(database)
    assert (count, [row["no"] for row in rows]) == (10, numbers[:10])
    async with database.write(actor="test", operation="undoSegmentAction", moment=moment) as work:
        await undo_action(work, "S1")
    assert (await exported(database))[0] == 2_345


async def test_a_contact_on_several_lines_is_one_member(database: Database, moment: Moment) -> None:
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        for no in ("C1", "C2", "C3"):
            await create_contact(work, {"no": no, "name": no})
        await segment_of(work, ["C2", "C1"])
        for numbers in (["C1", "C2"], ["C3", "C2"]):
            await add_lines(work, "S1", numbers, allow_existing_contacts=True)
    count, rows = await exported(database)
    assert (count, [row["no"] for row in rows]) == (3, ["C2", "C1", "C3"])
    async with database.write(actor="test", operation="removeSegmentLines", moment=moment) as work:
        await remove_lines(work, "S1", [10])
    count, rows = await exported(database)
    assert (count, [row["no"] for row in rows]) == (3, ["C1", "C2", "C3"])


async def test_a_member_is_written_once_also_across_pages(
    database: Database, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_members_module, "_PAGE_LINES", 2)
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        for no in ("C1", "C2", "C3"):
            await create_contact(work, {"no": no, "name": no})
        await segment_of(work, ["C1", "C2"])
        for numbers in (["C1", "C2"], ["C2", "C3"]):
            await add_lines(work, "S1", numbers, allow_existing_contacts=True)
    seen: list[tuple[int, int]] = []
    stream = io.StringIO(newline="")
    report = await export_members(database, "S1", stream, progress=lambda done, total: seen.append((done, total)))
    rows = list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))
    assert (report.members, [row["no"] for row in rows]) == (3, ["C1", "C2", "C3"])
    assert seen == [(2, 6), (4, 6), (6, 6)]


async def test_sqlite_reads_a_page_by_the_key_and_probes_for_earlier_lines(sqlite_url: str, moment: Moment) -> None:
    database = Database(Settings(database_url=sqlite_url), functions=sql_functions())
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        await segment_of(work, [])
        visible = and_(segment_line.c.segment_id == 1, visible_at(1))
        page = export_members_module._page(1, visible, 0)
        text = str(page.compile(dialect=work.connection.dialect, compile_kwargs={"literal_binds": True}))
        rows = await work.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")
        plan = "\n".join(row.detail for row in rows)
    await database.close()
    assert "SEARCH segment_line USING PRIMARY KEY (segment_id=? AND line_no>?)" in plan
    assert "SEARCH line_before USING INDEX ix_segment_line_contact_id_segment_id (contact_id=? AND segment_id=?" in plan
    assert "TEMP B-TREE" not in plan


async def test_an_empty_segment_is_a_header(database: Database, moment: Moment) -> None:
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        await segment_of(work, [])
    assert await exported(database) == (0, [])


async def test_a_segment_that_is_not_there(database: Database) -> None:
    with pytest.raises(NotFoundError):
        await exported(database, "NOPE")
