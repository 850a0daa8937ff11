"""Values beside a rule's text, everywhere where the API takes a rule."""

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType

from server.schema.schema import schema
from tests.conftest import GraphQL
from tests.schema.test_segment_mutations import SET_UP, contacts_of, done, send

CHECK = """query ($rule: String!, $parameters: [RuleParameter!]) {
  checkRule(rule: $rule, parameters: $parameters) { valid formatted symbols
    problems { code message suggestion place { offset length line column word } } residue { place { word line } } } }"""
PREVIEW = """query ($rule: String!, $parameters: [RuleParameter!]) {
  previewRule(rule: $rule, parameters: $parameters) {
    count sample(first: 50) { no } residue { place { offset word } } } }"""
CONTACTS = """query ($rule: String, $parameters: [RuleParameter!]) {
  contacts(rule: $rule, parameters: $parameters, first: 100) { nodes { no } } }"""
HOSTILE = ['" or true or "', '\\" or true or \\"', "\\", "O'Hara", "$now", "# ", '"]', 'r"\\d"', "Ä%_", "true"]


def named(**values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in values.items()]


@pytest.fixture
async def people(graphql: GraphQL) -> None:
    """Six contacts of the marketer's day, and one for each hostile name."""
    await graphql(SET_UP)
    for place, name in enumerate(HOSTILE):
        query = "mutation ($input: CreateContactInput!) { createContact(input: $input) { userErrors { code } } }"
        data = await graphql(query, {"input": {"no": f"H{place}", "name": name, "country": None}})
        assert data["createContact"]["userErrors"] == []


async def preview(graphql: GraphQL, rule: str, parameters: list[dict[str, Any]] | None = None) -> list[str]:
    data = await graphql(PREVIEW, {"rule": rule, "parameters": parameters})
    assert data["previewRule"]["count"] == len(data["previewRule"]["sample"])
    return [contact["no"] for contact in data["previewRule"]["sample"]]


KINDS = [
    ("country == $x", {"text": "FR"}, 'country == "FR"'),
    ("interaction_count >= $x", {"number": "-1.50"}, "interaction_count >= -1.5"),
    ("interaction_count < $x", {"number": 1}, "interaction_count < 1"),
    ("privacy_blocked == $x", {"boolean": False}, "privacy_blocked == false"),
    ("created_at >= $x", {"date": "2026-11-23"}, 'created_at >= d"2026-11-23"'),
    ("created_at >= $x", {"instant": "2026-11-23T14:00:00+02:00"}, 'created_at >= d"2026-11-23T12:00:00Z"'),
    ("$now - created_at < $x", {"period": "P30D"}, '$now - created_at < t"P30D"'),
    ("country in $x", {"texts": ["DE", "FR"]}, 'country in ["DE", "FR"]'),
    ("country in $x", {"texts": []}, "false"),
    ("interaction_count in $x", {"numbers": ["0", 1]}, "interaction_count in [0, 1]"),
    ("created_at.date in $x", {"dates": ["2026-11-23"]}, 'created_at.date in [d"2026-11-23"]'),
    ("country != $x", {"null": True}, "country != null"),
]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("rule", "value", "typed"), KINDS)
async def test_a_value_of_each_kind(graphql: GraphQL, rule: str, value: dict[str, Any], typed: str) -> None:
    found = await preview(graphql, rule, named(x=value))

    assert found == await preview(graphql, typed)
    assert bool(found) is (typed != "false")


@pytest.mark.usefixtures("people")
async def test_a_hostile_text_finds_its_contact_only(graphql: GraphQL) -> None:
    for place in range(len(HOSTILE)):
        stored = (await graphql("query ($no: String!) { contact(no: $no) { name } }", {"no": f"H{place}"}))["contact"]

        assert await preview(graphql, "name == $name", named(name={"text": stored["name"]})) == [f"H{place}"]
        assert await preview(graphql, "name in $names", named(names={"texts": [stored["name"]]})) == [f"H{place}"]
    for text in ("\n", "\u202e", '\n" or true', "\t", "\ufeff", "\x7f"):
        assert await preview(graphql, "name == $name", named(name={"text": text})) == []


