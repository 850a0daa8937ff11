"""Dates in SQL: every question is moved to the stored instant or day, so that an index answers it."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil, floor
from typing import Any

from server.clock import Moment
from server.rules.language.symbols import ValueType
from server.rules.sql.bracket import FALSE, Condition, truth
from server.rules.sql.scalars import Column, Scalar, Test, always, conjunction, disjunction
from server.rules.sql.value_tests import COMPARISONS, MIRRORED, OPPOSITE
from server.rules.sql.zones import (
    DAY_MICROS,
    EPOCH,
    FIRST_MICROS,
    LAST_MICROS,
    MICROSECOND,
    SECOND_MICROS,
    micros_of,
    reached,
    start_micros,
)

DAYS_OUT_OF_CALENDAR = 4_000_000
"""So many days lead out of the calendar from any day of it."""
MARGIN = timedelta(days=2)
"""More than a zone's offset and the length of a day: what a sum may be off where it is compared in UTC."""
_DAY = timedelta(days=1)
_MICROS_OUT_OF_CALENDAR = DAYS_OUT_OF_CALENDAR * DAY_MICROS


@dataclass(frozen=True, slots=True)
class DateTerm:
    """An expression over one date: an instant, a period between it and a constant, or a number that grows with either.

    An instant is ``date + shift``, or, of the beginning of its day, ``(date + before).date + shift``. A period is
    ``sign * (instant - base)``.

    Attributes:
        scalar: the date itself.
        base: for a period, the constant instant it is counted from; None for an instant.
        sign: -1 for ``base - date``.
        shift: for an instant, what is added to the date.
        highest: the largest sum that the additions pass through on the way, ``lowest`` the smallest.
        days: whether only the whole days of the period count.
        begins: whether the beginning of the day counts.
        before: what is added to the date before its day is looked at.
        number: ``year`` or ``to_epoch`` of an instant, ``total_seconds`` of a period; "" where the value itself counts.
    """

    scalar: Scalar
    base: datetime | None = None
    sign: int = 1
    shift: timedelta = timedelta()
    highest: timedelta = timedelta()
    lowest: timedelta = timedelta()
    days: bool = False
    begins: bool = False
    before: timedelta = timedelta()
    number: str = ""

    def moved(self, period: timedelta) -> "DateTerm | None":
        """Return the term plus a period, or None when the sum leaves the calendar from any date."""
        limit = timedelta(days=DAYS_OUT_OF_CALENDAR)
        if self.base is not None or self.number or abs(period) > limit or abs(self.shift + period) > limit:
            return None
        shift = self.shift + period
        highest, lowest = max(self.highest, self.before + shift), min(self.lowest, self.before + shift)
        return replace(self, shift=shift, highest=highest, lowest=lowest)

    def since(self, base: datetime, sign: int) -> "DateTerm | None":
        """Return the period between the term and a constant instant."""
        if self.base is not None or self.number or self.highest or self.lowest:
            return None
        return replace(self, base=base, sign=sign)

    def part(self, name: str) -> "DateTerm | None":
        """Return an attribute of the value; None for those that neither are dates nor grow with the date."""
        if self.days or self.number:
            return None
        if self.base is not None:
            if name == "days":
                return replace(self, days=True)
            return replace(self, number=name) if name == "total_seconds" else None
        if name in {"year", "to_epoch"}:
            return replace(self, number=name)
        if name != "date" or (self.begins and self.shift):
            return None
        if self.begins or (self.scalar.stored is ValueType.DATE and not self.shift):
            return self
        return replace(self, begins=True, before=self.shift, shift=timedelta())


