"""Bodies over the cap are refused before they are held; nothing a client sends makes the server fail."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from server.errors import ErrorCode
from server.web.body_guard import BodyGuard
from tests.running_app import Message

CAP = 1_048_576


async def test_body_of_exactly_the_cap_is_read(http: httpx2.AsyncClient) -> None:
    body = b'{"query": "{ __typename }"' + b" " * (CAP - 27) + b"}"

    response = await http.post("/graphql", content=body, headers={"content-type": "application/json"})

    assert len(body) == CAP
    assert response.status_code == 200
    assert response.json() == {"data": {"__typename": "Query"}}


async def test_declared_body_over_the_cap_is_refused(http: httpx2.AsyncClient) -> None:
    response = await http.post("/graphql", content=b" " * (CAP + 1), headers={"content-type": "application/json"})

    assert response.status_code == 413
    assert response.json() == {
        "errors": [
            {
                "message": f"The request body is larger than {CAP} bytes.",
                "extensions": {"code": ErrorCode.BODY_TOO_LARGE},
            }
        ]
    }


async def test_streamed_body_over_the_cap_is_refused(http: httpx2.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 65_536

    response = await http.post("/graphql", content=endless(), headers={"content-type": "application/json"})

    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"]["code"] == ErrorCode.BODY_TOO_LARGE


@pytest.mark.parametrize("declared", [b"99999999999999999999999999", b"9" * 5000], ids=["26 digits", "5000 digits"])
async def test_absurd_declared_length_is_refused_without_reading(declared: bytes) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        pytest.fail("the body was read")

    async def send(message: Message) -> None:
        sent.append(message)

    async def never(_scope: object, _receive: object, _send: object) -> None:
        pytest.fail("the request went through")

    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": [(b"content-length", declared)]}
    await BodyGuard(never, bytes_max=CAP)(scope, receive, send)

    assert sent[0]["status"] == 413
