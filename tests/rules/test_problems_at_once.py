"""Everything that is wrong with a text is said at once, each with its place, and nothing that follows from it."""

import pytest

from server.errors import ErrorCode, RuleError
from server.rules import check_rule, find_problems
from tests.rules.people import VOCABULARY

_UNKNOWN, _UNSUPPORTED = ErrorCode.RULE_UNKNOWN_SYMBOL, ErrorCode.RULE_UNSUPPORTED
_TYPE, _SYNTAX, _LARGE = ErrorCode.RULE_TYPE, ErrorCode.RULE_SYNTAX, ErrorCode.RULE_TOO_LARGE


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            'contry == "DE" and $random > 1\nand scor > d"2026-13-01"',
            [(_UNKNOWN, "contry", 1, 1), (_UNSUPPORTED, "$random", 1, 20), (_UNKNOWN, "scor", 2, 5),
             (_SYNTAX, 'd"2026-13-01"', 2, 12)],
        ),
        ("name =~ nick and nme == 1", [(_UNSUPPORTED, "nick", 1, 9), (_UNKNOWN, "nme", 1, 18)]),
        ("$sum($range(contry)) > 1", [(_UNSUPPORTED, "$range", 1, 6), (_UNKNOWN, "contry", 1, 13)]),
        ('nme.encode("x") == 1', [(_UNSUPPORTED, "nme.encode", 1, 1), (_UNKNOWN, "nme", 1, 1)]),
        (
            "[[[v.cos for v in visits] for w in visits] for x in visits].length > 1 and cuntry == 3",
            [(_LARGE, "[v.cos for v in visits]", 1, 3), (_UNKNOWN, "cuntry", 1, 76)],
        ),
        (
            'name == "\\x00" and rating > 3 and vip == "yes" and name =~ "(" and $any([v.cots > 1 for v in visits])',
            [(_SYNTAX, '"\\x00"', 1, 9), (_TYPE, "rating", 1, 20), (_TYPE, 'vip == "yes"', 1, 35),
             (_SYNTAX, '"("', 1, 60), (_UNKNOWN, "cots", 1, 76)],
        ),
        ("$range(1000000000).length > 1 and minor", [(_UNSUPPORTED, "$range", 1, 1)]),
        ("score > 01 and $split(name).length > 1", [(_SYNTAX, "01", 1, 9), (_UNSUPPORTED, "$split", 1, 16)]),
    ],
)  # fmt: skip
def test_all_problems_are_found_together(text: str, problems: list[tuple[ErrorCode, str, int, int]]) -> None:
    found = find_problems(text, VOCABULARY)

    places = [(problem.place.word, problem.place.line, problem.place.column) for problem in found if problem.place]
    assert [(problem.code, *place) for problem, place in zip(found, places, strict=True)] == problems
    with pytest.raises(RuleError) as raised:
        check_rule(text, VOCABULARY)
    assert str(raised.value) == str(found[0])


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("visits[0].cost > 1", {"visits", "visits.cost"}),
        ("visits&[0]&.cost == 1", {"visits", "visits.cost"}),
        ("[v for v in visits if v.canceled][0].cost > 1", {"visits", "visits.canceled", "visits.cost"}),
        ("$any([(v.canceled ? v : visits[0]).cost > 1 for v in visits])", {"visits", "visits.canceled", "visits.cost"}),
        ("attributes.points > 1", {"attributes.points"}),
        ("[attributes.cost for attributes in visits].length > 1", {"visits", "visits.cost"}),
    ],
)
def test_what_is_read_of_an_object_is_known_however_it_is_reached(text: str, uses: set[str]) -> None:
    assert check_rule(text, VOCABULARY).uses == uses
