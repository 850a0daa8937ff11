"""Segments through the API: the marketer's day, and every refusal."""

from typing import Any

import pytest

from server.store.database import Database
from tests.conftest import GraphQL
from tests.schema.test_contact_mutations import everything

COUNTS = "linesAdded linesRemoved lineCount undecidedCount skippedCount actionCount"
ERRORS = "userErrors { code path currentVersion place { offset word } suggestion }"
MUTATIONS = {
    "createSegment": "segment { id no version }",
    "updateSegment": "segment { no description version campaign { no } template { code } unitCost }",
    "deleteSegment": "deletedId deletedNo",
    "addContactsToSegment": f"segment {{ no revision version lineCount }} {COUNTS}",
    "reduceSegment": f"segment {{ no revision version lineCount }} {COUNTS}",
    "refineSegment": f"segment {{ no revision version lineCount }} {COUNTS}",
    "undoSegmentAction": f"segment {{ no revision version lineCount canUndo canRedo }} {COUNTS}",
    "redoSegmentAction": f"segment {{ no revision version lineCount canUndo canRedo }} {COUNTS}",
    "addSegmentLines": f"segment {{ no revision version lineCount }} {COUNTS}",
    "removeSegmentLines": f"segment {{ no revision version lineCount }} {COUNTS}",
    "updateSegmentLine": "segment { no version } line { lineNo subject evaluation cost contact { no } }",
    "saveCriteria": "savedCriteria { code description actionCount }",
    "reuseCriteria": f"segment {{ no revision version lineCount }} {COUNTS}",
    "logSegment": """loggedSegment { entryNo segmentNo interactions { totalCount } campaignEntries { totalCount } }
        followUpSegment { no lineCount campaign { no } } interactionsLogged skippedCount""",
}


async def send(graphql: GraphQL, name: str, **input_: Any) -> dict[str, Any]:
    """Carry out one mutation and return its payload."""
    kind = name[0].upper() + name[1:] + "Input"
    document = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {MUTATIONS[name]} {ERRORS} }} }}"
    payload: dict[str, Any] = (await graphql(document, {"input": input_}))[name]
    return payload


async def done(graphql: GraphQL, name: str, **input_: Any) -> dict[str, Any]:
    """Carry out one mutation that must not be refused."""
    payload = await send(graphql, name, **input_)
    assert payload["userErrors"] == []
    return payload


async def contacts_of(graphql: GraphQL, no: str = "SM00001") -> list[str]:
    data = await graphql("query($no: String!) { segment(no: $no) { lines { nodes { contact { no } } } } }", {"no": no})
    return [line["contact"]["no"] for line in data["segment"]["lines"]["nodes"]]


SET_UP = """mutation {
  createSalesperson(input: {code: "AH"}) { userErrors { code } }
  createCampaign(input: {no: "CP1"}) { userErrors { code } }
  createInteractionTemplate(input: {code: "LETTER", unitCost: "1.50"}) { userErrors { code } }
  acme: createContact(input: {no: "ACME", name: "Acme", country: "DE", salesperson: "AH"}) { userErrors { code } }
  ann: createContact(input: {no: "ANN", type: PERSON, name: "Ann Berg", companyNo: "ACME"}) { userErrors { code } }
  bob: createContact(input: {no: "BOB", type: PERSON, name: "Bob Kern", country: "FR", salesperson: "AH"}) {
    userErrors { code } }
  out: createContact(input: {no: "OUT", name: "Out", country: "DE", excludeFromSegment: true}) { userErrors { code } }
  shy: createContact(input: {no: "SHY", name: "Shy", country: "DE", privacyBlocked: true}) { userErrors { code } }
}"""


@pytest.fixture
async def set_up(graphql: GraphQL) -> None:
    """Store five contacts, a campaign, a template, and the segment SM00001."""
    data = await graphql(SET_UP)
    assert all(payload["userErrors"] == [] for payload in data.values())
    values = {"description": "Spring", "template": "letter", "campaignNo": "CP1"}
    assert (await done(graphql, "createSegment", **values))["segment"]["no"] == "SM00001"


