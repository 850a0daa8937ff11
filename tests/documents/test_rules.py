"""The page about rules: its ten examples select what plain Python selects, and everything else on it is right."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from server.clock import Moment
from server.jobs.demo import create_demo
from server.migrations import migrate
from server.rules import RULE_LIMITS, Kind, Vocabulary, find_problems, sql_functions
from server.settings import Settings
from server.store import tables
from server.store.database import Database
from server.vocabulary import load_vocabulary
from server.vocabulary.language import ATTRIBUTES_OF, LANGUAGE_NAMES, OPERATORS
from tests.command_line.servers import REPOSITORY
from tests.conftest import GraphQL
from tests.postgresql_cluster import Cluster

TEXT = (REPOSITORY / "docs" / "rules.md").read_text(encoding="utf-8")
CONTACTS = 2_000
MOMENT = Moment(now=datetime(2026, 11, 23, 12, tzinfo=UTC))
EXAMPLE = re.compile(r"^### (\d+)\. .*?^```rule\n(.*?)\n```\n\n> (.*?)\n\n", re.DOTALL | re.MULTILINE)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)\n```$", TEXT, re.DOTALL | re.MULTILINE)


def rules() -> list[str]:
    return [line for block in blocks("rule") for line in block.splitlines() if line]


def corrections() -> list[tuple[str, str]]:
    lines = [line for block in blocks("corrections") for line in block.splitlines()]
    return [(wrong.strip(), right.strip()) for wrong, _, right in (line.partition("→") for line in lines)]


def graphql_steps() -> list[tuple[str, dict[str, Any]]]:
    """Return each operation with the variables that stand below it."""
    found = re.findall(r"^```graphql\n(.*?)\n```\n(?:\n```json\n(.*?)\n```)?", TEXT, re.DOTALL | re.MULTILINE)
    return [(query, json.loads(variables) if variables else {}) for query, variables in found]


def table(heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without its header."""
    section = TEXT.partition(f"\n{heading}\n")[2].partition("\n#")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows[2:]]


