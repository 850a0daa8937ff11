import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from server.errors import BusyError, UnavailableError
from server.migrations import migrate, pending
from server.migrations.runs import alembic_config, connected, run_migrations
from server.settings import Settings
from server.store.tables import metadata
from tests.postgresql_cluster import Cluster

REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]

ROWS = (
    "INSERT INTO salesperson (code) VALUES ('ANNA')",
    "INSERT INTO mailing_group (code) VALUES ('NEWS')",
    "INSERT INTO contact (no, type, created_at, modified_at) VALUES ('C', 'COMPANY', :at, :at)",
    "UPDATE contact SET company_id = id, salesperson = 'ANNA'",
    "INSERT INTO contact_mailing_group (contact_id, code) SELECT id, 'NEWS' FROM contact",
    "INSERT INTO segment (no, created_at, modified_at) VALUES ('SM1', :at, :at)",
    "INSERT INTO segment_line (segment_id, line_no, contact_id, origin, added, defaults_no) VALUES (1, 10, 1, 1, 1, 1)",
)
"""Rows that refer to each other, in tables of the first revision."""

REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{after}"
branch_labels = None
depends_on = None


def upgrade() -> None:
{upgrade}


def downgrade() -> None:
    pass
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """The settings of a database in which nothing is yet."""
    if request.param == "sqlite":
        return Settings(database_url=f"sqlite:///{tmp_path}/new.db", write_wait=0.3)
    cluster: Cluster = request.getfixturevalue("cluster")
    return Settings(database_url=cluster.url(cluster.create_database()), write_wait=0.3)


def test_a_new_database_gets_every_revision_once(empty_settings: Settings) -> None:
    told: list[str] = []
    assert pending(empty_settings)

    migrate(empty_settings, progress=told.append)

    assert [line.split()[0] for line in told] == REVISIONS
    assert not pending(empty_settings)
    migrate(empty_settings, progress=told.append)
    assert len(told) == len(REVISIONS)


def test_asking_makes_no_file(tmp_path: Path) -> None:
    assert pending(Settings(database_url=f"sqlite:///{tmp_path}/new.db"))

    assert list(tmp_path.iterdir()) == []


def test_the_revisions_make_the_tables_that_the_code_knows(settings: Settings) -> None:
    with connected(settings) as connection:
        # Alembic does not recognise every default of SQLite; the next test compares the text there.
        options = {"compare_type": True, "compare_server_default": connection.dialect.name == "postgresql"}
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, metadata) == []


