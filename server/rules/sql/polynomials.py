"""Sums of products of stored integers, and what is known about their size and about the language's rounding.

A number of a rule is read as ``top / bottom``, both polynomials over *atoms*: the integers that SQL can compute. The
language rounds every result to 28 digits, so beside the exact value stands what the rounding can have done to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

from sqlalchemy import ColumnElement

from server.rules.sql.bracket import FALSE, TRUE, Condition, every, some

TERMS_MAX = 60
"""More products than these make the SQL too long."""
FACTORS_MAX = 6
DIGITS_MAX = 10**28
"""A whole number up to this needs no rounding: the language counts 28 digits."""
ROUNDING = Fraction(51, 10**29)
"""A rounded result differs from the exact one by less than this part of it, and a bit to spare."""


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """An integer that SQL computes.

    Attributes:
        column: the expression; NULL where the value is null.
        limit: its absolute value is at most this.
        natural: whether it is never negative.
        numeric: whether it is PostgreSQL's ``numeric`` and not a 64-bit integer.
        stored: the same for a comparison with a constant; an index answers it where there is one.
    """

    column: ColumnElement[Any]
    limit: int
    natural: bool = False
    numeric: bool = False
    stored: ColumnElement[Any] | None = None


Product = tuple[int, ...]
"""Atoms by their number in the table of atoms, in order; () stands for 1."""


class Polynomial:
    """A sum of products of atoms with exact factors. Immutable."""

    def __init__(self, terms: Mapping[Product, Fraction]) -> None:
        self.terms = terms

    @classmethod
    def constant(cls, number: Fraction | int) -> "Polynomial":
        """Return the polynomial without atoms."""
        return cls({(): Fraction(number)} if number else {})

    def plus(self, other: "Polynomial") -> "Polynomial":
        """Return the sum."""
        terms = dict(self.terms)
        for product, factor in other.terms.items():
            terms[product] = terms.get(product, Fraction(0)) + factor
        return Polynomial({product: factor for product, factor in terms.items() if factor})

    def times(self, other: "Polynomial") -> "Polynomial":
        """Return the product."""
        terms: dict[Product, Fraction] = {}
        for mine, factor in self.terms.items():
            for theirs, other_factor in other.terms.items():
                product = tuple(sorted((*mine, *theirs)))
                terms[product] = terms.get(product, Fraction(0)) + factor * other_factor
        return Polynomial({product: factor for product, factor in terms.items() if factor})

    def scaled(self, factor: Fraction | int) -> "Polynomial":
        """Return the polynomial times a constant."""
        return Polynomial({product: own * factor for product, own in self.terms.items()} if factor else {})

    def absolute(self) -> "Polynomial":
        """Return the polynomial with every factor positive."""
        return Polynomial({product: abs(factor) for product, factor in self.terms.items()})

    @cached_property
    def denominator(self) -> int:
        """The smallest number that makes every factor whole."""
        return lcm(*(factor.denominator for factor in self.terms.values()))

    @property
    def value(self) -> Fraction | None:
        """The value of a polynomial without atoms; None for others."""
        if not self.terms:
            return Fraction(0)
        return self.terms[()] if set(self.terms) == {()} else None

    @property
    def is_too_long(self) -> bool:
        """Whether its SQL would be too long."""
        return len(self.terms) > TERMS_MAX or any(len(product) > FACTORS_MAX for product in self.terms)


ONE = Polynomial.constant(1)


class Rounded(IntEnum):
    """What the language's rounding did on the way to a value."""

    NEVER = 0
    LAST = 1
    """Once, in the last step: equal exact values give equal results."""
    SUMMED = 2
    """Once, and then only exact values were added: where the sum is a short number, nothing was lost."""
    OFTEN = 3


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a rule: ``top / bottom`` and what is known of the computed value.

    Attributes:
        mass: at least the sum of the absolute products that went into ``top``, also of those that cancelled out.
        roundings: the computed value differs from the exact one by at most ``roundings * ROUNDING * mass / bottom``.
        rounded: where the rounding came in.
        scale: the decimal places of the exact value and of every step towards it, as long as it is ``finite``.
        finite: whether every step has finitely many decimal places, so that short values are never rounded.
        rest: where ``rounded`` is SUMMED, the most decimal places of what was added, and ``rest_limit`` its absolute
            value at most.
        err: where the language raises.
        sure: where the SQL is right; elsewhere the row is left open.
        null: where the value is null.
    """

    top: Polynomial
    bottom: Polynomial
    mass: Polynomial
    scale: int = 0
    roundings: int = 0
    rounded: Rounded = Rounded.NEVER
    finite: bool = True
    rest: int = 0
    rest_limit: Fraction = Fraction(0)
    err: Condition = FALSE
    sure: Condition = TRUE
    null: Condition = FALSE

    @property
    def is_fraction(self) -> bool:
        """Whether the bottom is anything but 1."""
        return self.bottom is not ONE

    @property
    def is_exact(self) -> bool:
        """Whether the language computes exactly the value, which is one of whole units."""
        return self.roundings == 0 and not self.is_fraction


def made_of(number: Number, *parts: Number) -> Number:
    """Return a number with the conditions of what it was made of: where those raise, and where their SQL is right."""
    return replace(number, err=some([part.err for part in parts]), sure=every([part.sure for part in parts]))


def decimal_places(number: Fraction) -> int | None:
    """Return the decimal places of a number; None when they never end."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None
