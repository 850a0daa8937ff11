"""What a line gets from its contact and from the header, and what another contact on it means."""

from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change, Refused, everything
from tests.business_central.letters import (
    OFFRE,
    edit,
    language,
    lines,
    open_segment,
    put,
    segment,
    sent,
    store_readers,
    update,
    values,
)
from tests.conftest import GraphQL

SHOWN = """description campaign { no } salesperson { code } template { code } group { code } correspondenceType language
    subject cost duration on informationFlow initiatedBy campaignTarget campaignResponse evaluation attemptFailed"""
VISITED = {
    "description": "Fair", "campaign": "CP1", "salesperson": "AH", "template": "VISIT", "group": "MEET",
    "correspondenceType": "HARD_COPY", "language": "FRA", "subject": "Bonjour", "cost": "12.5", "duration": "5",
    "on": "2026-12-01", "informationFlow": "OUTBOUND", "initiatedBy": "US", "campaignTarget": True,
    "campaignResponse": False, "evaluation": None, "attemptFailed": False,
}  # fmt: skip
FAIR: dict[str, Any] = {
    "description": "Fair", "template": "VISIT", "campaignNo": "CP1", "campaignResponse": False, "language": "FRA",
    "subject": "Bonjour", "unitDuration": "5", "on": "2026-12-01",
}  # fmt: skip


@pytest.fixture(autouse=True)
async def _readers(database: Database, moment: Moment) -> None:
    await store_readers(database, moment)


async def change_contact(change: Change, line_no: int, contact_no: str, **more: Any) -> dict[str, Any]:
    asked = {"segmentNo": "S1", "lineNo": line_no, "contactNo": contact_no, **more}
    return await change("changeSegmentLineContact", asked, "line { lineNo contact { no } } segment { actionCount }")


async def test_5_1_a_line_begins_with_the_values_of_the_header(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, **FAIR)
    await put(change, "ANN")
    assert await lines(graphql, SHOWN) == [VISITED]


async def test_5_1_the_headers_salesperson_comes_before_the_contacts(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", "BOB", "CID")
    assert await values(graphql, "salesperson { code }") == ["AH", "BD", None]
    await update(change, lines=False, salesperson="BD")
    await put(change, "DOT")
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["ANN"], "allowExistingContacts": True})
    assert await values(graphql, "salesperson { code }") == ["AH", "BD", None, "BD", "BD"]


@pytest.mark.parametrize(
    ("header", "template", "expected"),
    [
        ({}, None, ["EMAIL", "HARD_COPY", None]),
        ({"ignoreContactCorrespondence": True, "correspondenceType": "EMAIL"}, None, ["EMAIL"] * 3),
        ({"ignoreContactCorrespondence": True}, None, ["EMAIL", "HARD_COPY", None]),
        ({}, {"correspondenceType": "HARD_COPY"}, ["EMAIL", "HARD_COPY", "HARD_COPY"]),
        ({}, {"correspondenceType": None}, ["EMAIL", "HARD_COPY", None]),
        ({}, {"correspondenceType": "HARD_COPY", "ignoreContactCorrespondence": True}, ["HARD_COPY"] * 3),
        ({}, {"correspondenceType": None, "ignoreContactCorrespondence": True}, [None] * 3),
        (
            {"correspondenceType": "EMAIL"},
            {"correspondenceType": "HARD_COPY", "ignoreContactCorrespondence": True},
            ["EMAIL"] * 3,
        ),
        (
            {"ignoreContactCorrespondence": True, "correspondenceType": None},
            {"correspondenceType": "HARD_COPY"},
            ["EMAIL", "HARD_COPY", "HARD_COPY"],
        ),
    ],
)
async def test_5_1_how_a_line_is_sent(
    change: Change,
    graphql: GraphQL,
    header: dict[str, Any],
    template: dict[str, Any] | None,
    expected: list[str | None],
) -> None:
    """By the header that ignores the contact, else by the template that does or fills in, else by the contact."""
    if template is not None:
        await change("createInteractionTemplate", {"code": "T", **template})
        header = {"template": "T", **header}
    await open_segment(change, **header)
    await put(change, "ANN", "BOB", "CID")
    assert await values(graphql, "correspondenceType") == expected


