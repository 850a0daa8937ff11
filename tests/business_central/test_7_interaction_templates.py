"""Interaction groups, interaction templates, and what templates send in which language."""

from datetime import date
from typing import Any

import pytest

from server.store.tables import attachment, interaction_template, template_language
from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given
from tests.business_central.interaction_people import FIGURES, interaction, store_entry, store_people
from tests.conftest import GraphQL

OFFER = {"name": "Offer", "mediaType": "application/pdf", "url": "https://files.test/offer.pdf"}
LANGUAGES = "interactionTemplate { languages { nodes { language description subject attachment { name url } } } }"


@pytest.fixture(autouse=True)
async def world(given: Given) -> None:
    await store_people(given)


async def template(graphql: GraphQL, code: str, fields: str) -> Any:
    """Return fields of an interaction template."""
    data = await graphql(f"query ($c: String!) {{ interactionTemplate(code: $c) {{ {fields} }} }}", {"c": code})
    return data["interactionTemplate"]


async def test_7_groups_are_created_changed_and_listed_by_code(graphql: GraphQL, change: Change) -> None:
    await change("createInteractionGroup", {"code": " meet ", "description": "Meetings"})
    answer = await change(
        "updateInteractionGroup", {"code": "meet", "description": "All meetings"}, "interactionGroup { description }"
    )
    assert answer["interactionGroup"] == {"description": "All meetings"}
    nodes = (await graphql("{ interactionGroups { nodes { code description } } }"))["interactionGroups"]["nodes"]
    assert nodes == [
        {"code": "MEET", "description": "All meetings"},
        {"code": "PHONE", "description": ""},
        {"code": "POST", "description": ""},
    ]


async def test_7_a_group_needs_a_code_of_its_own(refused: Refused) -> None:
    await refused("VALUE_REQUIRED", ["code"], "createInteractionGroup", {"code": " "})
    await refused("ALREADY_EXISTS", ["code"], "createInteractionGroup", {"code": "phone"})
    await refused("NOT_FOUND", ["code"], "updateInteractionGroup", {"code": "NONE", "description": ""})
    await refused("ALREADY_EXISTS", ["newCode"], "updateInteractionGroup", {"code": "PHONE", "newCode": "post"})


async def test_7_a_renamed_group_keeps_its_templates_and_interactions(
    graphql: GraphQL, change: Change, given: Given
) -> None:
    await store_entry(given, 1)
    await change("updateInteractionGroup", {"code": "PHONE", "newCode": "VOICE"})
    assert (await interaction(graphql, 1, "group { code }"))["group"] == {"code": "VOICE"}
    assert (await template(graphql, "CALL", "group { code }"))["group"] == {"code": "VOICE"}


async def test_7_a_group_that_anything_has_is_not_deleted(change: Change, refused: Refused) -> None:
    await change("createSegment", {"no": "S1", "template": "CALL"})
    message = await refused("IN_USE", ["code"], "deleteInteractionGroup", {"code": "PHONE"})
    assert "1 interaction template" in message
    assert "1 segment" in message
    await change("createInteractionGroup", {"code": "MEET"})
    assert (await change("deleteInteractionGroup", {"code": "MEET"}, "deletedCode"))["deletedCode"] == "MEET"
    await refused("NOT_FOUND", ["code"], "deleteInteractionGroup", {"code": "MEET"})


async def test_7_groups_and_templates_sum_up_interactions_neither_canceled_nor_postponed(
    graphql: GraphQL, given: Given
) -> None:
    await store_entry(given, 1, cost=3, duration=10)
    await store_entry(given, 2, cost=4, duration=20, attempt_failed=True)
    await store_entry(given, 3, cost=50, duration=50, canceled=True)
    await store_entry(given, 4, cost=60, duration=60, postponed=True)
    await store_entry(given, 5, cost=70, duration=70, template="MAIL", group="POST")
    query = f"""{{ interactionGroup(code: "PHONE") {{ statistics {{ {FIGURES} }} }}
      interactionTemplate(code: "CALL") {{ statistics {{ {FIGURES} }} }} }}"""
    data = await graphql(query)
    expected = {"interactionCount": 2, "interactionCost": "7", "interactionDuration": "30"}
    assert data["interactionGroup"]["statistics"] == expected
    assert data["interactionTemplate"]["statistics"] == expected


