"""What a line takes over from an interaction template of its own."""

from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change, Refused
from tests.business_central.letters import (
    OFFRE,
    edit,
    language,
    lines,
    open_segment,
    sent,
    store_readers,
    values,
)
from tests.conftest import GraphQL

SHOWN = """template { code } group { code } cost duration informationFlow initiatedBy campaignTarget campaignResponse
    correspondenceType campaign { no }"""
VISITED = {
    "template": "VISIT", "group": "MEET", "cost": "12.5", "duration": "30", "informationFlow": "OUTBOUND",
    "initiatedBy": "US", "campaignTarget": True, "campaignResponse": True, "correspondenceType": "HARD_COPY",
    "campaign": "CP2",
}  # fmt: skip
NOTED = {
    "template": "NOTE", "group": None, "cost": "0", "duration": "0", "informationFlow": None, "initiatedBy": None,
    "campaignTarget": False, "campaignResponse": False, "correspondenceType": "EMAIL", "campaign": None,
}  # fmt: skip


@pytest.fixture(autouse=True)
async def _readers(database: Database, moment: Moment) -> None:
    await store_readers(database, moment)


async def test_5_2_a_template_brings_its_values_to_the_line(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", "BOB", template="NOTE")
    await edit(change, 10, template="visit")
    found = await lines(graphql, SHOWN)
    assert found == [VISITED, {**NOTED, "correspondenceType": "HARD_COPY"}]


async def test_5_2_another_template_leaves_nothing_of_the_one_before(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", template="VISIT", campaignNo="CP1")
    await edit(change, 10, template="NOTE")
    assert await lines(graphql, SHOWN) == [{**NOTED, "correspondenceType": "HARD_COPY", "campaign": "CP1"}]


async def test_5_2_without_a_template_nothing_of_one_is_left(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", template="MAIL", unitCost="3")
    await edit(change, 10, template=None)
    assert await lines(graphql, SHOWN) == [{**NOTED, "template": None}]
    assert await sent(graphql) == [(None, "", None)]


async def test_5_2_what_is_given_comes_before_what_the_template_brings(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN")
    given: dict[str, Any] = {"cost": "1", "correspondenceType": None, "campaignNo": "CP1", "campaignResponse": False}
    await edit(change, 10, template="VISIT", **given)
    expected = {"cost": "1", "correspondenceType": None, "campaign": "CP1", "campaignResponse": False}
    assert await lines(graphql, SHOWN) == [VISITED | expected]


async def test_5_2_the_headers_campaign_comes_before_the_templates(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", campaignNo="CP1")
    await edit(change, 10, template="VISIT")
    assert await values(graphql, "campaign { no }") == ["CP1"]
    await change("updateSegment", {"no": "S1", "campaignNo": None, "updateLines": False})
    await edit(change, 10, template="NOTE")
    assert await values(graphql, "campaign { no }") == [None]
    await edit(change, 10, template="VISIT")
    assert await values(graphql, "campaign { no }") == ["CP2"]


async def test_5_2_an_own_description_survives_the_first_template_only(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", "BOB", "CID")
    await edit(change, 10, description="Own")
    for place in (10, 20):
        await edit(change, place, template="VISIT")
    assert await values(graphql, "description") == ["Own", "A visit", ""]
    await edit(change, 10, template="MAIL")
    await edit(change, 20, template="MAIL", description="Mine")
    assert await values(graphql, "description") == ["A mailing", "Mine", ""]


@pytest.mark.parametrize(
    ("header", "template", "expected"),
    [
        ({}, {"correspondenceType": "EMAIL"}, ["EMAIL", "HARD_COPY", "EMAIL"]),
        ({}, {"correspondenceType": "EMAIL", "ignoreContactCorrespondence": True}, ["EMAIL"] * 3),
        (
            {"ignoreContactCorrespondence": True, "correspondenceType": "HARD_COPY"},
            {"correspondenceType": "EMAIL", "ignoreContactCorrespondence": True},
            ["HARD_COPY"] * 3,
        ),
    ],
)
async def test_5_2_how_the_line_is_sent_is_decided_again(
    change: Change, graphql: GraphQL, header: dict[str, Any], template: dict[str, Any], expected: list[str]
) -> None:
    await change("createInteractionTemplate", {"code": "T", **template})
    await open_segment(change, "ANN", "BOB", "CID", **header)
    for place in (10, 20, 30):
        await edit(change, place, correspondenceType=None)
        await edit(change, place, template="T")
    assert await values(graphql, "correspondenceType") == expected


async def test_5_2_the_language_is_the_contacts_where_the_template_has_it_else_the_templates(
    change: Change, graphql: GraphQL
) -> None:
    await change("updateContact", {"no": "DOT", "language": "ENU"})
    await open_segment(change, "ANN", "BOB", "CID", "DOT", language="FRA", subject="Bonjour")
    await language(change, "FRA", attachment=OFFRE)
    for place in (10, 20, 30, 40):
        await edit(change, place, template="MAIL")
    german = ("DEU", "Angebot", "angebot")
    assert await sent(graphql) == [german, german, german, ("ENU", "Offer", "offer")]


async def test_5_2_a_template_and_a_language_together(change: Change, refused: Refused, graphql: GraphQL) -> None:
    await open_segment(change, "ANN")
    await edit(change, 10, template="MAIL", language="ENU")
    assert await sent(graphql) == [("ENU", "Offer", "offer")]
    both = {"segmentNo": "S1", "lineNo": 10, "template": "NOTE", "subject": "Ciao"}
    for code in ("ITA", "ENU"):  # the language of the template before is not this one's either
        message = await refused("LANGUAGE_MISSING", ["language"], "updateSegmentLine", {**both, "language": code})
        assert message == f"Interaction template NOTE has no language {code}."
    await edit(change, 10, template="NOTE", language=None, subject="Ciao")
    assert await sent(graphql) == [(None, "Ciao", None)]


async def test_5_2_back_at_the_headers_template_a_line_sends_what_the_header_sends(
    change: Change, graphql: GraphQL
) -> None:
    await open_segment(change, "ANN", template="MAIL")
    await language(change, "DEU", subject="Anders", attachment=OFFRE)
    await edit(change, 10, template="NOTE")
    assert await sent(graphql) == [(None, "", None)]
    await edit(change, 10, template="MAIL")
    assert await sent(graphql) == [("DEU", "Anders", "offre")]


async def test_5_2_the_same_template_again_changes_nothing(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", template="VISIT")
    await edit(change, 10, cost="1", description="Own")
    before = await lines(graphql, SHOWN)
    await edit(change, 10, template="visit")
    assert await lines(graphql, SHOWN) == before


async def test_5_2_the_flags_of_a_template_wait_for_the_lines_campaign(change: Change, graphql: GraphQL) -> None:
    async def shown() -> list[Any]:
        return await values(graphql, "campaignTarget")

    await change("createInteractionTemplate", {"code": "FLYER", "campaignTarget": True})
    await open_segment(change, "ANN", "BOB")
    await edit(change, 10, template="FLYER")
    assert await shown() == [False, False]
    await edit(change, 10, cost="1")
    await edit(change, 10, campaignNo="CP1")
    assert await shown() == [True, False]
    await edit(change, 10, campaignNo=None)
    assert await shown() == [False, False]
    await edit(change, 10, campaignNo="CP1")
    assert await shown() == [False, False]
