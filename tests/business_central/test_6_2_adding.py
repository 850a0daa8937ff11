"""Adding contacts to a segment by a rule, with every option."""

from typing import Any

import pytest
from sqlalchemy import update

from server.clock import Moment
from server.store.database import Database
from server.store.tables import contact_attribute
from tests.business_central.conftest import Change, Refused
from tests.business_central.worksheet_people import FAILS, lines, open_worksheet, pin, standing
from tests.conftest import GraphQL

GERMAN = 'country == "DE"'
COUNTS = "linesAdded linesRemoved lineCount undecidedCount"


@pytest.fixture(autouse=True)
async def _worksheet(database: Database, moment: Moment, change: Change) -> None:
    await open_worksheet(database, moment, change)


async def add(change: Change, rule: str, **options: Any) -> dict[str, Any]:
    return await change("addContactsToSegment", {"segmentNo": "S1", "rule": rule, **options}, COUNTS)


async def update_rows(database: Database, moment: Moment, statement: Any) -> None:
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(statement)
        work.record("test")


EXPAND, COMPANY, IGNORE = "expandCompanies", "allowCompanyWithPersons", "ignoreExclusion"


@pytest.mark.parametrize(
    ("given", "added"),
    [
        ((), ["LONE", "ZOE", "MAX"]),
        (("allowExistingContacts",), ["LONE", "ACME", "ZOE", "MAX"]),
        ((EXPAND,), ["LONE", "ANN", "ZOE", "MAX"]),
        ((COMPANY,), ["LONE", "ZOE", "MAX"]),
        ((IGNORE,), ["LONE", "XENA", "ZOE", "MAX"]),
        (("allowExistingContacts", EXPAND), ["LONE", "ACME", "ANN", "ZOE", "MAX"]),
        (("allowExistingContacts", COMPANY), ["LONE", "ACME", "ZOE", "MAX"]),
        (("allowExistingContacts", IGNORE), ["LONE", "ACME", "XENA", "ZOE", "MAX"]),
        ((EXPAND, COMPANY), ["LONE", "ANN", "ZOE", "MAX"]),
        ((EXPAND, IGNORE), ["LONE", "ANN", "XENA", "ZOE", "BOLT", "MAX"]),
        ((COMPANY, IGNORE), ["LONE", "XENA", "ZOE", "BOLT", "MAX"]),
        ((EXPAND, COMPANY, IGNORE), ["LONE", "ANN", "XENA", "ZOE", "BOLT", "MAX"]),
    ],
)
async def test_6_2_each_option_of_adding_and_each_pair_adds_whom_it_should(
    graphql: GraphQL, change: Change, given: tuple[str, ...], added: list[str]
) -> None:
    await pin(change, "ACME")
    payload = await add(change, GERMAN, **dict.fromkeys(given, True))
    assert await standing(graphql) == ["ACME", *added]
    assert (payload["linesAdded"], payload["linesRemoved"], payload["lineCount"]) == (len(added), 0, len(added) + 1)


async def test_6_2_a_contact_on_a_line_is_skipped_unless_existing_contacts_are_allowed(
    graphql: GraphQL, change: Change
) -> None:
    for allowed, expected in ((False, ["ANN"]), (True, ["ANN", "ANN"])):
        await add(change, 'no == "ANN"')
        await add(change, 'no == "ANN"', allowExistingContacts=allowed)
        assert await standing(graphql) == expected
        await change("reduceSegment", {"segmentNo": "S1", "rule": "true"})


async def test_6_2_a_contact_taken_off_can_be_added_again(graphql: GraphQL, change: Change) -> None:
    await pin(change, "ANN", "ZOE")
    await change("reduceSegment", {"segmentNo": "S1", "rule": 'no == "ANN"'})
    await add(change, 'no == "ANN"')
    assert await standing(graphql) == ["ZOE", "ANN"]


async def test_6_2_a_person_brings_the_company_and_all_its_persons_when_companies_are_expanded(
    graphql: GraphQL, change: Change
) -> None:
    await add(change, 'no in ["OLAF", "LONE"]', expandCompanies=True)
    assert await standing(graphql) == ["LONE", "COIL", "NIL", "OLAF"]


