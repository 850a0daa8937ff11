"""Who acts: the header Tessera-User, else the setting, else anonymous."""

import httpx2
import pytest

from server.app import create_app
from server.clock import Clock
from server.errors import ErrorCode
from server.settings import Settings
from tests.running_app import running

VIEWER = {"query": "{ viewer { name } }"}


def test_the_setting_is_a_name() -> None:
    assert Settings(user=" ann ").user == "ann"
    for wrong in ("a" * 51, "Zoë", "a\tb", " "):
        with pytest.raises(ValueError, match="printable ASCII"):
            Settings(user=wrong)


async def test_the_setting_counts_where_a_request_does_not_say(sqlite_url: str, clock: Clock) -> None:
    async with running(create_app(Settings(database_url=sqlite_url, user="ann"), clock=clock)) as app:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            answers = [
                (await client.post("/graphql", json=VIEWER, headers=headers)).json()
                for headers in ({}, {"tessera-user": "  "}, {"tessera-user": "bob"})
            ]
    assert [answer["data"]["viewer"]["name"] for answer in answers] == ["ann", "ann", "bob"]


@pytest.mark.parametrize(
    "claims",
    [[b"a" * 51], ["Zoë".encode()], [b"Zo\xeb"], [b"a\tb"], [b"ann", b"bob"]],
    ids=["51 characters", "UTF-8", "Latin-1", "tab", "two"],
)
async def test_what_can_be_no_name_is_refused(http: httpx2.AsyncClient, claims: list[bytes]) -> None:
    response = await http.post("/graphql", json=VIEWER, headers=[(b"Tessera-User", claim) for claim in claims])

    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": ErrorCode.BAD_REQUEST}
    assert "Tessera-User" in error["message"]


async def test_a_name_of_50_characters_is_taken(http: httpx2.AsyncClient) -> None:
    response = await http.post("/graphql", json=VIEWER, headers={"tessera-user": "a" * 50})

    assert response.json() == {"data": {"viewer": {"name": "a" * 50}}}
