"""The proof of the compiler: random rules over hostile people, the SQL bracket against rule-engine, row by row."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from server.clock import Moment
from server.errors import RuleError
from server.rules import CheckedRule, Evaluator, Verdict, compile_rule, tree
from server.rules.check import check_language
from tests.postgresql_cluster import Cluster
from tests.rules.people import VOCABULARY, People, make_people, selected, stored, visit
from tests.rules.rule_texts import rules

_RULES = int(os.environ.get("RULES_TO_PROVE", "300"))
_PEOPLE = make_people(count=90, seed=20261123)
_MOMENTS = [
    Moment(datetime.fromisoformat(now), ZoneInfo(zone))
    for now, zone in (
        ("2026-06-15T10:00:00+00:00", "UTC"),
        ("2026-06-15T10:00:00+00:00", "Europe/Berlin"),
        ("2025-10-26T01:30:00+00:00", "Europe/Berlin"),
        ("2018-11-04T12:00:00+00:00", "America/Sao_Paulo"),
        ("2011-12-31T12:00:00+00:00", "Pacific/Apia"),
    )
]
_NODES = (
    tree.Constant, tree.DateConstant, tree.ListOf, tree.SetOf, tree.MappingOf, tree.Name, tree.Builtin, tree.Attribute,
    tree.Item, tree.Slice, tree.Call, tree.Not, tree.Minus, tree.Logic, tree.Equality, tree.Order, tree.Arithmetic,
    tree.Match, tree.Contains, tree.Coalesce, tree.Ternary, tree.Comprehension,
)  # fmt: skip

_WRITTEN = (
    # node kinds that random rules reach too seldom
    'name[0] == "M"', 'name[1:2] == "c"', '{"a": 1}&[name] == 1', "score in {1, 2, 3}", "-score < 1 and score > 0",
    # what a hasty translation gets wrong
    "country == language", "country != language", "not (country == language)", "not name", "(name and true)",
    "not region", '"MC" in name', '"a%b" in name', '"a_b" not in name', 'name.starts_with("mc")',
    'name.starts_with("a_")', 'name.ends_with("%b")',
    "name == 3", "name != true", "score == \"3\"", 'name.starts_with("\ud7ff")', '(country ?? "X").is_empty',
    '(country ?? "ab").length == 2', '(country ?? "AB").as_lower == "ab"', "balance.to_int > 0 and minor",
    "name.to_int > 0 and minor", "balance > -0.00005", "balance < -0.00005", "balance >= 0.00005",
    "balance <= -0.00005", "(rating ?? 0) < 0.1000000000000000000001", "($now - created_at).days > 30",
    "($now - created_at).days <= 30", "($now - created_at).days < 0.5", "($now - joined_on).days == 0",
    "(created_at - $now).days >= -30", 'name.as_lower == "straße"', 'name.as_upper == "STRASSE"', 'name =~ "a"',
    'name =~~ "a$"', 'name !~ "b"', 'country not in ["DE", null]', 'region != "DE"', "minor in [0]", "score in [true]",
    'name > "a"', 'name < "Z"', 'name >= nick', "attributes.points > 10", "not attributes.member",
    "attributes.since < $today", "joined_on < $now", "joined_on == $today", "joined_on <= created_at",
    "attributes.since > joined_on", "joined_on == born_on", "$any([v.on >= joined_on for v in visits])",
    "created_at + t\"P30D\" < $now", "score == balance", "score < balance", 'country == score', "country == vip",
    'name =~ "M.*" ? minor : not vip', "1 / score > 0 ? minor : vip", "minor and 1 / score > 0",
    "minor or 1 / score > 0", "not minor and not (1 / score > 0 and vip)",
    "(rating ?? 9007199254740993) not in [9007199254740993]", "(rating ?? 1e30) not in [1e30, 1e29]",
    "score / 3 > 1 and minor", "score // 0.0001 > 1 or vip", "score % 1e-30 > 1 or vip", "balance % -7 < 0 and minor",
    "score * score // 3 > 5 or minor", "(score - balance) % 2.5 == 0 or minor", "score // 0 > 1 or minor",
    "score * score * score // 1e30 > 5 or minor", "-score // 1e-8 == 3 or vip", "-score // 1e-9 == 3 or vip",
    # loops
    "$any([v.cost > score for v in visits if v.on > joined_on])", "$all([v.cost > 1 for v in visits])",
    "$sum([v.cost for v in visits]) < 1000000", "$sum([v.cost for v in visits]) == 0",
    "$sum([v.cost for v in visits]) >= 0.00005", "$sum([v.duration for v in visits if not v.canceled]) != 10",
    "$sum([v.grade for v in visits]) < 3", "$any([v.cost > visit_count for v in visits])",
    "(last_visit_on ?? d\"1900-01-01\") < $now", "last_visit_on == null", "last_visit_on != d\"2026-06-15\"",
    "$any([v.on == last_visit_on for v in visits])", "visit_count == visits.length",
    "[v for v in visits if v.cost > 1].length <= 1", "[v for v in visits if v.cost > 1].length == 0",
    "[v for v in visits if 1 / v.cost > 0].length < 2", "[1 / v.cost for v in visits].length < 2",
    "$any([1 / v.cost > 0 for v in visits])", "[v for v in visits if v.cost * 2 > 3].length < 2",
    "$any([$any([v.cost > 3 for v in visits if v.canceled]) for v in visits if not v.canceled])",
    "$any([[v for v in visits if v.cost > 1].length == 2 for v in visits])",
    '"A" not in trades', '"A" in trades', "trades.length == 0", "country in groups", 'country not in trades',
    '$parse_float("x").to_str in groups', "[g for g in groups].is_empty",
    '"A" in [v.template for v in visits]', "[g for g in trades].length < 2", "$any([name == null for name in groups])",
)  # fmt: skip


@dataclass
class Tally:
    """What a run compared."""

    rules: int = 0
    refused: int = 0
    pairs: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    nodes: Counter[type] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def sqlite_people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    file: Path = tmp_path_factory.mktemp("people") / "people.db"
    with stored(_PEOPLE, f"sqlite:///{file}") as connection:
        yield connection


@pytest.fixture(scope="module")
def postgresql_people(cluster: Cluster) -> Iterator[Connection]:
    name = cluster.create_database()
    with stored(_PEOPLE, cluster.url(name)) as connection:
        yield connection
    cluster.drop_database(name)


def compare(rule: CheckedRule, moment: Moment, connection: Connection, people: People, tally: Tally) -> None:
    """Compare one rule on all people; an assertion names the person."""
    dialect = connection.dialect.name
    bracket = compile_rule(rule, moment, dialect=dialect)
    sure, undecided = selected(connection, bracket.sure), selected(connection, bracket.open)
    evaluator = Evaluator(rule, moment)
    verdicts = {number: evaluator.decide(values) for number, values in people.values.items()}
    said = f"{dialect} {moment.now} {moment.zone}: {rule.text}"
    for number, verdict in verdicts.items():
        told = f"{said}\nperson {number}: {verdict} {people.values[number]}"
        assert not (number in sure and verdict is not Verdict.TRUE), "proved, but not true: " + told
        assert not (verdict is Verdict.TRUE and number not in sure | undecided), "true, but ruled out: " + told
        assert not (verdict is Verdict.UNDECIDED and number not in undecided), "raises unnoticed: " + told
    assert not sure & undecided, said
    assert not (bracket.exact and undecided), said
    assert bracket.exact or bracket.residue, said
    tally.rules += 1
    tally.pairs += len(verdicts)
    tally.verdicts.update(verdicts.values())
    tally.nodes.update({type(node) for node in tree.walk(rule.tree)})
    tally.decided["exact" if bracket.exact else "partly" if len(undecided) < len(verdicts) else "open"] += 1


def prove(connection: Connection) -> Tally:
    """Compare random rules and return what was compared."""
    tally = Tally()
    for text in _WRITTEN:
        for moment in (_MOMENTS[1], _MOMENTS[-1]):
            compare(check_language(text, VOCABULARY), moment, connection, _PEOPLE, tally)

    @settings(
        max_examples=_RULES,
        deadline=None,
        derandomize=_RULES == 300,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(text=rules(), moment=st.sampled_from(_MOMENTS))
    def run(text: str, moment: Moment) -> None:
        try:
            rule = check_language(text, VOCABULARY)
        except RuleError:
            tally.refused += 1
            return
        compare(rule, moment, connection, _PEOPLE, tally)

    run()
    return tally


def enough(tally: Tally) -> None:
    """Fail when a run passed because it compared too little."""
    print(tally)  # noqa: T201 - shown with -s, and when something below fails
    assert tally.rules > 0.5 * (tally.rules + tally.refused)
    assert tally.pairs >= 90 * 0.4 * _RULES
    assert set(tally.nodes) >= set(_NODES), set(_NODES) - set(tally.nodes)
    assert set(tally.verdicts) == set(Verdict)
    assert set(tally.decided) == {"exact", "partly", "open"}
    assert tally.decided["exact"] > 0.35 * tally.rules


def test_sqlite_proves_what_rule_engine_says(sqlite_people: Connection) -> None:
    enough(prove(sqlite_people))


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
                bracket = compile_rule(rule, _MOMENTS[0], dialect=dialect)
                assert (selected(connection, bracket.sure), bracket.exact) == (expected, True), (dialect, sign)
    cluster.drop_database(name)


def test_postgresql_proves_what_rule_engine_says(postgresql_people: Connection) -> None:
    enough(prove(postgresql_people))