async def test_6_2_an_excluded_or_blocked_contact_whom_the_rule_selects_still_brings_its_company(
    graphql: GraphQL, change: Change
) -> None:
    for no in ("XENA", "BOB"):
        await add(change, f'no == "{no}"', expandCompanies=True)
        assert await standing(graphql) == ["ACME", "ANN", "ZOE"]
        await change("undoSegmentAction", {"segmentNo": "S1"})
        await add(change, f'no == "{no}"', allowCompanyWithPersons=True)
        assert await standing(graphql) == ["ACME"]
        await change("undoSegmentAction", {"segmentNo": "S1"})


async def test_6_2_the_company_of_a_person_comes_with_it_when_allowed(graphql: GraphQL, change: Change) -> None:
    await add(change, 'no in ["NIL", "LONE"]', allowCompanyWithPersons=True)
    assert await standing(graphql) == ["LONE", "COIL", "NIL"]


async def test_6_2_excluded_contacts_are_left_out_last_of_all(graphql: GraphQL, change: Change) -> None:
    await add(change, 'no == "MAX"', expandCompanies=True)
    assert await standing(graphql) == ["MAX"], "the company is expanded, and then left out"
    await add(change, 'no == "MAX"', expandCompanies=True, ignoreExclusion=True)
    assert await standing(graphql) == ["MAX", "BOLT"]


@pytest.mark.parametrize(
    ("setup", "given", "added"),
    [
        (True, None, []),
        (False, None, ["BOB"]),
        (True, False, ["BOB"]),
        (False, True, []),
    ],
)
async def test_6_2_contacts_blocked_for_privacy_are_skipped_as_the_setup_says_unless_the_action_says(
    graphql: GraphQL, change: Change, *, setup: bool, given: bool | None, added: list[str]
) -> None:
    await change("updateMarketingSetup", {"skipPrivacyBlocked": setup})
    await add(change, 'no == "BOB"', skipPrivacyBlocked=given, ignoreExclusion=True)
    assert await standing(graphql) == added
    data = await graphql('{ segment(no: "S1") { actions { nodes { options { skipPrivacyBlocked } } } } }')
    (action,) = data["segment"]["actions"]["nodes"]
    assert action["options"] == {"skipPrivacyBlocked": not added}


async def test_6_2_contacts_blocked_for_privacy_are_skipped_also_when_their_company_is_expanded(
    graphql: GraphQL, change: Change
) -> None:
    await add(change, 'no == "ZOE"', expandCompanies=True, ignoreExclusion=True)
    assert await standing(graphql) == ["ACME", "ANN", "XENA", "ZOE"]


async def test_6_2_new_lines_are_ordered_by_company_name_then_company_no_then_type_then_name(
    graphql: GraphQL, change: Change
) -> None:
    """Bolt stands before Acme and Coil by its name, these two have one name; persons' names go against numbers."""
    names = {"BOLT": "Any", "ACME": "One", "COIL": "One"}
    names |= {"ANN": "c", "BOB": "b", "XENA": "a", "ZOE": "b", "OLAF": "a", "NIL": "b"}
    for no, name in names.items():
        await change("updateContact", {"no": no, "name": name})
    await add(change, "true", ignoreExclusion=True, skipPrivacyBlocked=False)
    expected = ["LONE", "BOLT", "MAX", "ACME", "XENA", "BOB", "ZOE", "ANN", "COIL", "OLAF", "NIL"]
    assert await standing(graphql) == expected


async def test_6_2_the_case_of_letters_in_names_decides_no_order(graphql: GraphQL, change: Change) -> None:
    """By letters alone, Bolt and Zoe would stand before the lower case ones; Straße is folded to strasse."""
    for no, name in {"ACME": "acme", "ANN": "straße", "XENA": "Strasse", "ZOE": "Zoe", "BOB": "STRASSB"}.items():
        await change("updateContact", {"no": no, "name": name, "excludeFromSegment": False, "privacyBlocked": False})
    await add(change, "true", ignoreExclusion=True)
    in_order = ["LONE", "ACME", "BOB", "ANN", "XENA", "ZOE", "BOLT", "MAX", "COIL", "NIL", "OLAF"]
    assert await standing(graphql) == in_order


