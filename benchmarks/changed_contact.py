"""One contact changes, ten thousand rules are stored: which of them does the change flip?"""

import random
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

from rule_engine import Rule

from benchmarks.one_by_one import load_values_of, plain_context, things_of
from benchmarks.rule_data import CITIES, COUNTRIES, GROUPS, MOMENT, TEMPLATES
from server.rules import CheckedRule, Closure, RuleIndex, Verdict, Vocabulary, check_rule, compile_closure

RULES = 10_000
_CONTACTS = 40
_NAIVE_CONTACTS = 3
_ROUNDS = 3

Values = dict[str, Any]


def stored_rules(count: int) -> Iterator[str]:
    """Yield rules of ten ordinary shapes, each with constants of its own."""
    draw = random.Random(7)
    shapes: Sequence[Callable[[], str]] = (
        lambda: f'country == "{draw.choice(COUNTRIES)}" and type == "PERSON"',
        lambda: (
            f'"{draw.choice(GROUPS)}" in mailing_groups and not exclude_from_segment'
            f' and salesperson == "SP0{draw.randrange(10)}"'
        ),
        lambda: (
            f'country in ["{draw.choice(COUNTRIES)}", "{draw.choice(COUNTRIES)}"]'
            f" and (attributes.employees ?? 0) >= {draw.randrange(1_000)}"
        ),
        lambda: (
            f'email.ends_with("{draw.randrange(1_000)}@example.com") or name.starts_with("Mc{draw.randrange(100)}")'
        ),
        lambda: (
            f'$any([i.template == "{draw.choice(TEMPLATES)}" and i.on >= $today - t"P{draw.randrange(9, 400)}D"'
            " for i in interactions])"
        ),
        lambda: f'$sum([i.cost for i in interactions if i.on >= $today - t"P365D"]) > {draw.randrange(100, 5_000)}',
        lambda: (
            f'country == "{draw.choice(COUNTRIES)}" and [i for i in interactions'
            f' if i.template == "{draw.choice(TEMPLATES)}"].length >= {draw.randrange(2, 6)}'
        ),
        lambda: (
            f'"{draw.choice(GROUPS)}" in mailing_groups and (attributes.revenue ?? 0) / 12 - attributes.score * 10'
            f" > {draw.randrange(500_000)}"
        ),
        lambda: (
            f'post_code.starts_with("{draw.randrange(100, 1_000)}") and attributes.score > {draw.randrange(-90, 99)}'
        ),
        lambda: (
            f'(attributes.tier ?? "") == "{draw.choice(("GOLD", "SILVER", "PLATINUM"))}"'
            f' and ($now - created_at).days > {draw.randrange(1_000)} and city == "{draw.choice(CITIES)}"'
        ),
    )
    for number in range(count):
        yield shapes[number % len(shapes)]()


@dataclass(frozen=True, slots=True)
class Change:
    """A kind of change: what it does to a contact, and the names it changes."""

    name: str
    changed: tuple[str, ...]
    apply: Callable[[Values], Values]
    is_scalar: bool = True


def _set(name: str, value: Any) -> Callable[[Values], Values]:
    return lambda values: {**values, name: value}


def _set_attribute(name: str, value: Any) -> Callable[[Values], Values]:
    return lambda values: {**values, "attributes": {**values["attributes"], name: value}}


def _log(values: Values) -> Values:
    entry = {
        **dict.fromkeys(values["interactions"][0] if values["interactions"] else ("template", "on", "cost")),
        "template": "VISIT",
        "on": MOMENT.today - timedelta(days=1),
        "at": MOMENT.now - timedelta(days=1),
        "cost": Decimal(120),
    }
    return {**values, "interactions": (*values["interactions"], entry)}


def _everything(values: Values) -> Values:
    for change in CHANGES[:-1]:
        values = change.apply(values)
    return values


