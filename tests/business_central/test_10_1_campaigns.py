"""Creating, changing and deleting campaigns."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from server.clock import Clock, Moment
from server.store.database import Database
from server.store.tables import campaign_entry, campaign_status, campaign_target, interaction_log_entry, salesperson
from tests.business_central.campaign_people import campaign, pin, store_interaction, store_people
from tests.business_central.conftest import Change, Refused
from tests.conftest import GraphQL

FIELDS = "no description startingOn endingOn status activated version salesperson { code }"
SPRING = {"no": "SPRING", "description": "Spring", "startingOn": "2026-03-01", "endingOn": "2026-05-31"}
NEXT_DAY = timedelta(days=1)


@pytest.fixture
def hands(moment: Moment) -> list[Moment]:
    """What the server's clock shows: the last of these."""
    return [moment]


@pytest.fixture
def clock(hands: list[Moment]) -> Clock:
    return lambda: hands[-1]


@pytest.fixture(autouse=True)
async def world(database: Database, moment: Moment) -> None:
    await store_people(database, moment)
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(insert(campaign_status), [{"code": "PLAN"}, {"code": "DONE"}])
        await work.connection.execute(insert(salesperson), [{"code": "GONE", "blocked": True}])


async def test_10_1_a_campaign_gets_the_next_number_of_its_series(change: Change) -> None:
    first = await change("createCampaign", {}, f"campaign {{ {FIELDS} }}")
    assert first["campaign"] == {
        "no": "CP0001",
        "description": "",
        "startingOn": None,
        "endingOn": None,
        "status": None,
        "activated": False,
        "version": 1,
        "salesperson": None,
    }
    second = await change("createCampaign", {}, "campaign { no }")
    assert second["campaign"]["no"] == "CP0002"


async def test_10_1_a_campaign_keeps_what_is_typed(change: Change) -> None:
    typed = {**SPRING, "no": " spring ", "status": "plan", "salesperson": "ah"}
    made = await change("createCampaign", typed, f"campaign {{ {FIELDS} }}")
    assert made["campaign"] == {
        **SPRING,
        "status": "PLAN",
        "activated": False,
        "version": 1,
        "salesperson": {"code": "AH"},
    }


async def test_10_1_a_number_is_given_once_and_never_changed(change: Change, refused: Refused) -> None:
    await change("createCampaign", SPRING)
    assert "SPRING" in await refused("ALREADY_EXISTS", ["no"], "createCampaign", {"no": "spring"})
    await refused("INVALID_INPUT", ["no"], "createCampaign", {"no": "X" * 21})
    await refused("NOT_FOUND", ["no"], "updateCampaign", {"no": "AUTUMN", "description": "Autumn"})
    await refused("VALUE_REQUIRED", ["no"], "updateCampaign", {"no": " "})


async def test_10_1_a_description_has_at_most_100_characters(change: Change, refused: Refused) -> None:
    made = await change("createCampaign", {**SPRING, "description": "x" * 100}, "campaign { description }")
    assert made["campaign"]["description"] == "x" * 100
    await refused("INVALID_INPUT", ["description"], "updateCampaign", {"no": "SPRING", "description": "x" * 101})


async def test_10_1_a_campaign_starts_on_the_day_it_ends_at_the_latest(change: Change, refused: Refused) -> None:
    await change("createCampaign", {**SPRING, "startingOn": "2026-05-31"})
    late = {"no": "LATE", "startingOn": "2026-06-01", "endingOn": "2026-05-31"}
    assert await refused("INVALID_INPUT", ["endingOn"], "createCampaign", late) == (
        "endingOn must not be before startingOn, which is 2026-06-01."
    )
    moved = {"no": "SPRING", "endingOn": "2026-05-30"}
    assert await refused("INVALID_INPUT", ["endingOn"], "updateCampaign", moved) == (
        "endingOn must not be before startingOn, which is 2026-05-31."
    )
    moved = {"no": "SPRING", "startingOn": "2026-06-01"}
    assert await refused("INVALID_INPUT", ["startingOn"], "updateCampaign", moved) == (
        "startingOn must not be after endingOn, which is 2026-05-31."
    )


async def test_10_1_a_blank_day_is_open(change: Change) -> None:
    await change("createCampaign", SPRING)
    opened = await change(
        "updateCampaign", {"no": "SPRING", "endingOn": None, "startingOn": "2027-01-01"}, "campaign { endingOn }"
    )
    assert opened["campaign"]["endingOn"] is None
    await change("updateCampaign", {"no": "SPRING", "endingOn": "2026-01-01", "startingOn": None})


