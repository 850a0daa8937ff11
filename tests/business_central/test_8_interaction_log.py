"""Entries of the interaction log: what they show, evaluating, canceling and deleting them."""

from datetime import date

import pytest

from server.store.tables import attachment, campaign_entry, delivery, interaction_comment, logged_segment
from server.store.tables import change as change_log
from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given
from tests.business_central.interaction_people import FIGURES, interaction, listed, store_entry, store_people
from tests.conftest import GraphQL

OFFER = {"name": "Offer", "url": "https://files.test/offer.pdf"}
SUMS = f"""{{ contact(no: "ACME") {{ statistics {{ {FIGURES} }} lastInteractionOn }}
  campaign(no: "CP1") {{ statistics {{ contacted responded cost duration }} }}
  interactionGroup(code: "PHONE") {{ statistics {{ {FIGURES} }} }}
  interactionTemplate(code: "CALL") {{ statistics {{ {FIGURES} }} }}
  salesperson(code: "AH") {{ statistics {{ {FIGURES} }} }} }}"""


@pytest.fixture(autouse=True)
async def world(given: Given) -> None:
    await store_people(given)


async def titles(graphql: GraphQL) -> list[str]:
    """Return the titles of all interactions, oldest first."""
    nodes = (await graphql("{ interactions { nodes { title } } }"))["interactions"]["nodes"]
    return [node["title"] for node in reversed(nodes)]


async def canceled(graphql: GraphQL) -> list[int]:
    """Return the numbers of the canceled interactions, newest first."""
    found = await graphql("{ interactions(filter: { canceled: true }) { nodes { entryNo } } }")
    return [node["entryNo"] for node in found["interactions"]["nodes"]]


async def sent_to(change: Change, *contact_nos: str) -> list[int]:
    """Log a letter with the offer to each contact; return the entry numbers."""
    entries = []
    for contact_no in contact_nos:
        values = {"contactNo": contact_no, "template": "MAIL", "salesperson": "AH", "attachment": OFFER}
        logged = await change("logInteraction", values, "interaction { entryNo }")
        entries.append(logged["interaction"]["entryNo"])
    return entries


async def test_8_an_entry_shows_everything_that_it_holds(graphql: GraphQL, given: Given) -> None:
    await given.rows(attachment, {"id": 7, "name": "Offer", "media_type": "text/plain", "url": "https://a.test/"})
    await store_entry(
        given, 1, subject="Price", information_flow="INBOUND", initiated_by="THEM", cost=3, duration=2, actor="ann",
        campaign_id=1, campaign_target=True, campaign_response=True, segment_no="S9", evaluation="POSITIVE",
        attempt_failed=True, correspondence_type="EMAIL", language="DAN", delivery_status="ERROR", attachment_id=7,
        alternative_address="HOME", contact_via="+45 11", postponed=False, canceled=True,
    )  # fmt: skip
    plain = {
        "entryNo": 1, "on": "2026-11-01", "description": "Phone call", "subject": "Price", "informationFlow": "INBOUND",
        "initiatedBy": "THEM", "cost": "3", "duration": "2", "actor": "ann", "campaignTarget": True,
        "campaignResponse": True, "segmentNo": "S9", "evaluation": "POSITIVE", "attemptFailed": True,
        "correspondenceType": "EMAIL", "language": "DAN", "deliveryStatus": "ERROR", "alternativeAddress": "HOME",
        "contactVia": "+45 11", "canceled": True, "postponed": False, "at": "2026-11-23T12:00:00Z",
    }  # fmt: skip
    objects = """contact { no name } company { no name } template { code } group { code } campaign { no }
      attachment { name mediaType url } salesperson { code }"""
    assert await interaction(graphql, 1, f"{' '.join(plain)} {objects}") == {
        **plain,
        "contact": {"no": "PIA", "name": "Pia Holm"},
        "company": {"no": "ACME", "name": "Acme"},
        "template": {"code": "CALL"},
        "group": {"code": "PHONE"},
        "campaign": {"no": "CP1"},
        "attachment": {"name": "Offer", "mediaType": "text/plain", "url": "https://a.test/"},
        "salesperson": {"code": "AH"},
    }
    assert await interaction(graphql, 2, "entryNo") is None


