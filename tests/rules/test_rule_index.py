"""Many rules asked about one contact: what the index finds is what rule-engine says of each rule."""

import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server.clock import Moment
from server.errors import RuleError
from server.rules import CheckedRule, Evaluator, RuleIndex, Symbol, Verdict, check_rule
from server.rules.language.check import check_language
from tests.rules.moments import MOMENTS
from tests.rules.people import VOCABULARY, make_people
from tests.rules.rule_texts import random_rule

_PEOPLE = list(make_people(count=40, seed=20261125).values.values())
_VALUES: Mapping[str, Any] = {
    "name": "McDonald", "nick": "x", "country": "DE", "language": None, "region": None, "minor": False, "vip": None,
    "score": Decimal(3), "balance": Decimal("0.3"), "rating": None, "groups": ("A", "NEWS"), "trades": (), "lists": (),
    "created_at": datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "seen_at": None, "joined_on": date(2026, 11, 23),
    "attributes": {"tier": None, "points": Decimal("10.5"), "member": True, "since": date(2026, 1, 1)},
    "visits": ({"template": "A", "cost": Decimal(5)},),
}  # fmt: skip
_SIMPLE = (
    'country == "DE"', 'country in ["DE", "FR"] and minor', 'country == "FR" or "NEWS" in groups', "country == null",
    'name.starts_with("Mc")', 'name.ends_with("ld") and score > 2', 'name =~ "Mc[A-Z]"',
    'name.as_lower == "mcdonald"', 'name.as_upper.starts_with("MC")',
    "not minor", "minor", "vip == null", "(vip ?? true)", "score == 3",
    "$any([v.template == \"A\" for v in visits])", "$any([v.template == \"B\" for v in visits])", "visits.length >= 1",
    "$sum([v.cost for v in visits]) > 4", "$sum([v.cost for v in visits]) > 5", "not trades.is_empty",
    "score * 2 - 1 > 4", "score * 2 - 1 > 5", "1 / score > 0", "attributes.tier == null", "attributes.member", "true",
    "false", "rating != null", "(rating ?? 1) > 0", "name[0] == \"M\"", "(minor ? 1 : name) + 1 == 2",
)  # fmt: skip
_MOMENT = MOMENTS[1]


def _rules(texts: Mapping[Any, str]) -> dict[Any, CheckedRule]:
    checked = {}
    for key, text in texts.items():
        try:
            checked[key] = check_language(text, VOCABULARY)
        except RuleError:
            continue
    return checked


def _index(rules: Mapping[Any, CheckedRule], moment: Moment = _MOMENT) -> RuleIndex[Any]:
    index: RuleIndex[Any] = RuleIndex(VOCABULARY, moment)
    for key, rule in rules.items():
        index.add(key, rule)
    return index


def _true(rules: Mapping[Any, CheckedRule], values: Mapping[str, Any], moment: Moment = _MOMENT) -> set[Any]:
    return {key for key, rule in rules.items() if Evaluator(rule, moment).decide(values) is Verdict.TRUE}


def _changed(**changes: Any) -> dict[str, Any]:
    return {**_VALUES, **changes}


@pytest.mark.parametrize("moment", MOMENTS[1:6:2], ids=str)
def test_matches_and_flips_are_those_of_rule_engine(moment: Moment) -> None:
    chance = random.Random(str(moment))
    rules = _rules({text: text for text in [*_SIMPLE, *(random_rule(chance) for _ in range(250))]})
    index = _index(rules, moment)
    evaluators = {key: Evaluator(rule, moment) for key, rule in rules.items()}
    verdicts = [{key: evaluator.decide(values) for key, evaluator in evaluators.items()} for values in _PEOPLE]

    for values, expected in zip(_PEOPLE, verdicts, strict=True):
        assert index.matching(values) == {key for key, verdict in expected.items() if verdict is Verdict.TRUE}
    for (before, after), (was, now) in zip(pairwise(_PEOPLE), pairwise(verdicts), strict=True):
        joined, left = index.flips(before, after)
        assert joined == {key for key in rules if now[key] is Verdict.TRUE and was[key] is not Verdict.TRUE}
        assert left == {key for key in rules if now[key] is Verdict.FALSE and was[key] is not Verdict.FALSE}
    assert {verdict for expected in verdicts for verdict in expected.values()} == set(Verdict)


