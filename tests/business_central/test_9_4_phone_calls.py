"""Logging phone calls, also from the line of a segment."""

from datetime import date
from typing import Any

import httpx2
import pytest

from server.store.tables import campaign_entry, contact_address, contact_address_period, segment_line
from tests.business_central.conftest import Change, Refused, document
from tests.business_central.given_contacts import Given
from tests.business_central.interaction_people import acting, store_people
from tests.conftest import GraphQL


@pytest.fixture(autouse=True)
async def world(given: Given) -> None:
    await store_people(given)
    await given.setup(phone_call_template="CALL")


async def called(change: Change, values: dict[str, Any], fields: str) -> Any:
    """Log a phone call; return fields of it."""
    return (await change("logPhoneCall", values, f"interaction {{ {fields} }}"))["interaction"]


async def make_segment(change: Change, **values: Any) -> None:
    """Create the segment S1 of campaign CP1 with the lines 10 for Pia and 20 for Ole."""
    header = {"no": "S1", "description": "Autumn", "template": "MAIL", "campaignNo": "CP1", "campaignTarget": True}
    await change("createSegment", {**header, **values})
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["PIA", "OLE"]})


async def test_9_4_a_phone_call_is_of_the_template_that_the_setup_names(change: Change) -> None:
    fields = """description cost duration informationFlow attemptFailed contactVia segmentNo on
      template { code } group { code } salesperson { code }"""
    assert await called(change, {"contactNo": "PIA"}, fields) == {
        "description": "Phone call",
        "cost": "8",
        "duration": "5",
        "informationFlow": "OUTBOUND",
        "attemptFailed": False,
        "contactVia": "11",
        "segmentNo": None,
        "on": "2026-11-23",
        "template": {"code": "CALL"},
        "group": {"code": "PHONE"},
        "salesperson": {"code": "BD"},
    }


async def test_9_4_without_a_template_in_the_setup_no_phone_call_is_logged(graphql: GraphQL, given: Given) -> None:
    await given.setup(phone_call_template=None)
    answer = (await graphql(document("logPhoneCall", ""), {"input": {"contactNo": ""}}))["logPhoneCall"]
    (error,) = answer["userErrors"]
    assert (error["code"], error["path"]) == ("SETUP_INCOMPLETE", [])
    assert "phoneCallTemplate" in error["message"]


async def test_9_4_an_unsuccessful_call_is_a_failed_attempt(change: Change, given: Given) -> None:
    shown = await called(change, {"contactNo": "PIA", "attemptFailed": True, "evaluation": "NEUTRAL"}, "attemptFailed")
    assert shown == {"attemptFailed": True}
    found = await given.contact("PIA", "lastInteractionOn lastAttemptOn")
    assert found["lastAttemptOn"] == "2026-11-23"


async def test_9_4_the_number_is_the_contacts_or_that_of_its_address_of_the_day(change: Change, given: Given) -> None:
    await given.rows(
        contact_address,
        {"contact_id": 2, "code": "HOME", "phone": "", "mobile_phone": "99"},
        {"contact_id": 2, "code": "SEA", "phone": "", "mobile_phone": ""},
    )
    await given.rows(
        contact_address_period,
        {"contact_id": 2, "starting_on": date(2026, 12, 1), "ending_on": date(2026, 12, 9), "code": "HOME"},
        {"contact_id": 2, "starting_on": date(2026, 12, 20), "ending_on": None, "code": "SEA"},
    )
    numbers = [
        (await called(change, {"contactNo": "PIA", "on": day}, "contactVia"))["contactVia"]
        for day in ("2026-11-30", "2026-12-05", "2026-12-24")
    ]
    assert numbers == ["11", "99", "11"]
    assert (await called(change, {"contactNo": "OLE"}, "contactVia"))["contactVia"] == "22"
    assert (await called(change, {"contactNo": "OLE", "contactVia": "33"}, "contactVia"))["contactVia"] == "33"
    assert (await called(change, {"contactNo": "ACME"}, "contactVia"))["contactVia"] == ""


async def test_9_4_dialing_needs_a_number(change: Change, refused: Refused) -> None:
    message = await refused("VALUE_REQUIRED", ["contactVia"], "logPhoneCall", {"contactNo": "ACME", "dialed": True})
    assert "contactVia" in message
    await refused(
        "VALUE_REQUIRED", ["contactVia"], "logPhoneCall", {"contactNo": "PIA", "contactVia": " ", "dialed": True}
    )
    assert (await called(change, {"contactNo": "PIA", "dialed": True}, "contactVia"))["contactVia"] == "11"


async def test_9_4_the_first_thing_that_a_call_lacks_is_named(refused: Refused) -> None:
    filled = {"contactNo": "SOLO", "contactVia": "44", "on": "2026-11-23", "description": "Call", "salesperson": "AH"}
    values: dict[str, Any] = {**dict.fromkeys(filled), "dialed": True}
    for field, value in filled.items():
        await refused("VALUE_REQUIRED", [field], "logPhoneCall", values)
        values[field] = value


