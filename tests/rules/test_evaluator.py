"""One contact, decided by rule-engine: what the language means where Python and SQL people would disagree."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server.clock import Moment
from server.rules import Evaluator, Verdict, check_rule
from server.rules.language.check import check_language
from tests.rules.people import VOCABULARY

_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BERLIN = Moment(_NOW, ZoneInfo("Europe/Berlin"))
SAMPLE: Mapping[str, Any] = {
    "name": "McDonald",
    "nick": "",
    "country": None,
    "language": "de",
    "region": "DE",
    "minor": False,
    "vip": None,
    "score": Decimal(3),
    "balance": Decimal("0.3"),
    "rating": None,
    "created_at": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    "seen_at": None,
    "joined_on": date(2026, 11, 23),
    "born_on": None,
    "groups": ("A", "NEWS"),
    "trades": (),
    "attributes": {"tier": None, "points": Decimal("10.5"), "member": True, "since": date(2026, 1, 1)},
    "visits": (
        {"at": _NOW, "on": date(2026, 11, 1), "template": "A", "region": None, "canceled": False,
         "cost": Decimal("0.1"), "duration": Decimal(5), "subject": "x"},
        {"at": _NOW, "on": date(2026, 11, 2), "template": None, "region": None, "canceled": True,
         "cost": Decimal("0.2"), "duration": Decimal(5), "subject": "y"},
    ),
}  # fmt: skip

TRUE, FALSE, UNDECIDED = Verdict.TRUE, Verdict.FALSE, Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("country == null", TRUE),
        ('country != "DE"', TRUE),
        ("country == rating", TRUE),
        ('score == "3"', FALSE),
        ("minor == 0", FALSE),
        ("minor in [0]", TRUE),
        ("$sum([v.cost for v in visits]) == 0.3", TRUE),
        ("$sum([v.cost for v in visits if v.cost > 9]) == 0", TRUE),
        ("$max([v.cost for v in visits if v.cost > 9]) > 0", UNDECIDED),
        ("$all([v.cost > 9 for v in visits if v.cost > 9])", TRUE),
        ("[v for v in visits].length == 2", TRUE),
        ('"NEWS" in groups and trades.is_empty', TRUE),
        ("attributes.tier == null and attributes.points == 10.5", TRUE),
        ("joined_on == $today", TRUE),
        ("joined_on < $now", TRUE),
        ("created_at.hour == 2 and created_at.day == 25", TRUE),
        ('created_at.date == d"2026-10-25"', TRUE),
        ('created_at == d"2026-10-25T02:30:00"', TRUE),
        ('created_at < d"2026-10-25T02:15:00+01:00"', TRUE),
        ("($now - created_at).days == 29", TRUE),
        ('joined_on.weekday == "Monday"', TRUE),
        ("$now == $now", TRUE),
        ("-7 // 2 == -3 and score > 0", TRUE),
        ("1 / (score - 3) > 0", UNDECIDED),
        ("minor or 1 / (score - 3) > 0", UNDECIDED),
        ("not minor or 1 / (score - 3) > 0", TRUE),
        ('name =~ "Mc" and not (name =~ "Donald") and name =~~ "Donald"', TRUE),
        ("name.to_int > 3", UNDECIDED),
        ("[[v.cost for v in visits].length for v in visits].length == 2", TRUE),
        ("name.starts_with(nick)", TRUE),
        ('created_at + t"P3000000D" > $now', UNDECIDED),
    ],
)
def test_verdict(text: str, verdict: Verdict) -> None:
    assert Evaluator(check_language(text, VOCABULARY), BERLIN).decide(SAMPLE) is verdict


def test_only_the_names_that_are_used_are_needed() -> None:
    rule = check_rule("$any([v.cost > 1 for v in visits]) or minor", VOCABULARY)

    assert Evaluator(rule, BERLIN).decide({"visits": ({"cost": Decimal(2)},), "minor": False}) is TRUE
    with pytest.raises(KeyError):
        Evaluator(rule, BERLIN).decide({"visits": ()})


def test_one_evaluator_serves_many_threads() -> None:
    evaluator = Evaluator(check_rule("$sum([v.cost for v in visits]) == score", VOCABULARY), BERLIN)
    values = [
        {"visits": tuple({"cost": Decimal(1)} for _ in range(number)), "score": Decimal(number)} for number in range(40)
    ]

    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(evaluator.decide, values * 20))

    assert set(verdicts) == {TRUE}


def test_rules_are_checked_in_many_threads() -> None:
    texts = [f'country == "{number}" and score > {number}\n and minor' for number in range(200)]

    with ThreadPoolExecutor(8) as pool:
        rules = list(pool.map(lambda text: check_rule(text, VOCABULARY), texts))

    assert [rule.text for rule in rules] == texts
    assert {rule.uses for rule in rules} == {frozenset({"country", "score", "minor"})}
