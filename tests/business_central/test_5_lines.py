"""What a line holds and shows, and how it is edited."""

from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change, Refused, everything
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
    values,
)
from tests.conftest import GraphQL

CONTACT = "contactName contactCompanyName contactPhone contactMobilePhone contactEmail"
EDITED: dict[str, Any] = {
    "description": "Own", "campaignNo": "CP2", "salesperson": "bd", "template": "mail", "correspondenceType": "EMAIL",
    "language": "enu", "subject": "Salut", "cost": "1.2345", "duration": "2.25", "on": "2027-05-06",
    "informationFlow": "INBOUND", "initiatedBy": "THEM", "campaignTarget": True, "campaignResponse": True,
    "evaluation": "VERY_POSITIVE", "attemptFailed": True,
}  # fmt: skip
SHOWN = """description campaign { no } salesperson { code } template { code } correspondenceType language subject cost
    duration on informationFlow initiatedBy campaignTarget campaignResponse evaluation attemptFailed"""
AFTER = dict(zip(SHOWN.replace("{ no }", "").replace("{ code }", "").split(), EDITED.values(), strict=True)) | {
    "salesperson": "BD", "template": "MAIL", "language": "ENU"
}  # fmt: skip
NEW = {
    "description": "", "campaign": None, "salesperson": None, "template": None, "correspondenceType": None,
    "language": None, "subject": "", "cost": "0", "duration": "0", "on": "2026-11-23", "informationFlow": None,
    "initiatedBy": None, "campaignTarget": False, "campaignResponse": False, "evaluation": None,
    "attemptFailed": False,
}  # fmt: skip


@pytest.fixture(autouse=True)
async def _readers(database: Database, moment: Moment) -> None:
    await store_readers(database, moment)


async def test_5_lines_are_numbered_in_steps_and_no_number_comes_back(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", "BOB")
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [20]})
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["CID"]})
    assert await values(graphql, "lineNo") == [10, 30]


async def test_5_a_line_shows_its_contact_by_name_only_if_it_is_a_person(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ACME", "DOT", "CID")
    blank = dict.fromkeys(CONTACT.split(), "")
    assert await lines(graphql, CONTACT) == [
        {**blank, "contactCompanyName": "Acme", "contactPhone": "1"},
        {
            **blank, "contactName": "Dot", "contactCompanyName": "Acme", "contactMobilePhone": "2",
            "contactEmail": "dot@acme.example",
        },
        {**blank, "contactName": "Cid"},
    ]  # fmt: skip


async def test_5_a_line_shows_the_company_of_its_contact(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ACME", "DOT", "CID")
    found = await segment(graphql, "lines { nodes { contact { no company { no } } } }")
    companies = [line["contact"]["company"] for line in found["lines"]["nodes"]]
    assert companies == [{"no": "ACME"}, {"no": "ACME"}, None]


async def test_5_a_line_holds_what_is_edited_and_the_others_stay(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "CID", "DOT")
    assert await lines(graphql, SHOWN) == [NEW, NEW]
    await edit(change, 10, **EDITED)
    assert await lines(graphql, SHOWN) == [AFTER, NEW]
    await edit(change, 10, evaluation=None, subject=None, attemptFailed=False)
    left = {**AFTER, "evaluation": None, "subject": "", "attemptFailed": False}
    assert await lines(graphql, SHOWN) == [left, NEW]
    await edit(change, 10, **dict.fromkeys(EDITED))
    assert await lines(graphql, SHOWN) == [NEW, NEW]


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("INVALID_INPUT", "description", "x" * 101),
        ("INVALID_INPUT", "subject", "x" * 101),
        ("INVALID_INPUT", "language", "x" * 11),
        ("INVALID_INPUT", "cost", "-0.0001"),
        ("INVALID_INPUT", "duration", "-1"),
        ("NOT_FOUND", "campaignNo", "CP9"),
        ("NOT_FOUND", "salesperson", "NOBODY"),
        ("NOT_FOUND", "template", "NONE"),
        ("NOT_FOUND", "lineNo", 20),
        ("NOT_FOUND", "segmentNo", "S9"),
        ("CONFLICT", "expectedVersion", 1),
    ],
)
async def test_5_a_value_that_cannot_be_is_refused(
    change: Change, refused: Refused, code: str, field: str, value: str | int
) -> None:
    await open_segment(change, "ANN", "BOB")
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [20]})
    await refused(code, [field], "updateSegmentLine", {"segmentNo": "S1", "lineNo": 10, field: value})


