"""Why a contact is in, or not: never at odds with the verdict, and in words that say what would have to change."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.clock import Moment
from server.errors import RuleError
from server.rules import (
    Evaluator,
    ExplainedNode,
    Explanation,
    NodeKind,
    Outcome,
    Verdict,
    check_rule,
    explain_rule,
)
from server.rules.language.check import check_language
from tests.rules.moments import MOMENTS
from tests.rules.people import VOCABULARY, make_people
from tests.rules.rule_texts import rules
from tests.rules.test_evaluator import BERLIN, SAMPLE

PEOPLE = make_people(60, seed=7).values
ROOT = {Verdict.TRUE: Outcome.TRUE, Verdict.FALSE: Outcome.FALSE, Verdict.UNDECIDED: Outcome.RAISES}
HELD = (Outcome.TRUE, Outcome.FALSE)


def explain(text: str, **changed: Any) -> Explanation:
    return explain_rule(check_language(text, VOCABULARY), BERLIN, {**SAMPLE, **changed})


def node_of(explanation: Explanation, word: str) -> ExplainedNode:
    return next(node for node in explanation.nodes if node.place.word == word)


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(text=rules(), moment=st.sampled_from(MOMENTS), numbers=st.sets(st.sampled_from(sorted(PEOPLE)), min_size=6))
def test_it_never_disagrees_with_the_verdict(text: str, moment: Moment, numbers: set[int]) -> None:
    try:
        rule = check_language(text, VOCABULARY)
    except RuleError:
        return
    evaluator = Evaluator(rule, moment)
    for number in numbers:
        explanation = explain_rule(rule, moment, PEOPLE[number])

        verdict = evaluator.decide(PEOPLE[number])
        assert (explanation.verdict, explanation.nodes[0].outcome) == (verdict, ROOT[verdict]), text
        assert list(contradictions(explanation)) == [], text
        assert not (verdict is Verdict.UNDECIDED and not explanation.needs), text


def contradictions(explanation: Explanation) -> Iterator[str]:
    """Yield every node whose outcome does not follow from the outcomes of its parts."""
    for node in explanation.nodes:
        parts = [part.outcome for part in explanation.nodes if part.parent == node.index]
        if not follows(node, parts):
            yield f"{node.place.word}: {node.outcome} of {parts}"


def follows(node: ExplainedNode, parts: list[Outcome]) -> bool:
    if node.outcome is Outcome.NOT_REACHED:
        return set(parts) <= {Outcome.NOT_REACHED}
    if node.outcome is Outcome.PER_MEMBER:
        return set(parts) <= {Outcome.PER_MEMBER}
    if node.outcome is not Outcome.RAISES and Outcome.RAISES in parts:
        return False
    if node.kind in {NodeKind.AND, NodeKind.OR}:
        if Outcome.PER_MEMBER in parts:
            return node.outcome is Outcome.RAISES  # one member broke the loop
        decisive = Outcome.FALSE if node.kind is NodeKind.AND else Outcome.TRUE
        weak = Outcome.TRUE if node.kind is NodeKind.AND else Outcome.FALSE
        before = [part for part in parts if part is not Outcome.NOT_REACHED]
        tail = parts[len(before) :]
        if set(tail) - {Outcome.NOT_REACHED} or set(before[:-1]) - {weak}:
            return False
        expected = decisive if before[-1] is decisive else before[-1]
        return node.outcome is expected and (bool(tail) <= (before[-1] is not weak))
    if node.kind is NodeKind.NOT and node.outcome in HELD:
        return {node.outcome, parts[0]} == set(HELD) or parts[0] is Outcome.VALUE
    if node.kind is NodeKind.CONDITIONAL and node.outcome in HELD and parts[0] in HELD:
        chosen, other = (parts[1], parts[2]) if parts[0] is Outcome.TRUE else (parts[2], parts[1])
        return chosen in {node.outcome, Outcome.VALUE} and other is Outcome.NOT_REACHED
    return True


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("score >= 5", ["score is 3, needs at least 5"]),
        ("5 < score", ["score is 3, needs more than 5"]),
        ("not (score < 5)", ["score is 3, needs at least 5"]),
        ("score <= 2 and score < 2", ["score is 3, needs less than 2"]),
        ("score != 3", ["score is 3, needs something other than 3"]),
        ('country == "DE"', ['country is blank, needs "DE"']),
        ('language in ["DE", "AT", "CH"]', ['language is "de", needs "DE", "AT" or "CH"']),
        ('language in ["A","B","C","D","E","F","G"]', ['language is "de", needs "A", "B", "C", "D" or one of 3 more']),
        ('language not in ["de", "AT"]', ['language is "de", needs something other than "de" or "AT"']),
        ("country != null", ["country is blank, needs a value"]),
        ("language == null", ['language is "de", needs to be blank']),
        ('nick != ""', ["nick is empty, needs a value"]),
        ('name == ""', ['name is "McDonald", needs to be empty']),
        ("not (nick.is_empty)", ["nick is empty, needs a value"]),
        ("name.is_empty", ['name is "McDonald", needs to be empty']),
        ('"X" in groups', ['groups has no "X"']),
        ('"NEWS" not in groups', ['groups has "NEWS", needs to be without it']),
        ("region in groups", ['groups has no region ("DE")']),
        ('"x" in name', ['name is "McDonald", needs to contain "x"']),
        ('"Mc" not in name', ['name is "McDonald", needs not to contain "Mc"']),
        ('name.starts_with("Ad")', ['name is "McDonald", needs to start with "Ad"']),
        ('not name.ends_with("ld")', ['name is "McDonald", needs not to end with "ld"']),
        ('name =~ "Ad.*"', ['name is "McDonald", needs to begin with a match of "Ad.*"']),
        ('name !~~ "c"', ['name is "McDonald", needs not to contain a match of "c"']),
        ("minor", ["minor is false, needs true"]),
        ("vip", ["vip is blank, needs true"]),
        ("not attributes.member", ["attributes.member is true, needs false"]),
        ("(vip ?? false)", ["vip is blank, which counts as false, needs true"]),
        ("(minor or vip) == true",
         ["either minor is false, needs true, or vip is blank, needs true"]),
        ('(rating ?? 0) > 5', ["rating is blank, which counts as 0, needs more than 5"]),
        ('joined_on < d"2026-01-01"', ['joined_on is d"2026-11-23", needs a date before d"2026-01-01"']),
        ('attributes.since >= $today - t"P1D"', ['attributes.since is d"2026-01-01", needs d"2026-11-22" or later']),
        ('name < "A"', ['name is "McDonald", needs to sort before "A"']),
        ("($now - created_at).days > 365", ["($now - created_at).days is 29, needs more than 365"]),
        ("score > balance * 20", ["score is 3, needs more than balance * 20 (6)"]),
        ("balance * 2 == 1", ["balance * 2 is 0.6, needs 1"]),
        ("region == language", ['region is "DE", needs language ("de")']),
        ("(trades or false)", ["trades is empty, needs at least 1"]),
        ("not groups and score > 0", ['groups has "A", "NEWS", needs none']),
        ("groups.length > 2", ["groups.length is 2, needs more than 2"]),
        # logic: every operand that stands in the way is told, reached or not
        ('country == "DE" and score > 1 and minor', ['country is blank, needs "DE"', "minor is false, needs true"]),
        ('country == "DE" or score > 5',
         ['either country is blank, needs "DE", or score is 3, needs more than 5']),
        ('country == "DE" and score > 5 or minor',
         ['either (country is blank, needs "DE", and score is 3, needs more than 5), or minor is false, needs true']),
        ('minor ? country == "DE" : score > 5', ["score is 3, needs more than 5"]),
        ('score > 5 ? true : false', ["score is 3, needs more than 5"]),
        ('country == "DE" and 1 / (score - 3) > 0',
         ['country is blank, needs "DE"', "1 / (score - 3) fails: division by 0"]),
        # what keeps a contact in
        ("score == 3 and not minor",
         ["either score is 3, needs something other than 3, or minor is false, needs true"]),
        ("false", []),
        ("1 > 2 and minor", []),
        ('$now > d"2030-01-01"', ['$now is d"2026-11-23T13:00:00+01:00", needs a date after d"2030-01-01"']),
        # loops
        ("[v for v in visits if v.cost > 0.15].length >= 3",
         ["1 visit whose cost is more than 0.15; needs at least 3"]),
        ("[v for v in visits if v.cost > 9].length >= 3", ["no visit whose cost is more than 9; needs at least 3"]),
        ("[v for v in visits].length > 2", ["there are 2 visits; needs more than 2"]),
        ("[v for v in visits].is_empty", ["there are 2 visits; needs none"]),
        ("([v for v in visits if v.cost > 9] or false)", ["no visit whose cost is more than 9; needs at least 1"]),
        ("$any([v.cost > 5 for v in visits])", ["no visit whose cost is more than 5; needs at least 1"]),
        ("not $any([v.cost > 0 for v in visits])", ["2 visits whose cost is more than 0; needs none"]),
        ("$all([v.cost > 0.15 for v in visits])",
         ["1 of 2 visits is not one whose cost is more than 0.15; needs none such"]),
        ("$all([v.cost > 1 for v in visits if not v.canceled])",
         ['1 of 1 visit not marked "canceled" is not one whose cost is more than 1; needs none such']),
        ("not $all([v.cost > 0 for v in visits])",
         ["every one of the 2 visits is one whose cost is more than 0; needs one that is not"]),
        ("not $all([v.cost > 0 for v in visits if v.cost > 9])",
         ["no visit whose cost is more than 9; needs one that is not one whose cost is more than 0"]),
        ("$sum([v.cost for v in visits if v.cost > 0.15]) > 500",
         ["the total cost of its visits whose cost is more than 0.15 is 0.2; needs more than 500"]),
        ("$sum([v.cost for v in visits if v.cost > 9]) > 500",
         ["the total cost of its visits whose cost is more than 9 is 0; needs more than 500"]),
        ("$max([v.cost for v in visits]) < 0.1", ["the highest cost of its visits is 0.2; needs less than 0.1"]),
        ('"Z" in [v.template for v in visits]', ['"Z" is the template of none of its visits; needs one']),
        ('"A" not in [v.template for v in visits]', ['"A" is the template of one of its visits; needs none']),
        # loops are told apart by their conditions, and none of several is lost
        ('$any([v.template == "Z" for v in visits]) and $any([v.template == "Y" and v.cost > 9 for v in visits])',
         ["no visit of template Z; needs at least 1",
          "no visit of template Y whose cost is more than 9; needs at least 1"]),
        ('$any([v.template == "Z" for v in visits]) or $any([v.template == "Y" for v in visits])',
         ["either no visit of template Z; needs at least 1, or no visit of template Y; needs at least 1"]),
        ("[v for v in visits if v.cost > 9].length != 0", ["no visit whose cost is more than 9; needs at least 1"]),
        ("[v for v in visits if v.cost > 9].length >= 3 and [v for v in visits if v.cost > 9].length <= 4",
         ["no visit whose cost is more than 9; needs 3 to 4"]),
        ("$any([v.cost > 9 for v in visits]) and not $any([v.cost > 9 for v in visits])", []),
        # conditions on one subject are combined
        ("score >= 4 and score <= 5", ["score is 3, needs 4 to 5"]),
        ("score > 3.5 and score < 6 and score != 5", ["score is 3, needs more than 3.5 and less than 6, other than 5"]),
        ("score > 3 and score < 4", []),
        ("score > 5 and score < 3", []),
        ("score == 2.5", []),
        ("groups.length < 0", []),
        ("groups.length < 3 and \"X\" in groups and \"Y\" in groups",
         ['groups has "A", "NEWS", needs to have "X", to have "Y" and a number of codes of less than 3']),
        ('language != "de" and language in ["de", "AT"]', ['language is "de", needs "AT"']),
        ('"X" in groups and "X" not in groups', []),
        ("minor and not minor", []),
        ('created_at >= d"2024-03-01" and created_at < d"2024-03-15"',
         ['created_at is d"2026-10-25T02:30:00+02:00", needs d"2024-03-01" or later, but before d"2024-03-15"']),
        ('joined_on > d"2024-03-01" and joined_on < d"2024-03-02"', []),
        ('(score > 5 or minor) and (score < 2 or vip)',
         [("either (score is 3, needs more than 5, and vip is blank, needs true), or (minor is false, needs true, and "
           "score is 3, needs less than 2), or (minor is false, needs true, and vip is blank, needs true)")]),
        ('(score < 5 or minor) and (score > 5 or vip)',
         ["either vip is blank, needs true, or (minor is false, needs true, and score is 3, needs more than 5)"]),
        ('name.starts_with("Ad") and name in ["Ada", "Bob"]', ['name is "McDonald", needs "Ada"']),
        ('name.starts_with("Ad") and name.starts_with("B")', []),
        ("(rating ?? 0) > 5 and (rating ?? 9) < 8",
         ["rating is blank, which counts as 0, needs more than 5 and less than 8"]),
        # a day alone would be read as all of the day
        ('created_at <= d"2024-03-28"',
         ['created_at is d"2026-10-25T02:30:00+02:00", needs d"2024-03-28T00:00:00+01:00" or earlier']),
        ('created_at > $today',
         ['created_at is d"2026-10-25T02:30:00+02:00", needs a date after d"2026-11-23T00:00:00+01:00"']),
        ('joined_on > d"2027-03-28"', ['joined_on is d"2026-11-23", needs a date after d"2027-03-28"']),
        # what is a constant does not need to change
        ('language in "DE AT"', ['language is "de", needs to be part of "DE AT"']),
        ('language not in "de AT"', ['language is "de", needs not to be part of "de AT"']),
    ],
)  # fmt: skip
def test_what_would_have_to_change(text: str, needs: list[str]) -> None:
    assert list(explain(text).needs) == needs


@pytest.mark.parametrize(
    ("text", "word", "message"),
    [
        ("1 / (score - 3) > 0", "1 / (score - 3)", "division by 0"),
        ("minor or score // balance % (score - 3) > 0", "score // balance % (score - 3)", "division by 0"),
        ("0 / (score - 3) > 0", "0 / (score - 3)", "division by 0"),
        ("$max([v.cost for v in visits if v.cost > 9]) > 0", "$max([v.cost for v in visits if v.cost > 9])",
         "the list is empty"),
        ("$sum([v.grade for v in visits]) > 0", "$sum([v.grade for v in visits])", "the list has a blank value"),
        ("name.to_int > 3", "name.to_int", "the text is not a whole number"),
        ("balance.to_int > 3", "balance.to_int", "the number is not whole"),
        ("$parse_float(name) > 3", "$parse_float(name)", "the text is not a number"),
        ('$parse_datetime(name) > $now', "$parse_datetime(name)", "the text is not a date"),
        ('$parse_timedelta(name) > t"P1D"', "$parse_timedelta(name)", "the text is not a period"),
        ('name[99] == "x"', "name[99]", "there is nothing at position 99 of 8 characters"),
        ('name[balance] == "x"', "name[balance]", "the position is not a whole number"),
        ('name[balance:] == "x"', "name[balance:]", "a limit is not a whole number"),
        ('{"a": 1}[name] == 1', '{"a": 1}[name]', "there is no such key"),
        ('created_at + t"P3000000D" > $now', 'created_at + t"P3000000D"', "the date is out of range"),
        ("name.to_flt > 3", "name.to_flt > 3", "a value is not a number"),
    ],
)  # fmt: skip
def test_why_it_raises(text: str, word: str, message: str) -> None:
    explanation = explain(text, visits=tuple({**row, "grade": None} for row in SAMPLE["visits"]))

    assert explanation.verdict is Verdict.UNDECIDED
    (deciding,) = [node for node in explanation.nodes if node.deciding]
    assert (deciding.place.word, deciding.outcome, deciding.message) == (word, Outcome.RAISES, message)
    assert list(explanation.needs) == [f"{word} fails: {message}"]


def test_a_loop_that_raises_says_for_which_member() -> None:
    explanation = explain("$any([1 / (v.cost - 0.2) > 0 for v in visits if v.cost > 0])")

    assert list(explanation.needs) == ["1 / (v.cost - 0.2) fails for visit 2 of 2: division by 0"]
    raising = node_of(explanation, "1 / (v.cost - 0.2)")
    assert (raising.outcome, raising.message) == (Outcome.RAISES, "division by 0")
    assert node_of(explanation, "v.cost > 0").outcome is Outcome.PER_MEMBER


def test_what_decided_before_is_not_told_as_evaluated() -> None:
    explanation = explain('country == "DE" and 1 / (score - 3) > 0 and true')

    assert [node.outcome for node in explanation.nodes if node.depth == 1] == [
        Outcome.FALSE, Outcome.NOT_REACHED, Outcome.NOT_REACHED,
    ]  # fmt: skip
    assert all(node.value is node.message is None for node in explanation.nodes[4:])
    assert [node.place.word for node in explanation.nodes if node.deciding] == ['country == "DE"']


def test_folded_constants_are_told_like_the_rest() -> None:
    explanation = explain("true and (2 > 1 ? 1 == 1 : minor) and minor")

    told = {node.place.word: node.outcome for node in explanation.nodes}
    assert (told["2 > 1"], told["1 == 1"], told["true"]) == (Outcome.TRUE, Outcome.TRUE, Outcome.TRUE)
    inner = [node for node in explanation.nodes if node.place.word == "minor"]
    assert {node.outcome for node in inner if node.depth == 2} == {Outcome.NOT_REACHED}


def test_the_members_of_a_loop_are_shown_with_what_it_reads() -> None:
    rule = "$any([v.cost * 2 > 1 for v in visits if v.template != null or v.cost > 6])"
    visits = [{**SAMPLE["visits"][1], "cost": Decimal(cost), "template": None} for cost in range(9)]

    loop = next(node for node in explain(rule, visits=tuple(visits)).nodes if node.kind is NodeKind.LOOP)

    assert loop.message == "2 of 9 visits count"
    assert [(member.position, member.counts, member.result) for member in loop.members] == [
        (8, True, "true"), (9, True, "true"), (1, False, None),
    ]  # fmt: skip
    assert loop.members[0].values == (("template", "null"), ("cost", "7"))


def test_a_rule_that_is_a_value_counts_as_true_or_false() -> None:
    explanation = explain("minor ? score : name")

    assert (explanation.verdict, explanation.nodes[0].outcome) == (Verdict.TRUE, Outcome.TRUE)
    assert (explanation.nodes[0].value, explain("minor ? score : nick").verdict) == ('"McDonald"', Verdict.FALSE)


def test_codes_in_a_loop_are_shown_themselves() -> None:
    loop = next(node for node in explain('$any([g == "X" for g in groups])').nodes if node.kind is NodeKind.LOOP)

    assert [member.values for member in loop.members] == [(("", '"A"'),), (("", '"NEWS"'),)]


def test_nodes_stand_in_order_with_parent_depth_and_place() -> None:
    explanation = explain('language == "de"\nand not minor')

    assert [(node.index, node.parent, node.depth, node.kind.value, node.place.word) for node in explanation.nodes] == [
        (0, None, 0, "AND", 'language == "de"\nand not minor'),
        (1, 0, 1, "EQUALITY", 'language == "de"'),
        (2, 1, 2, "SYMBOL", "language"),
        (3, 1, 2, "LITERAL", '"de"'),
        (4, 0, 1, "NOT", "not minor"),
        (5, 4, 2, "SYMBOL", "minor"),
    ]
    assert explanation.nodes[4].place.line == 2
    assert [node.value for node in explanation.nodes] == ["true", "true", '"de"', '"de"', "true", "false"]


@pytest.mark.parametrize(
    ("text", "word", "value"),
    [
        ('nick == "a"', "nick", '"' + "x" * 60 + '…"'),
        ("groups.length == 9", "groups", '["A", "B", "C", "D", "E", … 2 more]'),
        ("visits.length == 9", "visits", None),
        ("balance > 5", "balance", "0.3"),
        ("joined_on > $now", "joined_on", 'd"2026-11-23"'),
        ('($now - created_at) > t"P1D"', "$now - created_at", 't"P29DT11H30M"'),
        ("rating == null", "rating", "null"),
        ("score / 7 > 100", "score / 7", "0.428571428571…"),
        ("name.to_flt == 1", "name.to_flt", "not a number"),
    ],
)
def test_values_are_literals_and_short(text: str, word: str, value: str | None) -> None:
    explanation = explain(text, nick="x" * 500, groups=tuple("ABCDEFG"))

    assert node_of(explanation, word).value == value


def test_an_explanation_is_bounded() -> None:
    listed = ", ".join(f'"{number}"' for number in range(500))
    many = " or ".join(["score == 1"] * 100)

    long_list, long_chain = explain(f"name in [{listed}]"), explain(many)

    assert len(long_list.nodes) == 3
    assert long_list.nodes[2].value is not None
    assert len(long_list.nodes[2].value) < 100
    assert len(long_chain.nodes) == 301
    assert len(long_chain.needs[0]) < 400


def test_a_loop_that_runs_too_long_says_so() -> None:
    row = {"cost": Decimal(1)}
    rule = check_rule("$any([[w for w in visits if w.cost > v.cost].length > 5 for v in visits])", VOCABULARY)

    explanation = explain_rule(rule, BERLIN, {"visits": (row,) * 400})

    assert explanation.verdict is Verdict.UNDECIDED
    assert explanation.needs[0].endswith("fails for visit 250 of 400: the loops of this rule run too long")


def test_a_missing_name_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        explain_rule(check_rule("minor and vip", VOCABULARY), BERLIN, {"minor": True})


def test_the_same_instant_is_shown_in_the_zone_of_the_moment() -> None:
    midnight = datetime(2026, 6, 14, 22, tzinfo=UTC)
    rule = check_rule("created_at > $now", VOCABULARY)

    berlin = explain_rule(rule, BERLIN, {"created_at": midnight}).nodes[1]
    later = explain_rule(rule, BERLIN, {"created_at": midnight + timedelta(hours=1)}).nodes[1]

    assert (berlin.value, later.value) == ('d"2026-06-15"', 'd"2026-06-15T01:00:00+02:00"')
