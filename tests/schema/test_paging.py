"""Pages of lists: forwards and backwards they are the list, whatever its order."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert

from server.clock import Moment
from server.store import tables
from server.store.database import Database
from tests.conftest import GraphQL
from tests.schema.world import BEGIN, CAMPAIGNS, CONTACTS, INTERACTIONS, LINES

pytestmark = pytest.mark.usefixtures("world")

PAGE = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { id } edges { cursor node { id } }"
ROOTS = {
    "contacts": [
        "NO",
        "NAME",
        "COMPANY_NAME",
        "CITY",
        "POST_CODE",
        "COUNTRY",
        "SALESPERSON",
        "CREATED_AT",
        "MODIFIED_AT",
    ],
    "campaigns": ["NO", "DESCRIPTION", "STARTING_ON", "ENDING_ON", "CREATED_AT", "MODIFIED_AT"],
    "segments": ["NO", "DESCRIPTION", "CREATED_AT", "MODIFIED_AT"],
    "interactions": ["ENTRY_NO", "ON", "AT"],
    "loggedSegments": ["ENTRY_NO", "SEGMENT_NO", "DESCRIPTION", "CREATED_AT"],
}


async def page(graphql: GraphQL, field: str, arguments: str) -> dict[str, Any]:
    data = await graphql(f"{{ {field}({arguments}) {{ {PAGE} }} }}")
    found: dict[str, Any] = data[field]
    assert [edge["node"] for edge in found["edges"]] == found["nodes"]
    cursors = [edge["cursor"] for edge in found["edges"]]
    info = found["pageInfo"]
    assert (info["startCursor"], info["endCursor"]) == ((cursors[0], cursors[-1]) if cursors else (None, None))
    return found


async def walk(graphql: GraphQL, field: str, order: str, size: int, *, forward: bool) -> list[str]:
    """Return the ids met when turning page by page to the end of the list, in the list's order."""
    count, place, cursor_of, more = ("first", "after", "endCursor", "hasNextPage")
    if not forward:
        count, place, cursor_of, more = ("last", "before", "startCursor", "hasPreviousPage")
    pages: list[list[str]] = []
    arguments = f"{order} {count}: {size}"
    while True:
        found = await page(graphql, field, arguments)
        info = found["pageInfo"]
        assert info["hasPreviousPage" if forward else "hasNextPage"] is bool(pages)
        pages.append([node["id"] for node in found["nodes"]])
        if not info[more]:
            break
        assert len(pages[-1]) == size
        arguments = f'{order} {count}: {size} {place}: "{info[cursor_of]}"'
    return [id_ for ids in (pages if forward else reversed(pages)) for id_ in ids]


@pytest.mark.parametrize("field", ROOTS)
async def test_pages_in_both_directions_are_the_whole_list_in_every_order(graphql: GraphQL, field: str) -> None:
    for by, direction in [(by, direction) for by in ROOTS[field] for direction in ("ASC", "DESC")]:
        order = f"orderBy: {{field: {by}, direction: {direction}}}"
        whole = await page(graphql, field, f"{order} first: 200")
        ids = [node["id"] for node in whole["nodes"]]

        assert len(set(ids)) == len(ids) > 0
        assert await walk(graphql, field, order, 13, forward=True) == ids, order
        assert await walk(graphql, field, order, 13, forward=False) == ids, order


async def test_an_order_turned_round_is_the_list_backwards(graphql: GraphQL) -> None:
    for field, by in [(field, by) for field, orders in ROOTS.items() for by in orders]:
        lists = [
            [
                node["id"]
                for node in (await page(graphql, field, f"orderBy: {{field: {by}, direction: {d}}} first: 200"))[
                    "nodes"
                ]
            ]
            for d in ("ASC", "DESC")
        ]
        assert lists[0] == lists[1][::-1], (field, by)


async def test_text_is_ordered_by_code_point_and_blank_values_are_the_smallest(graphql: GraphQL) -> None:
    data = await graphql(
        "{ byCity: contacts(first: 200, orderBy: {field: CITY}) { nodes { city } }"
        "  byName: contacts(first: 200, orderBy: {field: NAME}) { nodes { searchName } }"
        "  byCountry: contacts(first: 200, orderBy: {field: COUNTRY}) { nodes { country } } }"
    )

    cities = [node["city"] for node in data["byCity"]["nodes"]]
    names = [node["searchName"] for node in data["byName"]["nodes"]]
    countries = [node["country"] or "" for node in data["byCountry"]["nodes"]]
    assert cities == sorted(cities)
    assert names == sorted(names)
    assert countries == sorted(countries)
    assert countries[0] == ""


