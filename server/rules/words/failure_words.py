"""Why a part of a rule has no value, in words that know nothing of rule-engine."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from server.rules.language.tree import (
    Arithmetic,
    Attribute,
    Builtin,
    Call,
    Comprehension,
    Contains,
    Item,
    Minus,
    Node,
    Order,
    Slice,
)
from server.rules.words.observation import Failure

_UNREADABLE = {
    "parse_float": "the text is not a number",
    "parse_datetime": "the text is not a date",
    "parse_timedelta": "the text is not a period",
}
_MISSING = object()


def why_it_fails(failure: Failure) -> str:
    """Return the reason: ``division by 0``, ``the list is empty``."""
    node = failure.origin
    values = [failure.operands.get(part.index, _MISSING) for part in node.children()]
    match node:
        case Arithmetic():
            return _calculation(node, values)
        case Minus():
            return "a blank value has no negative" if values[0] is None else "the value has no negative"
        case Order():
            return _order(values)
        case Attribute():
            return _attribute(node, values[0])
        case Item():
            return _item(values)
        case Slice():
            return "the value is blank" if values[0] is None else "a limit is not a whole number"
        case Call():
            return _call(node, values)
        case Contains():
            blank = values[1] is None and isinstance(values[0], str)
            return "a blank value cannot be looked for in a text" if blank else "the value cannot be looked for here"
        case Comprehension():
            return "the loops of this rule run too long"
        case _:
            return "the value is not of the expected kind"


def _calculation(node: Arithmetic, values: list[Any]) -> str:
    if node.operator in {"/", "//", "%"} and isinstance(values[1], Decimal) and values[1] == 0:
        return "division by 0"
    if None in values:
        return "a blank value cannot be calculated with"
    return _out_of_range(values)


def _out_of_range(values: list[Any]) -> str:
    if any(isinstance(value, datetime) for value in values):
        return "the date is out of range"
    if any(isinstance(value, timedelta) for value in values):
        return "the period is out of range"
    if all(isinstance(value, Decimal) for value in values):
        return "the number is out of range"
    return "these values cannot be combined"


def _order(values: list[Any]) -> str:
    if None in values:
        return "a blank value is neither less nor more than another"
    if any(isinstance(value, Decimal) and value.is_nan() for value in values):
        return "a value is not a number"
    return "these values have no order"


def _attribute(node: Attribute, target: Any) -> str:
    if target is None:
        return f"a blank value has no .{node.name}"
    if node.name == "to_int":
        return "the number is not whole" if isinstance(target, Decimal) else "the text is not a whole number"
    if isinstance(target, Decimal):
        return "the value is not a number" if not target.is_finite() else "the number is out of range"
    if isinstance(target, datetime):
        return "the date is out of range"
    return f"the value has no .{node.name}"


def _item(values: list[Any]) -> str:
    container, key = values
    if container is None:
        return "the value is blank"
    if isinstance(container, Mapping):
        return "there is no such key"
    if isinstance(key, Decimal) and isinstance(container, str | tuple):
        if not key.is_finite() or key != int(key):
            return "the position is not a whole number"
        what = "characters" if isinstance(container, str) else "items"
        return f"there is nothing at position {int(key)} of {len(container)} {what}"
    return "there is no such item"


def _call(node: Call, values: list[Any]) -> str:
    name = _function_name(node.function)
    given = values[1] if len(values) > 1 else _MISSING
    if name in _UNREADABLE and isinstance(given, str):
        return _UNREADABLE[name]
    if isinstance(given, tuple | list):
        if not given:
            return "the list is empty"
        if None in given:
            return "the list has a blank value"
        if any(isinstance(value, Decimal) and value.is_nan() for value in given):
            return "the list has a value that is not a number"
    return "a blank value cannot be used here" if given is None else "the value cannot be used here"


def _function_name(function: Node) -> str:
    return function.name if isinstance(function, Builtin | Attribute) else ""
