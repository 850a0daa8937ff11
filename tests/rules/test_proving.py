"""That the proof notices a wrong answer, and tells it so that a person understands it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.rules.asked import MismatchError
from tests.rules.comparing import World, compare
from tests.rules.moments import MOMENTS
from tests.rules.people import make_people, stored
from tests.rules.shrinking import shrunk
from tests.rules.tally import Tally, gaps, table


@pytest.fixture
def lying(tmp_path: Path) -> Iterator[World]:
    """Ten people, of whom the database knows the seventh by another name."""
    people = make_people(10, seed=1)
    with stored(people, f"sqlite:///{tmp_path / 'people.db'}") as connection:
        people.values[7]["name"] = "somebody else"
        yield World(people, {"sqlite": connection})


def test_a_wrong_answer_is_told_with_rule_moment_person_and_statement(lying: World) -> None:
    with pytest.raises(MismatchError) as caught:
        compare('name == "somebody else"', MOMENTS[1], lying, Tally())
    told = caught.value.told
    assert caught.value.number == 7
    for part in (
        'name == "somebody else"',
        "Europe/Berlin",
        "person    7",
        "TRUE",
        "ruled out",
        "person.name = 'somebody",
    ):
        assert part in told


def test_a_statement_that_breaks_is_a_wrong_answer(lying: World) -> None:
    lying.connections["sqlite"].exec_driver_sql("DROP TABLE person_group")
    with pytest.raises(MismatchError, match="the statement fails"):
        compare('"A" in groups', MOMENTS[0], lying, Tally())


def test_the_rule_of_a_wrong_answer_is_made_short(lying: World) -> None:
    wrong = 'name == "somebody else"'
    text = f"(minor or ($any([v.cost > 1 for v in visits if not v.canceled]) ? ({wrong} and true) : {wrong}))"
    with pytest.raises(MismatchError) as caught:
        compare(text, MOMENTS[0], lying, Tally())
    found = shrunk(caught.value, partial(compare, moment=MOMENTS[0], world=lying, tally=Tally()))
    assert found.rule == wrong


def test_what_was_compared_is_counted_with_what_sql_decided(lying: World) -> None:
    tally = Tally()
    compare("score / 3 > 1", MOMENTS[0], lying, tally)
    compare("name.to_flt > 1", MOMENTS[0], lying, tally)
    assert (tally.rules, tally.pairs, tally.compared["sqlite"]) == (2, 20, 20)
    assert tally.in_sql["sqlite: family number / constant"] == 1
    assert tally.seen["family text.to_flt"] == 1
    assert not tally.in_sql["sqlite: family text.to_flt"]
    assert "number / constant" in table(tally, ["sqlite"])


def test_what_was_not_reached_or_not_decided_is_a_gap() -> None:
    tally = Tally(rules=2)
    tally.seen.update(["node Order", "family date.year", "family text.to_flt"])
    tally.in_sql.update(["sqlite: node Order", "sqlite: family text.to_flt"])
    required = ["node Order", "family date.year", "family text.to_flt", "node Match"]
    found = gaps(tally, ["sqlite"], required, {"sqlite": frozenset({"family text.to_flt"})})
    assert {
        "never reached: node Match",
        "never decided by sqlite: family date.year",
        "decided by sqlite although it is listed as left open: family text.to_flt",
        "verdict never seen: UNDECIDED",
    } <= set(found)
    assert not any("node Order" in gap for gap in found)