@pytest.mark.parametrize("by", ["NO", "CREATED_AT"])
async def test_a_row_inserted_meanwhile_neither_repeats_nor_hides_another(
    graphql: GraphQL, database: Database, moment: Moment, by: str
) -> None:
    order = f"orderBy: {{field: {by}}}"
    before = await walk(graphql, "contacts", order, 200, forward=True)
    first = await page(graphql, "contacts", f"{order} first: 20")
    row = {"type": "PERSON", "created_at": BEGIN - timedelta(days=1), "modified_at": BEGIN}
    late = {**row, "created_at": BEGIN + timedelta(days=9)}
    async with database.write(actor="x", operation="x", moment=moment) as work:
        await work.connection.execute(
            insert(tables.contact), [{**row, "id": 900, "no": "AA"}, {**late, "id": 901, "no": "ZZ"}]
        )

    rest = await page(graphql, "contacts", f'{order} first: 200 after: "{first["pageInfo"]["endCursor"]}"')

    met = [node["id"] for node in [*first["nodes"], *rest["nodes"]]]
    assert [id_ for id_ in met if id_ in before] == before
    assert len(met) == len(before) + 1


async def test_a_cursor_works_when_its_row_is_gone(graphql: GraphQL, database: Database, moment: Moment) -> None:
    first = await page(graphql, "interactions", "first: 5")
    async with database.write(actor="x", operation="x", moment=moment) as work:
        gone = tables.interaction_log_entry.c.entry_no == INTERACTIONS - 4
        await work.connection.execute(delete(tables.interaction_log_entry).where(gone))

    rest = await page(graphql, "interactions", f'first: 200 after: "{first["pageInfo"]["endCursor"]}"')

    assert len(rest["nodes"]) == INTERACTIONS - 5
    assert rest["pageInfo"]["hasPreviousPage"]


async def test_after_and_before_cut_the_list_on_both_sides(graphql: GraphQL) -> None:
    whole = await page(graphql, "contacts", "first: 200")
    cursors = [edge["cursor"] for edge in whole["edges"]]

    between = await page(graphql, "contacts", f'after: "{cursors[3]}" before: "{cursors[9]}" first: 3')
    end = await page(graphql, "contacts", f'after: "{cursors[3]}" before: "{cursors[9]}" last: 3')
    all_ = await page(graphql, "contacts", f'after: "{cursors[3]}" before: "{cursors[9]}"')

    assert between["nodes"] == whole["nodes"][4:7]
    assert end["nodes"] == whole["nodes"][6:9]
    assert all_["nodes"] == whole["nodes"][4:9]
    for found in (between, end, all_):
        assert (found["pageInfo"]["hasNextPage"], found["pageInfo"]["hasPreviousPage"]) == (True, True)


async def test_page_sizes(graphql: GraphQL) -> None:
    data = await graphql("""{ default: contacts { nodes { id } }
      none: contacts(first: 0) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }""")

    assert len(data["default"]["nodes"]) == 50
    assert data["none"] == {
        "totalCount": CONTACTS,
        "nodes": [],
        "pageInfo": {"hasNextPage": True, "endCursor": None},
    }


async def test_wrong_page_sizes_are_refused(graphql: GraphQL) -> None:
    for arguments, argument in (
        ("first: 201", "first"),
        ("first: 2147483647", "first"),
        ("first: -1", "first"),
        ("last: 201", "last"),
        ("last: -5", "last"),
        ("first: 5, last: 5", "last"),
    ):
        body = await graphql(f"{{ contacts({arguments}) {{ nodes {{ id }} }} }}", expect_errors=True)

        assert body["errors"][0]["extensions"] == {"code": "INVALID_INPUT", "argumentPath": [argument]}
        assert body["data"] is None


def cursor(*values: Any) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