CHANGES = (
    Change("country", ("country",), _set("country", "FR")),
    Change("e-mail", ("email",), _set("email", "c777@example.com")),
    Change("custom number", ("attributes.score",), _set_attribute("score", Decimal(50))),
    Change("mailing groups", ("mailing_groups",), _set("mailing_groups", ("OFFER", "SPORT")), is_scalar=False),
    Change("interaction logged", ("interactions",), _log, is_scalar=False),
    Change(
        "all of these",
        ("country", "email", "attributes.score", "mailing_groups", "interactions"),
        _everything,
        is_scalar=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one changed contact costs.

    Attributes:
        seconds: by kind of change, the median of what finding the flipped rules takes.
        flipped: by kind of change, how many rules flip on average.
        naive: seconds of ``rule.matches`` of every rule on one contact, by plain rule-engine.
        closures: seconds of every closure on one contact.
        compiled: seconds of making one closure.
        native: share of the rules that have a function of their own.
        scalars: the kinds of change of one single value.
    """

    seconds: Mapping[str, float]
    flipped: Mapping[str, float]
    naive: float
    closures: float
    compiled: float
    native: float
    scalars: frozenset[str]


def measure_changes(url: str, vocabulary: Vocabulary, contacts: int, rules: int = RULES) -> Measured:
    """Return the cost of single changes, after making sure that every way finds the same rules."""
    stored = [check_rule(text, vocabulary) for text in stored_rules(rules)]
    begun = perf_counter()
    closures = [compile_closure(rule, MOMENT) for rule in stored]
    compiled = (perf_counter() - begun) / len(closures)
    index: RuleIndex[int] = RuleIndex(vocabulary, MOMENT)
    for number, rule in enumerate(stored):
        index.add(number, rule)
    ids = sorted(random.Random(2).sample(range(1, contacts + 1), _CONTACTS))
    values = list(load_values_of(url, vocabulary, ids)[0].values())
    naive = _measure_naive(stored, vocabulary, values[:_NAIVE_CONTACTS], closures)
    seconds: dict[str, float] = {}
    flipped: dict[str, float] = {}
    for change in CHANGES:
        seconds[change.name], flipped[change.name] = _measure_change(index, closures, change, values)
    return Measured(
        seconds=seconds,
        flipped=flipped,
        naive=naive,
        closures=statistics.median(_timed(lambda of=of_one: _matching(closures, of)) for of_one in values[:10]),  # type: ignore[misc]
        compiled=compiled,
        native=sum(closure.native for closure in closures) / len(closures),
        scalars=frozenset(change.name for change in CHANGES if change.is_scalar),
    )


def _measure_change(
    index: RuleIndex[int], closures: Sequence[Closure], change: Change, values: Sequence[Values]
) -> tuple[float, float]:
    """Return the median seconds over the contacts, and how many rules flip."""
    seconds = []
    flips = 0
    for before in values:
        after = change.apply(before)
        joined, left = index.flips(before, after, change.changed)
        was, now = _matching(closures, before), _matching(closures, after)
        if (joined, left) != (now - was, was - now):
            msg = f"{change.name}: the index finds other flips than the rules one by one"
            raise AssertionError(msg)
        flips += len(joined) + len(left)
        took = [_timed(lambda b=before, a=after: index.flips(b, a, change.changed)) for _ in range(_ROUNDS)]  # type: ignore[misc]
        seconds.append(statistics.median(took))
    return statistics.median(seconds), flips / len(values)


def _matching(closures: Sequence[Closure], values: Values) -> set[int]:
    return {number for number, closure in enumerate(closures) if closure.decide(values) is Verdict.TRUE}


def _measure_naive(
    rules: Sequence[CheckedRule], vocabulary: Vocabulary, values: Sequence[Values], closures: Sequence[Closure]
) -> float:
    """Return the median seconds of ``rule.matches`` of all rules, and see that the closures say the same."""
    context = plain_context(vocabulary)
    plain = [Rule(rule.text, context=context) for rule in rules]
    seconds = []
    for of_one in values:
        thing = things_of(of_one)
        begun = perf_counter()
        found = {number for number, rule in enumerate(plain) if rule.matches(thing)}
        seconds.append(perf_counter() - begun)
        if found != _matching(closures, of_one):
            msg = "the closures find other rules than rule-engine"
            raise AssertionError(msg)
    return statistics.median(seconds)


def _timed(call: Callable[[], Any]) -> float:
    begun = perf_counter()
    call()
    return perf_counter() - begun
