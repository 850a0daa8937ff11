"""Comments on contacts, campaigns and interactions."""

from typing import Any

import pytest

from tests.business_central.conftest import Change, Refused
from tests.business_central.given_contacts import Given
from tests.business_central.interaction_people import store_entry, store_people
from tests.conftest import GraphQL


@pytest.fixture(autouse=True)
async def world(given: Given) -> None:
    await store_people(given)


@pytest.mark.parametrize(
    ("field", "no", "subject"),
    [
        ("contact(no: $no)", "PIA", {"contactNo": "pia"}),
        ("campaign(no: $no)", "CP1", {"campaignNo": "cp1"}),
        ("interactions(filter: { contactNo: $no })", "PIA", {"interactionEntryNo": 1}),
    ],
)
async def test_8_comments_are_written_changed_and_deleted(
    graphql: GraphQL, change: Change, given: Given, *, field: str, no: str, subject: dict[str, Any]
) -> None:
    await store_entry(given, 1)
    inner = "comments { totalCount nodes { place on code text } }"
    shown = f"nodes {{ {inner} }}" if "interactions" in field else inner

    async def comments() -> Any:
        data = (await graphql(f"query ($no: String!) {{ {field} {{ {shown} }} }}", {"no": no})).popitem()[1]
        found = data["nodes"][0]["comments"] if "nodes" in data else data["comments"]
        assert found["totalCount"] == len(found["nodes"])
        return found["nodes"]

    await change("createComment", {**subject, "text": "First"})
    answer = await change(
        "createComment",
        {**subject, "on": "2026-01-02", "code": "x", "text": "Second"},
        "comment { place on code text }",
    )
    assert answer["comment"] == {"place": 2, "on": "2026-01-02", "code": "X", "text": "Second"}
    assert (await comments())[0] == {"place": 1, "on": "2026-11-23", "code": None, "text": "First"}
    answer = await change("updateComment", {**subject, "place": 2, "text": "Again"}, "comment { on code text }")
    assert answer["comment"] == {"on": "2026-01-02", "code": "X", "text": "Again"}
    answer = await change("deleteComment", {**subject, "place": 1}, "deletedPlace")
    assert answer["deletedPlace"] == 1
    assert await comments() == [{"place": 2, "on": "2026-01-02", "code": "X", "text": "Again"}]
    await change("createComment", {**subject, "text": "Third"})
    assert [comment["place"] for comment in await comments()] == [2, 3]


async def test_8_what_a_comment_cannot_be(change: Change, refused: Refused) -> None:
    await change("createComment", {"contactNo": "PIA", "text": "x" * 80, "code": "x" * 10})
    new = {"contactNo": "PIA", "text": "Hello"}
    for values, code, field in (
        ({"text": " "}, "VALUE_REQUIRED", "text"),
        ({"text": "x" * 81}, "INVALID_INPUT", "text"),
        ({"text": "two\nlines"}, "INVALID_INPUT", "text"),
        ({"code": "x" * 11}, "INVALID_INPUT", "code"),
        ({"on": None}, "VALUE_REQUIRED", "on"),
        ({"contactNo": "NONE"}, "NOT_FOUND", "contactNo"),
        ({"contactNo": None}, "INVALID_INPUT", "contactNo"),
        ({"contactNo": None, "campaignNo": "NONE"}, "NOT_FOUND", "campaignNo"),
        ({"contactNo": None, "interactionEntryNo": 1}, "NOT_FOUND", "interactionEntryNo"),
        ({"interactionEntryNo": 1}, "INVALID_INPUT", "interactionEntryNo"),
    ):
        await refused(code, [field], "createComment", {**new, **values})
        await refused(code, [field], "updateComment", {**new, "place": 1, **values})
    await refused("NOT_FOUND", ["place"], "updateComment", {**new, "place": 2})
    await refused("NOT_FOUND", ["place"], "deleteComment", {"contactNo": "PIA", "place": 2})
    await refused("INVALID_INPUT", ["contactNo"], "deleteComment", {"place": 1})


async def test_8_a_comment_on_a_contact_is_a_change_of_the_contact(change: Change, given: Given) -> None:
    async def version() -> int:
        number: int = (await given.contact("PIA", "version"))["version"]
        return number

    before = await version()
    await change("createComment", {"contactNo": "PIA", "text": "Hello"})
    assert await version() == before + 1
    await change("updateComment", {"contactNo": "PIA", "place": 1, "text": "Hello"})
    assert await version() == before + 1
    await change("updateComment", {"contactNo": "PIA", "place": 1, "text": "Bye"})
    await change("deleteComment", {"contactNo": "PIA", "place": 1})
    assert await version() == before + 3
    assert (await given.contact("PIA", "modifiedAt"))["modifiedAt"] == "2026-11-23T12:00:00Z"
