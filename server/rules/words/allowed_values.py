"""Which values of one subject make a condition true, and which are left where several conditions must hold."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any

from server.rules.language.tree import Kind
from server.rules.one_contact.contact_values import start_of_day

_TYPES: dict[Kind, type] = {Kind.TEXT: str, Kind.NUMBER: Decimal, Kind.BOOLEAN: bool, Kind.INSTANT: datetime}
_AFFIXES: dict[str, Callable[[str, str], bool]] = {"start with": str.startswith, "end with": str.endswith}


@dataclass(frozen=True, slots=True)
class Domain:
    """The values that a subject can have at all.

    Attributes:
        nullable: whether it can be blank.
        choices: all of its values where they are few, without blank.
        steps: a NUMBER is a whole number of these parts of one; None: any number.
        days: the zone in whose midnights a DATE counts; None: an INSTANT has a time.
        least: the smallest number; None: there is none.
    """

    kind: Kind
    nullable: bool = False
    choices: tuple[Any, ...] | None = None
    steps: int | None = None
    days: tzinfo | None = None
    least: Decimal | None = None

    def tick(self, value: Any) -> Fraction | None:
        """Return the place of a value on the scale whose whole numbers are the values; None: every value is one."""
        if isinstance(value, Decimal):
            return None if self.steps is None or not value.is_finite() else Fraction(value) * self.steps
        if isinstance(value, datetime) and self.days is not None:
            try:
                day = value.astimezone(self.days).date()
                start = start_of_day(day, self.days)
            except OverflowError:
                return None
            return day.toordinal() + Fraction((value > start) - (value < start), 2)
        return None

    def has(self, value: Any) -> bool:
        """Whether a value that is not blank can be the subject's."""
        kind = _TYPES.get(self.kind)
        if kind is not None and not isinstance(value, kind):
            return False
        if self.choices is not None and value not in self.choices:
            return False
        tick = self.tick(value)
        return (tick is None or tick.denominator == 1) and (self.least is None or value >= self.least)


@dataclass(frozen=True, slots=True)
class Bound:
    """An end of a range; ``strict``: it does not belong to the range itself."""

    value: Any
    strict: bool


@dataclass(frozen=True, slots=True)
class TextTest:
    """A condition on a text that is no comparison: ``start with``, ``contain``.

    Attributes:
        how: the verb.
        text: what comes after it.
        want: whether it must hold.
        holds: whether a text makes it ``want``.
    """

    how: str
    text: str
    want: bool
    holds: Callable[[Any], bool] = field(compare=False)

    def excludes(self, other: "TextTest") -> bool:
        """Whether no text passes both, as far as that can be told."""
        if self.how != other.how:
            return False
        if self.want is not other.want:
            return self.text == other.text
        fits = _AFFIXES.get(self.how)
        return self.want and fits is not None and not (fits(self.text, other.text) or fits(other.text, self.text))


