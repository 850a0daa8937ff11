"""What the functions made of rules can call: the meanings of the language that Python's operators do not have.

Where an operator of Python means the same for the types at hand, it is used directly and nothing here is called.
"""

import math
import operator
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn

from server.rules.language.engine import WEEKDAYS, fixed_offset, midnight, plain_attribute
from server.rules.one_contact.contact_values import IrregularValueError, PreparedMember

_ZERO = Decimal(0)


class UndefinedError(Exception):
    """The rule says nothing about this contact."""


def fail() -> NoReturn:
    """Stand for a constant part that cannot be computed: it raises whenever it is reached."""
    raise UndefinedError


def too_long() -> NoReturn:
    """Leave a contact with so many members that the loops of the rule might pass their limit to rule-engine."""
    raise IrregularValueError


def equal(left: Any, right: Any) -> bool:
    """Return what ``==`` means: values of different types are never equal."""
    return type(left) is type(right) and left == right


def unequal(left: Any, right: Any) -> bool:
    """Return what ``!=`` means."""
    return type(left) is not type(right) or left != right


def in_order(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    """Return what ``<``, ``<=``, ``>``, ``>=`` mean where the types are not plain: lists, nulls, unknown ones."""
    if left is None and right is None:
        return compare is operator.ge or compare is operator.le
    if type(left) is tuple and type(right) is tuple:
        for one, other in zip(left, right, strict=False):
            if in_order(operator.ne, one, other):
                return in_order(compare, one, other)
        if len(left) != len(right):
            return compare(len(left), len(right))
        return compare is operator.ge or compare is operator.le
    if type(left) is not type(right):
        raise UndefinedError
    return compare(left, right)


def not_null(value: Any) -> Any:
    """Return a value that has attributes; null, which rule-engine did not foresee there, has none."""
    if value is None:
        raise UndefinedError
    return value


def negatable(value: Any) -> Any:
    """Return a value that must be a number or a period, as ``-`` takes it."""
    if value is None or isinstance(value, (bool, str, datetime, tuple)):
        raise UndefinedError
    return value


def whole(value: Any) -> int:
    """Return a whole number as Python's."""
    if type(value) is not Decimal or not value.is_finite() or math.floor(value) != value:
        raise UndefinedError
    return int(value)


def limit(value: Any) -> int | None:
    """Return the limit of a slice."""
    return None if value is None else whole(value)


def item_or_null(container: Any, place: int) -> Any:
    """Return an item of a text or a list, null where there is none."""
    try:
        return container[place]
    except IndexError:
        return None


def plain_items(items: Iterable[Any]) -> tuple[Any, ...]:
    """Return items as a list; rule-engine makes none of objects."""
    found = tuple(items)
    _refuse_objects(found)
    return found


def _refuse_objects(value: Any) -> None:
    if isinstance(value, PreparedMember):
        raise UndefinedError
    if isinstance(value, tuple):
        for item in value:
            _refuse_objects(item)
    elif isinstance(value, OrderedDict):
        _refuse_objects((*value.keys(), *value.values()))


def match_unless_null(match: Callable[[str], Any], text: str | None) -> Any:
    """Return a match; null has none."""
    return None if text is None else match(text)


def floor(value: Decimal) -> Decimal:
    """Return the greatest whole number that is not above."""
    return Decimal(math.floor(value)) if value.is_finite() else value


def ceiling(value: Decimal) -> Decimal:
    """Return the least whole number that is not below."""
    return Decimal(math.ceil(value)) if value.is_finite() else value


def total(numbers: Any) -> Decimal:
    """Return the sum."""
    return sum(numbers, _ZERO)


def extreme(choose: Callable[[Any], Any], numbers: Any) -> Decimal:
    """Return the greatest or the least of some numbers; raises when there is none or one is null."""
    chosen = choose(numbers)
    if type(chosen) is not Decimal:
        raise UndefinedError
    return chosen


def text_number(text: str) -> Decimal:
    """Return the number that a text shows."""
    number: Decimal = plain_attribute(text, "to_flt")
    return number


def text_whole(text: str) -> Decimal:
    """Return the whole number that a text shows."""
    number: Decimal = plain_attribute(text, "to_int")
    return number


def checked_whole(value: Decimal) -> Decimal:
    """Return a number that must be whole."""
    number: Decimal = plain_attribute(value, "to_int")
    return number


def number_text(value: Decimal) -> str:
    """Return a number as text."""
    text: str = plain_attribute(value, "to_str")
    return text


def weekday(instant: datetime) -> str:
    """Return the English name of the day."""
    return WEEKDAYS[instant.weekday()]


def decimal_of_float(value: float) -> Decimal:
    """Return a float as the language reads it: by its shortest notation."""
    return Decimal(repr(value))


RUNTIME: dict[str, Any] = {
    "abs": abs,
    "all": all,
    "any": any,
    "ceiling": ceiling,
    "checked_whole": checked_whole,
    "Decimal": Decimal,
    "decimal_of_float": decimal_of_float,
    "equal": equal,
    "extreme": extreme,
    "fail": fail,
    "fixed_offset": fixed_offset,
    "floor": floor,
    "ge": operator.ge,
    "gt": operator.gt,
    "in_order": in_order,
    "isnan": math.isnan,
    "item_or_null": item_or_null,
    "le": operator.le,
    "len": len,
    "limit": limit,
    "lt": operator.lt,
    "match_unless_null": match_unless_null,
    "max": max,
    "midnight": midnight,
    "min": min,
    "negatable": negatable,
    "not_null": not_null,
    "number_text": number_text,
    "OrderedDict": OrderedDict,
    "plain_items": plain_items,
    "set": set,
    "text_number": text_number,
    "text_whole": text_whole,
    "too_long": too_long,
    "total": total,
    "tuple": tuple,
    "unequal": unequal,
    "weekday": weekday,
    "whole": whole,
}
"""The built-in names of a function made of a rule; it can reach nothing else."""
