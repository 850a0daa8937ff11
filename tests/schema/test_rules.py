"""Questions about rules: names, checks and previews."""

import pytest

from tests.conftest import GraphQL
from tests.schema.world import COMPANIES

pytestmark = pytest.mark.usefixtures("world")

CHECK = """query ($rule: String!) { checkRule(rule: $rule) { valid symbols usesClock languageVersion
  problems { code message suggestion place { offset length line column word } } } }"""


async def test_the_vocabulary_is_served(graphql: GraphQL) -> None:
    data = await graphql("""{ ruleSymbols { name kind type nullable description indexed example personal values
      operators members { name type nullable } } }""")

    symbols = {symbol["name"]: symbol for symbol in data["ruleSymbols"]}
    assert list(symbols) == sorted(symbols)
    assert symbols["country"]["indexed"] is symbols["country"]["nullable"] is True
    assert (symbols["type"]["values"], symbols["type"]["kind"]) == (["COMPANY", "PERSON"], "VALUE")
    assert (symbols["email"]["personal"], symbols["created_at"]["type"]) == (True, "DATETIME")
    assert (symbols["attributes.tier"]["nullable"], symbols["attributes.score"]["nullable"]) == (False, True)
    assert (symbols["mailing_groups"]["kind"], symbols["mailing_groups"]["operators"]) == ("CODE_SET", ["in"])
    assert (symbols["interactions"]["kind"], symbols["interactions"]["type"]) == ("COLLECTION", None)
    assert "cost" in {member["name"] for member in symbols["interactions"]["members"]}
    assert all(symbol["description"] for symbol in symbols.values())


async def test_every_example_of_the_vocabulary_is_a_right_rule(graphql: GraphQL) -> None:
    for symbol in (await graphql("{ ruleSymbols { name example } }"))["ruleSymbols"]:
        check = (await graphql(CHECK, {"rule": symbol["example"]}))["checkRule"]
        assert check["valid"], (symbol, check)
        assert symbol["name"] in check["symbols"]


async def test_a_right_rule(graphql: GraphQL) -> None:
    rule = 'country == "CH" and (last_interaction_on ?? d"1900-01-01") > $today - t"P30D"'

    data = await graphql(CHECK, {"rule": rule})

    assert data["checkRule"] == {
        "valid": True,
        "symbols": ["country", "last_interaction_on"],
        "usesClock": True,
        "languageVersion": "5.1",
        "problems": [],
    }


async def test_a_wrong_rule_shows_where(graphql: GraphQL) -> None:
    data = await graphql(CHECK, {"rule": 'type == "PERSON"\nand cuntry == "CH"'})

    (problem,) = data["checkRule"]["problems"]
    assert not data["checkRule"]["valid"]
    assert (problem["code"], problem["suggestion"]) == ("RULE_UNKNOWN_SYMBOL", "country")
    assert problem["place"] == {"offset": 21, "length": 6, "line": 2, "column": 5, "word": "cuntry"}


async def test_no_text_breaks_the_check(graphql: GraphQL) -> None:
    wrong = ["", "   ", "(", "x" * 5_000, "((((" * 500, "\0", "1 << 100000000", "name.__class__", "\u202e"]
    for rule in wrong:
        check = (await graphql(CHECK, {"rule": rule}))["checkRule"]

        assert not check["valid"], rule
        assert check["problems"]


async def test_a_preview_counts_and_shows_some(graphql: GraphQL) -> None:
    data = await graphql("""{ previewRule(rule: "type == \\"COMPANY\\"") {
      count sample(first: 3) { no type company { no } } undecidedCount undecided { no } residue { reason } } }""")

    preview = data["previewRule"]
    assert preview["count"] == COMPANIES
    assert len(preview["sample"]) == 3
    assert all(contact["company"]["no"] == contact["no"] for contact in preview["sample"])
    assert [contact["no"] for contact in preview["sample"]] == sorted(contact["no"] for contact in preview["sample"])
    assert (preview["undecidedCount"], preview["undecided"], preview["residue"]) == (0, [], [])


async def test_a_preview_shows_for_whom_the_rule_fails(graphql: GraphQL) -> None:
    data = await graphql("""{ previewRule(rule: "6 / attributes.divisor > 2") {
      count undecidedCount undecided { id attributes { name value } } residue { reason place { word } } } }""")

    preview = data["previewRule"]
    assert preview["undecidedCount"] == 1
    (undecided,) = preview["undecided"]
    assert {"name": "divisor", "value": "0"} in undecided["attributes"]


async def test_a_sample_has_its_limits(graphql: GraphQL) -> None:
    for first in (-1, 201):
        query = f'{{ previewRule(rule: "true") {{ sample(first: {first}) {{ no }} }} }}'

        body = await graphql(query, expect_errors=True)

        assert body["errors"][0]["extensions"] == {"code": "INVALID_INPUT", "argumentPath": ["first"]}
