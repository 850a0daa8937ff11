"""Where the data is: the one reading of ``Settings.database_url``."""

from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from server.errors import InvalidInputError

_FORMS = "sqlite:///FILE or postgresql://USER@HOST/NAME"


def database_address(database_url: str) -> URL:
    """Return the address without a driver.

    Raises: InvalidInputError for text that is no such address, and for SQLite databases in memory: every connection
    would see a database of its own; for PostgreSQL also when its driver is not installed.
    """
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError) as error:
        msg = f"The database address is not understood; write {_FORMS}."
        raise InvalidInputError(msg) from error
    backend = url.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        msg = f"Databases of the kind {backend!r} are not supported; write {_FORMS}."
        raise InvalidInputError(msg)
    if backend == "sqlite" and (url.database in {None, "", ":memory:"} or (url.database or "").startswith("file:")):
        msg = "A SQLite database needs a file, and its plain path: sqlite:///FILE. In memory nothing would be shared."
        raise InvalidInputError(msg)
    if backend == "postgresql" and find_spec("psycopg") is None:
        msg = "PostgreSQL needs a driver that is not installed; type: pip install 'tessera[postgresql]'"
        raise InvalidInputError(msg)
    return url.set(drivername=backend)


def sqlite_file(address: URL) -> Path | None:
    """Return the database's file, absolute; None when the address is not one of SQLite."""
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    return Path(address.database).absolute()
