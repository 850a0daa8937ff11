"""Numbers at the edges of what 64 bits, and 28 digits, hold: no overflow, no lost digit, on both databases."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import Connection

from server.rules import Evaluator, Verdict, compile_rule
from server.rules.language.check import check_language
from server.rules.sql.quotients import divide_in_halves
from tests.postgresql_cluster import Cluster
from tests.rules.moments import MOMENTS
from tests.rules.people import VOCABULARY, People, make_people, person, selected, stored, visit

_EDGE = Decimal(2**63 - 1)
_INTEGERS = (0, 1, -1, 3, 10**4, 2**31, 2**53 + 1, -(2**62), 2**63 - 1, -(2**63))
_AMOUNTS = tuple(
    Decimal(text)
    for text in ("0", "0.0001", "-0.0001", "1", "3", "-7.5", "922337203685477.5807", "-922337203685477.5808",
                 "461168601842738.7904", "99999999999.9999")
)  # fmt: skip
_WHOLE = [
    # decided by SQL alone, whatever the numbers
    "score > balance", "score == balance", "score != balance", "score <= balance", "balance + score > 10",
    "balance - score == 0", "balance + rating_or_zero >= 922337203685477.5807", "score + score > 9223372036854775807",
    "balance / 12 - score * 10 > 5000", "balance / 3 == score / 3", "balance / 3 > score / 7", "-score > balance",
    "$abs(score - balance) > 922337203685477.5807", "$max([score, balance]) == balance",
    "balance * 3 + score * 1000000 < 5", "(score + balance) * 0.5 > 1", "score % 2.5 == 1", "score % -3 == 1",
    "(minor ? score : balance) - balance > 0", "$sum([v.cost for v in visits]) + 0 > 922337203685477.5807",
    "$sum([v.cost for v in visits]) == 922337203685477.5807 * 3", "score // 3 * 3 == score",
    "$sum([score, 0]) != 9223372036854775808", "$sum([score, 0]) <= 9223372036854775808",
    "0 - $sum([score, 0]) >= 9223372036854775808", "9223372036854775808 - $sum([score, 0]) > 0",
    "balance % 9223372036854775808 == balance",
]  # fmt: skip
_RAISING = [
    # left open where the rule raises, and nowhere else
    "balance / score > 0.5", "score / balance > 0.5", "1 / (score + balance) > 0", "score / balance == balance / score",
    "balance.to_int > 3", "$max([v.cost for v in visits]) > balance", "$min([v.cost for v in visits]) <= score",
    "balance // score > -3",
]  # fmt: skip
_NEARLY = [
    # left open as well where a product or quotient is too large, or too close to equality
    "balance * score > 100", "score * score == 100000000", "balance * balance * balance < 1", "score // balance > 1",
    "balance % score == 0", "(score + balance).floor % 3 == 1",
]  # fmt: skip
_OFTEN_OPEN = [
    # left open as well where a single member is large, or where rounding decides
    "$sum([v.cost * v.duration for v in visits]) > 1", "$sum([v.cost - balance for v in visits]) > 0",
    "$sum([v.cost for v in visits]) > score", "balance / 3 * 3 + score == balance + score",
    "$sum([v.duration / 60 for v in visits]) > score",
]  # fmt: skip


def _people() -> People:
    model = make_people(1, seed=5)
    [row], told = model.rows[person], model.values[1]
    rows, visits, values = [], [], {}
    for number, (score, balance) in enumerate(product(_INTEGERS, _AMOUNTS), 1):
        own = {"id": number, "score": score, "balance": balance, "minor": number % 2 == 0}
        rows.append({**row, **own})
        made = [
            {**model.rows[visit][-1], "id": number * 10 + place, "person_id": number, "cost": cost}
            for place, cost in enumerate((_EDGE.scaleb(-4), balance, Decimal("0.5"), _EDGE.scaleb(-4))[: number % 5])
        ]
        visits += made
        values[number] = {
            **told, "score": Decimal(score), "balance": balance, "minor": own["minor"],
            "visits": tuple({**one, "region": None} for one in made),
        }  # fmt: skip
    return People({**model.rows, person: rows, visit: visits}, values)


_PEOPLE = _people()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    if request.param == "sqlite":
        file: Path = tmp_path_factory.mktemp("large") / "large.db"
        with stored(_PEOPLE, f"sqlite:///{file}") as connection:
            yield connection
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create_database()
    with stored(_PEOPLE, cluster.url(name)) as connection:
        yield connection
    cluster.drop_database(name)


def _asked(text: str, connection: Connection) -> tuple[set[int], set[int], dict[int, Verdict]]:
    rule = check_language(text.replace("rating_or_zero", "(rating ?? 0)"), VOCABULARY)
    bracket = compile_rule(rule, MOMENTS[0], dialect=connection.dialect.name)
    evaluator = Evaluator(rule, MOMENTS[0])
    verdicts = {number: evaluator.decide(values) for number, values in _PEOPLE.values.items()}
    return selected(connection, bracket.sure), selected(connection, bracket.open), verdicts


@pytest.mark.parametrize("text", [*_WHOLE, *_RAISING, *_NEARLY, *_OFTEN_OPEN])
def test_large_numbers_are_compared_exactly(text: str, database: Connection) -> None:
    sure, undecided, verdicts = _asked(text, database)

    true = {number for number, verdict in verdicts.items() if verdict is Verdict.TRUE}
    raising = {number for number, verdict in verdicts.items() if verdict is Verdict.UNDECIDED}
    assert sure <= true <= sure | undecided
    assert raising <= undecided
    if text in _WHOLE:
        assert not undecided
    elif text in _RAISING:
        assert undecided == raising
    elif text in _NEARLY:
        assert len(undecided - raising) < len(verdicts) / 2


def test_halves_are_divided_as_the_language_divides() -> None:
    for number, by in product((0, 1, 7, -7, 2**70 + 3, -(2**70) - 3), (1, -1, 2, -3, 2**40, 2**66 + 1)):
        halves = number >> 32, number & 0xFFFFFFFF, by >> 32, by & 0xFFFFFFFF
        quotient = abs(number) // abs(by) * (1 if (number < 0) == (by < 0) else -1)
        expected = {"//": quotient, "%": number - quotient * by, "floor": number // by, "ceiling": -(-number // by)}
        for operation, result in expected.items():
            fits = -(2**63) < result < 2**63
            assert divide_in_halves(operation, *halves) == (result if fits else None)
    assert divide_in_halves("//", 1, 2, 0, 0) is None
    assert divide_in_halves("%", None, None, 1, 1) is None
