"""The shapes of the SQL: an index can answer them, values are bound, and nothing exact is left to rule-engine."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

from server.clock import Moment
from server.rules import Bracket, compile_rule
from server.rules.language.check import check_language, type_of
from server.rules.language.totality import is_total
from tests.rules.people import VOCABULARY, person

_MOMENT = Moment(datetime(2026, 11, 23, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
_DIALECTS: dict[str, Any] = {
    "sqlite": SQLiteDialect(),
    "postgresql": PGDialect(paramstyle="qmark"),  # type: ignore[no-untyped-call]
}


def compiled(text: str, dialect: str = "sqlite") -> Bracket:
    return compile_rule(check_language(text, VOCABULARY), _MOMENT, dialect=dialect)


def sql(condition: Any, dialect: str = "sqlite") -> str:
    statement = select(person.c.id).where(condition)
    rendered = str(statement.compile(dialect=_DIALECTS[dialect], compile_kwargs={"render_postcompile": True}))
    return " ".join(rendered.split()).partition(" WHERE ")[2].replace("person.", "")


SQLITE = [
    ('country == "DE"', "country = ?"),
    ('country != "DE"', "country IS NULL OR country != ?"),
    ('not (country == "DE" or minor)', "(country IS NULL OR country != ?) AND minor = 0"),
    ("country == null", "country IS NULL"),
    ("country == language", "country IS language"),
    ("country != language", "country IS NOT language"),
    ("country == score", "0 = 1"),
    ("country == vip", "country IS NULL AND vip IS NULL"),
    ('country in ["DE", "FR", null]', "country IS NULL OR country IN (?, ?)"),
    ('country not in ["DE", null]', "country != ?"),
    ('(country ?? "X") == "X"', "country IS NULL OR country = ?"),
    ('(country ?? "X") != "X"', "country != ?"),
    ("(vip ?? false)", "vip = 1"),
    ("not vip", "vip IS NULL OR vip = 0"),
    ("score > 1.5", "score >= ?"),
    ("score == 1.5", "0 = 1"),
    ("score < 1e30", "1 = 1"),
    ('nick.starts_with("Mc")', "nick >= ? AND nick < ?"),
    ('not name.starts_with("Mc")', "name < ? OR name >= ?"),
    ('"a%" in name', "instr(name, ?) > ?"),
    ('name.ends_with("x")', "substr(name, ?) = ?"),
    ("name.length >= 3", "length(name) >= ?"),
    ('nick.as_lower == "x"', "unicode_lower(nick) = ?"),
    ('nick =~ "Mc"', "nick >= ? AND nick < ?"),
    ('nick =~ "M+"', "nick >= ? AND nick < ? AND regex_match(?, nick) = 1"),
    ("($now - created_at).days > 30", "created_at <= ?"),
    ('created_at >= $today - t"P30D"', "created_at >= ?"),
    ('(born_on ?? d"1900-01-01") > $now', "born_on > ?"),
    ('"A" in groups', "id IN (SELECT person_group.person_id FROM person_group WHERE person_group.code = ?)"),
    (
        '"A" not in groups',
        "NOT (EXISTS (SELECT 1 FROM person_group WHERE person_group.person_id = id AND person_group.code = ?))",
    ),
    (
        "$any([v.cost > 1 for v in visits if v.canceled])",
        "id IN (SELECT visit.person_id FROM visit WHERE visit.canceled = 1 AND visit.cost >= ?)",
    ),
    (
        "[v for v in visits].length >= 3",
        "id IN (SELECT visit.person_id FROM visit GROUP BY visit.person_id HAVING count(*) >= ?)",
    ),
    ("visits.is_empty", "NOT (EXISTS (SELECT 1 FROM visit WHERE visit.person_id = id))"),
    (
        'attributes.tier == "A"',
        (
            "id IN (SELECT person_attribute.person_id FROM person_attribute "
            "WHERE person_attribute.attribute_id = ? AND person_attribute.text_value = ?)"
        ),
    ),
    (
        "attributes.points == 10.5",
        (
            "NOT (EXISTS (SELECT 1 FROM person_attribute WHERE person_attribute.person_id = id "
            "AND person_attribute.attribute_id = ? AND person_attribute.number_value != ?))"
        ),
    ),
    ('region == "DE"', "region_id IN (SELECT region.id FROM region WHERE region.code = ?)"),
    ('region != "DE"', "region_id IS NULL OR (region_id NOT IN (SELECT region.id FROM region WHERE region.code = ?))"),
    ("true", "1 = 1"),
    ("score in [true, 2]", "score IN (?, ?)"),
]


@pytest.mark.parametrize(("text", "expected"), SQLITE, ids=[text for text, _ in SQLITE])
def test_sqlite_form(text: str, expected: str) -> None:
    bracket = compiled(text)

    assert (sql(bracket.sure), bracket.exact, bracket.residue) == (expected, True, ())
    assert sql(bracket.open) == "0 = 1"


POSTGRESQL = [
    ("minor", "minor"),
    ('not name.starts_with("")', "false"),
    ('nick.starts_with("\U0010ffff")', '(nick COLLATE "C") >= ?'),
    ('name > "M"', '(name COLLATE "C") > ?'),
    ('"a%" in name', "strpos(name, ?) > ?"),
    ('name.ends_with("x")', "right(name, ?) = ?"),
    (
        '"A" in groups',
        "EXISTS (SELECT 1 FROM person_group WHERE person_group.person_id = id AND person_group.code = ?)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), POSTGRESQL, ids=[text for text, _ in POSTGRESQL])
def test_postgresql_form(text: str, expected: str) -> None:
    bracket = compiled(text, "postgresql")

    assert sql(bracket.sure, "postgresql") == expected
    assert bracket.exact


def test_a_part_without_sql_form_narrows_to_the_rest() -> None:
    bracket = compiled('country == "DE" and name.to_int > 5')

    assert (sql(bracket.sure), sql(bracket.open), bracket.exact) == ("0 = 1", "country = ?", False)
    [residue] = bracket.residue
    assert (residue.place.word, residue.reason) == ("name.to_int > 5", "texts are read as numbers contact by contact")


REASONS = [
    ("$any([v for v in visits if v.cost > 3])", "a member itself is no condition of SQL"),
    ('groups == ["A"]', "lists are compared as wholes contact by contact"),
    ('minor > (name == "x")', "conditions are compared with each other contact by contact"),
    ('vip == (name == "x")', "conditions are compared with each other contact by contact"),
]


@pytest.mark.parametrize(("text", "reason"), REASONS, ids=[text for text, _ in REASONS])
def test_the_reason_is_true_and_says_what_to_ask_instead(text: str, reason: str) -> None:
    residue = compiled(text).residue[0]

    why, _, instead = residue.reason.partition("; ")
    assert (residue.place.word, why) == (text, reason)
    assert instead


def test_a_part_that_may_raise_is_asked_before_what_follows() -> None:
    assert sql(compiled('name.to_int > 2 and country == "DE"').open) == "1 = 1"
    assert sql(compiled('country == "DE" and name.to_int > 2').open) == "country = ?"
    either = compiled('country == "DE" or name.to_int > 2')
    assert sql(either.sure) == "country = ? AND coalesce(country IS NULL OR country != ?, 0) = 0"
    assert sql(either.err) == "country IS NULL OR country != ?"


CANNOT_RAISE = [
    "name.length / 2 > 5",
    "score // 3 == 1",
    "score % -7 == 1",
    "(score + balance) * 2 / 0.5 > 5",
    "(rating ?? 0) // 10 > 5",
    "(name.length * 2) % 3 == 0",
    "(minor ? score : balance) // 2 > 1",
    "-score // 1e-8 > 3",
    "balance.floor % 10 == 0",
    "$max([score, balance]) > 1",
    "$abs(score) > 1",
]
MAY_RAISE = [
    "score / 0 > 1",
    "score // 0 > 1",
    "score % 0 > 1",
    "1 / score > 1",
    "score / balance > 1",
    "score // 1e-9 > 3",
    "score % 1e-30 > 3",
    "score * score * score // 1 > 3",
    "$sum([v.cost for v in visits]) // 2 > 3",
    "$max([v.cost for v in visits]) > 3",
    "name.to_int / 2 > 3",
    "balance.to_int > 3",
]


@pytest.mark.parametrize("text", CANNOT_RAISE)
def test_what_cannot_raise_is_known(text: str) -> None:
    rule = check_language(text, VOCABULARY)

    assert is_total(rule.tree, lambda node: type_of(rule, node))


@pytest.mark.parametrize("text", MAY_RAISE)
def test_what_may_raise_is_known(text: str) -> None:
    rule = check_language(text, VOCABULARY)

    assert not is_total(rule.tree, lambda node: type_of(rule, node))


def test_a_constant_that_raises_raises_for_everyone() -> None:
    bracket = compiled('minor or $parse_float("x") > 1')

    assert (sql(bracket.must), sql(bracket.err)) == ("minor = 1", "minor = 0")


def test_a_day_counts_in_the_zone_of_the_moment() -> None:
    late = Moment(datetime(2026, 6, 14, 22, 30, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    rule = check_language("joined_on == $today", VOCABULARY)

    bracket = compile_rule(rule, late, dialect="sqlite")

    bound = bracket.sure.compile(dialect=_DIALECTS["sqlite"]).params.values()
    assert [str(day) for day in bound] == ["2026-06-14", "2026-06-15"]


def test_postgresql_narrows_a_regular_expression_by_what_it_begins_with() -> None:
    bracket = compiled('nick =~ "Mc[aD]"', "postgresql")

    assert sql(bracket.sure, "postgresql") == "false"
    assert sql(bracket.open, "postgresql").startswith('(nick COLLATE "C") >= ')
    assert [part.place.word for part in bracket.residue] == ['nick =~ "Mc[aD]"']
