"""Questions about rules: names, checks and previews."""

import time
from collections.abc import AsyncIterator

import httpx2
import pytest
from sqlalchemy import insert

from server.app import create_app
from server.clock import Clock, Moment
from server.settings import Settings
from server.store.database import Database
from server.store.tables import contact
from tests.conftest import GraphQL
from tests.running_app import running
from tests.schema.world import BEGIN, COMPANIES

pytestmark = pytest.mark.usefixtures("world")

CHECK = """query ($rule: String!) { checkRule(rule: $rule) { valid symbols usesClock languageVersion cost
  residue { reason place { word } } problems { code message suggestion correction
    place { offset length line column word } } } }"""


async def test_the_vocabulary_is_served(graphql: GraphQL) -> None:
    data = await graphql("""{ ruleSymbols { name kind type nullable description indexed example personal values
      operators members { name type nullable } } }""")

    symbols = {symbol["name"]: symbol for symbol in data["ruleSymbols"]}
    assert list(symbols) == sorted(symbols)
    assert symbols["country"]["indexed"] is symbols["country"]["nullable"] is True
    assert (symbols["type"]["values"], symbols["type"]["kind"]) == (["COMPANY", "PERSON"], "VALUE")
    assert (symbols["email"]["personal"], symbols["created_at"]["type"]) == (True, "DATETIME")
    assert (symbols["attributes.tier"]["nullable"], symbols["attributes.score"]["nullable"]) == (False, True)
    assert symbols["mailing_groups"]["kind"] == "CODE_SET"
    assert symbols["mailing_groups"]["operators"][:2] == ["in", "not in"]
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
        "cost": "INDEX",
        "residue": [],
        "problems": [],
    }


@pytest.mark.parametrize(
    ("rule", "cost", "words"),
    [
        ('"NEWS" in mailing_groups', "INDEX", []),
        ('created_at > $now - t"P7D"', "INDEX", []),
        ('$any([i.template == "MAIL" for i in interactions])', "INDEX", []),
        ('country == "CH" or email == "x@example.com"', "INDEX", []),
        ("country != null", "SCAN", []),
        ('country == "CH" and name.ends_with("e")', "INDEX", []),
        ('name.ends_with("e")', "SCAN", []),
        ('name.ends_with("e") or country == "CH"', "SCAN", []),
        ("6 / attributes.divisor > 2", "CONTACT_BY_CONTACT", ["6 / attributes.divisor > 2"]),
        (
            'country == "CH" and name.to_set.length > 3 or city.to_int > 4',
            "CONTACT_BY_CONTACT",
            ["name.to_set.length > 3", "city.to_int > 4"],
        ),
    ],
)
async def test_a_check_says_what_the_rule_costs_and_why(
    graphql: GraphQL, rule: str, cost: str, words: list[str]
) -> None:
    check = (await graphql(CHECK, {"rule": rule}))["checkRule"]

    assert (check["valid"], check["cost"]) == (True, cost)
    assert [part["place"]["word"] for part in check["residue"]] == words
    assert all(part["reason"] for part in check["residue"])


async def test_a_check_tells_all_problems_at_once_with_corrections(graphql: GraphQL) -> None:
    rule = 'cuntry == "CH"\nand (last_interaction_on > $today or interactions.cost > 5)\nand type == "Person"'

    check = (await graphql(CHECK, {"rule": rule}))["checkRule"]

    found = [(problem["place"]["line"], problem["suggestion"]) for problem in check["problems"]]
    assert found == [
        (1, "country"),
        (2, '(last_interaction_on ?? d"1900-01-01") > $today'),
        (2, "$any([i.cost > 5 for i in interactions])"),
        (3, '"PERSON"'),
    ]
    while check["problems"]:
        assert (check["valid"], check["cost"], check["residue"]) == (False, None, [])
        check = (await graphql(CHECK, {"rule": check["problems"][0]["correction"]}))["checkRule"]
    assert check["valid"]


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


MANY = 20_000
TERMS = " or ".join(f'"{letter}{digit}#" in name' for letter in "abcdefghij" for digit in range(10))


async def insert_many(database: Database, moment: Moment) -> None:
    rows = [
        {
            "id": 1_000 + number,
            "no": f"ZZ{number:06}",
            "type": "COMPANY",
            "name": "x" * 80,
            "created_at": BEGIN,
            "modified_at": BEGIN,
        }
        for number in range(MANY)
    ]
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(insert(contact), rows)


@pytest.fixture(params=[{"read_deadline": 0.05}, {"request_deadline": 0.05}], ids=["statement", "request"])
async def hurried(
    request: pytest.FixtureRequest, settings: Settings, clock: Clock
) -> AsyncIterator[tuple[str, httpx2.AsyncClient]]:
    """A server that lets a statement, or a whole request, read only for a moment, and which of both."""
    given: dict[str, float] = request.param
    async with (
        running(create_app(settings.model_copy(update=given), clock=clock)) as app,
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1:8000") as client,
    ):
        yield next(iter(given)), client


async def test_a_preview_that_takes_too_long_ends_as_a_typed_error(
    hurried: tuple[str, httpx2.AsyncClient], database: Database, moment: Moment
) -> None:
    await insert_many(database, moment)
    which, client = hurried
    rule = TERMS if which == "read_deadline" else "name.to_set.length > 80"
    query = (
        "query ($rule: String!) { previewRule(rule: $rule, allowScan: true) { count sample { no } undecidedCount } }"
    )
    began = time.monotonic()

    response = await client.post("/graphql", json={"query": query, "variables": {"rule": rule}})

    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "DEADLINE_EXCEEDED"
    assert time.monotonic() - began < 3
