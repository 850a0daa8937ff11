"""The languages of a segment: what is sent in each, and which one is the default."""

import asyncio
from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change, Refused, document, everything
from tests.business_central.letters import (
    ANGEBOT,
    OFFER,
    OFFRE,
    edit,
    language,
    open_segment,
    put,
    segment,
    sent,
    store_readers,
    update,
)
from tests.conftest import GraphQL

LANGUAGES = "languages { language description subject isDefault attachment { name mediaType url } }"


@pytest.fixture(autouse=True)
async def _readers(database: Database, moment: Moment) -> None:
    await store_readers(database, moment)


async def languages(graphql: GraphQL) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await segment(graphql, LANGUAGES))["languages"]
    return found


async def attachments(database: Database) -> list[str]:
    return sorted(row.name for row in (await everything(database))["attachment"])


def shown(code: str, subject: str = "", *, default: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "language": code, "description": "", "subject": subject, "isDefault": default, "attachment": None, **more
    }  # fmt: skip


async def test_4_a_language_has_a_description_a_subject_and_an_attachment(change: Change, graphql: GraphQL) -> None:
    await open_segment(change)
    await language(change, " fra ", new=True, description="French", subject="Offre", attachment=OFFRE)
    await language(change, "ENU", new=True)
    french = shown("FRA", "Offre", description="French", attachment=OFFRE)
    assert await languages(graphql) == [shown("ENU"), french]
    await language(change, "fra", subject=None, attachment={"name": "x", "url": "https://files.example/x"})
    changed = {"name": "x", "mediaType": "", "url": "https://files.example/x"}
    assert await languages(graphql) == [shown("ENU"), {**french, "subject": "", "attachment": changed}]
    await language(change, "fra", description="", attachment=None)
    assert await languages(graphql) == [shown("ENU"), shown("FRA")]
    await change("deleteSegmentLanguage", {"segmentNo": "S1", "language": "enu"})
    assert await languages(graphql) == [shown("FRA")]


async def test_4_each_segment_has_languages_of_its_own(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, language="DEU", subject="Hallo")
    await change("createSegment", {"no": "S2", "language": "DEU", "subject": "Guten Tag"})
    await change("createSegment", {"no": "S3"})
    found = await graphql("{ segments { nodes { no languages { language subject } } } }")
    assert found["segments"]["nodes"] == [
        {"no": "S1", "languages": [{"language": "DEU", "subject": "Hallo"}]},
        {"no": "S2", "languages": [{"language": "DEU", "subject": "Guten Tag"}]},
        {"no": "S3", "languages": []},
    ]


async def test_4_the_default_language_is_created_where_it_is_missing(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, language="deu", subject="Hallo")
    assert await languages(graphql) == [shown("DEU", "Hallo", default=True)]
    await update(change, language="ENU")
    assert await languages(graphql) == [shown("DEU", "Hallo"), shown("ENU", default=True)]


async def test_4_a_missing_default_language_is_refused_unless_it_shall_be_created(
    change: Change, graphql: GraphQL, refused: Refused
) -> None:
    no: dict[str, Any] = {"createLanguage": False}
    await refused("LANGUAGE_MISSING", ["language"], "createSegment", {"language": "DEU", **no})
    given = {"template": "MAIL", "language": "FRA", **no}
    assert "MAIL" in await refused("LANGUAGE_MISSING", ["language"], "createSegment", given)
    await open_segment(change, template="MAIL", **no)
    asked = {"no": "S1", "language": "FRA", **no}
    assert "S1" in await refused("LANGUAGE_MISSING", ["language"], "updateSegment", asked)
    given = {"no": "S1", "template": "NOTE", "language": "DEU", **no}
    assert "NOTE" in await refused("LANGUAGE_MISSING", ["language"], "updateSegment", given)
    await update(change, language="ENU", **no)
    assert (await segment(graphql, "language")) == {"language": "ENU"}


