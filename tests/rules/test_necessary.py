"""The simple questions that are necessary for rules: which they are, and that nobody who answers no was needed."""

import random
from collections.abc import Mapping
from typing import Any

import pytest

from server.errors import RuleError
from server.rules import Evaluator, NecessaryKind, NecessaryTest, TextForm, Verdict, necessary_test, necessary_tests
from server.rules.language.check import check_language
from tests.rules.moments import MOMENTS
from tests.rules.people import VOCABULARY, make_people
from tests.rules.rule_texts import random_rule

_PEOPLE = list(make_people(count=80, seed=20261126).values.values())


def _asked(test: NecessaryTest) -> str:
    """Return a question in short: ``country EQUALS_ANY 'DE'``."""
    form = f".{test.form}" if test.form else ""
    values = " ".join(sorted(map(str, test.values)))
    return f"{test.symbol}{form} {test.kind} {values}".strip()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ('country == "DE"', "country EQUALS_ANY DE"),
        ('"DE" == country', "country EQUALS_ANY DE"),
        ('country in ["DE", "FR", null]', "country EQUALS_ANY DE FR None"),
        ("country == null", "country EQUALS_ANY None"),
        ('(country ?? "DE") == "DE"', "country EQUALS_ANY DE None"),
        ('(country ?? "FR") == "DE"', "country EQUALS_ANY DE"),
        ("country != null", "country NOT_NULL"),
        ('not (country != "DE")', "country EQUALS_ANY DE"),
        ("score == -3", "score EQUALS_ANY -3"),
        ("(rating ?? 0) >= 50", "rating NOT_NULL"),
        ("50 > (rating ?? 100)", "rating NOT_NULL"),
        ("minor", "minor EQUALS_ANY True"),
        ("not minor", "minor EQUALS_ANY False"),
        ("minor == false", "minor EQUALS_ANY False"),
        ("vip != true", "vip EQUALS_ANY False None"),
        ("(vip ?? true)", "vip EQUALS_ANY None True"),
        ("not (vip ?? false)", "vip EQUALS_ANY False None"),
        ("attributes.member", "attributes.member EQUALS_ANY True"),
        ('attributes.tier == "gold"', "attributes.tier EQUALS_ANY gold"),
        ('name.as_lower == "mc"', "name.as_lower EQUALS_ANY mc"),
        ('(country ?? "DE").as_lower == "de"', "country.as_lower EQUALS_ANY None de"),
        ('name.as_upper.starts_with("MC")', "name.as_upper PREFIX MC"),
        ('name.starts_with("Mc")', "name PREFIX Mc"),
        ('name.ends_with("ld")', "name SUFFIX ld"),
        ('name =~ "Mc[a-z]+"', "name PREFIX Mc"),
        ('name =~~ "^Mc"', "name PREFIX Mc"),
        ("name.is_empty", "name EQUALS_ANY"),
        ('"NEWS" in groups', "groups HAS_CODE NEWS"),
        ("country in groups", "groups NOT_EMPTY"),
        ("(groups or false)", "groups NOT_EMPTY"),
        ("not groups.is_empty", "groups NOT_EMPTY"),
        ("groups.length > 0", "groups NOT_EMPTY"),
        ("3 <= groups.length", "groups NOT_EMPTY"),
        ('$any([g == "NEWS" for g in groups])', "groups HAS_CODE NEWS"),
        ('$any([v.template == "A" and v.cost > 3 for v in visits])', "visits.template HAS_MEMBER A"),
        ('[v for v in visits if v.template in ["A", "B"]].length >= 3', "visits.template HAS_MEMBER A B"),
        ('$sum([v.cost for v in visits if v.template == "A"]) > 5', "visits.template HAS_MEMBER A"),
        ("$sum([v.cost for v in visits]) != 0", "visits NOT_EMPTY"),
        ("not $all([v.canceled for v in visits])", "visits.canceled HAS_MEMBER False"),
        ('"A" in [v.template for v in visits]', "visits.template HAS_MEMBER A"),
        ('$any([country == "DE" and v.cost > 3 for v in visits])', "country EQUALS_ANY DE"),
        ('name.length > 3 and country == "DE"', "country EQUALS_ANY DE"),
        ('minor and country == "DE" and not vip', "country EQUALS_ANY DE"),
        ('created_at > $now - t"P30D" and country == "DE"', "country EQUALS_ANY DE"),
        ('country == "DE" and 1 / score > 2', "country EQUALS_ANY DE"),
        ('(country == "DE" and minor) == true', "country EQUALS_ANY DE"),
        ('country == "DE" or country == "FR"', "country EQUALS_ANY DE FR"),
        ('(minor ? country == "DE" : country == "FR")', "country EQUALS_ANY DE FR"),
        ('not (country != "DE" or score < 3)', "country EQUALS_ANY DE"),
        ('not (country != "DE" and language != "de")', "country EQUALS_ANY DE | language EQUALS_ANY de"),
        ('country == "DE" or "NEWS" in groups', "country EQUALS_ANY DE | groups HAS_CODE NEWS"),
        ('(country ?? "Mc").starts_with("M")', "country EQUALS_ANY None | country PREFIX M"),
        ("false", ""),
        ("country == 5", ""),
        ('country == "DE" and false', ""),
        # nothing is necessary, or what is necessary stands behind what may raise
        ("true", None),
        ('country != "DE"', None),
        ("country == language", None),
        ("score > 3", None),
        ('"c" in name', None),
        ('name =~~ "Mc"', None),
        ('name.starts_with("")', None),
        ("groups.is_empty", None),
        ("groups.length < 3", None),
        ("groups.length >= 0", None),
        ("$all([v.canceled for v in visits])", None),
        ("$max([v.cost for v in visits]) > 3", None),
        ('not $any([v.template == "A" for v in visits])', None),
        ('1 / score > 2 and country == "DE"', None),
        ('country == "DE" or score > 3', None),
        ('name.to_int > 3 and country == "DE"', None),
        ("$any([1 / v.cost > 0 and v.template == \"A\" for v in visits])", "visits NOT_EMPTY"),
        ('(1 / score > 2 ? country == "DE" : country == "FR")', None),
    ],
)  # fmt: skip
def test_what_is_necessary(text: str, asked: str | None) -> None:
    tests = necessary_tests(check_language(text, VOCABULARY))

    assert (None if tests is None else " | ".join(sorted(map(_asked, tests)))) == asked