async def test_5_a_blocked_salesperson_cannot_be_put_on_a_line(change: Change, refused: Refused) -> None:
    await change("updateSalesperson", {"code": "AH", "blocked": True})
    await open_segment(change, "BOB")
    asked = {"segmentNo": "S1", "lineNo": 10, "salesperson": "AH"}
    await refused("SALESPERSON_BLOCKED", ["salesperson"], "updateSegmentLine", asked)


async def test_5_a_salesperson_blocked_meanwhile_may_stay_on_a_line(
    change: Change, graphql: GraphQL, refused: Refused
) -> None:
    """Ann brings her salesperson, and the second time the line has him of itself."""
    await open_segment(change, "ANN")
    for code in ("AH", "BD"):
        await change("updateSalesperson", {"code": code, "blocked": True})
    for description in ("First", "Second"):
        await edit(change, 10, description=description, salesperson="ah", template=None)
        found = await lines(graphql, "description salesperson { code }")
        assert found == [{"description": description, "salesperson": "AH"}]
    asked = {"segmentNo": "S1", "lineNo": 10, "salesperson": "BD"}
    await refused("SALESPERSON_BLOCKED", ["salesperson"], "updateSegmentLine", asked)


@pytest.mark.parametrize("flag", ["campaignTarget", "campaignResponse"])
async def test_5_a_campaign_flag_of_a_line_needs_a_campaign(
    change: Change, graphql: GraphQL, refused: Refused, flag: str
) -> None:
    await open_segment(change, "ANN")
    asked: dict[str, Any] = {"segmentNo": "S1", "lineNo": 10}
    await refused("INVALID_INPUT", [flag], "updateSegmentLine", {**asked, flag: True})
    await edit(change, 10, campaignNo="CP1", **{flag: True})
    await refused("INVALID_INPUT", [flag], "updateSegmentLine", {**asked, "campaignNo": None, flag: True})
    await edit(change, 10, campaignNo=None)
    assert await values(graphql, flag) == [False]


