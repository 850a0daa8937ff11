"""HTTP does not depend on the kind of database: these tests run on SQLite alone."""

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url
