"""What the header of a segment holds, where its values come from, and what it counts."""

from typing import Any

import httpx2
import pytest

from server.clock import Moment
from server.store.database import Database
from server.store.tables import (
    attachment,
    contact,
    segment_defaults,
    segment_language,
    segment_line,
    segment_line_override,
    segment_revision,
)
from tests.business_central.conftest import Change, Refused, document, everything
from tests.business_central.letters import (
    HEADER,
    OFFER,
    edit,
    open_segment,
    put,
    segment,
    store_readers,
    update,
)
from tests.conftest import GraphQL

BLANK = {
    "description": "", "campaign": None, "salesperson": None, "template": None, "group": None,
    "correspondenceType": None, "ignoreContactCorrespondence": False, "language": None, "subject": "",
    "unitCost": "0", "unitDuration": "0", "on": "2026-11-23", "informationFlow": None, "initiatedBy": None,
    "campaignTarget": False, "campaignResponse": False,
}  # fmt: skip
FULL: dict[str, Any] = {
    "description": "Spring", "campaignNo": "cp1", "salesperson": "ah", "template": "note",
    "correspondenceType": "EMAIL", "ignoreContactCorrespondence": True, "language": "enu", "subject": "Hello",
    "unitCost": "1.2345", "unitDuration": "2.25", "on": "2026-12-24", "informationFlow": "INBOUND",
    "initiatedBy": "THEM", "campaignTarget": True, "campaignResponse": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
async def _readers(database: Database, moment: Moment) -> None:
    await store_readers(database, moment)


async def create_as(http: httpx2.AsyncClient, user: str, **values: Any) -> None:
    """Create S1 in the name of a user."""
    request = {"query": document("createSegment", ""), "variables": {"input": {"no": "S1", **values}}}
    response = await http.post("/graphql", json=request, headers={"Tessera-User": user})
    assert response.json()["data"]["createSegment"]["userErrors"] == []


async def test_4_a_segment_has_the_next_number_of_its_series_or_a_typed_one(change: Change) -> None:
    assert (await change("createSegment", {}, "segment { no }"))["segment"]["no"] == "SM00001"
    assert (await change("createSegment", {"no": " mine "}, "segment { no }"))["segment"]["no"] == "MINE"
    assert (await change("createSegment", {}, "segment { no }"))["segment"]["no"] == "SM00002"


async def test_4_what_is_not_given_is_blank_and_the_date_is_the_work_date(change: Change, graphql: GraphQL) -> None:
    await open_segment(change)
    assert await segment(graphql) == BLANK


async def test_4_the_header_holds_what_is_given_on_creation_or_later(change: Change, graphql: GraphQL) -> None:
    full = {**FULL, "campaign": "CP1", "salesperson": "AH", "template": "NOTE", "group": None, "language": "ENU"}
    del full["campaignNo"]
    await change("createSegment", {"no": "NEW", **FULL})
    assert await segment(graphql, no="NEW") == full
    await open_segment(change)
    await update(change, **FULL)
    assert await segment(graphql) == full
    await update(change, **dict.fromkeys(FULL))
    assert await segment(graphql) == BLANK


async def test_4_a_number_is_taken_by_one_segment_only(change: Change, refused: Refused) -> None:
    await open_segment(change)
    assert "S1" in await refused("ALREADY_EXISTS", ["no"], "createSegment", {"no": "s1"})


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("INVALID_INPUT", "description", "x" * 101),
        ("INVALID_INPUT", "subject", "x" * 101),
        ("INVALID_INPUT", "language", "x" * 11),
        ("INVALID_INPUT", "unitCost", "-0.0001"),
        ("INVALID_INPUT", "unitDuration", "-1"),
        ("INVALID_INPUT", "unitDuration", "0.001"),
        ("NOT_FOUND", "campaignNo", "CP9"),
        ("NOT_FOUND", "salesperson", "NOBODY"),
        ("NOT_FOUND", "template", "NONE"),
    ],
)
async def test_4_a_value_that_cannot_be_is_refused(
    change: Change, refused: Refused, code: str, field: str, value: str
) -> None:
    await open_segment(change)
    await refused(code, [field], "createSegment", {field: value})
    await refused(code, [field], "updateSegment", {"no": "S1", field: value})


