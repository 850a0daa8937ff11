"""Dates, periods and numbers as people of other languages write them, in the forms of this one."""

import re
from datetime import datetime
from decimal import Decimal

from server.rules.language.tree import Constant, DateConstant, Kind, ListOf, Minus, Node

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_WITH_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_PERIOD = re.compile(
    r"(P?T?)(\d{1,6})\s*(seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|w|months?|years?|yrs?|y|m)",
    re.ASCII | re.IGNORECASE,
)
_DAYS = {"d": 1, "w": 7, "y": 365}
_TIMES = {"h": "H", "s": "S"}
_MONTH_DAYS = 30
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_FLAGS = {"true": "true", "yes": "true", "y": "true", "1": "true", "false": "false", "no": "false", "n": "false",
          "0": "false"}  # fmt: skip
_SENT = {
    Kind.TEXT: "text",
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "a boolean",
    Kind.INSTANT: "a date or an instant",
    Kind.PERIOD: "a period",
}


def date_form(text: str) -> str | None:
    """Return an ISO 8601 date, or instant, that a text names; None where it names none or could mean two days."""
    found = _ISO.fullmatch(text)
    if found:
        year, month, day, time = found.groups()
        return _checked(year, month, day, time)
    found = _DAY_FIRST.fullmatch(text)
    if found:
        return _checked(found[3], found[2], found[1])
    found = _WITH_SLASHES.fullmatch(text)
    if not found:
        return None
    first, second = _checked(found[3], found[1], found[2]), _checked(found[3], found[2], found[1])
    return first if second in {None, first} else second if first is None else None


def _checked(year: str, month: str, day: str, time: str | None = None) -> str | None:
    text = f"{year}-{int(month):02}-{int(day):02}" + (f"T{time}" if time else "")
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text


def period_form(text: str) -> str | None:
    """Return an ISO 8601 period of days or less; a month counts as 30 days, a year as 365; None where it is none."""
    found = _PERIOD.fullmatch(text.strip())
    if not found:
        return None
    designator, count, unit = found[1].upper(), int(found[2]), found[3].lower()
    if unit.startswith("mi") or (unit == "m" and designator == "PT"):
        return f"PT{count}M"
    if unit == "m" and not designator:
        return None  # minutes or months
    if unit[0] == "m":
        return f"P{count * _MONTH_DAYS}D"
    if unit[0] in _TIMES:
        return f"PT{count}{_TIMES[unit[0]]}"
    return f"P{count * _DAYS[unit[0]]}D"


def number_form(text: str) -> str:
    """Return a number without what groups its digits; a comma is the decimal sign where it can be no other."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        return text.replace(",", "")
    return text.replace("_", "").replace(".", "" if "," in text else ".").replace(",", ".")


def percentage_form(text: str) -> str:
    """Return ``0.125`` for ``12.5``."""
    whole, _, fraction = text.partition(".")
    digits = whole.rjust(3, "0")
    return f"{digits[:-2]}.{digits[-2:]}{fraction}".rstrip("0").rstrip(".")


def literal_as(node: Node, source: str, kind: Kind) -> str | None:
    """Return a literal, whose text is ``source``, as one of another kind; None where it is not plain what that is.

    A parameter's value, whose text is ``$name``, is not written: see ``kind_to_send``.
    """
    literal = node.operand if isinstance(node, Minus) else node
    if not isinstance(literal, Constant) or is_parameter(node, source):
        return None
    value = literal.value
    if isinstance(value, Decimal):
        days = f't"P{source}D"' if kind is Kind.PERIOD and source.isdigit() else None
        return f'"{source}"' if kind is Kind.TEXT else _FLAGS.get(source) if kind is Kind.BOOLEAN else days
    if not isinstance(value, str):
        return None
    match kind:
        case Kind.BOOLEAN:
            return _FLAGS.get(value.lower())
        case Kind.NUMBER:
            return value if _NUMBER.fullmatch(value) else None
        case Kind.INSTANT:
            date = date_form(value)
            return None if date is None else f'd"{date}"'
        case Kind.PERIOD:
            period = period_form(value)
            return None if period is None else f't"{period}"'
        case _:
            return None


def is_parameter(node: Node, source: str) -> bool:
    """Whether a node is the value of a parameter, whose name is its text, or the negative of one."""
    return source.lstrip("-( ").startswith("$") and isinstance(node, Constant | DateConstant | ListOf | Minus)


def kind_to_send(node: Node, source: str, kind: Kind) -> str:
    """Return ``; send y as text`` where a parameter's value had better be of a kind; "" for anything else."""
    sent = _SENT.get(kind)
    is_sent = sent is not None and source.startswith("$") and is_parameter(node, source)
    return f"; send {source[1:]} as {sent}" if is_sent else ""