async def test_4_the_subject_is_that_of_the_default_language(change: Change, graphql: GraphQL) -> None:
    async def subject() -> str:
        found: str = (await segment(graphql, "subject"))["subject"]
        return found

    await open_segment(change, subject="No language")
    await language(change, "FRA", new=True, subject="Offre")
    assert await subject() == "No language"
    await update(change, language="FRA")
    assert await subject() == "Offre"
    await update(change, language="DEU")
    assert await subject() == ""
    await update(change, subject="Angebot")
    assert await languages(graphql) == [shown("DEU", "Angebot", default=True), shown("FRA", "Offre")]
    await language(change, "DEU", subject="Angebote")
    await language(change, "FRA", subject="Offres")
    assert await subject() == "Angebote"
    await update(change, language="FRA", subject="Bonjour")
    assert await languages(graphql) == [shown("DEU", "Angebote"), shown("FRA", "Bonjour", default=True)]
    await update(change, language=None)
    assert await subject() == "Bonjour"
    assert [found["isDefault"] for found in await languages(graphql)] == [False, False]


async def test_4_a_new_default_language_is_for_lines_to_come(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "CID", subject="Hello")
    await update(change, language="DEU", subject="Hallo")
    await put(change, "BOB")
    await update(change, language="ENU")
    await put(change, "DOT")
    assert await sent(graphql) == [(None, "Hello", None), ("DEU", "Hallo", None), ("ENU", "", None)]


async def test_4_a_new_language_leaves_the_lines_theirs(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, "BOB", language="DEU", subject="Hallo")
    await language(change, "FRA", new=True, subject="Bonjour", attachment=OFFRE)
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["BOB"], "allowExistingContacts": True})
    assert await sent(graphql) == [("DEU", "Hallo", None), ("FRA", "Bonjour", "offre")]


async def test_4_lines_of_a_deleted_language_go_on_in_the_default_one(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, language="DEU", subject="Hallo")
    await language(change, "DEU", attachment=ANGEBOT)
    await language(change, "FRA", new=True, subject="Bonjour", attachment=OFFRE)
    await language(change, "ENU", new=True, subject="Hello")
    await put(change, "BOB", "ANN")
    for place in (20, 30, 40, 50):
        await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["BOB"], "allowExistingContacts": True})
        await edit(change, place + 10, description="edited")
    await edit(change, 40, attachment=OFFER)
    await edit(change, 50, language="ENU")
    await edit(change, 60, attachment=None)
    await change("deleteSegmentLanguage", {"segmentNo": "S1", "language": "FRA"})
    german = ("DEU", "Hallo", "angebot")
    assert await sent(graphql) == [
        german, german, german, ("FRA", "Bonjour", "offer"), ("ENU", "Hello", None), german
    ]  # fmt: skip


async def test_4_lines_of_a_deleted_language_may_be_left_without_any(change: Change, graphql: GraphQL) -> None:
    await open_segment(change, subject="Hello")
    await language(change, "FRA", new=True, subject="Bonjour", attachment=OFFRE)
    await put(change, "BOB")
    await change("deleteSegmentLanguage", {"segmentNo": "S1", "language": "FRA"})
    assert await sent(graphql) == [(None, "Hello", None)]


async def test_4_lines_that_did_not_follow_the_header_lose_a_deleted_language_too(
    change: Change, graphql: GraphQL
) -> None:
    await open_segment(change, "ANN", language="FRA", subject="Bonjour")
    await update(change, lines=False, language="DEU", subject="Hallo")
    await language(change, "DEU", attachment=ANGEBOT)
    await change("deleteSegmentLanguage", {"segmentNo": "S1", "language": "FRA"})
    assert await sent(graphql) == [("DEU", "Hallo", "angebot")]


