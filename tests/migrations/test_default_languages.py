"""Revision 0004 on templates and segments that are there already: each has its default language as one of its own."""

from sqlalchemy import text

from server.migrations.runs import connected, run_migrations
from server.settings import Settings
from tests.migrations.test_search_email import old_settings as old_settings  # noqa: PLC0414 - a fixture


def test_default_languages_become_languages_of_templates_and_segments(old_settings: Settings) -> None:
    with connected(old_settings) as connection:
        run_migrations(connection, old_settings, target="0003")
        at = "0" if connection.dialect.name == "sqlite" else "'1970-01-01 00:00+00'"
        with connection.begin():
            for table, values in (
                ("interaction_template (code, language)", "('MAIL', 'DEU'), ('CALL', NULL)"),
                ("segment (id, no, created_at, modified_at)", f"(7, 'S7', {at}, {at})"),
                (
                    'segment_defaults (segment_id, defaults_no, language, subject, "on")',
                    "(7, 1, 'FRA', 'Bonjour', '2026-11-23'), (7, 2, NULL, 'Hello', '2026-11-23')",
                ),
            ):
                connection.execute(text(f"INSERT INTO {table} VALUES {values}"))

        run_migrations(connection, old_settings, target="0004")

        of_templates = connection.execute(text("SELECT template, language, subject FROM template_language"))
        assert [tuple(row) for row in of_templates] == [("MAIL", "DEU", "")]
        of_segments = connection.execute(
            text("SELECT segment_id, defaults_no, language, subject FROM segment_language")
        )
        assert [tuple(row) for row in of_segments] == [(7, 1, "FRA", "Bonjour")]