GARBAGE = [
    "",
    "x",
    "ä",
    "\0",
    "A" * 5_000,
    "A" * 4_000,
    cursor(),
    cursor("x", 1),
    cursor("x" * 12, 1, 2, 3),
    urlsafe_b64encode(b"[" * 2_000).decode(),
    urlsafe_b64encode(b"9" * 3_000).decode(),
    urlsafe_b64encode(b"\xff\xfe").decode(),
    urlsafe_b64encode(b"{}").decode(),
]
FORGED: list[Any] = [None, True, 1.5, [], {}, 2**63, -(2**70), "a\0", "\ud800"]


async def test_garbage_is_no_cursor(graphql: GraphQL) -> None:
    query = "query ($cursor: String) { contacts(after: $cursor) { nodes { id } } }"
    for wrong in GARBAGE:
        body = await graphql(query, {"cursor": wrong}, expect_errors=True)

        assert body["errors"][0]["extensions"] == {"code": "INVALID_INPUT", "argumentPath": ["after"]}, wrong


@pytest.mark.parametrize("field", ["NO", "CREATED_AT", "COUNTRY"])
async def test_forged_values_in_a_cursor_are_refused(graphql: GraphQL, field: str) -> None:
    order = f"orderBy: {{field: {field}}}"
    real = (await page(graphql, "contacts", f"{order} first: 1"))["pageInfo"]["endCursor"]
    fingerprint, _, *rest = json.loads(urlsafe_b64decode(real + "=" * (-len(real) % 4)))
    for value in FORGED:
        query = f'{{ contacts({order} after: "{cursor(fingerprint, value, *rest)}") {{ nodes {{ id }} }} }}'

        if value is None and field == "COUNTRY":
            await graphql(query)
        else:
            body = await graphql(query, expect_errors=True)
            assert body["errors"][0]["extensions"]["code"] == "INVALID_INPUT", value


OTHER_LISTS = [
    "contacts(orderBy: {field: NAME}, after: $cursor)",
    "contacts(orderBy: {field: NO, direction: DESC}, after: $cursor)",
    'contacts(search: "a", after: $cursor)',
    'contacts(rule: "true", before: $cursor)',
    "segments(after: $cursor)",
    "campaigns(after: $cursor)",
]


async def test_a_cursor_of_another_list_is_refused(graphql: GraphQL) -> None:
    own = (await page(graphql, "contacts", "first: 3"))["pageInfo"]["endCursor"]
    for other in OTHER_LISTS:
        query = f"query ($cursor: String) {{ {other} {{ nodes {{ id }} }} }}"

        body = await graphql(query, {"cursor": own}, expect_errors=True)

        assert body["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
        assert "another list, order or filter" in body["errors"][0]["message"]


async def test_total_counts(graphql: GraphQL) -> None:
    data = await graphql(
        "{ contacts { totalCount } campaigns { totalCount } interactions { totalCount } segments { totalCount }"
        '  persons: contacts(rule: "type == \\"PERSON\\"") { totalCount }'
        '  segment(no: "SM00010") { lines { totalCount } after: lines(atRevision: 2) { totalCount }'
        "    before: lines(atRevision: 0) { totalCount } actions { totalCount } } }"
    )

    assert data["contacts"]["totalCount"] == CONTACTS
    assert data["campaigns"]["totalCount"] == CAMPAIGNS
    assert data["interactions"]["totalCount"] == INTERACTIONS
    assert data["segments"]["totalCount"] == 2
    assert data["persons"]["totalCount"] == CONTACTS - 8
    assert data["segment"] == {
        "lines": {"totalCount": LINES},
        "after": {"totalCount": LINES - 10},
        "before": {"totalCount": 0},
        "actions": {"totalCount": 2},
    }


async def test_counts_run_only_when_asked_for(graphql: GraphQL, statements: Any) -> None:
    query = "query ($count: Boolean!) { contacts(first: 1) { nodes { no } totalCount @include(if: $count) } }"
    await graphql(query, {"count": False})
    without = [statement for statement in statements() if "count(" in statement]
    await graphql(query, {"count": True})
    counting = [statement for statement in statements() if "count(" in statement]

    assert without == []
    assert len(counting) == 1


async def test_only_a_count_reads_no_page(graphql: GraphQL, statements: Any) -> None:
    await graphql("{ contacts { totalCount } }")

    assert len([statement for statement in statements() if "FROM contact" in statement]) == 1
