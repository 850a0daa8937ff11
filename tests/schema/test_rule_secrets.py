"""What a rule says about a contact stays between the rule and whoever asked: no error, no log line repeats a value."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import GraphQL

SECRET = "Xq7Zw9"
"""Stands in the name, the e-mail address and an attribute of the only contact, and in no request but its creation."""

CREATE = """mutation ($input: CreateContactInput!) {
  createAttribute(input: {name: "code_word", type: TEXT}) { userErrors { message } }
  createContact(input: $input) { userErrors { message } } }"""
PREVIEW = """query ($rule: String!) { previewRule(rule: $rule) {
  count undecidedCount sample { no } undecided { no } residue { reason place { word } } } }"""
ADD = """mutation { createSegment(input: {no: "S"}) { userErrors { message } }
  addContactsToSegment(input: {segmentNo: "S", rule: "RULE"}) {
    linesAdded undecidedCount userErrors { code message suggestion place { word } } } }"""

RAISING = (
    "name.to_int > 3",
    "$parse_float(name) > 3",
    "$parse_datetime(email) > created_at",
    "$parse_timedelta(name) > $now - created_at",
    'name[99] == "a"',
    '(attributes.code_word ?? "")[99] == "a"',
    "1 / (name.length - 10) > 1",
    "$max([i.cost for i in interactions if i.description == name]) > 1",
)
"""Rules that fail for the contact."""

WRONG = ("name > 3", "name.as_lowr", "email + 1 == 2", "name in 5", 'country == "', "attributes.code_word > 1", "nam")


@pytest.fixture(autouse=True)
def _everything_is_logged() -> Iterator[None]:
    levels = {
        "": logging.INFO,
        "server": logging.DEBUG,
        "rule_engine": logging.DEBUG,
        "sqlalchemy.engine": logging.INFO,
    }
    before = {name: logging.getLogger(name).level for name in levels}
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


async def _created(graphql: GraphQL) -> None:
    values: dict[str, Any] = {"no": "C1", "type": "PERSON", "surname": f"{SECRET}-abc", "email": f"{SECRET}@a.test"}
    values["attributes"] = [{"name": "code_word", "textValue": SECRET}]
    data = await graphql(CREATE, {"input": values})
    assert all(not payload["userErrors"] for payload in data.values()), data


def _assert_secret(said: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    logged = "\n".join(f"{record.getMessage()} {record.exc_info} {record.exc_text}" for record in caplog.records)
    for text in (json.dumps(said), caplog.text, logged, *capfd.readouterr()):
        assert SECRET.lower() not in text.lower()


@pytest.mark.parametrize("rule", RAISING)
async def test_a_rule_that_fails_tells_for_whom_and_not_why(
    graphql: GraphQL, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], rule: str
) -> None:
    await _created(graphql)

    preview = (await graphql(PREVIEW, {"rule": rule}))["previewRule"]
    added = await graphql(ADD.replace("RULE", rule.replace('"', '\\"')))

    assert (preview["count"], preview["undecidedCount"], preview["undecided"]) == (0, 1, [{"no": "C1"}])
    assert added["addContactsToSegment"]["undecidedCount"] == 1
    assert caplog.records, "nothing was logged, so this proves nothing"
    _assert_secret([preview, added], caplog, capfd)


@pytest.mark.parametrize("rule", WRONG)
async def test_a_wrong_rule_is_told_without_looking_at_anybody(
    graphql: GraphQL, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], rule: str
) -> None:
    await _created(graphql)

    refused = await graphql(PREVIEW, {"rule": rule}, expect_errors=True)

    assert refused["errors"][0]["extensions"]["code"].startswith("RULE_")
    _assert_secret(refused, caplog, capfd)