@pytest.mark.usefixtures("people")
async def test_lists_take_parameters(graphql: GraphQL) -> None:
    data = await graphql(CONTACTS, {"rule": "country == $c", "parameters": named(c={"text": "FR"})})
    assert [contact["no"] for contact in data["contacts"]["nodes"]] == ["BOB"]

    body = await graphql(CONTACTS, {"parameters": named(c={"text": "FR"})}, expect_errors=True)
    assert body["errors"][0]["extensions"] == {"code": "RULE_PARAMETER", "argumentPath": ["parameters", "0", "name"]}


@pytest.mark.usefixtures("people")
async def test_a_segment_keeps_the_rule_with_its_values(graphql: GraphQL) -> None:
    await done(graphql, "createSegment", no="S")
    one = {"segmentNo": "S", "rule": "no in $nos"}
    await done(graphql, "addContactsToSegment", **one, parameters=named(nos={"texts": ["ACME", "ANN", "BOB"]}))
    await done(graphql, "reduceSegment", **one, parameters=named(nos={"texts": ["ANN"]}))
    await done(graphql, "refineSegment", **one, parameters=named(nos={"texts": ["ACME"]}))

    assert await contacts_of(graphql, "S") == ["ACME"]
    data = await graphql('{ segment(no: "S") { actions { nodes { rule } } } }')
    assert [action["rule"] for action in data["segment"]["actions"]["nodes"]] == [
        'no in ["ACME", "ANN", "BOB"]',
        'no in ["ANN"]',
        'no in ["ACME"]',
    ]


@pytest.mark.parametrize("mutation", ["addContactsToSegment", "reduceSegment", "refineSegment"])
async def test_mutations_say_which_parameter_is_wrong(graphql: GraphQL, mutation: str) -> None:
    await done(graphql, "createSegment", no="S")

    async def error(rule: str, parameters: list[dict[str, Any]]) -> tuple[Any, ...]:
        (found,) = (await send(graphql, mutation, segmentNo="S", rule=rule, parameters=parameters))["userErrors"]
        return found["code"], found["path"], found["place"] and found["place"]["word"]

    x = {"number": 1}
    assert await error("country == $x", named(x={"text": "a"}, y=x)) == (
        "RULE_PARAMETER", ["input", "parameters", "1", "name"], None)  # fmt: skip
    assert await error("country == $x", []) == ("RULE_UNKNOWN_SYMBOL", ["input", "rule"], "$x")
    assert await error("country == $x", named(z=x)) == ("RULE_UNKNOWN_SYMBOL", ["input", "rule"], "$x")
    assert await error("$now > $x", named(x={"period": "P1Y"})) == (
        "RULE_PARAMETER", ["input", "parameters", "0", "value", "period"], None)  # fmt: skip
    assert await error("country == $x", named(x={"null": False})) == (
        "RULE_PARAMETER", ["input", "parameters", "0", "value", "null"], None)  # fmt: skip
    assert await error("name =~ $x", named(x={"text": "("})) == ("RULE_SYNTAX", ["input", "rule"], "$x")


async def test_a_value_is_one_of_the_kinds(graphql: GraphQL) -> None:
    for value in ({}, {"text": "a", "number": 1}, {"text": None}, {"number": "1e5"}, {"date": "today"}, None):
        body = await graphql(CHECK, {"rule": "true", "parameters": named(x=value)}, expect_errors=True)  # type: ignore[arg-type]

        assert {error["extensions"]["code"] for error in body["errors"]} == {"GRAPHQL_VALIDATION"}, value


async def test_the_check_tells_everything_of_the_typed_text(graphql: GraphQL) -> None:
    rule = "country == $code and\n cuntry == $code and interaction_count > $least"
    values = named(code={"text": "DE"}, least={"text": "many"})

    check = (await graphql(CHECK, {"rule": rule, "parameters": values}))["checkRule"]

    assert (check["valid"], check["formatted"]) == (False, None)
    first, second = check["problems"]
    assert (first["code"], first["suggestion"]) == ("RULE_UNKNOWN_SYMBOL", "country")
    assert first["place"] == {"offset": 22, "length": 6, "line": 2, "column": 2, "word": "cuntry"}
    assert (second["code"], second["place"]["word"]) == ("RULE_TYPE", "interaction_count > $least")