def test_sqlite_stores_the_same_text_as_for_the_tables_themselves(sqlite_url: str, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/metadata.db")
    metadata.create_all(engine)
    with engine.connect() as connection:
        expected = schema_text(connection)
    engine.dispose()

    with connected(Settings(database_url=sqlite_url)) as connection:
        found = schema_text(connection)

    del found["alembic_version"]
    assert found == expected
    assert len(expected) > 40


def test_tables_with_keys_of_their_own_have_no_hidden_rowid(sqlite_url: str) -> None:
    with connected(Settings(database_url=sqlite_url)) as connection:
        tables = schema_text(connection)

    without = {name for name, sql in tables.items() if "WITHOUT ROWID" in sql}
    assert {"segment_line", "segment_defaults", "segment_revision", "segment_line_override"} <= without
    assert {"contact_mailing_group", "contact_attribute"} <= without


def test_postgresql_leaves_room_for_removing_lines_in_place(postgresql_url: str) -> None:
    with connected(Settings(database_url=postgresql_url)) as connection:
        options = connection.execute(text("SELECT reloptions FROM pg_class WHERE relname = 'segment_line'")).scalar()
        indexes = inspect(connection).get_indexes("segment_line")

    assert options == ["fillfactor=45"]
    assert [index["column_names"] for index in indexes] == [["contact_id", "segment_id"]]


def test_postgresql_compares_every_text_by_code_point(postgresql_url: str) -> None:
    other = text(
        "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'"
    )
    with connected(Settings(database_url=postgresql_url)) as connection:
        assert connection.execute(other).scalars().all() == ["alembic_version.version_num"]


def test_number_series(settings: Settings) -> None:
    series = text("SELECT code, prefix, digits, last_number FROM number_series WHERE manual_allowed ORDER BY code")
    with connected(settings) as connection:
        assert connection.execute(series).all() == [
            ("CAMPAIGN", "CP", 4, 0),
            ("CONTACT", "CT", 6, 0),
            ("SEGMENT", "SM", 5, 0),
        ]


@pytest.mark.parametrize(
    ("condition", "plan"),
    [
        ("segment_id = 1 AND contact_id = 2", "ix_segment_line_contact_id_segment_id (contact_id=? AND segment_id=?)"),
        ("contact_id = 2", "ix_segment_line_contact_id_segment_id (contact_id=?)"),
        ("segment_id = 1 ORDER BY line_no", "PRIMARY KEY (segment_id=?)"),
        ("segment_id = 1 AND line_no > 20 ORDER BY line_no", "PRIMARY KEY (segment_id=? AND line_no>?)"),
    ],
)
def test_sqlite_plans_lines_well_from_the_first_row_on(sqlite_url: str, condition: str, plan: str) -> None:
    with connected(Settings(database_url=sqlite_url)) as connection:
        steps = connection.execute(text(f"EXPLAIN QUERY PLAN SELECT * FROM segment_line WHERE {condition}")).all()

    assert [step.detail.split(" USING ")[1].removeprefix("INDEX ") for step in steps] == [plan]


def test_every_revision_goes_up_down_and_up_with_data(empty_settings: Settings) -> None:
    with connected(empty_settings) as connection:
        for revision in REVISIONS:
            run_migrations(connection, empty_settings, target=revision)
            fill(connection)
            before = contents(connection)
            below = REVISIONS[REVISIONS.index(revision) - 1] if revision != REVISIONS[0] else "base"

            run_migrations(connection, empty_settings, target=below)
            run_migrations(connection, empty_settings, target=revision)

            after = contents(connection)
            assert after.keys() == before.keys()
            if below != "base":
                assert after == before
            else:
                fill(connection)


def test_a_failed_migration_leaves_the_schema_as_it_was(settings: Settings, tmp_path: Path) -> None:
    upgrade = """
    op.create_table("extra", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("contact", sa.Column("fax", sa.String(30), server_default="", nullable=False))
    op.execute("UPDATE number_series SET last_number = 99")
    op.execute("SELECT * FROM no_such_table")"""
    config = config_with(tmp_path, upgrade)
    with connected(settings) as connection:
        before = (description(connection), contents(connection))
    with pytest.raises(DBAPIError, match="no_such_table"), connected(settings) as connection:
        run_migrations(connection, settings, config=config)

    with connected(settings) as connection:
        assert (description(connection), contents(connection)) == before
    assert not pending(settings)


def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(settings: Settings, tmp_path: Path) -> None:
    """On SQLite the table is copied and dropped; with foreign keys on, every contact's codes would go with it."""
    upgrade = """
    with op.batch_alter_table("contact", recreate="auto") as contact:
        contact.alter_column("name", type_=sa.String(200), existing_server_default="", existing_nullable=False)"""
    with connected(settings) as connection:
        fill(connection)
        before = contents(connection)

        run_migrations(connection, settings, config=config_with(tmp_path, upgrade))

        assert contents(connection) == before | {"alembic_version": [("9999",)]}


def test_a_migration_that_would_break_references_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    settings = Settings(database_url=sqlite_url)
    config = config_with(tmp_path, '\n    op.execute("DELETE FROM mailing_group")')
    with connected(settings) as connection:
        fill(connection)
    with pytest.raises(UnavailableError, match="refer to nothing"), connected(settings) as connection:
        run_migrations(connection, settings, config=config)

    with connected(settings) as connection:
        assert contents(connection)["mailing_group"] == [("NEWS", "")]
        assert contents(connection)["alembic_version"] == [(REVISIONS[-1],)]


def test_a_database_of_a_newer_version_is_left_alone(settings: Settings) -> None:
    with connected(settings) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = 'future'"))

    with pytest.raises(UnavailableError, match="newer version"):
        pending(settings)
    with pytest.raises(UnavailableError, match="newer version"):
        migrate(settings)


def test_asking_waits_for_nobody(settings: Settings) -> None:
    with connected(settings) as holder, holder.begin():
        holder.execute(text("UPDATE number_series SET last_number = 1"))

        assert not pending(settings)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear Sir or Madam, " * 100)

    with pytest.raises(UnavailableError):
        pending(Settings(database_url=f"sqlite:///{file}"))


def test_two_runs_at_the_same_time_take_turns(empty_settings: Settings) -> None:
    settings = empty_settings.model_copy(update={"write_wait": 10.0})
    told: list[str] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            migrate(settings, progress=told.append)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failures.append(error)

    runs = [threading.Thread(target=run) for _ in range(3)]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join()

    assert failures == []
    assert [line.split()[0] for line in told] == REVISIONS


def test_a_database_in_use_is_not_waited_for_without_end(settings: Settings, tmp_path: Path) -> None:
    impatient = settings.model_copy(update={"write_wait": 0.2})
    config = config_with(tmp_path, '\n    op.drop_column("contact", "initials")')
    with connected(settings) as holder, holder.begin():
        holder.execute(text("UPDATE number_series SET last_number = 1"))
        holder.execute(text("SELECT * FROM contact"))
        started = time.monotonic()
        with pytest.raises(BusyError), connected(impatient) as connection:
            run_migrations(connection, impatient, config=config)

    assert time.monotonic() - started < 2


def test_a_database_that_cannot_be_reached(tmp_path: Path) -> None:
    for url in ("postgresql://tests@127.0.0.1:9/none", f"sqlite:///{tmp_path}/none/new.db"):
        with pytest.raises(UnavailableError):
            migrate(Settings(database_url=url))


def test_sqlite_keeps_write_ahead_logging(sqlite_template: Path) -> None:
    connection = sqlite3.connect(sqlite_template)

    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def config_with(folder: Path, upgrade: str) -> Config:
    """Return the configuration of a history with one more revision."""
    versions = folder / "versions"
    versions.mkdir()
    (versions / "9999_next.py").write_text(REVISION.format(after=REVISIONS[-1], upgrade=upgrade))
    config = alembic_config()
    ours = Path(config.get_main_option("script_location") or "") / "versions"
    config.set_main_option("version_locations", f"{ours}:{versions}")
    return config


def schema_text(connection: Connection) -> dict[str, list[str]]:
    """Return the parts of the statements that SQLite keeps, by name, each table's constraints after its columns."""
    rows = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    )
    return {name: in_order(sql) for name, sql in rows}


