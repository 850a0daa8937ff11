"""Logging a segment: its lines become interactions, all of them or none."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from server.clock import Moment
from server.store.database import Database
from server.store.tables import campaign_entry, logged_segment, salesperson
from tests.business_central.conftest import Change, Refused, document, everything
from tests.business_central.mailings import (
    edit,
    honour_privacy,
    interactions,
    logged,
    open_segment,
    store,
    store_mailings,
)
from tests.conftest import GraphQL

S1 = {"segmentNo": "S1"}


@pytest.fixture(autouse=True)
async def _mailings(database: Database, moment: Moment) -> None:
    await store_mailings(database, moment)


async def log(change: Change, **given: Any) -> dict[str, Any]:
    """Log S1 and return the payload."""
    counts = "interactionsLogged skippedCount deliveriesQueued loggedSegment { entryNo } followUpSegment { no }"
    return await change("logSegment", {**S1, **given}, counts)


async def test_9_1_the_logged_segment_says_what_was_logged_and_when(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN")
    payload = await log(change)
    assert payload["loggedSegment"] == {"entryNo": 1}
    expected = {"segmentNo": "S1", "description": "Spring", "createdOn": "2026-11-23", "canceled": False}
    assert await logged(graphql, 1, "segmentNo description createdOn canceled") == expected
    assert (await logged(graphql, 1, "createdAt"))["createdAt"].startswith("2026-11-23T12:00:00")
    await open_segment(change, "ANN", no="S2")
    second = await change("logSegment", {"segmentNo": "S2"}, "loggedSegment { entryNo }")
    assert second["loggedSegment"] == {"entryNo": 2}


async def store_logged(database: Database, moment: Moment) -> None:
    """Insert a logged segment S1."""
    row = {"segment_no": "S1", "description": "x", "created_on": moment.today, "created_at": moment.now}
    await store(database, moment, logged_segment, row)


async def test_9_1_a_number_is_logged_only_once(
    change: Change, refused: Refused, database: Database, moment: Moment
) -> None:
    await open_segment(change, "ANN")
    await store_logged(database, moment)
    message = await refused("SEGMENT_ALREADY_LOGGED", ["segmentNo"], "logSegment", S1)
    assert "S1" in message


async def test_9_1_the_number_of_a_logged_segment_is_not_given_to_another(change: Change, refused: Refused) -> None:
    """Business Central notices only when the second one is logged."""
    await open_segment(change, "ANN")
    await log(change)
    await refused("ALREADY_EXISTS", ["no"], "createSegment", {"no": "S1", "description": "Autumn"})


async def test_9_1_a_segment_needs_a_description(change: Change, refused: Refused) -> None:
    await open_segment(change, "ANN", description="")
    await refused("VALUE_REQUIRED", ["segmentNo"], "logSegment", S1)


async def test_9_1_an_empty_segment_cannot_be_logged(change: Change, refused: Refused) -> None:
    await open_segment(change)
    await refused("SEGMENT_EMPTY", ["segmentNo"], "logSegment", S1)
    await change("addSegmentLines", {**S1, "contactNos": ["ANN"]})
    await change("undoSegmentAction", S1)
    await refused("SEGMENT_EMPTY", ["segmentNo"], "logSegment", S1)


async def test_9_1_the_segment_is_looked_at_before_its_lines(
    change: Change, refused: Refused, database: Database, moment: Moment
) -> None:
    """Logged already, then the description, then emptiness, then the lines."""
    await open_segment(change, description="")
    await store_logged(database, moment)
    await refused("SEGMENT_ALREADY_LOGGED", ["segmentNo"], "logSegment", S1)
    await open_segment(change, no="S2", description="")
    await refused("VALUE_REQUIRED", ["segmentNo"], "logSegment", {"segmentNo": "S2"})
    await change("updateSegment", {"no": "S2", "description": "Autumn"})
    await refused("SEGMENT_EMPTY", ["segmentNo"], "logSegment", {"segmentNo": "S2"})
    await change("addSegmentLines", {"segmentNo": "S2", "contactNos": ["ANN"]})
    await edit(change, 10, no="S2", salesperson=None)
    await refused("LINE_INCOMPLETE", ["segmentNo"], "logSegment", {"segmentNo": "S2"})


async def test_9_1_an_unknown_segment_or_another_version_is_refused(change: Change, refused: Refused) -> None:
    await open_segment(change, "ANN")
    await refused("NOT_FOUND", ["segmentNo"], "logSegment", {"segmentNo": "S9"})
    await refused("CONFLICT", ["expectedVersion"], "logSegment", {**S1, "expectedVersion": 1})
    assert (await log(change, expectedVersion=2))["interactionsLogged"] == 1


async def test_9_1_a_line_needs_a_salesperson_and_then_a_template(change: Change, refused: Refused) -> None:
    await open_segment(change, "ANN", "BOB", "HAL")
    await edit(change, 20, template=None)
    await edit(change, 30, template=None, salesperson=None)
    message = await refused("LINE_INCOMPLETE", ["segmentNo"], "logSegment", S1)
    assert "Line 20 (contact BOB) has no interaction template" in message
    assert "cannot be logged: 2." in message
    await edit(change, 20, template="CALL")
    message = await refused("LINE_INCOMPLETE", ["segmentNo"], "logSegment", S1)
    assert "Line 30 (contact HAL) has no salesperson" in message
    assert "cannot be logged: 1." in message
    await edit(change, 30, salesperson="AH")
    message = await refused("LINE_INCOMPLETE", ["segmentNo"], "logSegment", S1)
    assert "Line 30 (contact HAL) has no interaction template" in message


async def test_9_1_the_salesperson_of_a_line_must_exist(
    change: Change, refused: Refused, database: Database, moment: Moment
) -> None:
    """A line notes the salesperson of its contact when it is added; the row can be gone since, as after an import."""
    await store(database, moment, salesperson, {"code": "GONE"})
    await change("updateContact", {"no": "BOB", "salesperson": "GONE"})
    await open_segment(change, "ANN", "BOB")
    await change("updateContact", {"no": "BOB", "salesperson": "AH"})
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(delete(salesperson).where(salesperson.c.code == "GONE"))
    message = await refused("LINE_INCOMPLETE", ["segmentNo"], "logSegment", S1)
    assert "Line 20 (contact BOB)" in message


async def test_9_1_an_interaction_has_everything_its_line_has(graphql: GraphQL, change: Change) -> None:
    header: dict[str, Any] = {"campaignNo": "CP1", "campaignTarget": True, "unitCost": "2.5", "language": "ENU"}
    await open_segment(change, "ACME", "ANN", "HAL", **header)
    await edit(
        change,
        20,
        description="Talk",
        subject="News",
        on="2026-12-24",
        salesperson="AH",
        evaluation="POSITIVE",
        attemptFailed=True,
        cost="7.25",
        duration="12.5",
        informationFlow="INBOUND",
        initiatedBy="THEM",
        campaignResponse=True,
        correspondenceType="HARD_COPY",
        language="ENU",
    )
    shared = (
        "description subject on evaluation attemptFailed cost duration informationFlow initiatedBy campaignTarget "
        "campaignResponse correspondenceType language salesperson { code } template { code } group { code } "
        "campaign { no } contact { no }"
    )
    lines = (await graphql(f'{{ segment(no: "S1") {{ lines {{ nodes {{ {shared} }} }} }} }}'))["segment"]["lines"][
        "nodes"
    ]
    assert lines[1]["evaluation"] == "POSITIVE"
    await log(change)
    assert await interactions(graphql, shared) == lines
    talk = (
        await interactions(
            graphql, f"{shared} company {{ no }} segmentNo loggedSegment {{ entryNo }} canceled postponed at"
        )
    )[1]
    assert talk == {
        **lines[1],
        "company": {"no": "ACME"},
        "segmentNo": "S1",
        "loggedSegment": {"entryNo": 1},
        "canceled": False,
        "postponed": False,
        "at": "2026-11-23T12:00:00Z",
    }
    assert (talk["cost"], talk["duration"], talk["subject"]) == ("7.25", "12.5", "News")


async def test_9_1_an_attempt_has_not_failed_unless_the_line_says_so(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", "BOB")
    await edit(change, 20, attemptFailed=True)
    await log(change)
    assert [entry["attemptFailed"] for entry in await interactions(graphql, "attemptFailed")] == [False, True]


async def test_9_1_a_contact_on_two_lines_gets_two_interactions(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", "BOB", "ANN")
    assert (await log(change))["interactionsLogged"] == 3
    assert [entry["contact"]["no"] for entry in await interactions(graphql, "contact { no }")] == ["ANN", "ANN", "BOB"]


async def test_9_1_nothing_of_the_segment_is_left(graphql: GraphQL, change: Change, database: Database) -> None:
    await open_segment(change, "ANN", "BOB", template="MAIL")
    await edit(change, 10, subject="x")
    await change("removeSegmentLines", {**S1, "lineNos": [20]})
    await change("undoSegmentAction", S1)
    assert (await everything(database))["segment_language"]
    await log(change)
    assert (await graphql('{ segment(no: "S1") { no } }'))["segment"] is None
    rows = await everything(database)
    names = (
        "segment",
        "segment_defaults",
        "segment_language",
        "segment_line",
        "segment_line_override",
        "segment_revision",
    )
    assert {name: rows[name] for name in names} == {name: [] for name in names}


async def test_9_1_an_undone_line_is_not_logged(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN")
    await change("addSegmentLines", {**S1, "contactNos": ["BOB"]})
    await change("undoSegmentAction", S1)
    await log(change)
    assert await interactions(graphql, "contact { no }") == [{"contact": {"no": "ANN"}}]


async def test_9_1_each_campaign_of_the_lines_gets_one_entry(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", "BOB", "HAL", "ACME", campaignNo="CP1")
    await edit(change, 30, campaignNo="CP2", on="2026-12-01", salesperson="BD")
    await edit(change, 40, campaignNo=None)
    await log(change)
    fields = "campaign { no } description on segmentNo salesperson { code } loggedSegment { entryNo } canceled"
    common = {"description": "Spring", "segmentNo": "S1", "loggedSegment": {"entryNo": 1}, "canceled": False}
    assert (await logged(graphql, 1, f"campaignEntries {{ nodes {{ {fields} }} }} campaignEntryCount")) == {
        "campaignEntries": {
            "nodes": [
                {"campaign": {"no": "CP1"}, "on": "2026-11-23", "salesperson": {"code": "BD"}, **common},
                {"campaign": {"no": "CP2"}, "on": "2026-12-01", "salesperson": {"code": "BD"}, **common},
            ]
        },
        "campaignEntryCount": 2,
    }
    counted = await interactions(graphql, "contact { no } campaignEntry { campaign { no } }")
    assert {entry["contact"]["no"]: entry["campaignEntry"] for entry in counted} == {
        "ACME": None,
        "ANN": {"campaign": {"no": "CP1"}},
        "BOB": {"campaign": {"no": "CP1"}},
        "HAL": {"campaign": {"no": "CP2"}},
    }


async def test_9_1_an_entry_that_a_call_from_a_line_made_before_counts_the_logged_lines_too(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    """Business Central forgets to link it, and shows a logged segment without campaign entries.

    The entry of a campaign that no line has any more stays as it is.
    """
    await open_segment(change, "ANN", campaignNo="CP1")
    for campaign_id in (1, 2):
        earlier = {"campaign_id": campaign_id, "segment_no": "S1", "description": "Call", "on": moment.today}
        await store(database, moment, campaign_entry, {**earlier, "canceled": True})
    await log(change)
    found = await logged(graphql, 1, "campaignEntryCount campaignEntries { nodes { description canceled } }")
    assert found == {
        "campaignEntryCount": 1,
        "campaignEntries": {"nodes": [{"description": "Call", "canceled": False}]},
    }
    assert (await interactions(graphql, "campaignEntry { entryNo }")) == [{"campaignEntry": {"entryNo": 1}}]
    other = await graphql('{ campaign(no: "CP2") { entries { nodes { loggedSegment { entryNo } canceled } } } }')
    assert other["campaign"]["entries"]["nodes"] == [{"loggedSegment": None, "canceled": True}]


async def test_9_1_email_to_a_contact_without_any_address_is_logged_without_a_type(
    graphql: GraphQL, change: Change
) -> None:
    """Ann has an address, Bob none, Hal one at home, and Sid's home has none."""
    await open_segment(change, "ANN", "BOB", "HAL", "SID", template="MAIL")
    await log(change)
    assert [entry["correspondenceType"] for entry in await interactions(graphql, "correspondenceType")] == [
        "EMAIL",
        None,
        "EMAIL",
        None,
    ]