def test_one_question_or_none() -> None:
    one, two, never, nothing = (
        necessary_test(check_language(text, VOCABULARY))
        for text in ('country == "DE"', 'country == "DE" or vip', "false", "score > 1")
    )

    assert one == NecessaryTest(NecessaryKind.EQUALS_ANY, "country", frozenset(["DE"]))
    assert (two, never, nothing) == (None, None, None)


def test_only_questions_that_are_of_use() -> None:
    rule = check_language('country == "DE" and name.starts_with("Mc")', VOCABULARY)

    tests = necessary_tests(rule, lambda test: test.symbol != "country")
    assert tests == (NecessaryTest(NecessaryKind.PREFIX, "name", frozenset(["Mc"])),)
    assert necessary_tests(rule, lambda test: test.kind is NecessaryKind.HAS_CODE) is None


def _answers(test: NecessaryTest, values: Mapping[str, Any]) -> bool:
    owner, _, member = test.symbol.partition(".")
    if test.kind is NecessaryKind.HAS_MEMBER:
        return any(row[member] in test.values for row in values[owner])
    value = values[owner][member] if member else values[owner]
    if test.kind is NecessaryKind.NOT_EMPTY:
        return len(value) > 0
    if test.kind is NecessaryKind.HAS_CODE:
        return not test.values.isdisjoint(value)
    if test.kind is NecessaryKind.NOT_NULL:
        return value is not None
    if test.form is not TextForm.AS_IS and value is not None:
        value = value.lower() if test.form is TextForm.LOWER else value.upper()
    if test.kind is NecessaryKind.EQUALS_ANY:
        return value in test.values
    affixes = tuple(test.values)
    if value is None:
        return False
    return bool(value.startswith(affixes) if test.kind is NecessaryKind.PREFIX else value.endswith(affixes))


def test_who_answers_no_is_surely_not_meant() -> None:
    chance = random.Random(20261126)
    kinds: set[NecessaryKind] = set()
    spared = 0
    # random rules ask for the least telling of questions, not being null, too seldom to count on it
    for text in ["born_on != null", *(random_rule(chance) for _ in range(700))]:
        try:
            rule = check_language(text, VOCABULARY)
        except RuleError:
            continue
        tests = necessary_tests(rule)
        if tests is None:
            continue
        kinds |= {test.kind for test in tests}
        evaluator = Evaluator(rule, MOMENTS[1])
        others = [values for values in _PEOPLE if not any(_answers(test, values) for test in tests)]
        spared += len(others)
        assert {evaluator.decide(values) for values in others} <= {Verdict.FALSE}, rule.text

    assert kinds == set(NecessaryKind)
    assert spared > 3_000