@dataclass(frozen=True, slots=True)
class AllowedValues:
    """The values of a subject that a condition allows.

    Attributes:
        low: the lower end; None: there is none.
        high: the upper end.
        only: the values one by one, in the order of the rule; then there are no ends, exclusions and tests.
        without: values that are not allowed.
        blank: whether the subject may be blank.
        tests: what a text has to pass besides.
    """

    domain: Domain
    low: Bound | None = None
    high: Bound | None = None
    only: tuple[Any, ...] | None = None
    without: tuple[Any, ...] = ()
    blank: bool = False
    tests: tuple[TextTest, ...] = ()

    def both(self, other: "AllowedValues") -> "AllowedValues":
        """Return the values that both allow."""
        ones = [each.only for each in (self, other) if each.only is not None]
        last = frozenset(ones[-1]) if ones else frozenset()
        return AllowedValues(
            self.domain,
            low=_tighter(self.low, other.low, upper=False),
            high=_tighter(self.high, other.high, upper=True),
            only=tuple(value for value in ones[0] if value in last) if ones else None,
            without=tuple(dict.fromkeys((*self.without, *other.without))),
            blank=self.blank and other.blank,
            tests=tuple(dict.fromkeys((*self.tests, *other.tests))),
        ).settled()

    def settled(self) -> "AllowedValues":
        """Return the same values as simply as they can be said."""
        only = self.only if self.only is not None else self.domain.choices
        if only is None and self.low is not None and self.high is not None and self.low.value == self.high.value:
            only = (self.low.value,)
        if only is not None:
            left = tuple(value for value in only if self.domain.has(value) and self._passes(value))
            return AllowedValues(self.domain, only=left, blank=self.blank)
        low, without = self.low, tuple(value for value in self.without if self._in_range(value))
        first = low.value if low is not None and not low.strict else self.domain.least if low is None else None
        while self.domain.least is not None and self.domain.steps == 1 and first is not None and first in without:
            without = tuple(value for value in without if value != first)
            first += 1
            low = Bound(first, strict=False)
        return replace(self, low=low, without=without)

    def has(self, value: Any) -> bool:
        """Whether a value of the subject, None for blank, is allowed."""
        if value is None:
            return self.blank
        return self._passes(value) if self.only is None else value in self.only

    @property
    def possible(self) -> bool:
        """Whether there is such a value; texts that must pass tests are taken to exist."""
        if self.blank or self.only:
            return True
        if self.only is not None:
            return False
        if any(test.excludes(other) for test in self.tests for other in self.tests):
            return False
        if self.high is not None and self.high.value == "" and self.high.strict:
            return False
        return self._ticks_left() and self._is_range()

    def _is_range(self) -> bool:
        if self.low is None or self.high is None or self.low.value < self.high.value:
            return True
        return bool(self.low.value == self.high.value) and not (self.low.strict or self.high.strict)

    def _ticks_left(self) -> bool:
        """Whether a range on a scale holds a value."""
        low = self.low if self.low is not None or self.domain.least is None else Bound(self.domain.least, strict=False)
        if low is None or self.high is None:
            return True
        first, last = self.domain.tick(low.value), self.domain.tick(self.high.value)
        if first is None or last is None:
            return True
        start = math.floor(first) + 1 if low.strict else math.ceil(first)
        if self.domain.least is not None and self.domain.steps is not None:
            start = max(start, math.ceil(self.domain.least * self.domain.steps))
        end = math.ceil(last) - 1 if self.high.strict else math.floor(last)
        taken = {tick for tick in map(self.domain.tick, self.without) if tick is not None and tick.denominator == 1}
        return end - start + 1 > sum(1 for tick in taken if start <= tick <= end)

    def _passes(self, value: Any) -> bool:
        return self._in_range(value) and value not in self.without and all(test.holds(value) for test in self.tests)

    def _in_range(self, value: Any) -> bool:
        bound = self.low or self.high
        if bound is not None and type(value) is not type(bound.value):
            return False  # an item of another type in a list is nothing that the subject can be
        if self.low is not None and not (value > self.low.value or (value == self.low.value and not self.low.strict)):
            return False
        return self.high is None or bool(value < self.high.value or (value == self.high.value and not self.high.strict))


def _tighter(one: Bound | None, other: Bound | None, *, upper: bool) -> Bound | None:
    if one is None or other is None:
        return other if one is None else one
    if one.value == other.value:
        return one if one.strict else other
    return one if (one.value < other.value) is upper else other


COUNTS = Domain(Kind.NUMBER, steps=1, least=Decimal(0))
"""A number of things."""
ANY_SIZE = AllowedValues(COUNTS)


@dataclass(frozen=True, slots=True)
class AllowedCodes:
    """What a set of codes must be.

    Attributes:
        having: codes that must be among them.
        lacking: codes that must not.
        size: how many there may be.
    """

    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    size: AllowedValues = ANY_SIZE

    def both(self, other: "AllowedCodes") -> "AllowedCodes":
        """Return what satisfies both."""
        return AllowedCodes(
            having=tuple(dict.fromkeys((*self.having, *other.having))),
            lacking=tuple(dict.fromkeys((*self.lacking, *other.lacking))),
            size=self.size.both(other.size),
        )

    def has(self, codes: Iterable[str]) -> bool:
        """Whether these codes are as they must be."""
        held = set(codes)
        return held.issuperset(self.having) and held.isdisjoint(self.lacking) and self.size.has(Decimal(len(held)))

    @property
    def possible(self) -> bool:
        """Whether there are such codes."""
        enough = AllowedValues(COUNTS, low=Bound(Decimal(len(self.having)), strict=False))
        return set(self.having).isdisjoint(self.lacking) and self.size.both(enough).possible


@dataclass(frozen=True, slots=True)
class Whether:
    """A condition that is not taken apart: it must be ``want``, and ``words`` say what keeps it from that.

    ``words`` of None: nothing of the contact could make it so.
    """

    want: bool
    words: str | None = field(compare=False)
    contradicted: bool = False

    def both(self, other: "Whether") -> "Whether":
        """Return what satisfies both: nothing where one is the opposite of the other."""
        return replace(self, contradicted=self.contradicted or other.contradicted or self.want is not other.want)

    @property
    def possible(self) -> bool:
        """Whether the contact could make it so."""
        return self.words is not None and not self.contradicted
