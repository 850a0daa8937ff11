import pytest

from server.operations.setup.code_references import REFERRING_OBJECTS, referring_columns
from server.operations.setup.codes import (
    BUSINESS_RELATIONS,
    CAMPAIGN_STATUSES,
    INDUSTRY_GROUPS,
    JOB_RESPONSIBILITIES,
    MAILING_GROUPS,
    ORGANIZATIONAL_LEVELS,
    SALUTATIONS,
    create_code,
)
from server.operations.setup.salespeople import SalespersonValues, create_salesperson
from server.store.tables import change, mailing_group, salesperson
from tests.operations.conftest import Fetch, Refuse, Run

CODE_TABLES = (
    MAILING_GROUPS,
    INDUSTRY_GROUPS,
    JOB_RESPONSIBILITIES,
    BUSINESS_RELATIONS,
    ORGANIZATIONAL_LEVELS,
    SALUTATIONS,
    CAMPAIGN_STATUSES,
)


async def test_a_mailing_group_is_created(run: Run, fetch: Fetch, refuse: Refuse) -> None:
    assert await run(create_code, MAILING_GROUPS, " news ", "Our newsletter") == "NEWS"
    assert [tuple(row) for row in await fetch(mailing_group)] == [("NEWS", "Our newsletter")]
    assert [(row.object, row.object_code) for row in await fetch(change)] == [("mailing_group", "NEWS")]
    await refuse("ALREADY_EXISTS", ("code",), create_code, MAILING_GROUPS, "News")
    await refuse("VALUE_REQUIRED", ("code",), create_code, MAILING_GROUPS, "  ")
    await refuse("INVALID_INPUT", ("code",), create_code, MAILING_GROUPS, "x" * 21)
    await refuse("INVALID_INPUT", ("description",), create_code, MAILING_GROUPS, "VIP", "x" * 101)


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


def test_every_column_that_refers_to_a_code_has_words() -> None:
    tables = (*(codes.table for codes in CODE_TABLES), salesperson)
    columns = [column for table in tables for column in referring_columns(table.c.code)]

    assert {f"{column.table.name}.{column.name}" for column in columns} >= {
        "contact.salutation",
        "contact_mailing_group.code",
        "campaign.status",
        "marketing_setup.default_salesperson",
        "segment_line.salesperson",
    }
    assert [column for column in columns if column.table.name not in REFERRING_OBJECTS] == []