async def test_5_1_the_language_is_the_contacts_where_the_segment_has_it_else_the_headers(
    change: Change, graphql: GraphQL
) -> None:
    await open_segment(change, "ANN", "BOB", "CID", subject="Hello")
    assert await sent(graphql) == [(None, "Hello", None)] * 3
    await change("createSegment", {"no": "S2", "language": "ENU", "subject": "Hi"})
    french = {"segmentNo": "S2", "language": "FRA", "subject": "Salut", "attachment": OFFRE}
    await change("createSegmentLanguage", french)
    await change("addSegmentLines", {"segmentNo": "S2", "contactNos": ["ANN", "BOB", "CID"]})
    assert await lines(graphql, "language subject attachment { name }", "S2") == [
        {"language": "ENU", "subject": "Hi", "attachment": None},
        {"language": "FRA", "subject": "Salut", "attachment": "offre"},
        {"language": "ENU", "subject": "Hi", "attachment": None},
    ]


async def test_5_1_the_language_counts_also_for_lines_added_by_a_rule(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, template="MAIL", language="ENU")
    await change("addContactsToSegment", {"segmentNo": "S1", "rule": 'no in ["ANN", "BOB"]'})
    assert await sent(graphql) == [("DEU", "Angebot", "angebot"), ("ENU", "Offer", "offer")]


async def test_5_1_the_address_that_holds_on_the_lines_day_is_noted(change: Change, graphql: GraphQL) -> None:
    await change("createContactAddress", {"contactNo": "ANN", "code": "WINTER"})
    period = {"contactNo": "ANN", "code": "WINTER", "startingOn": "2026-12-01"}
    await change("setContactAddressPeriod", period)
    await open_segment(change, "ANN", on="2026-11-30")
    await update(change, lines=False, on="2026-12-01")
    await put(change, "BOB")
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["ANN"], "allowExistingContacts": True})
    assert await values(graphql, "alternativeAddress") == [None, None, "WINTER"]
    await edit(change, 10, on="2026-12-02")
    await edit(change, 30, on="2026-11-01")
    assert await values(graphql, "alternativeAddress") == ["WINTER", None, None]
    await change("deleteContactAddressPeriod", {"contactNo": "ANN", "startingOn": "2026-12-01"})
    await edit(change, 10, description="same day")
    assert await values(graphql, "alternativeAddress") == ["WINTER", None, None]


