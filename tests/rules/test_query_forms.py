"""The forms that questions about children take in SQL: which of them is quick depends on what stands beside."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from server.clock import Moment
from server.rules import Bracket, Evaluator, Verdict, check_rule, compile_rule
from tests.rules.people import VOCABULARY, make_people, selected, stored
from tests.rules.people_tables import person

PEOPLE = make_people(60, seed=4)
CHILDREN = (
    '"A" in groups',
    "$any([v.canceled for v in visits])",
    "[v for v in visits if v.cost > 0].length >= 2",
    "$sum([v.cost for v in visits if not v.canceled]) > 1",
    "(attributes.quota ?? 0) > 10",
    "not groups.is_empty",
)
FOUND_BY_INDEX = ('country == "DE"', '"DE" == country', 'nick.starts_with("M")', "score in [0, 1, 2]")


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with stored(PEOPLE, "sqlite://") as connection:
        yield connection


def _compiled(text: str, moment: Moment) -> tuple[Bracket, str]:
    bracket = compile_rule(check_rule(text, VOCABULARY), moment, dialect="sqlite")
    dialect = SQLiteDialect_pysqlite()
    return bracket, str(select(person.c.id).where(bracket.sure).compile(dialect=dialect))


def _expected(text: str, moment: Moment) -> set[int]:
    evaluator = Evaluator(check_rule(text, VOCABULARY), moment)
    return {number for number, values in PEOPLE.values.items() if evaluator.decide(values) is Verdict.TRUE}


@pytest.mark.parametrize("child", CHILDREN)
def test_alone_the_owners_are_collected_once(connection: Connection, moment: Moment, child: str) -> None:
    for text in (child, f"{child} and not minor", f"country == language and {child}", f'{child} or country == "DE"'):
        bracket, sql = _compiled(text, moment)
        assert "IN (SELECT" in sql
        assert selected(connection, bracket.sure) == _expected(text, moment)


@pytest.mark.parametrize("child", CHILDREN)
@pytest.mark.parametrize("test", FOUND_BY_INDEX)
def test_beside_what_an_index_finds_each_row_is_asked(
    connection: Connection, moment: Moment, test: str, child: str
) -> None:
    for text in (f"{test} and {child}", f"{child} and vip == true and {test}", f"{test} and (minor or {child})"):
        bracket, sql = _compiled(text, moment)
        assert "IN (SELECT" not in sql
        assert selected(connection, bracket.sure) == _expected(text, moment)


def test_a_sum_is_written_so_that_sqlite_sees_that_it_is_the_same(moment: Moment) -> None:
    _, sql = _compiled("$sum([v.cost for v in visits]) == 123456789", moment)

    sums = [part.split(")")[0] for part in sql.split("sum(")[1:]]
    assert len(sums) > len(set(sums)) == 2
    assert not any("?" in part for part in sums)


@pytest.mark.parametrize("levels", range(1, 39))
def test_nothing_is_nested_too_deeply_for_the_parser(connection: Connection, moment: Moment, levels: int) -> None:
    rules = [
        "name" + ".as_lower.as_upper" * (levels // 2) + ' == "A"',
        "minor and (vip == true or " * (levels // 2) + 'name == "a"' + ")" * (levels // 2),
        "minor ? " * (levels - 1) + "vip == true" + " : minor" * (levels - 1),
    ]
    for text in rules:
        bracket, _ = _compiled(text, moment)
        found = selected(connection, bracket.sure)
        assert found <= _expected(text, moment) <= found | selected(connection, bracket.open)


def test_what_is_nested_too_deeply_says_so(moment: Moment) -> None:
    bracket, _ = _compiled("name" + ".as_lower.as_upper" * 18 + ' == "a"', moment)

    assert [residue.reason for residue in bracket.residue] == ["its parts are nested too deeply for SQL"]
