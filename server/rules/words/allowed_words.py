"""The values that a condition allows, as words after "needs": "3 to 4", "a value other than 0"."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from server.rules.language.tree import Kind
from server.rules.words.allowed_values import AllowedValues, Bound
from server.rules.words.shown_values import ShownValues
from server.rules.words.wording import listed

_ITEMS = 5
NUMBERS = {"<": "less than {}", "<=": "at most {}", ">": "more than {}", ">=": "at least {}"}
INSTANTS = {"<": "a date before {}", "<=": "{} or earlier", ">": "a date after {}", ">=": "{} or later"}
TEXTS = {
    "<": "to sort before {}",
    "<=": "{} or what sorts before it",
    ">": "to sort after {}",
    ">=": "{} or what sorts after it",
}
_UPPER_INSTANTS = {"<": "before {}", "<=": "not after {}"}


class AllowedWords:
    """Words for allowed values; ``shown`` writes the literals."""

    def __init__(self, shown: ShownValues) -> None:
        self._shown = shown

    def of(self, allowed: AllowedValues) -> str:
        """Return what a subject needs to be."""
        if allowed.only is not None:
            return self._one_of(allowed)
        parts = [self._range(allowed), *self._tests(allowed)]
        said = listed([part for part in parts if part] or [""], "and")
        if allowed.without and said:
            said += f", other than {listed(self._items(allowed.without, allowed), 'or')}"
        elif not said:
            said = self._other(allowed)
        bounded = bool(allowed.low or allowed.high)
        return f"blank or {said}" if allowed.blank and (bounded or allowed.tests) else said

    def _one_of(self, allowed: AllowedValues) -> str:
        values = allowed.only or ()
        if not values:
            return "to be blank"
        if values == ("",) and not allowed.blank:
            return "to be empty"
        return listed([*self._items(values, allowed), *(["blank"] if allowed.blank else [])], "or")

    def _other(self, allowed: AllowedValues) -> str:
        """Return the words for every value but some."""
        if not allowed.without or (allowed.without == ("",) and not allowed.blank):
            return "a value"
        others = listed(self._items(allowed.without, allowed), "or")
        what = "a value" if allowed.domain.nullable and not allowed.blank else "something"
        return f"{what} other than {others}"

    def _range(self, allowed: AllowedValues) -> str:
        low, high = allowed.low, allowed.high
        lower = "" if low is None else self._end(low, ">", allowed)
        if low is None or high is None:
            return lower if high is None else self._end(high, "<", allowed)
        if allowed.domain.kind is Kind.INSTANT:
            form = _UPPER_INSTANTS["<" if high.strict else "<="]
            return f"{lower}, but {form.format(self._limit(high, '<', allowed))}"
        if allowed.domain.kind in {Kind.NUMBER, Kind.PERIOD} and not (low.strict or high.strict):
            return f"{self._limit(low, '>', allowed)} to {self._limit(high, '<', allowed)}"
        return f"{lower} and {self._end(high, '<', allowed)}"

    def _end(self, bound: Bound, side: str, allowed: AllowedValues) -> str:
        forms = {Kind.INSTANT: INSTANTS, Kind.TEXT: TEXTS}.get(allowed.domain.kind, NUMBERS)
        return forms[side if bound.strict else f"{side}="].format(self._limit(bound, side, allowed))

    def _limit(self, bound: Bound, side: str, allowed: AllowedValues) -> str:
        """Return an end; where a day alone would be read as all of the day, its midnight."""
        begins = bound.strict is (side == "<")  # ">= day" and "< day" speak of where the day begins anyway
        return self._shown.spoken(bound.value) if begins else self._exact(bound.value, allowed)

    def _exact(self, value: Any, allowed: AllowedValues) -> str:
        if isinstance(value, datetime) and allowed.domain.days is None:
            return self._shown.instant(value)
        return self._shown.spoken(value)

    def _items(self, values: tuple[Any, ...], allowed: AllowedValues) -> list[str]:
        shown = [self._exact(value, allowed) for value in values[:_ITEMS]]
        if len(values) > _ITEMS:
            return [*shown[:-1], f"one of {len(values) - _ITEMS + 1} more"]
        return shown

    def _tests(self, allowed: AllowedValues) -> list[str]:
        return [
            f"{'to' if test.want else 'not to'} {test.how} {self._shown.spoken(test.text)}" for test in allowed.tests
        ]


def is_none(allowed: AllowedValues) -> bool:
    """Whether a number must be 0."""
    return allowed.only == (Decimal(0),)


def is_some(allowed: AllowedValues) -> bool:
    """Whether a number must be at least 1, and may be any more."""
    at_least_one = allowed.only is None and allowed.low == Bound(Decimal(1), strict=False)
    return at_least_one and allowed.high is None and not allowed.without
