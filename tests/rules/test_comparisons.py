"""Comparisons that are refused because they cannot be meant, what is suggested instead, and what stays allowed."""

from dataclasses import replace

import pytest

from server.errors import ErrorCode
from server.rules import ColumnSource, Symbol, ValueType, find_problems
from server.rules.language.check import check_language
from tests.rules.people import VOCABULARY, person, visit

_STATE = Symbol("state", ValueType.CODE, ColumnSource(person.c.nick), values=("OPEN", "CLOSED"))
_CHANNEL = Symbol(
    "channel", ValueType.CODE, ColumnSource(person.c.language), nullable=True, values=("HARD_COPY", "EMAIL")
)
_MOOD = Symbol("mood", ValueType.CODE, ColumnSource(visit.c.template), nullable=True, values=("GOOD", "VERY_BAD"))
_VISITS = VOCABULARY.collections["visits"]
_VOCABULARY = replace(
    VOCABULARY,
    symbols={**VOCABULARY.symbols, "state": _STATE, "channel": _CHANNEL},
    collections={"visits": replace(_VISITS, members={**_VISITS.members, "mood": _MOOD})},
)

WHOLE = [
    ("country == 5", "text", "a number", 'country == "5"'),
    ("country != -5", "text", "a number", 'country != "-5"'),
    ("5 == country", "a number", "text", '"5" == country'),
    ("country == true", "text", "true or false", None),
    ("minor == 1", "true or false", "a number", "minor == true"),
    ("vip != 0", "true or false", "a number", "vip != false"),
    ('minor == "yes"', "true or false", "text", "minor == true"),
    ('minor == "perhaps"', "true or false", "text", None),
    ('groups == "PRESS"', "a list", "text", '"PRESS" in groups'),
    ('groups != "PRESS"', "a list", "text", '"PRESS" not in groups'),
    ('"PRESS" == groups', "text", "a list", '"PRESS" in groups'),
    ("groups == 0", "a list", "a number", "groups.length == 0"),
    ("visits == 0", "a list", "a number", "visits.length == 0"),
    ('visits == "x"', "a list", "text", None),
    ('created_at == "2026-01-01"', "a date", "text", 'created_at == d"2026-01-01"'),
    ('born_on != "2026-01-01T10:30"', "a date", "text", 'born_on != d"2026-01-01T10:30"'),
    ('joined_on == "2026-13-01"', "a date", "text", None),
    ('joined_on == "yesterday"', "a date", "text", None),
    ("joined_on == 2026", "a date", "a number", None),
    ('score == "3"', "a number", "text", "score == 3"),
    ('score == "three"', "a number", "text", None),
    ("attributes.tier == 1", "text", "a number", 'attributes.tier == "1"'),
    ('attributes.points == "10.5"', "a number", "text", "attributes.points == 10.5"),
    ("country == rating", "text", "a number", None),
    ("born_on != vip", "a date", "true or false", None),
    ("name == minor", "text", "true or false", None),
    ("$now - created_at == 5", "a period", "a number", "($now - created_at).days == 5"),
    ('(country ?? "x") == 5', "text", "a number", '(country ?? "x") == "5"'),
    ("state == 5", "text", "a number", None),
    ('"1" == 1', "text", "a number", '"1" == "1"'),
]


@pytest.mark.parametrize(("text", "left", "right", "suggestion"), WHOLE, ids=[row[0] for row in WHOLE])
@pytest.mark.parametrize("around", ["{}", "not ({})", "minor and {}"])
def test_different_types_are_not_compared(
    text: str, left: str, right: str, suggestion: str | None, around: str
) -> None:
    [problem] = find_problems(around.format(text), _VOCABULARY)

    assert (problem.code, problem.suggestion) == (ErrorCode.RULE_TYPE, suggestion)
    assert problem.place is not None
    assert problem.place.word == text
    assert f"compares {left} with {right}" in problem.message
    assert problem.message.endswith(suggestion or ".")


