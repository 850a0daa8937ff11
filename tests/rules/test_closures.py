"""The functions made of rules, held against rule-engine where the two could part."""

import decimal
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.clock import Moment
from server.errors import RuleError
from server.rules import CheckedRule, Evaluator, Verdict, compile_closure
from server.rules.language.check import check_language
from server.rules.one_contact.closures import rule_source
from server.rules.one_contact.contact_values import PreparedContact
from tests.rules.moments import MOMENTS
from tests.rules.people import VOCABULARY, make_people
from tests.rules.rule_texts import rules

_PEOPLE = list(make_people(count=60, seed=20261124).values.values())
_FEW = _PEOPLE[::4]
_NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001 - what must not happen

# what looks like Python's meaning and is not, or needs a form of its own
_FORMS = (
    # null where the types say there is none: items of lists and mappings
    "name&[5] < nick&[5]", "name&[9] <= nick&[9]", 'name&[3] =~ "a"', 'name&[3] !~ "a"', "name&[2].is_empty",
    "name&[2]&.is_empty", "name&[2]&.length == 1", "name&[2].to_str == name", "name&[0] in nick", "not name&[4]",
    '{"a": 1, "b": null}&[name] == null', '{"a": 1, "Mc": null}&[name] < 2', '{"a": 1, "Mc": null}[name] == 1',
    "visits&[0]&.cost == 1", "visits&[1].cost > 1", "visits[0].cost > 1 or minor", "visits[-1].canceled",
    "[v for v in visits if v.canceled]&[0]&.subject == null", "[v.grade for v in visits]&[0] == null",
    '(visits&[0] ?? visits&[1])&.cost == 3', "[score, balance][minor ? 0 : 1] > 1", 'name[0.5] == "M"',
    "{1: 2}&[true] == null", "{true: 2}&[minor] == 2", '{"a": {"b": 3}}&["a"]&[nick] == 3', "name[score] == name[0]",
    # slices
    'name[null:2] == "Mc"', "name[score:] == nick", "name&[0:1] == nick&[0:1]", "groups[1:].length == 1",
    "visits[:1] == visits[0:1]", "visits[:1] < visits[:2]", 'name[0.5:] == "M"', "name[:-1] in [name]",
    # lists, sets and mappings
    '[name, nick] < [nick, name]', "[score, null] >= [score, null]", "[score, 1] < [balance, 2, 3]", "groups < trades",
    "groups == trades", "[1, 2] == [1, 2] and minor", "{1, score} == {score, 1}", "{name, nick}.length == 1",
    "{1, {name}}.length == 1", '{"a": score, "b": 2} == {"b": 2, "a": score}', '{"a": score}.values[0] == score',
    '{"a": score}.keys.length == 1', '"a" in {"a": score}', "score in {1, 2, 3, 4, 5, 6}",
    "groups.to_set == trades.to_set", "[v for v in visits] == visits", "visits.to_ary == [v for v in visits]",
    "groups.to_ary == [g for g in groups]", "[v.cost for v in visits].to_ary == [1]",
    "[[v] for v in visits].to_ary.length == 1",
    "[v == v for v in visits].length == visits.length",
    "score in [true, 2, 3, 4, 5, 6]", 'name in ["a", "b", "c", "d", "e", null]', "country in [1, 2, 3, null]",
    '(rating ?? 2) in [1, 2, 3, 4, 5, 0.1]', "visits.is_empty == (visits.length == 0)", "(groups or visits)",
    "(groups and visits) == true", "not (name or score)", "(name and score) == true", "(minor or name) != false",
    # numbers
    "-score < -1", "- (score - balance) == balance - score", "score // balance == 0 or minor", "score % 3 == -1",
    "-7 // 2 == -3 and minor", "balance / 3 * 3 == balance", "(balance * 1e28 + 1) - balance * 1e28 == 1",
    "score.floor == score", "balance.ceiling - balance.floor == 1", "balance.is_nan", "name.to_flt.is_nan",
    "name.to_flt == name.to_flt", "name.to_flt < 3", "name.to_flt.floor == 3", "balance.to_int == balance",
    "name.to_int == 3", 'balance.to_str == "1.5"', "$abs(balance) == balance", "$parse_float(name) == 3",
    "$sum([v.grade for v in visits]) > 1", "$max([v.grade for v in visits]) == null", "$min([score, balance]) == 1",
    "$max([v.cost for v in visits]) > 1", "$sum([]) == 0 and minor", "$max([]) == 0 or minor", "$sum([score, 1]) > 2",
    "$sum([v.subject.length for v in visits]) > 3", "$sum([v.on.year for v in visits]) > 4000", "score == $e",
    "name.length == 2", "name.length < 2.5", "name.length == score", "2 <= name.length", "1e30 > name.length",
    # dates
    "created_at + t\"P1D\" > $now", "t\"P1D\" + created_at > $now", "(created_at - joined_on).days == 0",
    "(created_at - joined_on).total_seconds > 0.5", "-(created_at - joined_on) > t\"P0D\"",
    "created_at.date == joined_on",
    "(created_at + t\"P40D\").hour == created_at.hour", "joined_on.weekday == (joined_on + t\"P7D\").weekday",
    "created_at.millisecond > 0.5", "created_at.to_epoch > 0", 'created_at.zone_name == "UTC"',
    "joined_on.date == joined_on",
    "created_at.date.hour == 1", 'created_at.date.weekday == "Saturday"', "joined_on.date.hour == 0",
    "seen_at&.hour == 3", "(seen_at&.date ?? $today) == $today", "born_on&.weekday == \"Friday\"", "$today.hour == 0",
    "$now == $now and minor", "d\"2011-12-30\".day == 31", "(born_on ?? d\"2026-03-29T02:30:00\").hour == 3",
    "$parse_datetime(name) > $now", "$parse_timedelta(name) == t\"P1D\"", "created_at + t\"P3000000D\" > $now or minor",
    "[v.at for v in visits][0].hour == 3", "$any([v.at.date == v.on for v in visits])",
    # loops, and names in them
    "[[x.cost for x in visits].length for x in visits]&[0] == 1", "[name for name in groups]&[0] == name",
    "[attributes.cost for attributes in visits].length == 1",
    "$any([$any([w.cost > v.cost for w in visits]) for v in visits])",
    "$any([[w for w in visits if w.cost > v.cost].length > 0 for v in visits if v.cost > score])",
    "$any([g in trades for g in groups])", "[g for g in groups if g == name] == groups", "$all([g for g in groups])",
    "$any([v for v in visits])", "$any(groups)", "$all(trades)", "$any([1 / v.cost > 1 for v in visits])",
    "[1 / v.cost for v in visits].length < 2", "[1 / v.cost for v in visits].is_empty", "$any([minor for v in visits])",
    "$all([[w for w in visits if w == v].length == 1 for v in visits])",
    "3 in [v.grade for v in visits]", "null in [v.grade for v in visits]", "[v.cost for v in visits if false] == []",
    # what cannot be computed, and is reached or not
    "minor and ($now - t\"P999999999D\") < $now", "minor ? 1 / score > 1 : vip",
    "(rating ?? 1 / score) > 1", "not (1 / score > 1)", "$now - t\"P999999999D\" < $now or minor",
    # types that are not known before
    "(minor ? 1 : \"a\") == 1", "(minor ? 1 : name) < 2", "(minor ? null : score) <= null", "-(minor ? 1 : null) == -1",
    "(minor ? [1] : groups) == [1]", "name == score", "country == rating",
    "vip == rating", "minor != score", "minor == 1", "not (vip == 1)",
    "(minor ? true : 0) == 1", "null == country", "null != rating", "country == null or null == vip",
    "(country ?? null) == null", "vip == (minor ? true : null)", "(vip ?? minor) == true", "null <= null and minor",
)  # fmt: skip
_BY_RULE_ENGINE = (
    "(minor ? 1 : name).length == 1", "(minor ? [1] : name) == 1 or 1 in (minor ? [1] : name)",
    "groups.starts_with([\"A\"])", "$sum([minor ? 1 : true, 1]) == 2", "(minor ? $abs : $abs)(score) > 1",
    "name in {name: 1}", "{score: 1, balance: 2}&[score] == 1", "(minor ? 1 : name) + 1 == 2",
)  # fmt: skip