async def test_5_1_a_line_keeps_what_was_noted_when_the_contact_changes(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", template="MAIL")
    noted = await lines(graphql, "salesperson { code } language correspondenceType")
    ann = {"no": "ANN", "salesperson": "BD", "language": "ENU", "correspondenceType": "HARD_COPY"}
    await change("updateContact", ann)
    assert await lines(graphql, "salesperson { code } language correspondenceType") == noted


async def test_5_1_another_contact_on_a_line_is_two_actions(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, **FAIR)
    await put(change, "BOB")
    await edit(change, 10, description="Own", evaluation="POSITIVE", cost="1", attachment=OFFRE)
    payload = await change_contact(change, 10, " ann ")
    assert payload["line"] == {"lineNo": 20, "contact": {"no": "ANN"}}
    assert payload["segment"] == {"actionCount": 3}
    assert await lines(graphql, SHOWN) == [VISITED]
    found = await segment(graphql, "actions { nodes { kind rule linesAdded linesRemoved } }")
    assert found["actions"]["nodes"][1:] == [
        {"kind": "UNPIN", "rule": 'no in ["BOB"]', "linesAdded": 0, "linesRemoved": 1},
        {"kind": "PIN", "rule": 'no in ["ANN"]', "linesAdded": 1, "linesRemoved": 0},
    ]
    for _ in range(2):
        await change("undoSegmentAction", {"segmentNo": "S1"})
    assert await lines(graphql, "lineNo contact { no } description cost attachment { name }") == [
        {"lineNo": 10, "contact": "BOB", "description": "Own", "cost": "1", "attachment": "offre"}
    ]


async def test_5_1_the_same_contact_again_takes_the_edits_away(
    change: Change, graphql: GraphQL, database: Database
) -> None:
    """The line has what a new one would have, and its attachment is gone with the last that had it."""
    await open_segment(change, "ANN", "BOB")
    await edit(change, 10, description="Own", evaluation="POSITIVE", attemptFailed=True, attachment=OFFRE)
    await update(change, lines=False, **FAIR)
    await change("updateContact", {"no": "ANN", "salesperson": "BD"})
    payload = await change_contact(change, 10, "ANN")
    assert payload == {
        "line": {"lineNo": 10, "contact": {"no": "ANN"}}, "segment": {"actionCount": 1}, "userErrors": []
    }  # fmt: skip
    found = await lines(graphql, SHOWN)
    assert found[0] == {**VISITED, "salesperson": "BD"}
    assert found[1]["template"] is None
    assert "offre" not in {row.name for row in (await everything(database))["attachment"]}


async def test_5_1_the_same_contact_again_notes_language_and_address_anew(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "BOB")
    await language(change, "FRA", new=True, subject="Bonjour")
    await change("createContactAddress", {"contactNo": "BOB", "code": "SEA"})
    await change("setContactAddressPeriod", {"contactNo": "BOB", "code": "SEA", "startingOn": "2026-01-01"})
    await change_contact(change, 10, "BOB")
    found = await lines(graphql, "language subject alternativeAddress")
    assert found == [{"language": "FRA", "subject": "Bonjour", "alternativeAddress": "SEA"}]


async def test_5_1_an_excluded_contact_can_be_put_on_a_line(change: Change, graphql: GraphQL) -> None:
    await change("updateContact", {"no": "CID", "excludeFromSegment": True})
    await open_segment(change, "ANN")
    await change_contact(change, 10, "CID")
    assert await values(graphql, "contact { no }") == ["CID"]


async def test_5_1_a_contact_gets_a_second_line_only_when_asked(
    change: Change, graphql: GraphQL, refused: Refused
) -> None:
    await open_segment(change, "ANN", "BOB")
    asked = {"segmentNo": "S1", "lineNo": 10, "contactNo": "BOB"}
    assert "BOB" in await refused("ALREADY_EXISTS", ["contactNo"], "changeSegmentLineContact", asked)
    await change_contact(change, 10, "BOB", allowExistingContacts=True)
    assert await values(graphql, "contact { no }") == ["BOB", "BOB"]


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("NOT_FOUND", "contactNo", "NOBODY"),
        ("VALUE_REQUIRED", "contactNo", " "),
        ("NOT_FOUND", "lineNo", 20),
        ("NOT_FOUND", "segmentNo", "S9"),
        ("CONFLICT", "expectedVersion", 9),
    ],
)
async def test_5_1_line_and_contact_are_there(
    change: Change, refused: Refused, code: str, field: str, value: str | int
) -> None:
    await open_segment(change, "ANN")
    asked = {"segmentNo": "S1", "lineNo": 10, "contactNo": "BOB", field: value}
    await refused(code, [field], "changeSegmentLineContact", asked)


async def test_5_1_another_contact_drops_what_was_undone(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN")
    await put(change, "BOB")
    await change("undoSegmentAction", {"segmentNo": "S1"})
    await change_contact(change, 10, "BOB")
    assert await segment(graphql, "revision headRevision canRedo") == {
        "revision": 3, "headRevision": 3, "canRedo": False
    }  # fmt: skip
    assert await values(graphql, "contact { no }") == ["BOB"]