PARTS = [
    ('score in ["a"]', '"a"', None),
    ('score not in [1, "2"]', '"2"', "2"),
    ("score in {1, true}", "true", None),
    ("minor in [0]", "0", "false"),
    ('country in ["DE", 5, null]', "5", '"5"'),
    ("country in [language, score]", "score", None),
    ('created_at in ["2026-01-01"]', '"2026-01-01"', 'd"2026-01-01"'),
    ("5 in groups", "5", '"5"'),
    ("minor not in groups", "minor", None),
    ("5 in [v.template for v in visits]", "5", '"5"'),
    ('"1.5" in [v.cost for v in visits]', '"1.5"', "1.5"),
    ("$any([g == 5 for g in groups])", "g == 5", 'g == "5"'),
    ('state == "OPENED"', '"OPENED"', '"OPEN"'),
    ('state == "Open"', '"Open"', '"OPEN"'),
    ('"closed" != state', '"closed"', '"CLOSED"'),
    ('state == "zzz"', '"zzz"', None),
    ('state == ""', '""', None),
    ('channel == ""', '""', "null"),
    ('channel == "hard copy"', '"hard copy"', '"HARD_COPY"'),
    ('(channel ?? "") == "E-Mail"', '"E-Mail"', '"EMAIL"'),
    ('state in ["OPEN", "Firm"]', '"Firm"', None),
    ('state not in {"OPEN", "Closed"}', '"Closed"', '"CLOSED"'),
    ("state in [5]", "5", None),
    ('"Open" in [state]', '"Open"', '"OPEN"'),
    ('country in "DE"', '"DE"', '["DE"]'),
    ('country not in ("DE")', '("DE")', '["DE"]'),
    ('(country ?? "") in "DE"', '"DE"', '["DE"]'),
    ('name in ( "DE" )', '( "DE" )', '["DE"]'),
    ('$any([v.template in "A" for v in visits])', '"A"', '["A"]'),
    ('groups in ["A"]', 'groups in ["A"]', '"A" in groups'),
    ('groups not in ["A"]', 'groups not in ["A"]', '"A" not in groups'),
    ('groups not in ["A", "B"]', 'groups not in ["A", "B"]', 'not $any([code in ["A", "B"] for code in groups])'),
    ('not (groups in ["A", "B"])', 'groups in ["A", "B"]', '$any([code in ["A", "B"] for code in groups])'),
    (
        'minor == (groups not in ["A", "B"])',
        'groups not in ["A", "B"]',
        '(not $any([code in ["A", "B"] for code in groups]))',
    ),
    ('$any([v.mood == "VERY_BADD" for v in visits])', '"VERY_BADD"', '"VERY_BAD"'),
    ('"good" in [v.mood for v in visits]', '"good"', '"GOOD"'),
]


@pytest.mark.parametrize(("text", "word", "suggestion"), PARTS, ids=[row[0] for row in PARTS])
def test_the_wrong_part_is_named(text: str, word: str, suggestion: str | None) -> None:
    [problem] = find_problems(text, _VOCABULARY)

    assert problem.place is not None
    assert (problem.code, problem.place.word, problem.suggestion) == (ErrorCode.RULE_TYPE, word, suggestion)
    assert problem.message.endswith(suggestion or ".")


def test_the_allowed_values_are_listed() -> None:
    [problem] = find_problems('state == "Open"', _VOCABULARY)

    assert problem.message == 'state is one of "OPEN", "CLOSED"; "Open" is none of them; write "OPEN"'


@pytest.mark.parametrize("text", [text for text, *_, suggestion in [*WHOLE, *PARTS] if suggestion])
def test_what_is_suggested_is_accepted(text: str) -> None:
    [problem] = find_problems(text, _VOCABULARY)
    place = problem.place
    assert place is not None
    assert problem.suggestion is not None
    mended = text[: place.offset] + problem.suggestion + text[place.offset + place.length :]

    assert find_problems(mended, _VOCABULARY) == []


@pytest.mark.parametrize(
    "text",
    [
        "country == null",
        "null != minor",
        "visits == null",
        'country in ["DE", null]',
        "nick in name",
        'name in "DE, AT"',
        '"D" in name',
        "country == name",
        "joined_on == created_at",
        "state == nick",
        'state == "OPEN"',
        "state == null",
        '(channel ?? "NONE") == "NONE"',
        '(country ?? "x") == "x"',
        '(minor ? 1 : "a") == "a"',
        "$any([state == name for state in groups])",
        '$any([state == "zzz" for state in groups])',
        '{"a": 1}["a"] == 1',
        "score in {1, 2}",
        'groups == ["A"]',
    ],
)
def test_what_can_be_meant_is_accepted(text: str) -> None:
    assert find_problems(text, _VOCABULARY) == []


def test_a_long_list_of_wrong_items_is_told_by_its_first() -> None:
    items = ", ".join(['"a"'] * 1000)
    text = f"score in [{items}]"

    assert 0 < len(find_problems(text, _VOCABULARY)) < 10


@pytest.mark.parametrize("text", [row[0] for row in [*WHOLE, *PARTS]])
def test_the_proof_of_the_compiler_still_compares_anything(text: str) -> None:
    assert check_language(text, _VOCABULARY).text == text