@pytest.mark.usefixtures("set_up")
async def test_a_marketers_day(graphql: GraphQL) -> None:
    segment = {"segmentNo": "sm00001"}
    added = await done(graphql, "addContactsToSegment", **segment, rule='country in ["DE", "FR"]', expectedVersion=1)
    assert added == {
        "segment": {"no": "SM00001", "revision": 1, "version": 2, "lineCount": 3},
        "linesAdded": 3,
        "linesRemoved": 0,
        "lineCount": 3,
        "undecidedCount": 0,
        "skippedCount": 0,
        "actionCount": 1,
        "userErrors": [],
    }
    assert await contacts_of(graphql) == ["BOB", "ACME", "ANN"]
    reduced = await done(graphql, "reduceSegment", **segment, rule='country == "FR"')
    assert (reduced["linesRemoved"], reduced["lineCount"]) == (1, 2)
    refined = await done(graphql, "refineSegment", **segment, rule='name == "Ann Berg"', entireCompanies=True)
    assert refined["linesRemoved"] == 0
    for expected in (["ACME", "ANN"], ["BOB", "ACME", "ANN"]):
        await done(graphql, "undoSegmentAction", **segment)
        assert await contacts_of(graphql) == expected
    redone = await done(graphql, "redoSegmentAction", **segment)
    assert redone["segment"] == {
        "no": "SM00001", "revision": 2, "version": 7, "lineCount": 2, "canUndo": True, "canRedo": True
    }  # fmt: skip
    saved = await done(graphql, "saveCriteria", **segment, code="german", description="Without France")
    assert saved["savedCriteria"] == {"code": "GERMAN", "description": "Without France", "actionCount": 2}
    pinned = await done(graphql, "addSegmentLines", **segment, contactNos=["SHY", "ANN"])
    assert (pinned["linesAdded"], pinned["skippedCount"]) == (1, 1)
    edited = await done(
        graphql, "updateSegmentLine", **segment, lineNo=30, subject="Hello", evaluation="POSITIVE", cost="2.25"
    )
    assert edited["line"] == {
        "lineNo": 30, "subject": "Hello", "evaluation": "POSITIVE", "cost": "2.25", "contact": {"no": "ANN"}
    }  # fmt: skip
    changed = await done(graphql, "updateSegment", no="SM00001", description="Summer", updateLines=False)
    assert changed["segment"]["description"] == "Summer"

    logged = await done(graphql, "logSegment", **segment, followUp=True)
    assert (logged["interactionsLogged"], logged["skippedCount"]) == (2, 1)
    assert logged["loggedSegment"] == {
        "entryNo": 1, "segmentNo": "SM00001", "interactions": {"totalCount": 2}, "campaignEntries": {"totalCount": 1}
    }  # fmt: skip
    assert logged["followUpSegment"] == {"no": "SM00002", "lineCount": 2, "campaign": {"no": "CP1"}}
    assert (await graphql('{ segment(no: "SM00001") { no } }'))["segment"] is None

    refused = await send(graphql, "reuseCriteria", segmentNo="SM00002", code="German")
    assert [(error["code"], error["path"]) for error in refused["userErrors"]] == [
        ("SEGMENT_HAS_ACTIONS", ["input", "append"])
    ]
    await done(graphql, "createSegment", no="NEW")
    reused = await done(graphql, "reuseCriteria", segmentNo="NEW", code="German")
    assert (reused["actionCount"], reused["linesAdded"], reused["linesRemoved"], reused["lineCount"]) == (2, 3, 1, 2)
    assert await contacts_of(graphql, "NEW") == ["ACME", "ANN"]
    removed = await done(graphql, "removeSegmentLines", segmentNo="NEW", lineNos=[20, 30], resetWhenEmpty=True)
    assert removed["segment"] == {"no": "NEW", "revision": 0, "version": 4, "lineCount": 0}
    deleted = await done(graphql, "deleteSegment", no="new", expectedVersion=4)
    assert deleted["deletedNo"] == "NEW"


@pytest.mark.usefixtures("set_up")
async def test_every_option_of_adding_reaches_the_operation(graphql: GraphQL) -> None:
    segment = {"segmentNo": "SM00001"}
    await done(graphql, "addSegmentLines", **segment, contactNos=["ANN"])
    for option, expected in (
        ("allowExistingContacts", ["ANN", "ANN"]),
        ("expandCompanies", ["ANN", "ACME"]),
        ("allowCompanyWithPersons", ["ANN", "ACME"]),
    ):
        await done(graphql, "addContactsToSegment", **segment, rule='name == "Ann Berg"', **{option: True})
        assert await contacts_of(graphql) == expected
        await done(graphql, "undoSegmentAction", **segment)
    await done(graphql, "addContactsToSegment", **segment, rule='name in ["Out", "Shy"]', ignoreExclusion=True)
    assert await contacts_of(graphql) == ["ANN", "OUT"]


