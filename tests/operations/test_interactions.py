from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from server.clock import Moment
from server.operations.campaigns.campaigns import create_campaign
from server.operations.contacts.contacts import create_contact
from server.operations.interactions.interaction_templates import create_interaction_template
from server.operations.interactions.interactions import log_interaction
from server.operations.setup.salespeople import create_salesperson
from server.store.database import Database
from server.store.tables import (
    campaign,
    campaign_entry,
    change,
    interaction_group,
    interaction_log_entry,
    interaction_template,
    salesperson,
)
from tests.operations.conftest import Fetch, Refuse, Run, Store

CALL = {"contact_no": "P1", "template": "CALL"}


@pytest.fixture(autouse=True)
async def people(run: Run, store: Store) -> None:
    await store(interaction_group, {"code": "PHONE"})
    for code in ("AH", "BD"):
        await run(create_salesperson, {"code": code})
    await run(create_salesperson, {"code": "GONE", "blocked": True})
    await run(create_campaign, {"no": "CP1"})
    await run(create_campaign, {"no": "CP2"})
    await run(create_contact, {"no": "ACME", "name": "Acme", "salesperson": "AH", "language": "DEU"})
    person = {"no": "P1", "type": "PERSON", "company_no": "ACME", "email": "p@acme.test"}
    await run(create_contact, person)
    await run(create_contact, {"no": "P2", "type": "PERSON"})
    await run(create_contact, {"no": "P3", "type": "PERSON", "privacy_blocked": True, "salesperson": "AH"})
    template = {
        "code": "CALL",
        "description": "Phone call",
        "group": "PHONE",
        "unit_cost": Decimal("12.5"),
        "unit_duration": Decimal("7.25"),
        "information_flow": "OUTBOUND",
        "initiated_by": "US",
        "campaign_no": "CP1",
        "campaign_target": True,
    }
    await run(create_interaction_template, template)
    await run(create_interaction_template, {"code": "NOTE", "correspondence_type": None})


async def last(fetch: Fetch) -> Any:
    return (await fetch(interaction_log_entry))[-1]


# Templates


async def test_a_template_has_defaults(fetch: Fetch, run: Run) -> None:
    assert await run(create_interaction_template, {"code": " mail "}) == "MAIL"
    (row,) = await fetch(interaction_template, interaction_template.c.code == "MAIL")
    assert (row.correspondence_type, row.unit_cost, row.unit_duration, row.campaign_id) == ("EMAIL", 0, 0, None)
    assert (row.description, row.group, row.ignore_contact_correspondence, row.version) == ("", None, False, 1)
    noted = (await fetch(change))[-1]
    assert (noted.object, noted.object_code) == ("interaction_template", "MAIL")
    (row,) = await fetch(interaction_template, interaction_template.c.code == "CALL")
    assert (row.unit_cost, row.unit_duration, row.group) == (Decimal("12.5"), Decimal("7.25"), "PHONE")


WRONG_TEMPLATES: list[tuple[dict[str, Any], str, str]] = [
    ({"code": ""}, "VALUE_REQUIRED", "code"),
    ({"code": "call"}, "ALREADY_EXISTS", "code"),
    ({"group": "NONE"}, "NOT_FOUND", "group"),
    ({"campaign_no": "NONE"}, "NOT_FOUND", "campaignNo"),
    ({"unit_cost": Decimal("-0.01")}, "INVALID_INPUT", "unitCost"),
    ({"unit_cost": Decimal("1e13")}, "INVALID_INPUT", "unitCost"),
    ({"unit_duration": Decimal("0.001")}, "INVALID_INPUT", "unitDuration"),
    ({"unit_duration": Decimal("1e900000")}, "INVALID_INPUT", "unitDuration"),
    ({"information_flow": "SIDEWAYS"}, "INVALID_INPUT", "informationFlow"),
    ({"initiated_by": "NOBODY"}, "INVALID_INPUT", "initiatedBy"),
    ({"correspondence_type": "FAX"}, "INVALID_INPUT", "correspondenceType"),
    ({"language": "x" * 11}, "INVALID_INPUT", "language"),
]


