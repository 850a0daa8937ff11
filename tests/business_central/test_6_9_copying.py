"""Making a new segment of another one."""

from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from server.clock import Moment
from server.store.database import Database
from server.store.tables import (
    attachment,
    campaign,
    contact,
    interaction_template,
    salesperson,
    segment_language,
    segment_line,
    segment_line_override,
    template_language,
)
from server.store.unit_of_work import UnitOfWork
from tests.business_central.conftest import Change, Refused
from tests.business_central.worksheet_people import actions, lines, open_worksheet, pin, standing, store_rows
from tests.conftest import GraphQL

HEADER = """description campaign { no } salesperson { code } template { code } correspondenceType
    ignoreContactCorrespondence language subject unitCost unitDuration on informationFlow initiatedBy campaignTarget
    campaignResponse"""
LINE = """contact { no } description campaign { no } salesperson { code } template { code } correspondenceType language
    subject cost duration on informationFlow initiatedBy campaignTarget campaignResponse evaluation attemptFailed"""


async def store_more(work: UnitOfWork) -> None:
    """Store a campaign, salespeople, and a template with an attachment in two languages."""
    now = work.moment.now
    await work.connection.execute(insert(campaign).values(id=1, no="CP1", created_at=now, modified_at=now))
    await work.connection.execute(insert(salesperson), [{"code": "JR"}, {"code": "MK"}])
    await work.connection.execute(insert(interaction_template).values(code="LETTER"))
    await work.connection.execute(
        insert(attachment).values(id=1, name="offer.pdf", media_type="application/pdf", url="https://example.com/o")
    )
    of_template = {"template": "LETTER", "attachment_id": 1}
    await work.connection.execute(
        insert(template_language),
        [
            {**of_template, "language": "DEU", "subject": "Hallo"},
            {**of_template, "language": "ENU", "subject": "Hello"},
        ],
    )


@pytest.fixture(autouse=True)
async def _worksheet(database: Database, moment: Moment, change: Change) -> None:
    """S1 has a full header and four lines: one edited, one taken off, one from before a change of the header."""
    await open_worksheet(database, moment, change)
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await store_more(work)
    await change(
        "updateSegment",
        {"no": "S1", "salesperson": "JR", "campaignNo": "CP1", "campaignTarget": True, "unitCost": "2.5",
         "unitDuration": "3", "on": "2026-12-24", "informationFlow": "OUTBOUND", "initiatedBy": "US",
         "template": "LETTER"},
    )  # fmt: skip
    await pin(change, "ZOE", "ANN", "MAX")
    await change("updateSegment", {"no": "S1", "description": "Autumn", "updateLines": False})
    await pin(change, "LONE", "LONE")
    edits = {"description": "By hand", "evaluation": "POSITIVE", "attemptFailed": True, "salesperson": "MK"}
    await change("updateSegmentLine", {"segmentNo": "S1", "lineNo": 30, **edits})
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10]})


async def copy(change: Change, **given: Any) -> dict[str, Any]:
    payload = await change("copySegment", {"no": "S1", "newNo": "S2", **given}, "segment { no lineCount version }")
    copied: dict[str, Any] = payload["segment"]
    return copied


async def header(graphql: GraphQL, no: str) -> dict[str, Any]:
    found: dict[str, Any] = (await graphql(f"query ($no: String!) {{ segment(no: $no) {{ {HEADER} }} }}", {"no": no}))[
        "segment"
    ]
    return found


async def test_6_9_a_copy_has_the_header_and_the_lines_with_their_edits(graphql: GraphQL, change: Change) -> None:
    copied = await copy(change)
    assert (copied["no"], copied["lineCount"]) == ("S2", 4)
    assert await header(graphql, "S2") == await header(graphql, "S1")
    original = await lines(graphql, LINE)
    assert [line["description"] for line in original] == ["Spring", "By hand", "Autumn", "Autumn"]
    assert await lines(graphql, LINE, no="S2") == original