async def test_8_the_title_says_who_it_came_from_or_went_to(graphql: GraphQL, given: Given) -> None:
    await store_entry(given, 1, description="Own words", information_flow="OUTBOUND")
    await store_entry(given, 2, information_flow="INBOUND")
    await store_entry(given, 3)
    await store_entry(given, 4, information_flow="OUTBOUND", salesperson="BD", actor="bob")
    await store_entry(given, 5, information_flow="OUTBOUND", salesperson="BD", actor="nobody")
    await store_entry(given, 6, information_flow="INBOUND", contact_id=None)
    await store_entry(given, 7, information_flow="INBOUND", template=None, description="Own words")
    assert await titles(graphql) == [
        "Phone call - by Ann Hill",
        "Phone call - from Pia Holm",
        "Phone call",
        "Phone call - by Bob Berg",
        "Phone call",
        "Phone call",
        "Own words - from Pia Holm",
    ]


async def test_8_1_interactions_are_evaluated_many_at_once_also_canceled_ones(
    graphql: GraphQL, change: Change, given: Given
) -> None:
    await store_entry(given, 1)
    await store_entry(given, 2, canceled=True)
    await store_entry(given, 3, postponed=True)
    for evaluation in ("VERY_POSITIVE", "POSITIVE", "NEUTRAL", "NEGATIVE", "VERY_NEGATIVE", None):
        answer = await change(
            "evaluateInteractions",
            {"entryNos": [3, 1, 2], "evaluation": evaluation},
            "interactions { entryNo evaluation }",
        )
        expected = [{"entryNo": entry_no, "evaluation": evaluation} for entry_no in (1, 2, 3)]
        assert answer["interactions"] == expected
    await change("evaluateInteractions", {"entryNos": [2], "evaluation": "NEUTRAL"})
    assert (await interaction(graphql, 1, "evaluation"))["evaluation"] is None


async def test_8_1_all_of_them_are_evaluated_or_none(refused: Refused, given: Given) -> None:
    await store_entry(given, 1)
    message = await refused(
        "NOT_FOUND", ["entryNos", "1"], "evaluateInteractions", {"entryNos": [1, 99], "evaluation": "POSITIVE"}
    )
    assert "99" in message
    await refused("VALUE_REQUIRED", ["entryNos"], "evaluateInteractions", {"entryNos": [], "evaluation": "POSITIVE"})
    many = {"entryNos": list(range(1, 1002)), "evaluation": "POSITIVE"}
    await refused("INVALID_INPUT", ["entryNos"], "evaluateInteractions", many)


async def test_8_2_what_is_canceled_vanishes_from_all_sums(graphql: GraphQL, change: Change, given: Given) -> None:
    for entry_no, cost in ((1, 3), (2, 4)):
        shared = {"campaign_id": 1, "campaign_target": True, "campaign_response": True}
        await store_entry(given, entry_no, cost=cost, duration=10, on=date(2026, 11, entry_no), **shared)
    answer = await change("cancelInteractions", {"entryNos": [2]}, "interactions { entryNo canceled }")
    assert answer["interactions"] == [{"entryNo": 2, "canceled": True}]
    sums = await graphql(SUMS)
    one = {"interactionCount": 1, "interactionCost": "3", "interactionDuration": "10"}
    for owner in ("contact", "interactionGroup", "interactionTemplate", "salesperson"):
        assert sums[owner]["statistics"] == one, owner
    assert sums["campaign"]["statistics"] == {"contacted": 1, "responded": 1, "cost": "3", "duration": "10"}


async def test_8_2_what_is_canceled_stays_listed_selects_contacts_and_counts_as_the_last_interaction(
    graphql: GraphQL, change: Change, given: Given
) -> None:
    await store_entry(given, 1, on=date(2026, 11, 1))
    await store_entry(given, 2, on=date(2026, 11, 2))
    await change("cancelInteractions", {"entryNos": [1, 2]})
    assert await listed(graphql) == [2, 1]
    rule = '$any([i.template == "CALL" for i in interactions])'
    found = (await graphql("query ($r: String) { contacts(rule: $r) { nodes { no } } }", {"r": rule}))["contacts"]
    assert found["nodes"] == [{"no": "PIA"}]
    assert (await given.contact("PIA", "lastInteractionOn"))["lastInteractionOn"] == "2026-11-02"


async def test_8_2_canceling_is_taken_back_explicitly(graphql: GraphQL, change: Change, given: Given) -> None:
    for entry_no in (1, 2, 3):
        await store_entry(given, entry_no, canceled=entry_no == 1)
    await change("cancelInteractions", {"entryNos": [1, 2], "canceled": True})
    assert await canceled(graphql) == [2, 1]
    await change("cancelInteractions", {"entryNos": [3, 2], "canceled": False})
    assert await canceled(graphql) == [1]


