"""The two databases of the rule benchmark: made, filled and asked through their plain drivers."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, Select, create_engine, event

from benchmarks.rule_data import fill
from server.migrations import migrate
from server.rules import sql_functions
from server.settings import Settings
from server.store.addresses import database_address
from tests.postgresql_cluster import find_binaries, running_cluster

Rows = list[tuple[Any, ...]]

_POSTGRESQL = {
    "fsync": "off",
    "jit": "off",
    "maintenance_work_mem": "512MB",
    "max_parallel_workers_per_gather": "0",  # SQLite has one thread; one query, one core
    "max_wal_size": "8GB",
    "shared_buffers": "1GB",
    "synchronous_commit": "on",  # else the vacuum comes too early to mark pages as visible to all
    "work_mem": "64MB",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as its driver wants it: the text, and parameters by place (SQLite) or by name (PostgreSQL)."""

    text: str
    parameters: Sequence[Any] | Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A filled database.

    Attributes:
        url: its address, as Tessera's settings want it.
        filled: seconds that it took to fill.
        run: executes one statement on the driver's own connection and fetches every row.
        compiled: what SQLAlchemy sends to the driver for a statement.
    """

    dialect: str
    url: str
    filled: float
    run: Callable[[Statement], Rows]
    compiled: Callable[[Select[Any]], Statement]


@contextmanager
def sqlite_database(path: Path, contacts: int) -> Iterator[Asked]:
    """Yield the SQLite file, filled unless it is there."""
    url = f"sqlite:///{path}"
    filled = 0.0
    if not path.exists():
        migrate(Settings(database_url=url))
        with _sqlite(path, "journal_mode=OFF", "synchronous=OFF", "cache_size=-524288") as connection:
            begun = perf_counter()
            fill(connection.execute, "sqlite", contacts)
            filled = perf_counter() - begun
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", lambda connection, _: _add_functions(connection))
    with _sqlite(path, "journal_mode=WAL", "query_only=ON", "cache_size=-65536") as connection:

        def run(statement: Statement) -> Rows:
            parameters = statement.parameters or ()
            return connection.execute(statement.text, tuple(parameters)).fetchall()

        yield Asked("sqlite", url, filled, run, _sent_by(engine))
    engine.dispose()


@contextmanager
def _sqlite(path: Path, *pragmas: str) -> Iterator[sqlite3.Connection]:
    """Yield a connection that reads as the server's do."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        _add_functions(connection)
        for pragma in (*pragmas, "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        yield connection
    finally:
        connection.close()


def _add_functions(connection: Any) -> None:
    for name, (arguments, function) in sql_functions().items():
        connection.create_function(name, arguments, function, deterministic=True)


@contextmanager
def postgresql_database(contacts: int, **settings: str) -> Iterator[Asked]:
    """Yield a database in a cluster of its own, which goes when the block ends.

    Args:
        contacts: how many.
        settings: of the cluster, before our own.

    Raises: RuntimeError when PostgreSQL is not installed.
    """
    binaries = find_binaries()
    if binaries is None:
        msg = "PostgreSQL (initdb, postgres) is not installed on this machine"
        raise RuntimeError(msg)
    with running_cluster(binaries, **(_POSTGRESQL | settings)) as cluster:
        url = cluster.url(cluster.create_database())
        migrate(Settings(database_url=url))
        with psycopg.connect(url, autocommit=True) as connection:
            begun = perf_counter()
            fill(lambda statement: connection.execute(statement.encode()), "postgresql", contacts)
            filled = perf_counter() - begun

            def run(statement: Statement) -> Rows:
                return connection.execute(statement.text.encode(), statement.parameters).fetchall()

            address = database_address(url).set(drivername="postgresql+psycopg")
            engine = create_engine(address)
            yield Asked("postgresql", url, filled, run, _sent_by(engine))
            engine.dispose()


def _sent_by(engine: Engine) -> Callable[[Select[Any]], Statement]:
    """Return what tells the text and parameters that SQLAlchemy hands to the driver, by listening once."""
    heard: list[Statement] = []

    @event.listens_for(engine, "before_cursor_execute")
    def listen(_: Connection, __: Any, text: str, parameters: Any, *___: Any) -> None:
        heard.append(Statement(text, parameters))

    def compiled(select: Select[Any]) -> Statement:
        with engine.connect() as connection:
            connection.execute(select)
        return heard[-1]

    return compiled
