"""A rule in English: usual rules read well, odd ones stay apart."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from sqlalchemy import ColumnElement, column

from server.clock import Moment
from server.errors import RuleError
from server.rules import CheckedRule, Evaluator, Symbol, ValueType, Verdict, Vocabulary, check_rule, rule_sentence
from server.rules.language.check import check_language
from server.rules.language.symbols import CodeSet, Collection, ColumnSource
from tests.rules.moments import MOMENTS
from tests.rules.people import VOCABULARY, make_people
from tests.rules.rule_texts import random_rule

TEXT, CODE, NUMBER = ValueType.TEXT, ValueType.CODE, ValueType.NUMBER
BOOLEAN, DATE, DATETIME = ValueType.BOOLEAN, ValueType.DATE, ValueType.DATETIME


def symbols(kind: ValueType, names: str, *, nullable: bool = False) -> dict[str, Symbol]:
    return {name: Symbol(name, kind, ColumnSource(column(name)), nullable=nullable) for name in names.split()}


KEY: ColumnElement[Any] = column("id")
CONTACTS = Vocabulary(
    key=KEY,
    symbols={
        **symbols(TEXT, "no name city email job_title"),
        **symbols(CODE, "type"),
        **symbols(CODE, "country language salesperson company_no", nullable=True),
        **symbols(BOOLEAN, "minor privacy_blocked attributes.vip"),
        **symbols(BOOLEAN, "subscribed", nullable=True),
        **symbols(NUMBER, "interaction_count interaction_cost attributes.points"),
        **symbols(NUMBER, "rating", nullable=True),
        **symbols(DATETIME, "created_at modified_at"),
        **symbols(DATE, "last_interaction_on", nullable=True),
        **symbols(TEXT, "attributes.tier"),
    },
    code_sets={"mailing_groups": CodeSet("mailing_groups", KEY, KEY, KEY)},
    collections={
        "interactions": Collection(
            "interactions",
            KEY,
            KEY,
            KEY,
            {
                **symbols(DATE, "on"),
                **symbols(DATETIME, "at"),
                **symbols(CODE, "template evaluation salesperson", nullable=True),
                **symbols(BOOLEAN, "canceled"),
                **symbols(NUMBER, "cost duration"),
            },
        )
    },
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (('country in ["DE", "AT", "CH"] and [i for i in interactions if i.template == "MEETING" and '
         'i.on >= d"2026-01-01"].length >= 3'),
         ("The contact's country is DE, AT or CH, and it has at least 3 interactions of template MEETING since "
         "1 January 2026.")),
        ("true", "Every contact."),
        ("false", "No contact."),
        ('country == "DE"', "The contact's country is DE."),
        ('"DE" == country', "The contact's country is DE."),
        ('country != "DE"', "The contact's country is not DE."),
        ("country == null", "The contact's country is blank."),
        ('country not in ["DE", null]', "The contact's country is none of DE or blank."),
        ('city == "Berlin"', 'The contact\'s city is "Berlin".'),
        ('email != ""', "The contact's email is not empty."),
        ('no == "CT1" and company_no != null', "The contact's number is CT1, and its company number is not blank."),
        ("country == language", "The contact's country is its language."),
        ('type == "PERSON" and not minor', 'The contact\'s type is PERSON, and it is not marked "minor".'),
        ("not privacy_blocked or attributes.vip",
         'Either the contact is not marked "privacy blocked", or it is marked "attribute vip".'),
        ("subscribed == false", "The contact's subscribed is false."),
        ("(subscribed ?? true)", "The contact's subscribed (or true if blank) counts as true."),
        ("interaction_count >= 3", "The contact's interaction count is at least 3."),
        ("3 <= interaction_count", "The contact's interaction count is at least 3."),
        ("not (interaction_count >= 3)", "The contact's interaction count is not at least 3."),
        ("interaction_count in [1, 2]", "The contact's interaction count is 1 or 2."),
        ("(rating ?? 0) > 5", "The contact's rating (or 0 if blank) is more than 5."),
        ("attributes.points < -2.5", "The contact's attribute points is less than -2.5."),
        ("interaction_cost / (interaction_count + 1) > 5.5",
         "The contact's interaction cost divided by (its interaction count plus 1) is more than 5.5."),
        ("$abs(interaction_cost) // 2 * 3 == 9",
         "((The absolute value of the contact's interaction cost) divided without remainder by 2) times 3 is 9."),
        ("name.length % 2 == 0", "(The length of the contact's name) modulo 2 is 0."),
        ('name.starts_with("Mc")', 'The contact\'s name starts with "Mc".'),
        ('not name.ends_with("x")', 'The contact\'s name does not end with "x".'),
        ('"Manager" in job_title', 'The contact\'s job title contains "Manager".'),
        ('"Manager" not in job_title', 'The contact\'s job title does not contain "Manager".'),
        ('name =~ "Mc.*"', 'The contact\'s name begins with a match of "Mc.*".'),
        ('name !~~ "test"', 'The contact\'s name does not contain a match of "test".'),
        ('name.as_lower == "bob"', 'The contact\'s name in lower case is "bob".'),
        ('name > "M"', "The contact's name is sorted after M."),
        ('name[0] == "M" and name[1:] != "c"',
         'Item 0 of the contact\'s name is M, and the part [1:] of its name is not "c".'),
        ('{"DE": 1}&[country] == 1', "What {DE: 1} has for the contact's country (if not blank) is 1."),
        ('country&.as_lower == "de"', 'The contact\'s country in lower case (if not blank) is "de".'),
        ('"NEWS" in mailing_groups', "The contact's mailing groups include NEWS."),
        ('"NEWS" not in mailing_groups', "The contact's mailing groups do not include NEWS."),
        ("mailing_groups.is_empty", "The contact has no mailing group."),
        ("mailing_groups.length >= 2", "The contact has at least 2 mailing groups."),
        ("$any([g.starts_with(\"A\") for g in mailing_groups])",
         "The contact has a mailing group for which (it starts with A)."),
        # time
        ('created_at >= d"2026-01-01"', "The contact was created on 1 January 2026 or later."),
        ('created_at < d"2026-01-01T12:30:00"', "The contact was created before 1 January 2026 12:30."),
        ('created_at > d"2026-01-01T12:30:05+02:00"', "The contact was created after 1 January 2026 12:30:05 +02:00."),
        ('created_at == d"2026-01-01T00:00:00Z"', "The time the contact was created is 1 January 2026 00:00 UTC."),
        ('created_at >= $now - t"P7D"', "The contact was created 7 days before now or later."),
        ('(last_interaction_on ?? d"1900-01-01") < $today - t"P90D"',
         "The contact's last interaction (or 1 January 1900 if blank) is earlier than 90 days before today."),
        ("last_interaction_on == null", "The contact's last interaction is blank."),
        ("($now - modified_at).days > 365",
         "The number of full days from the time the contact was modified to now is more than 365."),
        ('$now - created_at > t"P1DT1H30M0.5S"',
         "The time from the time the contact was created to now is more than 1 day 1 hour 30 minutes 0.5 seconds."),
        ('created_at.year == 2026 and created_at.weekday == "Monday"',
         ('The year of the time the contact was created is 2026, and the weekday of the time it was created is '
         '"Monday".')),
        ('created_at <= d"2024-03-28"', "The contact was created at 28 March 2024 00:00 or earlier."),
        ('created_at > d"2024-03-28"', "The contact was created after 28 March 2024 00:00."),
        ('created_at == d"2024-03-28"', "The time the contact was created is 28 March 2024 00:00."),
        ('created_at in [d"2024-03-28"]', "The time the contact was created is 28 March 2024 00:00."),
        ("created_at > $today", "The contact was created after the start of today."),
        ("$today > created_at", "The contact was created before today."),
        ('created_at > $today - t"P7D"', "The contact was created later than 7 days before the start of today."),
        ('created_at > (last_interaction_on ?? d"2024-03-28")',
         ("The contact was created after the start of the day of (its last interaction (or 28 March 2024 if blank)).")),
        ('(last_interaction_on ?? d"1900-01-01") > d"2024-03-28"',
         "The contact's last interaction (or 1 January 1900 if blank) is after 28 March 2024."),
        ('created_at.date > d"2024-03-28"', "The day of the time the contact was created is after 28 March 2024."),
        # loops
        ('$any([i.evaluation == "POSITIVE" for i in interactions])',
         "The contact has an interaction of evaluation POSITIVE."),
        ('not $any([i.cost > 5 and i.duration < 2 for i in interactions if not i.canceled])',
         ('The contact has no interaction not marked "canceled" whose cost is more than 5 and whose duration is less '
         "than 2.")),
        ('$all([i.cost < 10 for i in interactions if i.template != "MAIL"])',
         "Every one of the contact's interactions not of template MAIL is one whose cost is less than 10."),
        ('not $all([i.canceled for i in interactions])',
         'Not every one of the contact\'s interactions is one marked "canceled".'),
        ('$sum([i.cost for i in interactions if i.on >= d"2026-01-01"]) > 500',
         "The total cost of the contact's interactions since 1 January 2026 is more than 500."),
        ("$max([i.cost * 2 for i in interactions]) <= 9",
         "The highest of (its cost times 2) for each of the contact's interactions is at most 9."),
        ('"MAIL" in [i.template for i in interactions if i.canceled]',
         'MAIL is the template of one of the contact\'s interactions marked "canceled".'),
        ("[i for i in interactions if i.cost > 5 or i.canceled].length == 1",
         ('The contact has exactly 1 interaction for which (either its cost is more than 5 or it is marked '
         '"canceled").')),
        ("$any([i.salesperson == salesperson for i in interactions])",
         "The contact has an interaction whose salesperson is the contact's salesperson."),
        ("$any([$any([j.cost > i.cost for j in interactions]) for i in interactions])",
         ("The contact has an interaction for which (the contact has an interaction whose cost is more than the outer "
         "interaction's cost).")),
        (('[i for i in interactions if i.on < d"2026-01-01" or i.on <= d"2025-01-01"].length < 2 and '
         '$any([i.on <= d"2026-01-01" and i.on > d"2025-01-01" for i in interactions]) and '
         '[i for i in interactions if i.on < d"2026-01-01"].is_empty'),
         ("The contact has fewer than 2 interactions for which (either its date is before 1 January 2026 or its date "
         "is 1 January 2025 or earlier), and it has an interaction until 1 January 2026 after 1 January 2025, and it "
         "has no interaction before 1 January 2026.")),
        # precedence
        ('country == "DE" or city == "Berlin" and not minor',
         'Either the contact\'s country is DE, or its city is "Berlin" and it is not marked "minor".'),
        ('(country == "DE" or city == "Berlin") and not minor',
         'Either the contact\'s country is DE or its city is "Berlin", and it is not marked "minor".'),
        ('(country == "DE" or (city == "Bern" and (minor or privacy_blocked))) and minor',
         ('Either the contact\'s country is DE or (its city is "Bern" and (either it is marked "minor" or it is marked '
         '"privacy blocked")), and it is marked "minor".')),
        ('not (country == "DE" and minor)',
         'It is not true that (the contact\'s country is DE and it is marked "minor").'),
        ('type == "PERSON" ? country == "DE" : interaction_count > 5',
         "If the contact's type is PERSON, then its country is DE, otherwise its interaction count is more than 5."),
        ('(country == "DE") == minor', "Whether (the contact's country is DE) is its minor."),
        ("(minor ? 1 : interaction_count) > 2",
         '(1 if (the contact is marked "minor"), otherwise its interaction count) is more than 2.'),
        ("false or minor", 'Either never, or the contact is marked "minor".'),
    ],
)  # fmt: skip
def test_sentence(text: str, sentence: str) -> None:
    assert rule_sentence(check_rule(text, CONTACTS)) == sentence


@dataclass
class Meanings:
    """What the sentences of many rules meant to some people."""

    people: dict[int, dict[str, object]]
    moment: Moment
    seen: dict[str, tuple[str, tuple[Verdict, ...]]]

    def of(self, rule: CheckedRule) -> tuple[Verdict, ...]:
        """Return what a rule says of everyone; fails where its sentence has meant something else before."""
        evaluator = Evaluator(rule, self.moment)
        meaning = tuple(evaluator.decide(values) for values in self.people.values())
        sentence = rule_sentence(rule)
        text, known = self.seen.setdefault(sentence, (rule.text, meaning))
        assert known == meaning, f"{sentence}\n{text}\n{rule.text}"
        return meaning


SWAPS = [
    (" and ", " or "), (" or ", " and "), ("not ", ""), (" == ", " != "), (" < ", " <= "), (" > ", " >= "),
    (" in ", " not in "), ("=~ ", "=~~ "), (" + ", " - "), (" * ", " + "), ("$any", "$all"), ("$sum", "$max"),
    ("(", ""), (")", ""), ("((", "("), (".as_lower", ".as_upper"), ("1", "2"), ('""', '" "'), ("null", '"null"'),
    ("starts_with", "ends_with"), (" ? ", " and "), ("$now", "$today"), ("v.", "w."), (".length", ".is_empty"),
    ("true", "false"), ("0", "1"), (" if ", " if not "), ("??", "=="), ("&.", "."), ("cost", "duration"),
    ("[0]", "[1]"), ("country", "language"), ('d"', '"'), ("P", "PT"), ("groups", "trades"), ("/", "//"), ("-", "+"),
]  # fmt: skip


def neighbours(text: str, chance: random.Random) -> Iterator[CheckedRule]:
    """Yield the rule and rules that differ from it in one place."""
    texts = [text]
    for old, new in chance.sample(SWAPS, 12):
        places = [place for place in range(len(text)) if text.startswith(old, place)]
        if places:
            place = chance.choice(places)
            texts.append(text[:place] + new + text[place + len(old) :])
    for each in texts:
        try:
            yield check_language(each, VOCABULARY)
        except RuleError:
            continue


def test_rules_that_differ_in_meaning_have_different_sentences() -> None:
    chance = random.Random(20261124)
    meanings = Meanings(dict(make_people(40, seed=5).values), MOMENTS[1], {})
    differing = 0
    for _ in range(400):
        first, *others = [meanings.of(rule) for rule in neighbours(random_rule(chance), chance)] or [()]
        differing += sum(other != first for other in others)

    assert differing > 180, "pairs that differ in one place and in meaning"


FLAGS = ("minor", "vip", "attributes.member")


def grouped(chance: random.Random, levels: int) -> str:
    """Return logic over flags, in every shape of brackets."""
    if levels == 0 or chance.random() < 0.2:
        return chance.choice(FLAGS)
    form = chance.choice(
        ["({} and {})", "({} or {})", "(not {})", "({} and {} and {})", "({} ? {} : {})", "({} == {})"]
    )
    return form.format(*(grouped(chance, levels - 1) for _ in range(3)))


def calculated(chance: random.Random, levels: int) -> str:
    """Return sums and products of numbers, in every shape of brackets."""
    if levels == 0 or chance.random() < 0.2:
        return chance.choice(["balance", "attributes.points", "2", "-3", "7"])
    form = chance.choice(["({} + {})", "({} - {})", "({} * {})", "-{}", "({} ?? {})"])
    return form.format(*(calculated(chance, levels - 1) for _ in range(2)))


def test_brackets_are_never_lost() -> None:
    chance = random.Random(8)
    sample = next(iter(make_people(1, seed=1).values.values()))
    people = {
        place: {**sample, "minor": a, "vip": b, "attributes": {**sample["attributes"], "member": c}}
        for place, (a, b, c) in enumerate(product((True, False), repeat=3))
    }
    many = Meanings(people, MOMENTS[0], {})
    for _ in range(2_500):
        many.of(check_language(grouped(chance, 3), VOCABULARY))

    assert len(many.seen) > 1_000


def test_sums_are_never_regrouped() -> None:
    chance = random.Random(9)
    many = Meanings(dict(make_people(12, seed=2).values), MOMENTS[0], {})
    for _ in range(1_500):
        text = f"{calculated(chance, 3)} {chance.choice(['<', '>=', '=='])} {calculated(chance, 2)}"
        many.of(check_language(text, VOCABULARY))

    assert len(many.seen) > 800


def test_every_rule_has_a_sentence_of_one_line() -> None:
    chance = random.Random(3)
    texts = [random_rule(chance) for _ in range(300)]
    texts += ['name == "a\\nb"', "not not not minor", " or ".join(["minor"] * 190), "(" * 30 + "minor" + ")" * 30]
    said = 0
    for text in texts:
        try:
            rule = check_language(text, VOCABULARY)
        except RuleError:
            continue
        sentence = rule_sentence(rule)
        assert sentence.endswith(".")
        assert sentence.isprintable(), sentence
        said += 1
    assert said > 200