@pytest.mark.parametrize(
    "changes",
    [
        {"country": "FR"}, {"country": None}, {"name": "Smith"}, {"minor": True}, {"vip": False}, {"score": Decimal(0)},
        {"groups": ()}, {"visits": ()}, {"visits": ({"template": "B", "cost": Decimal(6)},)}, {"trades": ("X",)},
        {"rating": Decimal(2)}, {"attributes": {**_VALUES["attributes"], "tier": "gold", "member": False}},
    ],
    ids=str,
)  # fmt: skip
def test_one_change_flips_what_it_changes(changes: dict[str, Any]) -> None:
    rules = _rules({text: text for text in _SIMPLE})
    index, after = _index(rules), _changed(**changes)
    names = {"attributes.tier", "attributes.member"} if "attributes" in changes else set(changes)
    was, now = _true(rules, _VALUES), _true(rules, after)
    raising = {text for text in rules if Evaluator(rules[text], _MOMENT).decide(after) is Verdict.UNDECIDED}

    assert index.flips(_VALUES, after) == (now - was, was - now - raising)
    assert index.flips(_VALUES, after, names) == (now - was, was - now - raising)
    assert index.flips(after, after) == (set(), set())
    assert index.matching(after, names) == {key for key in now if rules[key].uses & names}


def test_a_rule_that_raises_removes_nobody_and_adds_nobody() -> None:
    index = _index(_rules({"ratio": "1 / score > 0"}))
    one, none, minus = (_changed(score=Decimal(score)) for score in (1, 0, -1))

    assert index.flips(one, none) == (set(), set())
    assert index.flips(minus, none) == (set(), set())
    assert index.flips(none, one) == ({"ratio"}, set())
    assert index.flips(none, minus) == (set(), {"ratio"})


def test_only_rules_that_read_a_changed_name_are_affected() -> None:
    rules = _rules({text: text for text in _SIMPLE})
    index = _index(rules)

    assert index.affected({"country"}) == {text for text in _SIMPLE if "country" in text}
    assert index.affected({"visits.cost"}) == {text for text in _SIMPLE if "v.cost" in text}
    assert index.affected({"visits"}) == {text for text in _SIMPLE if "visits" in text}
    assert index.affected({"attributes.tier", "rating"}) == {
        text for text in _SIMPLE if "attributes.tier" in text or "rating" in text
    }
    assert index.affected({"unheard of"}) == set()


def test_rules_are_replaced_and_taken_out() -> None:
    rules = _rules(dict(enumerate(_SIMPLE)))
    index = _index(rules)
    for key in range(0, len(_SIMPLE), 2):
        index.discard(key)
        del rules[key]
    index.discard("never there")
    rules[1] = check_language('name == "McDonald"', VOCABULARY)
    index.add(1, rules[1])

    assert len(index) == len(rules)
    assert index.matching(_VALUES) == _true(rules, _VALUES)
    assert 1 in index.affected({"name"})
    assert 1 not in index.affected({"country"})
    for key in list(rules):
        index.discard(key)
    assert (len(index), index.matching(_VALUES), index.affected(_VALUES.keys())) == (0, set(), set())


def test_the_clock_moves_the_rules_that_use_it() -> None:
    rules = _rules(
        {"new": 'created_at > $now - t"P30D"', "today": "joined_on == $today", "always": "score > 1"}
    )  # fmt: skip
    moments = (Moment(datetime(2026, 11, 23, 12, tzinfo=UTC)), Moment(datetime(2026, 12, 23, 12, tzinfo=UTC)))
    index = _index(rules, moments[0])

    assert index.clocked() == {"new", "today"}
    assert index.matching(_VALUES) == {"new", "today", "always"}
    index.move_to(moments[1])
    assert index.matching(_VALUES) == _true(rules, _VALUES, moments[1]) == {"always"}
    index.move_to(Moment(moments[0].now, ZoneInfo("Pacific/Apia")))
    assert index.matching(_VALUES) == {"new", "always"}