async def test_9_4_a_call_is_with_a_contact_who_may_be_called(refused: Refused) -> None:
    await refused("PRIVACY_BLOCKED", ["contactNo"], "logPhoneCall", {"contactNo": "SHY"})
    await refused("NOT_FOUND", ["contactNo"], "logPhoneCall", {"contactNo": "NONE"})
    await refused("VALUE_REQUIRED", ["salesperson"], "logPhoneCall", {"contactNo": "SOLO"})


async def test_9_4_a_call_from_a_line_takes_its_contact_salesperson_and_campaign(
    graphql: GraphQL, change: Change, given: Given
) -> None:
    await make_segment(change, salesperson="CE", campaignResponse=True)
    fields = """segmentNo campaignTarget campaignResponse cost contact { no } company { no } template { code }
      salesperson { code } campaign { no } loggedSegment { entryNo } campaignEntry { description segmentNo }"""
    assert await called(change, {"segmentNo": "s1", "lineNo": 20}, fields) == {
        "segmentNo": "S1",
        "campaignTarget": True,
        "campaignResponse": True,
        "cost": "8",
        "contact": {"no": "OLE"},
        "company": {"no": "ACME"},
        "template": {"code": "CALL"},
        "salesperson": {"code": "CE"},
        "campaign": {"no": "CP1"},
        "loggedSegment": None,
        "campaignEntry": {"description": "Autumn", "segmentNo": "S1"},
    }
    lines = (await graphql('{ segment(no: "S1") { lines { totalCount } } }'))["segment"]["lines"]
    assert lines == {"totalCount": 2}
    assert len(await given.all(segment_line)) == 2


async def test_9_4_what_is_said_of_a_call_wins_over_its_line(change: Change) -> None:
    await make_segment(change, salesperson="CE")
    values = {"segmentNo": "S1", "lineNo": 10, "salesperson": "AH", "campaignNo": None, "contactVia": "5"}
    fields = "salesperson { code } campaign { no } campaignTarget contactVia segmentNo campaignEntry { entryNo }"
    assert await called(change, values, fields) == {
        "salesperson": {"code": "AH"},
        "campaign": None,
        "campaignTarget": False,
        "contactVia": "5",
        "segmentNo": "S1",
        "campaignEntry": None,
    }


async def test_9_4_a_call_from_a_line_without_salesperson_is_the_users(
    http: httpx2.AsyncClient, change: Change, refused: Refused
) -> None:
    await change("createSegment", {"no": "S2", "description": "Others", "template": "MAIL"})
    await change("addSegmentLines", {"segmentNo": "S2", "contactNos": ["SOLO"]})
    line = {"segmentNo": "S2", "lineNo": 10}
    await refused("VALUE_REQUIRED", ["salesperson"], "logPhoneCall", line)
    assert (await acting(http, "ann", "logPhoneCall", line))["salesperson"] == {"code": "CE"}


async def test_9_4_a_call_needs_a_line_that_its_segment_shows(change: Change, refused: Refused) -> None:
    await make_segment(change)
    await refused("NOT_FOUND", ["segmentNo"], "logPhoneCall", {"segmentNo": "S9", "lineNo": 10})
    await refused("NOT_FOUND", ["lineNo"], "logPhoneCall", {"segmentNo": "S1", "lineNo": 30})
    await refused("VALUE_REQUIRED", ["lineNo"], "logPhoneCall", {"segmentNo": "S1"})
    await refused("VALUE_REQUIRED", ["segmentNo"], "logPhoneCall", {"lineNo": 10})
    both = {"segmentNo": "S1", "lineNo": 10, "contactNo": "PIA"}
    await refused("INVALID_INPUT", ["contactNo"], "logPhoneCall", both)
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10]})
    await refused("NOT_FOUND", ["lineNo"], "logPhoneCall", {"segmentNo": "S1", "lineNo": 10})


async def test_9_4_logging_the_segment_later_shares_the_campaign_entry_of_the_call(
    graphql: GraphQL, change: Change, given: Given
) -> None:
    await make_segment(change, salesperson="CE")
    await called(change, {"segmentNo": "S1", "lineNo": 10}, "entryNo")
    answer = await change("logSegment", {"segmentNo": "S1"}, "loggedSegment { entryNo campaignEntryCount }")
    assert answer["loggedSegment"]["campaignEntryCount"] == 1
    entries = await given.all(campaign_entry, "segment_no", "logged_segment_no")
    assert entries == [("S1", answer["loggedSegment"]["entryNo"])]
    nodes = (await graphql("{ interactions { nodes { entryNo campaignEntry { entryNo } } } }"))["interactions"]["nodes"]
    assert [node["campaignEntry"] for node in nodes] == [{"entryNo": 1}] * 3


async def test_9_4_a_line_whose_contact_may_not_be_called_is_refused(change: Change, refused: Refused) -> None:
    await make_segment(change, salesperson="CE")
    await change("updateContact", {"no": "OLE", "privacyBlocked": True})
    await refused("PRIVACY_BLOCKED", ["lineNo"], "logPhoneCall", {"segmentNo": "S1", "lineNo": 20})