async def test_4_an_attachment_goes_with_the_last_that_has_it(change: Change, database: Database) -> None:
    stored = ["angebot", "offer"]
    await open_segment(change, language="FRA")
    await language(change, "FRA", attachment=OFFRE)
    await put(change, "BOB")
    await edit(change, 10, description="edited")
    assert await attachments(database) == [*stored, "offre"]
    await language(change, "FRA", attachment=OFFER, updateLines=False)
    assert await attachments(database) == ["angebot", "offer", "offer", "offre"]
    await edit(change, 10, attachment=None)
    assert await attachments(database) == ["angebot", "offer", "offer", "offre"]
    await update(change, language="DEU")
    await change("deleteSegmentLanguage", {"segmentNo": "S1", "language": "FRA"})
    assert await attachments(database) == stored


@pytest.mark.parametrize("mutation", ["createSegmentLanguage", "updateSegmentLanguage", "deleteSegmentLanguage"])
async def test_4_a_language_is_named_and_its_segment_stands(change: Change, refused: Refused, mutation: str) -> None:
    await open_segment(change)
    await refused("VALUE_REQUIRED", ["language"], mutation, {"segmentNo": "S1", "language": " "})
    await refused("NOT_FOUND", ["segmentNo"], mutation, {"segmentNo": "S9", "language": "DEU"})
    stale = {"segmentNo": "S1", "language": "DEU", "expectedVersion": 9}
    await refused("CONFLICT", ["expectedVersion"], mutation, stale)
    if mutation != "createSegmentLanguage":
        assert "DEU" in await refused(
            "LANGUAGE_MISSING", ["language"], mutation, {"segmentNo": "S1", "language": "deu"}
        )


async def test_4_a_language_stands_once_and_the_default_one_stays(change: Change, refused: Refused) -> None:
    await open_segment(change, language="DEU")
    asked = {"segmentNo": "S1", "language": "deu"}
    await refused("ALREADY_EXISTS", ["language"], "createSegmentLanguage", asked)
    assert "DEU" in await refused("IN_USE", ["language"], "deleteSegmentLanguage", asked)


@pytest.mark.parametrize(
    ("code", "field", "values"),
    [
        ("INVALID_INPUT", ["language"], {"language": "x" * 11}),
        ("INVALID_INPUT", ["description"], {"description": "x" * 101}),
        ("INVALID_INPUT", ["subject"], {"subject": "a\nb"}),
        ("VALUE_REQUIRED", ["attachment", "name"], {"attachment": {"name": " ", "url": "https://a.example"}}),
        ("INVALID_INPUT", ["attachment", "url"], {"attachment": {"name": "a", "url": "offer.pdf"}}),
    ],
)
async def test_4_what_a_language_cannot_hold_is_refused(
    change: Change, refused: Refused, code: str, field: list[str], values: dict[str, Any]
) -> None:
    await open_segment(change, "ANN", language="DEU")
    await refused(code, field, "createSegmentLanguage", {"segmentNo": "S1", "language": "FRA", **values})
    await refused(code, field, "updateSegmentLanguage", {"segmentNo": "S1", "language": "DEU", **values})
    if "attachment" in values:
        await refused(code, field, "updateSegmentLine", {"segmentNo": "S1", "lineNo": 10, **values})


async def test_4_a_change_of_a_language_that_says_nothing_changes_nothing(change: Change, database: Database) -> None:
    await open_segment(change, "ANN", language="DEU", subject="Hallo")
    before = await everything(database)
    await language(change, "DEU", subject="Hallo", description=None)
    await language(change, "DEU", updateLines=False)
    assert await everything(database) == before


async def test_4_of_two_who_create_a_language_at_once_one_is_refused(change: Change, graphql: GraphQL) -> None:
    await open_segment(change)
    asked = {"input": {"segmentNo": "S1", "language": "DEU"}}
    answers = await asyncio.gather(*(graphql(document("createSegmentLanguage", ""), asked) for _ in range(4)))
    codes = [error["code"] for answer in answers for error in answer["createSegmentLanguage"]["userErrors"]]
    assert codes == ["ALREADY_EXISTS"] * 3
    assert await languages(graphql) == [shown("DEU")]