async def test_9_1_post_is_logged_as_post_to_everybody(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", "BOB", template="LETTER")
    await log(change)
    assert [entry["correspondenceType"] for entry in await interactions(graphql, "correspondenceType")] == [
        "HARD_COPY",
        "HARD_COPY",
    ]


async def test_9_1_contacts_blocked_for_privacy_are_skipped_and_counted(
    graphql: GraphQL, change: Change, refused: Refused
) -> None:
    await open_segment(change, "EVE", campaignNo="CP1")
    await refused("SEGMENT_EMPTY", ["segmentNo"], "logSegment", S1)
    await change("addSegmentLines", {**S1, "contactNos": ["ANN"]})
    await edit(change, 10, salesperson=None, campaignNo="CP2")
    payload = await log(change)
    assert (payload["interactionsLogged"], payload["skippedCount"]) == (1, 1)
    assert await interactions(graphql, "contact { no }") == [{"contact": {"no": "ANN"}}]
    assert (await logged(graphql, 1, "campaignEntryCount"))["campaignEntryCount"] == 1


async def test_9_1_contacts_blocked_for_privacy_are_logged_where_the_setup_says_so(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await honour_privacy(database, moment, skip=False)
    await open_segment(change, "EVE", "ANN")
    payload = await log(change)
    assert (payload["interactionsLogged"], payload["skippedCount"]) == (2, 0)
    assert len(await interactions(graphql, "entryNo")) == 2


async def test_9_1_a_line_that_fails_leaves_everything_as_it_was(change: Change, refused: Refused) -> None:
    """The last of the lines, of the last check; the fixture compares every row."""
    await open_segment(change, "ANN", "BOB", campaignNo="CP1", template="LETTER")
    await edit(change, 20, template="BARE", correspondenceType="HARD_COPY")
    given = {**S1, "deliver": True, "followUp": True}
    message = await refused("ATTACHMENT_REQUIRED", ["segmentNo"], "logSegment", given)
    assert "Line 20 (contact BOB)" in message


async def test_9_1_the_contact_shows_what_was_logged(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", on="2026-11-20", unitCost="2.5", initiatedBy="US")
    await log(change)
    data = await graphql('{ contact(no: "ANN") { lastInteractionOn lastAttemptOn interactionCount interactionCost } }')
    assert data["contact"] == {
        "lastInteractionOn": "2026-11-20",
        "lastAttemptOn": "2026-11-20",
        "interactionCount": 1,
        "interactionCost": "2.5",
    }


async def test_9_1_two_who_log_the_same_segment_at_once_log_it_once(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", "BOB")
    query = document("logSegment", "interactionsLogged")
    answers = await asyncio.gather(*(graphql(query, {"input": S1}) for _ in range(2)))
    codes = sorted(error["code"] for answer in answers for error in answer["logSegment"]["userErrors"])
    assert codes == ["NOT_FOUND"]
    assert len(await interactions(graphql, "entryNo")) == 2


async def test_9_1_a_server_that_dies_while_it_logs_leaves_the_segment_as_it_was(
    change: Change, database: Database, database_url: str
) -> None:
    await open_segment(change, "ANN", "BOB", template="MAIL", campaignNo="CP1")
    before = await everything(database)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.business_central.logging_process",
        database_url,
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"2 interactions and the follow-up SM00001 are written\n"
    process.kill()
    await process.wait()
    assert await everything(database) == before
    assert (await log(change))["interactionsLogged"] == 2
