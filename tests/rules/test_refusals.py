"""What a rule may not say: the code, the place, and what to write instead."""

import pytest

from server.errors import ErrorCode, RuleError
from server.rules import check_rule, find_problems
from server.rules.language.check import check_language
from server.rules.language.tree import Constant, walk
from tests.rules.people import VOCABULARY

SYNTAX, TYPE, UNKNOWN = ErrorCode.RULE_SYNTAX, ErrorCode.RULE_TYPE, ErrorCode.RULE_UNKNOWN_SYMBOL
UNSUPPORTED, LARGE, EMPTY = ErrorCode.RULE_UNSUPPORTED, ErrorCode.RULE_TOO_LARGE, ErrorCode.RULE_EMPTY

REFUSALS = [
    ("", EMPTY, None, None, "true"),
    (" \n ", EMPTY, None, None, "true"),
    ("# every contact", EMPTY, None, None, "true"),
    ("minor = true", SYNTAX, 6, "=", "=="),
    ("minor AND vip", SYNTAX, 6, "AND", "and"),
    ("minor &&  vip", UNSUPPORTED, 6, "&&", "and"),
    ("minor || vip", UNSUPPORTED, 6, "||", "or"),
    ("!minor", SYNTAX, 0, "!", "not"),
    ("country is null", SYNTAX, 8, "is null", "== null"),
    ('name like "a"', SYNTAX, 0, 'name like "a"', 'name == "a"'),
    ("score <> 3", SYNTAX, 6, "<>", "!="),
    ("score ==", SYNTAX, 8, "", None),
    ("(minor", SYNTAX, 6, "", ")"),
    ('name == "x', SYNTAX, 8, '"x', '"x"'),
    ("minor else", SYNTAX, 6, "else", None),
    ("minor # first\nand vip", SYNTAX, 6, "#", None),
    ("minor \u202e", SYNTAX, 6, "\u202e", None),
    ("score < 1 < 2", SYNTAX, 0, "score < 1 < 2", "score < 1 and 1 < 2"),
    ("contry == null", UNKNOWN, 0, "contry", "country"),
    ("createdAt < $now", UNKNOWN, 0, "createdAt", "created_at"),
    ("country == DE", UNKNOWN, 11, "DE", '"DE"'),
    ("zzz == 1", UNKNOWN, 0, "zzz", None),
    ("name.lenght > 3", UNKNOWN, 5, "lenght", "length"),
    ("name.__class__ == 1", UNKNOWN, 5, "__class__", None),
    ('attributes.teir == "A"', UNKNOWN, 11, "teir", "tier"),
    ('attributes.mem == true', UNKNOWN, 11, "mem", "member"),
    ("attributes.foo == 1", UNKNOWN, 11, "foo", None),
    ('region.code == "x"', UNKNOWN, 0, "region.code", "region"),
    ('$any([v.region.no == "x" for v in visits])', UNKNOWN, 6, "v.region.no", "v.region"),
    ("country.lenght > 1", UNKNOWN, 8, "lenght", "length"),
    ("name.code == 1", UNKNOWN, 5, "code", None),
    ('nick == "a" -- x', UNKNOWN, 12, "-- x", "# x"),
    ("$any([v.costs > 1 for v in visits])", UNKNOWN, 8, "costs", "cost"),
    ("$nwo > created_at", UNKNOWN, 0, "$nwo", "$now"),
    ("$count(visits) > 1", UNKNOWN, 0, "$count(visits)", "visits.length"),
    ('born_on > d"2000-01-01"', TYPE, 0, "born_on", '(born_on ?? d"1900-01-01") > d"2000-01-01"'),
    ("seen_at < $now", TYPE, 0, "seen_at", '(seen_at ?? d"9999-12-31") < $now'),
    ("$now > seen_at", TYPE, 7, "seen_at", '$now > (seen_at ?? d"9999-12-31")'),
    ("rating > 3", TYPE, 0, "rating", "(rating ?? 0) > 3"),
    ("rating + 1 > 3", TYPE, 0, "rating", "(rating ?? 0) + 1"),
    ('country =~ "D"', TYPE, 0, "country", '(country ?? "") =~ "D"'),
    ('"D" in country', TYPE, 7, "country", '"D" in (country ?? "")'),
    ("country.length > 1", TYPE, 0, "country", '(country ?? "").length'),
    ('country ?? "x" == "x"', TYPE, 0, 'country ?? "x" == "x"', '(country ?? "x") == "x"'),
    ('minor or rating ?? 0 > 5', TYPE, 9, 'rating ?? 0 > 5', '(rating ?? 0) > 5'),
    ('country ?? "x" in ["x"]', TYPE, 0, 'country ?? "x" in ["x"]', '(country ?? "x") in ["x"]'),
    ("country ?? 5 == 5", TYPE, 0, "country ?? 5 == 5", None),
    ("$sum([v.template for v in visits]) > 5", TYPE, 5, "[v.template for v in visits]", None),
    ('score > "3"', TYPE, 0, 'score > "3"', "score > 3"),
    ("minor + 1 > 0", TYPE, 0, "minor + 1", None),
    ("score in name", TYPE, 0, "score in name", None),
    ("minor(1)", TYPE, 0, "minor(1)", None),
    ('name.starts_with("a", "b")', TYPE, 0, 'name.starts_with("a", "b")', None),
    ("1 / 0 > score", TYPE, 0, "1 / 0", None),
    ("{{1}}.length > 0", TYPE, 0, "{{1}}.length", None),
    ("name", TYPE, 0, "name", 'name != ""'),
    ("score", TYPE, 0, "score", "score != 0"),
    ("country", TYPE, 0, "country", "country != null"),
    ("visits", TYPE, 0, "visits", "not visits.is_empty"),
    ("[v.cost > 1 for v in visits]", TYPE, 0, "[v.cost > 1 for v in visits]", "$any([v.cost > 1 for v in visits])"),
    ("attributes == null", TYPE, 0, "attributes", None),
    ("null", TYPE, 0, "null", None),
    ('d"2026-13-01" < created_at', SYNTAX, 0, 'd"2026-13-01"', None),
    ('t"P1Y" > $now - created_at', SYNTAX, 0, 't"P1Y"', 't"P365D"'),
    ("00 == score", SYNTAX, 0, "00", None),
    ("name =~ nick", UNSUPPORTED, 8, "nick", None),
    ('name =~ "a" + "b"', UNSUPPORTED, 8, '"a" + "b"', None),
    ('name =~ "(a"', SYNTAX, 8, '"(a"', None),
    (r'name =~ r"(a)\1"', SYNTAX, 8, r'r"(a)\1"', None),
    ('name =~ "(?=a)"', SYNTAX, 8, '"(?=a)"', None),
    (r'name =~ r"\C"', SYNTAX, 8, r'r"\C"', None),
    ('name =~ "a{99999999999}"', SYNTAX, 8, '"a{99999999999}"', None),
    ("1 << 2 > score", UNSUPPORTED, 2, "<<", None),
    ("score ** 2 > 4", UNSUPPORTED, 6, "**", None),
    ("score ^ 2 > 4", UNSUPPORTED, 6, "^", None),
    ('b"x" == name', UNSUPPORTED, 0, 'b"x"', '"x"'),
    ("score < inf", UNSUPPORTED, 8, "inf", None),
    ('name.encode("hex") == name', UNSUPPORTED, 0, 'name.encode', None),
    ("$sum($range(3)) > score", UNSUPPORTED, 5, "$range", None),
    ("$random() > score", UNSUPPORTED, 0, "$random", None),
    ('$split(name).length > 1', UNSUPPORTED, 0, "$split", None),
    ("$any([n for n in name.to_ary])", UNSUPPORTED, 17, "name.to_ary", None),
    ("$any([w for v in visits for w in visits])", SYNTAX, 24, "for", None),
    ("1e31 > score", LARGE, 0, "1e31", None),
    ("1234567890123456789012345678901 > score", LARGE, 0, "1234567890123456789012345678901", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "offset", "word", "suggestion"), REFUSALS, ids=[r[0] or "empty" for r in REFUSALS]
)
def test_refusal(text: str, code: ErrorCode, offset: int | None, word: str | None, suggestion: str | None) -> None:
    with pytest.raises(RuleError) as caught:
        check_rule(text, VOCABULARY)
    error = caught.value
    place = error.place
    found = (error.code, place and place.offset, place and place.word, error.suggestion)
    assert found == (code, offset, word, suggestion)
    assert error.message.endswith((".", suggestion or "."))


