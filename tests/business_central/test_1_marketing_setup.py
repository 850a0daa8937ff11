"""The marketing setup: one for everybody, with what holds for the whole marketing."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import insert, select

from server.clock import Moment
from server.store.database import Database
from server.store.tables import (
    business_relation,
    interaction_template,
    number_series,
    salesperson,
    salutation,
    template_language,
)
from server.store.tables import (
    change as change_log,
)
from tests.business_central.conftest import Change, Refused, document
from tests.conftest import GraphQL

CODES = (
    "contactSeries segmentSeries campaignSeries customerRelation vendorRelation bankAccountRelation employeeRelation"
)
CODES += " defaultSalesperson phoneCallTemplate"
FLAGS = "inheritSalesperson inheritTerritory inheritCountry inheritLanguage inheritAddress inheritCommunication"
FLAGS += " skipPrivacyBlocked"
TEXTS = "defaultTerritory defaultCountry defaultLanguage defaultCorrespondenceType defaultCompanySalutation"
TEXTS += " defaultPersonSalutation"
SETUP = f"marketingSetup {{ {' '.join(f'{name} {{ code }}' for name in CODES.split())} {FLAGS} {TEXTS} version }}"


@pytest.fixture(autouse=True)
async def _codes(database: Database, moment: Moment) -> None:
    """What a setup may name."""
    rows: Mapping[Any, list[dict[str, Any]]] = {
        number_series: [{"code": "ALL", "prefix": "A", "digits": 3, "manual_allowed": False}],
        business_relation: [{"code": code} for code in ("CUST", "VEND", "BANK", "STAFF")],
        salutation: [{"code": code} for code in ("FIRM", "UNISEX")],
        salesperson: [
            {"code": "AH", "blocked": False, "privacy_blocked": False},
            {"code": "GONE", "blocked": True, "privacy_blocked": False},
            {"code": "HIDDEN", "blocked": False, "privacy_blocked": True},
        ],
        interaction_template: [{"code": "CALL"}, {"code": "LETTER"}],
        template_language: [{"template": "LETTER", "language": "DE"}],
    }
    async with database.write(actor="test", operation="test", moment=moment) as work:
        for table, values in rows.items():
            await work.connection.execute(insert(table), values)
        work.record("test")


async def read(graphql: GraphQL) -> dict[str, Any]:
    """Return the setup, objects as their codes."""
    data = await graphql(f"{{ {SETUP} }}")
    return {name: value["code"] if isinstance(value, dict) else value for name, value in data["marketingSetup"].items()}


NEW = {
    "contactSeries": "CONTACT",
    "segmentSeries": "SEGMENT",
    "campaignSeries": "CAMPAIGN",
    **dict.fromkeys(("customerRelation", "vendorRelation", "bankAccountRelation", "employeeRelation")),
    **dict.fromkeys(("defaultSalesperson", "phoneCallTemplate", *TEXTS.split())),
    **dict.fromkeys(FLAGS.split(), True),
    "version": 1,
}
GIVEN = {
    "contactSeries": "ALL",
    "segmentSeries": "ALL",
    "campaignSeries": "ALL",
    "customerRelation": "CUST",
    "vendorRelation": "VEND",
    "bankAccountRelation": "BANK",
    "employeeRelation": "STAFF",
    "defaultSalesperson": "AH",
    "phoneCallTemplate": "CALL",
    **dict.fromkeys(FLAGS.split(), False),
    "defaultTerritory": "NORTH",
    "defaultCountry": "DE",
    "defaultLanguage": "DEU",
    "defaultCorrespondenceType": "EMAIL",
    "defaultCompanySalutation": "FIRM",
    "defaultPersonSalutation": "UNISEX",
}


async def test_1_the_setup_begins_with_defaults(graphql: GraphQL) -> None:
    assert await read(graphql) == NEW


async def test_1_every_value_of_the_setup_can_be_set_and_made_blank(change: Change, graphql: GraphQL) -> None:
    await change("updateMarketingSetup", GIVEN)
    assert await read(graphql) == {**GIVEN, "version": 2}
    await change("updateMarketingSetup", dict.fromkeys(GIVEN))
    assert await read(graphql) == {**dict.fromkeys(GIVEN), **dict.fromkeys(FLAGS.split(), False), "version": 3}


async def test_1_codes_of_the_setup_are_stored_in_upper_case(change: Change, graphql: GraphQL) -> None:
    await change("updateMarketingSetup", {"customerRelation": " cust ", "defaultCountry": "de"})
    assert await read(graphql) == {**NEW, "customerRelation": "CUST", "defaultCountry": "DE", "version": 2}


async def test_1_what_is_left_out_of_a_change_of_the_setup_stays(
    change: Change, graphql: GraphQL, database: Database
) -> None:
    await change("updateMarketingSetup", GIVEN)
    await change("updateMarketingSetup", {"defaultCountry": "FR", "skipPrivacyBlocked": True})
    assert await read(graphql) == {**GIVEN, "defaultCountry": "FR", "skipPrivacyBlocked": True, "version": 3}
    async with database.read() as connection:
        log = select(change_log.c.object_id, change_log.c.fields).where(change_log.c.object == "marketing_setup")
        rows = (await connection.execute(log.order_by(change_log.c.seq.desc()).limit(1))).all()
    assert [tuple(row) for row in rows] == [(1, ["default_country", "skip_privacy_blocked"])]


async def test_1_a_change_of_the_setup_that_changes_nothing_keeps_its_version(change: Change, graphql: GraphQL) -> None:
    await change("updateMarketingSetup", {"contactSeries": "contact", "defaultCountry": ""})
    assert await read(graphql) == NEW


async def test_1_a_change_of_an_older_setup_is_a_conflict(change: Change, refused: Refused) -> None:
    await change("updateMarketingSetup", {"defaultCountry": "DE", "expectedVersion": 1})
    message = await refused(
        "CONFLICT", ["expectedVersion"], "updateMarketingSetup", {"defaultCountry": "FR", "expectedVersion": 1}
    )
    assert "its version is 2" in message


async def test_1_of_two_changes_of_one_setup_at_once_one_is_a_conflict(graphql: GraphQL) -> None:
    update = document("updateMarketingSetup", "")
    values = [{"defaultCountry": country, "expectedVersion": 1} for country in ("DE", "FR")]
    answers = await asyncio.gather(*(graphql(update, {"input": given}) for given in values))
    errors = [answer["updateMarketingSetup"]["userErrors"] for answer in answers]
    assert sorted(error["code"] for refusal in errors for error in refusal) == ["CONFLICT"]
    kept = "DE" if errors[0] == [] else "FR"
    assert await read(graphql) == {**NEW, "defaultCountry": kept, "version": 2}


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        *(("NOT_FOUND", field, "NONE") for field in CODES.split()),
        ("NOT_FOUND", "defaultCompanySalutation", "NONE"),
        ("NOT_FOUND", "defaultPersonSalutation", "NONE"),
        ("SALESPERSON_BLOCKED", "defaultSalesperson", "GONE"),
        ("SALESPERSON_BLOCKED", "defaultSalesperson", "HIDDEN"),
        ("LANGUAGES_NOT_ALLOWED", "phoneCallTemplate", "LETTER"),
        ("INVALID_INPUT", "contactSeries", "A" * 21),
        ("INVALID_INPUT", "defaultTerritory", "A" * 11),
        ("INVALID_INPUT", "defaultCountry", "A" * 11),
        ("INVALID_INPUT", "defaultLanguage", "A" * 11),
    ],
)
async def test_1_a_setup_that_cannot_be_is_refused(refused: Refused, code: str, field: str, value: str) -> None:
    message = await refused(code, [field], "updateMarketingSetup", {"defaultCountry": "DE", field: value})
    assert value in message or code == "INVALID_INPUT"


async def test_1_renaming_a_business_relation_renames_it_in_the_setup(change: Change, graphql: GraphQL) -> None:
    await change("updateMarketingSetup", {"customerRelation": "CUST", "vendorRelation": "CUST"})
    await change("updateBusinessRelation", {"code": "CUST", "newCode": "BUYER"})
    assert await read(graphql) == {**NEW, "customerRelation": "BUYER", "vendorRelation": "BUYER", "version": 2}


async def test_1_the_setup_has_a_global_id(graphql: GraphQL) -> None:
    setup = (await graphql("{ marketingSetup { id } }"))["marketingSetup"]
    node = await graphql("query ($id: ID!) { node(id: $id) { ... on MarketingSetup { version } } }", setup)
    assert node == {"node": {"version": 1}}
