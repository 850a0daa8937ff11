"""What the endpoint takes and how it answers: shapes of bodies, media types, methods, masked failures."""

import json
from typing import Any

import httpx2
import pytest

from server.app import create_app
from server.clock import Moment
from server.errors import ErrorCode
from server.settings import Settings
from tests.running_app import running

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
TYPENAME = b'{"query": "{ __typename }"}'

NOT_JSON_OBJECTS = {
    "empty": b"",
    "null": b"null",
    "number": b"1",
    "text": b'"{ __typename }"',
    "batch": b"[" + TYPENAME + b"]",
    "cut off": TYPENAME[:-1],
    "bad UTF-8": b'{"query": "{ __typename } #\xff"}',
    "UTF-16": TYPENAME.decode().encode("utf-16"),
    "100,000 open brackets": b"[" * 100_000,
    "100,000 nested arrays": b'{"query": "{ __typename }", "variables": {"a": '
    + b"[" * 100_000
    + b"]" * 100_000
    + b"}}",
    "100,000 nested objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "integer of 5,000 digits": b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 5_000 + b"}}",
    "NaN": b'{"query": "{ __typename }", "variables": {"a": NaN}}',
    "infinity": b'{"query": "{ __typename }", "variables": {"a": -Infinity}}',
    "query is a number": b'{"query": 1}',
    "no query": b"{}",
    "query is null": b'{"query": null}',
    "variables is a list": b'{"query": "{ __typename }", "variables": []}',
    "variables is text": b'{"query": "{ __typename }", "variables": "{}"}',
    "operationName is an object": b'{"query": "{ __typename }", "operationName": {}}',
    "extensions is text": b'{"query": "{ __typename }", "extensions": "x"}',
    "operation of no such name": b'{"query": "query A { __typename }", "operationName": "B"}',
    "subscription": b'{"query": "subscription { __typename }"}',
}


@pytest.mark.parametrize("body", NOT_JSON_OBJECTS.values(), ids=NOT_JSON_OBJECTS.keys())
async def test_wrong_shape_is_refused(http: httpx2.AsyncClient, body: bytes) -> None:
    response = await http.post("/graphql", content=body, headers={"content-type": JSON, "accept": GRAPHQL_RESPONSE})

    assert response.status_code == 400
    answer = response.json()
    assert list(answer) == ["errors"]
    assert answer["errors"][0]["message"]


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/jsonx",
        "application/json; charset=utf-16",
    ],
)
async def test_other_content_types_are_refused(http: httpx2.AsyncClient, content_type: str) -> None:
    response = await http.post("/graphql", content=TYPENAME, headers={"content-type": content_type})

    assert response.status_code == 415
    assert response.json()["errors"][0]["extensions"] == {"code": ErrorCode.BAD_REQUEST}


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", 'Application/JSON ;charset="UTF-8"'])
async def test_json_in_utf_8_is_read(http: httpx2.AsyncClient, content_type: str) -> None:
    response = await http.post("/graphql", content=TYPENAME, headers={"content-type": content_type})

    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", JSON),
        ("*/*", JSON),
        (JSON, JSON),
        ("application/json, multipart/mixed", JSON),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL_RESPONSE),
        ("application/json, application/graphql-response+json; q=0.5", JSON),
        ("application/graphql-response+json;q=0", JSON),
        ("application/graphql-response+json;q=nonsense", JSON),
    ],
)
async def test_media_type_is_the_one_the_client_reads_best(
    http: httpx2.AsyncClient, accept: str, media_type: str
) -> None:
    response = await http.post("/graphql", content=TYPENAME, headers={"content-type": JSON, "accept": accept})

    assert response.status_code == 200
    assert response.headers["content-type"] == media_type


@pytest.mark.parametrize(
    "request_body",
    [
        {"query": "{"},
        {"query": "{ noSuchField }"},
        {"query": "query($no: String!) { contact(no: $no) { no } }"},
        {"query": "{" * 5000},
    ],
    ids=["syntax", "validation", "missing variable", "deep document"],
)
@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (GRAPHQL_RESPONSE, 400)])
async def test_request_that_is_not_executed_has_no_data(
    http: httpx2.AsyncClient, request_body: dict[str, Any], accept: str, status: int
) -> None:
    response = await http.post("/graphql", json=request_body, headers={"accept": accept})

    assert response.status_code == status
    answer = response.json()
    assert "data" not in answer
    assert answer["errors"]


async def test_executed_request_with_an_error_keeps_its_data(http: httpx2.AsyncClient) -> None:
    query = "{ __typename segments(first: 100000) { nodes { no } } }"

    response = await http.post("/graphql", json={"query": query}, headers={"accept": GRAPHQL_RESPONSE})

    assert response.status_code == 200
    assert response.json()["data"] is None
    assert response.json()["errors"][0]["path"] == ["segments"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_other_methods_are_refused(http: httpx2.AsyncClient, method: str) -> None:
    response = await http.request(method, "/graphql")

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST"


async def test_operation_in_the_url_is_refused(http: httpx2.AsyncClient) -> None:
    response = await http.get(
        "/graphql", params={"query": 'mutation { deleteContact(input: {no: "X"}) { __typename } }'}
    )

    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert response.json()["errors"][0]["extensions"] == {"code": ErrorCode.BAD_REQUEST}


async def test_root_leads_to_graphql(http: httpx2.AsyncClient) -> None:
    response = await http.get("/")

    assert response.status_code == 307
    assert response.headers["location"] == "/graphql"


async def test_unknown_address_is_refused_in_json(http: httpx2.AsyncClient) -> None:
    response = await http.post("/graphq", content=TYPENAME)

    assert response.status_code == 404
    assert response.json()["errors"][0]["extensions"] == {"code": ErrorCode.NOT_FOUND}


async def test_no_answer_sets_a_cookie(http: httpx2.AsyncClient) -> None:
    answers = [await http.get("/graphql"), await http.post("/graphql", json=json.loads(TYPENAME))]

    assert ["set-cookie" in answer.headers for answer in answers] == [False, False]


async def test_failure_outside_of_graphql_is_masked(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    def broken_clock() -> Moment:
        message = "password=hunter2"
        raise RuntimeError(message)

    async with running(create_app(settings, clock=broken_clock)) as app:
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            response = await client.post("/graphql", json={"query": "{ __typename }"})

    assert response.status_code == 500
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == ErrorCode.INTERNAL
    assert "hunter2" not in response.text
    assert error["extensions"]["errorId"] in caplog.text
