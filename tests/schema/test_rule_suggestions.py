"""Values for autocomplete: from code lists, closed lists and the contacts themselves, by index where there is one."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert

from server.clock import Moment
from server.rules import check_rule
from server.store.database import Database
from server.store.tables import campaign, contact, interaction_log_entry, mailing_group
from server.vocabulary import load_vocabulary
from tests.conftest import GraphQL
from tests.schema.world import BEGIN

pytestmark = pytest.mark.usefixtures("world")

QUERY = """query ($symbol: String!, $prefix: String! = "", $first: Int! = 20) {
  ruleValueSuggestions(symbol: $symbol, prefix: $prefix, first: $first) { complete values { value label literal } } }"""
MANY = 20_050


async def suggested(graphql: GraphQL, symbol: str, prefix: str = "", first: int = 20) -> dict[str, Any]:
    data = await graphql(QUERY, {"symbol": symbol, "prefix": prefix, "first": first})
    answer: dict[str, Any] = data["ruleValueSuggestions"]
    return answer


async def values(graphql: GraphQL, symbol: str, prefix: str = "", first: int = 20) -> list[str]:
    return [value["value"] for value in (await suggested(graphql, symbol, prefix, first))["values"]]


async def labelled(graphql: GraphQL, symbol: str, prefix: str = "") -> dict[str, str]:
    return {value["value"]: value["label"] for value in (await suggested(graphql, symbol, prefix))["values"]}


async def insert_rows(database: Database, moment: Moment, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(insert(table), rows)


def contact_rows(count: int, **columns: Any) -> list[dict[str, Any]]:
    """Return companies after those of the world, the given functions of their number in some columns."""
    return [
        {
            "id": 1_000 + number,
            "no": f"ZZ{number:06}",
            "type": "COMPANY",
            "created_at": BEGIN,
            "modified_at": BEGIN,
            **{name: value(number) for name, value in columns.items()},
        }
        for number in range(count)
    ]


async def test_codes_are_found_by_code_and_by_meaning_without_case(graphql: GraphQL) -> None:
    assert await labelled(graphql, "mailing_groups") == {"NEWS": "Newsletter", "PRESS": ""}
    assert await labelled(graphql, "mailing_groups", "newsL") == {"NEWS": "Newsletter"}
    assert await labelled(graphql, "mailing_groups", "pr") == {"PRESS": ""}
    assert await labelled(graphql, "industry_groups", "shop") == {"RETAIL": "Shops"}
    assert await labelled(graphql, "business_relations", "cust") == {"CUST": "Customer"}
    assert await labelled(graphql, "job_responsibilities", "x") == {}
    assert await labelled(graphql, "salesperson", "mi") == {"MK": "Mia"}
    assert await labelled(graphql, "segments", "spring") == {"SM00010": "Spring letter"}


async def test_members_of_a_collection_are_found_in_their_own_lists(graphql: GraphQL) -> None:
    assert await labelled(graphql, "interactions.template", "ma") == {"MAIL": ""}
    assert await labelled(graphql, "interactions.group") == {"LETTERS": "Letters"}
    assert await labelled(graphql, "interactions.salesperson", "j") == {"JR": "John"}
    assert set((await labelled(graphql, "interactions.campaign", "autumn")).values()) <= {"Autumn"}
    assert await labelled(graphql, "interactions.segment", "SM0") == {"SM00001": "Old", "SM00002": "Old"}
    assert await labelled(graphql, "interactions.logged_segment", "2") == {"2": "SM00002"}
    assert await values(graphql, "interactions.evaluation", "very") == ["VERY_POSITIVE", "VERY_NEGATIVE"]
    assert await values(graphql, "interactions.canceled", "T") == ["true"]
    assert await suggested(graphql, "interactions.language") == {"complete": True, "values": []}


async def test_countries_are_found_by_their_names(graphql: GraphQL) -> None:
    assert await suggested(graphql, "country", "GER") == {
        "complete": True,
        "values": [{"value": "DE", "label": "Germany", "literal": '"DE"'}],
    }
    assert await labelled(graphql, "country") == {"CH": "Switzerland", "DE": "Germany", "FR": "France"}
    assert await values(graphql, "country", "d") == ["DE"]


async def test_closed_lists_and_flags(graphql: GraphQL) -> None:
    assert await values(graphql, "type") == ["COMPANY", "PERSON"]
    assert await values(graphql, "type", "pers") == ["PERSON"]
    assert await suggested(graphql, "minor", "f") == {
        "complete": True,
        "values": [{"value": "false", "label": "", "literal": "false"}],
    }


async def test_names_are_found_without_case_in_every_spelling(graphql: GraphQL) -> None:
    assert await values(graphql, "name", "ab") == ["Abe", "abe"]
    assert await values(graphql, "name", "ÄRG") == ["Ärger"]
    assert await values(graphql, "name", "\U0001f600") == ["\U0001f600 Joy"]
    assert await values(graphql, "search_name", "ABE") == ["abe"]
    assert await values(graphql, "email", "C1@EX") == ["c1@example.com"]


async def test_wildcards_and_quotes_are_plain_characters(graphql: GraphQL) -> None:
    assert await values(graphql, "name", "ann_") == ["Ann_Lee"]
    assert await values(graphql, "name", "100%") == ["100%"]
    assert await values(graphql, "name", "%") == []
    assert await values(graphql, "name", "_") == []
    assert await suggested(graphql, "name", "o'h") == {
        "complete": True,
        "values": [{"value": "O'Hara", "label": "", "literal": '"O\'Hara"'}],
    }
    for prefix in ("'; drop table contact; --", '"', "\\", "x' or '1'='1", "[a-z]*", "\n"):
        for symbol in ("name", "no", "city", "country", "mailing_groups", "attributes.tier", "attributes.score"):
            assert await values(graphql, symbol, prefix) == []


async def test_numbers_of_contacts_are_found_by_name(graphql: GraphQL) -> None:
    every = await labelled(graphql, "no", "ct")
    companies = await labelled(graphql, "company_no", "ct")
    zoe = await labelled(graphql, "no", "zoe")

    assert len(every) == 20
    assert len(companies) == 8
    assert list(every) == sorted(every)
    assert set(zoe.values()) == {"Zoe"}
    assert all(name.lower().startswith("a") for name in (await labelled(graphql, "company_no", "a")).values())


async def test_custom_attributes(graphql: GraphQL) -> None:
    assert await values(graphql, "attributes.tier") == ["basic", "gold"]
    assert await values(graphql, "attributes.tier", "GO") == ["gold"]
    assert await suggested(graphql, "attributes.score", "12") == {
        "complete": True,
        "values": [{"value": "12.5", "label": "", "literal": "12.5"}],
    }
    assert await values(graphql, "attributes.divisor") == ["0", "1"]


async def test_values_without_an_index_come_from_the_newest_rows(
    graphql: GraphQL, database: Database, moment: Moment
) -> None:
    assert await suggested(graphql, "city", "b") == {
        "complete": True,
        "values": [
            {"value": "Bern", "label": "", "literal": '"Bern"'},
            {"value": "bern", "label": "", "literal": '"bern"'},
        ],
    }

    await insert_rows(database, moment, contact, contact_rows(MANY, city=lambda number: f"City {number % 7}"))

    assert await suggested(graphql, "city", "b") == {"complete": False, "values": []}
    assert await values(graphql, "city", "CITY") == [f"City {number}" for number in range(7)]


async def test_there_may_be_more_than_were_asked_for(graphql: GraphQL) -> None:
    for symbol in ("country", "name", "attributes.tier", "mailing_groups", "type", "no", "city", "created_at"):
        one = await suggested(graphql, symbol, first=1)
        assert (len(one["values"]), one["complete"]) == (1, False), symbol
        assert one["values"] == (await suggested(graphql, symbol, first=2))["values"][:1], symbol


async def test_a_long_list_of_codes_is_found_by_code(graphql: GraphQL, database: Database, moment: Moment) -> None:
    rows = [{"code": f"G{number:05}", "description": f"Group {number}"} for number in range(5_200)]
    await insert_rows(database, moment, mailing_group, rows)

    assert await suggested(graphql, "mailing_groups", "g05199") == {
        "complete": False,
        "values": [{"value": "G05199", "label": "Group 5199", "literal": '"G05199"'}],
    }
    assert await values(graphql, "mailing_groups", "group 12", first=2) == ["G00012", "G00120"]


async def test_a_company_is_found_among_many_persons_or_said_to_be_missing(
    graphql: GraphQL, database: Database, moment: Moment
) -> None:
    persons = [{**row, "type": "PERSON"} for row in contact_rows(2_100)]
    await insert_rows(database, moment, contact, [*persons, {**contact_rows(2_101)[-1], "no": "ZZZ"}])

    assert await suggested(graphql, "company_no", "zz0") == {"complete": False, "values": []}
    assert await values(graphql, "company_no", "zzz") == ["ZZZ"]


@pytest.mark.parametrize("symbol", ["last_interaction_on", "created_at", "interactions.on"])
async def test_dates_are_never_all_and_a_typed_day_is_completed(graphql: GraphQL, symbol: str) -> None:
    typed = await suggested(graphql, symbol, "2026-11-21")
    local = await suggested(graphql, symbol, "21.11.2026")

    day = {"value": "2026-11-21", "label": "", "literal": 'd"2026-11-21"'}
    assert typed == local == {"complete": False, "values": [day]}
    assert (await suggested(graphql, symbol, "2026-11-3"))["values"][0]["literal"] == 'd"2026-11-03"'
    assert await suggested(graphql, symbol, "2026-13") == {"complete": False, "values": []}
    assert await values(graphql, symbol, "$tod") == await values(graphql, symbol, "$today")
    assert "$today" in await values(graphql, symbol, "tod")
    assert (await suggested(graphql, symbol, "yesterday"))["complete"] is False


async def test_every_literal_can_be_written_in_a_rule(graphql: GraphQL, database: Database) -> None:
    async with database.read() as connection:
        vocabulary = await load_vocabulary(connection)
    found = (
        await graphql("{ ruleSymbols { kind fullName hasSuggestions members { kind fullName hasSuggestions } } }")
    )["ruleSymbols"]
    checked = 0
    for symbol in (one for outer in found for one in (outer, *outer.get("members", ()))):
        name = symbol["fullName"]
        answer = await suggested(graphql, name)
        if not symbol["hasSuggestions"]:
            assert answer == {"complete": False, "values": []}, name
        for value in answer["values"]:
            owner, _, member = name.partition(".")
            rule = f"{name} == {value['literal']}"
            if symbol["kind"] == "CODE_SET":
                rule = f"{value['literal']} in {name}"
            elif owner == "interactions":
                rule = f"$any([i.{member} == {value['literal']} for i in interactions])"
            check_rule(rule, vocabulary)
            checked += 1
    assert checked > 150


async def test_a_suggested_value_selects_somebody(graphql: GraphQL) -> None:
    for symbol in ("name", "no", "country", "city", "email", "salesperson", "company_no", "attributes.tier"):
        for value in (await suggested(graphql, symbol, first=3))["values"]:
            rule = f"{symbol} == {value['literal']}"
            data = await graphql("query ($rule: String!) { previewRule(rule: $rule) { count } }", {"rule": rule})
            assert data["previewRule"]["count"] > 0, rule


@pytest.mark.parametrize(
    ("variables", "extensions"),
    [
        ({"symbol": "citty"}, {"code": "RULE_UNKNOWN_SYMBOL", "suggestion": "city", "argumentPath": ["symbol"]}),
        (
            {"symbol": "interactions.templat"},
            {"code": "RULE_UNKNOWN_SYMBOL", "suggestion": "interactions.template", "argumentPath": ["symbol"]},
        ),
        ({"symbol": "zzzzzz"}, {"code": "RULE_UNKNOWN_SYMBOL", "argumentPath": ["symbol"]}),
        ({"symbol": "x" * 100_000}, {"code": "RULE_UNKNOWN_SYMBOL", "argumentPath": ["symbol"]}),
        ({"symbol": "city", "first": 0}, {"code": "INVALID_INPUT", "argumentPath": ["first"]}),
        ({"symbol": "city", "first": 201}, {"code": "INVALID_INPUT", "argumentPath": ["first"]}),
        ({"symbol": "city", "prefix": "x" * 101}, {"code": "INVALID_INPUT", "argumentPath": ["prefix"]}),
        ({"symbol": "city", "prefix": "\0"}, {"code": "INVALID_INPUT", "argumentPath": ["prefix"]}),
    ],
    ids=["typo", "member", "attribute", "huge", "none", "many", "long", "nul"],
)
async def test_a_wrong_question_is_a_typed_error(
    graphql: GraphQL, variables: dict[str, Any], extensions: dict[str, Any]
) -> None:
    body = await graphql(QUERY, variables, expect_errors=True)

    assert body["errors"][0]["extensions"] == extensions


@pytest.mark.parametrize(
    ("symbol", "prefix"),
    [
        ("country", ""),
        ("name", "a"),
        ("email", "c"),
        ("no", "CT"),
        ("company_no", "z"),
        ("post_code", "1"),
        ("external_id", "x"),
        ("attributes.tier", "g"),
        ("attributes.score", ""),
    ],
)
async def test_indexed_values_are_found_without_reading_every_contact(
    graphql: GraphQL, explained: Callable[[], list[str]], symbol: str, prefix: str
) -> None:
    await suggested(graphql, symbol, prefix)

    plans = explained()
    assert plans
    for plan in plans:
        assert "SCAN contact" not in plan
        assert "Seq Scan on contact" not in plan


async def test_the_newest_rows_are_found_by_their_key(graphql: GraphQL, explained: Callable[[], list[str]]) -> None:
    await suggested(graphql, "city")
    await suggested(graphql, "interactions.subject")

    for plan in explained():
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan
        assert plan.startswith("CO-ROUTINE") or "Index Scan Backward" in plan


async def test_a_long_column_of_few_values_is_leapt_through(
    graphql: GraphQL, database: Database, moment: Moment, explained: Callable[[], list[str]]
) -> None:
    await insert_rows(database, moment, contact, contact_rows(MANY, country=lambda number: f"C{number % 12:02}"))
    explained()

    found = await suggested(graphql, "country")

    assert [value["value"] for value in found["values"]] == [
        *(f"C{number:02}" for number in range(12)),
        "CH",
        "DE",
        "FR",
    ]
    assert found["complete"]
    (plan,) = explained()
    assert "SCAN contact" not in plan
    assert "Seq Scan on contact" not in plan


@pytest.fixture
def explained() -> Iterator[Callable[[], list[str]]]:
    """Explain every statement on contacts and interactions; calling it returns the plans since the last call.

    PostgreSQL is told to prefer indexes, because a small table is read whole anyway: what is left is what it must.
    """
    plans: list[str] = []

    def explain(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        tables = (contact.name, interaction_log_entry.name, campaign.name)
        if not statement.startswith(("SELECT", "WITH")) or not any(name in statement for name in tables):
            return
        own = connection.connection.cursor()
        if connection.dialect.name == "sqlite":
            own.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append("\n".join(str(row[-1]) for row in own.fetchall()))
        else:
            own.execute("SET LOCAL enable_seqscan = off")
            own.execute(f"EXPLAIN {statement}", parameters)
            plans.append("\n".join(str(row[0]) for row in own.fetchall()))
            own.execute("SET LOCAL enable_seqscan = on")
        own.close()

    def take() -> list[str]:
        taken = plans[:]
        plans.clear()
        return taken

    event.listen(Engine, "before_cursor_execute", explain)
    yield take
    event.remove(Engine, "before_cursor_execute", explain)
