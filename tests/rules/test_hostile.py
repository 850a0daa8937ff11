"""Whatever a rule says, it costs next to nothing and ends as a rule error or as a rule."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from server.clock import Moment
from server.rules import check_rule, compile_rule
from tests.postgresql_cluster import Cluster
from tests.rules.hostile_process import LOOP_SECONDS_MAX, MEMORY_MAX, SECONDS_MAX, Cost, HostileProcess, hostile_process
from tests.rules.hostile_texts import ACCEPTED, LONG_LOOPS, REFUSED, VALUE_RULES, VALUES
from tests.rules.people import VOCABULARY, make_people, stored
from tests.rules.people_tables import person


@pytest.fixture(scope="module")
def process() -> Iterator[HostileProcess]:
    with hostile_process() as process:
        yield process


def _assert_cheap(cost: Cost) -> None:
    seconds, stage = cost.worst
    assert seconds <= SECONDS_MAX, f"{stage}: {seconds:.3f} s"
    assert cost.memory <= MEMORY_MAX


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_hostile_text_is_refused_and_costs_little(process: HostileProcess, text: str) -> None:
    cost = process.take_in(text)

    assert cost.end == "refused"
    _assert_cheap(cost)


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_odd_but_lawful_text_costs_little_everywhere(process: HostileProcess, text: str) -> None:
    cost = process.take_in(text)

    assert cost.end == "rule"
    _assert_cheap(cost)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_hostile_values_cost_little(process: HostileProcess, value: str) -> None:
    for rule in VALUE_RULES.values():
        cost = process.take_in(rule, values={"name": value, "nick": value})

        assert cost.end == "rule", rule
        _assert_cheap(cost)


@pytest.mark.parametrize("rule", LONG_LOOPS.values(), ids=LONG_LOOPS)
def test_loops_over_many_members_end(process: HostileProcess, rule: str) -> None:
    cost = process.take_in(rule, visits=400, rounds=1, traced=False)

    assert cost.end == "rule"
    assert cost.worst[0] <= LOOP_SECONDS_MAX
    assert cost.memory <= MEMORY_MAX


def test_postgresql_takes_every_odd_but_lawful_text(cluster: Cluster, moment: Moment) -> None:
    name = cluster.create_database()
    with stored(make_people(5, seed=1), cluster.url(name)) as connection:
        for text in ACCEPTED.values():
            bracket = compile_rule(check_rule(text, VOCABULARY), moment, dialect="postgresql")
            sure = set(connection.scalars(select(person.c.id).where(bracket.sure)))
            undecided = set(connection.scalars(select(person.c.id).where(bracket.open)))
            assert not sure & undecided
    cluster.drop_database(name)