def test_suggestions_for_nullable_symbols_are_accepted() -> None:
    for text in ("born_on > $now", "seen_at < $now", "rating > 3", 'country =~ "D"', '"D" in country'):
        [problem] = find_problems(text, VOCABULARY)
        assert problem.suggestion is not None
        assert find_problems(problem.suggestion, VOCABULARY) == []


def test_all_problems_are_found_in_the_order_of_the_text() -> None:
    text = 'contry == "DE"\nand rating > 3\nand $any([v.costs > "x" for v in visits]) and name.lenght > 1'

    problems = find_problems(text, VOCABULARY)

    assert [(p.code, p.place and (p.place.line, p.place.column, p.place.word)) for p in problems] == [
        (UNKNOWN, (1, 1, "contry")),
        (TYPE, (2, 5, "rating")),
        (UNKNOWN, (3, 13, "costs")),
        (UNKNOWN, (3, 52, "lenght")),
    ]


def test_problems_of_every_kind_are_told_together() -> None:
    problems = find_problems('$range(1) and name =~ nick and $random() > 1 and contry == "x"', VOCABULARY)

    assert [(p.code, p.place and p.place.word) for p in problems] == [
        (UNSUPPORTED, "$range"),
        (UNSUPPORTED, "nick"),
        (UNSUPPORTED, "$random"),
        (UNKNOWN, "contry"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "true",
        "minor # only minors",
        "not (vip == true)",
        'name.as_lower.starts_with("a")',
        "vip",
        "score // 2 % 3 == 1",
        "$all([v.cost > 1 for v in visits if not v.canceled])",
        "$any([[w for w in visits if w.cost > v.cost].is_empty for v in visits])",
        '$any([g.starts_with("A") for g in groups])',
        'name =~~ "(a+)+$"',
        'country == "DE" ? minor : vip',
        "attributes.points > 3 and attributes.tier == null",
        '"A" in trades',
        '{"a": 1}["a"] == score',
        "country&.length == 2",
        "$max([v.cost for v in visits]) > 3",
    ],
)
def test_accepted(text: str) -> None:
    assert find_problems(text, VOCABULARY) == []


