import sys
from pathlib import Path

import pytest

from server.errors import InvalidInputError
from server.settings import Settings
from server.store.addresses import database_address, sqlite_file
from server.store.database import Database


def test_a_file() -> None:
    address = database_address("sqlite:////var/lib/tessera.db")

    assert sqlite_file(address) == Path("/var/lib/tessera.db")


def test_a_relative_file_becomes_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    assert sqlite_file(database_address("sqlite:///tessera.db")) == tmp_path / "tessera.db"


@pytest.mark.parametrize("url", ["postgresql://anna@db/crm", "postgresql+psycopg://anna@db/crm"])
def test_a_postgresql_database_is_no_file(url: str) -> None:
    address = database_address(url)

    assert address.render_as_string() == "postgresql://anna@db/crm"
    assert sqlite_file(address) is None


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:a?mode=memory&uri=true"]
)
def test_databases_in_memory_are_refused(url: str) -> None:
    with pytest.raises(InvalidInputError, match="needs a file"):
        Database(Settings(database_url=url))


@pytest.mark.parametrize("url", ["mysql://anna@db/crm", "oracle://db"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(InvalidInputError, match="not supported"):
        database_address(url)


@pytest.mark.parametrize("url", ["", "tessera.db", "postgresql://db:port/crm"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidInputError, match="sqlite:///FILE or postgresql://USER@HOST/NAME"):
        database_address(url)


class NothingInstalled:
    """A finder of modules that finds none."""

    def find_spec(self, *_: object) -> None:
        return None


def test_postgresql_without_its_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "psycopg", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NothingInstalled()])

    with pytest.raises(InvalidInputError, match=r"pip install 'tessera\[postgresql\]'"):
        database_address("postgresql://anna@db/crm")
