"""Logged segments: their follow-ups, canceling them with all they made, deleting them, sending everything again."""

from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from server.store.tables import interaction_log_entry, user_setup
from tests.business_central.conftest import Change, Refused
from tests.business_central.mailings import (
    deliveries,
    edit,
    honour_privacy,
    interactions,
    logged,
    open_segment,
    store,
    store_mailings,
)
from tests.conftest import GraphQL

COUNTS = "canceled interactionCount campaignEntryCount"


@pytest.fixture(autouse=True)
async def _mailings(database: Database, moment: Moment) -> None:
    await store_mailings(database, moment)


async def log(change: Change, *nos: str, no: str = "S1", deliver: bool = False, **header: Any) -> None:
    """Log a segment of these contacts, with the campaign CP1."""
    header.setdefault("campaignNo", "CP1")
    await open_segment(change, *nos, no=no, **header)
    await change("logSegment", {"segmentNo": no, "deliver": deliver})


async def cancel(change: Change, *entry_nos: int, canceled: bool = True) -> list[dict[str, Any]]:
    payload = await change(
        "cancelLoggedSegments", {"entryNos": entry_nos, "canceled": canceled}, f"loggedSegments {{ entryNo {COUNTS} }}"
    )
    found: list[dict[str, Any]] = payload["loggedSegments"]
    return found


async def states(graphql: GraphQL) -> list[bool]:
    return [entry["canceled"] for entry in await interactions(graphql, "canceled")]


