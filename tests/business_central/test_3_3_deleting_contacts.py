"""Deleting contacts: what forbids it, what goes with them, and what stays."""

from datetime import date

import pytest

from server.store import tables
from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given


@pytest.fixture(autouse=True)
async def acme(change: Change) -> None:
    """Acme with Ann and Bob, and Lone without a company."""
    await change("createContact", {"no": "ACME", "name": "Acme"})
    for no in ("ANN", "BOB"):
        await change("createContact", {"no": no, "type": "PERSON", "companyNo": "ACME"})
    await change("createContact", {"no": "LONE", "type": "PERSON"})


async def numbers(given: Given) -> list[str]:
    return [row[0] for row in await given.all(tables.contact, "no")]


async def test_3_3_a_contact_on_a_segment_cannot_be_deleted(change: Change, refused: Refused, given: Given) -> None:
    await change("createSegment", {"no": "S1"})
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["ANN", "LONE"]})
    for no in ("ANN", "LONE"):
        message = await refused("CONTACT_ON_SEGMENT", ["no"], "deleteContact", {"no": no})
        assert "S1" in message
    await refused("CONTACT_ON_SEGMENT", ["no"], "deleteContact", {"no": "ACME"})  # Ann would go with it
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10]})
    await change("deleteContact", {"no": "ACME"})
    assert await numbers(given) == ["LONE"]


async def test_3_3_a_company_takes_all_its_persons_with_it(change: Change, given: Given) -> None:
    deleted = await change("deleteContact", {"no": "acme"}, "deletedNo")
    assert deleted["deletedNo"] == "ACME"
    assert await numbers(given) == ["LONE"]


async def test_3_3_the_interactions_of_a_deleted_company_stay_without_contact(change: Change, given: Given) -> None:
    await given.interaction("ACME", "ACME", description="own")
    await given.interaction("ANN", "ACME", description="of a person")
    await given.interaction("LONE", None, description="of another")
    lone = await given.key("LONE")
    await change("deleteContact", {"no": "ACME"})
    rows = await given.all(tables.interaction_log_entry, "contact_id", "company_id", "description")
    assert rows == [(None, None, "own"), (None, None, "of a person"), (lone, None, "of another")]


async def test_3_3_the_interactions_of_a_deleted_person_go_to_its_company(change: Change, given: Given) -> None:
    acme = await given.key("ACME")
    await given.interaction("ANN", "ACME")
    await given.interaction("LONE", None)
    for no in ("ANN", "LONE"):
        await change("deleteContact", {"no": no})
    rows = await given.all(tables.interaction_log_entry, "contact_id", "company_id")
    assert rows == [(acme, acme), (None, None)]
    assert await given.values("ACME", "interactionCount") == [1]
    assert await numbers(given) == ["ACME", "BOB"]


async def belongings(given: Given, no: str) -> None:
    """Give a contact a row of everything that hangs on contacts."""
    contact_id, moment = await given.key(no), given.moment
    codes = (
        (tables.mailing_group, tables.contact_mailing_group),
        (tables.job_responsibility, tables.contact_job_responsibility),
        (tables.industry_group, tables.contact_industry_group),
        (tables.business_relation, tables.contact_business_relation),
    )
    for codes_table, rows in codes:
        await given.rows(codes_table, {"code": "A"})
        await given.rows(rows, {"contact_id": contact_id, "code": "A"})
    created = {"created_at": moment.now, "modified_at": moment.now}
    await given.rows(tables.attribute, {"id": 1, "name": "tier", "type": "TEXT", "created_at": moment.now})
    await given.rows(tables.contact_attribute, {"contact_id": contact_id, "attribute_id": 1, "text_value": "GOLD"})
    await given.rows(tables.contact_comment, {"owner_id": contact_id, "place": 1, "on": date(2026, 1, 1), "text": "x"})
    await given.rows(tables.contact_address, {"contact_id": contact_id, "code": "SUMMER"})
    period = {"contact_id": contact_id, "starting_on": date(2026, 6, 1), "code": "SUMMER"}
    await given.rows(tables.contact_address_period, period)
    await given.rows(tables.campaign, {"id": 1, "no": "CP1", **created})
    await given.rows(tables.campaign_target, {"campaign_id": 1, "contact_id": contact_id})