def in_order(sql: str) -> list[str]:
    """Return what stands between the commas of a statement: columns as they come, then constraints by name.

    A column that ``ALTER TABLE`` added stands behind the constraints.
    """
    head, _, body = sql.partition("(")
    parts, depth = [""], 0
    for character in body:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    parts[-1], _, tail = parts[-1].rpartition(")")
    words = [" ".join(part.split()) for part in parts]
    constraints = sorted(part for part in words if part.startswith("CONSTRAINT "))
    return [head.strip(), *(part for part in words if part not in constraints), *constraints, tail.strip()]


def description(connection: Connection) -> list[Any]:
    """Return every table's columns, as the database describes them."""
    inspector = inspect(connection)
    return [
        (table, [(column["name"], str(column["type"])) for column in inspector.get_columns(table)])
        for table in sorted(inspector.get_table_names())
    ]


def contents(connection: Connection) -> dict[str, list[Any]]:
    """Return every table's rows."""
    found = {
        table: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{table}" ORDER BY 1'))]
        for table in sorted(inspect(connection).get_table_names())
    }
    connection.rollback()
    return found


def fill(connection: Connection) -> None:
    """Put rows that refer to each other into the first tables, unless they are there."""
    with connection.begin():
        if connection.execute(text("SELECT count(*) FROM contact")).scalar():
            return
        at = 0 if connection.dialect.name == "sqlite" else "1970-01-01 00:00+00"
        for statement in ROWS:
            connection.execute(text(statement), {"at": at} if ":at" in statement else {})