async def test_7_sums_can_be_those_of_some_days(graphql: GraphQL, given: Given) -> None:
    for entry_no, day in ((1, 1), (2, 2), (3, 3), (4, 4)):
        await store_entry(given, entry_no, on=date(2026, 11, day), cost=day)
    query = """{ interactionGroups { nodes { code
      statistics(onFrom: "2026-11-02", onTo: "2026-11-03") { interactionCount interactionCost }
      since: statistics(onFrom: "2026-11-02") { interactionCount } } } }"""
    nodes = (await graphql(query))["interactionGroups"]["nodes"]
    assert nodes[0]["statistics"] == {"interactionCount": 2, "interactionCost": "5"}
    assert nodes[0]["since"] == {"interactionCount": 3}
    assert nodes[1]["statistics"] == {"interactionCount": 0, "interactionCost": "0"}
    days = 'onFrom: "2026-11-02", onTo: "2026-11-01"'
    turned = f'{{ interactionGroup(code: "PHONE") {{ statistics({days}) {{ interactionCount }} }} }}'
    (error,) = (await graphql(turned, expect_errors=True))["errors"]
    assert (error["extensions"]["code"], error["extensions"]["argumentPath"]) == ("INVALID_INPUT", ["onTo"])


async def test_7_a_new_template_is_sent_by_email_unless_it_says_otherwise(graphql: GraphQL, change: Change) -> None:
    await change("createInteractionTemplate", {"code": "A"})
    await change("createInteractionTemplate", {"code": "B", "correspondenceType": None})
    await change("createInteractionTemplate", {"code": "C", "correspondenceType": "HARD_COPY"})
    kinds = [(await template(graphql, code, "correspondenceType"))["correspondenceType"] for code in "ABC"]
    assert kinds == ["EMAIL", None, "HARD_COPY"]


async def test_7_a_template_says_what_its_interactions_are(graphql: GraphQL, change: Change) -> None:
    values = {
        "description": "Visit", "unitCost": "12.5", "unitDuration": "90.25", "informationFlow": "INBOUND",
        "initiatedBy": "THEM", "campaignTarget": True, "campaignResponse": True, "correspondenceType": "HARD_COPY",
        "ignoreContactCorrespondence": True,
    }  # fmt: skip
    await change("createInteractionTemplate", {"code": "VISIT", "group": "phone", "campaignNo": "cp1", **values})
    fields = f"{' '.join(values)} group {{ code }} campaign {{ no }} version"
    shown = await template(graphql, "visit", fields)
    assert shown == {**values, "group": {"code": "PHONE"}, "campaign": {"no": "CP1"}, "version": 1}
    nothing: dict[str, Any] = {
        **dict.fromkeys(("description", "informationFlow", "initiatedBy", "correspondenceType", "unitCost")),
        **dict.fromkeys(("unitDuration", "campaignTarget", "campaignResponse", "ignoreContactCorrespondence")),
    }
    await change("updateInteractionTemplate", {"code": "VISIT", "group": "", "campaignNo": None, **nothing})
    blank = {**nothing, "description": "", "unitCost": "0", "unitDuration": "0"}
    flags = dict.fromkeys(("campaignTarget", "campaignResponse", "ignoreContactCorrespondence"), False)
    assert await template(graphql, "VISIT", fields) == {**blank, **flags, "group": None, "campaign": None, "version": 2}


async def test_7_what_a_template_cannot_be(refused: Refused) -> None:
    for values, code, field in (
        ({"unitCost": "-0.01"}, "INVALID_INPUT", "unitCost"),
        ({"unitDuration": "-1"}, "INVALID_INPUT", "unitDuration"),
        ({"unitDuration": "0.001"}, "INVALID_INPUT", "unitDuration"),
        ({"description": "x" * 101}, "INVALID_INPUT", "description"),
        ({"group": "NONE"}, "NOT_FOUND", "group"),
        ({"campaignNo": "NONE"}, "NOT_FOUND", "campaignNo"),
        ({"language": "x" * 11}, "INVALID_INPUT", "language"),
    ):
        await refused(code, [field], "createInteractionTemplate", {"code": "NEW", **values})
        await refused(code, [field], "updateInteractionTemplate", {"code": "CALL", **values})
    await refused("ALREADY_EXISTS", ["code"], "createInteractionTemplate", {"code": "call"})
    await refused("VALUE_REQUIRED", ["code"], "createInteractionTemplate", {"code": ""})
    await refused("NOT_FOUND", ["code"], "updateInteractionTemplate", {"code": "NONE"})
    await refused("CONFLICT", ["expectedVersion"], "updateInteractionTemplate", {"code": "CALL", "expectedVersion": 2})
    await refused("ALREADY_EXISTS", ["newCode"], "updateInteractionTemplate", {"code": "CALL", "newCode": "mail"})


async def test_7_a_renamed_template_keeps_its_languages_and_interactions(
    graphql: GraphQL, change: Change, given: Given
) -> None:
    await change("createInteractionTemplateLanguage", {"template": "MAIL", "language": "DAN"})
    await store_entry(given, 1, template="MAIL")
    answer = await change(
        "updateInteractionTemplate",
        {"code": "MAIL", "newCode": "post", "description": "By post"},
        "interactionTemplate { code description languages { totalCount } }",
    )
    expected = {"code": "POST", "description": "By post", "languages": {"totalCount": 1}}
    assert answer["interactionTemplate"] == expected
    assert (await interaction(graphql, 1, "template { code }"))["template"] == {"code": "POST"}