async def test_9_2_a_follow_up_is_made_only_when_it_is_asked_for(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN")
    payload = await change("logSegment", {"segmentNo": "S1"}, "followUpSegment { no }")
    assert payload["followUpSegment"] is None
    assert (await graphql("{ segments { totalCount } }"))["segments"]["totalCount"] == 0


async def test_9_2_a_follow_up_has_the_next_number_its_description_and_the_campaign_and_nothing_else(
    change: Change,
) -> None:
    header: dict[str, Any] = {
        "template": "LETTER",
        "salesperson": "BD",
        "campaignTarget": True,
        "campaignResponse": True,
    }
    header |= {"unitCost": "3", "unitDuration": "4", "on": "2026-10-01", "campaignNo": "CP1"}
    await open_segment(change, "ANN", **header)
    fields = (
        "no description on campaign { no } salesperson { code } template { code } group { code } campaignTarget "
        "campaignResponse unitCost unitDuration correspondenceType ignoreContactCorrespondence language subject "
        "informationFlow initiatedBy"
    )
    payload = await change("logSegment", {"segmentNo": "S1", "followUp": True}, f"followUpSegment {{ {fields} }}")
    assert payload["followUpSegment"] == {
        "no": "SM00001",
        "description": "Follow-up on segment S1",
        "on": "2026-11-23",
        "campaign": {"no": "CP1"},
        **dict.fromkeys(("salesperson", "template", "group", "correspondenceType", "language")),
        **dict.fromkeys(("informationFlow", "initiatedBy")),
        **dict.fromkeys(("campaignTarget", "campaignResponse", "ignoreContactCorrespondence"), False),
        **dict.fromkeys(("unitCost", "unitDuration"), "0"),
        "subject": "",
    }


async def test_9_2_a_follow_up_has_the_salesperson_of_the_user(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await open_segment(change, "ANN")
    viewer = (await graphql("{ viewer { name } }"))["viewer"]["name"]
    await store(database, moment, user_setup, {"name": viewer, "salesperson": "BD"})
    given = {"segmentNo": "S1", "followUp": True}
    payload = await change("logSegment", given, "followUpSegment { salesperson { code } }")
    assert payload["followUpSegment"]["salesperson"] == {"code": "BD"}


async def test_9_2_a_follow_up_has_one_action_and_a_line_for_every_interaction(change: Change) -> None:
    """The line has the campaign of its interaction; skipped contacts are not followed up."""
    await open_segment(change, "ANN", "EVE", "BOB", "ANN", campaignNo="CP1")
    await edit(change, 30, campaignNo="CP2")
    await edit(change, 40, campaignNo=None)
    lines = "lines { nodes { lineNo contact { no } campaign { no } description } }"
    steps = "actions { nodes { kind linesAdded loggedSegment { entryNo } } }"
    payload = await change(
        "logSegment", {"segmentNo": "S1", "followUp": True}, f"followUpSegment {{ {lines} {steps} }}"
    )
    made = payload["followUpSegment"]
    found = [(line["lineNo"], line["contact"]["no"], line["campaign"]) for line in made["lines"]["nodes"]]
    assert found == [(10, "ANN", {"no": "CP1"}), (20, "ANN", None), (30, "BOB", {"no": "CP2"})]
    assert {line["description"] for line in made["lines"]["nodes"]} == {"Follow-up on segment S1"}
    assert made["actions"]["nodes"] == [{"kind": "REUSE_LOGGED", "linesAdded": 3, "loggedSegment": {"entryNo": 1}}]
    payload = await change("undoSegmentAction", {"segmentNo": "SM00001"}, "lineCount")
    assert payload["lineCount"] == 0


async def test_9_2_the_description_of_a_follow_up_names_the_longest_number(change: Change) -> None:
    no = "S" * 20
    await open_segment(change, "ANN", no=no)
    payload = await change("logSegment", {"segmentNo": no, "followUp": True}, "followUpSegment { description }")
    assert payload["followUpSegment"]["description"] == f"Follow-up on segment {no}"


async def test_9_3_logged_segments_are_listed_with_their_interactions_and_campaign_entries(
    graphql: GraphQL, change: Change
) -> None:
    await log(change, "ANN", "BOB")
    await log(change, "HAL", no="S2")
    data = await graphql("{ loggedSegments { totalCount nodes { entryNo segmentNo } } }")
    assert data["loggedSegments"] == {
        "totalCount": 2,
        "nodes": [{"entryNo": 2, "segmentNo": "S2"}, {"entryNo": 1, "segmentNo": "S1"}],
    }
    fields = "interactions { totalCount nodes { contact { no } } } campaignEntries { nodes { campaign { no } } }"
    assert await logged(graphql, 1, fields) == {
        "interactions": {"totalCount": 2, "nodes": [{"contact": {"no": "ANN"}}, {"contact": {"no": "BOB"}}]},
        "campaignEntries": {"nodes": [{"campaign": {"no": "CP1"}}]},
    }


async def test_9_3_a_logged_segment_counts_what_is_canceled_exactly_if_it_is(graphql: GraphQL, change: Change) -> None:
    await log(change, "ANN", "BOB", "HAL")
    assert await logged(graphql, 1, COUNTS) == {"canceled": False, "interactionCount": 3, "campaignEntryCount": 1}
    await change("cancelInteractions", {"entryNos": [1], "canceled": True})
    assert await logged(graphql, 1, COUNTS) == {"canceled": False, "interactionCount": 2, "campaignEntryCount": 1}
    await cancel(change, 1)
    assert await logged(graphql, 1, COUNTS) == {"canceled": True, "interactionCount": 3, "campaignEntryCount": 1}


async def test_8_2_canceling_a_logged_segment_cancels_its_interactions_and_campaign_entries(
    graphql: GraphQL, change: Change
) -> None:
    await log(change, "ANN", "BOB")
    await log(change, "HAL", no="S2")
    assert await cancel(change, 1) == [{"entryNo": 1, "canceled": True, "interactionCount": 2, "campaignEntryCount": 1}]
    assert await states(graphql) == [True, True, False]
    fields = "campaignEntries { nodes { canceled } }"
    assert (await logged(graphql, 1, fields))["campaignEntries"]["nodes"] == [{"canceled": True}]
    assert (await logged(graphql, 2, fields))["campaignEntries"]["nodes"] == [{"canceled": False}]


async def test_8_2_taking_it_back_brings_back_what_was_canceled_by_itself_too(graphql: GraphQL, change: Change) -> None:
    await log(change, "ANN", "BOB")
    await change("cancelInteractions", {"entryNos": [2], "canceled": True})
    await cancel(change, 1)
    restored = await cancel(change, 1, canceled=False)
    assert restored == [{"entryNo": 1, "canceled": False, "interactionCount": 2, "campaignEntryCount": 1}]
    assert await states(graphql) == [False, False]


async def test_8_2_logged_segments_are_canceled_many_at_a_time_and_to_the_state_asked_for(
    graphql: GraphQL, change: Change
) -> None:
    """Business Central turns all to the opposite of the first."""
    await log(change, "ANN")
    await log(change, "BOB", no="S2")
    await cancel(change, 2)
    assert [row["canceled"] for row in await cancel(change, 2, 1, 1)] == [True, True]
    assert [row["canceled"] for row in await cancel(change, 1, 2, canceled=False)] == [False, False]
    assert await states(graphql) == [False, False]


async def test_8_2_what_a_canceled_logged_segment_did_counts_in_no_statistics(graphql: GraphQL, change: Change) -> None:
    await log(change, "ANN", unitCost="2", campaignTarget=True)
    figures = '{ campaign(no: "CP1") { statistics { contacted cost } } contact(no: "ANN") { interactionCount } }'
    before = await graphql(figures)
    assert (before["campaign"]["statistics"], before["contact"]["interactionCount"]) == (
        {"contacted": 1, "cost": "2"},
        1,
    )
    await cancel(change, 1)
    after = await graphql(figures)
    assert (after["campaign"]["statistics"], after["contact"]["interactionCount"]) == ({"contacted": 0, "cost": "0"}, 0)


async def test_8_2_unknown_logged_segments_are_refused_and_none_is_canceled(change: Change, refused: Refused) -> None:
    await log(change, "ANN")
    await refused("NOT_FOUND", ["entryNos", "1"], "cancelLoggedSegments", {"entryNos": [1, 9], "canceled": True})
    await refused("VALUE_REQUIRED", ["entryNos"], "cancelLoggedSegments", {"entryNos": [], "canceled": True})
    many = list(range(1, 1_002))
    await refused("INVALID_INPUT", ["entryNos"], "cancelLoggedSegments", {"entryNos": many, "canceled": True})


async def test_8_3_only_canceled_logged_segments_can_be_deleted(change: Change, refused: Refused) -> None:
    await log(change, "ANN")
    await log(change, "BOB", no="S2")
    await cancel(change, 1)
    message = await refused("NOT_CANCELED", ["entryNos", "1"], "deleteLoggedSegments", {"entryNos": [1, 2]})
    assert "Logged segment 2" in message
    await refused("NOT_FOUND", ["entryNos", "1"], "deleteLoggedSegments", {"entryNos": [1, 9]})


async def test_8_3_interactions_and_campaign_entries_survive_their_logged_segment_without_a_link(
    graphql: GraphQL, change: Change
) -> None:
    await log(change, "ANN", "BOB")
    await cancel(change, 1)
    node_id = (await logged(graphql, 1, "id"))["id"]
    payload = await change("deleteLoggedSegments", {"entryNos": [1]}, "deletedIds")
    assert payload["deletedIds"] == [node_id]
    assert (await graphql("{ loggedSegments { totalCount } }"))["loggedSegments"]["totalCount"] == 0
    entries = await interactions(graphql, "loggedSegment { entryNo } segmentNo canceled campaignEntry { entryNo }")
    left = {"loggedSegment": None, "segmentNo": "S1", "canceled": True, "campaignEntry": {"entryNo": 1}}
    assert entries == [left, left]
    data = await graphql('{ campaign(no: "CP1") { entries { nodes { loggedSegment { entryNo } canceled } } } }')
    assert data["campaign"]["entries"]["nodes"] == [{"loggedSegment": None, "canceled": True}]


async def test_8_3_segments_that_reused_a_deleted_logged_segment_keep_their_lines(
    graphql: GraphQL, change: Change
) -> None:
    await log(change, "ANN", "BOB")
    await open_segment(change, no="S2")
    await change("reuseLoggedSegment", {"segmentNo": "S2", "loggedSegmentEntryNo": 1})
    await cancel(change, 1)
    await change("deleteLoggedSegments", {"entryNos": [1]})
    fields = "lineCount actions { nodes { kind loggedSegment { entryNo } } }"
    data = await graphql(f'{{ segment(no: "S2") {{ {fields} }} }}')
    steps = [{"kind": "REUSE_LOGGED", "loggedSegment": None}]
    assert data["segment"] == {"lineCount": 2, "actions": {"nodes": steps}}


async def confirm_all(change: Change) -> None:
    """Send everything that waits."""
    payload = await change("claimDeliveries", {"mailer": "post"}, "deliveries { entryNo }")
    keys = [one["entryNo"] for one in payload["deliveries"]]
    await change("confirmDelivery", {"mailer": "post", "entryNos": keys})


async def test_9_3_a_logged_segment_is_sent_again(graphql: GraphQL, change: Change) -> None:
    await log(change, "ANN", "HAL", template="MAIL", deliver=True)
    await confirm_all(change)
    payload = await change("resendLoggedSegment", {"entryNo": 1}, "queuedCount loggedSegment { interactionCount }")
    assert (payload["queuedCount"], payload["loggedSegment"]) == (2, {"interactionCount": 2})
    assert await deliveries(graphql, "entryNo email") == [
        {"entryNo": 1, "email": "ann@acme.example"},
        {"entryNo": 2, "email": "hal@home.example"},
    ]
    assert {entry["deliveryStatus"] for entry in await interactions(graphql, "deliveryStatus")} == {"IN_PROGRESS"}


async def test_9_3_what_waits_to_be_sent_is_not_queued_twice_and_what_failed_is_tried_again(
    graphql: GraphQL, change: Change
) -> None:
    await log(change, "ANN", "HAL", template="MAIL", deliver=True)
    await change("claimDeliveries", {"mailer": "post"})
    await change("failDelivery", {"mailer": "post", "entryNo": 2, "error": "Mailbox unknown"})
    payload = await change("resendLoggedSegment", {"entryNo": 1}, "queuedCount")
    assert payload["queuedCount"] == 1
    assert await deliveries(graphql, "entryNo claimedBy error attempts") == [
        {"entryNo": 1, "claimedBy": "post", "error": "", "attempts": 1},
        {"entryNo": 2, "claimedBy": "", "error": "", "attempts": 0},
    ]


async def test_9_3_what_waits_to_be_sent_is_not_logged_a_second_time(graphql: GraphQL, change: Change) -> None:
    await log(change, "ANN", template="MAIL", deliver=True)
    payload = await change("resendLoggedSegment", {"entryNo": 1, "newInteractions": True}, "queuedCount")
    assert payload["queuedCount"] == 0
    assert len(await interactions(graphql, "entryNo")) == 1


async def test_9_3_only_what_can_be_sent_is_sent_again(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    """Not what is canceled, has no attachment or no way to be sent, nor whose contact is blocked or was deleted."""
    await log(change, "ANN", "BOB", "HAL", "SID", template="LETTER")
    await change("cancelInteractions", {"entryNos": [1], "canceled": True})
    await change("updateContact", {"no": "BOB", "privacyBlocked": True})
    await change("deleteContact", {"no": "SID"})
    bare = {"contact_id": 5, "on": moment.today, "at": moment.now, "logged_segment_no": 1}
    call = {**bare, "template": "CALL", "attachment_id": 1}
    await store(database, moment, interaction_log_entry, {**bare, "template": "LETTER", "attachment_id": None}, call)
    payload = await change("resendLoggedSegment", {"entryNo": 1}, "queuedCount")
    assert payload["queuedCount"] == 1
    assert await deliveries(graphql, "contact { no }") == [{"contact": {"no": "HAL"}}]
    await honour_privacy(database, moment, skip=False)
    payload = await change("resendLoggedSegment", {"entryNo": 1}, "queuedCount")
    assert payload["queuedCount"] == 1


async def test_9_3_sending_again_may_log_new_interactions(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", template="MAIL", campaignNo="CP1", on="2026-10-01", description="x" * 99)
    await edit(change, 10, evaluation="POSITIVE", cost="3", attemptFailed=True)
    await change("logSegment", {"segmentNo": "S1"})
    for copies in (1, 2):
        given = {"entryNo": 1, "newInteractions": True}
        payload = await change("resendLoggedSegment", given, "queuedCount loggedSegment { interactionCount }")
        assert (payload["queuedCount"], payload["loggedSegment"]) == (1, {"interactionCount": 1})
        assert len(await deliveries(graphql, "entryNo")) == copies
    fields = "description on evaluation attemptFailed cost segmentNo loggedSegment { entryNo } deliveryStatus"
    fields += " contact { no } campaignEntry { entryNo } attachment { name }"
    first, *others = await interactions(graphql, fields)
    assert (first["description"], first["deliveryStatus"]) == ("x" * 99, None)
    assert (
        others[0]
        == others[1]
        == {
            **first,
            "description": "Resend: " + "x" * 92,
            "on": "2026-11-23",
            "evaluation": None,
            "attemptFailed": False,
            "loggedSegment": None,
            "deliveryStatus": "IN_PROGRESS",
        }
    )
    assert await deliveries(graphql, "entryNo") == [{"entryNo": 2}, {"entryNo": 3}]


async def test_9_3_a_logged_segment_without_anything_to_send_is_not_sent_again(
    change: Change, refused: Refused
) -> None:
    await log(change, "ANN")
    await refused("ATTACHMENT_REQUIRED", ["entryNo"], "resendLoggedSegment", {"entryNo": 1})
    await refused("NOT_FOUND", ["entryNo"], "resendLoggedSegment", {"entryNo": 9})