def names_in(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database with the demo data, for every test of this page."""
    url = f"sqlite:///{tmp_path_factory.mktemp('rules') / 'demo.db'}"
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        url = cluster.url(cluster.create_database())
    settings = Settings(database_url=url)
    migrate(settings)

    async def fill() -> None:
        database = Database(settings, functions=sql_functions())
        await create_demo(database, contacts=CONTACTS, moment=MOMENT)
        await database.close()

    asyncio.run(fill())
    return url


@pytest.fixture
def database_url(demo_url: str) -> str:
    return demo_url


@dataclass
class Person:
    """A contact of the demo data with what belongs to it."""

    row: Any
    groups: set[str]
    industries: set[str]
    attributes: dict[str, Any]
    own: list[Any]
    counted: list[Any]
    """Interactions of the contact's own, and those that count for it: of a company everybody's."""


async def load_people(database: Database) -> list[Person]:
    async with database.read() as connection:

        async def rows(table: Any) -> list[Any]:
            return list((await connection.execute(select(table))).all())

        contacts = await rows(tables.contact)
        entries = await rows(tables.interaction_log_entry)
        groups = await rows(tables.contact_mailing_group)
        industries = await rows(tables.contact_industry_group)
        names = {row.id: row.name for row in await rows(tables.attribute)}
        values = await rows(tables.contact_attribute)
    by_contact, by_company = defaultdict(list), defaultdict(list)
    for entry in entries:
        by_contact[entry.contact_id].append(entry)
        by_company[entry.company_id].append(entry)
    of_contact: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for value in values:
        filled = next(one for one in (value.text_value, value.number_value, value.date_value) if one is not None)
        of_contact[value.contact_id][names[value.attribute_id]] = filled
    return [
        Person(
            row=row,
            groups={group.code for group in groups if group.contact_id == row.id},
            industries={group.code for group in industries if group.contact_id == row.company_id},
            attributes=of_contact[row.id],
            own=by_contact[row.id],
            counted=by_company[row.id] if row.type == "COMPANY" else by_contact[row.id],
        )
        for row in contacts
    ]


TODAY = MOMENT.now.date()
EXPECTED: dict[str, Callable[[Person], bool]] = {
    "1": lambda p: p.row.type == "COMPANY" and p.row.country in {"DE", "FR", "NL"},
    "2": lambda p: p.row.name.lower().startswith("an"),
    "3": lambda p: "NEWSLETTER" in p.groups and not p.row.privacy_blocked,
    "4": lambda p: (
        not any(e.on >= TODAY - timedelta(days=90) for e in p.counted if not e.attempt_failed and not e.postponed)
    ),
    "5": lambda p: any(e.template == "MEETING" and not e.canceled for e in p.own),
    "6": lambda p: (
        any(not e.canceled and not e.postponed for e in p.counted)
        and not any((e.evaluation or "").endswith("NEGATIVE") for e in p.own)
    ),
    "7": lambda p: sum(e.cost for e in p.own if not e.canceled and e.on >= TODAY - timedelta(days=365)) > 50,
    "8": lambda p: (
        p.attributes.get("tier") in {"GOLD", "PLATINUM"} and p.attributes.get("lifetime_value", Decimal(0)) >= 100
    ),
    "9": lambda p: p.row.created_at.year == 2025 and MOMENT.now - p.row.modified_at >= timedelta(days=181),
    "10": lambda p: (
        re.search("manager|head of", p.row.job_title, re.IGNORECASE) is not None
        and "RETAIL" in p.industries
        and p.row.email != ""
    ),
}
"""Number of the example → whom it means, in plain Python."""


async def test_the_ten_examples_select_what_plain_python_selects(graphql: GraphQL, database: Database) -> None:
    examples = EXAMPLE.findall(TEXT)
    assert [number for number, _, _ in examples] == list(EXPECTED)
    people = await load_people(database)

    for number, rule, _ in examples:
        data = await graphql(
            """query ($rule: String!) {
            previewRule(rule: $rule) { count undecidedCount sample(first: 200) { no } } }""",
            {"rule": rule},
        )
        expected = sorted(person.row.no for person in people if EXPECTED[number](person))
        preview = data["previewRule"]
        assert (preview["count"], preview["undecidedCount"]) == (len(expected), 0), rule
        assert [one["no"] for one in preview["sample"]] == expected[:200], rule
        assert 0 < len(expected) < CONTACTS, rule


async def test_the_ten_examples_read_as_the_page_says(graphql: GraphQL) -> None:
    for _, rule, sentence in EXAMPLE.findall(TEXT):
        check = (await graphql("query ($rule: String!) { checkRule(rule: $rule) { sentence } }", {"rule": rule}))[
            "checkRule"
        ]
        assert check["sentence"] == " ".join(sentence.split())


async def test_every_rule_on_the_page_is_right_and_decides_every_contact(graphql: GraphQL) -> None:
    assert len(rules()) > 30
    for rule in rules():
        data = await graphql(
            """query ($rule: String!) { checkRule(rule: $rule) { problems { message } }
            previewRule(rule: $rule) { count undecidedCount } }""",
            {"rule": rule},
        )
        assert data["checkRule"]["problems"] == [], rule
        assert data["previewRule"]["undecidedCount"] == 0, rule


async def test_every_correction_is_what_a_check_offers(database: Database) -> None:
    async with database.read() as connection:
        vocabulary = await load_vocabulary(connection)

    assert len(corrections()) >= 9
    for wrong, right in corrections():
        text, taken = wrong, 0
        while problems := find_problems(text, vocabulary):
            assert problems[0].correction, text
            text, taken = problems[0].correction, taken + 1
        assert text == right
        assert taken > 0


async def test_every_operation_on_the_page_is_answered(graphql: GraphQL) -> None:
    steps = graphql_steps()
    assert len(steps) >= 5

    answers: dict[str, Any] = {}
    for query, variables in steps:
        answers |= await graphql(query, variables)

    assert (answers["fast"]["cost"], answers["slow"]["cost"]) == ("INDEX", "SCAN")
    assert answers["outside"]["cost"] == "CONTACT_BY_CONTACT"
    assert answers["outside"]["residue"][0]["place"]["word"] == "post_code.to_int > 50000"
    assert answers["previewRule"]["count"] > 0
    assert answers["ruleText"] == 'country == "DE" and not minor'
    assert answers["explainRule"]["outcome"] == "FALSE"
    assert len(answers["explainRule"]["needs"]) == 2
    assert answers["countries"]["values"] == [{"value": "DE", "label": "Germany", "literal": '"DE"'}]
    assert [value["label"] for value in answers["templates"]["values"]] == ["Incoming call", "Outgoing call"]
    assert 0 < len(answers["cities"]["values"]) <= 5


def test_the_tables_name_everything_there_is() -> None:
    operators = {name for cells in table("### Operators") for name in names_in(cells[0])}
    assert operators == {*(operator.name for operator in OPERATORS), ".", "&.", "[ ]", "( )"}

    kinds = (Kind.TEXT, Kind.NUMBER, Kind.INSTANT, Kind.PERIOD, Kind.LIST)
    rows = table("### What values have")
    for kind, cells in zip(kinds, rows, strict=True):
        listed = {name.partition("(")[0] for name in names_in(cells[1])}
        assert listed == {attribute.name for attribute in ATTRIBUTES_OF[kind]}
    own = TEXT.partition("The language's own names: ")[2].partition(" Functions")[0]
    assert names_in(own) == {name.name for name in LANGUAGE_NAMES}


def test_the_operators_stand_in_the_order_in_which_they_bind() -> None:
    binding = {operator.name: operator.precedence for operator in OPERATORS}
    rows = [names_in(cells[0]) for cells in table("### Operators")]

    levels = [{binding[name] for name in names if name in binding} for names in rows[2:]]

    assert all(len(level) == 1 for level in levels)
    assert [level.pop() for level in levels] == sorted(set(binding.values()), reverse=True)


def test_the_limits_are_those_of_the_language() -> None:
    shown = [int(cells[1].replace(",", "")) for cells in table("### Limits")]

    assert shown == [*RULE_LIMITS.values(), Settings(database_url="sqlite:///x").residual_rows]


def test_the_literals_of_the_types_are_right() -> None:
    for cells in table("### Types and null"):
        for literal in re.findall(r"`([^`]+)`", cells[1]):
            assert find_problems(f"{literal} == {literal}", Vocabulary(key=tables.contact.c.id)) == []