async def test_8_2_an_entry_stays_canceled_while_its_logged_segment_is(
    change: Change, refused: Refused, given: Given, graphql: GraphQL
) -> None:
    day = {"created_on": date(2026, 11, 1), "created_at": given.moment.now, "description": "Mailing"}
    await given.rows(logged_segment, {"entry_no": 5, "segment_no": "S1", **day})
    await store_entry(given, 1, logged_segment_no=5, canceled=True)
    await store_entry(given, 2, canceled=True)
    await change("cancelLoggedSegments", {"entryNos": [5]})
    values = {"entryNos": [2, 1], "canceled": False}
    message = await refused("STILL_CANCELED", ["entryNos", "1"], "cancelInteractions", values)
    assert "Interaction 1 belongs to logged segment 5" in message
    await change("cancelLoggedSegments", {"entryNos": [5], "canceled": False})
    await change("cancelInteractions", {"entryNos": [1], "canceled": True})
    await change("cancelInteractions", values)
    assert await canceled(graphql) == []


async def test_8_2_an_entry_stays_canceled_while_its_campaign_entry_is(
    change: Change, refused: Refused, given: Given
) -> None:
    entry = {"entry_no": 6, "campaign_id": 1, "on": date(2026, 11, 1), "segment_no": "", "canceled": True}
    await given.rows(campaign_entry, entry)
    await store_entry(given, 1, campaign_id=1, campaign_entry_no=6, canceled=True)
    values = {"entryNos": [1], "canceled": False}
    message = await refused("STILL_CANCELED", ["entryNos", "0"], "cancelInteractions", values)
    assert "Interaction 1 belongs to campaign entry 6" in message
    await change("cancelCampaignEntries", {"entryNos": [6], "canceled": False})
    await change("cancelInteractions", values)


async def test_8_2_what_is_not_finished_is_not_canceled(change: Change, refused: Refused, given: Given) -> None:
    await store_entry(given, 1)
    await store_entry(given, 2, postponed=True)
    await refused("POSTPONED", ["entryNos", "1"], "cancelInteractions", {"entryNos": [1, 2]})
    await refused("NOT_FOUND", ["entryNos", "1"], "cancelInteractions", {"entryNos": [1, 3]})
    await refused("NOT_FOUND", ["entryNos", "1"], "cancelInteractions", {"entryNos": [1, 3], "canceled": False})
    await refused("VALUE_REQUIRED", ["entryNos"], "cancelInteractions", {"entryNos": []})
    await refused("VALUE_REQUIRED", ["entryNos"], "cancelInteractions", {"entryNos": [], "canceled": False})
    await change("cancelInteractions", {"entryNos": [1, 1]})


async def test_8_2_canceling_can_remove_an_attachment_that_nothing_else_has(
    graphql: GraphQL, change: Change, given: Given
) -> None:
    (kept, removed) = await sent_to(change, "PIA", "OLE")
    await change("cancelInteractions", {"entryNos": [kept]})
    assert (await interaction(graphql, kept, "attachment { name }"))["attachment"] == {"name": "Offer"}
    await change("cancelInteractions", {"entryNos": [kept, removed], "removeUniqueAttachment": True})
    assert (await interaction(graphql, removed, "attachment { name }"))["attachment"] is None
    # The one that was canceled before keeps its own: nothing of it changed.
    assert (await interaction(graphql, kept, "attachment { name }"))["attachment"] == {"name": "Offer"}
    await change("cancelInteractions", {"entryNos": [kept], "canceled": False, "removeUniqueAttachment": True})
    assert (await interaction(graphql, kept, "attachment { name }"))["attachment"] == {"name": "Offer"}
    assert len(await given.all(attachment)) == 1


async def test_8_2_canceling_leaves_an_attachment_that_anything_else_has(
    graphql: GraphQL, change: Change, given: Given
) -> None:
    await change("createInteractionTemplateLanguage", {"template": "MAIL", "language": "DAN", "attachment": OFFER})
    for contact_no in ("PIA", "PIA"):
        await change("logInteraction", {"contactNo": contact_no, "template": "MAIL"})
    unique = {"removeUniqueAttachment": True}
    await change("cancelInteractions", {"entryNos": [1, 2], **unique})
    assert len(await given.all(attachment)) == 1
    await change("deleteInteractionTemplateLanguage", {"template": "MAIL", "language": "DAN"})
    await change("cancelInteractions", {"entryNos": [1, 2], "canceled": False, **unique})
    await change("cancelInteractions", {"entryNos": [1, 2], **unique})
    assert (await interaction(graphql, 1, "attachment { name }"))["attachment"] == {"name": "Offer"}
    assert (await interaction(graphql, 2, "attachment { name }"))["attachment"] == {"name": "Offer"}