async def test_6_2_who_was_selected_but_left_out_is_counted_by_the_reason(change: Change) -> None:
    """Xena and Bolt are excluded, Bob is blocked for privacy, and Max is both: excluded, then."""
    await change("updateContact", {"no": "MAX", "excludeFromSegment": True, "privacyBlocked": True})
    for given, counts in (
        ({"rule": "false"}, (0, 0, 0)),
        ({"rule": 'no in ["ANN", "XENA"]'}, (1, 1, 0)),
        ({"rule": 'no == "ZOE"', "expandCompanies": True}, (2, 1, 1)),
        ({"rule": 'no == "MAX"', "allowCompanyWithPersons": True}, (0, 2, 0)),
        ({"rule": 'no == "MAX"', "ignoreExclusion": True}, (0, 0, 1)),
        ({"rule": 'no == "MAX"', "skipPrivacyBlocked": False}, (0, 1, 0)),
        ({"rule": 'no in ["BOB", "MAX", "LONE"]', "ignoreExclusion": True, "skipPrivacyBlocked": False}, (3, 0, 0)),
        ({"rule": "true"}, (3, 2, 0)),
        ({"rule": 'no == "BOB"', "allowExistingContacts": True}, (0, 0, 1)),
    ):
        asked = {"segmentNo": "S1", **given}
        payload = await change("addContactsToSegment", asked, "linesAdded excludedCount privacyBlockedCount")
        assert (payload["linesAdded"], payload["excludedCount"], payload["privacyBlockedCount"]) == counts, given


async def test_6_2_numbers_of_lines_go_on_in_steps_of_ten_behind_the_last(graphql: GraphQL, change: Change) -> None:
    await pin(change, "ANN")
    await add(change, 'no in ["ZOE", "LONE"]')
    found = await lines(graphql, "lineNo contact { no } addedAtRevision")
    assert [(line["lineNo"], line["contact"]["no"], line["addedAtRevision"]) for line in found] == [
        (10, "ANN", 1),
        (20, "LONE", 2),
        (30, "ZOE", 2),
    ]


async def test_6_2_nobody_is_added_twice_by_one_action_however_often_he_is_found(
    graphql: GraphQL, change: Change
) -> None:
    """All of Coil match, and each of them brings all of them."""
    await add(change, 'country == "CH"', expandCompanies=True, allowCompanyWithPersons=True)
    assert await standing(graphql) == ["COIL", "NIL", "OLAF"]


async def test_6_2_a_contact_for_whom_the_rule_fails_is_not_added_but_counted(graphql: GraphQL, change: Change) -> None:
    payload = await add(change, f'country == "CH" and {FAILS} or no == "ANN"')
    assert payload["undecidedCount"] == 2
    assert await standing(graphql) == ["ANN"]
    (action,) = (await graphql('{ segment(no: "S1") { actions { nodes { undecidedCount } } } }'))["segment"]["actions"][
        "nodes"
    ]
    assert action == {"undecidedCount": 2}


async def test_6_2_a_contact_for_whom_the_rule_fails_comes_with_a_colleague(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    olaf = contact_attribute.c.contact_id == 10
    await update_rows(database, moment, update(contact_attribute).where(olaf).values(number_value=1))
    await add(change, f'country == "CH" and {FAILS}', expandCompanies=True)
    assert await standing(graphql) == ["COIL", "NIL", "OLAF"]


async def test_6_2_adding_is_refused_for_an_unknown_segment_another_version_or_a_wrong_rule(refused: Refused) -> None:
    given = {"segmentNo": "S1", "rule": "true"}
    await refused("NOT_FOUND", ["segmentNo"], "addContactsToSegment", given | {"segmentNo": "S9"})
    await refused("VALUE_REQUIRED", ["segmentNo"], "addContactsToSegment", given | {"segmentNo": " "})
    await refused("CONFLICT", ["expectedVersion"], "addContactsToSegment", given | {"expectedVersion": 5})
    for rule, code in (("", "RULE_EMPTY"), ("no ==", "RULE_SYNTAX"), ("nix == 1", "RULE_UNKNOWN_SYMBOL")):
        await refused(code, ["rule"], "addContactsToSegment", given | {"rule": rule})