async def test_6_9_numbers_of_lines_begin_anew_in_the_same_order(graphql: GraphQL, change: Change) -> None:
    await copy(change)
    assert await lines(graphql, "lineNo contact { no }", no="S2") == [
        {"lineNo": 10, "contact": {"no": "ANN"}},
        {"lineNo": 20, "contact": {"no": "MAX"}},
        {"lineNo": 30, "contact": {"no": "LONE"}},
        {"lineNo": 40, "contact": {"no": "LONE"}},
    ]


async def test_6_9_many_contacts_are_not_named_by_the_action(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    """A rule has at most 4,096 characters: 170 numbers of 20 characters fit, each with quotes, a comma and a space."""
    same = {"type": "PERSON", "created_at": moment.now, "modified_at": moment.now}
    many = [{"id": 100 + number, "no": f"{number:020}", **same} for number in range(171)]
    await store_rows(database, moment, contact, *many)
    for no, rule, is_named in (
        ("M1", 'no.starts_with("0000000000")', False),
        ("M2", f'no.starts_with("0000000000") and no != "{0:020}"', True),
    ):
        await change("createSegment", {"no": no})
        await change("addContactsToSegment", {"segmentNo": no, "rule": rule})
        await change("copySegment", {"no": no, "newNo": f"{no}-COPY"})
        (action,) = await actions(graphql, "rule", no=f"{no}-COPY")
        assert bool(action["rule"]) is is_named


async def test_6_9_the_lines_are_one_action_that_can_be_undone(graphql: GraphQL, change: Change) -> None:
    await copy(change)
    named = 'no in ["ANN", "MAX", "LONE"]'
    assert await actions(graphql, "kind rule linesAdded", no="S2") == [{"kind": "PIN", "rule": named, "linesAdded": 4}]
    await change("undoSegmentAction", {"segmentNo": "S2"})
    assert await standing(graphql, no="S2") == []
    await change("redoSegmentAction", {"segmentNo": "S2"})
    assert await standing(graphql, no="S2") == ["ANN", "MAX", "LONE", "LONE"]


async def test_6_9_a_copy_is_worked_on_like_any_segment(graphql: GraphQL, change: Change) -> None:
    await copy(change)
    await change("updateSegment", {"no": "S2", "description": "Winter"})
    await change("addContactsToSegment", {"segmentNo": "S2", "rule": 'no in ["ANN", "NIL"]'})
    assert [(line["lineNo"], line["description"]) for line in await lines(graphql, "lineNo description", no="S2")] == [
        (10, "Winter"),
        (20, "Winter"),
        (30, "Winter"),
        (40, "Winter"),
        (50, "Winter"),
    ]
    assert [line["description"] for line in await lines(graphql, "description")][-1] == "Autumn", "the source stays"


async def test_6_9_a_copy_can_be_saved_as_criteria(graphql: GraphQL, change: Change) -> None:
    await copy(change)
    await change("saveCriteria", {"segmentNo": "S2", "code": "COPY"})
    data = await graphql("{ savedCriteria { nodes { actions { kind rule } } } }")
    (criteria,) = data["savedCriteria"]["nodes"]
    assert criteria["actions"] == [{"kind": "ADD", "rule": 'no in ["ANN", "LONE", "MAX"]'}]


async def test_6_9_without_lines_only_the_header_is_copied(graphql: GraphQL, change: Change) -> None:
    copied = await copy(change, withLines=False)
    assert copied["lineCount"] == 0
    assert await header(graphql, "S2") == await header(graphql, "S1")
    assert await actions(graphql, "kind", no="S2") == []


async def test_6_9_a_segment_without_lines_is_copied_without_an_action(graphql: GraphQL, change: Change) -> None:
    await change("reduceSegment", {"segmentNo": "S1", "rule": "true"})
    assert (await copy(change))["lineCount"] == 0
    assert await actions(graphql, "kind", no="S2") == []


@pytest.mark.parametrize("with_lines", [True, False])
async def test_6_9_the_languages_that_hold_now_are_copied(
    change: Change, database: Database, with_lines: bool
) -> None:  # fmt: skip
    await copy(change, withLines=with_lines)
    language = segment_language.c
    of_copy = select(language.language, language.subject, language.attachment_id).where(
        language.segment_id != 1, language.defaults_no == 2
    )
    async with database.read() as connection:
        rows = [tuple(row) for row in await connection.execute(of_copy.order_by(language.language))]
    assert rows == [("DEU", "Hallo", 1), ("ENU", "Hello", 1)]


async def test_6_9_what_a_line_noted_of_its_contact_is_copied(
    change: Change, database: Database, moment: Moment
) -> None:
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(
            update(segment_line).where(segment_line.c.line_no == 20).values(alternative_address="SUMMER")
        )
    await copy(change)
    line = segment_line.c
    noted = (line.contact_id, line.salesperson, line.language, line.correspondence_type, line.alternative_address)
    async with database.read() as connection:
        (first, *_) = (
            await connection.execute(select(*noted).where(line.segment_id != 1).order_by(line.line_no))
        ).all()
        (source,) = (await connection.execute(select(*noted).where(line.segment_id == 1, line.line_no == 20))).all()
    assert tuple(first) == tuple(source)
    assert first.alternative_address == "SUMMER"


async def test_6_9_edits_of_lines_that_were_taken_off_are_not_copied(change: Change, database: Database) -> None:
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [30]})
    await copy(change)
    edited = select(func.count()).where(segment_line_override.c.segment_id != 1)
    async with database.read() as connection:
        assert await connection.scalar(edited) == 0