async def test_8_3_only_canceled_interactions_are_deleted(
    graphql: GraphQL, change: Change, refused: Refused, given: Given
) -> None:
    await store_entry(given, 1, canceled=True)
    await store_entry(given, 2)
    message = await refused("NOT_CANCELED", ["entryNos", "1"], "deleteInteractions", {"entryNos": [1, 2]})
    assert "Interaction 2" in message
    await refused("NOT_FOUND", ["entryNos", "1"], "deleteInteractions", {"entryNos": [1, 3]})
    await refused("VALUE_REQUIRED", ["entryNos"], "deleteInteractions", {"entryNos": []})
    answer = await change("deleteInteractions", {"entryNos": [1]}, "deletedIds")
    assert len(answer["deletedIds"]) == 1
    assert (await graphql("query ($id: ID!) { node(id: $id) { id } }", {"id": answer["deletedIds"][0]}))["node"] is None
    assert await listed(graphql) == [2]


async def test_8_3_the_change_log_keeps_whose_interactions_were_deleted(change: Change, given: Given) -> None:
    await change("logInteraction", {"contactNo": "PIA", "template": "CALL"})
    await change("cancelInteractions", {"entryNos": [1]})
    await change("deleteInteractions", {"entryNos": [1]})
    facts = await given.all(change_log, "operation", "object", "fields")
    deleted = [fact[1:] for fact in facts if fact[0] == "deleteInteractions"]
    assert deleted == [("interaction_log_entry", None), ("contact", ["interactions"]), ("contact", ["interactions"])]


async def test_8_3_comments_and_deliveries_of_a_deleted_interaction_go_with_it(change: Change, given: Given) -> None:
    values = {"contactNo": "PIA", "template": "MAIL", "attachment": OFFER, "deliver": True}
    await change("logInteraction", {**values, "comments": [{"text": "One"}]})
    assert (len(await given.all(interaction_comment)), len(await given.all(delivery))) == (1, 1)
    await change("cancelInteractions", {"entryNos": [1]})
    await change("deleteInteractions", {"entryNos": [1]})
    assert (await given.all(interaction_comment), await given.all(delivery)) == ([], [])


async def test_8_3_an_attachment_is_deleted_with_the_last_interaction_that_has_it(change: Change, given: Given) -> None:
    (entry_no,) = await sent_to(change, "PIA")
    ((key,),) = await given.all(attachment, "id")
    await store_entry(given, 2, attachment_id=key, canceled=True)
    await change("cancelInteractions", {"entryNos": [entry_no]})
    await change("deleteInteractions", {"entryNos": [entry_no]})
    assert len(await given.all(attachment)) == 1
    await change("deleteInteractions", {"entryNos": [2]})
    assert await given.all(attachment) == []


async def test_8_3_postponed_interactions_are_deleted_without_canceling(
    graphql: GraphQL, change: Change, given: Given
) -> None:
    await store_entry(given, 1, postponed=True)
    await change("deleteInteractions", {"entryNos": [1]})
    assert await listed(graphql) == []


async def test_8_3_deleting_its_last_interaction_takes_a_company_from_the_target_group(
    graphql: GraphQL, change: Change, given: Given
) -> None:
    for entry_no in (1, 2):
        await store_entry(given, entry_no, campaign_id=1, campaign_target=True, canceled=True)
    await store_entry(given, 3, campaign_id=1, campaign_target=True, contact_id=4, company_id=None)
    await change("activateCampaign", {"no": "CP1"})

    async def targets() -> list[str]:
        nodes = (await graphql('{ campaign(no: "CP1") { targets { nodes { contact { no } } } } }'))["campaign"]
        return [node["contact"]["no"] for node in nodes["targets"]["nodes"]]

    assert await targets() == ["ACME", "SOLO"]
    await change("deleteInteractions", {"entryNos": [1]})
    assert await targets() == ["ACME", "SOLO"]
    await change("deleteInteractions", {"entryNos": [2]})
    assert await targets() == ["SOLO"]
