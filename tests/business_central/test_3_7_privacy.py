"""Minors, the consent of their parents, and contacts whose data must not be used."""

import pytest

from server.store.tables import business_relation
from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given

FLAGS = "minor parentalConsentReceived privacyBlocked"


@pytest.fixture(autouse=True)
async def ann(change: Change) -> None:
    await change("createContact", {"no": "ANN", "type": "PERSON"})


async def test_3_7_becoming_a_minor_blocks_for_privacy(change: Change, given: Given) -> None:
    assert await given.values("ANN", FLAGS) == [False, False, False]
    await change("updateContact", {"no": "ANN", "minor": True})
    assert await given.values("ANN", FLAGS) == [True, False, True]
    await change("createContact", {"no": "KIM", "type": "PERSON", "minor": True})
    assert await given.values("KIM", FLAGS) == [True, False, True]
    await change("updateContact", {"no": "ANN", "minor": False})
    assert await given.values("ANN", FLAGS) == [False, False, True]


@pytest.mark.parametrize("received", [True, False])
async def test_3_7_a_change_of_the_parents_consent_blocks_for_privacy(
    change: Change, given: Given, received: bool
) -> None:
    await change("updateContact", {"no": "ANN", "parentalConsentReceived": not received})
    await change("updateContact", {"no": "ANN", "privacyBlocked": False})
    assert await given.values("ANN", FLAGS) == [False, not received, False]
    await change("updateContact", {"no": "ANN", "parentalConsentReceived": not received, "city": "Ulm"})
    assert await given.values("ANN", FLAGS) == [False, not received, False]  # no change
    await change("updateContact", {"no": "ANN", "parentalConsentReceived": received})
    assert await given.values("ANN", FLAGS) == [False, received, True]


async def test_3_7_a_minor_stays_blocked_until_the_parents_have_consented(
    change: Change, refused: Refused, given: Given
) -> None:
    await change("updateContact", {"no": "ANN", "minor": True})
    clear = {"no": "ANN", "privacyBlocked": False}
    message = await refused("PRIVACY_BLOCKED", ["privacyBlocked"], "updateContact", clear)
    assert "parentalConsentReceived" in message
    await change("updateContact", {"no": "ANN", "parentalConsentReceived": True})
    await change("updateContact", clear)
    assert await given.values("ANN", FLAGS) == [True, True, False]
    withdrawn = clear | {"parentalConsentReceived": False}
    await refused("PRIVACY_BLOCKED", ["privacyBlocked"], "updateContact", withdrawn)


async def test_3_7_a_minor_is_not_created_unblocked_without_consent(
    change: Change, refused: Refused, given: Given
) -> None:
    minor = {"type": "PERSON", "minor": True, "privacyBlocked": False}
    await refused("PRIVACY_BLOCKED", ["privacyBlocked"], "createContact", minor)
    await change("createContact", {"no": "KIM", "parentalConsentReceived": True, **minor})
    assert await given.values("KIM", FLAGS) == [True, True, False]


async def test_3_7_who_is_no_minor_is_blocked_and_unblocked_at_will(change: Change, given: Given) -> None:
    for blocked in (True, False, True, None):
        await change("updateContact", {"no": "ANN", "privacyBlocked": blocked})
        assert await given.values("ANN", "privacyBlocked") == [bool(blocked)]


@pytest.mark.parametrize("flag", ["minor", "parentalConsentReceived"])
async def test_3_7_a_company_is_no_minor_and_has_no_parents(
    change: Change, refused: Refused, given: Given, flag: str
) -> None:
    await refused("WRONG_CONTACT_TYPE", [flag], "createContact", {"type": "COMPANY", flag: True})
    await change("createContact", {"no": "ACME", flag: False})
    await refused("WRONG_CONTACT_TYPE", [flag], "updateContact", {"no": "ACME", flag: True})
    await refused("WRONG_CONTACT_TYPE", [flag], "updateContact", {"no": "ANN", "type": "COMPANY", flag: True})
    await change("updateContact", {"no": "ANN", flag: True})
    await change("updateContact", {"no": "ANN", "type": "COMPANY"})
    assert await given.values("ANN", FLAGS) == [False, False, True]


async def test_3_7_a_contact_blocked_for_privacy_is_linked_to_nothing(
    change: Change, refused: Refused, given: Given
) -> None:
    await given.rows(business_relation, {"code": "CUST"})
    await given.setup(customer_relation="CUST")
    await change("createContact", {"no": "ACME", "privacyBlocked": True})
    link = {"no": "ACME", "link": "CUSTOMER", "linkNo": "10"}
    message = await refused("PRIVACY_BLOCKED", ["no"], "linkContact", link)
    assert "ACME" in message
    await change("updateContact", {"no": "ACME", "privacyBlocked": False})
    await change("linkContact", link)
    await change("updateContact", {"no": "ACME", "privacyBlocked": True})
    await change("unlinkContact", {"no": "ACME", "link": "CUSTOMER"})
