"""Interactions to be finished later."""

from datetime import date
from typing import Any

import pytest

from server.clock import Clock, Moment
from server.store.tables import attachment, campaign_entry, delivery
from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given
from tests.business_central.interaction_people import FIGURES, interaction, listed, store_entry, store_people
from tests.conftest import GraphQL

OFFER = {"name": "Offer", "url": "https://files.test/offer.pdf"}
MAIL = {"contactNo": "PIA", "template": "MAIL"}


@pytest.fixture
def clock(moment: Moment) -> Clock:
    """A clock whose work date is not today."""
    return lambda: Moment(now=moment.now, work_date=date(2026, 12, 1))


@pytest.fixture(autouse=True)
async def world(given: Given) -> None:
    await store_people(given)


async def postponed(change: Change, values: dict[str, Any], fields: str = "entryNo") -> Any:
    """Postpone an interaction; return fields of it."""
    return (await change("postponeInteraction", {**MAIL, **values}, f"interaction {{ {fields} }}"))["interaction"]


async def resumed(change: Change, entry_no: int, values: dict[str, Any], fields: str = "entryNo") -> Any:
    """Finish an interaction; return fields of it."""
    values = {"entryNo": entry_no, **values}
    return (await change("resumeInteraction", values, f"interaction {{ {fields} }}"))["interaction"]


async def test_9_4_a_postponed_interaction_is_kept_with_all_that_was_said(change: Change) -> None:
    values = {
        "on": "2026-01-02", "description": "Asked", "subject": "Price", "cost": "3", "duration": "4",
        "attemptFailed": True, "evaluation": "NEUTRAL", "correspondenceType": "HARD_COPY", "language": "DAN",
    }  # fmt: skip
    given = {**values, "salesperson": "AH", "attachment": OFFER, "comments": [{"text": "Later"}]}
    fields = "postponed salesperson { code } attachment { name } comments { nodes { text } }"
    assert await postponed(change, given, f"{' '.join(values)} {fields}") == {
        **values,
        "postponed": True,
        "salesperson": {"code": "AH"},
        "attachment": {"name": "Offer"},
        "comments": {"nodes": [{"text": "Later"}]},
    }


async def test_9_4_a_postponed_interaction_counts_for_nothing(graphql: GraphQL, change: Change, given: Given) -> None:
    await store_entry(given, 1, cost=1, duration=1)
    await postponed(change, {"campaignNo": "CP1", "campaignTarget": True, "campaignResponse": True})
    data = await graphql(f"""{{ contact(no: "PIA") {{ lastInteractionOn statistics {{ {FIGURES} }} }}
      campaign(no: "CP1") {{ statistics {{ contacted responded cost }} entries {{ totalCount }} }} }}""")
    one = {"interactionCount": 1, "interactionCost": "1", "interactionDuration": "1"}
    assert data["contact"] == {"lastInteractionOn": "2026-11-01", "statistics": one}
    assert data["campaign"]["statistics"] == {"contacted": 0, "responded": 0, "cost": "0"}
    assert data["campaign"]["entries"] == {"totalCount": 0}
    found = await graphql("{ interactions(filter: { postponed: true }) { nodes { entryNo } } }")
    assert found["interactions"]["nodes"] == [{"entryNo": 2}]


async def test_9_4_a_postponed_interaction_is_no_target_until_it_is_finished(
    graphql: GraphQL, change: Change, given: Given
) -> None:
    await store_entry(given, 1, campaign_id=1, campaign_target=True, contact_id=4, company_id=None)
    await change("activateCampaign", {"no": "CP1"})

    async def targets() -> list[str]:
        nodes = (await graphql('{ campaign(no: "CP1") { targets { nodes { contact { no } } } } }'))["campaign"]
        return [node["contact"]["no"] for node in nodes["targets"]["nodes"]]

    entry = await postponed(change, {"campaignNo": "CP1", "campaignTarget": True})
    assert await targets() == ["SOLO"]
    await resumed(change, entry["entryNo"], {})
    assert await targets() == ["ACME", "SOLO"]


