"""Rows that meet contacts which are there: recognised, compared, changed as the operation changes them."""

import csv
import io
import random
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update

from server.clock import Moment
from server.errors import TesseraError
from server.jobs.import_options import Match
from server.operations.contacts.contacts import create_contact, update_contact
from server.operations.setup.codes import MAILING_GROUPS, create_code
from server.operations.setup.salespeople import create_salesperson
from server.store.database import Database
from server.store.tables import change, contact, contact_mailing_group, number_series
from tests.jobs.conftest import Import, rejects_of

Contacts = Callable[..., Awaitable[list[tuple[Any, ...]]]]
Attributes = Callable[[], Awaitable[dict[str, dict[str, Any]]]]


async def create(database: Database, moment: Moment, **values: Any) -> int:
    async with database.write(actor="test", operation="createContact", moment=moment) as work:
        return await create_contact(work, values)  # type: ignore[arg-type]


async def test_a_second_run_meets_everything_unchanged(run_import: Import, database: Database) -> None:
    text = "external_id,name,age\n" + "".join(f"X{n},Person {n},{n}\n" for n in range(500))
    first = await run_import(text, attributes=("age",), chunk_rows=200)
    async with database.read() as connection:
        before = await connection.scalar(select(func.max(change.c.seq)))
    second = await run_import(text, attributes=("age",), chunk_rows=70)
    assert (first.created, second.unchanged) == (500, 500)
    async with database.read() as connection:
        assert await connection.scalar(select(func.max(change.c.seq))) == before


async def test_changes_touch_what_differs_and_are_recorded(
    run_import: Import, database: Database, attributes: Attributes
) -> None:
    await run_import(
        "no,name,city,age\nA1,Anna Berg,Bonn,40\nA2,Bo Berg,Bonn,\nA3,Cy Berg,Bonn,5\n", attributes=("age",)
    )
    text = "no,city,country,age\nA1,Ulm,de,41\nA2,,,7\nA3,Bonn,,5\nA9,Ulm,,1\n"
    report = await run_import(text, attributes=("age",))
    assert (report.created, report.updated, report.unchanged) == (1, 2, 1)
    async with database.read() as connection:
        rows = (
            await connection.execute(
                select(contact.c.no, contact.c.name, contact.c.city, contact.c.country, contact.c.version).order_by(
                    contact.c.no
                )
            )
        ).all()
        changes = (
            await connection.execute(
                select(contact.c.no, change.c.fields, change.c.operation)
                .join_from(change, contact, contact.c.id == change.c.object_id)
                .where(change.c.object == "contact")
                .order_by(change.c.seq)
            )
        ).all()
    assert [tuple(row) for row in rows] == [
        ("A1", "Anna Berg", "Ulm", "DE", 2),
        ("A2", "Bo Berg", "Bonn", None, 2),
        ("A3", "Cy Berg", "Bonn", None, 1),
        ("A9", "", "Ulm", None, 1),
    ]
    assert sorted(tuple(row) for row in changes) == [
        ("A1", ["attributes.age", "city", "country", "modified_at"], "importContacts"),
        ("A2", ["attributes.age", "modified_at"], "importContacts"),
    ]
    assert await attributes() == {"A1": {"age": 41}, "A2": {"age": 7}, "A3": {"age": 5}, "A9": {"age": 1}}


async def test_new_contacts_are_recorded_as_one_range_for_each_chunk(run_import: Import, database: Database) -> None:
    await run_import("name\n" + "x\n" * 25, chunk_rows=10)
    ranges = select(change.c.first_id, change.c.last_id, change.c.row_count).where(change.c.object == "contact")
    async with database.read() as connection:
        found = [tuple(row) for row in await connection.execute(ranges.order_by(change.c.seq))]
        keys = (await connection.scalars(select(contact.c.id).order_by(contact.c.id))).all()
    assert [count for _, _, count in found] == [10, 10, 5]
    assert [(first, last) for first, last, _ in found] == [
        (keys[0], keys[9]),
        (keys[10], keys[19]),
        (keys[20], keys[24]),
    ]


async def test_several_contacts_with_one_key_are_a_reject(
    run_import: Import, database: Database, moment: Moment
) -> None:
    for name in ("A", "B"):
        await create(database, moment, name=name, external_id="same", email="a@example.com")
    by_id = await run_import("external_id,city\nsame,Ulm\nother,Ulm\n")
    assert (by_id.created, by_id.rejected) == (1, 1)
    assert rejects_of(by_id)[0][:2] == ["2", "2 contacts have the same external_id"]
    by_email = await run_import("email,city\na@example.com,Ulm\n", match=Match.EMAIL)
    assert by_email.rejected == 1


