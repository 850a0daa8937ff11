"""The proof of all back ends: written and random rules over hostile people, held against rule-engine, row by row.

The random rules are the same in every run, so the suite never fails by chance; that every kind of node is reached, the
written rules see to. ``make prove`` draws other rules, many more of them, and compares them over other people.
"""

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from server.clock import Moment
from server.errors import RuleError
from server.rules import compile_rule
from server.rules.language.check import check_language
from tests.postgresql_cluster import Cluster
from tests.rules.comparing import World, compare
from tests.rules.moments import MOMENTS
from tests.rules.people import VOCABULARY, People, make_people, selected, stored, visit
from tests.rules.reached import FAMILIES, LEFT_OPEN, NODES
from tests.rules.rule_texts import rules
from tests.rules.tally import Tally, gaps, table
from tests.rules.written_rules import written

_SMOKE = 150
_RULES = int(os.environ.get("RULES_TO_PROVE", str(_SMOKE)))
_PEOPLE = make_people(count=130, seed=20261123)
_DATABASES = ("sqlite", "postgresql C", "postgresql ICU")


@pytest.fixture(scope="module")
def sqlite_people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    file: Path = tmp_path_factory.mktemp("people") / "people.db"
    with stored(_PEOPLE, f"sqlite:///{file}") as connection:
        yield connection


def _postgresql_people(cluster: Cluster, collation: str) -> Iterator[Connection]:
    if collation not in cluster.collations():
        reason = f"this PostgreSQL cannot sort by {collation}: older than 15, or built without ICU"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    name = cluster.create_database(collation=collation)
    with stored(_PEOPLE, cluster.url(name)) as connection:
        yield connection
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def sorted_by_code_point(cluster: Cluster) -> Iterator[Connection]:
    yield from _postgresql_people(cluster, "C")


@pytest.fixture(scope="module")
def sorted_by_icu(cluster: Cluster) -> Iterator[Connection]:
    yield from _postgresql_people(cluster, "ICU")


@pytest.fixture(params=_DATABASES)
def world(request: pytest.FixtureRequest) -> World:
    """One database with the people; with SQLite, what answers for one contact is compared, too."""
    fixtures = dict(zip(_DATABASES, ("sqlite_people", "sorted_by_code_point", "sorted_by_icu"), strict=True))
    connection: Connection = request.getfixturevalue(fixtures[request.param])
    return World(_PEOPLE, {request.param: connection}, alone=request.param == "sqlite")


def test_written_rules_reach_every_family_and_are_answered_as_rule_engine_does(world: World) -> None:
    tally = Tally()
    for text, moment in written(moments=2 if _RULES > _SMOKE else 1):
        compare(text, moment, world, tally)
    assert not gaps(tally, world.connections, [*NODES, *FAMILIES], LEFT_OPEN), table(tally, world.connections)
    assert not {what for what in tally.seen if what not in {*NODES, *FAMILIES}}, "reached, and not in the list"


def test_random_rules_are_answered_as_rule_engine_does(world: World) -> None:
    tally = Tally()

    @settings(
        max_examples=_RULES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(text=rules(), moment=st.sampled_from(MOMENTS))
    def run(text: str, moment: Moment) -> None:
        try:
            compare(text, moment, world, tally)
        except RuleError:
            tally.refused += 1

    run()
    told = table(tally, world.connections)
    assert tally.rules > 0.7 * _RULES, told
    assert sum(bool(tally.seen[family]) for family in FAMILIES) > 0.5 * len(FAMILIES), told
    assert sum(bool(tally.seen[node]) for node in NODES) > 0.8 * len(NODES), told


def test_a_sum_beyond_64_bits_is_compared_all_the_same(tmp_path: Path, cluster: Cluster) -> None:
    people = make_people(1, seed=3)
    visits = people.rows[visit]
    largest = Decimal(2**63 - 1).scaleb(-4)
    rows = [{**visits[-1], "id": number, "person_id": 1, "cost": largest} for number in range(1, 41)]
    many = People({**people.rows, visit: rows}, people.values)
    total = largest * len(rows)
    name = cluster.create_database()
    for url in (f"sqlite:///{tmp_path / 'sums.db'}", cluster.url(name)):
        with stored(many, url) as connection:
            dialect = connection.dialect.name
            for sign, expected in (("==", {1}), (">", set()), ("<=", {1}), ("!=", set()), (">=", {1}), ("<", set())):
                rule = check_language(f"$sum([v.cost for v in visits]) {sign} {total}", VOCABULARY)
                bracket = compile_rule(rule, MOMENTS[0], dialect=dialect)
                assert (selected(connection, bracket.sure), bracket.exact) == (expected, True), (dialect, sign)
    cluster.drop_database(name)
