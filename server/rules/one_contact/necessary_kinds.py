"""The simple questions that can be asked about a contact, and how rarely each is answered with yes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class NecessaryKind(StrEnum):
    """What is asked about the symbol."""

    EQUALS_ANY = "EQUALS_ANY"
    """Its value is one of ``values``; None among them means null."""
    PREFIX = "PREFIX"
    """Its text begins with one of ``values``."""
    SUFFIX = "SUFFIX"
    """Its text ends with one of ``values``."""
    NOT_NULL = "NOT_NULL"
    """It is not null."""
    HAS_CODE = "HAS_CODE"
    """The set of codes holds one of ``values``."""
    HAS_MEMBER = "HAS_MEMBER"
    """Some object of the collection has one of ``values`` there; ``symbol`` is ``interactions.template``."""
    NOT_EMPTY = "NOT_EMPTY"
    """The set of codes or the collection is not empty."""


class TextForm(StrEnum):
    """What is done to a text before it is asked about."""

    AS_IS = ""
    LOWER = "as_lower"
    UPPER = "as_upper"


@dataclass(frozen=True, slots=True)
class NecessaryTest:
    """A question about one symbol, set of codes or collection.

    Attributes:
        symbol: the name asked about: ``country``, ``attributes.tier``, ``mailing_groups``, ``interactions.template``.
        values: what the kind says; empty where it needs none.
        form: for a text: whether its lower or upper case is asked about.
    """

    kind: NecessaryKind
    symbol: str
    values: frozenset[Any] = frozenset()
    form: TextForm = TextForm.AS_IS


Tests = tuple[NecessaryTest, ...]
"""Questions of which at least one is answered with yes; none at all where a rule is never true and never raises."""

_SHARES = {NecessaryKind.NOT_NULL: 0.8, NecessaryKind.NOT_EMPTY: 0.7}
_VALUE_SHARES = {NecessaryKind.EQUALS_ANY: 0.01, NecessaryKind.HAS_CODE: 0.05, NecessaryKind.HAS_MEMBER: 0.1}


def expected_share(tests: Tests) -> float:
    """Return a guess of the share of contacts that answer one of these with yes; for comparing, not for counting."""
    return sum(map(_share, tests))


def _share(test: NecessaryTest) -> float:
    if test.kind in _SHARES:
        return _SHARES[test.kind]
    if test.kind in {NecessaryKind.PREFIX, NecessaryKind.SUFFIX}:
        return sum(0.3 ** min(len(text), 6) for text in test.values)
    plain = _VALUE_SHARES[test.kind]
    return sum(0.4 if value is None else 0.5 if isinstance(value, bool) else plain for value in test.values)


def rarest(choices: Iterable[Tests | None]) -> Tests | None:
    """Return the choice that the fewest contacts answer with yes, None when there is none."""
    known = [tests for tests in choices if tests is not None]
    return min(known, key=expected_share) if known else None


def united(choices: Iterable[Tests | None]) -> Tests | None:
    """Return questions that cover all choices, None when one is not covered; those that differ in values are one."""
    values: dict[tuple[NecessaryKind, str, TextForm], frozenset[Any]] = {}
    for tests in choices:
        if tests is None:
            return None
        for test in tests:
            key = test.kind, test.symbol, test.form
            values[key] = values.get(key, frozenset()) | test.values
    return tuple(NecessaryTest(kind, symbol, found, form) for (kind, symbol, form), found in values.items())
