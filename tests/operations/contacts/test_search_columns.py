"""The casefolded columns follow whatever is done to the columns they are made from."""

from typing import Any

from server.operations.contacts.contacts import create_contact, update_contact
from server.store.tables import contact
from tests.operations.conftest import Fetch, Run
from tests.operations.contacts.conftest import last_change, one


async def searched(fetch: Fetch, no: str) -> tuple[str, str]:
    row = await one(fetch, no)
    return row.search_name, row.search_email


async def all_folded(fetch: Fetch) -> bool:
    rows: list[Any] = await fetch(contact)
    return all((row.search_name, row.search_email) == (row.name.casefold(), row.email.casefold()) for row in rows)


async def test_a_contacts_own_values(run: Run, fetch: Fetch) -> None:
    await run(create_contact, {"no": "C1", "name": "Stra\xdfe", "email": "A@X.test;B@x.TEST"})
    assert await searched(fetch, "C1") == ("strasse", "a@x.test;b@x.test")
    await run(update_contact, "C1", {"email": "New@X.test"})
    assert await searched(fetch, "C1") == ("strasse", "new@x.test")
    assert sorted((await last_change(fetch)).fields) == ["email", "modified_at"]
    await run(update_contact, "C1", {"email": "", "name": ""})
    assert await searched(fetch, "C1") == ("", "")


async def test_what_persons_take_from_their_company(run: Run, fetch: Fetch) -> None:
    await run(create_contact, {"no": "C1", "name": "One", "email": "Info@One.test"})
    await run(create_contact, {"no": "P1", "type": "PERSON", "company_no": "C1"})
    await run(create_contact, {"no": "P2", "type": "PERSON", "company_no": "C1", "email": "Own@One.test"})
    assert await searched(fetch, "P1") == ("", "info@one.test")

    await run(update_contact, "C1", {"email": "Office@One.test"})

    assert await searched(fetch, "P1") == ("", "office@one.test")
    assert await searched(fetch, "P2") == ("", "own@one.test")
    assert (await last_change(fetch)).fields == ["email", "modified_at"]
    assert await all_folded(fetch)