async def test_a_wrong_template_is_refused(refuse: Refuse) -> None:
    for values, code, field in WRONG_TEMPLATES:
        await refuse(code, (field,), create_interaction_template, {"code": "MAIL", **values})


# Interactions


async def test_what_is_not_said_comes_from_template_and_contact(run: Run, fetch: Fetch, moment: Moment) -> None:
    entry_no = await run(log_interaction, {"contact_no": "p1", "template": "call"})
    row = await last(fetch)
    assert (row.entry_no, row.contact_id, row.company_id, row.actor) == (entry_no, 2, 1, "ann")
    assert (row.template, row.group, row.salesperson, row.language) == ("CALL", "PHONE", "AH", None)
    assert (row.description, row.subject, row.on, row.at) == ("Phone call", "Phone call", moment.today, moment.now)
    assert (row.cost, row.duration, row.information_flow, row.initiated_by) == (
        Decimal("12.5"),
        Decimal("7.25"),
        "OUTBOUND",
        "US",
    )
    assert (row.correspondence_type, row.evaluation, row.attempt_failed) == ("EMAIL", None, False)
    assert (row.campaign_target, row.campaign_response, row.canceled, row.postponed) == (True, False, False, False)
    assert (row.segment_no, row.logged_segment_no) == (None, None)
    noted = (await fetch(change))[-1]
    assert (noted.object, noted.object_id) == ("interaction_log_entry", entry_no)


async def test_without_a_campaign_it_counts_for_none(run: Run, fetch: Fetch, refuse: Refuse) -> None:
    await run(create_interaction_template, {"code": "MAIL", "campaign_target": True, "campaign_response": True})
    mail = {**CALL, "template": "MAIL", "description": "Letter"}
    await run(log_interaction, mail)
    row = await last(fetch)
    assert (row.campaign_id, row.campaign_target, row.campaign_response) == (None, False, False)
    await refuse("INVALID_INPUT", ("campaignTarget",), log_interaction, {**mail, "campaign_target": True})
    await run(log_interaction, {**mail, "campaign_no": "CP2"})
    row = await last(fetch)
    assert (row.campaign_target, row.campaign_response) == (True, True)


async def test_what_is_said_wins(run: Run, fetch: Fetch) -> None:
    values = {
        **CALL,
        "salesperson": "bd",
        "on": date(2026, 1, 2),
        "description": "Asked",
        "subject": "Price",
        "evaluation": "VERY_POSITIVE",
        "attempt_failed": True,
        "cost": Decimal("0.0001"),
        "duration": None,
        "information_flow": None,
        "initiated_by": "THEM",
        "campaign_no": "cp2",
        "campaign_target": False,
        "campaign_response": True,
        "correspondence_type": "HARD_COPY",
        "language": "enu",
    }
    await run(log_interaction, values)
    row = await last(fetch)
    assert (row.salesperson, row.on, row.description, row.subject) == ("BD", date(2026, 1, 2), "Asked", "Price")
    assert (row.evaluation, row.attempt_failed, row.cost, row.duration) == ("VERY_POSITIVE", True, Decimal("0.0001"), 0)
    assert (row.information_flow, row.initiated_by, row.language) == (None, "THEM", "ENU")
    assert (row.campaign_target, row.campaign_response, row.correspondence_type) == (False, True, "HARD_COPY")
    (campaign_row,) = await fetch(campaign, campaign.c.no == "CP2")
    assert row.campaign_id == campaign_row.id


async def test_the_single_interactions_of_a_campaign_share_an_entry(run: Run, fetch: Fetch, moment: Moment) -> None:
    for _ in range(2):
        await run(log_interaction, CALL)
    await run(log_interaction, {**CALL, "campaign_no": None})
    (entry,) = await fetch(campaign_entry)
    assert (entry.description, entry.segment_no, entry.on, entry.salesperson) == (
        "Interactions",
        "",
        moment.today,
        "AH",
    )
    assert entry.logged_segment_no is None
    rows = await fetch(interaction_log_entry)
    assert [row.campaign_entry_no for row in rows] == [entry.entry_no, entry.entry_no, None]
    assert [row.campaign_id for row in rows] == [entry.campaign_id, entry.campaign_id, None]