async def test_4_who_creates_a_segment_is_its_salesperson_unless_another_is_given(
    change: Change, graphql: GraphQL, http: httpx2.AsyncClient
) -> None:
    await change("createUser", {"name": "ann", "salesperson": "AH"})
    await change("createUser", {"name": "bob"})
    for no, user, given, salesperson in (
        ("A", "ann", {}, "AH"),
        ("B", "ann", {"salesperson": "BD"}, "BD"),
        ("C", "ann", {"salesperson": None}, None),
        ("D", "bob", {}, None),
        ("E", "stranger", {}, None),
        ("F", "ann", {"template": "VISIT"}, "AH"),
    ):
        await create_as(http, user, **{**given, "no": no})
        assert (await segment(graphql, "salesperson { code }", no))["salesperson"] == salesperson


async def test_4_a_blocked_salesperson_is_not_the_default_and_cannot_be_given(
    change: Change, graphql: GraphQL, refused: Refused, http: httpx2.AsyncClient
) -> None:
    await change("createUser", {"name": "ann", "salesperson": "AH"})
    await change("updateSalesperson", {"code": "AH", "blocked": True})
    await create_as(http, "ann")
    assert (await segment(graphql))["salesperson"] is None
    await refused("SALESPERSON_BLOCKED", ["salesperson"], "createSegment", {"salesperson": "AH"})
    await refused("SALESPERSON_BLOCKED", ["salesperson"], "updateSegment", {"no": "S1", "salesperson": "ah"})


async def test_4_a_salesperson_blocked_meanwhile_may_stay(change: Change, graphql: GraphQL, refused: Refused) -> None:
    await open_segment(change, "BOB", salesperson="AH", campaignNo="CP1", template="NOTE")
    for code in ("AH", "BD"):
        await change("updateSalesperson", {"code": code, "blocked": True})
    await update(change, description="New", salesperson="ah", campaignNo="cp1", template="note")
    assert await segment(graphql, "description salesperson { code }") == {"description": "New", "salesperson": "AH"}
    await refused("SALESPERSON_BLOCKED", ["salesperson"], "updateSegment", {"no": "S1", "salesperson": "BD"})


async def test_4_blanking_the_campaign_clears_its_flags(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, campaignNo="CP1", campaignTarget=True, campaignResponse=True)
    await update(change, campaignNo=None)
    found = await segment(graphql, "campaign { no } campaignTarget campaignResponse")
    assert found == {"campaign": None, "campaignTarget": False, "campaignResponse": False}


@pytest.mark.parametrize("flag", ["campaignTarget", "campaignResponse"])
async def test_4_a_campaign_flag_needs_a_campaign(change: Change, refused: Refused, flag: str) -> None:
    await open_segment(change)
    await refused("INVALID_INPUT", [flag], "createSegment", {flag: True})
    await refused("INVALID_INPUT", [flag], "updateSegment", {"no": "S1", flag: True})
    await update(change, campaignNo="CP1", **{flag: True})
    await refused("INVALID_INPUT", [flag], "updateSegment", {"no": "S1", "campaignNo": None, flag: True})