async def test_9_4_nothing_about_sending_is_looked_at_before_it_is_finished(
    change: Change, refused: Refused, given: Given
) -> None:
    entry = await postponed(change, {"contactNo": "OLE", "campaignNo": "CP1"}, "entryNo correspondenceType")
    assert entry == {"entryNo": 1, "correspondenceType": "EMAIL"}
    assert (await given.all(campaign_entry), await given.all(delivery)) == ([], [])
    await refused("EMAIL_REQUIRED", ["entryNo"], "resumeInteraction", {"entryNo": 1, "deliver": True})
    shown = await resumed(change, 1, {}, "correspondenceType campaignEntry { description }")
    assert shown == {"correspondenceType": None, "campaignEntry": {"description": "Interactions"}}


async def test_9_4_finishing_updates_the_same_entry_on_the_work_date(
    graphql: GraphQL, change: Change, given: Given
) -> None:
    await postponed(change, {"on": "2026-01-02", "evaluation": "POSITIVE", "attachment": OFFER})
    fields = "entryNo postponed on description evaluation attachment { name } deliveryStatus salesperson { code }"
    assert await resumed(change, 1, {"description": "Done", "deliver": True}, fields) == {
        "entryNo": 1,
        "postponed": False,
        "on": "2026-12-01",
        "description": "Done",
        "evaluation": "POSITIVE",
        "attachment": {"name": "Offer"},
        "deliveryStatus": "IN_PROGRESS",
        "salesperson": {"code": "BD"},
    }
    assert await listed(graphql) == [1]
    assert len(await given.all(delivery)) == 1
    await postponed(change, {})
    assert (await resumed(change, 2, {"on": "2026-01-03"}, "on"))["on"] == "2026-01-03"


async def test_9_4_comments_that_are_given_replace_all_there_were(change: Change) -> None:
    shown = "comments { nodes { place text } }"
    await postponed(change, {"comments": [{"text": "A"}, {"text": "B"}]})
    kept = await change("updatePostponedInteraction", {"entryNo": 1, "description": "X"}, f"interaction {{ {shown} }}")
    both = [{"place": 1, "text": "A"}, {"place": 2, "text": "B"}]
    assert kept["interaction"]["comments"]["nodes"] == both
    assert (await resumed(change, 1, {"comments": [{"text": "C"}]}, shown))["comments"]["nodes"] == [
        {"place": 1, "text": "C"}
    ]


async def test_9_4_a_postponed_interaction_can_be_changed_and_stays_postponed(change: Change) -> None:
    await postponed(change, {"on": "2026-01-02", "campaignNo": "CP1", "campaignTarget": True, "attachment": OFFER})
    fields = "on postponed subject campaignTarget contact { no } campaign { no } salesperson { code } company { no }"
    values = {"entryNo": 1, "subject": "New", "contactNo": "SOLO", "campaignNo": None}
    answer = await change("updatePostponedInteraction", values, f"interaction {{ {fields} attachment {{ name }} }}")
    assert answer["interaction"] == {
        "on": "2026-01-02",
        "postponed": True,
        "subject": "New",
        "campaignTarget": False,
        "contact": {"no": "SOLO"},
        "company": None,
        "campaign": None,
        "salesperson": {"code": "BD"},
        "attachment": {"name": "Offer"},
    }


async def test_9_4_another_template_brings_along_what_is_not_said(change: Change, given: Given) -> None:
    said = {"cost": "99", "description": "Own", "evaluation": "POSITIVE", "attachment": OFFER}
    await postponed(change, said)
    fields = "cost duration description evaluation correspondenceType group { code } attachment { name }"
    values = {"entryNo": 1, "template": "CALL", "duration": "7"}
    answer = await change("updatePostponedInteraction", values, f"interaction {{ {fields} }}")
    assert answer["interaction"] == {
        "cost": "8",
        "duration": "7",
        "description": "Phone call",
        "evaluation": "POSITIVE",
        "correspondenceType": None,
        "group": {"code": "PHONE"},
        "attachment": None,
    }
    assert await given.all(attachment) == []


