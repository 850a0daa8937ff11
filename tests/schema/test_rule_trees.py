"""A rule as text and as tree over HTTP."""

import json
from typing import Any

import httpx2
import pytest
from graphql import GraphQLInputObjectType

from server.rules import RULE_LIMITS, PlainTree
from server.rules.language.tree_reading import _Reader
from server.rules.language.tree_values import ARITHMETIC, COMPARISONS
from server.schema.enums import RuleArithmetic, RuleComparison
from server.schema.schema import print_schema, schema
from tests.conftest import GraphQL
from tests.rules.test_tree_values import CANONICAL, CASES, IS_GERMAN, nested

TEXT = "query ($tree: RuleTreeInput!) { ruleText(tree: $tree) }"
TREE = "query ($rule: String!) { ruleTree(rule: $rule) }"


async def text_of(graphql: GraphQL, tree: PlainTree) -> str:
    text: str = (await graphql(TEXT, {"tree": tree}))["ruleText"]
    return text


async def tree_of(graphql: GraphQL, rule: str) -> PlainTree:
    tree: PlainTree = (await graphql(TREE, {"rule": rule}))["ruleTree"]
    return tree


async def refused(graphql: GraphQL, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    body = await graphql(query, variables, expect_errors=True)
    (error,) = body["errors"]
    extensions: dict[str, Any] = error["extensions"]
    return extensions


@pytest.mark.parametrize(("text", "tree"), CASES)
async def test_the_answer_can_be_sent_back(graphql: GraphQL, text: str, tree: PlainTree) -> None:
    answer = await tree_of(graphql, text)

    assert answer == tree
    assert await text_of(graphql, answer) == text


@pytest.mark.parametrize(("tree", "canonical"), CANONICAL)
async def test_a_tree_becomes_canonical(graphql: GraphQL, tree: PlainTree, canonical: PlainTree) -> None:
    assert await tree_of(graphql, await text_of(graphql, tree)) == canonical


async def test_every_example_of_the_vocabulary_survives(graphql: GraphQL) -> None:
    for symbol in (await graphql("{ ruleSymbols { example } }"))["ruleSymbols"]:
        tree = await tree_of(graphql, symbol["example"])

        text = await text_of(graphql, tree)

        assert await tree_of(graphql, text) == tree
        assert await text_of(graphql, tree) == text


async def test_a_tree_can_be_written_in_the_document(graphql: GraphQL) -> None:
    data = await graphql("""{ ruleText(tree: {all: [
        {compare: {left: {symbol: "country"}, operator: EQUAL, right: {text: "D\\"E"}}}
        {match: {subject: {symbol: "name"}, pattern: "^Mc"}}
        {not: {in: {member: {text: "NEWS"}, container: {symbol: "mailing_groups"}}}}
    ]}) }""")

    assert data["ruleText"] == 'country == "D\\"E" and name =~ "^Mc" and "NEWS" not in mailing_groups'


async def test_what_is_left_out_or_null_has_its_default(graphql: GraphQL) -> None:
    loop = {"variable": "i", "over": {"symbol": "interactions"}, "condition": None, "result": {"symbol": "i"}}
    assert await text_of(graphql, {"loop": loop}) == "[i for i in interactions]"
    sliced = {"of": {"symbol": "name"}, "start": None}
    assert await text_of(graphql, {"slice": sliced}) == "name[:]"


async def test_names_are_left_to_the_check(graphql: GraphQL) -> None:
    assert await text_of(graphql, {"symbol": "nobody_knows"}) == "nobody_knows"


async def test_a_long_rule_has_a_line_for_each_part(graphql: GraphQL) -> None:
    text = await text_of(graphql, {"any": [IS_GERMAN] * 8})

    assert text.split("\nor ") == ['country == "DE"'] * 8
    assert len((await tree_of(graphql, text))["any"]) == 8


WRONG: list[tuple[PlainTree, str, list[str]]] = [
    ({"symbol": "a b"}, "RULE_SYNTAX", ["tree", "symbol"]),
    ({"all": [IS_GERMAN, {"not": {"number": "1 or true"}}]}, "RULE_SYNTAX", ["tree", "all", "1", "not", "number"]),
    ({"any": []}, "RULE_EMPTY", ["tree", "any"]),
    ({"builtin": "range"}, "RULE_UNSUPPORTED", ["tree", "builtin"]),
    ({"parameter": "now"}, "RULE_PARAMETER", ["tree", "parameter"]),
    ({"null": False}, "RULE_SYNTAX", ["tree", "null"]),
    ({"text": "x" * 2000}, "RULE_TOO_LARGE", ["tree", "text"]),
    ({"list": [IS_GERMAN] * 300}, "RULE_TOO_LARGE", ["tree"]),
    ({"list": [{"number": "1"}] * 1500}, "RULE_TOO_LARGE", ["tree", "list"]),
]


@pytest.mark.parametrize(("tree", "code", "path"), WRONG)
async def test_a_wrong_tree_is_refused_where_it_is_wrong(
    graphql: GraphQL, tree: PlainTree, code: str, path: list[str]
) -> None:
    assert await refused(graphql, TEXT, {"tree": tree}) == {"code": code, "argumentPath": path}


SHAPELESS: list[Any] = [
    {},
    {"text": "a", "number": "1"},
    {"text": None},
    {"xor": []},
    {"number": 1},
    {"all": [None]},
    {"compare": {"left": {"text": "a"}, "operator": "LIKE", "right": {"text": "a"}}},
    {"compare": {"left": {"text": "a"}, "operator": "EQUAL"}},
    "minor",
    None,
]


@pytest.mark.parametrize("tree", SHAPELESS)
async def test_what_is_no_tree_does_not_fit_the_schema(graphql: GraphQL, tree: Any) -> None:
    body = await graphql(TEXT, {"tree": tree}, expect_errors=True)

    assert {error["extensions"]["code"] for error in body["errors"]} == {"GRAPHQL_VALIDATION"}


async def test_the_deepest_tree(graphql: GraphQL) -> None:
    depth = RULE_LIMITS["depth"]

    assert (await text_of(graphql, nested(depth - 1))).count("not") == depth - 1
    error = await refused(graphql, TEXT, {"tree": nested(depth + 5)})
    assert (error["code"], error["argumentPath"]) == ("RULE_TOO_LARGE", ["tree", *["not"] * (depth + 1)])


CODES = {"RULE_TOO_LARGE", "GRAPHQL_SYNTAX", "GRAPHQL_VALIDATION", "LIMIT_EXCEEDED", "BAD_REQUEST"}


@pytest.mark.parametrize("levels", [150, 300, 1_000, 3_000, 50_000])
async def test_no_depth_breaks_the_server(graphql: GraphQL, levels: int) -> None:
    tree = "{not:" * levels + '{symbol:"a"}' + "}" * levels

    body = await graphql("{ ruleText(tree: " + tree + ") }", expect_errors=True)

    assert {error["extensions"]["code"] for error in body["errors"]} <= CODES


@pytest.mark.parametrize("levels", [150, 300, 900, 5_000, 50_000])
async def test_no_depth_of_a_variable_breaks_the_server(http: httpx2.AsyncClient, levels: int) -> None:
    tree = '{"not":' * levels + '{"symbol":"a"}' + "}" * levels
    content = f'{{"query": {json.dumps(TEXT)}, "variables": {{"tree": {tree}}}}}'

    response = await http.post("/graphql", content=content, headers={"content-type": "application/json"})

    assert {error["extensions"]["code"] for error in response.json()["errors"]} <= CODES


@pytest.mark.parametrize(
    "rule", ["", "country ==", "$range(9) == 1", "name =~ name", "not " * 50 + "minor", "x" * 5000]
)
async def test_a_wrong_text_has_no_tree(graphql: GraphQL, rule: str) -> None:
    error = await refused(graphql, TREE, {"rule": rule})

    assert error["code"].startswith("RULE_")
    assert error["argumentPath"] == ["rule"]


def test_input_and_data_have_the_same_kinds() -> None:
    tree_input = schema._schema.type_map["RuleTreeInput"]
    assert isinstance(tree_input, GraphQLInputObjectType)

    assert "input RuleTreeInput @oneOf {" in print_schema()
    assert set(tree_input.fields) == set(_Reader()._kinds)
    assert {member.value for member in RuleComparison} == set(COMPARISONS)
    assert {member.value for member in RuleArithmetic} == set(ARITHMETIC)
