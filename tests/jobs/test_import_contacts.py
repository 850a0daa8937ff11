"""The import, on both databases: every row of the file is in the store as written, or among the rejects."""

import asyncio
import csv
import io
import random
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from server.clock import Clock, Moment
from server.errors import InvalidInputError, NotFoundError
from server.jobs.import_contacts import import_contacts
from server.jobs.import_options import ImportOptions, Match
from server.settings import Settings
from server.store.database import Database
from server.store.tables import change, contact
from tests.jobs.conftest import Import, rejects_of

Contacts = Callable[..., Awaitable[list[tuple[Any, ...]]]]
Attributes = Callable[[], Awaitable[dict[str, dict[str, Any]]]]


def survey(rows: int) -> str:
    """Return a file like those of other systems: typed columns with gaps, and no field of contacts."""
    choose = random.Random(7)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(["age", "job", "car.loan", "Dt_Customer", "seen at", "opted.in", "score", "note"])
    for number in range(rows):
        writer.writerow(
            [
                choose.randint(18, 95),
                choose.choice(["admin.", "blue-collar", "retired", "self-employed"]),
                choose.choice(["yes", "no"]),
                choose.choice(["2024-02-29", "1999-12-31", ""]),
                choose.choice(["2026-01-05T08:30:00Z", "2026-01-05 23:00:00+05:30", ""]),
                choose.choice(["true", "FALSE", ""]),
                choose.choice(["-1.5", "0", "12345.6789", ""]),
                choose.choice(["", "=cmd", "two\nlines", "Ünïcödé 漢字 🎉", f"unique {number}", ' quoted "word" ']),
            ]
        )
    return stream.getvalue()


READ: dict[str, Callable[[str], Any]] = {
    "age": Decimal,
    "score": Decimal,
    "opted_in": lambda text: text.lower() == "true",
    "dt_customer": date.fromisoformat,
    "seen_at": lambda text: datetime.fromisoformat(text).astimezone(UTC),
}


async def test_every_cell_arrives_in_its_type(run_import: Import, contacts: Contacts, attributes: Attributes) -> None:
    text = survey(1_037)
    report = await run_import(text, attributes=("*",), match=Match.NONE, chunk_rows=250)
    assert (report.read, report.created, report.rejected) == (1_037, 1_037, 0)
    assert report.form.delimiter == ";"
    assert report.rejects is None
    expected = []
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=";"):
        names = {title: title.lower().replace(".", "_").replace(" ", "_") for title in row}
        expected.append({names[title]: READ.get(names[title], str)(cell) for title, cell in row.items() if cell})
    found = await attributes()
    numbers = [f"CT{number:06d}" for number in range(1, 1_038)]
    assert [found.get(no, {}) for no in numbers] == expected
    assert [
        no for no, type_, name in await contacts("no", "type", "name") if (type_, name) == ("PERSON", "")
    ] == numbers


async def test_fields_are_stored_as_the_operation_would_store_them(run_import: Import, contacts: Contacts) -> None:
    report = await run_import(
        "First Name,Surname,E-Mail,Phone No.,Country/Region Code,Correspondence Type,Privacy Blocked,Age\n"
        "Anna Maria,Müller, anna@example.com ; a2@example.com,+49 30 1,de,hard copy,yes,44\n"
        "=cmd,,,,,,,\n"
    )
    assert report.ignored == ("Age",)
    columns = ("first_name", "surname", "name", "search_name", "email", "phone", "country", "correspondence_type")
    assert await contacts(*columns, "privacy_blocked", "type") == [
        ("Anna Maria", "Müller", "Anna Maria Müller", "anna maria müller", "anna@example.com;a2@example.com",
         "+49 30 1", "DE", "HARD_COPY", True, "PERSON"),
        ("=cmd", "", "=cmd", "=cmd", "", "", None, None, False, "PERSON"),
    ]  # fmt: skip


