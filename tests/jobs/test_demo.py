"""Demo data: repeatable, the same on both databases, and consistent with what the operations would have written."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import and_, func, select

from server.clock import Moment
from server.errors import AlreadyExistsError, InvalidInputError, RefusedError
from server.jobs.demo import create_demo
from server.operations.contacts.attributes import create_attribute
from server.operations.contacts.contacts import create_contact
from server.settings import Settings
from server.store.database import Database
from server.store.tables import (
    campaign,
    campaign_status,
    change,
    contact,
    interaction_log_entry,
    metadata,
    number_series,
    organizational_level,
    salutation,
    salutation_formula,
)

COUNT = 700


async def dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, ordered by all its columns."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    async with database.read() as connection:
        for table in metadata.sorted_tables:
            found = await connection.execute(select(table))
            rows[table.name] = sorted((tuple(row) for row in found), key=repr)
    return rows


async def test_the_same_number_and_moment_give_the_same_data_on_both_databases(
    sqlite_url: str, postgresql_url: str, moment: Moment
) -> None:
    dumps = []
    for url in (sqlite_url, postgresql_url):
        database = Database(Settings(database_url=url))
        await create_demo(database, contacts=COUNT, moment=moment)
        dumps.append(await dump(database))
        await database.close()
    assert dumps[0] == dumps[1]
    assert len(dumps[0]["contact"]) == COUNT


async def test_more_contacts_begin_with_the_fewer(tmp_path: Any, sqlite_template: Any, moment: Moment) -> None:
    names = []
    for count in (40, 200):
        file = tmp_path / f"{count}.db"
        file.write_bytes(sqlite_template.read_bytes())
        database = Database(Settings(database_url=f"sqlite:///{file}"))
        await create_demo(database, contacts=count, moment=moment)
        async with database.read() as connection:
            names.append((await connection.scalars(select(contact.c.name).order_by(contact.c.no).limit(30))).all())
        await database.close()
    assert names[0] == names[1]


async def test_what_is_created_is_consistent(database: Database, moment: Moment) -> None:
    seen: list[tuple[int, int]] = []
    report = await create_demo(
        database, contacts=COUNT, moment=moment, progress=lambda done, total: seen.append((done, total))
    )
    assert report.contacts == COUNT
    assert seen[-1] == (COUNT, COUNT)
    company = contact.alias("company")
    async with database.read() as connection:
        scalar = connection.scalar
        assert await scalar(select(func.count()).select_from(contact)) == COUNT
        of_type = select(func.count()).select_from(contact)
        assert await scalar(of_type.where(contact.c.type == "COMPANY")) == report.companies
        assert await scalar(of_type.where(contact.c.type == "COMPANY", contact.c.company_id != contact.c.id)) == 0
        assert await scalar(of_type.where(contact.c.modified_at < contact.c.created_at)) == 0
        assert await scalar(of_type.where(contact.c.minor, ~contact.c.privacy_blocked)) == 0
        strangers = (
            of_type.join(company, company.c.id == contact.c.company_id)
            .where(contact.c.type == "PERSON")
            .where(
                (company.c.type != "COMPANY")
                | (company.c.name != contact.c.company_name)
                | (company.c.country != contact.c.country)
                | (company.c.post_code != contact.c.post_code)
            )
        )
        assert await scalar(strangers) == 0
        entries = select(func.count()).select_from(interaction_log_entry)
        assert await scalar(entries) == report.interactions
        oldest = moment.now - timedelta(days=731)
        at = interaction_log_entry.c.at
        assert await scalar(entries.where((at > moment.now) | (at < oldest))) == 0
        for named, codes in (
            (contact.c.salutation, salutation),
            (contact.c.organizational_level, organizational_level),
            (campaign.c.status, campaign_status),
        ):
            known = select(codes.c.code)
            assert await scalar(select(func.count()).where(named.is_not(None)))
            assert await scalar(select(func.count()).where(named.not_in(known))) == 0
        last = await scalar(select(number_series.c.last_number).where(number_series.c.code == "CONTACT"))
        assert last == COUNT
        assert await scalar(select(func.max(contact.c.no))) == f"CT{COUNT:06d}"
        recorded = select(func.sum(change.c.row_count)).where(change.c.object == "contact")
        assert await scalar(recorded) == COUNT


async def test_numbers_and_keys_go_on_after_it(database: Database, moment: Moment) -> None:
    await create_demo(database, contacts=30, moment=moment)
    async with database.write(actor="test", operation="createContact", moment=moment) as work:
        key = await create_contact(work, {"name": "Next"})
        no = await work.connection.scalar(select(contact.c.no).where(contact.c.id == key))
    assert no == "CT000031"
    await create_demo(database, contacts=30, moment=moment, allow_existing=True)
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(contact)) == 61


async def test_it_is_refused_where_contacts_are(database: Database, moment: Moment) -> None:
    async with database.write(actor="test", operation="createContact", moment=moment) as work:
        await create_contact(work, {"name": "There"})
    with pytest.raises(RefusedError) as refused:
        await create_demo(database, contacts=10, moment=moment)
    assert refused.value.code == AlreadyExistsError("").code


async def test_an_attribute_of_another_type_is_in_the_way(database: Database, moment: Moment) -> None:
    async with database.write(actor="test", operation="createAttribute", moment=moment) as work:
        await create_attribute(work, "tier", "NUMBER")
    with pytest.raises(RefusedError):
        await create_demo(database, contacts=10, moment=moment)


@pytest.mark.parametrize("contacts", [0, -1, 10**9])
async def test_impossible_numbers(database: Database, moment: Moment, contacts: int) -> None:
    with pytest.raises(InvalidInputError):
        await create_demo(database, contacts=contacts, moment=moment)


async def test_every_contact_can_be_greeted_in_its_language(database: Database, moment: Moment) -> None:
    await create_demo(database, contacts=COUNT, moment=moment)

    of_contact = and_(
        salutation_formula.c.salutation == contact.c.salutation, salutation_formula.c.language == contact.c.language
    )
    greeted = (
        select(func.count()).select_from(salutation_formula).where(of_contact).correlate(contact).scalar_subquery()
    )
    async with database.read() as connection:
        found = {number for _, number in await connection.execute(select(contact.c.id, greeted))}
    assert found == {2}, "each has a formal and an informal formula"
