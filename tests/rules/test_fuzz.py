"""Rules torn apart and put together again, words in any order, and bytes: nothing but a rule error comes out."""

from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.clock import Moment
from server.errors import ErrorCode, RuleError
from server.rules import (
    check_rule,
    compile_closure,
    compile_rule,
    explain_rule,
    find_problems,
    format_rule,
    parse_rule,
    plain_tree,
    rule_sentence,
    write_plain_tree,
    write_rule,
)
from tests.rules.hostile_texts import ACCEPTED, REFUSED
from tests.rules.people import VOCABULARY, make_people
from tests.rules.rule_texts import rules

MOMENT = Moment(datetime(2026, 11, 23, 12, tzinfo=UTC))
PEOPLE = make_people(3, seed=2)
WORDS = (
    *VOCABULARY.symbols, *VOCABULARY.code_sets, *VOCABULARY.collections, *VOCABULARY.collections["visits"].members,
    "and", "or", "not", "in", "for", "if", "null", "true", "false", "elif", "else", "while", "inf", "nan",
    "==", "!=", "<", "<=", ">", ">=", "=~", "=~~", "!~", "!~~", "+", "-", "*", "/", "//", "%", "**", "<<", "&", "|",
    "^", "??", "?", ":", ",", ".", "&.", "(", ")", "[", "]", "{", "}", "&[", "#", "$", "\\", "'", '"',
    "$now", "$today", "$any", "$all", "$sum", "$max", "$min", "$abs", "$parse_datetime", "$parse_float", "$range", "$e",
    "v", "w", "v.cost", ".length", ".as_lower", ".starts_with(", ".days", ".to_int", ".is_empty", ".date", ".to_flt",
    "0", "1", "-1", "0.5", "1e30", "1e-30", "9223372036854775808", "0x1F", "1.", ".5", "1e999",
    '"a"', "'a'", 'r"a"', 's"a"', 'b"a"', '""', '"\\x00"', '"\\ud800"', '"(a+)+$"', '"["',
    'd"2026-01-01"', 'd"9999-12-31"', 'd""', 't"P1D"', 't"P999999999D"', 't""', "\n", "\t", "\0", "\ud800", "é", "😀",
)  # fmt: skip
_SHORT = [text for text in (*ACCEPTED.values(), *REFUSED.values()) if len(text) < 400]


@st.composite
def torn_rules(draw: st.DrawFn) -> str:
    """A rule with pieces of it, or of another one, taken out, doubled, put elsewhere or replaced by a word."""
    text = draw(st.one_of(rules(), st.sampled_from(_SHORT)))
    other = draw(st.one_of(rules(), st.sampled_from(_SHORT)))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        begin = draw(st.integers(0, len(other)))
        piece = draw(
            st.one_of(
                st.just(""),
                st.just(text[start:end] * 2),
                st.just(other[begin : begin + draw(st.integers(1, 20))]),
                st.sampled_from(WORDS),
                st.characters(),
            )
        )
        text = text[:start] + piece + text[end:]
    return text


def _take_in(text: str) -> None:
    """Do all that can be done with a text; raises what must not come out."""
    with suppress(RuleError):
        assert plain_tree(parse_rule(text))
    problems = find_problems(text, VOCABULARY)
    for problem in problems:
        assert isinstance(problem.code, ErrorCode)
        assert problem.message
        assert problem.place is None or 0 <= problem.place.offset <= len(text)
    if problems:
        return
    rule = check_rule(text, VOCABULARY)
    for dialect in ("sqlite", "postgresql"):
        compile_rule(rule, MOMENT, dialect=dialect)
    assert rule_sentence(rule)
    assert write_rule(rule.tree)
    assert format_rule(rule.tree) == write_plain_tree(plain_tree(rule.tree))
    closure = compile_closure(rule, MOMENT)
    for values in PEOPLE.values.values():
        assert explain_rule(rule, MOMENT, values).verdict is closure.decide(values)


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(torn_rules())
def test_torn_rules(text: str) -> None:
    _take_in(text)


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30), st.sampled_from(["", " "]))
def test_words_in_any_order(words: list[str], between: str) -> None:
    _take_in(between.join(words))


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode(errors="surrogatepass"))))
def test_bytes(data: bytes) -> None:
    _take_in(data.decode(errors="surrogateescape"))
    _take_in(data.decode("latin-1"))