async def test_broken_rows_are_rejected_with_line_reason_and_cells(
    run_import: Import, contacts: Contacts, tmp_path: Path
) -> None:
    big = "x" * 10_000
    rows = [
        ("name,email,phone,minor,no", None),
        ("Good,a@example.com,1,,", None),
        ("Nul\0,,,,", "NUL"),
        (f"{big},,,,", "100 are allowed"),
        ("Mail,no address,,,", "E-mail address"),
        ("Phone,,call me,,", "letters"),
        ("Flag,,,perhaps,", "BOOLEAN"),
        ("Few,cells", "2 cells"),
        ("Many,a@example.com,1,,,,", "7 cells"),
        (",,,,", "every cell is empty"),
        ("=cmd|' /C calc'!A0,,,,", None),
        ("Twice,,,,N1", None),
        ("Twice,,,, n1 ", "another row has the same no"),
        ("Last,,,,", None),
    ]
    report = await run_import("\r\n".join(line for line, _ in rows), chunk_rows=3)
    assert (report.read, report.created, report.rejected) == (13, 4, 9)
    assert [name for (name,) in await contacts("name")] == ["Good", "=cmd|' /C calc'!A0", "Last", "Twice"]
    assert report.rejects == tmp_path / "contacts.csv.rejects.csv"
    rejected = rejects_of(report)
    wanted = [(line, cells, reason) for line, (cells, reason) in enumerate(rows, start=1) if reason]
    assert [(int(row[0]), row[2:]) for row in rejected] == [(line, cells.split(",")) for line, cells, _ in wanted]
    for row, (_, _, reason) in zip(rejected, wanted, strict=True):
        assert reason.lower() in row[1].lower(), row


async def test_old_encodings_byte_order_marks_and_quoted_newlines(
    run_import: Import, contacts: Contacts, attributes: Attributes
) -> None:
    note = {"columns": {"note": "attributes.note:TEXT"}}
    await run_import('\ufeffname,note\nJosé,"Rua 1\nLisboa"\n', **note)
    await run_import("name;city\r\nJürgen;Köln\r\nZoë;Düsseldorf\r\n".encode("cp1252"))
    report = await run_import("name,city\nЮлия,Якутск\n".encode("cp1251"), encoding="cp1251")
    assert report.form.encoding == "cp1251"
    assert await contacts("name", "city") == [
        ("José", ""),
        ("Jürgen", "Köln"),
        ("Zoë", "Düsseldorf"),
        ("Юлия", "Якутск"),
    ]
    assert await attributes() == {"CT000001": {"note": "Rua 1\nLisboa"}}


async def test_bytes_that_mean_nothing_are_rejected(run_import: Import) -> None:
    report = await run_import(b"name\n" + "Jürgen\n".encode() * 20 + b"J\xfcrgen\n")
    assert (report.created, report.rejected) == (20, 1)
    assert [(line, cell) for line, _, cell in rejects_of(report)] == [("22", "J\\udcfcrgen")]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"foo,bar\n1,2\n", b"name,Name\na,b\n", b'name,"x\n1,2\n', bytes(range(256)) * 9, b"PK\x03\x04rest"],
)
async def test_a_file_that_is_no_use_changes_nothing(run_import: Import, contacts: Contacts, content: bytes) -> None:
    with pytest.raises(InvalidInputError):
        await run_import(content)
    assert await contacts("no") == []


async def test_a_header_alone_is_no_error(run_import: Import) -> None:
    report = await run_import("name,email\r\n")
    assert (report.read, report.created, report.rejected) == (0, 0, 0)


