"""What is delivered by e-mail needs an address, whether a segment is logged or a single interaction."""

from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change, Refused
from tests.business_central.mailings import deliveries, edit, interactions, open_segment, store_mailings
from tests.conftest import GraphQL

SEGMENT = {"segmentNo": "S1", "deliver": True}
NOWHERE = ["BOB", "SID"]
"""Bob has no e-mail address, and neither has the home where Sid is; Hal's home has one."""


@pytest.fixture(autouse=True)
async def _mailings(database: Database, moment: Moment) -> None:
    await store_mailings(database, moment)


def single(contact_no: str, **values: Any) -> dict[str, Any]:
    """Return the input of a single interaction that is to be delivered."""
    return {"contactNo": contact_no, "template": "MAIL", "description": "Offer", "deliver": True, **values}


@pytest.mark.parametrize("no", NOWHERE)
@pytest.mark.parametrize("own", ["EMAIL", None])
async def test_9_1_a_line_delivered_by_email_needs_an_address(
    change: Change, refused: Refused, no: str, own: str | None
) -> None:
    """A line that says nothing is sent as its template says."""
    await open_segment(change, "ANN", no, template="MAIL")
    await edit(change, 20, correspondenceType=own)
    message = await refused("EMAIL_REQUIRED", ["segmentNo"], "logSegment", SEGMENT)
    assert f"Line 20 (contact {no})" in message
    assert "cannot be logged: 1." in message


@pytest.mark.parametrize("no", NOWHERE)
@pytest.mark.parametrize("own", ["EMAIL", None])
async def test_9_4_an_interaction_delivered_by_email_needs_an_address(
    refused: Refused, no: str, own: str | None
) -> None:
    message = await refused("EMAIL_REQUIRED", ["contactNo"], "logInteraction", single(no, correspondenceType=own))
    assert f"Contact {no}" in message


async def test_9_4_an_interaction_delivered_by_email_needs_an_address_also_when_it_is_finished_later(
    change: Change, refused: Refused
) -> None:
    given = single("BOB")
    del given["deliver"]
    await change("postponeInteraction", given)
    await refused("EMAIL_REQUIRED", ["entryNo"], "resumeInteraction", {"entryNo": 1, "deliver": True})
    await change("updateContact", {"no": "BOB", "email": "bob@acme.example"})
    payload = await change("resumeInteraction", {"entryNo": 1, "deliver": True}, "interaction { deliveryStatus }")
    assert payload["interaction"] == {"deliveryStatus": "IN_PROGRESS"}


@pytest.mark.parametrize("own", ["EMAIL", None])
async def test_9_1_segments_and_single_interactions_deliver_the_same(
    graphql: GraphQL, change: Change, own: str | None
) -> None:
    await open_segment(change, "HAL", template="MAIL")
    await edit(change, 10, correspondenceType=own)
    payload = await change("logSegment", SEGMENT, "deliveriesQueued")
    assert payload["deliveriesQueued"] == 1
    await change("logInteraction", single("HAL", correspondenceType=own, language="ENU"))
    logged, alone = await interactions(graphql, "correspondenceType deliveryStatus alternativeAddress")
    assert logged == alone == {
        "correspondenceType": own, "deliveryStatus": "IN_PROGRESS", "alternativeAddress": "HOME"
    }  # fmt: skip
    logged, alone = await deliveries(graphql, "correspondenceType email attachment { name }")
    assert logged == alone
    assert logged == {"correspondenceType": "EMAIL", "email": "hal@home.example", "attachment": {"name": "Offer"}}


async def test_9_1_post_needs_no_email_address(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "SID", template="MAIL")
    await edit(change, 10, correspondenceType="HARD_COPY")
    await change("logSegment", SEGMENT)
    await change("logInteraction", single("BOB", correspondenceType="HARD_COPY", language="ENU"))
    found = await deliveries(graphql, "correspondenceType email contact { no }")
    common = {"correspondenceType": "HARD_COPY", "email": None}
    assert found == [{**common, "contact": {"no": no}} for no in ("SID", "BOB")]


@pytest.mark.parametrize("no", NOWHERE)
async def test_9_1_what_is_only_noted_needs_no_address(graphql: GraphQL, change: Change, no: str) -> None:
    """It is logged without a type, as what was not sent by e-mail."""
    await open_segment(change, no, template="MAIL")
    await change("logSegment", {"segmentNo": "S1"})
    await change("logInteraction", single(no, deliver=False))
    assert await interactions(graphql, "correspondenceType") == [{"correspondenceType": None}] * 2
    assert await deliveries(graphql, "entryNo") == []


async def test_9_3_what_has_no_address_is_not_sent_again(graphql: GraphQL, change: Change) -> None:
    await open_segment(change, "ANN", "BOB", "HAL", "SID", template="MAIL")
    await change("logSegment", {"segmentNo": "S1"})
    payload = await change("resendLoggedSegment", {"entryNo": 1}, "queuedCount")
    assert payload["queuedCount"] == 2
    assert await deliveries(graphql, "email") == [{"email": "ann@acme.example"}, {"email": "hal@home.example"}]
    await change("updateContact", {"no": "SID", "email": "sid@example.com"})
    payload = await change("resendLoggedSegment", {"entryNo": 1}, "queuedCount")
    assert payload["queuedCount"] == 1
