"""What is computed from numbers, in SQL: a bare range where one number decides, and exact sides where several do."""

import pytest

from tests.rules.test_compiled_forms import compiled, sql

ONE_NUMBER = [
    ("balance * 2 + 1 > 10", "balance >= ?"),
    ("10 < balance * 2 + 1", "balance >= ?"),
    ("-balance >= 3", "balance <= ?"),
    ("balance / 3 == 1", "balance = ?"),
    ("balance / 3 == 0.1", "balance = ?"),
    ("score / 3 == 0.1", "0 = 1"),
    ("score // 10 == 2", "score BETWEEN ? AND ?"),
    ("score // 10 != 2", "score NOT BETWEEN ? AND ?"),
    ("not (score // 10 == 2)", "score NOT BETWEEN ? AND ?"),
    ("balance.floor == 3", "balance BETWEEN ? AND ?"),
    ("balance.ceiling <= 3", "balance <= ?"),
    ("$abs(balance - 5) > 2", "balance NOT BETWEEN ? AND ?"),
    ("$abs(balance) == 2", "balance = ? OR balance = ?"),
    ("$abs(balance) != 0", "balance != ?"),
    ("$abs(balance) >= 0", "1 = 1"),
    ("score + score / 2 > 4", "score >= ?"),
    ("balance - balance * 3 < 5", "balance >= ?"),
    ("score * 0 == 0", "1 = 1"),
    ("balance * 2", "balance != ?"),
    ("(rating ?? 0) * 2 > 5", "rating >= ?"),
    ("(rating ?? 1e30) * 2 > 5", "rating IS NULL OR rating >= ?"),
    ("(rating ?? score) > 5", "rating IS NULL AND score >= ? OR rating IS NOT NULL AND rating >= ?"),
    ("(minor ? score : balance) * 2 > 7", "minor = 1 AND score >= ? OR minor = 0 AND balance >= ?"),
    ("name.length * 2 > 5", "length(name) >= ?"),
    ("($now - created_at).days / 7 > 4", "created_at <= ?"),
    ("($now - created_at).total_seconds * 2 < 60", "created_at > ?"),
    ("created_at.year * 2 > 4000", "created_at >= ?"),
    ("score * 2 in [2, 4]", "score = ? OR score = ?"),
    (
        "visits.length - 1 >= 2",
        "id IN (SELECT visit.person_id FROM visit GROUP BY visit.person_id HAVING count(*) >= ?)",
    ),
    ("$sum([1 for v in visits]) == 0", "NOT (EXISTS (SELECT 1 FROM visit WHERE visit.person_id = id))"),
    ('score.to_str == "5"', "CAST(score AS VARCHAR) = ?"),
    ("not balance.is_nan", "1 = 1"),
]
SEVERAL_NUMBERS = [
    ("score % 7 == 1", "score % ? = ?"),
    ("score % 2.5 == 1", "((score % ?) * ?) % ? = ?"),
    ("balance == attributes.points", None),
    ("score == visit_count * 10", None),
    ("balance == score", "score = balance / ? AND balance % ? = ?"),
    ("score > balance", "score > balance / ? - CASE WHEN (balance % ? < ?) THEN ? ELSE ? END"),
    ("name.length > nick.length + 1", "length(name) > length(nick) + ?"),
    ("balance / 12 - score * 10 > 5000", None),
    ("score / 3 == balance / 3", None),
    ("[v for v in visits].length == name.length", None),
    ("$any([minor, score - balance])", None),
]
RAISING = [
    ("1 / score < 3", "score != ?", "score = ?"),
    ("not (1 / score < 3)", "0 = 1", "score = ?"),
    ("10 // (balance - 1) == 5", "balance BETWEEN ? AND ?", "balance = ?"),
    ("balance.to_int == 3", "balance = ? AND coalesce(balance % ? != ?, 0) = 0", "balance % ? != ?"),
    (
        "$max([v.cost for v in visits]) > 10",
        "id IN (SELECT visit.person_id FROM visit WHERE visit.cost >= ?)",
        "NOT (EXISTS (SELECT 1 FROM visit WHERE visit.person_id = id))",
    ),
    (
        "$min([v.cost for v in visits if v.canceled]) > 10",
        (
            "id IN (SELECT visit.person_id FROM visit WHERE visit.canceled = 1) AND NOT (EXISTS (SELECT 1 FROM visit "
            "WHERE visit.person_id = id AND visit.canceled = 1 AND visit.cost <= ?))"
        ),
        "NOT (EXISTS (SELECT 1 FROM visit WHERE visit.person_id = id AND visit.canceled = 1))",
    ),
]


@pytest.mark.parametrize(("text", "expected"), ONE_NUMBER, ids=[text for text, _ in ONE_NUMBER])
def test_one_number_is_asked_for_a_range(text: str, expected: str) -> None:
    bracket = compiled(f"({text} and true)")

    assert (sql(bracket.sure), bracket.exact, bracket.residue) == (expected, True, ())


@pytest.mark.parametrize(("text", "expected"), SEVERAL_NUMBERS, ids=[text for text, _ in SEVERAL_NUMBERS])
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_several_numbers_are_compared_exactly(text: str, expected: str | None, dialect: str) -> None:
    bracket = compiled(text, dialect)

    assert bracket.exact
    assert expected is None or dialect == "postgresql" or sql(bracket.sure) == expected


@pytest.mark.parametrize(("text", "sure", "open_"), RAISING, ids=[text for text, _, _ in RAISING])
def test_it_raises_where_it_raises_and_nowhere_else(text: str, sure: str, open_: str) -> None:
    bracket = compiled(text)

    assert (sql(bracket.sure), sql(bracket.open), sql(bracket.err)) == (sure, open_, open_)
    assert bracket.residue


def test_sums_of_large_numbers_have_a_second_branch() -> None:
    assert sql(compiled("balance + score > 10").sure).startswith(
        "CASE WHEN (balance BETWEEN ? AND ? AND score BETWEEN ? AND ?) THEN balance + score * ? > ? ELSE "
    )
    assert sql(compiled("balance + score > 10", "postgresql").sure, "postgresql") == (
        "CASE WHEN (balance BETWEEN ? AND ? AND score BETWEEN ? AND ?) THEN balance + score * ? > ? "
        "ELSE CAST(balance AS NUMERIC) + CAST(score AS NUMERIC) * ? > ? END"
    )


def test_products_of_columns_are_decided_where_they_are_not_too_close_to_equality() -> None:
    for dialect in ("sqlite", "postgresql"):
        bracket = compiled("balance * score > 100", dialect)
        assert sql(bracket.must, dialect).startswith("CASE WHEN (abs(CAST(balance AS DOUBLE")
        assert "THEN balance * score > ? ELSE" in sql(bracket.must, dialect)
        assert [part.reason for part in bracket.residue] == [
            "very large or rounded numbers are computed contact by contact"
        ]


def test_an_aggregate_of_nothing_but_outer_columns_stays_in_its_own_query() -> None:
    assert "sum(CASE WHEN (visit_1.person_id IS NOT NULL) THEN balance END)" in sql(
        compiled("$sum([balance for v in visits]) > score", "postgresql").sure, "postgresql"
    )