@pytest.mark.parametrize("no", ["ACME", "LONE"])
async def test_3_3_what_hangs_on_a_deleted_contact_goes_with_it(change: Change, given: Given, no: str) -> None:
    await belongings(given, no)
    await change("deleteContact", {"no": no})
    for table in (
        tables.contact_mailing_group,
        tables.contact_job_responsibility,
        tables.contact_industry_group,
        tables.contact_business_relation,
        tables.contact_attribute,
        tables.contact_comment,
        tables.contact_address,
        tables.contact_address_period,
        tables.campaign_target,
    ):
        assert await given.all(table) == [], table.name
    for kept in (tables.mailing_group, tables.business_relation, tables.attribute, tables.campaign):
        assert len(await given.all(kept)) == 1, kept.name


async def test_3_3_what_belongs_to_the_persons_of_a_deleted_company_goes_too(change: Change, given: Given) -> None:
    await belongings(given, "BOB")
    await change("deleteContact", {"no": "ACME"})
    for table in (tables.contact_mailing_group, tables.contact_comment, tables.contact_address, tables.campaign_target):
        assert await given.all(table) == [], table.name


async def test_3_3_what_is_not_there_or_has_changed_is_not_deleted(change: Change, refused: Refused) -> None:
    await refused("NOT_FOUND", ["no"], "deleteContact", {"no": "NONE"})
    await change("updateContact", {"no": "LONE", "city": "Ulm"})
    await refused("CONFLICT", ["expectedVersion"], "deleteContact", {"no": "LONE", "expectedVersion": 1})
    await change("deleteContact", {"no": "LONE", "expectedVersion": 2})


async def test_3_3_the_attachments_of_hidden_lines_go_with_the_contact(change: Change, given: Given) -> None:
    await change("createSegment", {"no": "S1"})
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["ANN", "LONE", "BOB"]})
    for line_no, name in ((10, "ann"), (20, "lone"), (30, "bob")):
        file = {"name": name, "url": f"https://files.example/{name}"}
        await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": line_no, "attachment": file})
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10]})
    await change("deleteContact", {"no": "ANN"})
    assert await given.all(tables.attachment, "name") == [("lone",), ("bob",)]
    await change("undoSegmentAction", {"segmentNo": "S1"})
    await change("undoSegmentAction", {"segmentNo": "S1"})
    await change("deleteContact", {"no": "ACME"})
    assert await given.all(tables.attachment, "name") == [("lone",)]


async def test_3_3_actions_no_longer_name_a_deleted_contact(change: Change, given: Given) -> None:
    await change("createSegment", {"no": "S1"})
    await change("createSegment", {"no": "S2"})
    for no, named in (("S1", ["ANN"]), ("S1", ["lone", "ANN", "BOB"]), ("S2", ["LONE", "BOB"])):
        await change("addSegmentLines", {"segmentNo": no, "contactNos": named})
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10, 30]})
    await change("addContactsToSegment", {"segmentNo": "S1", "rule": 'no == "NOBODY" and name == "ANN"'})
    await change("removeSegmentLines", {"segmentNo": "S2", "lineNos": [20]})
    await change("deleteContact", {"no": "ANN"})
    left = ["", 'no in ["LONE", "BOB"]', 'no in ["BOB"]', 'no == "NOBODY" and name == "ANN"']
    others = ['no in ["LONE", "BOB"]', 'no in ["BOB"]']
    assert [rule for (rule,) in await given.all(tables.segment_revision, "rule")] == [*left, *others]
    await change("deleteContact", {"no": "ACME"})
    gone = ["", 'no in ["LONE"]', "", 'no == "NOBODY" and name == "ANN"', 'no in ["LONE"]', ""]
    assert [rule for (rule,) in await given.all(tables.segment_revision, "rule")] == gone
