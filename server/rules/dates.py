"""Dates in SQL: every question is moved to the stored instant or day, so that an index answers it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from math import ceil, floor
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, case, literal

from server.clock import Moment
from server.rules.bracket import FALSE, Condition, truth
from server.rules.evaluator import day_start
from server.rules.scalars import Column, Scalar, Test, always, conjunction, disjunction
from server.rules.symbols import ValueType
from server.rules.value_tests import COMPARISONS, MIRRORED, OPPOSITE

_DAYS_OUT_OF_CALENDAR = 4_000_000
_MARGIN = timedelta(days=2)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DateTerm:
    """An expression over one date: ``date + shift``, or the period ``sign * (date - base)``, or its whole days.

    Attributes:
        scalar: the date itself.
        base: for a period, the constant instant it is counted from; None for an instant.
        sign: -1 for ``base - date``.
        shift: for an instant, what is added to the date.
        highest: the largest sum that the additions pass through on the way, ``lowest`` the smallest.
        days: whether only the whole days of the period count.
    """

    scalar: Scalar
    base: datetime | None = None
    sign: int = 1
    shift: timedelta = timedelta()
    highest: timedelta = timedelta()
    lowest: timedelta = timedelta()
    days: bool = False

    def moved(self, period: timedelta) -> "DateTerm | None":
        """Return the term plus a period, or None when the sum leaves the calendar from any date."""
        limit = timedelta(days=_DAYS_OUT_OF_CALENDAR)
        if self.base is not None or abs(period) > limit or abs(self.shift + period) > limit:
            return None
        shift = self.shift + period
        return replace(self, shift=shift, highest=max(self.highest, shift), lowest=min(self.lowest, shift))

    def since(self, base: datetime, sign: int) -> "DateTerm | None":
        """Return the period between the term and a constant instant."""
        if self.base is not None or self.shift:
            return None
        return DateTerm(self.scalar, base, sign)

    def whole_days(self) -> "DateTerm | None":
        """Return the days of the period, rounded down."""
        return replace(self, days=True) if self.base is not None and not self.days else None


@lru_cache(maxsize=64)
def skipped_days(zone: ZoneInfo) -> tuple[date, ...]:
    """Return the days that a zone's calendar left out when it moved across the date line.

    Such a day begins, to the rules, at the instant at which the next day begins.
    """

    def offset(day: date) -> timedelta:
        return datetime.combine(day, time(), tzinfo=zone).utcoffset() or timedelta()

    found = []
    for year in range(1800, 2100):
        first, end = date(year, 1, 1), date(year + 1, 1, 1)
        if offset(end) - offset(first) >= timedelta(hours=20):
            days = [first + timedelta(days=number) for number in range((end - first).days)]
            found += [day for day in days if offset(day + _DAY) - offset(day) >= _DAY]
    return tuple(found)


class DateTests:
    """Makes questions about dates for one moment."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment

    def compare(self, term: DateTerm, comparison: str, other: Any) -> Test | None:
        """Return how a term compares to a constant of its kind (``==`` or an order), as a question about its date."""
        if term.days:
            return self._compare_days(term, comparison, other)
        if term.base is not None:
            return self._compare_period(term, comparison, other) if isinstance(other, timedelta) else None
        if not isinstance(other, datetime):
            return None
        return self._bounded(term.scalar.stored, comparison, other, -term.shift)

    def within(self, term: DateTerm, others: list[Any]) -> Test | None:
        """Return the question whether a date is one of these constants."""
        if term.base is not None or term.shift:
            return None
        on_null = any(other is None for other in others)
        tests = [self.instant(term.scalar.stored, "==", other) for other in others if isinstance(other, datetime)]
        found = disjunction(tests)
        return Test(found.yes, found.no, found.holds, on_null)

    def overflow(self, term: DateTerm) -> Test | None:
        """Return the question whether the additions can leave the calendar, give or take two days; None: never."""
        stored = term.scalar.stored
        tests = []
        if term.highest > timedelta():
            tests.append(self._bounded(stored, ">", datetime.max.replace(tzinfo=UTC), -term.highest - _MARGIN))
        if term.lowest < timedelta():
            tests.append(self._bounded(stored, "<", datetime.min.replace(tzinfo=UTC), -term.lowest + _MARGIN))
        return disjunction(tests) if tests else None

    def by_beginning(self, day: Column) -> Column:
        """Return a stored day so that two of them compare as the instants at which they begin."""
        for skipped in skipped_days(self._moment.zone):
            day = case((day == skipped, literal(skipped + _DAY, Date)), else_=day)
        return day

    def _compare_days(self, term: DateTerm, comparison: str, other: Any) -> Test | None:
        if not isinstance(other, Decimal):
            return None
        if comparison == "==":
            if other != other.to_integral_value():
                return always(answer=False, on_null=False)
            low = self._days_at_least(term, int(other))
            high = self._days_at_least(term, int(other) + 1)
            return None if low is None or high is None else conjunction(low, high.negated_but_null())
        bound = {">=": ceil(other), ">": floor(other) + 1, "<": ceil(other), "<=": floor(other) + 1}[comparison]
        test = self._days_at_least(term, bound)
        return test if test is None or comparison[0] == ">" else test.negated_but_null()

    def _days_at_least(self, term: DateTerm, days: int) -> Test | None:
        clipped = max(-_DAYS_OUT_OF_CALENDAR, min(days, _DAYS_OUT_OF_CALENDAR))
        return self._compare_period(term, ">=", timedelta(days=clipped))

    def _compare_period(self, term: DateTerm, comparison: str, period: timedelta) -> Test | None:
        """Isolate the date: ``date - base < p`` is ``date < base + p``; ``base - date < p`` is ``date > base - p``."""
        if term.base is None:
            return None
        side = comparison if term.sign > 0 else MIRRORED[comparison]
        return self._bounded(term.scalar.stored, side, term.base, period if term.sign > 0 else -period)

    def _bounded(self, stored: ValueType, comparison: str, instant: datetime, shift: timedelta) -> Test:
        """Return the comparison to ``instant + shift``, which may lie outside the calendar."""
        try:
            bound = instant.astimezone(UTC) + shift
        except OverflowError:
            above = shift > timedelta()
            return always(answer=comparison != "==" and (comparison[0] == "<") == above, on_null=False)
        return self.instant(stored, comparison, bound)

    def instant(self, stored: ValueType, comparison: str, bound: datetime) -> Test:
        """Return how a stored date compares to an instant."""
        compare = COMPARISONS[comparison]

        def holds(value: Any) -> bool:
            return compare(value, bound)

        if stored is ValueType.DATE:
            return self._day(comparison, bound, holds)
        if comparison == "==":
            return Test(lambda column: column == bound, lambda column: column != bound, holds)
        opposite = COMPARISONS[OPPOSITE[comparison]]
        return Test(
            lambda column: compare(column, bound),  # type: ignore[arg-type, return-value]
            lambda column: opposite(column, bound),  # type: ignore[arg-type, return-value]
            holds,
        )

    def _day(self, comparison: str, bound: datetime, holds: Any) -> Test:
        """Return how a stored day's beginning in the moment's zone compares to an instant.

        Days begin later the later they are (a zone that skipped a day of the calendar makes two begin together), so
        the days before the instant are all up to one, and those not after it all up to another.
        """
        before = self._last_day(bound, "<")
        not_after = self._last_day(bound, "<=")

        def upto(column: Column, last: date | None) -> Condition:
            return FALSE if last is None else column <= last

        def beyond(column: Column, last: date | None) -> Condition:
            return truth(value=True) if last is None else column > last

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

    def _last_day(self, bound: datetime, comparison: str) -> date | None:
        """Return the last day whose beginning compares so to the instant, or None when there is none."""
        compare = COMPARISONS[comparison]
        around = bound.astimezone(UTC).date().toordinal()
        for ordinal in range(min(around + 3, date.max.toordinal()), max(around - 4, 0), -1):
            day = date.fromordinal(ordinal)
            try:
                if compare(day_start(day, self._moment), bound):
                    return day
            except OverflowError:
                continue
        return None