def test_values_that_are_equal_and_not_the_same_are_a_change() -> None:
    index = _index(_rules({"text": 'balance.to_str == "0.30"', "number": "balance == 0.3"}))
    after = _changed(balance=Decimal("0.30"))

    assert index.flips(_VALUES, after) == ({"text"}, set())
    assert index.flips(_changed(visits=({"template": "A", "cost": Decimal(5)},)), _VALUES) == (set(), set())


def test_values_of_other_types_than_declared_are_left_to_rule_engine() -> None:
    rules = _rules({text: text for text in _SIMPLE})
    index = _index(rules)

    for changes in (
        {"score": "3"},
        {"score": Decimal("snan")},
        {"country": 5},
        {"name": None},
        {"groups": (1,)},
        {"minor": None},
        {"vip": 1},
    ):
        values = _changed(**changes)
        assert index.matching(values) == _true(rules, values)


def test_a_missing_name_is_the_callers_mistake() -> None:
    index = _index(_rules({"loop": "$any([v.cost > 1 for v in visits])", "plain": "score > 1"}))

    with pytest.raises(KeyError, match="score"):
        index.matching({"visits": ()})
    assert index.matching({"score": Decimal(2)}, {"score"}) == {"plain"}


def test_attributes_made_later_are_learnt_with_their_rules() -> None:
    index = _index(_rules({"old": "score > 1"}))
    sample = VOCABULARY.symbols["attributes.tier"]
    newer = replace(sample, name="attributes.shoe_size")
    symbols: dict[str, Symbol] = {**VOCABULARY.symbols, newer.name: newer}
    index.add("new", check_rule('attributes.shoe_size == "46"', replace(VOCABULARY, symbols=symbols)))

    values = _changed(attributes={**_VALUES["attributes"], "shoe_size": "46"})
    assert index.matching(values) == {"old", "new"}


def test_what_several_rules_compare_is_computed_once() -> None:
    class Costs(dict[str, Any]):
        reads = 0

        def __getitem__(self, name: str) -> Any:
            Costs.reads += 1
            return super().__getitem__(name)

    index = _index(_rules({limit: f"$sum([v.cost * 2 for v in visits]) > {limit}" for limit in range(50)}))
    visits = tuple(Costs(cost=Decimal(cost)) for cost in (3, 4))

    assert index.matching({"visits": visits}) == set(range(14))
    assert Costs.reads == len(visits)


def test_parts_that_only_look_alike_are_not_shared() -> None:
    rules = _rules({text: text for text in ('(score * 1).to_str == "3"', '(score * 1.0).to_str == "3.0"')})

    assert _index(rules).matching(_VALUES) == _true(rules, _VALUES) == set(rules)


def test_reading_and_writing_at_once() -> None:
    rules = _rules({number: f'country == "DE" and score > {number % 7}' for number in range(300)})
    index = _index({key: rule for key, rule in rules.items() if key % 2})
    expected = _true({key: rule for key, rule in rules.items() if key % 2}, _VALUES)

    def write(key: int) -> set[Any]:
        index.add(key, rules[key])
        found = index.matching(_VALUES)
        index.discard(key)
        return {other for other in found if other % 2}

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(write, range(0, 300, 2)))

    assert all(seen == expected for seen in found)
    assert index.matching(_VALUES) == expected


def test_the_end_of_a_loop_is_kept() -> None:
    index = _index(_rules({"many": "[[w for w in visits].length for v in visits].length > 0"}))
    many = tuple({"cost": Decimal(number)} for number in range(400))

    assert index.matching({"visits": many}) == set()
    assert index.matching({"visits": many[:100]}) == {"many"}
    assert index.flips({"visits": many}, {"visits": ()}) == (set(), {"many"})


def test_a_change_in_days_is_a_change() -> None:
    rules = _rules({days: f'joined_on > $today - t"P{days}D"' for days in range(1, 60)})
    index = _index(rules, Moment(datetime(2026, 11, 23, 12, tzinfo=UTC)))
    before, after = (_changed(joined_on=date(2026, 11, 23) - timedelta(days=days)) for days in (10, 30))

    assert index.flips(before, after) == (set(), set(range(11, 31)))