async def test_10_1_a_status_is_one_of_the_table(change: Change, refused: Refused) -> None:
    await change("createCampaign", {**SPRING, "status": "PLAN"})
    for status, code in (("LOST", "NOT_FOUND"), ("X" * 11, "INVALID_INPUT")):
        await refused(code, ["status"], "createCampaign", {"status": status})
        await refused(code, ["status"], "updateCampaign", {"no": "SPRING", "status": status})
    done = await change("updateCampaign", {"no": "SPRING", "status": "done"}, "campaign { status }")
    assert done["campaign"]["status"] == "DONE"
    blank = await change("updateCampaign", {"no": "SPRING", "status": ""}, "campaign { status }")
    assert blank["campaign"]["status"] is None


async def test_10_1_the_salesperson_of_a_new_campaign_is_the_users_own(change: Change) -> None:
    await change("createUser", {"name": "anonymous", "salesperson": "BD"})
    cases: list[tuple[dict[str, Any], Any]] = [
        ({}, {"code": "BD"}),
        ({"salesperson": "AH"}, {"code": "AH"}),
        ({"salesperson": None}, None),
        ({"salesperson": ""}, None),
    ]
    for values, expected in cases:
        made = await change("createCampaign", values, "campaign { salesperson { code } }")
        assert made["campaign"]["salesperson"] == expected


async def test_10_1_a_later_change_does_not_bring_the_users_salesperson(change: Change) -> None:
    await change("createCampaign", SPRING)
    await change("createUser", {"name": "anonymous", "salesperson": "BD"})
    changed = await change(
        "updateCampaign", {"no": "SPRING", "description": "May"}, "campaign { salesperson { code } }"
    )
    assert changed["campaign"]["salesperson"] is None


async def test_10_1_a_blocked_salesperson_cannot_run_a_campaign(change: Change, refused: Refused) -> None:
    await change("createCampaign", SPRING)
    for who, code in (("GONE", "SALESPERSON_BLOCKED"), ("NOBODY", "NOT_FOUND")):
        await refused(code, ["salesperson"], "createCampaign", {"salesperson": who})
        await refused(code, ["salesperson"], "updateCampaign", {"no": "SPRING", "salesperson": who})


async def test_10_1_every_change_stamps_the_campaign(
    graphql: GraphQL, change: Change, hands: list[Moment], moment: Moment
) -> None:
    await change("createCampaign", SPRING)
    hands.append(replace(moment, now=moment.now + NEXT_DAY))
    same = await change("updateCampaign", SPRING, "campaign { modifiedAt version }")
    assert same["campaign"] == {"modifiedAt": "2026-11-23T12:00:00Z", "version": 1}
    changed = await change(
        "updateCampaign", {"no": "SPRING", "description": "May"}, "campaign { createdAt modifiedAt version }"
    )
    assert changed["campaign"] == {
        "createdAt": "2026-11-23T12:00:00Z",
        "modifiedAt": "2026-11-24T12:00:00Z",
        "version": 2,
    }
    assert (await campaign(graphql, "description endingOn")) == {"description": "May", "endingOn": "2026-05-31"}


async def test_10_1_a_change_made_on_an_old_version_is_refused(change: Change, refused: Refused) -> None:
    await change("createCampaign", SPRING)
    await change("updateCampaign", {"no": "SPRING", "description": "May", "expectedVersion": 1})
    for mutation in ("updateCampaign", "deleteCampaign", "activateCampaign", "deactivateCampaign"):
        await refused("CONFLICT", ["expectedVersion"], mutation, {"no": "SPRING", "expectedVersion": 1})


async def test_10_1_a_campaign_shows_its_comments(graphql: GraphQL, change: Change) -> None:
    await change("createCampaign", SPRING)
    await change("createComment", {"campaignNo": "SPRING", "text": "Ask the printer", "on": "2026-02-01"})
    await change("createComment", {"campaignNo": "SPRING", "text": "Order paper", "code": "todo"})
    comments = (await campaign(graphql, "comments { nodes { on code text } }"))["comments"]["nodes"]
    assert comments == [
        {"on": "2026-02-01", "code": None, "text": "Ask the printer"},
        {"on": "2026-11-23", "code": "TODO", "text": "Order paper"},
    ]


async def test_10_1_a_campaign_lists_its_segments_that_are_not_logged_yet(graphql: GraphQL, change: Change) -> None:
    await change("createCampaign", SPRING)
    await change("createCampaign", {"no": "AUTUMN"})
    for no, of in (("S1", "SPRING"), ("S2", "AUTUMN"), ("S3", "SPRING")):
        await change("createSegment", {"no": no, "description": no, "template": "LETTER", "campaignNo": of})
        await pin(change, no, "ANN")
    selection = "segments { nodes { no } }"
    assert (await campaign(graphql, selection))["segments"]["nodes"] == [{"no": "S1"}, {"no": "S3"}]
    await change("logSegment", {"segmentNo": "S1"})
    assert (await campaign(graphql, selection))["segments"]["nodes"] == [{"no": "S3"}]


