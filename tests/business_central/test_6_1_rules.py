"""What Business Central's eight groups of filters ask, asked by a rule."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, update

from server.clock import Moment
from server.store.database import Database
from server.store.tables import (
    business_relation,
    campaign,
    contact,
    contact_business_relation,
    contact_industry_group,
    contact_job_responsibility,
    contact_mailing_group,
    industry_group,
    interaction_log_entry,
    interaction_template,
    job_responsibility,
    mailing_group,
    salesperson,
)
from server.store.unit_of_work import UnitOfWork
from tests.business_central.conftest import Change, Refused
from tests.business_central.worksheet_people import KEYS, open_worksheet, pin, standing
from tests.conftest import GraphQL


async def store_facts(work: UnitOfWork) -> None:
    """Give Ann and Coil something of every kind."""

    async def put(table: Any, **row: Any) -> None:
        await work.connection.execute(insert(table).values(row))

    ann, coil = KEYS["ANN"], KEYS["COIL"]
    await put(salesperson, code="JR")
    await put(interaction_template, code="LETTER")
    await put(campaign, id=1, no="CP1", created_at=work.moment.now, modified_at=work.moment.now)
    for codes, rows, code, owner in (
        (mailing_group, contact_mailing_group, "NEWS", ann),
        (job_responsibility, contact_job_responsibility, "BUYER", ann),
        (industry_group, contact_industry_group, "METAL", coil),
        (business_relation, contact_business_relation, "CUST", coil),
    ):
        await put(codes, code=code)
        await put(rows, contact_id=owner, code=code)
    own: dict[str, Any] = {"salesperson": "JR", "post_code": "8000", "territory": "EAST", "city": "Zug", "surname": "Y"}
    await work.connection.execute(update(contact).where(contact.c.id == ann).values(own))
    entry = {"contact_id": ann, "company_id": KEYS["ACME"], "at": work.moment.now, "segment_no": "OLD1"}
    letter = {"template": "LETTER", "salesperson": "JR", "evaluation": "POSITIVE", "campaign_id": 1}
    await put(interaction_log_entry, **entry, **letter, on=date(2026, 10, 1), canceled=True)
    await put(interaction_log_entry, **entry, on=date(2026, 11, 2), postponed=True)
    await put(interaction_log_entry, contact_id=coil, company_id=coil, at=work.moment.now, on=date(2026, 9, 1))
    work.record("contact", ann)


@pytest.fixture(autouse=True)
async def _worksheet(database: Database, moment: Moment, change: Change) -> None:
    await open_worksheet(database, moment, change)
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await store_facts(work)


async def selected(graphql: GraphQL, change: Change, rule: str) -> list[str]:
    """Return whom adding by the rule puts on the empty segment, by number; it is undone again."""
    options = {"ignoreExclusion": True, "skipPrivacyBlocked": False}
    await change("addContactsToSegment", {"segmentNo": "S1", "rule": rule, **options})
    found = sorted(await standing(graphql))
    await change("undoSegmentAction", {"segmentNo": "S1"})
    return found


async def test_6_1_contacts_are_selected_by_their_own_fields(graphql: GraphQL, change: Change) -> None:
    for rule, expected in {
        'no == "ANN"': ["ANN"],
        'search_name == "ann"': ["ANN"],
        'type == "COMPANY"': ["ACME", "BOLT", "COIL"],
        'salesperson == "JR"': ["ANN"],
        'post_code == "8000"': ["ANN"],
        'country == "FR"': ["ANN", "BOLT"],
        'territory == "EAST"': ["ANN"],
        'city == "Zug" and surname == "Y"': ["ANN"],
        'company_name == "Coil"': ["COIL", "NIL", "OLAF"],
        "privacy_blocked": ["BOB"],
    }.items():
        assert await selected(graphql, change, rule) == expected, rule


async def test_6_1_lists_ranges_exceptions_wildcards_and_case_can_be_asked(graphql: GraphQL, change: Change) -> None:
    for rule, expected in {
        'no in ["ANN", "ZOE"]': ["ANN", "ZOE"],
        'no >= "ANN" and no <= "BOLT"': ["ANN", "BOB", "BOLT"],
        'country != "DE"': ["ANN", "BOLT", "COIL", "NIL", "OLAF"],
        '"n" in name': ["ANN", "LONE", "XENA"],
        'name.as_lower =~ "^m.*"': ["MAX"],
    }.items():
        assert await selected(graphql, change, rule) == expected, rule


async def test_6_1_mailing_groups_and_job_responsibilities_are_the_contacts_own(
    graphql: GraphQL, change: Change
) -> None:
    for rule in ('"NEWS" in mailing_groups', '"BUYER" in job_responsibilities'):
        assert await selected(graphql, change, rule) == ["ANN"], rule


async def test_6_1_persons_have_the_industry_groups_and_business_relations_of_their_company(
    graphql: GraphQL, change: Change
) -> None:
    for rule in ('"METAL" in industry_groups', '"CUST" in business_relations'):
        assert await selected(graphql, change, rule) == ["COIL", "NIL", "OLAF"], rule


async def test_6_1_interactions_are_asked_by_day_segment_campaign_evaluation_template_and_salesperson(
    graphql: GraphQL, change: Change
) -> None:
    for asked in (
        'i.on == d"2026-10-01"',
        'i.segment == "OLD1"',
        'i.campaign == "CP1"',
        'i.evaluation == "POSITIVE"',
        'i.template == "LETTER"',
        'i.salesperson == "JR"',
    ):
        assert await selected(graphql, change, f"$any([{asked} for i in interactions])") == ["ANN"], asked


async def test_6_1_one_interaction_must_meet_every_condition(graphql: GraphQL, change: Change) -> None:
    for day, expected in (("2026-10-01", ["ANN"]), ("2026-11-02", [])):
        rule = f'$any([i.on == d"{day}" and i.evaluation == "POSITIVE" for i in interactions])'
        assert await selected(graphql, change, rule) == expected, rule


async def test_6_1_canceled_and_postponed_interactions_are_not_left_out_by_themselves(
    graphql: GraphQL, change: Change
) -> None:
    for state in ("canceled", "postponed"):
        assert await selected(graphql, change, f"$any([i.{state} for i in interactions])") == ["ANN"], state


async def test_6_1_the_interactions_of_a_company_are_not_those_of_its_persons_nor_the_other_way_round(
    graphql: GraphQL, change: Change
) -> None:
    assert await selected(graphql, change, "not interactions.is_empty") == ["ANN", "COIL"]


async def test_6_1_every_condition_of_a_rule_must_hold(graphql: GraphQL, change: Change) -> None:
    for rule, expected in {
        'country == "FR" and "NEWS" in mailing_groups': ["ANN"],
        'country == "DE" and "NEWS" in mailing_groups': [],
        '"CUST" in business_relations and "METAL" in industry_groups and type == "PERSON"': ["NIL", "OLAF"],
    }.items():
        assert await selected(graphql, change, rule) == expected, rule


async def test_6_1_no_restriction_adds_everybody_reduces_to_nobody_and_refines_away_nobody(
    graphql: GraphQL, change: Change
) -> None:
    assert await selected(graphql, change, "true") == sorted(KEYS)
    await change("redoSegmentAction", {"segmentNo": "S1"})
    await change("refineSegment", {"segmentNo": "S1", "rule": "true"})
    assert sorted(await standing(graphql)) == sorted(KEYS)
    await change("reduceSegment", {"segmentNo": "S1", "rule": "true"})
    assert await standing(graphql) == []


async def test_6_1_an_empty_rule_is_refused(change: Change, refused: Refused) -> None:
    await pin(change, "ANN")
    for mutation in ("addContactsToSegment", "reduceSegment", "refineSegment"):
        message = await refused("RULE_EMPTY", ["rule"], mutation, {"segmentNo": "S1", "rule": "  "})
        assert "true" in message, "it says what to write for everybody"


async def test_6_1_a_rule_that_cannot_be_used_is_refused_by_its_field(refused: Refused) -> None:
    for rule, code in {
        'country = "DE"': "RULE_SYNTAX",
        'contry == "DE"': "RULE_UNKNOWN_SYMBOL",
        "exclude_from_segment > 3": "RULE_TYPE",
        "$random(1) == 1": "RULE_UNSUPPORTED",
        " or ".join(['name == "x"'] * 300): "RULE_TOO_LARGE",
    }.items():
        await refused(code, ["rule"], "addContactsToSegment", {"segmentNo": "S1", "rule": rule})
