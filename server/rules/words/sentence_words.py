"""Literals and names as English: dates in words, periods in words, codes without quotes."""

import re
from collections.abc import Collection as Container
from datetime import datetime, time, timedelta
from decimal import Decimal

from server.rules.language.symbols import Symbol, ValueType
from server.rules.language.writing import write_literal
from server.rules.words.wording import words

_CODE = re.compile(r"[A-Z][A-Z0-9_-]*")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_BARE_DATES = {"on": "date", "at": "time"}


def constant_words(value: str | Decimal | bool | timedelta | None) -> str:
    """Return a literal: ``DE`` for a code, ``"Berlin"`` for a text, ``90 days``, ``blank`` for null."""
    match value:
        case None:
            return "blank"
        case str() if _CODE.fullmatch(value):
            return value
        case timedelta():
            return period_words(value)
        case _:
            return write_literal(value)


def date_words(value: datetime, *, timed: bool = False) -> str:
    """Return ``1 January 2026``, with the time where it is not midnight, a zone is written, or ``timed``."""
    day = f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    offset = value.utcoffset()
    if offset is None and value.time() == time() and not timed:
        return day
    clock = value.time().isoformat("auto" if value.second or value.microsecond else "minutes")
    zone = (
        ""
        if offset is None
        else " UTC"
        if not offset
        else " " + value.isoformat()[len(value.replace(tzinfo=None).isoformat()) :]
    )
    return f"{day} {clock}{zone}"


def period_words(value: timedelta) -> str:
    """Return ``90 days``, ``1 hour 30 minutes``, ``minus 1 day``."""
    if value < timedelta():
        return f"minus {period_words(-value)}"
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0") if value.microseconds else ""
    parts = [
        (str(value.days), "day"),
        (str(hours), "hour"),
        (str(minutes), "minute"),
        (f"{seconds}{fraction}", "second"),
    ]
    said = [f"{count} {unit}{'' if count == '1' else 's'}" for count, unit in parts if count != "0"]
    return " ".join(said) or "0 seconds"


def happened(symbol: Symbol, names: Container[str]) -> str | None:
    """Return ``created`` for ``created_at``: what is said of the owner, "it was created"; None for other symbols."""
    stem = _stem(symbol, names)
    return stem if stem is not None and stem.endswith("ed") and "_" not in stem else None


def symbol_words(symbol: Symbol, names: Container[str]) -> str:
    """Return a symbol as a noun: ``last interaction`` for ``last_interaction_on``, ``attribute tier``.

    Args:
        symbol: the symbol.
        names: of all symbols beside it, so that no two get the same words.
    """
    group, _, name = symbol.name.rpartition(".")
    if group:
        return f"attribute {words(name)}"
    bare = _BARE_DATES.get(name)
    if bare is not None and bare not in names:
        return bare
    stem = _stem(symbol, names)
    if stem is not None and "_" in stem:
        return words(stem)
    number = f"{name[:-2]}number"
    is_number = name == "no" or name.endswith("_no")
    return words(number if is_number and number not in names else name)


def _stem(symbol: Symbol, names: Container[str]) -> str | None:
    """Return the name of a date without its preposition, where nothing else is called that."""
    stem, _, preposition = symbol.name.rpartition("_")
    dated = symbol.type in {ValueType.DATE, ValueType.DATETIME} and preposition in _BARE_DATES
    return stem if dated and stem and stem not in names else None