async def test_9_4_a_salesperson_who_was_blocked_since_stays_unless_named_anew(
    change: Change, refused: Refused
) -> None:
    await postponed(change, {"salesperson": "AH"})
    await change("updateSalesperson", {"code": "AH", "blocked": True})
    named = {"entryNo": 1, "salesperson": "AH"}
    await refused("SALESPERSON_BLOCKED", ["salesperson"], "updatePostponedInteraction", named)
    assert (await resumed(change, 1, {}, "salesperson { code }"))["salesperson"] == {"code": "AH"}


async def test_9_4_only_postponed_interactions_are_changed_and_finished(
    change: Change, refused: Refused, given: Given
) -> None:
    await store_entry(given, 1)
    await postponed(change, {})
    for mutation in ("updatePostponedInteraction", "resumeInteraction"):
        await refused("NOT_POSTPONED", ["entryNo"], mutation, {"entryNo": 1})
        await refused("NOT_FOUND", ["entryNo"], mutation, {"entryNo": 9})
        await refused("VALUE_REQUIRED", ["description"], mutation, {"entryNo": 2, "description": ""})
        await refused("VALUE_REQUIRED", ["salesperson"], mutation, {"entryNo": 2, "salesperson": None})
        await refused("PRIVACY_BLOCKED", ["contactNo"], mutation, {"entryNo": 2, "contactNo": "SHY"})
        await refused("INVALID_INPUT", ["campaignTarget"], mutation, {"entryNo": 2, "campaignTarget": True})
    await refused("VALUE_REQUIRED", ["on"], "updatePostponedInteraction", {"entryNo": 2, "on": None})
    await refused("ATTACHMENT_REQUIRED", ["attachment"], "resumeInteraction", {"entryNo": 2, "deliver": True})
    await resumed(change, 2, {})
    await refused("NOT_POSTPONED", ["entryNo"], "resumeInteraction", {"entryNo": 2})


async def test_9_4_a_postponed_interaction_whose_contact_was_deleted_needs_another(
    graphql: GraphQL, change: Change, refused: Refused
) -> None:
    await postponed(change, {"contactNo": "SOLO", "salesperson": "AH"})
    await change("deleteContact", {"no": "SOLO"})
    await refused("VALUE_REQUIRED", ["contactNo"], "resumeInteraction", {"entryNo": 1})
    await resumed(change, 1, {"contactNo": "OLE"})
    assert (await interaction(graphql, 1, "contact { no }"))["contact"] == {"no": "OLE"}


async def test_9_4_a_contact_blocked_meanwhile_is_refused_by_the_entry_that_names_it(
    change: Change, refused: Refused
) -> None:
    await postponed(change, {})
    await change("updateContact", {"no": "PIA", "privacyBlocked": True})
    for mutation in ("updatePostponedInteraction", "resumeInteraction"):
        await refused("PRIVACY_BLOCKED", ["entryNo"], mutation, {"entryNo": 1})


async def test_9_4_a_language_that_the_template_lost_meanwhile_does_not_stop_it(
    change: Change, refused: Refused
) -> None:
    for code in ("DAN", "SVE"):
        await change("createInteractionTemplateLanguage", {"template": "MAIL", "language": code})
    await postponed(change, {"template": "MAIL", "language": "SVE", "subject": "Erbjudande"})
    await change("deleteInteractionTemplateLanguage", {"template": "MAIL", "language": "SVE"})
    other = {"entryNo": 1, "language": "DEU"}
    await refused("LANGUAGE_MISSING", ["language"], "updatePostponedInteraction", other)
    assert await resumed(change, 1, {}, "language subject") == {"language": "SVE", "subject": "Erbjudande"}