class DateTests:
    """Makes questions about dates for one moment."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment

    def compare(self, term: DateTerm, comparison: str, other: Any) -> Test | None:
        """Return how a term compares to a constant of its kind (``==`` or an order), as a question about its date."""
        if term.days or term.number:
            is_number = isinstance(other, Decimal) and other.is_finite()
            return self._compare_number(term, comparison, other) if is_number else None
        if term.base is not None:
            return self._compare_period(term, comparison, _micros(other)) if isinstance(other, timedelta) else None
        if not isinstance(other, datetime):
            return None
        return self._compare_instant(term, comparison, micros_of(other) - _micros(term.shift))

    def within(self, term: DateTerm, others: list[Any]) -> Test | None:
        """Return the question whether a term is one of these constants; in a list, ``true`` is 1."""
        on_null = any(other is None for other in others)
        tests = []
        for other in others:
            constant = Decimal(other) if isinstance(other, bool) else other
            if isinstance(constant, Decimal) and not constant.is_finite():
                return None
            test = self.compare(term, "==", constant)
            if test is not None:
                tests.append(test)
        return replace(disjunction(tests), on_null=on_null)

    def overflow(self, term: DateTerm) -> Test | None:
        """Return the question whether the additions can leave the calendar, give or take two days; None: never."""
        stored = term.scalar.stored
        tests = []
        if term.highest > timedelta():
            tests.append(self._bounded(stored, ">", LAST_MICROS - _micros(term.highest + MARGIN)))
        if term.lowest < timedelta():
            tests.append(self._bounded(stored, "<", FIRST_MICROS - _micros(term.lowest - MARGIN)))
        return disjunction(tests) if tests else None

    def _compare_number(self, term: DateTerm, comparison: str, number: Decimal) -> Test:
        """Compare by the least value that is not below the number, or that is above it."""
        whole = term.days or term.number == "year"
        if comparison == "==":
            if whole and number != number.to_integral_value():
                return always(answer=False, on_null=False)
            return conjunction(self._reaches(term, ">=", number), self._reaches(term, ">", number).negated_but_null())
        if comparison[0] == ">":
            return self._reaches(term, comparison, number)
        return self._reaches(term, OPPOSITE[comparison], number).negated_but_null()

    def _reaches(self, term: DateTerm, comparison: str, number: Decimal) -> Test:
        """Return the question whether the number that a term stands for is at least this one (``>=``), or above it."""
        least = ceil(number) if comparison == ">=" else floor(number) + 1
        if term.days:
            days = max(-DAYS_OUT_OF_CALENDAR, min(least, DAYS_OUT_OF_CALENDAR))
            return self._compare_period(term, ">=", days * DAY_MICROS)
        if term.number == "year":
            if not date.min.year < least <= date.max.year:
                return always(answer=least <= date.min.year, on_null=False)
            return self._reaches_day(term, date(least, 1, 1))
        micros = least_micros(comparison, number)
        if term.number == "total_seconds":
            return self._compare_period(term, ">=", micros)
        return self._compare_instant(term, ">=", micros - _micros(term.shift))

    def _compare_period(self, term: DateTerm, comparison: str, period: int) -> Test:
        """Isolate the date: ``date - base < p`` is ``date < base + p``; ``base - date < p`` is ``date > base - p``."""
        side = comparison if term.sign > 0 else MIRRORED[comparison]
        base = 0 if term.base is None else micros_of(term.base)
        return self._compare_instant(term, side, base + term.sign * period)

    def _compare_instant(self, term: DateTerm, comparison: str, bound: int) -> Test:
        """Return how the date, or the beginning of its day, compares to an instant in microseconds since 1970."""
        if not term.begins:
            return self._bounded(term.scalar.stored, comparison, bound)
        looked_at = DateTerm(term.scalar, shift=term.before)
        from_bound = self._reaches_day_after(looked_at, self._last_day(bound, "<"))
        above_bound = self._reaches_day_after(looked_at, self._last_day(bound, "<="))
        match comparison:
            case "==":
                return conjunction(from_bound, above_bound.negated_but_null())
            case ">=":
                return from_bound
            case ">":
                return above_bound
            case "<":
                return from_bound.negated_but_null()
            case _:
                return above_bound.negated_but_null()

    def _reaches_day_after(self, term: DateTerm, day: date | None) -> Test:
        """Return the question whether the wall clock shows a later day; None stands before every day."""
        if day is None or day == date.max:
            return always(answer=day is None, on_null=False)
        return self._reaches_day(term, day + _DAY)

    def _reaches_day(self, term: DateTerm, day: date) -> Test:
        """Return the question whether the wall clock shows this day or a later one."""
        tests = []
        shift = _micros(term.shift)
        for start, end in reached(self._moment.zone, day):
            since = self._compare_instant(term, ">=", start - shift)
            if end is not None:
                since = conjunction(since, self._compare_instant(term, "<", end - shift))
            tests.append(since)
        return disjunction(tests)

    def instant(self, stored: ValueType, comparison: str, bound: datetime) -> Test:
        """Return how a stored date compares to an instant."""
        return self._bounded(stored, comparison, micros_of(bound))

    def _bounded(self, stored: ValueType, comparison: str, bound: int) -> Test:
        """Return how a stored date compares to an instant, which may lie outside the calendar."""
        compare: Callable[[Any, Any], bool] = COMPARISONS[comparison]

        def holds(value: Any) -> bool:
            return compare(micros_of(value), bound)

        if stored is ValueType.DATE:
            return self._day(comparison, bound, holds)
        if not FIRST_MICROS <= bound <= LAST_MICROS:
            answer = comparison != "==" and (comparison[0] == "<") == (bound > LAST_MICROS)
            return Test(lambda _: truth(answer), lambda _: truth(not answer), holds)
        instant = EPOCH + timedelta(microseconds=bound)
        opposite = COMPARISONS[OPPOSITE.get(comparison, "!=")]
        return Test(lambda column: compare(column, instant), lambda column: opposite(column, instant), holds)  # type: ignore[arg-type, return-value]

    def _day(self, comparison: str, bound: int, holds: Callable[[Any], bool]) -> Test:
        """Return how a stored day's beginning in the moment's zone compares to an instant.

        Days begin later the later they are (a zone that skipped a day of the calendar makes two begin together), so
        the days before the instant are all up to one, and those not after it all up to another.
        """
        before = self._last_day(bound, "<")
        not_after = self._last_day(bound, "<=")

        def upto(column: Column, last: date | None) -> Condition:
            return truth(last is not None) if last in {None, date.max} else column <= last

        def beyond(column: Column, last: date | None) -> Condition:
            return truth(last is None) if last in {None, date.max} else column > last

        if comparison == "==":
            if before == not_after:
                return Test(lambda _: FALSE, lambda _: truth(value=True), holds)
            yes = conjunction(
                Test(lambda column: beyond(column, before), lambda column: upto(column, before), holds),
                Test(lambda column: upto(column, not_after), lambda column: beyond(column, not_after), holds),
            )
            return Test(yes.yes, yes.no, holds)
        last = before if comparison in {"<", ">="} else not_after
        if comparison[0] == "<":
            return Test(lambda column: upto(column, last), lambda column: beyond(column, last), holds)
        return Test(lambda column: beyond(column, last), lambda column: upto(column, last), holds)

    def _last_day(self, bound: int, comparison: str) -> date | None:
        """Return the last day whose beginning compares so to the instant, or None when there is none."""
        compare = COMPARISONS[comparison]
        around = EPOCH.toordinal() + bound // DAY_MICROS
        for ordinal in range(min(around + 3, date.max.toordinal()), max(around - 4, 0), -1):
            day = date.fromordinal(ordinal)
            if compare(start_micros(self._moment.zone, day), bound):
                return day
        return date.max if around > date.max.toordinal() else None


def _micros(period: timedelta) -> int:
    return period // MICROSECOND


def least_micros(comparison: str, seconds: Decimal) -> int:
    """Return the fewest microseconds that are at least so many seconds (``>=``), or more, as the language counts them.

    It counts seconds in binary fractions, which are coarser than microseconds far from 1970; the order they keep.
    """
    compare: Callable[[Any, Any], bool] = COMPARISONS[comparison]
    all_of_them = range(-_MICROS_OUT_OF_CALENDAR, _MICROS_OUT_OF_CALENDAR + 1)
    place = bisect_left(all_of_them, True, key=lambda micros: compare(Decimal(repr(micros / SECOND_MICROS)), seconds))
    return all_of_them.start + place