async def test_7_deleting_a_template_deletes_its_languages_and_their_attachments(
    change: Change, given: Given, graphql: GraphQL
) -> None:
    for language in ("DAN", "DEU"):
        values = {"template": "MAIL", "language": language, "attachment": OFFER}
        await change("createInteractionTemplateLanguage", values)
    answer = await change("deleteInteractionTemplate", {"code": "mail"}, "deletedCode")
    assert answer["deletedCode"] == "MAIL"
    assert await template(graphql, "MAIL", "code") is None
    assert await given.all(template_language) == []
    assert await given.all(attachment) == []


async def test_7_a_template_that_anything_has_is_not_deleted(change: Change, refused: Refused, given: Given) -> None:
    await store_entry(given, 1)
    await store_entry(given, 2)
    await given.setup(phone_call_template="CALL")
    await change("createSegment", {"no": "S1", "template": "CALL"})
    message = await refused("IN_USE", ["code"], "deleteInteractionTemplate", {"code": "CALL"})
    assert all(named in message for named in ("2 interactions", "1 segment", "1 marketing setup")), message
    await refused("CONFLICT", ["expectedVersion"], "deleteInteractionTemplate", {"code": "MAIL", "expectedVersion": 9})


async def test_7_a_language_is_described_like_its_template_unless_it_says_otherwise(change: Change) -> None:
    await change("createInteractionTemplateLanguage", {"template": "mail", "language": " dan "})
    values = {"template": "MAIL", "language": "DEU", "description": "Brief", "subject": "Angebot", "attachment": OFFER}
    answer = await change("createInteractionTemplateLanguage", values, LANGUAGES)
    assert answer["interactionTemplate"]["languages"]["nodes"] == [
        {"language": "DAN", "description": "Letter", "subject": "", "attachment": None},
        {
            "language": "DEU",
            "description": "Brief",
            "subject": "Angebot",
            "attachment": {"name": "Offer", "url": "https://files.test/offer.pdf"},
        },
    ]


async def test_7_what_a_language_cannot_be(change: Change, refused: Refused) -> None:
    await change("createInteractionTemplateLanguage", {"template": "MAIL", "language": "DAN"})
    for values, code, field in (
        ({"template": "NONE"}, "NOT_FOUND", ["template"]),
        ({"template": ""}, "VALUE_REQUIRED", ["template"]),
        ({"language": " "}, "VALUE_REQUIRED", ["language"]),
        ({"language": "x" * 11}, "INVALID_INPUT", ["language"]),
        ({"language": "dan"}, "ALREADY_EXISTS", ["language"]),
        ({"subject": "x" * 101}, "INVALID_INPUT", ["subject"]),
        ({"attachment": {**OFFER, "name": " "}}, "VALUE_REQUIRED", ["attachment", "name"]),
        ({"attachment": {**OFFER, "url": ""}}, "VALUE_REQUIRED", ["attachment", "url"]),
        ({"attachment": {**OFFER, "url": "javascript:alert(1)"}}, "INVALID_INPUT", ["attachment", "url"]),
        ({"attachment": {**OFFER, "url": "https://ann:secret@example.com/"}}, "INVALID_INPUT", ["attachment", "url"]),
        ({"attachment": {**OFFER, "url": "https://example.com:99999/"}}, "INVALID_INPUT", ["attachment", "url"]),
        ({"attachment": {**OFFER, "url": "https://example.com/<script>"}}, "INVALID_INPUT", ["attachment", "url"]),
        ({"attachment": {**OFFER, "url": "offer.pdf"}}, "INVALID_INPUT", ["attachment", "url"]),
        ({"attachment": {**OFFER, "url": "https://[/"}}, "INVALID_INPUT", ["attachment", "url"]),
        ({"attachment": {**OFFER, "url": "https://a.test/" + "x" * 986}}, "INVALID_INPUT", ["attachment", "url"]),
        ({"attachment": {**OFFER, "mediaType": "PDF file"}}, "INVALID_INPUT", ["attachment", "mediaType"]),
    ):
        language = {"template": "MAIL", "language": "DEU", **values}
        await refused(code, field, "createInteractionTemplateLanguage", language)
    await refused("NOT_FOUND", ["language"], "updateInteractionTemplateLanguage", {"template": "MAIL", "language": "X"})
    await refused("NOT_FOUND", ["language"], "deleteInteractionTemplateLanguage", {"template": "MAIL", "language": "X"})


