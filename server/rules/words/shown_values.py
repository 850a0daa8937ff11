"""Values as an explanation shows them: as literals of the language, the long ones shortened."""

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from server.clock import Moment
from server.rules.language.engine import Member, fixed_offset
from server.rules.language.guard import EXPONENT_MAX
from server.rules.language.writing import write_literal

TEXT_CHARACTERS = 60
ITEMS = 5
DIGITS = 20
_NESTED_LEVELS = 3


class ShownValues:
    """Writes values as they are at one moment: a time that is midnight there is written as its day."""

    def __init__(self, moment: Moment) -> None:
        self._zone = moment.zone

    def literal(self, value: Any, level: int = 0) -> str | None:
        """Return the literal of a value, shortened with ``…``; None for a function or an object, which have none."""
        match value:
            case str():
                return write_literal(value) if len(value) <= TEXT_CHARACTERS else self._shortened(value)
            case bool() | None:
                return write_literal(value)
            case Decimal():
                return _number(value)
            case datetime():
                return self._instant(value)
            case tuple() | list() | set() | frozenset():
                return self._items(value, level)
            case Mapping() if level < _NESTED_LEVELS:
                return self._pairs(value, level)
            case _ if callable(value) or isinstance(value, Member | Mapping):
                return None
            case _:
                return write_literal(value)

    def spoken(self, value: Any) -> str:
        """Return a value within a sentence: ``blank``, ``empty``, or its literal."""
        if value is None:
            return "blank"
        if value == "":
            return "empty"
        return self.literal(value) or "something without a literal"

    def instant(self, value: datetime) -> str:
        """Return the literal of an instant with its time, at midnight too: beside ``after``, the day alone misleads."""
        return write_literal(fixed_offset(value, self._zone))

    def _shortened(self, text: str) -> str:
        return write_literal(text[:TEXT_CHARACTERS])[:-1] + '…"'

    def _instant(self, value: datetime) -> str:
        local = fixed_offset(value, self._zone)
        try:
            is_day = datetime.combine(local.date(), time(), tzinfo=self._zone) == local
        except OverflowError:
            is_day = False
        return write_literal(local.date() if is_day else local)

    def _items(self, values: Any, level: int) -> str | None:
        ordered = sorted(values, key=repr) if isinstance(values, set | frozenset) else list(values)
        if level >= _NESTED_LEVELS:
            return f"[{len(ordered)} items]" if ordered else "[]"
        items = [self.literal(value, level + 1) for value in ordered[:ITEMS]]
        if None in items:
            return None
        more = [f"… {len(ordered) - ITEMS} more"] if len(ordered) > ITEMS else []
        inside = ", ".join([*map(str, items), *more])
        return f"{{{inside}}}" if isinstance(values, set | frozenset) else f"[{inside}]"

    def _pairs(self, values: Mapping[Any, Any], level: int) -> str:
        pairs = [
            f"{self.literal(key, level + 1)}: {self.literal(value, level + 1)}"
            for key, value in list(values.items())[:ITEMS]
        ]
        more = [f"… {len(values) - ITEMS} more"] if len(values) > ITEMS else []
        return "{" + ", ".join([*pairs, *more]) + "}"


def _number(value: Decimal) -> str:
    """Write a number without the zeros that its scale in the store puts behind the point."""
    if not value.is_finite():
        return "not a number" if value.is_nan() else "infinite"
    if value and abs(value.adjusted()) >= DIGITS:
        short = f"{value.normalize():e}"
    else:
        plain = f"{value:f}"
        short = plain.rstrip("0").rstrip(".") if "." in plain else plain
    says = len(short) <= DIGITS + 2 and (not value or abs(value.adjusted()) < EXPONENT_MAX)
    return write_literal(Decimal(short)) if says else f"{value:.12g}…"
