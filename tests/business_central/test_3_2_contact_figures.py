"""What is computed about a contact: a company counts everybody in it, a person only itself."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from server.store.tables import (
    business_relation,
    contact_business_relation,
    contact_industry_group,
    contact_job_responsibility,
    contact_mailing_group,
    industry_group,
    job_responsibility,
    mailing_group,
)
from tests.business_central.conftest import Change
from tests.business_central.given_contacts import Given
from tests.conftest import GraphQL

NOVEMBER = [date(2026, 11, day) for day in range(1, 31)]
ACME_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("ACME", {"on": NOVEMBER[0], "cost": Decimal(10), "duration": Decimal(1), "initiated_by": "US"}),
    ("ANN", {"on": NOVEMBER[4], "cost": Decimal("2.5"), "duration": Decimal("0.25"), "initiated_by": "THEM"}),
    ("ANN", {"on": NOVEMBER[9], "cost": Decimal(4), "duration": Decimal(3), "attempt_failed": True,
             "initiated_by": "US"}),
    ("ANN", {"on": NOVEMBER[14], "cost": Decimal(100), "canceled": True, "initiated_by": "US"}),
    ("BOB", {"on": NOVEMBER[19], "cost": Decimal(200), "postponed": True, "initiated_by": "US"}),
]  # fmt: skip
"""Who, and what: counted are the first three, 16.5 and 4.25 minutes together."""

FIGURES = "interactionCount interactionCost interactionDuration lastInteractionOn lastAttemptOn"


@pytest.fixture(autouse=True)
async def acme(change: Change, given: Given) -> None:
    """Acme with Ann and Bob; Lone, who has no company."""
    await change("createContact", {"no": "ACME", "name": "Acme"})
    for no in ("ANN", "BOB"):
        await change("createContact", {"no": no, "type": "PERSON", "companyNo": "ACME"})
    await change("createContact", {"no": "LONE", "type": "PERSON"})
    for no, values in ACME_ROWS:
        await given.interaction(no, "ACME", **values)


async def test_3_2_a_company_counts_everyone_in_it_and_a_person_only_itself(given: Given) -> None:
    assert await given.values("ACME", "interactionCount interactionCost interactionDuration") == [3, "16.5", "4.25"]
    assert await given.values("ANN", "interactionCount interactionCost interactionDuration") == [2, "6.5", "3.25"]
    assert await given.values("LONE", "interactionCount interactionCost interactionDuration") == [0, "0", "0"]


async def test_3_2_count_cost_and_duration_leave_out_canceled_and_postponed_but_not_failed_attempts(
    given: Given,
) -> None:
    assert await given.values("BOB", "interactionCount interactionCost") == [0, "0"]
    await given.interaction("BOB", "ACME", cost=Decimal(7), attempt_failed=True)
    await given.interaction("BOB", "ACME", cost=Decimal(9), canceled=True)
    assert await given.values("BOB", "interactionCount interactionCost") == [1, "7"]


async def test_3_2_the_last_attempt_is_ours_not_postponed_and_may_be_failed_or_canceled(given: Given) -> None:
    assert await given.values("ANN", "lastAttemptOn") == ["2026-11-15"]
    await given.interaction("ANN", "ACME", on=NOVEMBER[20], initiated_by="US", attempt_failed=True)
    await given.interaction("ANN", "ACME", on=NOVEMBER[21], initiated_by="THEM")
    await given.interaction("ANN", "ACME", on=NOVEMBER[22], initiated_by="US", postponed=True)
    assert await given.values("ANN", "lastAttemptOn") == ["2026-11-21"]
    assert await given.values("BOB", "lastAttemptOn") == [None]
    assert await given.values("ACME", "lastAttemptOn") == ["2026-11-21"]


async def test_3_2_the_last_interaction_did_not_fail_is_not_postponed_and_may_be_canceled(given: Given) -> None:
    assert await given.values("ANN", "lastInteractionOn") == ["2026-11-15"]
    await given.interaction("ANN", "ACME", on=NOVEMBER[20], attempt_failed=True)
    await given.interaction("ANN", "ACME", on=NOVEMBER[21], postponed=True)
    assert await given.values("ANN", "lastInteractionOn") == ["2026-11-15"]
    assert await given.values("ACME", "lastInteractionOn") == ["2026-11-15"]
    assert await given.values("LONE", "lastInteractionOn") == [None]


@pytest.mark.parametrize(
    ("days", "of_company", "of_person"),
    [
        ("", [3, "16.5", "4.25"], [2, "6.5", "3.25"]),
        ('(onFrom: "2026-11-05")', [2, "6.5", "3.25"], [2, "6.5", "3.25"]),
        ('(onFrom: "2026-11-06")', [1, "4", "3"], [1, "4", "3"]),
        ('(onTo: "2026-11-05")', [2, "12.5", "1.25"], [1, "2.5", "0.25"]),
        ('(onFrom: "2026-11-02", onTo: "2026-11-09")', [1, "2.5", "0.25"], [1, "2.5", "0.25"]),
        ('(onFrom: "2026-11-11", onTo: "2026-11-11")', [0, "0", "0"], [0, "0", "0"]),
    ],
)
async def test_3_2_count_cost_and_duration_can_be_asked_for_some_days(
    given: Given, days: str, of_company: list[Any], of_person: list[Any]
) -> None:
    field = f"statistics{days} {{ interactionCount interactionCost interactionDuration }}"
    assert list((await given.contact("ACME", field))["statistics"].values()) == of_company
    assert list((await given.contact("ANN", field))["statistics"].values()) == of_person


async def test_3_2_the_last_day_must_not_be_before_the_first(graphql: GraphQL) -> None:
    field = 'statistics(onFrom: "2026-11-05", onTo: "2026-11-04") { interactionCount }'
    body = await graphql(f'{{ contact(no: "ACME") {{ {field} }} }}', expect_errors=True)
    assert body["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_3_2_the_figures_are_those_that_rules_ask_for(graphql: GraphQL) -> None:
    for rule, expected in (
        ("interaction_count == 3", ["ACME"]),
        ("interaction_cost == 6.5", ["ANN"]),
        ("interaction_duration == 4.25", ["ACME"]),
        ('last_attempt_on == d"2026-11-15"', ["ACME", "ANN"]),
        ("last_interaction_on == null", ["BOB", "LONE"]),
    ):
        data = await graphql(f"query ($rule: String) {{ contacts(rule: $rule) {{ nodes {{ no {FIGURES} }} }} }}",
                             {"rule": rule})  # fmt: skip
        assert [node["no"] for node in data["contacts"]["nodes"]] == expected, rule


async def test_3_2_an_interaction_stays_with_the_company_it_was_logged_for(change: Change, given: Given) -> None:
    await change("createContact", {"no": "BETA"})
    await given.interaction("BETA", "BETA", cost=Decimal(1))
    await change("updateContact", {"no": "ANN", "companyNo": "BETA"})
    assert await given.values("ACME", "interactionCount") == [3]
    assert await given.values("BETA", "interactionCount") == [1]
    assert await given.values("ANN", "interactionCount") == [0]


async def test_3_2_mailing_groups_and_responsibilities_are_counted_by_contact_and_the_others_by_company(
    given: Given,
) -> None:
    acme, ann = await given.key("ACME"), await given.key("ANN")
    for table, codes in ((mailing_group, "ABC"), (job_responsibility, "DE"), (industry_group, "FGH")):
        await given.rows(table, *({"code": code} for code in codes))
    await given.rows(business_relation, {"code": "LAW"})
    await given.rows(contact_mailing_group, *({"contact_id": ann, "code": code} for code in "ABC"))
    await given.rows(contact_mailing_group, {"contact_id": acme, "code": "A"})
    await given.rows(contact_job_responsibility, *({"contact_id": ann, "code": code} for code in "DE"))
    await given.rows(contact_industry_group, *({"contact_id": acme, "code": code} for code in "FGH"))
    await given.rows(contact_business_relation, {"contact_id": acme, "code": "LAW"})
    counts = "mailingGroupCount jobResponsibilityCount industryGroupCount businessRelationCount"
    assert await given.values("ACME", counts) == [1, 0, 3, 1]
    assert await given.values("ANN", counts) == [3, 2, 3, 1]
    assert await given.values("LONE", counts) == [0, 0, 0, 0]


async def test_3_2_the_figures_of_a_whole_list_are_read_at_once(graphql: GraphQL) -> None:
    data = await graphql(
        """{ contacts { nodes { no early: statistics(onTo: "2026-11-04") { interactionCount }
        late: statistics(onFrom: "2026-11-05") { interactionCount } } } }"""
    )
    counts = {
        node["no"]: (node["early"]["interactionCount"], node["late"]["interactionCount"])
        for node in data["contacts"]["nodes"]
    }
    assert counts == {"ACME": (1, 2), "ANN": (0, 2), "BOB": (0, 0), "LONE": (0, 0)}
