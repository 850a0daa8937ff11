"""A rule as plain data and back, and where wrong data is wrong."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from server.errors import ErrorCode, RuleError
from server.rules import plain_tree, write_plain_tree, write_rule
from server.rules.language.tree_reading import parse_rule, read_plain_tree
from server.rules.language.tree_values import PlainTree
from tests.rules.rule_texts import rules
from tests.rules.trees import plain_trees, without_places

COUNTRY: PlainTree = {"symbol": "country"}
SYNTAX, LARGE, UNSUPPORTED = ErrorCode.RULE_SYNTAX, ErrorCode.RULE_TOO_LARGE, ErrorCode.RULE_UNSUPPORTED


def compared(left: PlainTree, operator: str, right: PlainTree) -> PlainTree:
    return {"compare": {"left": left, "operator": operator, "right": right}}


IS_GERMAN = compared(COUNTRY, "EQUAL", {"text": "DE"})
CASES: list[tuple[str, PlainTree]] = [
    ('country == "DE"', IS_GERMAN),
    ('not country == "DE"', {"not": IS_GERMAN}),
    ("minor and vip and true", {"all": [{"symbol": "minor"}, {"symbol": "vip"}, {"boolean": True}]}),
    ("minor or country == null", {"any": [{"symbol": "minor"}, compared(COUNTRY, "EQUAL", {"null": True})]}),
    ("score >= -1.50", compared({"symbol": "score"}, "GREATER_OR_EQUAL", {"number": "-1.50"})),
    ('attributes.tier != "A"', compared({"symbol": "attributes.tier"}, "NOT_EQUAL", {"text": "A"})),
    (
        "attributes&.tier.length < 2",
        compared(
            {
                "attribute": {
                    "of": {"attribute": {"of": {"symbol": "attributes"}, "name": "tier", "safe": True}},
                    "name": "length",
                    "safe": False,
                }
            },
            "LESS",
            {"number": "2"},
        ),
    ),
    ('"NEWS" not in groups', {"not": {"in": {"member": {"text": "NEWS"}, "container": {"symbol": "groups"}}}}),
    ('country in ["DE", "FR"]', {"in": {"member": COUNTRY, "container": {"list": [{"text": "DE"}, {"text": "FR"}]}}}),
    (
        'name !~~ "^Mc"',
        {"match": {"subject": {"symbol": "name"}, "pattern": "^Mc", "anywhere": True, "negated": True}},
    ),
    (
        "(rating ?? 0) > $least",
        compared(
            {"coalesce": {"value": {"symbol": "rating"}, "default": {"number": "0"}}}, "GREATER", {"parameter": "least"}
        ),
    ),
    (
        'seen_at < $now - t"P30D"',
        compared(
            {"symbol": "seen_at"},
            "LESS",
            {"arithmetic": {"left": {"builtin": "now"}, "operator": "SUBTRACT", "right": {"period": "P30D"}}},
        ),
    ),
    (
        'minor ? vip : d"2026-01-31" > born_on',
        {
            "if": {
                "condition": {"symbol": "minor"},
                "then": {"symbol": "vip"},
                "else": compared({"date": "2026-01-31"}, "GREATER", {"symbol": "born_on"}),
            }
        },
    ),
    (
        "$any([v.cost > 5 for v in visits if v.canceled])",
        {
            "call": {
                "function": {"builtin": "any"},
                "arguments": [
                    {
                        "loop": {
                            "variable": "v",
                            "over": {"symbol": "visits"},
                            "condition": {"attribute": {"of": {"symbol": "v"}, "name": "canceled", "safe": False}},
                            "result": compared(
                                {"attribute": {"of": {"symbol": "v"}, "name": "cost", "safe": False}},
                                "GREATER",
                                {"number": "5"},
                            ),
                        }
                    }
                ],
            }
        },
    ),
    (
        '{"a": {1, 2}}&[name][1:] == -score',
        compared(
            {
                "slice": {
                    "of": {
                        "item": {
                            "of": {
                                "mapping": [
                                    {"key": {"text": "a"}, "value": {"set": [{"number": "1"}, {"number": "2"}]}}
                                ]
                            },
                            "key": {"symbol": "name"},
                            "safe": True,
                        }
                    },
                    "start": {"number": "1"},
                    "safe": False,
                }
            },
            "EQUAL",
            {"minus": {"symbol": "score"}},
        ),
    ),
]


@pytest.mark.parametrize(("text", "plain"), CASES)
def test_text_and_data_say_the_same(text: str, plain: PlainTree) -> None:
    assert plain_tree(parse_rule(text)) == plain
    assert write_plain_tree(json.loads(json.dumps(plain))) == text


@settings(max_examples=400)
@given(rules())
def test_a_rule_survives_its_data(text: str) -> None:
    try:
        tree = parse_rule(text)
    except RuleError:
        return
    plain = plain_tree(tree)

    again = read_plain_tree(json.loads(json.dumps(plain)))

    assert without_places(again) == without_places(tree)
    assert parse_rule(write_plain_tree(plain)) == parse_rule(write_plain_tree(plain_tree(again)))


@settings(max_examples=400)
@given(plain_trees())
def test_data_survives_its_text(given_data: PlainTree) -> None:
    canonical = plain_tree(read_plain_tree(given_data))

    text = write_plain_tree(given_data)

    assert plain_tree(parse_rule(text)) == canonical
    assert plain_tree(read_plain_tree(canonical)) == canonical
    assert write_plain_tree(canonical) == text


CANONICAL: list[tuple[PlainTree, PlainTree]] = [
    ({"all": [IS_GERMAN]}, IS_GERMAN),
    ({"any": [{"all": [COUNTRY]}]}, COUNTRY),
    ({"all": [{"all": [COUNTRY, COUNTRY]}, {"all": [COUNTRY]}]}, {"all": [COUNTRY, COUNTRY, COUNTRY]}),
    ({"minus": {"number": "1.0"}}, {"number": "-1.0"}),
    ({"minus": {"number": "-1"}}, {"minus": {"number": "-1"}}),
    ({"number": "0x10"}, {"number": "16"}),
    ({"date": "20260131T1000Z"}, {"date": "2026-01-31T10:00:00Z"}),
    ({"period": "P2W"}, {"period": "P14D"}),
]


@pytest.mark.parametrize(("plain", "canonical"), CANONICAL)
def test_data_becomes_canonical(plain: PlainTree, canonical: PlainTree) -> None:
    assert plain_tree(read_plain_tree(plain)) == canonical
    assert plain_tree(parse_rule(write_plain_tree(plain))) == canonical


def nested(levels: int) -> PlainTree:
    plain: PlainTree = {"symbol": "minor"}
    for _ in range(levels):
        plain = {"not": plain}
    return plain


DEEP = ("not",) * 41
REFUSED: list[tuple[PlainTree, ErrorCode, tuple[str | int, ...]]] = [
    ({"symbol": "coun try"}, SYNTAX, ("symbol",)),
    ({"symbol": 'country == "DE" or true'}, SYNTAX, ("symbol",)),
    ({"symbol": ""}, SYNTAX, ("symbol",)),
    ({"symbol": "not"}, SYNTAX, ("symbol",)),
    ({"symbol": "else"}, SYNTAX, ("symbol",)),
    ({"symbol": "$now"}, SYNTAX, ("symbol",)),
    ({"symbol": "company.name"}, SYNTAX, ("symbol",)),
    ({"symbol": "attributes.a.b"}, SYNTAX, ("symbol",)),
    ({"symbol": "attributes.encode"}, UNSUPPORTED, ("symbol",)),
    ({"symbol": "größe"}, SYNTAX, ("symbol",)),
    ({"symbol": "minor\n"}, SYNTAX, ("symbol",)),
    ({"builtin": "range"}, UNSUPPORTED, ("builtin",)),
    ({"builtin": "least"}, UNSUPPORTED, ("builtin",)),
    ({"parameter": "now"}, ErrorCode.RULE_PARAMETER, ("parameter",)),
    ({"parameter": "range"}, ErrorCode.RULE_PARAMETER, ("parameter",)),
    ({"parameter": "a b"}, SYNTAX, ("parameter",)),
    ({"all": []}, ErrorCode.RULE_EMPTY, ("all",)),
    ({"not": {"any": [COUNTRY, {"any": []}]}}, ErrorCode.RULE_EMPTY, ("not", "any", 1, "any")),
    (compared(COUNTRY, "EQUAL", {"text": "a\0"}), SYNTAX, ("compare", "right", "text")),
    ({"text": "\ud800"}, SYNTAX, ("text",)),
    ({"text": "x" * 1025}, LARGE, ("text",)),
    ({"text": '"' * 600 + "'" * 600}, LARGE, ("text",)),
    ({"number": "1.5.5"}, SYNTAX, ("number",)),
    ({"number": "--1"}, SYNTAX, ("number",)),
    ({"number": " 1"}, SYNTAX, ("number",)),
    ({"number": "+1"}, SYNTAX, ("number",)),
    ({"number": "007"}, SYNTAX, ("number",)),
    ({"number": "1_000"}, SYNTAX, ("number",)),
    ({"number": "nan"}, SYNTAX, ("number",)),
    ({"number": ""}, SYNTAX, ("number",)),
    ({"number": "1 or true"}, SYNTAX, ("number",)),
    ({"number": "1e900000"}, LARGE, ("number",)),
    ({"number": "1" * 31}, LARGE, ("number",)),
    ({"date": "2026-02-30"}, SYNTAX, ("date",)),
    ({"date": '2026-01-31" or d"2026-01-31'}, SYNTAX, ("date",)),
    ({"period": "P1Y"}, SYNTAX, ("period",)),
    ({"period": 'P1D" == t"P1D'}, SYNTAX, ("period",)),
    ({"null": False}, SYNTAX, ("null",)),
    ({"set": []}, SYNTAX, ("set",)),
    ({"list": [{"number": "1"}] * 1001}, LARGE, ("list",)),
    ({"match": {"subject": COUNTRY, "pattern": "("}}, SYNTAX, ("match", "pattern")),
    ({"match": {"subject": COUNTRY, "pattern": "a" * 257}}, LARGE, ("match", "pattern")),
    ({"match": {"subject": {"symbol": "1"}, "pattern": "a"}}, SYNTAX, ("match", "subject", "symbol")),
    ({"attribute": {"of": COUNTRY, "name": "encode"}}, UNSUPPORTED, ("attribute",)),
    ({"attribute": {"of": COUNTRY, "name": "a.b"}}, SYNTAX, ("attribute", "name")),
    ({"call": {"function": COUNTRY, "arguments": [{"symbol": "-"}]}}, SYNTAX, ("call", "arguments", 0, "symbol")),
    ({"mapping": [{"key": COUNTRY, "value": {"symbol": "?"}}]}, SYNTAX, ("mapping", 0, "value", "symbol")),
    ({"slice": {"of": COUNTRY, "stop": {"symbol": "?"}}}, SYNTAX, ("slice", "stop", "symbol")),
    ({"loop": {"variable": "for", "over": COUNTRY, "result": COUNTRY}}, SYNTAX, ("loop", "variable")),
    (nested(41), LARGE, DEEP),
    (nested(40), LARGE, ()),
    ({"list": [{"symbol": "a"}] * 500}, LARGE, ()),
    ({"any": [{"text": "x" * 1000}] * 5}, LARGE, ("any", 4, "text")),
    ({"any": [{"text": "\u202e" * 170}] * 5}, LARGE, ()),
    ({"all": [{"list": [{"number": "1"}] * 900}] * 3}, LARGE, ("all", 2, "list", 596, "number")),
    ({"symbol": "a", "text": "b"}, SYNTAX, ()),
    ({"not": {}}, SYNTAX, ("not",)),
    ({"xor": []}, SYNTAX, ()),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "code", "path"), REFUSED)
def test_wrong_data_is_refused_where_it_is_wrong(
    plain: PlainTree, code: ErrorCode, path: tuple[str | int, ...]
) -> None:
    with pytest.raises(RuleError) as refusal:
        write_plain_tree(plain)

    assert refusal.value.code is code
    assert refusal.value.path == path
    assert refusal.value.place is None


def test_loops_in_loops_have_an_end() -> None:
    loop: Any = {"symbol": "v"}
    for _ in range(3):
        loop = {"loop": {"variable": "v", "over": {"symbol": "visits"}, "result": loop}}

    with pytest.raises(RuleError, match="2 deep") as refusal:
        write_plain_tree(loop)

    assert refusal.value.path == ("loop", "result", "loop", "result", "loop")


def test_the_deepest_rule_there_can_be() -> None:
    assert write_plain_tree(nested(39)) == "not " * 39 + "minor"
    assert write_rule(read_plain_tree(nested(39))) == "not " * 39 + "minor"
