"""The tour of GraphiQL and of the README, from the first tab to the last, on demo data."""

import json
from typing import Any

from server.clock import Moment
from server.jobs.demo import create_demo
from server.store.database import Database
from server.web.graphiql import examples
from tests.conftest import GraphQL

CONTACTS = 2_000
"""What ``tessera serve --demo`` creates."""


async def test_every_step_does_what_its_comment_says(database: Database, graphql: GraphQL, moment: Moment) -> None:
    await create_demo(database, contacts=CONTACTS, moment=moment)

    answers: dict[str, Any] = {}
    for step in examples():
        data = await graphql(step.query, json.loads(step.variables or "{}"))
        (answers[step.name[3:]],) = data.values()

    assert [name for name, answer in answers.items() if isinstance(answer, dict) and answer.get("userErrors")] == []
    assert answers["contacts"]["totalCount"] == CONTACTS
    assert "attributes.tier" in [symbol["name"] for symbol in answers["rule-symbols"]]
    assert answers["check-rule"]["problems"][0]["suggestion"] == "country"
    assert answers["preview-rule"]["count"] > len(answers["preview-rule"]["sample"]) == 5

    added, reduced, refined = (answers[name] for name in ("add-contacts", "reduce-segment", "refine-segment"))
    assert added["linesAdded"] == added["segment"]["lineCount"] == answers["segment"]["memberCount"] > 100
    assert reduced["segment"]["lineCount"] == added["segment"]["lineCount"] - reduced["linesRemoved"] > 100
    assert refined["segment"]["lineCount"] == reduced["segment"]["lineCount"] - refined["linesRemoved"] > 50
    assert reduced["linesRemoved"] > 0
    assert refined["linesRemoved"] > 0
    assert answers["undo"]["segment"]["lineCount"] == reduced["segment"]["lineCount"]
    assert answers["redo"]["segment"]["lineCount"] == refined["segment"]["lineCount"]

    logged = answers["log-segment"]
    assert logged["interactionsLogged"] == logged["followUpSegment"]["lineCount"] == refined["segment"]["lineCount"]
    (newest,) = answers["interactions"]["nodes"]
    assert (newest["segmentNo"], newest["interactionCount"]) == ("TOUR", logged["interactionsLogged"])
    assert len(newest["interactions"]["nodes"]) == 10
    follow_up = answers["campaign"]["segments"]["nodes"]
    assert [segment["no"] for segment in follow_up] == [logged["followUpSegment"]["no"]]
    assert answers["campaign"]["statistics"]["contacted"] > logged["interactionsLogged"]
    assert answers["build-rule"] == 'country in ["DE", "FR"] and interaction_count >= $least'
    explained = answers["explain-rule"]
    assert (explained["outcome"], explained["nodes"][0]["outcome"]) == ("FALSE", "FALSE")
    assert explained["needs"][-1].endswith("needs at least 200")