@pytest.mark.parametrize(
    "options",
    [
        {"match": Match.NO},
        {"match": Match.EMAIL},
        {"type": "robot"},
        {"chunk_rows": 0},
        {"chunk_rows": 10**6},
        {"encoding": "none"},
        {"columns": {"name": "attributes.and"}},
        {"columns": {"gone": "name"}},
        {"rejects": Path("/no/such/folder/rejects.csv")},
    ],
)
async def test_options_that_do_not_fit_are_refused_before_anything(
    run_import: Import, contacts: Contacts, options: dict[str, Any], database: Database
) -> None:
    with pytest.raises(InvalidInputError):
        await run_import("name,age\nAnna,3\n", attributes=("age",), **options)
    assert await contacts("no") == []
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(change)) == 0


async def test_the_file_itself_is_not_overwritten(run_import: Import, write_file: Any, tmp_path: Path) -> None:
    file = write_file("name\nAnna\n")
    with pytest.raises(InvalidInputError):
        await run_import(file, rejects=file)
    with pytest.raises(NotFoundError):
        await run_import(tmp_path / "missing.csv")
    assert file.read_text() == "name\nAnna\n"


async def test_existing_attributes_keep_their_type(run_import: Import, attributes: Attributes) -> None:
    await run_import("no,size\nA1,12\n", attributes=("size:TEXT",))
    await run_import("no,size\nA2,13\n", attributes=("size",))
    assert await attributes() == {"A1": {"size": "12"}, "A2": {"size": "13"}}
    with pytest.raises(InvalidInputError, match="TEXT"):
        await run_import("no,size\nA3,14\n", attributes=("size:NUMBER",))


@pytest.mark.parametrize("cell", ["1e900000", "NaN", "9" * 40, "0x10", "1,5", "٣", "1_000", "--1", "inf"])
async def test_hostile_numbers_are_rejected(run_import: Import, cell: str) -> None:
    report = await run_import([["no", "size"], ["A1", "1"], ["A2", cell]], attributes=("size:NUMBER",))
    assert (report.created, report.rejected) == (1, 1)


async def test_a_crowd_of_rejects_and_keys_in_any_order(run_import: Import) -> None:
    choose = random.Random(3)
    rows = [["no", "email"]]
    rows += [
        [choose.choice(["", *(f"K{n}" for n in range(60))]), choose.choice(["", "bad", "a@x.org"])] for _ in range(400)
    ]
    report = await run_import(rows, chunk_rows=17)
    used: set[str] = set()
    created = rejected = 0
    for no, email in rows[1:]:
        if (not no and not email) or email == "bad" or no in used:
            rejected += 1
        else:
            created += 1
        used |= {no} if no else set()
    assert (report.read, report.created, report.rejected) == (400, created, rejected)


async def test_progress_ends_at_the_size_of_the_file(database: Database, clock: Clock, write_file: Any) -> None:
    file = write_file("name\n" + "x\n" * 100)
    seen: list[tuple[int, int]] = []
    options = ImportOptions(chunk_rows=30)
    await import_contacts(
        database, file, clock=clock, options=options, progress=lambda done, total: seen.append((done, total))
    )
    assert seen[-1] == (file.stat().st_size, file.stat().st_size)
    assert len(seen) == 4


async def test_a_busy_database_is_waited_for(sqlite_url: str, clock: Clock, write_file: Any) -> None:
    """Another process holds the only write lock for longer than one attempt waits."""
    file = write_file("name\n" + "x\n" * 40)
    database = Database(Settings(database_url=sqlite_url, write_wait=0.2))
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    importing = asyncio.create_task(import_contacts(database, file, clock=clock, options=ImportOptions(chunk_rows=10)))
    await asyncio.sleep(0.7)
    assert not importing.done()
    other.execute("ROLLBACK")
    other.close()
    assert (await importing).created == 40
    await database.close()


async def test_a_number_that_somebody_took_meanwhile(run_import: Import, database: Database, moment: Moment) -> None:
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        await work.connection.execute(
            insert(contact).values(no="CT000003", type="PERSON", created_at=moment.now, modified_at=moment.now)
        )
    report = await run_import("name\n" + "x\n" * 5)
    assert report.created == 5