async def test_6_9_a_new_description_reaches_the_lines_of_the_copy(graphql: GraphQL, change: Change) -> None:
    await copy(change, description="Winter")
    assert (await header(graphql, "S2"))["description"] == "Winter"
    assert {line["description"] for line in await lines(graphql, "description", no="S2")} == {"Winter"}
    assert (await header(graphql, "S1"))["description"] == "Autumn"


async def test_6_9_the_lines_of_a_copy_are_targets_of_an_activated_campaign(graphql: GraphQL, change: Change) -> None:
    async def targets() -> list[str]:
        data = await graphql('{ campaign(no: "CP1") { targets { nodes { contact { no } } } } }')
        return [node["contact"]["no"] for node in data["campaign"]["targets"]["nodes"]]

    await change("activateCampaign", {"no": "CP1"})
    await copy(change)
    await change("deleteSegment", {"no": "S1"})
    assert await targets() == ["ACME", "BOLT", "LONE"]
    await change("undoSegmentAction", {"segmentNo": "S2"})
    assert await targets() == []


async def test_6_9_the_copy_gets_the_next_number_unless_one_is_given(change: Change) -> None:
    first = await change("copySegment", {"no": "s1"}, "segment { no }")
    second = await change("copySegment", {"no": "S1", "newNo": None}, "segment { no }")
    assert [first["segment"]["no"], second["segment"]["no"]] == ["SM00001", "SM00002"]


async def test_6_9_a_copy_is_refused_for_a_number_that_is_taken_or_a_segment_that_is_not_there(
    refused: Refused,
) -> None:
    await refused("ALREADY_EXISTS", ["newNo"], "copySegment", {"no": "S1", "newNo": "s1"})
    await refused("INVALID_INPUT", ["newNo"], "copySegment", {"no": "S1", "newNo": "X" * 21})
    await refused("INVALID_INPUT", ["description"], "copySegment", {"no": "S1", "description": "x" * 101})
    await refused("NOT_FOUND", ["no"], "copySegment", {"no": "S9"})
    await refused("CONFLICT", ["expectedVersion"], "copySegment", {"no": "S1", "expectedVersion": 1})


async def test_6_9_flags_that_wait_for_a_campaign_wait_on_the_copy_too(graphql: GraphQL, change: Change) -> None:
    await change("createInteractionTemplate", {"code": "FLYER", "campaignTarget": True})
    await change("createSegment", {"no": "S3", "template": "FLYER"})
    await pin(change, "ANN", "MAX", segment_no="S3")
    await change("updateSegmentLine", {"segmentNo": "S3", "lineNo": 20, "description": "By hand"})
    await change("copySegment", {"no": "S3", "newNo": "S4"})
    assert await lines(graphql, "campaignTarget", no="S4") == [{"campaignTarget": False}] * 2
    await change("updateSegment", {"no": "S4", "campaignNo": "CP1"})
    assert await lines(graphql, "campaignTarget", no="S4") == [{"campaignTarget": True}] * 2
