"""The SQL of questions about texts and dates: what an index can answer, and what is left to rule-engine."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from server.clock import Moment
from server.rules import Bracket, compile_rule
from server.rules.language.check import check_language
from tests.rules.people import VOCABULARY, person

DIALECTS: dict[str, Any] = {
    "sqlite": SQLiteDialect(),
    "postgresql": PGDialect(paramstyle="qmark"),  # type: ignore[no-untyped-call]
}
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def compiled(text: str, dialect: str, zone: str = "UTC") -> Bracket:
    return compile_rule(check_language(text, VOCABULARY), Moment(NOW, ZoneInfo(zone)), dialect=dialect)


def sql(condition: Any, dialect: str) -> str:
    statement = select(person.c.id).where(condition)
    rendered = str(statement.compile(dialect=DIALECTS[dialect], compile_kwargs={"render_postcompile": True}))
    where = " ".join(rendered.split()).partition(" WHERE ")[2]
    return where.replace("person.", "").replace(' COLLATE "C"', "")


def bound(condition: Any, dialect: str) -> list[Any]:
    return list(select(person.c.id).where(condition).compile(dialect=DIALECTS[dialect]).params.values())


SQLITE = [
    ('name == "Mc"', "search_name = ? AND name = ?"),
    ('name != "Mc"', "name != ?"),
    ('name in ["Mc", "Md"]', "search_name IN (?, ?) AND name IN (?, ?)"),
    ('name.starts_with("Mc")', "search_name >= ? AND search_name < ? AND name >= ? AND name < ?"),
    ('not name.starts_with("Mc")', "name < ? OR name >= ?"),
    ('name.as_lower == "mc"', "search_name = ? AND unicode_lower(name) = ?"),
    ('name.as_upper == "MC"', "search_name = ? AND unicode_upper(name) = ?"),
    ('name.as_upper == "I"', "search_name IN (?, ?) AND unicode_upper(name) = ?"),
    ('name.as_lower.as_upper == "MC"', "unicode_upper(unicode_lower(name)) = ?"),
    ('name =~ "Mc.*"', "search_name >= ? AND search_name < ? AND name >= ? AND name < ?"),
    ('name[0:2] == "Mc"', "search_name >= ? AND search_name < ? AND name >= ? AND name < ?"),
    ('name[0:2] == "M"', "search_name = ? AND name = ?"),
    ('name[0:2] == "McD"', "0 = 1"),
    ('nick =~ ".*@example\\\\.com$"', "substr(nick, ?) = ? AND instr(nick, ?) = ?"),
    ('nick =~ "[0-9]+@example\\\\.com$"', "substr(nick, ?) = ? AND regex_match(?, nick) = 1"),
    ("nick in name", "instr(name, nick) > ?"),
    ('name + " " + nick == "a b"', "(name || ? || nick) = ?"),
    ("name.to_ary.length == 2", "length(name) = ?"),
    ("created_at.year == 2025", "created_at >= ? AND created_at < ?"),
    ("created_at.year > 2025", "created_at >= ?"),
    ("joined_on.year <= 2025", "joined_on <= ?"),
    ("created_at.date == $today", "created_at >= ? AND created_at < ?"),
    ("joined_on.date == $today", "joined_on > ? AND joined_on <= ?"),
    ("created_at.to_epoch >= 1", "created_at >= ?"),
    ("created_at.hour == 9", "((created_at - ?) / ?) % ? = ?"),
    ("joined_on.month in [1, 2]", "CAST(strftime(?, joined_on) AS INTEGER) IN (?, ?)"),
    ("created_at > joined_on", "created_at > CAST(strftime(?, joined_on) AS BIGINT) * ? - ?"),
    ("(created_at - $now).total_seconds > 0.5", "created_at >= ?"),
]


@pytest.mark.parametrize(("text", "expected"), SQLITE, ids=[text for text, _ in SQLITE])
def test_sqlite_form(text: str, expected: str) -> None:
    bracket = compiled(text, "sqlite")

    assert (sql(bracket.sure, "sqlite"), bracket.exact) == (expected, True)


_RANGES = "(search_name) >= ? AND (search_name) < ? AND (upper(name)) >= ? AND (upper(name)) < ?"
POSTGRESQL = [
    ('name.as_lower == "mc"', "search_name = ? AND lower(name) = ?"),
    ('name.as_lower == "kim"', "search_name = ? AND lower(translate(replace(name, ?, ?), ?, ?)) = ?"),
    ('nick.as_lower == "zo\xeb"', "lower(translate(nick, ?, ?)) = ?"),
    ('nick.as_lower == "Mc"', "false"),
    ('name.as_upper.starts_with("MC")', _RANGES),
    ('nick =~ ".*@example\\\\.com$"', "right(nick, ?) = ? AND strpos(nick, ?) = ?"),
    ("created_at.hour == 9", "CAST(floor(EXTRACT(hour FROM timezone('UTC', created_at))) AS BIGINT) = ?"),
    ("joined_on.month == 2", "CAST(EXTRACT(month FROM joined_on) AS BIGINT) = ?"),
    ("created_at.year == 2025", "created_at >= ? AND created_at < ?"),
    (
        "(created_at - joined_on).days >= 30",
        "timezone('UTC', created_at) - (CAST(joined_on AS TIMESTAMP WITHOUT TIME ZONE) - ?) >= ?",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), POSTGRESQL, ids=[text for text, _ in POSTGRESQL])
def test_postgresql_form(text: str, expected: str) -> None:
    bracket = compiled(text, "postgresql")

    assert (sql(bracket.sure, "postgresql"), bracket.exact) == (expected, True)


def test_postgresql_asks_rule_engine_only_where_a_sigma_may_end_a_word() -> None:
    bracket = compiled('name.as_lower == "\u03b1\u03c2"', "postgresql")

    assert not bracket.exact
    assert sql(bracket.open, "postgresql").startswith(
        "search_name = ? AND (lower(translate(name, ?, ?)) = ? OR strpos("
    )


def test_postgresql_narrows_an_expression_by_all_its_literals() -> None:
    bracket = compiled('nick =~ "Mc[0-9]+a\\\\.b.+z$"', "postgresql")

    assert sql(bracket.open, "postgresql") == (
        "(nick) >= ? AND (nick) < ? AND strpos(nick, ?) > ? AND right(nick, ?) = ?"
    )  # fmt: skip
    assert "a.b" in bound(bracket.open, "postgresql")


def test_one_character_raises_where_the_text_is_too_short() -> None:
    bracket = compiled('nick[-2] == "a"', "sqlite")

    assert sql(bracket.err, "sqlite") == "length(nick) < ?"
    assert bound(bracket.err, "sqlite") == [2]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_year_begins_with_the_zone(dialect: str) -> None:
    for zone, hour in (("Europe/Berlin", 23), ("America/New_York", 5)):
        year = compiled("created_at.year >= 2026", dialect, zone).sure
        [start] = bound(year, dialect)
        assert start == datetime(2025, 12, 31, 23, tzinfo=UTC) if hour == 23 else datetime(2026, 1, 1, 5, tzinfo=UTC)


def test_the_clocks_of_a_zone_stand_in_a_statement_once() -> None:
    rule = " or ".join(f"created_at.hour == {hour}" for hour in range(12))

    texts = [
        value
        for value in bound(compiled(rule, "postgresql", "Europe/Berlin").sure, "postgresql")
        if isinstance(value, str)
    ]

    assert len(texts) == 2
    assert sum(map(len, texts)) < 40_000


def test_what_stands_for_null_is_not_looked_for_among_the_casefolded_values() -> None:
    symbol = replace(VOCABULARY.symbols["name"], nullable=True)
    vocabulary = replace(VOCABULARY, symbols={**VOCABULARY.symbols, "name": symbol})
    moment = Moment(NOW, ZoneInfo("UTC"))

    def written(text: str) -> str:
        return sql(compile_rule(check_language(text, vocabulary), moment, dialect="sqlite").sure, "sqlite")

    assert written('(name ?? "x") == "x"') == "name IS NULL OR name = ?"
    assert written('(name ?? "x") == "y"') == "search_name = ? AND name = ?"
    assert written('name not in ["x", null]') == "name != ?"
