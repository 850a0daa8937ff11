"""What asking a rule of all contacts costs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from server.clock import Moment
from server.rules import RuleCost, Symbol, Vocabulary, check_rule, compile_rule, rule_cost
from tests.rules.people import VOCABULARY

_INDEXED = {"country", "name", "region", "score", "created_at", "attributes.tier", "attributes.points"}


def _with_indexes(symbols: Mapping[str, Symbol], indexed: set[str]) -> dict[str, Symbol]:
    return {name: replace(symbol, indexed=name in indexed) for name, symbol in symbols.items()}


_VISITS = VOCABULARY.collections["visits"]
_VOCABULARY: Vocabulary = replace(
    VOCABULARY,
    symbols=_with_indexes(VOCABULARY.symbols, _INDEXED),
    collections={"visits": replace(_VISITS, members=_with_indexes(_VISITS.members, {"template"}))},
)


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ('country == "DE"', RuleCost.INDEX),
        ('country in ["DE", "FR"] and nick == "x"', RuleCost.INDEX),
        ('country == "DE" or name == "x"', RuleCost.INDEX),
        ('country == "DE" or nick == "x"', RuleCost.SCAN),
        ('nick == "x" and country == "DE"', RuleCost.INDEX),
        ('country != "DE"', RuleCost.SCAN),
        ("country == null", RuleCost.INDEX),
        ('language == "de"', RuleCost.SCAN),
        ('name.starts_with("Mc")', RuleCost.INDEX),
        ('name.ends_with("ld")', RuleCost.SCAN),
        ('nick.starts_with("Mc")', RuleCost.SCAN),
        ('"NEWS" in groups', RuleCost.INDEX),
        ('"NEWS" not in groups', RuleCost.SCAN),
        ("not groups.is_empty", RuleCost.SCAN),
        ('$any([v.template == "A" for v in visits])', RuleCost.INDEX),
        ("$any([v.canceled for v in visits])", RuleCost.SCAN),
        ("score > 5", RuleCost.INDEX),
        ('created_at >= $now - t"P30D" and nick != "x"', RuleCost.INDEX),
        ("balance > 5", RuleCost.SCAN),
        ('attributes.tier == "gold"', RuleCost.INDEX),
        ("attributes.tier == null", RuleCost.SCAN),
        ("attributes.points == 3", RuleCost.INDEX),
        ("attributes.points == 10.5", RuleCost.SCAN),
        ("minor", RuleCost.SCAN),
        ("true", RuleCost.SCAN),
        ("false", RuleCost.INDEX),
        ('name.to_int > 3 and country == "DE"', RuleCost.CONTACT_BY_CONTACT),
        ('country == "DE" and name.to_int > 3', RuleCost.CONTACT_BY_CONTACT),
    ],
)
def test_the_cost_of_a_rule(text: str, cost: RuleCost) -> None:
    rule = check_rule(text, _VOCABULARY)

    for dialect in ("sqlite", "postgresql"):
        bracket = compile_rule(rule, Moment(datetime(2026, 11, 23, tzinfo=UTC)), dialect=dialect)
        assert rule_cost(rule, bracket) is cost
