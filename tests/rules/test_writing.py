"""What is written is what was read: canonical text, and literals."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import RuleError
from server.rules import format_rule, write_literal, write_rule
from server.rules.language.tree import Constant, DateConstant, ListOf, Minus
from server.rules.language.tree_reading import parse_rule, read_plain_tree
from server.rules.language.tree_values import PlainTree
from tests.rules.rule_texts import rules
from tests.rules.trees import plain_trees, without_places

CANONICAL = [
    ("a==b", "a == b"),
    ("(a)", "a"),
    ("'x' == \"y\" # because", '"x" == "y"'),
    (r"r'\d+' == s'it\'s'", r'"\\d+" == "it' + "'" + 's"'),
    ('"tab\there"', r'"tab\there"'),
    (r'"\x41\u00e9\u202e\U0001f600"', '"Aé\\u202e😀"'),
    ("((a and b) and c) or (d and (e))", "a and b and c or d and e"),
    ("a and (b and (c and d))", "a and b and c and d"),
    ("(a or b) and not (c or d)", "(a or b) and not (c or d)"),
    ("not (a == b)", "not a == b"),
    ("not (not a)", "not not a"),
    ("(not a) == b", "(not a) == b"),
    ("a == not b", "a == (not b)"),
    ("not (a in b)", "a not in b"),
    ("a not in b", "a not in b"),
    ("a == b not in c", "(a == b) not in c"),
    ("a not in b == c", "(a not in b) == c"),
    ("(a in b) not in c", "(a in b) not in c"),
    ("not a not in b", "not a not in b"),
    ("a < b == c", "(a < b) == c"),
    ("a ?? b == c", "a ?? (b == c)"),
    ("(a ?? b) == c", "(a ?? b) == c"),
    ("a ?? (b ?? c)", "a ?? b ?? c"),
    ("(a ?? b) ?? c", "(a ?? b) ?? c"),
    ("a ?? not b", "a ?? (not b)"),
    ("a - (b - c) - d", "a - (b - c) - d"),
    ("(a - b) + c", "a - b + c"),
    ("a * (b / c) // d % e", "a * (b / c) // d % e"),
    ("(a + b) * -c", "(a + b) * -c"),
    ("-(a + b) * c", "-(a + b) * c"),
    ("-(a * b)", "-(a * b)"),
    ("- -1", "--1"),
    ("-(1)&.x", "-(1)&.x"),
    ("(-1).floor > (1).ceiling", "(-1).floor > (1).ceiling"),
    ("(true).x", "(true).x"),
    ("null&.x", "null&.x"),
    ("a.b&.c[1]&[2][:3][4:]&[5:6]", "a.b&.c[1]&[2][:3][4:]&[5:6]"),
    ("(a + b)[0]", "(a + b)[0]"),
    ("$max([a,b ,])", "$max([a, b])"),
    ("a.starts_with('x') ( 1 )", 'a.starts_with("x")(1)'),
    ("5(a)", "(5)(a)"),
    ("a ? b : c ? d : e", "a ? b : c ? d : e"),
    ("(a ? b : c) ? d : e", "(a ? b : c) ? d : e"),
    ("a ? b ? c : d : e", "a ? (b ? c : d) : e"),
    ("a or b ? c : d", "a or b ? c : d"),
    ("[a ? b : c, d]", "[(a ? b : c), d]"),
    ("{a ? b : c: d ? e : f}", "{(a ? b : c): (d ? e : f)}"),
    ("{a ? b : c}", "{(a ? b : c)}"),
    ("x[a ? b : c : d]", "x[(a ? b : c):d]"),
    ("[ ]", "[]"),
    ("{}", "{}"),
    ("{1,2,}", "{1, 2}"),
    ("[v for v in (a in b) if v]", "[v for v in (a in b) if v]"),
    ("[v.x == 1 for v in a ?? b]", "[v.x == 1 for v in (a ?? b)]"),
    ("$any([$all([w for w in v]) for v in x if (v and w)])", "$any([$all([w for w in v]) for v in x if v and w])"),
    ('a =~ "x" and b=~~"y" or c !~ r"\\d" or d !~~ "(?i)z"', 'a =~ "x" and b =~~ "y" or c !~ "\\\\d" or d !~~ "(?i)z"'),
    ('(a == b) =~ "x"', '(a == b) =~ "x"'),
    ('d"2026-01-31T00:00:00" < d"2026"', 'd"2026-01-31" < d"2026-01-01"'),
    ('d"2026-01-31 10:30" < d"20260131T103000.5Z"', 'd"2026-01-31T10:30:00" < d"2026-01-31T10:30:00.500000Z"'),
    ("d'2026-01-31T00:00:00+02:00'", 'd"2026-01-31T00:00:00+02:00"'),
    ("t'P2W' + t'PT90M' - t'PT0S'", 't"P14D" + t"PT1H30M" - t"P0D"'),
    ("t'PT0.5S' < t'P1DT0.25H'", 't"PT0.5S" < t"P1DT15M"'),
    ("1.50 + .5 + 5. + 1E+3 + 0x1F + 0b101 + 0o17 + 0", "1.50 + 0.5 + 5 + 1e3 + 31 + 5 + 15 + 0"),
    ("0.00000001 + 1e-30 + 0.5e-30 + 1e30", "1e-8 + 1e-30 + 0.5e-30 + 1e30"),
    ("$now - $today > $least", "$now - $today > $least"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "canonical"), CANONICAL)
def test_the_canonical_text(typed: str, canonical: str) -> None:
    tree = parse_rule(typed)

    written = write_rule(tree)

    assert written == canonical
    assert without_places(parse_rule(written)) == without_places(tree)
    assert write_rule(parse_rule(written)) == written


@settings(max_examples=400)
@given(rules())
def test_a_written_rule_is_read_as_the_same_tree(text: str) -> None:
    try:
        tree = parse_rule(text)
    except RuleError:
        return
    for write in (write_rule, format_rule):
        written = write(tree)

        assert without_places(parse_rule(written)) == without_places(tree)
        assert write(parse_rule(written)) == written


@settings(max_examples=600)
@given(plain_trees())
def test_any_tree_is_written_with_the_parentheses_it_needs(plain: PlainTree) -> None:
    tree = read_plain_tree(plain)

    written = write_rule(tree)

    assert without_places(parse_rule(written)) == without_places(tree)


def test_a_long_rule_is_broken_at_its_outermost_chain() -> None:
    first, second = (" or ".join(f'name == "{word}{n}"' for n in range(3)) for word in ("first", "second"))

    formatted = format_rule(parse_rule(f"({first}) and ({second}) and minor"))

    assert formatted == f"({first})\nand ({second})\nand minor"
    assert write_rule(parse_rule(formatted)) == formatted.replace("\n", " ")


def test_a_short_rule_is_not_broken() -> None:
    assert format_rule(parse_rule("minor and vip")) == "minor and vip"


LITERALS: list[tuple[Any, str]] = [
    (None, "null"),
    (True, "true"),
    (False, "false"),
    ("", '""'),
    ('say "\\"\n', '"say \\"\\\\\\"\\n"'),
    ("zero\x00width\u200b\u00a0", '"zero\\x00width\\u200b\\xa0"'),
    (3, "3"),
    (Decimal("-0.10"), "-0.10"),
    (Decimal("1E+3"), "1e3"),
    (date(2026, 1, 31), 'd"2026-01-31"'),
    (datetime.fromisoformat("2026-01-31"), 'd"2026-01-31"'),
    (datetime(2026, 1, 31, tzinfo=UTC), 'd"2026-01-31T00:00:00Z"'),
    (datetime.fromisoformat("0001-01-01T00:00:00.000001"), 'd"0001-01-01T00:00:00.000001"'),
    (datetime(2026, 1, 31, tzinfo=timezone(timedelta(seconds=3661))), 'd"2026-01-30T22:58:59Z"'),
    (datetime.min.replace(tzinfo=timezone(timedelta(hours=10, seconds=36))), 'd"0001-01-01T00:00:24+10:01"'),
    (datetime.max.replace(tzinfo=timezone(-timedelta(hours=9, seconds=24))), 'd"9999-12-31T23:59:23.999999-09:01"'),
    (timedelta(days=400, hours=2, seconds=3, microseconds=40), 't"P400DT2H3.00004S"'),
    (timedelta(days=-1, hours=23), '-t"PT1H"'),
    (timedelta.max, 't"P999999999DT23H59M59.999999S"'),
    (("a", [Decimal(1), None]), '["a", [1, null]]'),
]


@pytest.mark.parametrize(("value", "literal"), LITERALS)
def test_a_literal(value: Any, literal: str) -> None:
    assert write_literal(value) == literal


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+99"), Decimal("1." + "1" * 40)])
def test_a_number_that_no_literal_says(value: Decimal) -> None:
    with pytest.raises(ValueError, match="say"):
        write_literal(value)


VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=1500),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**29), max_value=10**29),
    st.builds(lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(0, 10**29), st.integers(-30, 0)),
    st.integers(0, 16**30 - 1),
    st.datetimes(),
    st.datetimes(timezones=st.just(timezone(timedelta(hours=5, minutes=30)))),
    st.timedeltas(min_value=timedelta()),
    st.sampled_from([True, False, None]),
)


@settings(max_examples=500)
@given(VALUES)
def test_a_literal_is_read_as_its_value(value: Any) -> None:
    try:
        literal = write_literal(value)
    except ValueError:
        assert len(Decimal(value).as_tuple().digits) > 25
        return
    if isinstance(value, str) and len(literal) > 1026:
        with pytest.raises(RuleError, match="1024 characters"):
            parse_rule(literal)
        return
    node = parse_rule(literal)
    if isinstance(node, Minus):
        assert isinstance(node.operand, Constant)
        assert isinstance(node.operand.value, Decimal)
        assert node.operand.value == Decimal(value).copy_negate()
    else:
        assert isinstance(node, (Constant, DateConstant))
        assert node.value == value
        assert type(node.value) is (Decimal if isinstance(value, int) and not isinstance(value, bool) else type(value))


@pytest.mark.parametrize("typed", ['"' + "\u00a0" * 1024 + '"', "'" + '"' * 1024 + "'", 'r"' + "\\d" * 500 + '"'])
def test_a_text_at_the_limit_is_still_a_text(typed: str) -> None:
    tree = parse_rule(typed)

    assert without_places(parse_rule(write_rule(tree))) == without_places(tree)


def test_a_list_of_values_is_read_as_a_list() -> None:
    assert isinstance(parse_rule(write_literal(["a", Decimal(-1), timedelta(-1)])), ListOf)
