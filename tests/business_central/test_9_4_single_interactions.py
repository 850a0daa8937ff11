"""Logging an interaction with one contact."""

from datetime import date, datetime
from typing import Any

import httpx2
import pytest

from server.clock import Clock, Moment
from server.store.tables import attachment, campaign_entry, contact_address, contact_address_period, delivery
from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given
from tests.business_central.interaction_people import acting, interaction, store_entry, store_people
from tests.conftest import GraphQL

OFFER = {"name": "Offer", "url": "https://files.test/offer.pdf"}
CALL = {"contactNo": "PIA", "template": "CALL"}
MAIL = {"contactNo": "PIA", "template": "MAIL"}


@pytest.fixture
def clock(moment: Moment) -> Clock:
    """A clock whose work date is not today."""
    return lambda: Moment(now=moment.now, work_date=date(2026, 12, 1))


@pytest.fixture(autouse=True)
async def world(given: Given) -> None:
    await store_people(given)


async def logged(change: Change, values: dict[str, Any], fields: str) -> Any:
    """Log an interaction; return fields of it."""
    return (await change("logInteraction", values, f"interaction {{ {fields} }}"))["interaction"]


async def move(given: Given, contact_id: int, email: str) -> None:
    """Give a contact an alternative address from December on."""
    await given.rows(contact_address, {"contact_id": contact_id, "code": "HOME", "email": email})
    period = {"contact_id": contact_id, "starting_on": date(2026, 12, 1), "code": "HOME"}
    await given.rows(contact_address_period, period)


async def test_9_4_what_is_not_said_comes_from_the_template_and_the_contact(change: Change) -> None:
    fields = """on at description subject cost duration informationFlow initiatedBy attemptFailed evaluation actor
      correspondenceType language contactVia postponed canceled segmentNo deliveryStatus alternativeAddress
      group { code } salesperson { code } company { no } campaign { no } campaignEntry { entryNo }
      loggedSegment { entryNo }"""
    assert await logged(change, CALL, fields) == {
        "on": "2026-12-01",
        "at": "2026-11-23T12:00:00Z",
        "description": "Phone call",
        "subject": "Phone call",
        "cost": "8",
        "duration": "5",
        "informationFlow": "OUTBOUND",
        "initiatedBy": "US",
        "attemptFailed": False,
        "evaluation": None,
        "actor": "anonymous",
        "correspondenceType": None,
        "language": None,
        "contactVia": "",
        "postponed": False,
        "canceled": False,
        "segmentNo": None,
        "deliveryStatus": None,
        "alternativeAddress": None,
        "group": {"code": "PHONE"},
        "salesperson": {"code": "BD"},
        "company": {"no": "ACME"},
        "campaign": None,
        "campaignEntry": None,
        "loggedSegment": None,
    }


async def test_9_4_what_is_said_counts(change: Change) -> None:
    values = {
        "on": "2026-01-02", "description": "Asked", "subject": "Price", "cost": "0.5", "duration": None,
        "informationFlow": "INBOUND", "initiatedBy": "THEM", "attemptFailed": True, "evaluation": "NEGATIVE",
        "correspondenceType": "HARD_COPY", "language": "SVE", "contactVia": "+45 11", "campaignTarget": True,
        "campaignResponse": True,
    }  # fmt: skip
    given = {**CALL, **values, "salesperson": "ah", "campaignNo": "cp2", "comments": [{"text": "A"}, {"text": "B"}]}
    shown = await logged(
        change, given, f"{' '.join(values)} salesperson {{ code }} campaign {{ no }} comments {{ nodes {{ text on }} }}"
    )
    assert shown == {
        **values,
        "duration": "0",
        "salesperson": {"code": "AH"},
        "campaign": {"no": "CP2"},
        "comments": {"nodes": [{"text": "A", "on": "2026-12-01"}, {"text": "B", "on": "2026-12-01"}]},
    }


