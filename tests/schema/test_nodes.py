"""Finding objects: by number, by global id, by search, by filter, by rule."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tests.conftest import GraphQL
from tests.schema.world import COMPANIES, CONTACTS, INTERACTIONS

pytestmark = pytest.mark.usefixtures("world")


def encoded(text: str | bytes) -> str:
    return urlsafe_b64encode(text.encode() if isinstance(text, str) else text).decode().rstrip("=")


ONE_OF_EACH = """{
  contacts(first: 1) { nodes { id attributes { name } } }
  campaigns(first: 1) { nodes { id entries { nodes { id } } } }
  segments(first: 1) { nodes { id lines(first: 1) { nodes { id } } } }
  interactions(first: 1) { nodes { id group { id } } }
  loggedSegments(first: 1) { nodes { id } } savedCriteria { nodes { id } } interactionTemplates { nodes { id } }
  salespeople { nodes { id } } mailingGroups { nodes { id } } }"""


def ids_in(value: object) -> list[str]:
    if isinstance(value, dict):
        return [id_ for name, inner in value.items() for id_ in ([inner] if name == "id" else ids_in(inner))]
    return [id_ for item in value for id_ in ids_in(item)] if isinstance(value, list) else []


async def test_every_global_id_finds_its_object(graphql: GraphQL) -> None:
    ids = sorted(set(ids_in(await graphql(ONE_OF_EACH))))

    data = await graphql("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", {"ids": ids})
    one = await graphql("query ($id: ID!) { node(id: $id) { id } }", {"id": ids[0]})

    assert [node["id"] for node in data["nodes"]] == ids
    assert {node["__typename"] for node in data["nodes"]} == {
        "Campaign",
        "CampaignEntry",
        "Contact",
        "Interaction",
        "InteractionGroup",
        "InteractionTemplate",
        "LoggedSegment",
        "MailingGroup",
        "Salesperson",
        "SavedCriteria",
        "Segment",
        "SegmentLine",
    }
    assert one["node"] == {"id": ids[0]}


async def test_a_node_shows_the_fields_of_its_type(graphql: GraphQL) -> None:
    data = await graphql(
        """query ($ids: [ID!]!) { nodes(ids: $ids) { __typename
          ... on Contact { name salesperson { code } interactions(first: 1) { totalCount } }
          ... on SegmentLine { cost contact { name } } ... on Attribute { name defaultValue } } }""",
        {"ids": [encoded("Contact:1"), encoded("SegmentLine:1:10"), encoded("Attribute:1"), encoded("Contact:999")]},
    )

    contact, line, attribute, missing = data["nodes"]
    assert line == {"__typename": "SegmentLine", "cost": "0", "contact": {"name": contact["name"]}}
    assert attribute == {"__typename": "Attribute", "name": "tier", "defaultValue": "basic"}
    assert missing is None


WRONG_IDS = [
    "",
    "x",
    "ü",
    "\0",
    "A" * 500,
    encoded("Contact"),
    encoded("Contact:"),
    encoded("Contact:0"),
    encoded("Contact:-1"),
    encoded("Contact:1.5"),
    encoded("Contact:\u0661"),
    encoded("Contact:" + "9" * 40),
    encoded("Contact:1:1"),
    encoded("Query:1"),
    encoded("Node:1"),
    encoded("SegmentLine:1"),
    encoded("SegmentLine:1:"),
    encoded("SegmentLine:1:11"),
    encoded("SegmentLine:1:999999999999"),
    encoded("Salesperson:\0"),
    encoded("Salesperson:nobody"),
    encoded(b"\xff\xfe:1"),
]


async def test_a_wrong_global_id_finds_nothing(graphql: GraphQL) -> None:
    query = "query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id, $id]) { id } }"
    for wrong in WRONG_IDS:
        assert await graphql(query, {"id": wrong}) == {"node": None, "nodes": [None, None]}, wrong


async def test_too_many_ids_are_refused(graphql: GraphQL) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"

    assert len((await graphql(query, {"ids": [encoded("Contact:1")] * 200}))["nodes"]) == 200
    body = await graphql(query, {"ids": ["x"] * 201}, expect_errors=True)
    assert body["errors"][0]["extensions"] == {"code": "INVALID_INPUT", "argumentPath": ["ids"]}


async def test_an_unknown_number_finds_nothing(graphql: GraphQL) -> None:
    query = """query ($no: String!) { contact(no: $no) { id } segment(no: $no) { id } campaign(no: $no) { id }
      loggedSegment(entryNo: 99) { id } negative: loggedSegment(entryNo: -2147483648) { id } }"""
    for no in ("", "nobody", "CT' OR 1=1", "\0", "x" * 10_000):
        data = await graphql(query, {"no": no})

        assert set(data.values()) == {None}, no


async def names_found(graphql: GraphQL, search: str) -> list[str]:
    data = await graphql(
        "query ($search: String) { contacts(search: $search, first: 200) { totalCount nodes { name no email } } }",
        {"search": search},
    )
    assert data["contacts"]["totalCount"] == len(data["contacts"]["nodes"])
    return [node["name"] for node in data["contacts"]["nodes"]]


async def test_search_finds_the_beginning_of_the_name_without_regard_to_case(graphql: GraphQL) -> None:
    for search, names in {
        "ABE": {"Abe", "abe"},
        "äRG": {"Ärger"},
        "日": {"日本"},
        "o'": {"O'Hara"},
        "ann_": {"Ann_Lee"},
        "100%": {"100%"},
        "\U0001f600": {"\U0001f600 Joy"},
        "%": set(),
        "_": set(),
        "b": set(),
    }.items():
        assert set(await names_found(graphql, search)) == names, search


async def test_search_finds_whole_numbers_and_addresses(graphql: GraphQL) -> None:
    (some,) = (await graphql("{ contacts(first: 1) { nodes { no email } } }"))["contacts"]["nodes"]

    assert len(await names_found(graphql, some["no"].lower())) == 1
    assert len(await names_found(graphql, f" {some['email'].upper()} ")) == 1
    assert await names_found(graphql, some["no"][:-1]) == []
    assert len(await names_found(graphql, "  ")) == CONTACTS


async def test_a_wrong_search_text_is_refused(graphql: GraphQL) -> None:
    query = "query ($search: String) { contacts(search: $search) { totalCount } }"
    for search in ("x" * 101, "a\0b"):
        body = await graphql(query, {"search": search}, expect_errors=True)

        assert body["errors"][0]["extensions"] == {"code": "INVALID_INPUT", "argumentPath": ["search"]}


async def test_half_a_surrogate_pair_is_no_text(http: httpx2.AsyncClient) -> None:
    query = "query ($text: String!) { contact(no: $text) { id } contacts(search: $text) { totalCount } }"
    body = json.dumps({"query": query, "variables": {"text": "\ud800"}})

    response = await http.post("/graphql", content=body, headers={"content-type": "application/json"})

    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "INVALID_INPUT", "argumentPath": ["search"]}


async def test_interactions_are_filtered(graphql: GraphQL) -> None:
    everything = (
        await graphql("""{ interactions(first: 200) { nodes {
          entryNo on canceled postponed evaluation segmentNo contact { no } campaign { no } loggedSegment { entryNo }
          template { code } salesperson { code } } } }""")
    )["interactions"]["nodes"]
    contact = everything[0]["contact"]["no"]
    cases: dict[str, Callable[[dict[str, Any]], bool]] = {
        f'contactNo: "{contact}"': lambda one: one["contact"]["no"] == contact,
        'campaignNo: "CP0002"': lambda one: one["campaign"] == {"no": "CP0002"},
        "loggedSegmentEntryNo: 2": lambda one: one["loggedSegment"] == {"entryNo": 2},
        "canceled: true": lambda one: one["canceled"],
        "canceled: false, postponed: false": lambda one: not one["canceled"],
        'onFrom: "2026-01-06", onTo: "2026-01-07"': lambda one: "2026-01-06" <= one["on"] <= "2026-01-07",
        'template: "mail"': lambda one: one["template"]["code"] == "MAIL",
        'contactNo: "nobody"': lambda _: False,
        'campaignNo: "nothing"': lambda _: False,
        'segmentNo: "SM00010"': lambda _: False,
        'salesperson: "JR"': lambda _: False,
        "evaluation: POSITIVE": lambda _: False,
        "": lambda _: True,
        "contactNo: null": lambda _: True,
    }
    assert len(everything) == INTERACTIONS

    for arguments, holds in cases.items():
        query = f"{{ interactions(first: 200, filter: {{{arguments}}}) {{ totalCount nodes {{ entryNo }} }} }}"
        found = (await graphql(query))["interactions"]
        expected = [one["entryNo"] for one in everything if holds(one)]
        assert [node["entryNo"] for node in found["nodes"]] == expected, arguments
        assert found["totalCount"] == len(expected)


async def test_a_wrong_filter_names_its_field(graphql: GraphQL) -> None:
    body = await graphql(
        "query ($no: String) { interactions(filter: {contactNo: $no}) { totalCount } }",
        {"no": "\0"},
        expect_errors=True,
    )

    assert body["errors"][0]["extensions"] == {"code": "INVALID_INPUT", "argumentPath": ["filter", "contactNo"]}


async def test_a_rule_selects_contacts(graphql: GraphQL) -> None:
    data = await graphql("""{
      companies: contacts(rule: "type == \\"COMPANY\\"", first: 200) { totalCount nodes { type } }
      swiss: contacts(rule: "country == \\"CH\\"", first: 200, orderBy: {field: NAME, direction: DESC}) {
        nodes { country } }
      both: contacts(rule: "country == \\"CH\\"", search: "abe", first: 200) { nodes { country name } }
      nobody: contacts(rule: "false") { totalCount nodes { no } pageInfo { hasNextPage startCursor } } }""")

    assert data["companies"]["totalCount"] == COMPANIES
    assert {node["country"] for node in data["swiss"]["nodes"]} == {"CH"}
    assert all(node["name"] in {"Abe", "abe"} for node in data["both"]["nodes"])
    assert data["nobody"] == {
        "totalCount": 0,
        "nodes": [],
        "pageInfo": {"hasNextPage": False, "startCursor": None},
    }


async def test_a_wrong_rule_is_an_error_with_its_place(graphql: GraphQL) -> None:
    for rule, code, word, suggestion in (
        ('cuntry == "CH"', "RULE_UNKNOWN_SYMBOL", "cuntry", "country"),
        ("country ==", "RULE_SYNTAX", "", None),
        ("country > 5", "RULE_TYPE", None, None),
        ("", "RULE_EMPTY", None, None),
        ("x" * 5_000, "RULE_TOO_LARGE", None, None),
    ):
        for field in ("contacts(rule: $rule) { totalCount }", "previewRule(rule: $rule) { count }"):
            body = await graphql(f"query ($rule: String!) {{ {field} }}", {"rule": rule}, expect_errors=True)
            extensions = body["errors"][0]["extensions"]
            assert (extensions["code"], extensions["argumentPath"]) == (code, ["rule"])
            if word is not None:
                assert extensions["place"]["word"] == word
            if suggestion is not None:
                assert extensions["suggestion"] == suggestion