@pytest.mark.parametrize("chunk_rows", [1, 2, 50])
async def test_one_contact_by_two_keys_is_a_reject(run_import: Import, contacts: Contacts, chunk_rows: int) -> None:
    await run_import("no,external_id,name\nK1,X1,One\n")
    report = await run_import(
        "no,external_id,name\nK1,,Eins\n,X1,Uno\nK2,X2,Two\n,X2,Due\n,X3,Three\n,X3,Tre\n,,Free\n,,Free\n",
        chunk_rows=chunk_rows,
    )
    assert [row[0] for row in rejects_of(report)] == ["3", "5", "7"]
    assert sorted(name for (name,) in await contacts("name")) == ["Eins", "Free", "Free", "Three", "Two"]


async def test_a_wrong_row_uses_up_its_key(run_import: Import) -> None:
    report = await run_import("no,email\nK1,nonsense\nK1,a@example.com\n")
    assert (report.created, report.rejected) == (0, 2)


async def test_typed_numbers(run_import: Import, database: Database, moment: Moment, contacts: Contacts) -> None:
    report = await run_import("no,name\nCT000002,Typed\n,First\n,Third\n")
    assert report.created == 3
    assert await contacts("no", "name") == [("CT000001", "First"), ("CT000002", "Typed"), ("CT000003", "Third")]
    taken = await run_import("no,name\nCT000001,Again\n", match=Match.NONE)
    assert rejects_of(taken)[0][1] == "CT000001 exists already"
    other = await run_import("no,external_id\nCT000001,E1\n")
    assert other.updated == 1
    moved = await run_import("no,external_id\nZ9,E1\n", match=Match.EXTERNAL_ID)
    assert "cannot be changed" in rejects_of(moved)[0][1]
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        await work.connection.execute(update(number_series).values(manual_allowed=False))
    refused = await run_import("no,name\nM1,Typed\n,Given\n")
    assert (refused.created, refused.rejected) == (1, 1)


async def test_persons_find_their_company_and_inherit(run_import: Import, contacts: Contacts) -> None:
    report = await run_import(
        "type,no,name,company_no,company_name,country,city\n"
        "company,C1,Acme,,,de,Bonn\n"
        "person,P1,Anna Berg,c1,,,\n"
        "person,P2,Bo Berg,,ACME,fr,\n"
        "person,P3,Cy Berg,C9,,,\n"
        "person,P4,Di Berg,P1,,,\n"
        "person,P5,Ed Berg,,Nobody Ltd,,\n"
        "company,C2,Umbrella,,,se,Umea\n"
        "company,,Numbered,,,,\n"
        "person,P6,Fi Berg,,numbered,,\n"
        "company,C3,Sub,C1,,,\n"
    )
    assert [row[0] for row in rejects_of(report)] == ["11", "5", "6", "7"]
    found = {no: rest for no, *rest in await contacts("no", "company_name", "country", "city")}
    assert found["P1"] == ["Acme", "DE", "Bonn"]
    assert found["P2"] == ["Acme", "FR", "Bonn"]
    assert found["P6"] == ["Numbered", None, ""]
    again = await run_import("type,name\ncompany,Acme\n")
    assert again.created == 1
    ambiguous = await run_import("name,company_name\nGil,Acme\n")
    assert "2 companies have" in rejects_of(ambiguous)[0][1]


@pytest.mark.parametrize("chunk_rows", [1, 2, 50])
async def test_a_person_may_stand_before_its_company(
    run_import: Import, contacts: Contacts, write_file: Any, chunk_rows: int
) -> None:
    file = write_file(
        "no,name,company_no,type,company_name,city\n"
        "P1,Anna,C1,Person,,\n"
        "P2,Bo,,,Acme,\n"
        "P1,Twice,,Company,,\n"
        "C1,Acme,,Company ,,Ulm\n"
        "P3,Cy,C9,Person,,\n"
        "too,few\n"
    )
    report = await run_import(file, chunk_rows=chunk_rows)
    assert (report.created, report.rejected) == (3, 3), rejects_of(report)
    assert sorted(row[0] for row in rejects_of(report)) == ["2", "6", "7"]
    assert await contacts("no", "company_name", "city") == [
        ("C1", "Acme", "Ulm"),
        ("P1", "Twice", ""),
        ("P2", "Acme", "Ulm"),
    ]


FIELDS = (
    "no", "type", "name", "search_name", "company_name", "city", "phone", "country", "first_name", "surname", "email",
    "minor", "privacy_blocked", "version",
)  # fmt: skip


def random_changes(choose: random.Random) -> list[dict[str, str]]:
    """Return rows that change companies (C…) and persons (P…) in ways that touch each other."""
    rows = []
    for no in choose.sample([*(f"C{n}" for n in range(4)), *(f"P{n}" for n in range(12))], 12):
        row = {"no": no}
        if choose.random() < 0.15:
            row["type"] = choose.choice(["person", "company"])
        if no[0] == "P" and choose.random() < 0.4:
            row["company_no"] = choose.choice(["C0", "C1", "C2", "C3", "C8", "P0"])
        for field in ("name", "surname", "city", "phone", "country", "email"):
            if choose.random() < 0.3:
                row[field] = choose.choice(
                    ["x@example.com", "y@example.com"] if field == "email" else ["11", "22", "33"]
                )
        if choose.random() < 0.2:
            row["minor"] = "true"
        rows.append(row)
    return rows