async def test_5_an_edited_line_keeps_what_it_had(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", template="MAIL", unitCost="3", salesperson="BD", campaignNo="CP1")
    before = await lines(graphql, f"{SHOWN} attachment {{ name }}")
    await edit(change, 10)
    assert await lines(graphql, f"{SHOWN} attachment {{ name }}") == before
    await edit(change, 10, attemptFailed=True)
    assert await lines(graphql, f"{SHOWN} attachment {{ name }}") == [{**before[0], "attemptFailed": True}]


async def test_5_a_line_can_have_an_attachment_of_its_own(change: Change, graphql: GraphQL, database: Database) -> None:
    """What it had for itself is deleted with the next one; what others have is not."""

    async def stored() -> list[str]:
        return sorted(row.name for row in (await everything(database))["attachment"])

    await open_segment(change, "ANN", "DOT", template="MAIL")
    await edit(change, 10, attachment=OFFRE)
    found = await lines(graphql, "attachment { name mediaType url }")
    assert found == [{"attachment": OFFRE}, {"attachment": ANGEBOT}]
    assert await stored() == ["angebot", "offer", "offre"]
    await edit(change, 10, attachment=OFFER)
    assert await stored() == ["angebot", "offer", "offer"]
    await edit(change, 10, attachment=None)
    assert await sent(graphql) == [("DEU", "Angebot", None), ("DEU", "Angebot", "angebot")]
    assert await stored() == ["angebot", "offer"]


async def test_5_another_language_brings_its_subject_and_attachment(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", template="MAIL")
    await edit(change, 10, language="enu")
    assert await sent(graphql) == [("ENU", "Offer", "offer")]
    await edit(change, 10, language="DEU", subject="Mine")
    assert await sent(graphql) == [("DEU", "Mine", "angebot")]
    await edit(change, 10, language="ENU")
    assert await sent(graphql) == [("ENU", "Offer", "offer")]
    await edit(change, 10, attachment=OFFRE)
    await edit(change, 10, language="DEU")
    assert await sent(graphql) == [("DEU", "Angebot", "offre")]
    await edit(change, 10, language=None)
    assert await sent(graphql) == [(None, "", "offre")]
    await edit(change, 10, language="DEU", attachment=None)
    assert await sent(graphql) == [("DEU", "Angebot", None)]


async def test_5_a_line_of_another_template_has_the_languages_of_that_one(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", language="ENU", subject="Hello")
    await language(change, "ENU", attachment=OFFRE)
    await edit(change, 10, template="MAIL")
    await edit(change, 10, language="ENU")
    assert await sent(graphql) == [("ENU", "Offer", "offer")]


async def test_5_edits_of_one_segment_do_not_show_on_another(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN")
    await change("createSegment", {"no": "S2"})
    await change("addSegmentLines", {"segmentNo": "S2", "contactNos": ["ANN"]})
    await edit(change, 10, subject="Mine")
    assert await lines(graphql, "subject", "S2") == [{"subject": ""}]


async def test_5_edits_are_no_action_and_survive_undo_and_redo(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "ANN", "BOB")
    await edit(change, 10, description="Own", evaluation="NEGATIVE", attachment=OFFRE)
    await change("removeSegmentLines", {"segmentNo": "S1", "lineNos": [10]})
    for name in ("undo", "redo", "undo"):
        await change(f"{name}SegmentAction", {"segmentNo": "S1"})
    found = await lines(graphql, "description evaluation attachment { name }")
    assert found[0] == {"description": "Own", "evaluation": "NEGATIVE", "attachment": "offre"}
    assert await segment(graphql, "actionCount revision") == {"actionCount": 1, "revision": 1}


async def test_5_without_a_language_a_line_sends_what_the_segment_sends_without_one(
    change: Change, graphql: GraphQL
) -> None:
    await open_segment(change, subject="Hello")
    await language(change, "DEU", new=True, subject="Hallo", attachment=ANGEBOT)
    await put(change, "ANN")
    assert await sent(graphql) == [("DEU", "Hallo", "angebot")]
    await edit(change, 10, language=None)
    assert await sent(graphql) == [(None, "Hello", None)]


async def test_5_a_language_that_the_segment_does_not_have_is_refused(change: Change, refused: Refused) -> None:
    await open_segment(change, "ANN", template="MAIL")
    line = {"segmentNo": "S1", "lineNo": 10}
    message = await refused("LANGUAGE_MISSING", ["language"], "updateSegmentLine", {**line, "language": "fra"})
    assert message == "Segment S1 has no language FRA."
    await edit(change, 10, template="NOTE")
    message = await refused("LANGUAGE_MISSING", ["language"], "updateSegmentLine", {**line, "language": "DEU"})
    assert message == "Interaction template NOTE has no language DEU."
    await edit(change, 10, template=None)
    message = await refused("LANGUAGE_MISSING", ["language"], "updateSegmentLine", {**line, "language": "DEU"})
    assert message == "A line without an interaction template has no language DEU."


async def test_5_a_line_may_keep_a_language_that_the_segment_lost(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, language="DEU", subject="Hallo")
    await language(change, "FRA", new=True, subject="Bonjour")
    await put(change, "BOB")
    await edit(change, 10, attachment=OFFRE)
    await change("deleteSegmentLanguage", {"segmentNo": "S1", "language": "FRA"})
    await edit(change, 10, language="FRA", cost="2")
    assert await lines(graphql, "language subject cost") == [{"language": "FRA", "subject": "Bonjour", "cost": "2"}]


async def test_5_an_edit_that_changes_nothing_writes_nothing(
    change: Change, graphql: GraphQL, database: Database
) -> None:
    async def stored() -> Any:
        tables = await everything(database)
        return [tables[name] for name in ("segment", "segment_line", "segment_line_override", "attachment", "change")]

    await open_segment(change, "ANN", template="MAIL", salesperson="AH")
    for edited in ({}, {"cost": "3", "attachment": OFFRE}):
        if edited:
            await edit(change, 10, **edited)
        before = await stored()
        (line,) = await lines(graphql, "description salesperson { code } template { code } language cost on")
        await edit(change, 10, **line)
        await edit(change, 10)
        assert await stored() == before


async def test_5_a_line_follows_its_segment_after_an_edit_that_changed_nothing(
    change: Change, graphql: GraphQL
) -> None:
    await open_segment(change, "ANN", unitCost="1")
    await edit(change, 10, cost="1")
    await change("updateSegment", {"no": "S1", "template": "VISIT"})
    await change("updateSegment", {"no": "S1", "unitCost": "7"})
    assert await values(graphql, "cost") == ["7"]
