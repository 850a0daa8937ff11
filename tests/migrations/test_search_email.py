"""Revision 0003 on contacts that are there already: their e-mail addresses are folded as Python folds."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from server.migrations.runs import connected, run_migrations
from server.settings import Settings
from tests.postgresql_cluster import Cluster

ADDRESSES = (
    "", "ann@example.com", "ANN@Example.COM", "Stra\xdfe@example.com", "\u0130@x.test", "\u0391\u03a3@x.test",
    "\u212a@x.test", "a@b.test;C@D.test",
)  # fmt: skip
MANY = 10_100
"""More than are folded in Python at a time."""


@pytest.fixture(params=["sqlite", "postgresql"])
def old_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """The settings of a database in which nothing is yet."""
    if request.param == "sqlite":
        return Settings(database_url=f"sqlite:///{tmp_path}/old.db")
    cluster: Cluster = request.getfixturevalue("cluster")
    return Settings(database_url=cluster.url(cluster.create_database()))


def insert_contacts(connection: Connection, addresses: list[str]) -> None:
    at = 0 if connection.dialect.name == "sqlite" else "1970-01-01 00:00+00"
    rows = [{"no": f"C{number}", "email": address, "at": at} for number, address in enumerate(addresses)]
    statement = (
        "INSERT INTO contact (no, type, email, created_at, modified_at) VALUES (:no, 'COMPANY', :email, :at, :at)"
    )
    with connection.begin():
        connection.execute(text(statement), rows)


def test_addresses_that_are_there_are_folded(old_settings: Settings) -> None:
    addresses = [*ADDRESSES, *(f"\xc4{number}@X.test" for number in range(MANY))]
    with connected(old_settings) as connection:
        run_migrations(connection, old_settings, target="0002")
        insert_contacts(connection, addresses)

        run_migrations(connection, old_settings, target="0003")

        found = connection.execute(text("SELECT email, search_email FROM contact ORDER BY id")).all()
        assert [row.email for row in found] == addresses
        assert [row.search_email for row in found] == [address.casefold() for address in addresses]
        indexes = {tuple(index["column_names"]) for index in inspect(connection).get_indexes("contact")}
        assert ("search_email",) in indexes
        assert ("email",) not in indexes


def test_the_way_back_keeps_the_addresses(old_settings: Settings) -> None:
    with connected(old_settings) as connection:
        run_migrations(connection, old_settings, target="0003")
        insert_contacts(connection, list(ADDRESSES))

        run_migrations(connection, old_settings, target="0002")

        kept = connection.execute(text("SELECT email FROM contact ORDER BY id")).scalars().all()
        assert list(kept) == list(ADDRESSES)
        connection.rollback()
        indexes = {tuple(index["column_names"]) for index in inspect(connection).get_indexes("contact")}
        assert ("email",) in indexes
        assert "search_email" not in {column["name"] for column in inspect(connection).get_columns("contact")}