async def test_9_4_the_salesperson_is_the_users_own_else_the_contacts(http: httpx2.AsyncClient, change: Change) -> None:
    own = await acting(http, "ann", "logInteraction", CALL)
    assert (own["salesperson"], own["actor"], own["title"]) == ({"code": "CE"}, "ann", "Phone call - by Carl Ek")
    other = await acting(http, "bob", "logInteraction", CALL)
    assert (other["salesperson"], other["title"]) == ({"code": "BD"}, "Phone call - by Bob Berg")
    said = await acting(http, "ann", "logInteraction", {**CALL, "salesperson": "AH"})
    assert said["salesperson"] == {"code": "AH"}
    await change("updateSalesperson", {"code": "CE", "blocked": True})
    assert (await acting(http, "ann", "logInteraction", CALL))["salesperson"] == {"code": "BD"}


async def test_9_4_the_first_thing_that_is_missing_is_named(refused: Refused) -> None:
    blank = {"contactNo": "", "template": "", "salesperson": None, "on": None, "description": " "}
    filled = {"contactNo": "SOLO", "template": "CALL", "salesperson": "AH", "on": "2026-12-01", "description": "Call"}
    values: dict[str, Any] = dict(blank)
    for field in ("contactNo", "template", "salesperson", "on", "description"):
        for mutation in ("logInteraction", "postponeInteraction"):
            message = await refused("VALUE_REQUIRED", [field], mutation, values)
            assert field in message
        values[field] = filled[field]


async def test_9_4_a_contact_without_salesperson_needs_one(refused: Refused) -> None:
    await refused("VALUE_REQUIRED", ["salesperson"], "logInteraction", {"contactNo": "SOLO", "template": "CALL"})


async def test_9_4_what_is_named_must_exist_and_be_usable(refused: Refused) -> None:
    for values, code, field in (
        ({"contactNo": "NONE"}, "NOT_FOUND", "contactNo"),
        ({"contactNo": "SHY"}, "PRIVACY_BLOCKED", "contactNo"),
        ({"contactNo": None}, "VALUE_REQUIRED", "contactNo"),
        ({"template": "NONE"}, "NOT_FOUND", "template"),
        ({"salesperson": "NONE"}, "NOT_FOUND", "salesperson"),
        ({"salesperson": "GONE"}, "SALESPERSON_BLOCKED", "salesperson"),
        ({"campaignNo": "NONE"}, "NOT_FOUND", "campaignNo"),
        ({"campaignTarget": True}, "INVALID_INPUT", "campaignTarget"),
        ({"campaignResponse": True}, "INVALID_INPUT", "campaignResponse"),
        ({"cost": "-1"}, "INVALID_INPUT", "cost"),
        ({"duration": "-1"}, "INVALID_INPUT", "duration"),
        ({"description": "x" * 101}, "INVALID_INPUT", "description"),
        ({"contactVia": "x" * 81}, "INVALID_INPUT", "contactVia"),
        ({"fromEntryNo": 99}, "NOT_FOUND", "fromEntryNo"),
    ):
        await refused(code, [field], "logInteraction", {**CALL, **values})
    await refused(
        "VALUE_REQUIRED",
        ["comments", "1", "text"],
        "logInteraction",
        {**CALL, "comments": [{"text": "A"}, {"text": ""}]},
    )
    wrong = {**CALL, "attachment": {**OFFER, "url": "ftp://files.test/offer.pdf"}}
    await refused("INVALID_INPUT", ["attachment", "url"], "logInteraction", wrong)


async def test_9_4_an_interaction_can_go_on_from_another(change: Change, given: Given) -> None:
    await store_entry(given, 1, contact_id=3, salesperson="CE", campaign_id=2)
    fields = "contact { no } salesperson { code } campaign { no }"
    assert await logged(change, {"template": "MAIL", "fromEntryNo": 1}, fields) == {
        "contact": {"no": "OLE"},
        "salesperson": {"code": "CE"},
        "campaign": {"no": "CP2"},
    }
    values = {"template": "MAIL", "fromEntryNo": 1, "contactNo": "PIA", "salesperson": "AH", "campaignNo": None}
    assert await logged(change, values, fields) == {
        "contact": {"no": "PIA"},
        "salesperson": {"code": "AH"},
        "campaign": None,
    }