async def test_10_1_deleting_a_campaign_deletes_its_comments_and_entries_but_no_interaction(
    graphql: GraphQL, change: Change
) -> None:
    await change("createCampaign", SPRING)
    await change("createComment", {"campaignNo": "SPRING", "text": "Soon"})
    mail = {"contactNo": "ANN", "template": "LETTER", "description": "Offer", "campaignNo": "SPRING"}
    await change("logInteraction", {**mail, "campaignTarget": True})
    gone = await change("deleteCampaign", {"no": "spring"}, "deletedNo deletedId")
    assert gone["deletedNo"] == "SPRING"
    query = """query ($id: ID!) { campaign(no: "SPRING") { no } node(id: $id) { id } campaignEntries { totalCount }
      interactions { nodes { description campaignTarget campaign { no } campaignEntry { entryNo } } } }"""
    assert await graphql(query, {"id": gone["deletedId"]}) == {
        "campaign": None,
        "node": None,
        "campaignEntries": {"totalCount": 0},
        "interactions": {
            "nodes": [{"description": "Offer", "campaignTarget": True, "campaign": None, "campaignEntry": None}]
        },
    }


async def test_10_1_deleting_a_campaign_leaves_the_log_of_others_alone(
    database: Database, moment: Moment, change: Change
) -> None:
    for no in ("SPRING", "AUTUMN"):
        await change("createCampaign", {"no": no})
        mail = {"contactNo": "ANN", "template": "LETTER", "description": no, "campaignNo": no}
        await change("logInteraction", mail)
    await store_interaction(database, moment, None)
    await change("deleteCampaign", {"no": "SPRING"})
    async with database.read() as connection:
        log = interaction_log_entry.c
        entries = (await connection.execute(select(campaign_entry.c.entry_no, campaign_entry.c.campaign_id))).all()
        ((entry_no, campaign_key),) = entries
        statement = select(log.campaign_id, log.campaign_entry_no).order_by(log.entry_no)
        kept = [tuple(row) for row in await connection.execute(statement)]
    assert kept == [(None, None), (campaign_key, entry_no), (None, None)]


async def test_10_1_segments_lines_and_templates_lose_a_deleted_campaign_and_its_flags(
    graphql: GraphQL, change: Change
) -> None:
    await change("createCampaign", SPRING)
    flags = {"campaignNo": "SPRING", "campaignTarget": True, "campaignResponse": True}
    await change("createInteractionTemplate", {"code": "FLYER", **flags})
    await change("createSegment", {"no": "S1", **flags})
    await change("createSegment", {"no": "S2", "description": "Mine"})
    await pin(change, "S1", "ANN", "BOB")
    await pin(change, "S2", "MAX")
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 20, "description": "Own"})
    await change("updateSegmentLine", {"segmentNo": "S2", "lineNo": 10, **flags})
    shown = "campaign { no } campaignTarget campaignResponse"
    query = f"""{{ segments {{ nodes {{ no version {shown} lines {{ nodes {{ description {shown} }} }} }} }}
      interactionTemplates {{ nodes {{ code {shown} }} }} }}"""
    before = {node["no"]: node["version"] for node in (await graphql(query))["segments"]["nodes"]}
    await change("deleteCampaign", {"no": "SPRING"})
    blank = {"campaign": None, "campaignTarget": False, "campaignResponse": False}
    data = await graphql(query)
    assert data["interactionTemplates"]["nodes"] == [{"code": "FLYER", **blank}, {"code": "LETTER", **blank}]
    assert data["segments"]["nodes"] == [
        {
            "no": "S1",
            "version": before["S1"] + 1,
            **blank,
            "lines": {"nodes": [{"description": "", **blank}, {"description": "Own", **blank}]},
        },
        {
            "no": "S2",
            "version": before["S2"] + 1,
            **blank,
            "lines": {"nodes": [{"description": "Mine", **blank}]},
        },
    ]


async def test_10_1_deleting_a_campaign_deactivates_it(database: Database, change: Change) -> None:
    await change("createCampaign", SPRING)
    await change("createSegment", {"no": "S1", "campaignNo": "SPRING", "campaignTarget": True})
    await pin(change, "S1", "ANN")
    await change("activateCampaign", {"no": "SPRING"})
    await change("deleteCampaign", {"no": "SPRING"})
    async with database.read() as connection:
        assert (await connection.execute(select(campaign_target))).all() == []


async def test_10_1_a_campaign_that_there_is_not_cannot_be_deleted(refused: Refused) -> None:
    assert "SPRING" in await refused("NOT_FOUND", ["no"], "deleteCampaign", {"no": "spring"})