async def test_4_the_correspondence_type_can_be_chosen_only_where_the_contacts_own_is_ignored(
    change: Change, graphql: GraphQL, refused: Refused
) -> None:
    field = ["correspondenceType"]
    await refused("INVALID_INPUT", field, "createSegment", {"correspondenceType": "EMAIL"})
    await refused("INVALID_INPUT", field, "createSegment", {"template": "MAIL", "correspondenceType": "HARD_COPY"})
    await open_segment(change, template="MAIL")
    assert (await segment(graphql))["correspondenceType"] == "EMAIL"
    await refused("INVALID_INPUT", field, "updateSegment", {"no": "S1", "correspondenceType": "HARD_COPY"})
    await update(change, correspondenceType="EMAIL")
    await update(change, correspondenceType=None)
    assert (await segment(graphql))["correspondenceType"] is None
    await update(change, correspondenceType="HARD_COPY", ignoreContactCorrespondence=True)
    await update(change, correspondenceType="EMAIL")
    off = {"no": "S1", "correspondenceType": "HARD_COPY", "ignoreContactCorrespondence": False}
    await refused("INVALID_INPUT", field, "updateSegment", off)
    assert (await segment(graphql))["correspondenceType"] == "EMAIL"


async def test_4_cost_duration_lines_and_actions_are_counted(change: Change, graphql: GraphQL) -> None:
    counted = "cost duration lineCount actionCount campaign { no description }"
    await open_segment(change, unitCost="1.5", unitDuration="10", campaignNo="CP1")
    none = {"cost": "0", "duration": "0", "lineCount": 0, "actionCount": 0}
    campaign = {"campaign": {"no": "CP1", "description": "Campaign CP1"}}
    assert await segment(graphql, counted) == none | campaign
    await put(change, "ANN", "BOB", "CID")
    await edit(change, 10, cost="0.0001", duration="0.25")
    await update(change, lines=False, unitCost="100")
    await put(change, "DOT")
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [20]})
    figures = {"cost": "101.5001", "duration": "20.25", "lineCount": 3, "actionCount": 3}
    assert await segment(graphql, counted) == figures | campaign
    await change("undoSegmentAction", {"segmentNo": "S1"})
    await change("undoSegmentAction", {"segmentNo": "S1"})
    undone = {"cost": "3.0001", "duration": "20.25", "lineCount": 3, "actionCount": 1}
    assert await segment(graphql, counted) == undone | campaign
    assert await segment(graphql, "headRevision") == {"headRevision": 3}


async def test_4_the_sums_of_each_segment_are_its_own(change: Change, graphql: GraphQL) -> None:
    for no, cost in (("A", "1"), ("B", "20")):
        await change("createSegment", {"no": no, "unitCost": cost, "unitDuration": cost})
        await change("addSegmentLines", {"segmentNo": no, "contactNos": ["ANN", "BOB"]})
    found = (await graphql("{ segments { nodes { no cost duration actionCount } } }"))["segments"]["nodes"]
    assert found == [
        {"no": "A", "cost": "2", "duration": "2", "actionCount": 1},
        {"no": "B", "cost": "40", "duration": "40", "actionCount": 1},
    ]


async def test_4_a_segment_is_deleted_with_its_actions_languages_lines_and_attachments(
    change: Change, refused: Refused, database: Database
) -> None:
    before = await everything(database)
    await open_segment(change, "ANN", "BOB", template="MAIL")
    await edit(change, 10, attachment=OFFER)
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [20]})
    await refused("CONFLICT", ["expectedVersion"], "deleteSegment", {"no": "S1", "expectedVersion": 1})
    await refused("NOT_FOUND", ["no"], "deleteSegment", {"no": "S9"})
    deleted = await change("deleteSegment", {"no": "s1", "expectedVersion": 4}, "deletedNo")
    assert deleted["deletedNo"] == "S1"
    after = await everything(database)
    for table in (
        "segment", segment_defaults.name, segment_language.name, segment_line.name, segment_line_override.name,
        segment_revision.name,
    ):  # fmt: skip
        assert after[table] == []
    assert after[attachment.name] == before[attachment.name]
    assert len(after[contact.name]) == 5


async def test_4_what_does_not_differ_is_no_change(change: Change, graphql: GraphQL, database: Database) -> None:
    await open_segment(change, "ANN", **FULL)
    before = await everything(database)
    await update(change, **FULL)
    await update(change, lines=False, **FULL)
    assert await everything(database) == before
    assert (await segment(graphql, HEADER))["subject"] == "Hello"