async def test_9_4_all_single_interactions_of_a_campaign_share_an_entry(change: Change, given: Given) -> None:
    for contact_no in ("PIA", "OLE"):
        await logged(change, {**CALL, "contactNo": contact_no, "campaignNo": "CP1", "on": "2026-12-24"}, "entryNo")
    shown = await logged(change, {**CALL, "campaignNo": "CP2"}, "campaignEntry { description segmentNo }")
    assert shown["campaignEntry"] == {"description": "Interactions", "segmentNo": ""}
    entries = await given.all(campaign_entry, "campaign_id", "description", "segment_no", "on", "salesperson")
    day = date(2026, 12, 24)
    assert entries == [(1, "Interactions", "", day, "BD"), (2, "Interactions", "", date(2026, 12, 1), "BD")]


async def test_9_4_email_to_a_contact_without_an_address_is_logged_as_not_sent(change: Change) -> None:
    shown = [await logged(change, {**MAIL, "contactNo": no}, "correspondenceType") for no in ("PIA", "OLE")]
    assert [one["correspondenceType"] for one in shown] == ["EMAIL", None]


async def test_9_4_email_to_the_alternative_address_of_the_day_stays_email(change: Change, given: Given) -> None:
    await move(given, 3, "ole@home.test")
    fields = "correspondenceType alternativeAddress"
    there = await logged(change, {**MAIL, "contactNo": "OLE"}, fields)
    assert there == {"correspondenceType": "EMAIL", "alternativeAddress": "HOME"}
    before = await logged(change, {**MAIL, "contactNo": "OLE", "on": "2026-11-30"}, fields)
    assert before == {"correspondenceType": None, "alternativeAddress": None}


async def test_9_4_the_correspondence_type_is_the_contacts_unless_the_template_ignores_it(
    change: Change,
) -> None:
    await change("updateContact", {"no": "PIA", "correspondenceType": "HARD_COPY"})
    assert (await logged(change, MAIL, "correspondenceType"))["correspondenceType"] == "HARD_COPY"
    await change("updateInteractionTemplate", {"code": "MAIL", "ignoreContactCorrespondence": True})
    assert (await logged(change, MAIL, "correspondenceType"))["correspondenceType"] == "EMAIL"
    assert (await logged(change, {**MAIL, "correspondenceType": None}, "correspondenceType"))[
        "correspondenceType"
    ] is None


async def test_9_4_the_language_is_the_contacts_where_the_template_has_it_else_the_templates(change: Change) -> None:
    fields = "language subject attachment { name }"
    for language, name in (("DEU", "Angebot"), ("DAN", "Tilbud")):
        values = {"template": "MAIL", "language": language, "subject": name, "attachment": {**OFFER, "name": name}}
        await change("createInteractionTemplateLanguage", values)
    assert await logged(change, {**MAIL, "contactNo": "OLE"}, fields) == {
        "language": None,
        "subject": "Letter",
        "attachment": None,
    }
    await change("updateInteractionTemplate", {"code": "MAIL", "language": "DEU"})
    danish = {"language": "DAN", "subject": "Tilbud", "attachment": {"name": "Tilbud"}}
    german = {"language": "DEU", "subject": "Angebot", "attachment": {"name": "Angebot"}}
    assert await logged(change, MAIL, fields) == danish
    assert await logged(change, {**MAIL, "contactNo": "OLE"}, fields) == german
    assert await logged(change, {**MAIL, "language": "DEU"}, fields) == german
    none = {"language": None, "subject": "Letter", "attachment": None}
    assert await logged(change, {**MAIL, "language": None}, fields) == none
    own = {**MAIL, "attachment": {**OFFER, "name": "Own"}, "subject": "Mine"}
    assert await logged(change, own, fields) == {"language": "DAN", "subject": "Mine", "attachment": {"name": "Own"}}
    assert (await logged(change, {**MAIL, "attachment": None}, fields))["attachment"] is None


