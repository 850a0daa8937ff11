"""The export of a segment: the contacts of its visible lines, in their order, safe and complete."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from server.clock import Moment
from server.errors import NotFoundError
from server.jobs.demo import create_demo
from server.jobs.export_members import FIELDS, export_members
from server.jobs.import_columns import Kind, read_columns
from server.jobs.import_options import ImportOptions
from server.operations.attributes import create_attribute
from server.operations.codes import create_mailing_group
from server.operations.contacts import create_contact
from server.operations.lines import add_lines, remove_lines
from server.operations.revisions import undo_action
from server.operations.segments import create_segment
from server.store.database import Database
from server.store.unit_of_work import UnitOfWork

LISTS = ["mailing_groups", "job_responsibilities", "industry_groups", "business_relations"]


async def segment_of(work: UnitOfWork, numbers: Sequence[str]) -> None:
    await create_segment(work, {"no": "S1", "description": "test"})
    await add_lines(work, "S1", numbers)


async def exported(database: Database, no: str = "S1") -> tuple[int, list[dict[str, str]]]:
    stream = io.StringIO(newline="")
    report = await export_members(database, no, stream)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))
    assert report.members == len(rows)
    return report.members, rows


async def test_every_value_of_a_contact(database: Database, moment: Moment) -> None:
    company: dict[str, Any] = {"no": "C1", "name": "=Acme", "country": "de", "phone": "+49 1", "address": "a\n=b"}
    person: dict[str, Any] = {
        "type": "PERSON",
        "no": "P1",
        "name": "Anna Berg",
        "company_no": "C1",
        "exclude_from_segment": True,
        "add_mailing_groups": ["VIP", "NEWS"],
        "attributes": {"balance": Decimal("-12.5"), "note": "-1"},
    }
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        for code in ("NEWS", "VIP"):
            await create_mailing_group(work, code, code)
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
        "address": "a\n'=b",
        "mailing_groups": "NEWS;VIP",
        "attributes.balance": "-12.5",
        "attributes.note": "'-1",
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


async def test_a_contact_on_two_lines_has_two_rows(database: Database, moment: Moment) -> None:
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        await create_contact(work, {"no": "C1", "name": "Acme"})
        await segment_of(work, ["C1"])
        await add_lines(work, "S1", ["C1"], allow_existing_contacts=True)
    count, rows = await exported(database)
    assert (count, [row["no"] for row in rows]) == (2, ["C1", "C1"])


async def test_an_empty_segment_is_a_header(database: Database, moment: Moment) -> None:
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        await segment_of(work, [])
    assert await exported(database) == (0, [])


async def test_a_segment_that_is_not_there(database: Database) -> None:
    with pytest.raises(NotFoundError):
        await exported(database, "NOPE")
