"""Migration runs, without a configuration file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from server.errors import UnavailableError
from server.settings import Settings
from server.store.addresses import database_address, sqlite_file
from server.store.translation import translated_errors

Progress = Callable[[str], None]
"""Told what was done, one line per revision."""

_MIGRATION_LOCK = 0x7E55E2B
"""Key of the PostgreSQL advisory lock that makes migration runs take turns."""


def migrate(settings: Settings, *, progress: Progress | None = None) -> None:
    """Bring the database to the newest revision; a new SQLite file is created.

    Raises: BusyError when another process holds the database; UnavailableError when it cannot be reached or was made
    by a newer version of Tessera.
    """
    with connected(settings) as connection:
        run_migrations(connection, settings, progress=progress)


def pending(settings: Settings) -> bool:
    """Tell whether ``migrate`` has something to do; a missing or empty database needs everything.

    Raises: UnavailableError when the database cannot be reached or was made by a newer version of Tessera.
    """
    file = sqlite_file(database_address(settings.database_url))
    if file is not None and not file.exists():
        return True
    scripts = ScriptDirectory.from_config(alembic_config())
    with connected(settings, writes=False) as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
        _refuse_unknown(scripts, heads)
        return set(heads) != set(scripts.get_heads())


def run_migrations(
    connection: Connection,
    settings: Settings,
    *,
    target: str = "head",
    progress: Progress | None = None,
    config: Config | None = None,
) -> None:
    """Go to the revision ``target``, up or down, in one transaction on ``connection``."""
    config = config or alembic_config()
    scripts = ScriptDirectory.from_config(config)

    def steps(heads: Any, _: MigrationContext) -> Any:
        _refuse_unknown(scripts, heads)
        if target == "head" or not heads or _is_ahead(scripts, target, heads[0]):
            return scripts._upgrade_revs(target, heads)  # noqa: SLF001 - what alembic.command calls
        return scripts._downgrade_revs(target, heads)  # noqa: SLF001 - same

    config.attributes["connection"] = connection
    if progress:
        config.attributes["applied"] = _reporting(scripts, progress)
    with connection.begin():
        _take_turn(connection, settings)
        with EnvironmentContext(config, scripts, fn=steps):
            scripts.run_env()
        _check_references(connection)


def alembic_config() -> Config:
    """Return the configuration that names this package's scripts."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _reporting(scripts: ScriptDirectory, progress: Progress) -> Callable[..., None]:
    def applied(*, step: MigrationInfo, **_: Any) -> None:
        for script in scripts.get_revisions(step.up_revision_ids):
            progress(f"{script.revision} {script.doc}")

    return applied


def _is_ahead(scripts: ScriptDirectory, target: str, current: str) -> bool:
    return any(script.revision == current for script in scripts.iterate_revisions(target, "base"))


def _refuse_unknown(scripts: ScriptDirectory, heads: tuple[str, ...]) -> None:
    try:
        for head in heads:
            scripts.get_revision(head)
    except CommandError as error:
        msg = "The database was made by a newer version of Tessera; install that version or restore a backup."
        raise UnavailableError(msg) from error


def _take_turn(connection: Connection, settings: Settings) -> None:
    """Wait for other runs, as long as one may take; wait for the tables' other users as long as any change would."""
    if connection.dialect.name != "postgresql":
        return
    connection.execute(text(f"SET LOCAL lock_timeout = {int(settings.write_deadline * 1000)}"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    connection.execute(text(f"SET LOCAL lock_timeout = {int(settings.write_wait * 1000)}"))


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        msg = f"The migration would leave {len(broken)} rows that refer to nothing, the first in {broken[0][0]!r}."
        raise UnavailableError(msg)


@contextmanager
def connected(settings: Settings, *, writes: bool = True) -> Iterator[Connection]:
    """Yield the connection of one migration run; without ``writes`` it waits for nobody who writes."""
    engine = _engine(database_address(settings.database_url), settings, "BEGIN IMMEDIATE" if writes else "BEGIN")
    try:
        with translated_errors(settings.write_wait), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _engine(address: URL, settings: Settings, sqlite_begin: str) -> Engine:
    if address.get_backend_name() == "postgresql":
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={"options": "-c timezone=UTC -c statement_timeout=0"},
        )
    engine = create_engine(
        address.set(drivername="sqlite+pysqlite"),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"isolation_level": None, "timeout": settings.write_wait},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
                cursor.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(sqlite_begin)

    return engine
