"""Values beside the text of a rule: they stay values whatever they hold, and errors point at what was typed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import ErrorCode, RuleError, TextRange
from server.rules import (
    ColumnSource,
    LiteralValue,
    Parameter,
    Symbol,
    ValueType,
    fill_parameters,
    find_problems,
    parse_rule,
    write_literal,
)
from server.rules.language.syntax import tokens
from server.rules.language.tree import Builtin, Constant, Node, walk
from tests.rules.people import VOCABULARY, person
from tests.rules.trees import without_places

_SIZE = Symbol("size", ValueType.CODE, ColumnSource(person.c.nick), values=("SMALL", "LARGE"))
_VOCABULARY = replace(VOCABULARY, symbols={**VOCABULARY.symbols, "size": _SIZE})


def given_values(**values: LiteralValue) -> list[Parameter]:
    return [Parameter(name, value) for name, value in values.items()]


FILLED: list[tuple[str, dict[str, LiteralValue], str]] = [
    ("country == $country", {"country": "DE"}, 'country == "DE"'),
    ("$a == $a or $b == $a", {"a": Decimal("1.50"), "b": None}, "1.50 == 1.50 or null == 1.50"),
    ("country in $codes", {"codes": ["DE", "FR"]}, 'country in ["DE", "FR"]'),
    ("country in $codes", {"codes": []}, "country in []"),
    ("born_on < $day", {"day": date(2026, 1, 31)}, 'born_on < d"2026-01-31"'),
    ("seen_at < $at", {"at": datetime(2026, 1, 31, 10, tzinfo=UTC)}, 'seen_at < d"2026-01-31T10:00:00Z"'),
    ("$now - seen_at < $long", {"long": timedelta(days=30)}, '$now - seen_at < t"P30D"'),
    ("name =~ $pattern", {"pattern": r"\d+"}, r'name =~ "\\d+"'),
    ("minor and$flag", {"flag": True}, "minor and true"),
    ("score ==$n", {"n": 3}, "score ==3"),
    ("not$n", {"n": Decimal(3)}, "not 3"),
    ("$n.floor == -$n", {"n": Decimal(-3)}, "(-3).floor == --3"),
    ("$n[0] == $t[0]", {"n": Decimal(3), "t": "a"}, '(3)[0] == "a"[0]'),
    ("$flag&.x", {"flag": False}, "(false)&.x"),
    ('name == "$n" or name == $n # $n', {"n": "$now"}, 'name == "$n" or name == "$now" # $n'),
    ("[v.cost > $n for v in visits if v.at == $t]", {"n": 1, "t": "A"}, '[v.cost > 1 for v in visits if v.at == "A"]'),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "values", "text"), FILLED)
def test_a_parameter_becomes_a_literal(typed: str, values: dict[str, LiteralValue], text: str) -> None:
    rule = fill_parameters(typed, given_values(**values))

    assert (rule.text, rule.problems) == (text, ())


HOSTILE: list[LiteralValue] = [
    '" or true or "', '\\" or true or \\"', "\\", '"', "'", "\n", '"\n# ', "$now", "x\u202e\u2028", "#", '\\x22 or "',
    "%s{0}", "DE') --", ["] or true or [", '", "'], [None, True], Decimal("-1E-30"), Decimal("1E+30"), timedelta(-1),
    date(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), True, None, 0,
]  # fmt: skip
TEMPLATES = [
    "$x == name", "name==$x", "not$x", "minor and$x", "$x.a", "$x&.a", "$x[0]", "$x[$x:$x]", "$x($x)", "[$x,$x]",
    "{$x}", "{$x:$x}", "-$x", "- -$x", "1-$x", "$x-1", "$x-$x", "1/$x", "$x ?? $x", "a?$x:$x", "[$x for v in$x if$x]",
    "($x)", "$x\n", "$x #$x", "$x in[$x]", "$x not in$x", "$x<$x", '"$x"==$x', "d\"2026-01-31\"<$x",
]  # fmt: skip


@pytest.mark.parametrize("typed", TEMPLATES)
@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_a_value_never_is_more_than_a_value(typed: str, value: LiteralValue) -> None:
    rule = fill_parameters(typed, given_values(x=value))

    assert rule.problems == ()
    assert tree_with(parse_rule(typed), parse_rule(write_literal(value))) == without_places(parse_rule(rule.text))


@settings(max_examples=500)
@given(st.sampled_from(TEMPLATES), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_no_text_is_more_than_a_text(typed: str, value: str) -> None:
    rule = fill_parameters(typed, given_values(x=value))

    filled = [node.value for node in walk(parse_rule(rule.text)) if isinstance(node, Constant)]
    literals = [node.value for node in walk(parse_rule(typed)) if isinstance(node, Constant)]
    uses = sum(token.source == "$x" for token in tokens(typed))
    assert filled.count(value) == uses + literals.count(value)
    assert len(filled) == uses + len(literals)


def tree_with(tree: Node, value: Node) -> Node:
    """Return the tree with the value where it says ``$x``, places apart."""
    marker, bare = Builtin(0, 0, 0, "x"), without_places(value)

    def put(part: Any) -> Any:
        if part == marker:
            return bare
        if isinstance(part, tuple):
            return tuple(map(put, part))
        if isinstance(part, Node):
            return type(part)(**{name: put(getattr(part, name)) for name in part.__dataclass_fields__})
        return part

    replaced: Node = put(without_places(tree))
    return replaced


LONG = f"name in [{', '.join(['$x'] * 300)}]"
PROBLEMS: list[tuple[str, Sequence[Parameter], list[tuple[ErrorCode, str | None, tuple[Any, ...]]]]] = [
    ("name == $x", [Parameter("y", 1)],
     [(ErrorCode.RULE_UNKNOWN_SYMBOL, "$x", ()), (ErrorCode.RULE_PARAMETER, None, ("parameters", 0, "name"))]),
    ("name == $x", [Parameter("x", 1), Parameter("x", 2)],
     [(ErrorCode.RULE_PARAMETER, None, ("parameters", 1, "name"))]),
    ("$now > $x", [Parameter("x", 1), Parameter("now", 2)],
     [(ErrorCode.RULE_PARAMETER, None, ("parameters", 1, "name"))]),
    ("$x", [Parameter(name, 1) for name in ("x", "random", "$x", "", "a b", "x" * 101)],
     [(ErrorCode.RULE_PARAMETER, None, ("parameters", place, "name")) for place in range(1, 6)]),
    ("name $x", [Parameter("x", ["a"])], [(ErrorCode.RULE_SYNTAX, "$x", ())]),
    ("3$x", [Parameter("x", 3)], [(ErrorCode.RULE_SYNTAX, "$x", ())]),
    ("d$x", [Parameter("x", "2026-01-31")], [(ErrorCode.RULE_SYNTAX, "$x", ())]),
    ("name == $x and", [Parameter("x", "a")], [(ErrorCode.RULE_SYNTAX, "", ())]),
    ("$x$x", [Parameter("x", "a")], [(ErrorCode.RULE_SYNTAX, "$x", ())]),
    ('name == "$x" # $x', [Parameter("x", "a")], [(ErrorCode.RULE_PARAMETER, None, ("parameters", 0, "name"))]),
    ("name == 'a\n$x", [Parameter("x", "a")], [(ErrorCode.RULE_SYNTAX, "'", ())]),
    ("", [Parameter("x", "a")], [(ErrorCode.RULE_EMPTY, None, ())]),
    ("x" * 5000, [Parameter("x", "a")], [(ErrorCode.RULE_TOO_LARGE, None, ())]),
    ("name == $x", [Parameter("x", "a" * 5000)], [(ErrorCode.RULE_TOO_LARGE, "$x", ())]),
    ("name in $x", [Parameter("x", ["a"] * 2000)], [(ErrorCode.RULE_TOO_LARGE, "$x", ())]),
    (LONG, [Parameter("x", "a" * 1000)], [(ErrorCode.RULE_TOO_LARGE, LONG, ())]),
    ("name == $x", [Parameter("x", Decimal("NaN"))], [(ErrorCode.RULE_TOO_LARGE, "$x", ())]),
    ("true", [Parameter(f"x{n}", 1) for n in range(101)], [(ErrorCode.RULE_PARAMETER, None, ("parameters",))]),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "parameters", "expected"), PROBLEMS)
def test_wrong_parameters(
    typed: str, parameters: Sequence[Parameter], expected: list[tuple[ErrorCode, str | None, tuple[Any, ...]]]
) -> None:
    rule = fill_parameters(typed, parameters)
    problems = rule.problems or find_problems(rule, _VOCABULARY)

    assert rule.text == typed
    found = [(problem.code, problem.place and problem.place.word, problem.path) for problem in problems]
    assert found[: len(expected)] == expected
    assert len(found) == len(expected) or typed == "true"


def test_wrong_parameters_are_named() -> None:
    rule = fill_parameters("name == $country", [Parameter("contry", 1), Parameter("contry", 1)])

    messages = [problem.message for problem in rule.problems]
    assert messages == [
        "The parameter contry is given twice.",
        "The parameter country is not given; $contry was probably meant.",
        "The rule does not use the parameter contry; write $contry where its value belongs.",
    ]
    assert rule.problems[1].suggestion == "$contry"


def test_without_parameters_the_text_is_the_rule() -> None:
    for none in (None, ()):
        rule = fill_parameters("name == $country or seen_at < $tody", none)

        assert (rule.text, rule.problems) == (rule.typed, ())
        first, second = find_problems(rule, _VOCABULARY)
        assert (first.code, first.message) == (ErrorCode.RULE_UNKNOWN_SYMBOL, "The parameter country is not given.")
        assert second.message == "The parameter tody is not given; $today was probably meant."


TOLD: list[tuple[str, dict[str, LiteralValue], list[tuple[ErrorCode, int, int, int, str, str | None]]]] = [
    ("score > $x and\n nam == $y", {"x": Decimal("1234.5"), "y": "a"},
     [(ErrorCode.RULE_UNKNOWN_SYMBOL, 16, 2, 2, "nam", "name")]),
    ("nam == $y and score > $x", {"x": 3, "y": "abcdef"}, [(ErrorCode.RULE_UNKNOWN_SYMBOL, 0, 1, 1, "nam", "name")]),
    ("score > $x", {"x": "a"}, [(ErrorCode.RULE_TYPE, 0, 1, 1, "score > $x", None)]),
    ("rating > $x", {"x": Decimal(77)}, [(ErrorCode.RULE_TYPE, 0, 1, 1, "rating", "(rating ?? 0) > $x")]),
    ("rating > $x", {"x": Decimal(0)}, [(ErrorCode.RULE_TYPE, 0, 1, 1, "rating", "(rating ?? 0) > $x")]),
    ("name =~ $x and minor", {"x": "("}, [(ErrorCode.RULE_SYNTAX, 8, 1, 9, "$x", None)]),
    ("name == $x", {"x": "\0"}, [(ErrorCode.RULE_SYNTAX, 8, 1, 9, "$x", None)]),
    ("name == $x", {"x": "x" * 1500}, [(ErrorCode.RULE_TOO_LARGE, 8, 1, 9, "$x", None)]),
    ("minor and $x.lenght > 1", {"x": "abc"}, [(ErrorCode.RULE_UNKNOWN_SYMBOL, 13, 1, 14, "lenght", "length")]),
    ("minor and ($x", {"x": "abc"}, [(ErrorCode.RULE_SYNTAX, 13, 1, 14, "", None)]),
    ("score == $x.5", {"x": 3}, [(ErrorCode.RULE_SYNTAX, 11, 1, 12, ".5", None)]),
    ("name in $x)", {"x": ["a", "b"]}, [(ErrorCode.RULE_SYNTAX, 10, 1, 11, ")", None)]),
    ("$any([v.cost > $x for $x in visits])", {"x": 1}, [(ErrorCode.RULE_SYNTAX, 22, 1, 23, "$x", None)]),
    ("$x", {"x": Decimal(12)}, [(ErrorCode.RULE_TYPE, 0, 1, 1, "$x", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "values", "expected"), TOLD)
def test_errors_are_told_of_the_typed_text(
    typed: str,
    values: dict[str, LiteralValue],
    expected: list[tuple[ErrorCode, int, int, int, str, str | None]],
) -> None:
    rule = fill_parameters(typed, given_values(**values))
    assert rule.problems == ()

    told = find_problems(rule, _VOCABULARY)

    assert [(error.code, *place_of(error)) for error in told] == [told_of[:5] for told_of in expected]
    for error, (*_, suggestion) in zip(told, expected, strict=True):
        assert suggestion in {None, error.suggestion}


CORRECTED: list[tuple[str, dict[str, LiteralValue], str, str]] = [
    ("rating > $x", {"x": 77}, "rating", "(rating ?? 0) > $x"),
    ("country = $x", {"x": "DE"}, "=", "country == $x"),
    ("country IN $x", {"x": ["DE"]}, "IN", "country in $x"),
    ("country in $x", {"x": "DE"}, "$x", "country in [$x]"),
    ("score between $x and $y", {"x": 1, "y": 2}, "score between $x and $y", "score >= $x and score <= $y"),
    ("country == $x && minor", {"x": "DE"}, "&&", "country == $x and minor"),
    ("country == $x and\n nam == $y", {"x": "DE", "y": "a"}, "nam", "country == $x and\n name == $y"),
    ("groups in $x", {"x": ["A", "B"]}, "groups in $x",
     "$any([code in $x for code in groups])"),
    ("groups in $x", {"x": ["A"]}, "groups in $x", "$any([code in $x for code in groups])"),
    ("groups == $x", {"x": "A"}, "groups == $x", "$x in groups"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "values", "word", "corrected"), CORRECTED)
def test_corrections_keep_the_parameters(
    typed: str, values: dict[str, LiteralValue], word: str, corrected: str
) -> None:
    (problem,) = find_problems(fill_parameters(typed, given_values(**values)), _VOCABULARY)

    assert (place_of(problem)[3], problem.correction) == (word, corrected)
    assert find_problems(fill_parameters(corrected, given_values(**values)), _VOCABULARY) == []


SENT: list[tuple[str, LiteralValue, str]] = [
    ("name == $x", 5, "send x as text."),
    ("name == $x", -5, "send x as text."),
    ("name in [$x]", 5, "send x as text."),
    ("name in $x", [5, 6], "send x as text."),
    ("score > $x", "5", "send x as a number."),
    ("score == $x", "5", "send x as a number."),
    ("score in [1, $x]", "5", "send x as a number."),
    ("minor == $x", "true", "send x as a boolean."),
    ("created_at > $x", "2026-01-31", "send x as a date or an instant."),
    ("created_at > date($x)", "2026-01-31", "A date is a literal."),
    ("$now - created_at > $x", "P30D", "send x as a period."),
    ("size == $x", "smal", 'size is one of "SMALL", "LARGE"; $x is none of them; send "SMALL" as x'),
    ("country == $x", "", 'country is null where it is blank, never ""; send null as x'),
]


@pytest.mark.parametrize(("typed", "value", "said"), SENT)
def test_a_wrong_value_is_to_be_sent_otherwise(typed: str, value: LiteralValue, said: str) -> None:
    (problem,) = find_problems(fill_parameters(typed, given_values(x=value)), _VOCABULARY)

    assert problem.message.endswith(said)
    assert (problem.suggestion, problem.correction) == (None, None)


ASKING = [
    "name == $x", "size == $x", "size in [$x]", "size in $x", "size not in [$x, 1]", "size == -$x",
    "(size ?? $x) == $x", '(size ?? $x) == "SMAL"', "name =~ $x", "name =~ $x and $x", "score > $x", "score + $x > 1",
    "$x + score > $x", "minor == $x", "$x", "not $x", "minor and $x", "minor ? $x : 1", "seen_at > $x",
    "seen_at > date($x)", "date($x)", "int($x) > 1", "coalesce(rating, $x) > 1", "$parse_datetime($x) < $now",
    "$parse_float($x) > 1", "$x.to_int > 1", "$parse_timedelta($x) > 1", "$x.floor == 1", "$x.nothing",
    "name.starts_with($x, $x)", "name.contains($x)", "$sum($x) > 1", "$sum([$x]) > 1", "$max($x)", "$any($x)",
    "name[$x] == 1", "name[$x:$x]", "$x[0] == 1", "$x[name]", "$x($x)", "$x in name", "name in $x", "score in $x",
    "score in [$x]", "$x in groups", "country = $x", "groups in $x", "groups == $x", "visits == $x",
    "[v.cost == $x for v in visits]", "[$x for v in $x]", "$any([v.cost > $x for v in visits if v.template == $x])",
    "visits.cost > $x", "attributes[$x]", "$x.day > 1", "{$x: $x}", "{$x}[$x]", "rating ?? $x", "rating > $x",
    "rating ?? $x > 1", "name like $x", "nam == $x", "$x / 0 > 1", "$x == $x", "$x < $x", "name is $x",
    "name == $x or $x", "name == 'a' or $x", "country in ($x)", "country in $x",
]  # fmt: skip
SECRETS: list[LiteralValue] = [
    "SECRET", "(SECRET", "SECRET[", "9876543", "2031-12-29", "smallSECRET", Decimal("9876543.21"), -9876543,
    date(2031, 12, 29), timedelta(days=98765), ["SECRET", "SECRET2"], [9876543], "\0SECRET", "SECRET" * 200,
    datetime(2031, 12, 29, 11, tzinfo=UTC), [], None, True, "x" * 1100 + "SECRET", Decimal("9876543e25"),
]  # fmt: skip


@pytest.mark.parametrize("typed", ASKING)
def test_a_value_never_comes_back(typed: str) -> None:
    for value in SECRETS:
        rule = fill_parameters(typed, given_values(x=value))
        for problem in rule.problems or find_problems(rule, _VOCABULARY):
            said = f"{problem.message} {problem.suggestion} {problem.correction} {problem.place}"
            assert not [secret for secret in ("SECRET", "98765", "2031-12-29") if secret in said], value
            assert problem.place is None or typed[problem.place.offset :].startswith(problem.place.word)
            assert problem.correction is None or "$x" in problem.correction


def test_places_are_those_of_the_typed_text_whatever_the_value() -> None:
    for typed in ASKING:
        for value in ("DE", "x" * 900, ["DE", "FR"], Decimal(-3)):
            rule = fill_parameters(typed, given_values(x=value))
            for problem in find_problems(rule, _VOCABULARY):
                assert problem.place == TextRange.of(typed, problem.place.offset, problem.place.length)  # type: ignore[union-attr]


def place_of(error: RuleError) -> tuple[int, int, int, str]:
    assert error.place is not None
    return error.place.offset, error.place.line, error.place.column, error.place.word


def test_every_place_is_told() -> None:
    typed = "$x + $y\n- $x"
    rule = fill_parameters(typed, given_values(x="long text", y=Decimal(-5)))
    assert rule.text == '"long text" + -5\n- "long text"'

    def told(offset: int, length: int) -> tuple[str, int, int]:
        place = rule.typed_place(TextRange.of(rule.text, offset, length))
        return place.word, place.line, place.column

    assert told(0, 11) == ("$x", 1, 1)
    assert told(3, 2) == ("$x", 1, 1)
    assert told(11, 1) == (" ", 1, 3)
    assert told(12, 1) == ("+", 1, 4)
    assert told(13, 1) == (" ", 1, 5)
    assert told(14, 2) == ("$y", 1, 6)
    assert told(15, 1) == ("$y", 1, 6)
    assert told(17, 1) == ("-", 2, 1)
    assert told(19, 11) == ("$x", 2, 3)
    assert told(0, len(rule.text)) == (typed, 1, 1)
    assert told(len(rule.text), 0) == ("", 2, 5)
