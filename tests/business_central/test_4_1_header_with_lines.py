"""What a change of the header does to lines that are there already."""

from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change
from tests.business_central.letters import (
    ANGEBOT,
    OFFER,
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

CHANGES: dict[str, Any] = {
    "description": "Summer", "campaignNo": "CP2", "salesperson": "AH", "unitCost": "2", "unitDuration": "2.5",
    "on": "2027-01-31", "informationFlow": "OUTBOUND", "initiatedBy": "US", "campaignTarget": True,
    "campaignResponse": True,
}  # fmt: skip
"""Of every field that reaches lines another value than ``spring`` gives it."""
SHOWN = """description campaign { no } salesperson { code } cost duration on informationFlow initiatedBy campaignTarget
    campaignResponse"""
SPRING = {
    "description": "Spring", "campaign": "CP1", "salesperson": None, "cost": "1", "duration": "1",
    "on": "2026-11-23", "informationFlow": None, "initiatedBy": None, "campaignTarget": False,
    "campaignResponse": False,
}  # fmt: skip
SUMMER = dict(zip(SPRING, CHANGES.values(), strict=True))
"""What a line shows before and after ``CHANGES``."""
ON_NEW_LINES: dict[str, Any] = {
    "language": "DEU", "correspondenceType": "HARD_COPY", "ignoreContactCorrespondence": True
}  # fmt: skip


@pytest.fixture(autouse=True)
async def _readers(database: Database, moment: Moment) -> None:
    await store_readers(database, moment)


async def spring(change: Change, *nos: str) -> None:
    """Create S1 with values on its header and a line for each contact."""
    await open_segment(change, *nos, description="Spring", campaignNo="CP1", unitCost="1", unitDuration="1")


async def addresses(change: Change, no: str) -> None:
    """Give a contact an address for the summer of 2026 and one from 2027 on."""
    for code in ("SUMMER", "LATER"):
        await change("createContactAddress", {"contactNo": no, "code": code})
    period = {"contactNo": no, "code": "SUMMER", "startingOn": "2026-06-01", "endingOn": "2026-08-31"}
    await change("setContactAddressPeriod", period)
    await change("setContactAddressPeriod", {"contactNo": no, "code": "LATER", "startingOn": "2027-01-01"})


async def test_4_1_a_change_reaches_the_lines_also_edited_ones(change: Change, graphql: GraphQL) -> None:
    await spring(change, "CID", "DOT")
    await edit(change, 20, evaluation="POSITIVE")
    assert await lines(graphql, SHOWN) == [SPRING, SPRING]
    await update(change, **CHANGES)
    assert await lines(graphql, SHOWN) == [SUMMER, SUMMER]


async def test_4_1_a_change_of_one_field_leaves_the_others(change: Change, graphql: GraphQL) -> None:
    await spring(change, "CID", "DOT")
    await edit(change, 20, description="Own", cost="9")
    await update(change, unitDuration="2.5")
    own = {**SPRING, "duration": "2.5", "description": "Own", "cost": "9"}
    assert await lines(graphql, SHOWN) == [{**SPRING, "duration": "2.5"}, own]


async def test_4_1_a_change_that_lines_shall_not_follow_is_for_lines_to_come(change: Change, graphql: GraphQL) -> None:
    await spring(change, "CID", "DOT")
    await edit(change, 20, evaluation="POSITIVE")
    await update(change, lines=False, **CHANGES)
    assert await lines(graphql, SHOWN) == [SPRING, SPRING]
    await put(change, "ACME")
    assert await lines(graphql, SHOWN) == [SPRING, SPRING, SUMMER]
    await update(change, description="All")
    assert await values(graphql, "description") == ["All"] * 3


@pytest.mark.parametrize("follow", [True, False])
async def test_4_1_language_and_correspondence_type_do_not_reach_lines(
    change: Change, graphql: GraphQL, *, follow: bool
) -> None:
    """Nothing is attached that could be sent."""
    await spring(change, "CID")
    await update(change, lines=follow, **ON_NEW_LINES)
    await put(change, "DOT")
    assert await lines(graphql, "language correspondenceType") == [
        {"language": None, "correspondenceType": None},
        {"language": "DEU", "correspondenceType": "HARD_COPY"},
    ]


async def test_4_1_lines_of_another_template_than_the_headers_do_not_follow(change: Change, graphql: GraphQL) -> None:
    await spring(change, "CID", "DOT")
    await edit(change, 10, template="NOTE", cost="1", duration="1", campaignNo="CP1")
    await update(change, **CHANGES)
    assert await lines(graphql, SHOWN) == [SPRING, SUMMER]


async def test_4_1_the_correspondence_type_reaches_lines_when_something_is_attached(
    change: Change, graphql: GraphQL
) -> None:
    async def types() -> list[Any]:
        return await values(graphql, "correspondenceType")

    await open_segment(change, language="DEU")
    await put(change, "ANN", "BOB", "CID", "DOT")
    await edit(change, 20, description="edited")
    await edit(change, 40, template="NOTE")
    await language(change, "FRA", new=True, attachment=OFFRE)
    await update(change, ignoreContactCorrespondence=True, correspondenceType="HARD_COPY")
    assert await types() == ["EMAIL", "HARD_COPY", None, None]
    await language(change, "DEU", attachment=ANGEBOT)
    await update(change, correspondenceType="EMAIL", lines=False)
    assert await types() == ["EMAIL", "HARD_COPY", None, None]
    await update(change, correspondenceType="HARD_COPY")
    assert await types() == ["HARD_COPY", "HARD_COPY", "HARD_COPY", None]
    await update(change, correspondenceType=None)
    assert await types() == ["HARD_COPY", "HARD_COPY", "HARD_COPY", None]


async def test_4_1_a_subject_reaches_the_lines_of_its_language_that_have_the_old_one(
    change: Change, graphql: GraphQL
) -> None:
    async def subjects() -> list[Any]:
        return await values(graphql, "subject")

    await open_segment(change, language="DEU", subject="Hallo")
    await language(change, "FRA", new=True, subject="Hallo")
    await put(change, "ANN", "BOB", "CID", "DOT", "ACME")
    await edit(change, 30, subject="Lieber Cid")
    await edit(change, 40, description="edited")
    await edit(change, 50, template="MAIL", language="DEU", subject="Hallo")
    await update(change, subject="Moin")
    assert await subjects() == ["Moin", "Hallo", "Lieber Cid", "Moin", "Hallo"]
    await language(change, "FRA", subject="Bonjour")
    assert await subjects() == ["Moin", "Bonjour", "Lieber Cid", "Moin", "Hallo"]
    await update(change, subject="Servus", lines=False)
    assert await subjects() == ["Moin", "Bonjour", "Lieber Cid", "Moin", "Hallo"]
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["ANN"], "allowExistingContacts": True})
    await update(change, subject="Tschüss")
    assert await subjects() == ["Moin", "Bonjour", "Lieber Cid", "Moin", "Hallo", "Tschüss"]