async def test_the_work_date_is_the_default(database: Database, moment: Moment, fetch: Fetch) -> None:
    worked = Moment(now=moment.now, work_date=date(2026, 12, 31))
    async with database.write(actor="ann", operation="logInteraction", moment=worked) as work:
        await log_interaction(work, {"contact_no": "P1", "template": "CALL"})
    assert ((await last(fetch)).on, (await last(fetch)).at) == (date(2026, 12, 31), moment.now)


async def test_the_way_of_writing(run: Run, fetch: Fetch) -> None:
    async def way(contact_no: str, **values: Any) -> str | None:
        await run(log_interaction, {"contact_no": contact_no, "template": "CALL", "salesperson": "AH", **values})
        way_: str | None = (await last(fetch)).correspondence_type
        return way_

    await run(create_contact, {"no": "P4", "correspondence_type": "HARD_COPY", "email": "a@b.test"})
    ignoring = {"code": "STRICT", "description": "S", "ignore_contact_correspondence": True}
    await run(create_interaction_template, ignoring)
    assert await way("P1") == "EMAIL"
    assert await way("P2") is None  # no address
    assert await way("P2", correspondence_type="EMAIL") is None
    assert await way("P2", correspondence_type="HARD_COPY") == "HARD_COPY"
    assert await way("P4") == "HARD_COPY"
    assert await way("P4", template="STRICT") == "EMAIL"
    assert await way("P1", template="NOTE", description="N") is None
    assert await way("P4", correspondence_type=None) is None


async def test_a_contact_keeps_a_salesperson_who_is_blocked(
    run: Run, fetch: Fetch, database: Database, moment: Moment
) -> None:
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(update(salesperson).where(salesperson.c.code == "AH").values(blocked=True))
    await run(log_interaction, CALL)
    assert (await last(fetch)).salesperson == "AH"


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"contact_no": "", "template": ""}, "VALUE_REQUIRED", "contactNo"),
    ({"contact_no": "NONE", "template": ""}, "NOT_FOUND", "contactNo"),
    ({"contact_no": "P3", "template": ""}, "PRIVACY_BLOCKED", "contactNo"),
    ({"contact_no": "P2", "template": None}, "VALUE_REQUIRED", "template"),
    ({"contact_no": "P2", "template": "NONE"}, "NOT_FOUND", "template"),
    ({"contact_no": "P2", "on": None}, "VALUE_REQUIRED", "salesperson"),
    ({"salesperson": "NONE"}, "NOT_FOUND", "salesperson"),
    ({"salesperson": "GONE"}, "SALESPERSON_BLOCKED", "salesperson"),
    ({"on": None, "description": ""}, "VALUE_REQUIRED", "on"),
    ({"description": " "}, "VALUE_REQUIRED", "description"),
    ({"template": "NOTE"}, "VALUE_REQUIRED", "description"),
    ({"description": "x" * 101}, "INVALID_INPUT", "description"),
    ({"subject": "x" * 101}, "INVALID_INPUT", "subject"),
    ({"campaign_no": "NONE"}, "NOT_FOUND", "campaignNo"),
    ({"evaluation": "GREAT"}, "INVALID_INPUT", "evaluation"),
    ({"cost": Decimal(-1)}, "INVALID_INPUT", "cost"),
    ({"duration": Decimal("NaN")}, "INVALID_INPUT", "duration"),
    ({"language": "x" * 11}, "INVALID_INPUT", "language"),
]


async def test_an_unfinished_interaction_is_refused(refuse: Refuse) -> None:
    for values, code, field in WRONG:
        await refuse(code, (field,), log_interaction, {**CALL, **values})