@pytest.mark.parametrize(
    ("text", "uses", "clock"),
    [
        ('country == "DE" and attributes.tier != null', {"country", "attributes.tier"}, False),
        ("$any([v.cost > score for v in visits])", {"visits", "visits.cost", "score"}, False),
        ("[v for v in visits if v.on < $today].is_empty", {"visits", "visits.on"}, True),
        ("visits.length > 1 and \"A\" in groups", {"visits", "groups"}, False),
        ("[1 for country in groups].length > 2", {"groups"}, False),
        ("($now - created_at).days > 3", {"created_at"}, True),
        ("true", set(), False),
    ],
)  # fmt: skip
def test_names_that_a_rule_uses(text: str, uses: set[str], clock: bool) -> None:
    rule = check_rule(text, VOCABULARY)

    assert (set(rule.uses), rule.uses_clock, rule.text, rule.language_version) == (uses, clock, text, "5.1")


AT_THE_LIMIT = {
    "4096 characters": "minor" + " " * 4091,
    "100 operands": " or ".join(["score == 1"] * 100),
    "199 flags": " and ".join(["minor"] * 199),
    "40 levels": "not " * 39 + "minor",
    "1000 items": f"score in [{','.join(['1'] * 1000)}]",
    "1024 characters of text": f'name == "{"x" * 1024}"',
    "256 characters of pattern": f'name =~ "{"x" * 256}"',
    "30 digits": f"score < {'9' * 30}",
    "exponent of 30": "score < 1e30",
    "two loops": "$any([$any([w.cost > v.cost for w in visits]) for v in visits])",
}
BEYOND = {
    "4097 characters": "minor" + " " * 4092,
    "134 operands": " or ".join(["score == 1"] * 134),
    "41 levels": "not " * 40 + "minor",
    "1001 items": f"score in [{','.join(['1'] * 1001)}]",
    "1025 characters of text": f'name == "{"x" * 1025}"',
    "257 characters of pattern": f'name =~ "{"x" * 257}"',
    "31 digits": f"score < {'9' * 31}",
    "31 hexadecimal digits": f"score < 0x{'f' * 31}",
    "exponent of 31": "score < 1e31",
    "negative exponent of 31": "score < 1e-31",
    "three loops": "$any([$any([$any([true for u in visits]) for w in visits]) for v in visits])",
}
MESSAGES = [
    (" and ".join(["minor"] * 201), "A rule has at most 400 parts."),
    ("not " * 40 + "minor", "A rule is nested at most 40 levels deep."),
    ('region.code == "x"', "region is itself the code and has no code; compare it directly: region"),
    ("$sum([v.template for v in visits]) > 5",
     "$sum needs a list of numbers; [v.template for v in visits] is a list of which each item is text."),
    ("$sum(groups) > 5", "$sum needs a list of numbers; groups is a list of codes."),
    ("$any(minor)", "$any needs a list; minor is true or false."),
    ('name.starts_with("a", "b")', "name.starts_with takes 1 argument; here it has 2."),
    ("$abs() > 1", "$abs takes 1 argument; here it has 0."),
    ("minor[0] == 1", "minor is true or false and has no items in brackets."),
    ('attributes["foo"] == 1', "Attributes stand after a point."),
    ("attributes == null", "Name the attribute that is meant, as in attributes.asked."),
    ("visits.cost", "visits are many; ask each by a loop: [i.cost for i in visits]."),
    ("score ** 2 > 4", "** is not part of the language; a square is x * x."),
    ("name =~ nick", 'The right side of a regular expression test must be a text literal, as in name =~ "Mc.*".'),
    ("minor \u202e", "Right-to-left override (U+202E) cannot stand here."),
    ("minor \a", "A control character (U+0007) cannot stand here."),
    ("minor and 5", "5 is no condition, but the same for every contact; say what it is compared with."),
    ("name.starts_with(5)", ".starts_with needs text; 5 is a number."),
    ("(country ?? 5) == null", "?? cannot replace null in text by a number."),
    ("attributes.foo == 1", "There is no attribute foo; the nearest are quota, points, tier, since, renewed."),
    ("$any([v.mood == 1 for v in visits])",
     "v has no mood; the nearest are on, cost, grade, region, template."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MESSAGES, ids=[message for _, message in MESSAGES])
def test_the_message_says_what_is_wrong(text: str, message: str) -> None:
    assert [problem.message for problem in find_problems(text, VOCABULARY)] == [message]


BLANKS = ["\r\n", "\r", "\xa0", "\u2009", "\u200b", "\ufeff", "\u3000", "\u2028", "\f", "\v"]


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_blanks_of_every_kind_may_stand_between_words(blank: str) -> None:
    inside = blank[0]
    text = f'{blank}name == "a{inside}b" {blank}and{blank} minor{blank}'

    rule = check_rule(text, VOCABULARY)
    [problem] = find_problems(f"{text} and contry == null", VOCABULARY)

    assert rule.text == text
    assert [part.value for part in walk(rule.tree) if isinstance(part, Constant)] == [f"a{inside}b"]
    assert problem.place
    assert (problem.place.offset, problem.place.word) == (len(text) + 5, "contry")


def test_blanks_alone_are_no_rule() -> None:
    assert [problem.code for problem in find_problems("\ufeff\r\n\u200b", VOCABULARY)] == [EMPTY]


CONSTANTS = [
    ('country == "DE" or "AT"', 'country in ["DE", "AT"]', 'country in ["DE", "AT"]'),
    ('country == "DE" or "AT" or "CH"', 'country in ["DE", "AT", "CH"]', 'country in ["DE", "AT", "CH"]'),
    ('country != "DE" or "AT"', 'country not in ["DE", "AT"]', 'country not in ["DE", "AT"]'),
    ('country != "DE" and "AT"', 'country not in ["DE", "AT"]', 'country not in ["DE", "AT"]'),
    ('minor and country == "DE" or "AT"', 'country in ["DE", "AT"]', 'minor and country in ["DE", "AT"]'),
    ("vip or score == -1 or -2", "score in [-1, -2]", "vip or score in [-1, -2]"),
    ('"A" or "B" in groups', '"A" in groups or "B" in groups', '"A" in groups or "B" in groups'),
    ('"A" and "B" in groups', '"A" in groups and "B" in groups', '"A" in groups and "B" in groups'),
    ('$any([v.template == "A" or "B" for v in visits])', 'v.template in ["A", "B"]',
     '$any([v.template in ["A", "B"] for v in visits])'),
    ('country == ("DE" or "AT")', 'country in ["DE", "AT"]', 'country in ["DE", "AT"]'),
    ('country != ("DE" or "AT")', 'country not in ["DE", "AT"]', 'country not in ["DE", "AT"]'),
    ('country in [("DE" or "AT")]', '"DE", "AT"', 'country in ["DE", "AT"]'),
    ('country == "DE" and "Bonn"', None, None),
    ('(minor and country == "DE") or "AT"', None, None),
    ('country == "DE" or 5', None, None),
    ("score > 1 or 2", None, None),
    ('"A" or "B" not in groups', None, None),
    ('"A" or "B" in groups and minor', None, None),
    ("minor and 1", None, None),
    ("minor or null", None, None),
    ('minor or ["DE"]', None, None),
    ('not "x"', None, None),
    ("not -1", None, None),
    ('minor or d"2026-01-01"', None, None),
    ("minor and $now", None, None),
    ('"x" ? minor : vip', None, None),
    ("$any([v.canceled for v in visits if 1])", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "suggestion", "right"), CONSTANTS, ids=[row[0] for row in CONSTANTS])
def test_a_constant_is_no_condition(text: str, suggestion: str | None, right: str | None) -> None:
    problem, *_ = find_problems(text, VOCABULARY)

    assert (problem.code, problem.suggestion, problem.correction) == (TYPE, suggestion, right)
    assert right is None or find_problems(right, VOCABULARY) == []
    assert check_language(text, VOCABULARY).text == text


def test_values_joined_by_or_are_no_list() -> None:
    [problem] = find_problems('country not in ("DE" or "AT")', VOCABULARY)

    assert (problem.suggestion, problem.correction) == ('["DE", "AT"]', 'country not in ["DE", "AT"]')


@pytest.mark.parametrize("text", ["minor and true", "score and minor", "not -score", "name or minor", "-score < 1"])
def test_what_differs_between_contacts_is_a_condition(text: str) -> None:
    assert find_problems(text, VOCABULARY) == []


@pytest.mark.parametrize("text", AT_THE_LIMIT.values(), ids=AT_THE_LIMIT)
def test_a_rule_at_the_limit_is_accepted(text: str) -> None:
    assert find_problems(text, VOCABULARY) == []


@pytest.mark.parametrize("text", BEYOND.values(), ids=BEYOND)
def test_a_rule_beyond_the_limit_is_too_large(text: str) -> None:
    problems = find_problems(text, VOCABULARY)

    assert {problem.code for problem in problems} == {LARGE}