def _checked(text: str) -> CheckedRule | None:
    try:
        return check_language(text, VOCABULARY)
    except RuleError:
        return None


def _accepted(texts: tuple[str, ...]) -> Iterator[Any]:
    for text in texts:
        yield pytest.param(text, id=text)


def _compare(rule: CheckedRule, moment: Moment, people: list[dict[str, Any]]) -> set[Verdict]:
    evaluator, closure = Evaluator(rule, moment), compile_closure(rule, moment)
    expected = [evaluator.decide(values) for values in people]
    assert [closure.decide(values) for values in people] == expected
    return set(expected)


@pytest.mark.parametrize("text", _FORMS)
def test_every_form_says_what_rule_engine_says(text: str) -> None:
    rule = check_language(text, VOCABULARY)

    assert compile_closure(rule, MOMENTS[0]).native
    for moment in MOMENTS:
        _compare(rule, moment, _FEW)


@pytest.mark.parametrize("text", _BY_RULE_ENGINE)
def test_what_has_no_form_is_left_to_rule_engine(text: str) -> None:
    rule = check_language(text, VOCABULARY)

    assert not compile_closure(rule, MOMENTS[0]).native
    _compare(rule, MOMENTS[0], _FEW)


def test_the_forms_reach_every_verdict() -> None:
    reached = [_compare(check_language(text, VOCABULARY), MOMENTS[1], _FEW) for text in _FORMS]

    assert set.union(*reached) == set(Verdict)
    assert sum(len(verdicts) > 1 for verdicts in reached) > len(_FORMS) / 2


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(rules(), st.sampled_from(MOMENTS))
def test_random_rules_say_what_rule_engine_says(text: str, moment: Moment) -> None:
    try:
        rule = check_language(text, VOCABULARY)
    except RuleError:
        return
    _compare(rule, moment, _FEW)