async def test_4_1_a_subject_without_a_language_reaches_the_lines_without_one(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", "CID", subject="Hello")
    await language(change, "ENU", new=True, subject="Hello")
    await edit(change, 10, language="ENU")
    await update(change, subject="Hi")
    assert await sent(graphql) == [("ENU", "Hello", None), (None, "Hi", None)]


async def test_4_1_an_attachment_reaches_the_lines_of_its_language_that_have_the_old_one_or_none(
    change: Change, graphql: GraphQL
) -> None:
    async def attached() -> list[Any]:
        return await values(graphql, "attachment { name }")

    await open_segment(change, language="DEU")
    await language(change, "FRA", new=True)
    await put(change, "ANN", "BOB", "CID", "DOT", "ACME")
    await edit(change, 30, attachment=OFFER)
    await edit(change, 40, description="edited")
    await edit(change, 50, template="MAIL", language="DEU", attachment=None)
    await language(change, "DEU", attachment=ANGEBOT)
    assert await attached() == ["angebot", None, "offer", "angebot", None]
    await language(change, "FRA", attachment=OFFRE)
    assert await attached() == ["angebot", "offre", "offer", "angebot", None]
    other = {"name": "other", "url": "https://files.example/other.pdf"}
    await language(change, "DEU", attachment=other, updateLines=False)
    assert await attached() == ["angebot", "offre", "offer", "angebot", None]
    await language(change, "FRA", attachment=other)
    assert await attached() == ["angebot", "other", "offer", "angebot", None]
    await language(change, "FRA", attachment=None)
    assert await attached() == ["angebot", None, "offer", "angebot", None]


async def test_4_1_a_new_date_notes_the_addresses_that_hold_on_it(change: Change, graphql: GraphQL) -> None:
    async def noted() -> list[Any]:
        return await values(graphql, "alternativeAddress")

    for no in ("ANN", "BOB", "CID"):
        await addresses(change, no)
    await open_segment(change, "ANN", "BOB", "CID", "DOT")
    await edit(change, 20, description="edited")
    await edit(change, 30, template="NOTE")
    assert await noted() == [None] * 4
    await update(change, on="2026-07-01")
    assert await noted() == ["SUMMER", "SUMMER", None, None]
    await update(change, on="2027-07-01", lines=False)
    assert await noted() == ["SUMMER", "SUMMER", None, None]
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["CID"], "allowExistingContacts": True})
    assert await noted() == ["SUMMER", "SUMMER", None, None, "LATER"]
    await update(change, on="2026-10-01")
    assert await noted() == [None] * 5


async def test_4_1_a_campaign_flag_reaches_only_lines_with_a_campaign(change: Change, graphql: GraphQL) -> None:
    await spring(change, "ANN", "BOB", "CID")
    await edit(change, 20, campaignNo=None)
    await edit(change, 30, campaignNo="CP2")
    await update(change, campaignTarget=True)
    assert await values(graphql, "campaignTarget") == [True, False, True]
    await update(change, campaignNo=None)
    assert await lines(graphql, "campaign { no } campaignTarget") == [{"campaign": None, "campaignTarget": False}] * 3


async def test_4_1_a_blank_salesperson_is_written_to_the_lines(change: Change, graphql: GraphQL) -> None:
    """A line added afterwards has its contact's own again."""
    await open_segment(change, "ANN", salesperson="BD")
    await update(change, salesperson=None)
    await put(change, "BOB")
    assert await values(graphql, "salesperson { code }") == [None, "BD"]


async def test_4_1_edits_of_lines_out_of_sight_come_back_as_they_were(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", "BOB", language="DEU", subject="Hallo", description="Spring")
    await edit(change, 20, evaluation="POSITIVE")
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [20]})
    await update(change, description="Summer", subject="Moin", on="2027-01-31")
    await change("undoSegmentAction", {"segmentNo": "S1"})
    found = await lines(graphql, "description subject on evaluation")
    summer = {"description": "Summer", "subject": "Moin", "on": "2027-01-31", "evaluation": None}
    edited = {"description": "Spring", "subject": "Hallo", "on": "2026-11-23", "evaluation": "POSITIVE"}
    assert found == [summer, edited]


async def test_4_1_a_header_without_lines_needs_no_decision(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, template="MAIL")
    await update(change, lines=False, template="VISIT", description="Visits")
    await put(change, "ANN")
    found = await segment(graphql, "description template { code }")
    assert found == {"description": "Visits", "template": "VISIT"}
    assert await lines(graphql, "description template { code }") == [found]
