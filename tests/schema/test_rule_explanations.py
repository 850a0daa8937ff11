"""Questions about one rule and one contact: why it is in, or not."""

import logging
from typing import Any

import pytest

from tests.conftest import GraphQL

pytestmark = pytest.mark.usefixtures("world")

EXPLAIN = """query ($rule: String!, $no: String!, $parameters: [RuleParameter!]) {
  explainRule(rule: $rule, contactNo: $no, parameters: $parameters) {
    outcome sentence needs deciding
    nodes { index parent depth kind outcome value deciding message place { offset length line column word }
      members { position counts values { name value } result } } } }"""


@pytest.fixture
async def numbers(graphql: GraphQL) -> dict[str, str]:
    """The numbers of the contacts by their e-mail address, which says their key."""
    data = await graphql("{ contacts(first: 100) { nodes { no email } } }")
    return {contact["email"].partition("@")[0]: contact["no"] for contact in data["contacts"]["nodes"]}


async def explained(graphql: GraphQL, rule: str, no: str, **more: Any) -> dict[str, Any]:
    explanation: dict[str, Any] = (await graphql(EXPLAIN, {"rule": rule, "no": no, **more}))["explainRule"]
    return explanation


async def test_a_contact_that_is_not_selected_learns_what_it_needs(graphql: GraphQL, numbers: dict[str, str]) -> None:
    explanation = await explained(
        graphql, 'type == "COMPANY"\nand attributes.tier == "silver" and "NEWS" in mailing_groups', numbers["c1"]
    )

    assert explanation["outcome"] == "FALSE"
    assert explanation["sentence"] == (
        'The contact\'s type is COMPANY, and its attribute tier is "silver", and its mailing groups include NEWS.'
    )
    assert explanation["needs"][0] == 'attributes.tier is "gold", needs "silver"'
    (deciding,) = [node for node in explanation["nodes"] if node["deciding"]]
    assert explanation["deciding"] == [deciding["index"]]
    assert deciding == {
        "index": 4, "parent": 0, "depth": 1, "kind": "EQUALITY", "outcome": "FALSE", "value": "false",
        "deciding": True, "message": 'attributes.tier is "gold", needs "silver"', "members": [],
        "place": {"offset": 22, "length": 27, "line": 2, "column": 5, "word": 'attributes.tier == "silver"'},
    }  # fmt: skip
    assert [node["outcome"] for node in explanation["nodes"] if node["depth"] == 1] == ["TRUE", "FALSE", "NOT_REACHED"]


async def test_outcomes_are_those_of_the_preview(graphql: GraphQL, numbers: dict[str, str]) -> None:
    rule = '$any([i.campaign == "CP0001" and not i.canceled for i in interactions]) or country == "CH"'
    preview = """query ($rule: String!) { previewRule(rule: $rule) { sample(first: 200) { no } } }"""
    selected = {contact["no"] for contact in (await graphql(preview, {"rule": rule}))["previewRule"]["sample"]}

    outcomes = {no: (await explained(graphql, rule, no))["outcome"] for no in numbers.values()}

    assert {no for no, outcome in outcomes.items() if outcome == "TRUE"} == selected
    assert 0 < len(selected) < len(outcomes)


async def test_an_undecided_contact_learns_where_the_rule_fails(graphql: GraphQL) -> None:
    rule = 'city != "nowhere" and 6 / attributes.divisor > 2'
    preview = """query ($rule: String!) { previewRule(rule: $rule) { undecided { no } } }"""
    (contact,) = (await graphql(preview, {"rule": rule}))["previewRule"]["undecided"]

    explanation = await explained(graphql, rule, contact["no"])

    assert explanation["outcome"] == "UNDECIDED"
    assert explanation["needs"] == ["6 / attributes.divisor fails: division by 0"]
    (failing,) = [node for node in explanation["nodes"] if node["deciding"]]
    assert (failing["outcome"], failing["message"], failing["place"]["offset"]) == ("RAISES", "division by 0", 22)


async def test_a_loop_shows_members(graphql: GraphQL) -> None:
    body = await graphql('{ contacts(rule: "interactions.length > 5", first: 1) { nodes { no } } }')
    (contact,) = body["contacts"]["nodes"]

    explanation = await explained(graphql, "[i for i in interactions if i.cost > 1].length > 99", contact["no"])

    (loop,) = [node for node in explanation["nodes"] if node["kind"] == "LOOP"]
    assert [member["position"] for member in loop["members"]] == [1, 2, 3]
    assert loop["members"][0]["values"] == [{"name": "cost", "value": "1.25"}]
    assert explanation["needs"][0].endswith(" interactions whose cost is more than 1; needs more than 99")


async def test_places_are_those_of_the_text_with_its_parameters(graphql: GraphQL, numbers: dict[str, str]) -> None:
    parameters = [{"name": "codes", "value": {"texts": ["XX", "YY"]}}]

    explanation = await explained(graphql, "country in $codes", numbers["c1"], parameters=parameters)

    assert [node["place"]["word"] for node in explanation["nodes"]] == ["country in $codes", "$codes", "country"]
    assert explanation["needs"][0].endswith('needs "XX" or "YY"')


async def test_case_and_spaces_of_the_number_do_not_matter(graphql: GraphQL, numbers: dict[str, str]) -> None:
    explanation = await explained(graphql, "true", f" {numbers['c1'].lower()} ")

    assert (explanation["outcome"], explanation["sentence"]) == ("TRUE", "Every contact.")


@pytest.mark.parametrize("no", ["CT9", "", "\0", "x" * 5_000])
async def test_a_contact_that_does_not_exist_is_not_found(graphql: GraphQL, no: str) -> None:
    body = await graphql(EXPLAIN, {"rule": "true", "no": no}, expect_errors=True)

    assert body["errors"][0]["extensions"] == {"code": "NOT_FOUND", "argumentPath": ["contactNo"]}


async def test_a_wrong_rule_is_an_error_with_its_place(graphql: GraphQL, numbers: dict[str, str]) -> None:
    body = await graphql(EXPLAIN, {"rule": "cuntry == null", "no": numbers["c1"]}, expect_errors=True)

    extensions = body["errors"][0]["extensions"]
    assert (extensions["code"], extensions["argumentPath"]) == ("RULE_UNKNOWN_SYMBOL", ["rule"])
    assert (extensions["place"]["word"], extensions["suggestion"]) == ("cuntry", "country")


async def test_values_stay_out_of_the_log(
    graphql: GraphQL, numbers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        explanation = await explained(graphql, "email.to_int > 3 or minor", numbers["c1"])

    assert explanation["outcome"] == "UNDECIDED"
    assert any(node["value"] == '"c1@example.com"' for node in explanation["nodes"])
    assert "c1@example.com" not in caplog.text


async def test_a_check_says_the_rule_in_english(graphql: GraphQL) -> None:
    query = "query ($rule: String!) { checkRule(rule: $rule) { sentence } }"

    right, wrong = [(await graphql(query, {"rule": rule}))["checkRule"] for rule in ('country == "CH"', "country ==")]

    assert (right["sentence"], wrong["sentence"]) == ("The contact's country is CH.", None)