def test_nothing_that_a_user_wrote_is_in_the_source() -> None:
    text = (
        'name == "wwww" and attributes.tier in ["yyyy", "zzzz"] and $any([vvvv.cost > 12345 for vvvv in visits])'
        ' and joined_on > d"2026-02-03" and nick =~ "uuuu.*" and {"rrrr": 1}&[name] == 67890'
    )
    source = rule_source(check_language(text, VOCABULARY), MOMENTS[0]).text

    words = {"wwww", "yyyy", "zzzz", "vvvv", "uuuu", "rrrr", "12345", "67890", "2026", "name", "tier", "cost", "visits"}
    assert [word for word in words if word in source] == []


def test_constant_parts_are_computed_once() -> None:
    source = rule_source(check_language('created_at > $now - t"P15D" - t"P15D"', VOCABULARY), MOMENTS[0])

    assert list(source.names.values()) == ["created_at", MOMENTS[0].now - timedelta(days=30)]


def test_rules_of_one_shape_share_one_source() -> None:
    texts = ('country == "DE" and score > 5', 'language == "x" and attributes.points > 0.5')
    sources = [rule_source(check_language(text, VOCABULARY), MOMENTS[0]) for text in texts]

    assert sources[0].text == sources[1].text
    assert list(sources[0].names.values()) == ["country", "DE", "score", Decimal(5)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("score", "3"), ("score", None), ("score", True), ("score", 3.5), ("score", Decimal("nan")), ("name", None),
        ("name", 3), ("minor", None), ("minor", 1), ("created_at", None),
        ("created_at", _NAIVE), ("joined_on", _NAIVE), ("groups", (1,)), ("groups", ["A"]),
        ("country", 5), ("vip", "yes"), ("joined_on", datetime(2026, 6, 15, 3, tzinfo=UTC)),
        ("created_at", datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_values_of_other_types_than_declared_mean_what_they_mean_to_rule_engine(name: str, value: Any) -> None:
    texts = (
        f"{name} == null", f"not {name}", f"{name} == score", f"({name} ?? {name}) == {name}", f"{name} in [3, null]",
        "score < 4", "name == nick", "created_at.hour == 2", "joined_on < $now", '"A" in groups', "(minor or vip)",
        "groups.length == 1", "score + 1 == 4",
    )  # fmt: skip
    values = {**_PEOPLE[0], name: value}
    for rule in filter(None, map(_checked, texts)):
        for moment in MOMENTS[:3]:
            _compare(rule, moment, [values])


def test_a_name_that_is_missing_is_the_callers_mistake() -> None:
    closure = compile_closure(check_language("score > 1", VOCABULARY), MOMENTS[0])
    loop = compile_closure(check_language("$any([v.cost > 1 for v in visits])", VOCABULARY), MOMENTS[0])

    with pytest.raises(KeyError, match="score"):
        closure.decide({"name": "x"})
    with pytest.raises(KeyError, match="cost"):
        loop.decide({"visits": ({"on": date(2026, 1, 1)},)})


def test_loops_have_an_end() -> None:
    rule = check_language("[[w for w in visits].length for v in visits].length >= 0", VOCABULARY)
    one = {"visits": ({"cost": Decimal(1)},) * 400}

    assert compile_closure(rule, MOMENTS[0]).decide(one) is Verdict.UNDECIDED
    assert compile_closure(rule, MOMENTS[0]).decide({"visits": one["visits"][:200]}) is Verdict.TRUE


def test_numbers_are_computed_with_the_digits_of_the_language() -> None:
    closure = compile_closure(check_language("score / 3 * 3 < 1 and score / 7 != 0.143", VOCABULARY), MOMENTS[0])

    with decimal.localcontext(decimal.Context(prec=3)):
        assert closure.decide({"score": Decimal(1)}) is Verdict.TRUE


def test_a_closure_keeps_its_moment() -> None:
    rule = check_language('$now > d"2026-06-01" and created_at < $today', VOCABULARY)
    instants = (datetime(2026, 6, 15, tzinfo=UTC), datetime(2026, 5, 15, tzinfo=UTC))
    early, late = (compile_closure(rule, Moment(now)) for now in (instants[1], instants[0]))
    values = {"created_at": datetime(2026, 6, 14, tzinfo=UTC)}

    assert (early.decide(values), late.decide(values)) == (Verdict.FALSE, Verdict.TRUE)


class _Counted(dict[str, Any]):
    """Values of a contact that count how often each is read."""

    reads: int = 0

    def __getitem__(self, name: str) -> Any:
        self.reads += 1
        return super().__getitem__(name)


def test_a_prepared_contact_is_converted_once_for_all_rules() -> None:
    values = _Counted(_PEOPLE[0])
    closures = [
        compile_closure(check_language(f'joined_on > d"2026-01-{day:02}" and name != nick', VOCABULARY), MOMENTS[1])
        for day in range(1, 29)
    ]
    contact = PreparedContact(values, VOCABULARY, MOMENTS[1].zone)

    assert [closure.decide(contact) for closure in closures] == [closure.decide(_PEOPLE[0]) for closure in closures]
    assert values.reads <= 3


def test_one_closure_serves_many_threads() -> None:
    rule = check_language("$sum([v.cost for v in visits]) == score and $max([v.cost for v in visits]) == 1", VOCABULARY)
    closure = compile_closure(rule, MOMENTS[0])
    people: list[Mapping[str, Any]] = [
        {"visits": tuple({"cost": Decimal(1)} for _ in range(count)), "score": Decimal(count)} for count in range(1, 40)
    ]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(closure.decide, people * 30)) == {Verdict.TRUE}


def test_objects_that_look_alike_are_two() -> None:
    rule = check_language("[[w for w in visits if w == v].length for v in visits] == [1, 1]", VOCABULARY)
    values = {"visits": ({"cost": Decimal(1)}, {"cost": Decimal(1)})}

    assert (
        compile_closure(rule, MOMENTS[0]).decide(values) is Evaluator(rule, MOMENTS[0]).decide(values) is Verdict.TRUE
    )


def test_a_deep_rule_has_a_function() -> None:
    text = "(" * 18 + "minor" + " and not vip or score > 1)" * 18
    rule = check_language(text, VOCABULARY)

    assert compile_closure(rule, MOMENTS[0]).native
    _compare(rule, MOMENTS[0], _FEW)
