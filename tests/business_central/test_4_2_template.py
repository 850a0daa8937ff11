"""What a segment takes over from its interaction template, and what its lines get of that."""

from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change, Refused
from tests.business_central.letters import (
    ANGEBOT,
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

OF_VISIT = {
    "campaign": "CP2", "group": "MEET", "correspondenceType": "HARD_COPY", "ignoreContactCorrespondence": True,
    "language": None, "subject": "", "unitCost": "12.5", "unitDuration": "30", "informationFlow": "OUTBOUND",
    "initiatedBy": "US", "campaignTarget": True, "campaignResponse": True,
}  # fmt: skip
BROUGHT = """campaign { no } group { code } correspondenceType ignoreContactCorrespondence language subject unitCost
    unitDuration informationFlow initiatedBy campaignTarget campaignResponse"""
LANGUAGES = "languages { language subject isDefault attachment { name } }"
OF_MAIL = [
    {"language": "DEU", "subject": "Angebot", "isDefault": True, "attachment": {"name": "angebot"}},
    {"language": "ENU", "subject": "Offer", "isDefault": False, "attachment": {"name": "offer"}},
]
OF_LINE = """template { code } campaign { no } group { code } correspondenceType cost duration informationFlow
    initiatedBy campaignTarget campaignResponse description"""
VISITED = {
    "template": "VISIT", "campaign": "CP2", "group": "MEET", "correspondenceType": "HARD_COPY", "cost": "12.5",
    "duration": "30", "informationFlow": "OUTBOUND", "initiatedBy": "US", "campaignTarget": True,
    "campaignResponse": True, "description": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
async def _readers(database: Database, moment: Moment) -> None:
    await store_readers(database, moment)


async def test_4_2_the_header_takes_over_what_its_template_says(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, template="visit")
    assert await segment(graphql, BROUGHT) == OF_VISIT
    await change("createSegment", {"no": "S2", "subject": "Hello", "language": "FRA", "unitCost": "1"})
    await change("updateSegment", {"no": "S2", "template": "VISIT"})
    assert await segment(graphql, BROUGHT, "S2") == OF_VISIT


async def test_4_2_what_is_given_comes_before_what_the_template_says(change: Change, graphql: GraphQL) -> None:
    given: dict[str, Any] = {
        "template": "VISIT", "campaignNo": "CP1", "correspondenceType": "EMAIL", "unitCost": "1", "language": "FRA",
        "subject": "Salut", "informationFlow": None, "campaignResponse": False, "description": "Fair",
    }  # fmt: skip
    expected = OF_VISIT | {
        "campaign": "CP1", "correspondenceType": "EMAIL", "unitCost": "1", "language": "FRA", "subject": "Salut",
        "informationFlow": None, "campaignResponse": False,
    }  # fmt: skip
    await open_segment(change, **given)
    assert await segment(graphql, BROUGHT) == expected
    await change("createSegment", {"no": "S2"})
    await change("updateSegment", {"no": "S2", **given})
    assert await segment(graphql, BROUGHT, "S2") == expected


async def test_4_2_the_templates_campaign_is_taken_over_only_if_it_has_one(change: Change, graphql: GraphQL) -> None:
    async def campaign() -> Any:
        return (await segment(graphql, "campaign { no }"))["campaign"]

    await open_segment(change, campaignNo="CP1", template="NOTE")
    assert await campaign() == "CP1"
    await update(change, template="VISIT")
    assert await campaign() == "CP2"
    await update(change, template="MAIL")
    assert await campaign() == "CP2"
    await update(change, template=None)
    assert await campaign() is None


async def test_4_2_the_templates_flags_count_only_together_with_a_campaign(change: Change, graphql: GraphQL) -> None:
    await change("updateInteractionTemplate", {"code": "VISIT", "campaignNo": None})
    await open_segment(change, template="VISIT")
    assert await segment(graphql, BROUGHT) == OF_VISIT | {
        "campaign": None, "campaignTarget": False, "campaignResponse": False
    }  # fmt: skip


async def test_4_2_without_a_template_nothing_of_it_is_left(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, template="MAIL")
    await update(change, template="VISIT")
    await update(change, template="")
    blank = OF_VISIT | dict.fromkeys(("campaign", "group", "correspondenceType", "informationFlow", "initiatedBy"))
    flags = dict.fromkeys(("ignoreContactCorrespondence", "campaignTarget", "campaignResponse"), False)
    assert await segment(graphql, BROUGHT) == {**blank, **flags, "unitCost": "0", "unitDuration": "0"}
    assert await segment(graphql, LANGUAGES) == {"languages": []}


async def test_4_2_the_segment_has_copies_of_the_templates_languages(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, template="MAIL")
    assert await segment(graphql, LANGUAGES) == {"languages": OF_MAIL}
    assert await segment(graphql, "language subject") == {"language": "DEU", "subject": "Angebot"}
    template = {"template": "MAIL", "language": "DEU", "subject": "Neu", "attachment": None}
    await change("updateInteractionTemplateLanguage", template)
    await change("deleteInteractionTemplateLanguage", {"template": "MAIL", "language": "ENU"})
    assert await segment(graphql, LANGUAGES) == {"languages": OF_MAIL}
    await language(change, "DEU", subject="Anders")
    await change("createSegment", {"no": "S2", "template": "MAIL"})
    assert (await segment(graphql, "subject", "S2")) == {"subject": "Neu"}


async def test_4_2_a_new_template_replaces_the_languages(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, language="FRA", subject="Bonjour")
    await language(change, "ENU", new=True, subject="Hello", attachment=OFFRE)
    await update(change, template="MAIL")
    assert await segment(graphql, LANGUAGES) == {"languages": OF_MAIL}
    await update(change, template="NOTE")
    assert await segment(graphql, LANGUAGES + " language subject") == {
        "languages": [], "language": None, "subject": ""
    }  # fmt: skip


async def test_4_2_a_language_given_with_the_template_is_the_default_one(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, template="MAIL", language="ENU")
    german, english = OF_MAIL
    assert await segment(graphql, LANGUAGES) == {
        "languages": [{**german, "isDefault": False}, {**english, "isDefault": True}]
    }  # fmt: skip
    await update(change, template="NOTE", language="FRA", subject="Note")
    french = {"language": "FRA", "subject": "Note", "isDefault": True, "attachment": None}
    assert await segment(graphql, LANGUAGES) == {"languages": [french]}


async def test_4_2_a_new_template_reaches_every_line_with_all_it_brings(change: Change, graphql: GraphQL) -> None:
    """Also a line that was edited, has another template, or did not follow an earlier change."""
    await open_segment(change, "ANN", "BOB", description="", unitCost="1", campaignNo="CP1")
    await edit(change, 10, template="NOTE", description="")
    await update(change, lines=False, unitCost="7")
    await put(change, "CID")
    await update(change, template="VISIT")
    assert await lines(graphql, OF_LINE) == [VISITED] * 3


async def test_4_2_a_new_template_that_lines_shall_not_follow_is_for_lines_to_come(
    change: Change, graphql: GraphQL
) -> None:
    await open_segment(change, "ANN", template="NOTE")
    before = await lines(graphql, OF_LINE)
    await update(change, template="VISIT", lines=False)
    await put(change, "BOB")
    assert await lines(graphql, OF_LINE) == [*before, VISITED]
    await update(change, template="MAIL", lines=False)
    await put(change, "CID")
    assert await sent(graphql) == [(None, "", None), (None, "", None), ("DEU", "Angebot", "angebot")]


async def test_4_2_lines_get_the_first_language_but_those_with_an_attachment_of_their_own(
    change: Change, graphql: GraphQL
) -> None:
    await open_segment(change, language="FRA", subject="Bonjour")
    await language(change, "FRA", attachment=OFFRE)
    await language(change, "ITA", new=True)
    await put(change, "ANN", "BOB", "CID", "DOT")
    await edit(change, 20, subject="Salut")
    await edit(change, 30, attachment=ANGEBOT, language="ITA", subject="Ciao")
    await edit(change, 40, attachment=None)
    await update(change, template="MAIL")
    german = ("DEU", "Angebot", "angebot")
    assert await sent(graphql) == [german, german, ("ITA", "Ciao", "angebot"), german]
    assert await values(graphql, "template { code }") == ["MAIL"] * 4


async def test_4_2_the_first_language_is_by_code_where_none_is_the_default(change: Change, graphql: GraphQL) -> None:
    await change("updateInteractionTemplate", {"code": "MAIL", "language": None})
    await open_segment(change, "BOB", "ANN")
    await edit(change, 20, description="edited")
    await update(change, template="MAIL")
    assert (await segment(graphql, "language")) == {"language": None}
    assert await sent(graphql) == [("DEU", "Angebot", "angebot")] * 2


async def test_4_2_a_template_without_languages_leaves_lines_without_any(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", "BOB", template="MAIL")
    await edit(change, 20, description="edited")
    await update(change, template="NOTE")
    assert await sent(graphql) == [(None, "", None)] * 2


async def test_4_2_a_new_template_is_refused_while_lines_that_shall_not_follow_have_the_attachment(
    change: Change, graphql: GraphQL, refused: Refused
) -> None:
    asked = {"no": "S1", "template": "NOTE", "updateLines": False}
    await open_segment(change, "ANN", "BOB", template="MAIL")
    assert "S1" in await refused("LINES_INHERIT_ATTACHMENT", ["updateLines"], "updateSegment", asked)
    await edit(change, 10, attachment=OFFRE)
    await edit(change, 20, description="edited")
    await refused("LINES_INHERIT_ATTACHMENT", ["updateLines"], "updateSegment", asked)
    await edit(change, 20, attachment=None)
    await change("updateSegment", asked)
    assert await sent(graphql) == [("DEU", "Angebot", "offre"), ("DEU", "Angebot", None)]


async def test_4_2_attachments_of_removed_lines_do_not_hinder_a_new_template(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", template="MAIL")
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10]})
    await update(change, template="NOTE", lines=False)
    assert (await segment(graphql, "template { code }")) == {"template": "NOTE"}


FLAGS = "campaignTarget campaignResponse"
BOTH, NONE = ({"campaignTarget": yes, "campaignResponse": yes} for yes in (True, False))
FLYER = {"code": "FLYER", **BOTH}
"""A template that targets, without saying for which campaign."""


async def test_4_2_the_flags_of_a_template_wait_for_the_campaign(change: Change, graphql: GraphQL) -> None:
    await change("createInteractionTemplate", FLYER)
    await open_segment(change, "ANN", "BOB", template="FLYER")
    await edit(change, 20, description="edited")
    assert [await segment(graphql, FLAGS), *await lines(graphql, FLAGS)] == [NONE] * 3
    await update(change, campaignNo="CP1")
    assert [await segment(graphql, FLAGS), *await lines(graphql, FLAGS)] == [BOTH] * 3


async def test_4_2_a_campaign_that_is_blanked_takes_the_flags_with_it(change: Change, graphql: GraphQL) -> None:
    await change("createInteractionTemplate", FLYER)
    await open_segment(change, "ANN", "BOB", template="FLYER", campaignNo="CP1")
    await edit(change, 20, description="edited")
    await update(change, campaignNo=None)
    await update(change, campaignNo="CP2")
    assert [await segment(graphql, FLAGS), *await lines(graphql, FLAGS)] == [NONE] * 3


async def test_4_2_a_flag_of_a_line_goes_with_the_campaign_of_the_header(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", "BOB", campaignNo="CP1")
    await edit(change, 10, campaignTarget=True)
    await update(change, campaignNo=None)
    await update(change, campaignNo="CP2")
    assert await lines(graphql, FLAGS) == [NONE] * 2


async def test_4_2_a_template_that_targets_reaches_lines_with_a_campaign_of_their_own(
    change: Change, graphql: GraphQL
) -> None:
    await change("createInteractionTemplate", FLYER)
    await open_segment(change, "ANN", "BOB", "CID")
    await edit(change, 10, campaignNo="CP2", campaignTarget=True)
    await edit(change, 20, description="edited")
    await update(change, template="FLYER")
    assert await lines(graphql, FLAGS) == [BOTH, NONE, NONE]
    assert await values(graphql, "campaign { no }") == ["CP2", None, None]
    for place in (20, 30):
        await edit(change, place, campaignNo="CP1")
    assert await lines(graphql, FLAGS) == [BOTH] * 3


async def test_4_2_no_campaign_given_with_the_template_leaves_its_flags_waiting(
    change: Change, graphql: GraphQL
) -> None:
    await open_segment(change, "ANN", "BOB")
    await edit(change, 20, description="edited")
    await update(change, template="VISIT", campaignNo=None)
    assert [await segment(graphql, FLAGS), *await lines(graphql, FLAGS)] == [NONE] * 3
    await update(change, campaignNo="CP1")
    assert [await segment(graphql, FLAGS), *await lines(graphql, FLAGS)] == [BOTH] * 3