async def test_the_check_tells_all_wrong_parameters(graphql: GraphQL) -> None:
    values = [*named(a={"number": 1}, b={"number": 1}), *named(a={"number": 2}, now={"number": 3})]

    check = (await graphql(CHECK, {"rule": "interaction_count in [$b, $c]", "parameters": values}))["checkRule"]

    assert [(problem["code"], problem["message"]) for problem in check["problems"]] == [
        ("RULE_PARAMETER", "The parameter a is given twice."),
        ("RULE_PARAMETER", "$now is a name of the language itself; a parameter needs another one."),
        ("RULE_UNKNOWN_SYMBOL", "The parameter c is not given."),
        ("RULE_PARAMETER", "The rule does not use the parameter a; write $a where its value belongs."),
    ]


async def test_a_right_rule_is_formatted_as_typed(graphql: GraphQL) -> None:
    values = named(code={"text": "DE"})

    check = (await graphql(CHECK, {"rule": "(country=='CH')or country==$code", "parameters": values}))["checkRule"]

    assert check["valid"]
    assert check["formatted"] == 'country == "CH" or country == $code'
    without = (await graphql(CHECK, {"rule": "( not minor )"}))["checkRule"]
    assert without["formatted"] == "not minor"


async def test_what_sql_leaves_open_is_shown_in_the_typed_text(graphql: GraphQL) -> None:
    rule = "country != $code and\n name[$at] == $letter"
    values = named(code={"text": "SWITZERLAND"}, at={"number": 0}, letter={"text": "A"})

    check = (await graphql(CHECK, {"rule": rule, "parameters": values}))["checkRule"]
    data = await graphql(PREVIEW, {"rule": rule, "parameters": values})

    (part,) = check["residue"]
    assert (part["place"]["line"], "$at" in part["place"]["word"]) == (2, True)
    (shown,) = data["previewRule"]["residue"]
    assert rule[shown["place"]["offset"] :].startswith(shown["place"]["word"])


def test_whoever_takes_a_rule_takes_parameters() -> None:
    without = {
        f"{owner.name}.{name}"
        for owner in schema._schema.type_map.values()
        if isinstance(owner, GraphQLObjectType) and not owner.name.startswith("__")
        for name, field in owner.fields.items()
        if "rule" in field.args and "parameters" not in field.args
    }
    inputs = [one for one in schema._schema.type_map.values() if isinstance(one, GraphQLInputObjectType)]
    without |= {one.name for one in inputs if "rule" in one.fields and "parameters" not in one.fields}

    assert without == {"Query.ruleTree"}


SECRET = "secret@mail.example"


@pytest.mark.parametrize("parameters", [None, []])
async def test_a_parameter_is_missing_where_none_is_sent(graphql: GraphQL, parameters: list[Any] | None) -> None:
    check = (await graphql(CHECK, {"rule": "country == $c", "parameters": parameters}))["checkRule"]

    (problem,) = check["problems"]
    assert (problem["message"], problem["place"]["word"]) == ("The parameter c is not given.", "$c")


async def test_no_error_tells_a_value(graphql: GraphQL) -> None:
    values = named(c={"text": SECRET})
    await done(graphql, "createSegment", no="S")
    for rule in ("type == $c", "type = $c", "interaction_count > $c", "$now - created_at > $c", "nam == $c", "$c"):
        check = (await graphql(CHECK, {"rule": rule, "parameters": values}))["checkRule"]
        preview = await graphql(PREVIEW, {"rule": rule, "parameters": values}, expect_errors=True)
        reduced = await send(graphql, "reduceSegment", segmentNo="S", rule=rule, parameters=values)

        assert check["problems"], rule
        assert preview["errors"], rule
        assert reduced["userErrors"], rule
        assert SECRET not in f"{check} {preview} {reduced}"
