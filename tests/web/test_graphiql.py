"""The page for exploring: it opens on the tour, and what it loads from elsewhere is pinned by its hash."""

import json
import re

import httpx2
import pytest
from graphql import OperationDefinitionNode, parse

from server.web.graphiql import Example, examples

STEPS = examples()


async def page(http: httpx2.AsyncClient) -> str:
    response = await http.get("/graphql", headers={"accept": "text/html"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


async def test_tabs_are_the_steps_of_the_tour(http: httpx2.AsyncClient) -> None:
    found = re.search(r'<script type="application/json" id="tour">(.*?)</script>', await page(http), re.DOTALL)

    assert found
    tabs = json.loads(found.group(1))
    assert [(tab["query"], tab.get("variables")) for tab in tabs] == [(step.query, step.variables) for step in STEPS]
    assert len(tabs) >= 10


async def test_everything_from_elsewhere_is_pinned(http: httpx2.AsyncClient) -> None:
    elements = re.findall(r"<(?:script|link)\b[^>]*https://[^>]*>", await page(http))

    assert len(elements) == 6
    assert [element for element in elements if 'integrity="sha384-' not in element] == []
    assert [element for element in elements if 'crossorigin="anonymous"' not in element] == []


async def test_page_may_not_be_framed(http: httpx2.AsyncClient) -> None:
    response = await http.get("/graphql")

    assert response.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("step", STEPS, ids=[step.name for step in STEPS])
def test_a_step_is_one_named_operation(step: Example) -> None:
    (operation,) = parse(step.query).definitions

    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name, "the name is the title of its tab"
    assert step.query.startswith("# "), "the first line says what the step shows"
    assert {variable.variable.name.value for variable in operation.variable_definitions or ()} == set(
        json.loads(step.variables or "{}")
    )