async def test_7_a_replaced_attachment_is_deleted_unless_an_interaction_has_it(
    change: Change, given: Given, graphql: GraphQL
) -> None:
    which = {"template": "MAIL", "language": "DAN"}
    await change("createInteractionTemplateLanguage", {**which, "attachment": OFFER})
    other = {"name": "Other", "url": "http://files.test/other"}
    await change("updateInteractionTemplateLanguage", {**which, "attachment": other})
    assert await given.all(attachment, "name") == [("Other",)]
    await change("logInteraction", {"contactNo": "PIA", "template": "MAIL"})
    await change("updateInteractionTemplateLanguage", {**which, "attachment": None})
    assert await given.all(attachment, "name") == [("Other",)]
    assert (await interaction(graphql, 1, "attachment { name mediaType }"))["attachment"] == {
        "name": "Other",
        "mediaType": "",
    }
    await change("updateInteractionTemplateLanguage", {**which, "subject": "Hej"})
    answer = await change("updateInteractionTemplateLanguage", {**which, "description": "Brev"}, LANGUAGES)
    (language,) = answer["interactionTemplate"]["languages"]["nodes"]
    assert language == {"language": "DAN", "description": "Brev", "subject": "Hej", "attachment": None}


async def test_7_a_default_language_that_does_not_exist_is_created_unless_refused(
    change: Change, refused: Refused
) -> None:
    values = {"code": "MAIL", "language": "deu", "createLanguage": False}
    await refused("LANGUAGE_MISSING", ["language"], "updateInteractionTemplate", values)
    new = {"code": "NEW", "language": "DEU", "createLanguage": False}
    await refused("LANGUAGE_MISSING", ["language"], "createInteractionTemplate", new)
    shown = "interactionTemplate { language languages { nodes { language description } } }"
    answer = await change("updateInteractionTemplate", {"code": "MAIL", "language": "deu"}, shown)
    expected = {"language": "DEU", "languages": {"nodes": [{"language": "DEU", "description": "Letter"}]}}
    assert answer["interactionTemplate"] == expected
    answer = await change("createInteractionTemplate", {"code": "NEW", "description": "N", "language": "DEU"}, shown)
    expected = {"language": "DEU", "languages": {"nodes": [{"language": "DEU", "description": "N"}]}}
    assert answer["interactionTemplate"] == expected


async def test_7_a_template_shows_the_attachment_of_its_default_language(graphql: GraphQL, change: Change) -> None:
    await change("createInteractionTemplateLanguage", {"template": "MAIL", "language": "DEU", "attachment": OFFER})
    assert (await template(graphql, "MAIL", "attachment { name }"))["attachment"] is None
    values = {"code": "MAIL", "language": "DEU", "createLanguage": False}
    answer = await change("updateInteractionTemplate", values, "interactionTemplate { attachment { name } }")
    assert answer["interactionTemplate"]["attachment"] == {"name": "Offer"}


async def test_7_the_default_language_is_not_deleted(change: Change, refused: Refused, given: Given) -> None:
    await change("updateInteractionTemplate", {"code": "MAIL", "language": "DEU"})
    which = {"template": "MAIL", "language": "deu"}
    await refused("IN_USE", ["language"], "deleteInteractionTemplateLanguage", which)
    await change("updateInteractionTemplateLanguage", {**which, "attachment": OFFER})
    await change("updateInteractionTemplate", {"code": "MAIL", "language": None})
    answer = await change("deleteInteractionTemplateLanguage", which, LANGUAGES)
    assert answer["interactionTemplate"]["languages"]["nodes"] == []
    assert await given.all(attachment) == []


async def test_7_the_template_of_phone_calls_has_no_languages(change: Change, refused: Refused) -> None:
    await change("updateMarketingSetup", {"phoneCallTemplate": "CALL"})
    language = {"template": "CALL", "language": "DAN"}
    await refused("LANGUAGES_NOT_ALLOWED", ["language"], "createInteractionTemplateLanguage", language)
    await refused(
        "LANGUAGES_NOT_ALLOWED", ["language"], "updateInteractionTemplate", {"code": "CALL", "language": "DAN"}
    )
    await change("createInteractionTemplateLanguage", {"template": "MAIL", "language": "DAN"})
    await refused("LANGUAGES_NOT_ALLOWED", ["phoneCallTemplate"], "updateMarketingSetup", {"phoneCallTemplate": "MAIL"})


async def test_7_a_changed_template_is_a_new_version_and_one_that_stays_is_not(change: Change, given: Given) -> None:
    await change("updateInteractionTemplate", {"code": "CALL", "description": "Phone call", "expectedVersion": 1})
    await change("updateInteractionTemplate", {"code": "CALL", "description": "Call", "expectedVersion": 1})
    await change("createInteractionTemplateLanguage", {"template": "MAIL", "language": "DAN"})
    assert await given.all(interaction_template, "code", "version") == [("CALL", 2), ("MAIL", 2)]
