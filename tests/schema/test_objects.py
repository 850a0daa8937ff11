"""Objects, what hangs on them, and how few statements it takes to show them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import GraphQL
from tests.schema.world import CONTACTS, LINES

pytestmark = pytest.mark.usefixtures("world")

Statements = Callable[[], list[str]]


def reads(statements: list[str]) -> list[str]:
    """Return the statements that read data."""
    return [statement for statement in statements if statement.lstrip().upper().startswith(("SELECT", "WITH"))]


async def test_a_contact_with_everything(graphql: GraphQL) -> None:
    data = await graphql("""{
      contacts(first: 1, rule: "attributes.tier == \\"gold\\"") { nodes {
        id type name company { no } companyNo persons { totalCount nodes { company { id } type } }
        salesperson { code } mailingGroups { code description } industryGroups { code } businessRelations { code }
        jobResponsibilities { code }
        attributes { name type value isDefault textValue numberValue booleanValue dateValue dateTimeValue }
        interactions(first: 3) { totalCount nodes {
          contact { id } template { code group { description } campaign { no } } cost duration } }
        segments { nodes { no lineCount memberCount } }
        interactionCount interactionCost interactionDuration lastInteractionOn createdAt version
      } } }""")

    (found,) = data["contacts"]["nodes"]
    assert found["type"] == "COMPANY"
    assert found["company"]["no"] == found["companyNo"]
    assert found["persons"]["totalCount"] == len(found["persons"]["nodes"]) > 0
    assert {person["type"] for person in found["persons"]["nodes"]} == {"PERSON"}
    assert {person["company"]["id"] for person in found["persons"]["nodes"]} == {found["id"]}
    assert found["mailingGroups"] == [{"code": "NEWS", "description": "Newsletter"}]
    assert found["industryGroups"] == [{"code": "RETAIL"}]
    assert found["businessRelations"] == [{"code": "CUST"}]
    assert found["jobResponsibilities"] == []
    nothing = {"textValue": None, "numberValue": None, "booleanValue": None, "dateValue": None, "dateTimeValue": None}
    assert found["attributes"] == [
        {**nothing, "name": "divisor", "type": "NUMBER", "value": "1", "isDefault": True, "numberValue": "1"},
        {**nothing, "name": "score", "type": "NUMBER", "value": "12.5", "isDefault": False, "numberValue": "12.5"},
        {**nothing, "name": "tier", "type": "TEXT", "value": "gold", "isDefault": False, "textValue": "gold"},
    ]
    assert {node["contact"]["id"] for node in found["interactions"]["nodes"]} == {found["id"]}
    template = {"code": "MAIL", "group": {"description": "Letters"}, "campaign": {"no": "CP0001"}}
    assert found["interactions"]["nodes"][0] == {
        "contact": {"id": found["id"]},
        "template": template,
        "cost": "1.25",
        "duration": "0.5",
    }
    assert found["segments"]["nodes"] == [{"no": "SM00010", "lineCount": LINES, "memberCount": LINES - 1}]
    assert found["createdAt"].endswith("Z")


async def test_a_segment_with_everything(graphql: GraphQL) -> None:
    data = await graphql("""{ segment(no: " sm00010 ") {
        no description revision headRevision canUndo canRedo lineCount
        campaign { no } salesperson { name } template { code }
        group { code } unitCost on
        actions { nodes {
          revision kind rule undone linesRemoved lineCount actor options { expandCompanies entireCompanies } } }
        lines(first: 2) { pageInfo { hasNextPage } nodes { id lineNo description language cost on
          campaign { no } salesperson { code } contact { no } segment { no } template { code } } }
        after: lines(atRevision: 2, first: 4) { nodes { lineNo } }
      }
      empty: segment(no: "SM00011") { lineCount memberCount canUndo canRedo
        lines { nodes { id } totalCount } actions { totalCount } campaign { no } }
    }""")

    found = data["segment"]
    assert found["no"] == "SM00010"
    assert (found["revision"], found["headRevision"], found["canUndo"], found["canRedo"]) == (1, 2, True, True)
    assert found["lineCount"] == LINES
    assert (found["campaign"], found["salesperson"]) == ({"no": "CP0001"}, {"name": "Mia"})
    options = {"expandCompanies": True, "entireCompanies": False}
    shared = {"actor": "ann", "options": options}
    assert found["actions"]["nodes"] == [
        {
            **shared,
            "revision": 1,
            "kind": "ADD",
            "rule": "true",
            "undone": False,
            "linesRemoved": 0,
            "lineCount": LINES,
        },
        {
            **shared,
            "revision": 2,
            "kind": "REDUCE",
            "rule": "minor",
            "undone": True,
            "linesRemoved": 10,
            "lineCount": LINES - 10,
        },
    ]
    line = found["lines"]["nodes"][0]
    assert line["lineNo"] == 10
    assert (line["description"], line["campaign"], line["salesperson"]) == (
        "Spring letter",
        {"no": "CP0001"},
        {"code": "MK"},
    )
    assert (line["language"], line["segment"], line["template"]) == ("DEU", {"no": "SM00010"}, {"code": "MAIL"})
    assert found["lines"]["pageInfo"] == {"hasNextPage": True}
    assert [node["lineNo"] for node in found["after"]["nodes"]] == [10, 20, 40, 50]
    assert data["empty"] == {
        "lineCount": 0,
        "memberCount": 0,
        "canUndo": False,
        "canRedo": False,
        "lines": {"nodes": [], "totalCount": 0},
        "actions": {"totalCount": 0},
        "campaign": None,
    }


@pytest.mark.parametrize("revision", [-1, 3, 2**31 - 1])
async def test_a_revision_that_does_not_stand_is_refused(graphql: GraphQL, revision: int) -> None:
    body = await graphql(
        f'{{ segment(no: "SM00010") {{ lines(atRevision: {revision}) {{ totalCount }} }} }}', expect_errors=True
    )

    assert body["errors"][0]["extensions"] == {"code": "INVALID_INPUT", "argumentPath": ["atRevision"]}


async def test_a_campaign_with_everything(graphql: GraphQL) -> None:
    data = await graphql("""{ campaign(no: "CP0001") {
        salesperson { code } status startingOn segments { nodes { no } }
        entries { nodes { entryNo segmentNo loggedSegment { entryNo } campaign { no } } }
        interactions(first: 1) { totalCount nodes { campaign { no } campaignEntry { entryNo } } }
        statistics { contacted responded cost duration }
      }
      quiet: campaign(no: "CP0009") { statistics { contacted responded cost duration } }
      all: interactions(first: 200, filter: {campaignNo: "cp0001", canceled: false}) {
        nodes { campaignTarget } totalCount } }""")

    found = data["campaign"]
    assert found["entries"]["nodes"] == [
        {"entryNo": 1, "segmentNo": "SM00001", "loggedSegment": {"entryNo": 1}, "campaign": {"no": "CP0001"}},
        {"entryNo": 2, "segmentNo": "", "loggedSegment": None, "campaign": {"no": "CP0001"}},
    ]
    assert found["segments"]["nodes"] == [{"no": "SM00010"}]
    counted = data["all"]["nodes"]
    assert found["statistics"]["contacted"] == sum(node["campaignTarget"] for node in counted)
    assert float(found["statistics"]["cost"]) == 1.25 * len(counted)
    assert float(found["statistics"]["duration"]) == 0.5 * len(counted)
    assert data["quiet"]["statistics"] == {"contacted": 0, "responded": 0, "cost": "0", "duration": "0"}


async def test_code_lists_and_saved_criteria(graphql: GraphQL) -> None:
    data = await graphql("""{
      salespeople { nodes { code name blocked } } mailingGroups { nodes { code } totalCount }
      interactionTemplates { nodes { code unitCost campaign { no } group { code } correspondenceType } }
      savedCriteria { nodes { code actionCount actions { position kind rule options { entireCompanies } } } }
      loggedSegment(entryNo: 1) { segmentNo interactionCount campaignEntryCount
        interactions(first: 200) { nodes { canceled } } campaignEntries { nodes { entryNo } } }
    }""")

    assert [node["code"] for node in data["salespeople"]["nodes"]] == ["JR", "MK"]
    assert data["mailingGroups"]["totalCount"] == 2
    assert data["interactionTemplates"]["nodes"] == [
        {
            "code": "MAIL",
            "unitCost": "1.5",
            "campaign": {"no": "CP0001"},
            "group": {"code": "LETTERS"},
            "correspondenceType": "EMAIL",
        }
    ]
    assert data["savedCriteria"]["nodes"] == [
        {
            "code": "SWISS",
            "actionCount": 2,
            "actions": [
                {"position": 1, "kind": "ADD", "rule": 'country == "CH"', "options": {"entireCompanies": False}},
                {"position": 2, "kind": "REFINE", "rule": 'type == "PERSON"', "options": {"entireCompanies": True}},
            ],
        }
    ]
    logged = data["loggedSegment"]
    assert logged["interactionCount"] == sum(not node["canceled"] for node in logged["interactions"]["nodes"])
    assert logged["campaignEntries"]["nodes"] == [{"entryNo": 1}]


NESTED = """query ($first: Int!) { contacts(first: $first) { totalCount nodes {
  no salesperson { name } company { name salesperson { code } }
  mailingGroups { code } industryGroups { code } attributes { name }
  interactions(first: 2) { totalCount pageInfo { hasNextPage } nodes {
    at campaign { no statistics { cost } } template { code } loggedSegment { entryNo } } }
  segments { nodes { no lines(first: 3) { nodes { contact { no } } } } }
  again: interactions(first: 1) { nodes { entryNo } }
} } }"""


async def test_the_number_of_statements_does_not_depend_on_the_number_of_items(
    graphql: GraphQL, statements: Statements
) -> None:
    await graphql(NESTED, {"first": 3})
    statements()
    few = await graphql(NESTED, {"first": 30})
    statements_for_few = reads(statements())
    many = await graphql(NESTED, {"first": CONTACTS})
    statements_for_many = reads(statements())

    assert len(few["contacts"]["nodes"]) < len(many["contacts"]["nodes"]) == CONTACTS
    assert len(statements_for_few) == len(statements_for_many) < 25


async def test_children_of_each_parent_are_its_own_first_ones(graphql: GraphQL) -> None:
    data = await graphql("""{ contacts(first: 200) { nodes { no
      interactions(first: 3) { nodes { entryNo at } pageInfo { hasNextPage endCursor } totalCount } } }
      all: interactions(first: 200) { nodes { entryNo at contact { no } } } }""")

    for contact in data["contacts"]["nodes"]:
        own = [node for node in data["all"]["nodes"] if node["contact"]["no"] == contact["no"]]
        own.sort(key=lambda node: (node["at"], node["entryNo"]), reverse=True)
        shown = contact["interactions"]
        assert [node["entryNo"] for node in shown["nodes"]] == [node["entryNo"] for node in own[:3]]
        assert shown["pageInfo"]["hasNextPage"] is (len(own) > 3)
        assert shown["totalCount"] == len(own)


async def test_children_can_be_paged_to_the_end_for_one_parent(graphql: GraphQL) -> None:
    query = """query ($after: String, $before: String, $first: Int, $last: Int) { segment(no: "SM00010") {
      lines(after: $after, before: $before, first: $first, last: $last) {
        nodes { lineNo } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
    forward: list[int] = []
    variables: dict[str, Any] = {"first": 7}
    for _ in range(5):
        lines = (await graphql(query, variables))["segment"]["lines"]
        assert lines["pageInfo"]["hasPreviousPage"] is bool(forward)
        forward += [node["lineNo"] for node in lines["nodes"]]
        assert lines["pageInfo"]["hasNextPage"] is (len(forward) < LINES)
        variables = {"first": 7, "after": lines["pageInfo"]["endCursor"]}
    backward: list[int] = []
    variables = {"last": 7}
    for _ in range(5):
        lines = (await graphql(query, variables))["segment"]["lines"]
        assert lines["pageInfo"]["hasNextPage"] is bool(backward)
        backward = [node["lineNo"] for node in lines["nodes"]] + backward
        assert lines["pageInfo"]["hasPreviousPage"] is (len(backward) < LINES)
        variables = {"last": 7, "before": lines["pageInfo"]["startCursor"]}

    assert forward == backward == [place * 10 for place in range(1, LINES + 1)]


async def test_only_the_selected_columns_are_read(graphql: GraphQL, statements: Statements) -> None:
    await graphql("""query { contacts(first: 1) { ...A edges { node { ... on Contact { postCode } } } } }
      fragment A on ContactConnection { nodes { the: city ... { email2 } } }""")

    (page,) = [statement for statement in reads(statements()) if "FROM contact" in statement]
    columns = page.partition("FROM")[0]
    for name in ("city", "post_code", "email_2"):
        assert name in columns
    for name in ("surname", "phone", "interaction"):
        assert name not in columns


async def test_aliases_with_different_arguments_do_not_mix(graphql: GraphQL) -> None:
    data = await graphql("""{ one: contacts(first: 1) { nodes { no } } two: contacts(first: 2) { nodes { name no } }
      segment(no: "SM00010") {
        a: lines(first: 1) { nodes { lineNo } } b: lines(first: 2) { nodes { lineNo cost } } } }""")

    assert (len(data["one"]["nodes"]), len(data["two"]["nodes"])) == (1, 2)
    assert [len(data["segment"][name]["nodes"]) for name in "ab"] == [1, 2]


async def test_one_request_sees_one_state(graphql: GraphQL, statements: Statements) -> None:
    await graphql(NESTED, {"first": 5})

    assert sum("BEGIN" in statement for statement in statements()) <= 1
