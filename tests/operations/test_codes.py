import pytest

from server.operations.setup.codes import SalespersonValues, create_mailing_group, create_salesperson
from server.store.tables import change, mailing_group, salesperson
from tests.operations.conftest import Fetch, Refuse, Run


async def test_a_mailing_group_is_created(run: Run, fetch: Fetch, refuse: Refuse) -> None:
    assert await run(create_mailing_group, " news ", "Our newsletter") == "NEWS"
    assert [tuple(row) for row in await fetch(mailing_group)] == [("NEWS", "Our newsletter")]
    assert [(row.object, row.object_code) for row in await fetch(change)] == [("mailing_group", "NEWS")]
    await refuse("ALREADY_EXISTS", ("code",), create_mailing_group, "News")
    await refuse("VALUE_REQUIRED", ("code",), create_mailing_group, "  ")
    await refuse("INVALID_INPUT", ("code",), create_mailing_group, "x" * 21)
    await refuse("INVALID_INPUT", ("description",), create_mailing_group, "VIP", "x" * 101)


async def test_a_salesperson_is_created(run: Run, fetch: Fetch, refuse: Refuse) -> None:
    values: SalespersonValues = {"code": "ah", "name": "Ann Hill", "email": "ah@x.test", "blocked": True}
    assert await run(create_salesperson, values) == "AH"
    assert [tuple(row) for row in await fetch(salesperson)] == [("AH", "Ann Hill", "ah@x.test", "", "", True, False, 1)]
    assert [(row.object, row.object_code) for row in await fetch(change)] == [("salesperson", "AH")]
    await refuse("ALREADY_EXISTS", ("code",), create_salesperson, {"code": "AH"})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_wrong_salesperson_is_refused(refuse: Refuse) -> None:
    await refuse("VALUE_REQUIRED", ("code",), create_salesperson, {})
    for field, path, value in (
        ("email", "email", "nobody"),
        ("phone", "phone", "call me"),
        ("name", "name", "x" * 51),
        ("job_title", "jobTitle", "x" * 31),
        ("privacy_blocked", "privacyBlocked", "no"),
    ):
        await refuse("INVALID_INPUT", (path,), create_salesperson, {"code": "BD", field: value})