def as_csv(rows: list[dict[str, str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, ["no", *sorted({name for row in rows for name in row} - {"no"})])
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def renamed(text: str) -> str:
    """Return the text with the other set of contacts in place of the first."""
    return re.sub(r"\b([CP])([0-9]+)\b", lambda match: {"C": "D", "P": "Q"}[match[1]] + match[2], text)


@pytest.mark.parametrize("seed", range(12))
async def test_changes_give_what_the_operation_gives_row_by_row(
    run_import: Import, database: Database, moment: Moment, contacts: Contacts, seed: int
) -> None:
    choose = random.Random(seed)
    setting = [
        {"no": f"C{n}", "type": "company", "name": f"Company {n}", "city": choose.choice(["11", "22"]), "phone": "11"}
        for n in range(4)
    ]
    setting += [
        {"no": f"P{n}", "type": "person", "name": f"Person {n}", "company_no": choose.choice(["", "C0", "C1", "C2"])}
        for n in range(12)
    ]
    changes = random_changes(choose)
    refused = 0
    assert (await run_import(as_csv(setting))).rejected == 0
    for row in sorted(changes, key=lambda row: row.get("type") != "company"):
        values: dict[str, Any] = row | ({"minor": True} if "minor" in row else {})
        try:
            async with database.write(actor="test", operation="updateContact", moment=moment) as work:
                await update_contact(work, row["no"], values)  # type: ignore[arg-type]
        except TesseraError:
            refused += 1
    wanted = [(renamed(row[0]), *row[1:]) for row in await contacts(*FIELDS)]
    assert (await run_import(renamed(as_csv(setting)))).rejected == 0
    report = await run_import(renamed(as_csv(changes)), chunk_rows=choose.choice([1, 5, 12]))
    assert report.rejected == refused, rejects_of(report)
    assert [row for row in await contacts(*FIELDS) if row[0][0] in "DQ"] == wanted


async def test_a_change_that_the_domain_refuses_is_a_reject(run_import: Import, contacts: Contacts) -> None:
    await run_import("type,no,name,company_no\ncompany,C1,Acme,\nperson,P1,Anna,C1\n")
    report = await run_import("no,type,city\nC1,person,Ulm\nP1,person,Ulm\n")
    assert (report.updated, report.rejected) == (1, 1)
    assert await contacts("no", "type", "city") == [("C1", "COMPANY", ""), ("P1", "PERSON", "Ulm")]


async def test_codes_and_salespeople_must_exist(run_import: Import, database: Database, moment: Moment) -> None:
    async with database.write(actor="test", operation="setUp", moment=moment) as work:
        for code in ("NEWS", "VIP"):
            await create_code(work, MAILING_GROUPS, code, code)
        await create_salesperson(work, {"code": "ANN", "name": "Ann"})
        await create_salesperson(work, {"code": "BOB", "name": "Bob", "blocked": True})
    report = await run_import(
        "no,salesperson,mailing_groups,industry_groups\n"
        "K1,ann,news; vip;news,\nK2,BOB,,\nK3,NOBODY,,\nK4,,NEWS;NOPE,\nK5,,,IT\nK6,,;,\n"
    )
    assert [row[0] for row in rejects_of(report)] == ["3", "4", "5", "6"]
    again = await run_import("no,mailing_groups\nK1,VIP\nK6,NEWS\n")
    assert (again.unchanged, again.updated) == (1, 1)
    statement = select(contact.c.no, contact_mailing_group.c.code).join(
        contact, contact.c.id == contact_mailing_group.c.contact_id
    )
    async with database.read() as connection:
        assert sorted(tuple(row) for row in await connection.execute(statement.select_from(contact_mailing_group))) == [
            ("K1", "NEWS"),
            ("K1", "VIP"),
            ("K6", "NEWS"),
        ]


async def test_contacts_are_met_by_their_address_as_it_is_written(run_import: Import, contacts: Contacts) -> None:
    await run_import("email,phone\nAnn@X.test,1\nann@x.test,2\n", match=Match.EMAIL)

    report = await run_import("email,phone\nAnn@X.test,3\nANN@X.test,4\n", match=Match.EMAIL)

    assert (report.created, report.updated) == (1, 1)
    assert sorted(await contacts("email", "search_email", "phone")) == [
        ("ANN@X.test", "ann@x.test", "4"),
        ("Ann@X.test", "ann@x.test", "3"),
        ("ann@x.test", "ann@x.test", "2"),
    ]
