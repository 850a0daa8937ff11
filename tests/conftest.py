"""Databases, clocks and a running server for every test; what a test needs it takes as an argument."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import httpx2
import pytest

from server.app import create_app
from server.clock import Clock, Moment
from server.migrations import migrate
from server.rules import sql_functions
from server.settings import Settings
from server.store.database import Database
from tests.postgresql_cluster import Cluster, find_binaries, running_cluster
from tests.running_app import running

for _name in [name for name in os.environ if name.startswith("TESSERA_")]:
    del os.environ[_name]  # a developer's own settings say nothing about the tests


class GraphQL(Protocol):
    """Post one GraphQL request to the server."""

    async def __call__(
        self, query: str, variables: dict[str, Any] | None = None, *, expect_errors: bool = False
    ) -> dict[str, Any]: ...


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    binaries = find_binaries()
    if binaries is None:
        reason = "no PostgreSQL binaries (initdb, postgres) on this machine: install PostgreSQL to run these tests"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with running_cluster(binaries) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    migrate(Settings(database_url=f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgresql_template(cluster: Cluster) -> str:
    """The name of a migrated, empty PostgreSQL database."""
    name = cluster.create_database()
    migrate(Settings(database_url=cluster.url(name)))
    return name


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The address of a migrated SQLite database of the test's own."""
    file = tmp_path / "tessera.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgresql_url(cluster: Cluster, postgresql_template: str) -> Iterator[str]:
    """The address of a migrated PostgreSQL database of the test's own."""
    name = cluster.create_database(postgresql_template)
    yield cluster.url(name)
    cluster.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated database of the test's own; the test runs once for each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url)


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings, functions=sql_functions())
    yield database
    await database.close()


@pytest.fixture
def moment() -> Moment:
    """A Monday, noon in UTC."""
    return Moment(now=datetime(2026, 11, 23, 12, tzinfo=UTC))


@pytest.fixture
def clock(moment: Moment) -> Clock:
    """A clock that stands."""
    return lambda: moment


@pytest.fixture
async def http(settings: Settings, clock: Clock) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the running server."""
    async with running(create_app(settings, clock=clock)) as app:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            yield client


@pytest.fixture
def graphql(http: httpx2.AsyncClient) -> GraphQL:
    """Post a request and return its data; with ``expect_errors`` the whole body, which then has errors."""

    async def post(
        query: str, variables: dict[str, Any] | None = None, *, expect_errors: bool = False
    ) -> dict[str, Any]:
        response = await http.post("/graphql", json={"query": query, "variables": variables or {}})
        body: dict[str, Any] = response.json()
        if expect_errors:
            assert body.get("errors"), body
            return body
        assert response.status_code == 200, body
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    return post
