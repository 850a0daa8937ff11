"""An import applies the marketing setup as the mutations do, row by row."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from server.clock import Moment
from server.store.database import Database
from server.store.tables import (
    business_relation,
    change,
    contact_business_relation,
    marketing_setup,
    organizational_level,
    salesperson,
    salutation,
    user_setup,
)
from tests.jobs.conftest import Import

Contacts = Callable[..., Awaitable[list[tuple[Any, ...]]]]
Store = Callable[..., Awaitable[None]]


@pytest.fixture
def store(database: Database, moment: Moment) -> Store:
    """Run statements in one transaction."""

    async def run(*statements: Any) -> None:
        async with database.write(actor="test", operation="test", moment=moment) as work:
            for statement in statements:
                await work.connection.execute(statement)

    return run


async def codes_of(database: Database, table: Any) -> list[str]:
    async with database.read() as connection:
        return list(await connection.scalars(select(table.c.code).order_by(table.c.code)))


async def test_new_contacts_get_the_defaults_where_the_row_and_the_company_say_nothing(
    run_import: Import, contacts: Contacts, store: Store
) -> None:
    await store(
        insert(salesperson).values([{"code": "AH"}, {"code": "BD"}]),
        insert(salutation).values([{"code": "FIRM"}, {"code": "HUMAN"}]),
        insert(user_setup).values(name="import", salesperson="BD"),
        update(marketing_setup).values(
            default_salesperson="AH",
            default_country="DE",
            default_language="DEU",
            default_correspondence_type="EMAIL",
            default_company_salutation="FIRM",
            default_person_salutation="HUMAN",
        ),
    )
    await run_import(
        "no,type,country,company_no,salutation\nC1,COMPANY,FR,,\nP1,PERSON,,C1,\nP2,PERSON,,,MS\nP3,PERSON,AT,C1,\n"
    )
    assert await contacts("no", "salesperson", "country", "language", "correspondence_type", "salutation") == [
        ("C1", "BD", "FR", "DEU", "EMAIL", "FIRM"),
        ("P1", "BD", "FR", "DEU", "EMAIL", "HUMAN"),
        ("P2", "BD", "DE", "DEU", "EMAIL", "MS"),
        ("P3", "BD", "AT", "DEU", "EMAIL", "HUMAN"),
    ]


async def test_a_row_that_changes_a_contact_fills_in_no_defaults(
    run_import: Import, contacts: Contacts, store: Store
) -> None:
    await run_import("no,type\nC1,COMPANY\n")
    await store(update(marketing_setup).values(default_country="DE"))
    await run_import("no,city\nC1,Ulm\n")
    assert await contacts("city", "country") == [("Ulm", None)]


async def test_persons_inherit_as_the_setup_says_at_first_and_later(
    run_import: Import, contacts: Contacts, store: Store
) -> None:
    columns = "no,type,company_no,country,territory,phone,city\n"
    flags = {"inherit_country": False, "inherit_communication": False, "inherit_address": False}
    await store(update(marketing_setup).values(flags))
    await run_import(f"{columns}C1,COMPANY,,DE,N,1,Ulm\nP1,PERSON,C1,,,,\nP2,PERSON,,,,,\n")
    await run_import("no,company_no\nP2,C1\n")  # an entangled change
    fields = ("no", "country", "territory", "phone", "city")
    assert (await contacts(*fields))[1:] == [("P1", None, "N", "", ""), ("P2", None, "N", "", "")]
    await run_import("no,country,territory,phone,city\nC1,AT,S,2,Bonn\n")
    assert (await contacts(*fields))[1:] == [("P1", None, "S", "", ""), ("P2", None, "S", "", "")]
    await store(update(marketing_setup).values({**dict.fromkeys(flags, True), "inherit_territory": False}))
    await run_import("no,type,company_no\nP3,PERSON,C1\n")
    assert (await contacts(*fields))[3] == ("P3", "AT", None, "2", "Bonn")


async def test_salutations_and_levels_that_rows_name_are_created(
    run_import: Import, contacts: Contacts, database: Database, store: Store
) -> None:
    await store(insert(salutation).values(code="MS"))
    await run_import("no,type,salutation,organizational_level\nP1,PERSON,ms,CEO\nP2,PERSON,MR,\nC1,COMPANY,FIRM,CFO\n")
    assert await codes_of(database, salutation) == ["MR", "MS"]  # the row of the company was rejected
    assert await codes_of(database, organizational_level) == ["CEO"]
    await run_import("no,type,salutation\nP2,COMPANY,FIRM\nP1,PERSON,DR\n")
    assert await codes_of(database, salutation) == ["DR", "FIRM", "MR", "MS"]
    assert await contacts("no", "type", "salutation") == [("P1", "PERSON", "DR"), ("P2", "COMPANY", "FIRM")]
    async with database.read() as connection:
        noted = select(change.c.object_code).where(change.c.object == "salutation").order_by(change.c.object_code)
        assert list(await connection.scalars(noted)) == ["DR", "FIRM", "MR"]


async def test_a_business_relation_that_is_kept_for_links_is_rejected_unless_it_is_there(
    run_import: Import, database: Database, store: Store, tmp_path: Path
) -> None:
    await store(
        insert(business_relation).values([{"code": "CUST"}, {"code": "LAW"}]),
        update(marketing_setup).values(customer_relation="CUST"),
    )
    await run_import("no,type\nC1,COMPANY\nC2,COMPANY\n")
    await store(insert(contact_business_relation).values(contact_id=1, code="CUST", link="CUSTOMER", link_no="10"))
    rejects = tmp_path / "rejects.csv"
    report = await run_import(
        "no,type,business_relations,city\nC1,,CUST;LAW,Ulm\nC2,,CUST,Ulm\nC3,COMPANY,cust,\nC4,COMPANY,LAW,\n",
        rejects=rejects,
    )
    assert (report.updated, report.created, report.rejected) == (1, 1, 2)
    assert rejects.read_text().count("the business relation CUST is kept for links") == 2
    assert await codes_of(database, contact_business_relation) == ["CUST", "LAW", "LAW"]


async def test_a_company_is_no_minor(run_import: Import, contacts: Contacts) -> None:
    report = await run_import("no,type,minor\nC1,COMPANY,yes\nC2,COMPANY,no\nP1,PERSON,yes\n")
    assert report.rejected == 1
    assert await contacts("no", "minor", "privacy_blocked") == [("C2", False, False), ("P1", True, True)]
