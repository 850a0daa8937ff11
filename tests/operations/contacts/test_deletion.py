"""Deleting contacts, and who stands on a segment."""

from datetime import date

import pytest

from server.operations.contacts.contacts import create_contact, delete_contact, update_contact
from server.store.tables import (
    change,
    contact,
    contact_mailing_group,
    interaction_log_entry,
    segment_line,
    segment_line_override,
    segment_revision,
)
from tests.operations.conftest import Fetch, Refuse, Run, Store
from tests.operations.contacts.conftest import Log, Place, last_change


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("shown", [{"revision": 2}, {"revision": 1}, {"removed": 2, "revision": 1}])
async def test_a_contact_on_a_visible_line_stays(run: Run, refuse: Refuse, place: Place, shown: dict[str, int]) -> None:
    person = await run(create_contact, {"no": "P1", "type": "PERSON"})
    await place(person, **shown)
    refusal = await refuse("CONTACT_ON_SEGMENT", ("companyNo",), update_contact, "P1", {"company_no": "ACME"})
    assert "SM1" in refusal.message
    await refuse("CONTACT_ON_SEGMENT", ("no",), delete_contact, "P1")
    await run(update_contact, "P1", {"city": "Ulm"})


@pytest.mark.usefixtures("acme")
async def test_no_change_of_type_moves_a_contact_on_a_segment(run: Run, refuse: Refuse, place: Place) -> None:
    person = await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME"})
    company = await run(create_contact, {"no": "C1"})
    await place(person, company)
    on_segment = ("CONTACT_ON_SEGMENT", ("type",), update_contact)
    await refuse(*on_segment, "P1", {"type": "COMPANY"})
    await refuse(*on_segment, "C1", {"type": "PERSON"})
    await refuse(*on_segment, "C1", {"type": "PERSON", "company_no": "ACME"})
    await refuse("CONTACT_ON_SEGMENT", ("companyNo",), update_contact, "P1", {"company_no": None})


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("shown", [{"removed": 2}, {"revision": 0}])
async def test_a_line_that_is_not_visible_is_purged(
    run: Run, fetch: Fetch, store: Store, place: Place, shown: dict[str, int]
) -> None:
    ids = [await run(create_contact, {"no": no, "type": "PERSON"}) for no in ("P1", "P2", "P3")]
    await place(*ids, **shown)
    override = {"segment_id": 1, "on": date(2026, 1, 1)}
    await store(segment_line_override, {**override, "line_no": 10}, {**override, "line_no": 20})
    await run(update_contact, "P1", {"company_no": "ACME"})
    await run(delete_contact, "P1")
    assert [row.contact_id for row in await fetch(segment_line)] == ids[1:]
    assert [row.line_no for row in await fetch(segment_line_override)] == [20]
    expected = [2, 3] if "removed" in shown else [2, 2]
    assert [row.line_count for row in await fetch(segment_revision)] == expected


@pytest.mark.usefixtures("acme")
async def test_a_company_stays_while_one_of_its_persons_is_on_a_segment(run: Run, refuse: Refuse, place: Place) -> None:
    person = await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME"})
    await place(person)
    await refuse("CONTACT_ON_SEGMENT", ("no",), delete_contact, "ACME")


async def test_a_person_leaves_its_interactions_to_its_company(run: Run, fetch: Fetch, log: Log, acme: int) -> None:
    person = await run(
        create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME", "add_mailing_groups": ["VIP"]}
    )
    alone = await run(create_contact, {"no": "P2", "type": "PERSON"})
    await log(person, acme)
    await log(alone, None)
    assert await run(delete_contact, "p1") == person
    noted = await last_change(fetch)
    assert (noted.object, noted.object_id, noted.old_company_id) == ("contact", person, acme)
    await run(delete_contact, "P2")
    entries = await fetch(interaction_log_entry)
    assert [(row.contact_id, row.company_id) for row in entries] == [(acme, acme), (None, None)]
    assert [row.no for row in await fetch(contact)] == ["ACME"]
    assert await fetch(contact_mailing_group) == []


async def test_a_company_takes_its_persons_with_it(run: Run, fetch: Fetch, log: Log, acme: int) -> None:
    person = await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "ACME"})
    other = await run(create_contact, {"no": "BETA"})
    for owner, company in ((acme, acme), (person, acme), (other, other)):
        await log(owner, company)
    await run(delete_contact, "ACME")
    entries = await fetch(interaction_log_entry)
    assert [(row.contact_id, row.company_id) for row in entries] == [(None, None), (None, None), (other, other)]
    assert [row.no for row in await fetch(contact)] == ["BETA"]
    assert {row.object_id for row in (await fetch(change))[-2:]} == {acme, person}


async def test_what_is_not_there_cannot_be_deleted(refuse: Refuse) -> None:
    await refuse("NOT_FOUND", ("no",), delete_contact, "NONE")
