"""Delivering what is logged: what it needs, and how mailers take it from the queue."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from server.clock import Clock, Moment
from server.store.database import Database
from tests.business_central.conftest import Change, Refused, document
from tests.business_central.mailings import (
    deliveries,
    edit,
    honour_privacy,
    interactions,
    open_segment,
    store_mailings,
)
from tests.conftest import GraphQL

DELIVER = {"segmentNo": "S1", "deliver": True}
CLAIM = {"mailer": "post", "limit": 10, "seconds": 60}
CLAIMED = "deliveries { entryNo email attempts claimedBy claimedUntil }"


class Time:
    """The time of the server, which a test moves on."""

    def __init__(self, start: Moment) -> None:
        self.start = start
        self.passed = timedelta()

    def __call__(self) -> Moment:
        return Moment(now=self.start.now + self.passed)


@pytest.fixture
def clock(moment: Moment) -> Clock:
    return Time(moment)


@pytest.fixture(autouse=True)
async def _mailings(database: Database, moment: Moment) -> None:
    await store_mailings(database, moment)


async def claim(change: Change, **given: Any) -> list[int]:
    """Claim and return the entry numbers."""
    payload = await change("claimDeliveries", {**CLAIM, **given}, "deliveries { entryNo }")
    return [one["entryNo"] for one in payload["deliveries"]]


async def statuses(graphql: GraphQL) -> list[str | None]:
    return [entry["deliveryStatus"] for entry in await interactions(graphql, "deliveryStatus")]


async def test_9_1_nothing_is_delivered_unless_it_is_asked_for(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", template="MAIL")
    payload = await change("logSegment", {"segmentNo": "S1"}, "deliveriesQueued")
    assert payload["deliveriesQueued"] == 0
    assert await deliveries(graphql, "entryNo") == []
    assert await statuses(graphql) == [None]


async def test_9_1_delivering_queues_every_interaction_with_what_to_send(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", "HAL", template="MAIL")
    await edit(change, 20, correspondenceType="HARD_COPY")
    await change("addSegmentLines", {"segmentNo": "S1", "contactNos": ["SID"]})
    await edit(change, 30, correspondenceType="EMAIL", template="CALL")
    await edit(change, 30, correspondenceType=None)
    payload = await change("logSegment", DELIVER, "deliveriesQueued interactionsLogged")
    assert payload == {"deliveriesQueued": 2, "interactionsLogged": 3, "userErrors": []}
    fields = "entryNo correspondenceType email queuedAt claimedUntil claimedBy attempts error"
    fields += " contact { no } interaction { entryNo subject } attachment { name url }"
    common = {
        "queuedAt": "2026-11-23T12:00:00Z",
        "claimedUntil": None,
        "claimedBy": "",
        "attempts": 0,
        "error": "",
        "attachment": {"name": "Offer", "url": "https://files.example/offer.pdf"},
    }
    assert await deliveries(graphql, fields) == [
        {
            "entryNo": 1,
            "correspondenceType": "EMAIL",
            "email": "ann@acme.example",
            "contact": {"no": "ANN"},
            "interaction": {"entryNo": 1, "subject": ""},
            **common,
        },
        {
            "entryNo": 2,
            "correspondenceType": "HARD_COPY",
            "email": None,
            "contact": {"no": "HAL"},
            "interaction": {"entryNo": 2, "subject": ""},
            **common,
        },
    ]
    assert await statuses(graphql) == ["IN_PROGRESS", "IN_PROGRESS", None]


async def test_9_1_a_line_without_a_type_is_delivered_as_its_template_says(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", template="LETTER")
    await edit(change, 10, correspondenceType=None)
    await change("logSegment", DELIVER)
    assert await deliveries(graphql, "correspondenceType") == [{"correspondenceType": "HARD_COPY"}]
    assert await interactions(graphql, "correspondenceType") == [{"correspondenceType": None}]


async def test_9_1_what_is_delivered_needs_an_attachment(change: Change, refused: Refused) -> None:
    await open_segment(change, "ANN", "HAL", template="MAIL")
    await edit(change, 20, template="BARE")
    message = await refused("ATTACHMENT_REQUIRED", ["segmentNo"], "logSegment", DELIVER)
    assert "Line 20 (contact HAL)" in message
    assert "cannot be logged: 1." in message
    payload = await change("logSegment", {"segmentNo": "S1"}, "interactionsLogged")
    assert payload["interactionsLogged"] == 2


async def test_9_1_the_template_alone_makes_an_attachment_necessary(change: Change, refused: Refused) -> None:
    await open_segment(change, "ANN", template="BARE")
    await edit(change, 10, correspondenceType=None)
    await refused("ATTACHMENT_REQUIRED", ["segmentNo"], "logSegment", DELIVER)
    await edit(change, 10, template="CALL")
    await edit(change, 10, correspondenceType=None)
    payload = await change("logSegment", DELIVER, "deliveriesQueued")
    assert payload["deliveriesQueued"] == 0


async def test_9_1_an_email_that_is_delivered_needs_an_address(change: Change, refused: Refused) -> None:
    """The address of the contact or of its alternative address; the line is named, and what comes first of it."""
    await open_segment(change, "ANN", "HAL", "BOB", template="MAIL")
    message = await refused("EMAIL_REQUIRED", ["segmentNo"], "logSegment", DELIVER)
    assert "Line 30 (contact BOB)" in message
    await edit(change, 30, salesperson=None)
    await refused("LINE_INCOMPLETE", ["segmentNo"], "logSegment", DELIVER)
    await edit(change, 30, salesperson="AH", correspondenceType="HARD_COPY")
    payload = await change("logSegment", DELIVER, "deliveriesQueued")
    assert payload["deliveriesQueued"] == 3


async def test_9_1_email_goes_to_the_alternative_address_noted_on_the_line(graphql: GraphQL, change: Change) -> None:
    await change("updateContact", {"no": "HAL", "email": "hal@work.example"})
    await open_segment(change, "HAL", template="MAIL")
    await change("logSegment", DELIVER)
    assert await deliveries(graphql, "email") == [{"email": "hal@home.example"}]
    assert await interactions(graphql, "alternativeAddress") == [{"alternativeAddress": "HOME"}]


async def test_9_1_what_was_delivered_keeps_its_attachment_when_the_segment_is_gone(
    graphql: GraphQL, change: Change
) -> None:
    await open_segment(change, "ANN", template="MAIL")
    await change("logSegment", DELIVER)
    assert await interactions(graphql, "attachment { name }") == [{"attachment": {"name": "Offer"}}]


async def test_9_1_a_line_with_an_attachment_of_its_own_sends_that(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", "HAL", template="MAIL")
    await edit(change, 20, attachment={"name": "For Hal", "url": "https://files.example/hal.pdf"})
    await change("logSegment", DELIVER)
    assert await deliveries(graphql, "attachment { name }") == [
        {"attachment": {"name": "Offer"}},
        {"attachment": {"name": "For Hal"}},
    ]


async def test_9_1_the_queue_shows_what_a_logged_segment_still_sends(graphql: GraphQL, change: Change) -> None:
    for no, contacts in (("S1", ("ANN",)), ("S2", ("HAL", "ACME"))):
        await open_segment(change, *contacts, no=no, template="MAIL")
        await change("logSegment", {"segmentNo": no, "deliver": True})
    assert await deliveries(graphql, "entryNo", "(loggedSegmentEntryNo: 2)") == [{"entryNo": 2}, {"entryNo": 3}]
    data = await graphql("{ deliveries(loggedSegmentEntryNo: 2, failed: true) { totalCount } }")
    assert data["deliveries"]["totalCount"] == 0
    assert len(await deliveries(graphql, "entryNo")) == 3


async def test_9_1_a_mailer_claims_the_first_free_ones_and_nobody_else_gets_them(
    change: Change,
) -> None:
    await open_segment(change, "ANN", "HAL", "ACME", template="MAIL")
    await change("logSegment", DELIVER)
    payload = await change("claimDeliveries", {"mailer": " post ", "limit": 2, "seconds": 60}, CLAIMED)
    common = {"attempts": 1, "claimedBy": "post", "claimedUntil": "2026-11-23T12:01:00Z"}
    assert payload["deliveries"] == [
        {"entryNo": 1, "email": "info@acme.example", **common},
        {"entryNo": 2, "email": "ann@acme.example", **common},
    ]
    assert await claim(change, mailer="other") == [3]
    assert await claim(change, mailer="third") == []


async def test_9_1_a_mailer_may_claim_one_way_of_sending_only(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", "HAL", template="MAIL")
    await edit(change, 10, correspondenceType="HARD_COPY")
    await change("logSegment", DELIVER)
    assert await deliveries(graphql, "entryNo", "(correspondenceType: EMAIL)") == [{"entryNo": 2}]
    assert await claim(change, correspondenceType="EMAIL") == [2]
    assert await claim(change, correspondenceType="HARD_COPY") == [1]


async def test_9_1_what_a_mailer_says_nothing_of_is_free_again_when_its_time_is_over(
    change: Change, refused: Refused, clock: Time
) -> None:
    await open_segment(change, "ANN", template="MAIL")
    await change("logSegment", DELIVER)
    assert await claim(change, mailer="silent", seconds=60) == [1]
    clock.passed = timedelta(seconds=59)
    assert await claim(change, mailer="post") == []
    clock.passed = timedelta(seconds=60)
    payload = await change("claimDeliveries", CLAIM, CLAIMED)
    assert [(one["attempts"], one["claimedBy"]) for one in payload["deliveries"]] == [(2, "post")]
    late = {"mailer": "silent", "entryNos": [1]}
    await refused("DELIVERY_NOT_CLAIMED", ["entryNos", "0"], "confirmDelivery", late)


async def test_9_1_a_late_mailer_may_confirm_while_nobody_else_has_claimed(
    graphql: GraphQL, change: Change, clock: Time
) -> None:
    await open_segment(change, "ANN", template="MAIL")
    await change("logSegment", DELIVER)
    await claim(change, seconds=1)
    clock.passed = timedelta(seconds=5)
    await change("confirmDelivery", {"mailer": "post", "entryNos": [1]})
    assert await deliveries(graphql, "entryNo") == []


async def test_9_1_what_was_sent_leaves_the_queue_and_its_status_is_blank(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", "HAL", "ACME", template="MAIL")
    await change("logSegment", DELIVER)
    await claim(change)
    payload = await change("confirmDelivery", {"mailer": "post", "entryNos": [1, 3]}, "confirmedCount")
    assert payload["confirmedCount"] == 2
    assert await deliveries(graphql, "entryNo") == [{"entryNo": 2}]
    assert await statuses(graphql) == [None, "IN_PROGRESS", None]


async def test_9_1_what_cannot_be_sent_has_the_status_error_and_can_be_tried_again(
    graphql: GraphQL, change: Change
) -> None:
    await open_segment(change, "ANN", "HAL", template="MAIL")
    await change("logSegment", DELIVER)
    await claim(change)
    failed = {"mailer": "post", "entryNo": 2, "error": "Mailbox unknown"}
    payload = await change("failDelivery", failed, "interaction { entryNo deliveryStatus }")
    assert payload["interaction"] == {"entryNo": 2, "deliveryStatus": "ERROR"}
    shown = "entryNo error claimedBy claimedUntil attempts"
    assert await deliveries(graphql, shown, "(failed: true)") == [
        {"entryNo": 2, "error": "Mailbox unknown", "claimedBy": "", "claimedUntil": None, "attempts": 1}
    ]
    assert await deliveries(graphql, "entryNo", "(failed: false)") == [{"entryNo": 1}]
    assert await claim(change, mailer="other") == []
    payload = await change("retryDelivery", {"entryNos": [2, 1]}, f"deliveries {{ {shown} }}")
    assert payload["deliveries"][1] == {
        "entryNo": 2, "error": "", "claimedBy": "", "claimedUntil": None, "attempts": 0
    }  # fmt: skip
    assert payload["deliveries"][0]["claimedBy"] == "post"
    assert await statuses(graphql) == ["IN_PROGRESS", "IN_PROGRESS"]
    assert await claim(change, mailer="other") == [2]


async def test_9_1_what_fails_for_a_while_is_free_after_it(graphql: GraphQL, change: Change, clock: Time) -> None:
    await open_segment(change, "ANN", template="MAIL")
    await change("logSegment", DELIVER)
    await claim(change)
    await change("failDelivery", {"mailer": "post", "entryNo": 1, "error": "Mailbox full", "retryAfter": 30})
    assert await statuses(graphql) == ["IN_PROGRESS"]
    assert await claim(change) == []
    clock.passed = timedelta(seconds=30)
    assert await claim(change) == [1]


async def test_9_1_only_the_mailer_that_claimed_it_says_what_became_of_a_delivery(
    change: Change, refused: Refused
) -> None:
    await open_segment(change, "ANN", "HAL", template="MAIL")
    await change("logSegment", DELIVER)
    await claim(change, limit=1)
    both = {"mailer": "post", "entryNos": [1, 2]}
    await refused("DELIVERY_NOT_CLAIMED", ["entryNos", "1"], "confirmDelivery", both)
    other = {"mailer": "other", "entryNo": 1, "error": "x"}
    await refused("DELIVERY_NOT_CLAIMED", ["entryNo"], "failDelivery", other)
    await change("confirmDelivery", {"mailer": "post", "entryNos": [1]})
    await refused("NOT_FOUND", ["entryNos", "0"], "confirmDelivery", {"mailer": "post", "entryNos": [1]})
    await refused("NOT_FOUND", ["entryNo"], "failDelivery", {"mailer": "post", "entryNo": 9, "error": "x"})
    await refused("NOT_FOUND", ["entryNos", "0"], "retryDelivery", {"entryNos": [1]})


@pytest.mark.parametrize(
    ("code", "path", "mutation", "given"),
    [
        ("VALUE_REQUIRED", "mailer", "claimDeliveries", {"mailer": " "}),
        ("INVALID_INPUT", "mailer", "claimDeliveries", {"mailer": "x" * 51}),
        ("INVALID_INPUT", "limit", "claimDeliveries", {"mailer": "post", "limit": 0}),
        ("INVALID_INPUT", "limit", "claimDeliveries", {"mailer": "post", "limit": 1_001}),
        ("INVALID_INPUT", "seconds", "claimDeliveries", {"mailer": "post", "seconds": 0}),
        ("INVALID_INPUT", "seconds", "claimDeliveries", {"mailer": "post", "seconds": 86_401}),
        ("VALUE_REQUIRED", "entryNos", "confirmDelivery", {"mailer": "post", "entryNos": []}),
        ("INVALID_INPUT", "entryNos", "confirmDelivery", {"mailer": "post", "entryNos": list(range(1, 1_002))}),
        ("VALUE_REQUIRED", "error", "failDelivery", {"mailer": "post", "entryNo": 1, "error": " "}),
        ("INVALID_INPUT", "error", "failDelivery", {"mailer": "post", "entryNo": 1, "error": "x" * 251}),
        (
            "INVALID_INPUT",
            "retryAfter",
            "failDelivery",
            {"mailer": "post", "entryNo": 1, "error": "x", "retryAfter": -1},
        ),
        ("VALUE_REQUIRED", "entryNos", "retryDelivery", {"entryNos": []}),
    ],
)
async def test_9_1_mailers_name_themselves_and_keep_to_the_limits(
    refused: Refused, code: str, path: str, mutation: str, given: dict[str, Any]
) -> None:
    await refused(code, [path], mutation, given)


async def test_9_1_nothing_is_sent_to_a_deleted_contact_nor_to_the_company_that_keeps_its_interactions(
    graphql: GraphQL, change: Change
) -> None:
    await open_segment(change, "ANN", "HAL", template="MAIL")
    await change("logSegment", DELIVER)
    await change("deleteContact", {"no": "ANN"})
    assert await interactions(graphql, "contact { no }") == [{"contact": {"no": "ACME"}}, {"contact": {"no": "HAL"}}]
    assert await claim(change) == [2]
    assert await deliveries(graphql, "entryNo contact { no } email error", "(failed: true)") == [
        {"entryNo": 1, "contact": None, "email": None, "error": "The contact was deleted."}
    ]
    assert await statuses(graphql) == ["ERROR", "IN_PROGRESS"]


async def test_9_1_what_was_meant_for_a_person_is_sent_to_that_person_after_a_change_of_company(
    graphql: GraphQL, change: Change
) -> None:
    """The interaction stays with the company that the person left."""
    await open_segment(change, "ANN", template="MAIL")
    await change("logSegment", DELIVER)
    await change("updateContact", {"no": "ANN", "companyNo": None})
    assert await interactions(graphql, "contact { no }") == [{"contact": {"no": "ACME"}}]
    payload = await change("claimDeliveries", CLAIM, "deliveries { contact { no } email }")
    assert payload["deliveries"] == [{"contact": {"no": "ANN"}, "email": "ann@acme.example"}]


async def test_9_1_nothing_is_sent_to_a_contact_that_was_blocked_for_privacy_meanwhile(
    graphql: GraphQL, change: Change, database: Database, moment: Moment
) -> None:
    await open_segment(change, "ANN", "HAL", template="MAIL")
    await change("logSegment", DELIVER)
    await change("updateContact", {"no": "ANN", "privacyBlocked": True})
    assert await claim(change, limit=1) == [2]
    (failed,) = await deliveries(graphql, "entryNo error", "(failed: true)")
    assert failed == {"entryNo": 1, "error": "The contact is blocked for reasons of privacy."}
    await honour_privacy(database, moment, skip=False)
    await change("retryDelivery", {"entryNos": [1]})
    assert await claim(change, mailer="other") == [1]


async def test_9_1_what_a_mailer_is_just_sending_does_not_fail_under_its_hands(
    graphql: GraphQL, change: Change
) -> None:
    await open_segment(change, "ACME", "ANN", "HAL", template="MAIL")
    await change("logSegment", DELIVER)
    assert await claim(change, limit=1) == [1]
    for no in ("ACME", "ANN"):
        await change("updateContact", {"no": no, "privacyBlocked": True})
    assert await claim(change, mailer="other") == [3]
    assert await deliveries(graphql, "entryNo", "(failed: true)") == [{"entryNo": 2}]
    await change("confirmDelivery", {"mailer": "post", "entryNos": [1]})
    assert await statuses(graphql) == [None, "ERROR", "IN_PROGRESS"]


async def test_9_1_what_was_canceled_meanwhile_is_not_sent(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", "HAL", template="MAIL")
    await change("logSegment", DELIVER)
    await change("cancelLoggedSegments", {"entryNos": [1]})
    assert await claim(change) == []
    errors = await deliveries(graphql, "error")
    assert errors == [{"error": "The interaction was canceled."}] * 2
    assert await statuses(graphql) == ["ERROR", "ERROR"]


async def test_9_1_what_lost_its_attachment_meanwhile_is_not_sent(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", "HAL", template="MAIL")
    await edit(change, 10, attachment={"name": "For Ann", "url": "https://files.example/ann.pdf"})
    await change("logSegment", DELIVER)
    await change("cancelInteractions", {"entryNos": [1], "canceled": True, "removeUniqueAttachment": True})
    await change("cancelInteractions", {"entryNos": [1], "canceled": False})
    assert await claim(change) == [2]
    assert await deliveries(graphql, "error attachment { name }", "(failed: true)") == [
        {"error": "The attachment was removed.", "attachment": None}
    ]


async def test_9_1_mailers_that_claim_at_the_same_time_never_get_the_same(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, *["ANN", "HAL"] * 15, template="MAIL")
    await change("logSegment", DELIVER)
    query = document("claimDeliveries", "deliveries { entryNo }")
    answers = await asyncio.gather(
        *(graphql(query, {"input": {"mailer": f"m{number}", "limit": 7}}) for number in range(6))
    )
    claimed = [[one["entryNo"] for one in answer["claimDeliveries"]["deliveries"]] for answer in answers]
    rest = await claim(change, mailer="last", limit=100)
    everyone = [*rest, *(entry_no for entry_nos in claimed for entry_no in entry_nos)]
    assert sorted(everyone) == list(range(1, 31))