async def test_9_4_what_is_delivered_waits_for_a_mailer(graphql: GraphQL, change: Change) -> None:
    shown = await logged(change, {**MAIL, "attachment": OFFER, "deliver": True}, "entryNo deliveryStatus")
    assert shown == {"entryNo": 1, "deliveryStatus": "IN_PROGRESS"}
    await logged(change, {**MAIL, "attachment": OFFER}, "entryNo")
    nodes = (await graphql("{ deliveries { nodes { entryNo correspondenceType attachment { name } } } }"))["deliveries"]
    assert nodes["nodes"] == [{"entryNo": 1, "correspondenceType": "EMAIL", "attachment": {"name": "Offer"}}]


async def test_9_4_what_is_sent_in_no_way_is_not_delivered(change: Change, given: Given) -> None:
    shown = await logged(change, {**CALL, "attachment": OFFER, "deliver": True}, "deliveryStatus")
    assert shown["deliveryStatus"] is None
    assert await given.all(delivery) == []


async def test_9_4_delivering_needs_an_attachment(refused: Refused) -> None:
    await refused("ATTACHMENT_REQUIRED", ["attachment"], "logInteraction", {**MAIL, "deliver": True})
    paper = {**MAIL, "correspondenceType": "HARD_COPY", "deliver": True}
    await refused("ATTACHMENT_REQUIRED", ["attachment"], "logInteraction", paper)


async def test_9_4_delivering_by_email_needs_an_address(change: Change, refused: Refused, given: Given) -> None:
    values = {**MAIL, "contactNo": "OLE", "attachment": OFFER, "deliver": True}
    message = await refused("EMAIL_REQUIRED", ["contactNo"], "logInteraction", values)
    assert "OLE" in message
    await move(given, 3, "")
    await refused("EMAIL_REQUIRED", ["contactNo"], "logInteraction", values)
    await change("updateContact", {"no": "OLE", "email": "ole@acme.test"})
    shown = await logged(change, values, "correspondenceType deliveryStatus")
    assert shown == {"correspondenceType": "EMAIL", "deliveryStatus": "IN_PROGRESS"}


async def test_9_4_an_attachment_of_a_refused_interaction_is_not_kept(refused: Refused, given: Given) -> None:
    values = {**MAIL, "contactNo": "OLE", "attachment": OFFER, "deliver": True}
    await refused("EMAIL_REQUIRED", ["contactNo"], "logInteraction", values)
    assert await given.all(attachment) == []


async def test_9_4_the_instant_is_the_one_of_logging(change: Change, graphql: GraphQL, moment: Moment) -> None:
    await logged(change, {**CALL, "on": "2026-01-02"}, "entryNo")
    shown = await interaction(graphql, 1, "at on")
    assert (datetime.fromisoformat(shown["at"]), shown["on"]) == (moment.now, "2026-01-02")


async def test_9_4_a_language_given_must_be_one_of_the_templates_if_it_has_any(
    change: Change, refused: Refused
) -> None:
    await change("createInteractionTemplateLanguage", {"template": "MAIL", "language": "DAN"})
    for mutation in ("logInteraction", "postponeInteraction"):
        message = await refused("LANGUAGE_MISSING", ["language"], mutation, {**MAIL, "language": "ita"})
        assert message == "Interaction template MAIL has no language ITA."
    assert await logged(change, {**MAIL, "language": "dan"}, "language") == {"language": "DAN"}
    assert await logged(change, {**MAIL, "language": None}, "language") == {"language": None}
    assert await logged(change, {**CALL, "language": "ita"}, "language") == {"language": "ITA"}


async def test_9_4_a_contact_that_another_interaction_names_is_refused_there(
    change: Change, refused: Refused, given: Given
) -> None:
    await store_entry(given, 1)
    await change("updateContact", {"no": "PIA", "privacyBlocked": True})
    for mutation in ("logInteraction", "postponeInteraction"):
        await refused("PRIVACY_BLOCKED", ["fromEntryNo"], mutation, {"template": "CALL", "fromEntryNo": 1})
        await refused("PRIVACY_BLOCKED", ["contactNo"], mutation, {**CALL, "fromEntryNo": 1})