@pytest.mark.usefixtures("set_up")
async def test_a_refused_mutation_says_why_and_changes_nothing(graphql: GraphQL, database: Database) -> None:
    segment = {"segmentNo": "SM00001"}
    await done(graphql, "addSegmentLines", **segment, contactNos=["ANN"])
    before = await everything(database)
    cases: list[tuple[str, dict[str, Any], str, list[str]]] = [
        ("createSegment", {"no": "SM00001"}, "ALREADY_EXISTS", ["no"]),
        ("createSegment", {"description": "x" * 101}, "INVALID_INPUT", ["description"]),
        ("createSegment", {"campaignNo": "NONE"}, "NOT_FOUND", ["campaignNo"]),
        ("updateSegment", {"no": "SM9", "description": "x"}, "NOT_FOUND", ["no"]),
        ("updateSegment", {"no": "SM00001", "unitCost": "-1"}, "INVALID_INPUT", ["unitCost"]),
        ("updateSegment", {"no": "SM00001", "expectedVersion": 9}, "CONFLICT", ["expectedVersion"]),
        ("deleteSegment", {"no": "SM00001", "expectedVersion": 9}, "CONFLICT", ["expectedVersion"]),
        ("addContactsToSegment", {**segment, "rule": ""}, "RULE_EMPTY", ["rule"]),
        ("addContactsToSegment", {**segment, "rule": "country =="}, "RULE_SYNTAX", ["rule"]),
        ("reduceSegment", {**segment, "rule": "contry == 'DE'"}, "RULE_UNKNOWN_SYMBOL", ["rule"]),
        ("refineSegment", {**segment, "rule": "country > 5"}, "RULE_TYPE", ["rule"]),
        ("refineSegment", {"segmentNo": "SM9", "rule": "true"}, "NOT_FOUND", ["segmentNo"]),
        ("reduceSegment", {**segment, "rule": "true", "expectedVersion": 1}, "CONFLICT", ["expectedVersion"]),
        ("redoSegmentAction", segment, "NOTHING_TO_REDO", ["segmentNo"]),
        ("addSegmentLines", {**segment, "contactNos": ["ACME", "NONE"]}, "NOT_FOUND", ["contactNos", "1"]),
        ("removeSegmentLines", {**segment, "lineNos": [10, 20]}, "NOT_FOUND", ["lineNos", "1"]),
        ("updateSegmentLine", {**segment, "lineNo": 20}, "NOT_FOUND", ["lineNo"]),
        ("updateSegmentLine", {**segment, "lineNo": 10, "template": "NONE"}, "NOT_FOUND", ["template"]),
        ("saveCriteria", {**segment, "code": ""}, "VALUE_REQUIRED", ["code"]),
        ("reuseCriteria", {**segment, "code": "NONE"}, "NOT_FOUND", ["code"]),
        ("logSegment", {"segmentNo": "SM9"}, "NOT_FOUND", ["segmentNo"]),
        ("logSegment", {**segment, "expectedVersion": 1}, "CONFLICT", ["expectedVersion"]),
    ]
    for name, input_, code, path in cases:
        payload = await send(graphql, name, **input_)
        (error,) = payload.pop("userErrors")
        assert (error["code"], error["path"]) == (code, ["input", *path]), (name, input_, error)
        assert all(value is None for value in payload.values()), payload
        assert (error["currentVersion"] is not None) == (code == "CONFLICT")
        if code == "RULE_UNKNOWN_SYMBOL":
            assert error["place"] == {"offset": 0, "word": "contry"}
            assert error["suggestion"] == "country"
    assert await everything(database) == before


@pytest.mark.usefixtures("set_up")
async def test_an_undone_first_action_leaves_nothing_to_undo_or_to_save_or_to_log(graphql: GraphQL) -> None:
    segment = {"segmentNo": "SM00001"}
    await done(graphql, "addSegmentLines", **segment, contactNos=["ANN"])
    await done(graphql, "undoSegmentAction", **segment)
    for name, input_, code in (
        ("undoSegmentAction", {}, "NOTHING_TO_UNDO"),
        ("saveCriteria", {"code": "A"}, "NO_ACTIONS"),
        ("logSegment", {}, "SEGMENT_EMPTY"),
    ):
        (error,) = (await send(graphql, name, **segment, **input_))["userErrors"]
        assert (error["code"], error["path"]) == (code, ["input", "segmentNo"])
