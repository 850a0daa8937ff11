"""What SQLite borrows from Python, so that it means the same as in the evaluator."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, ColumnElement, String, func

from server.rules.language.regex import compile_regex
from server.rules.sql.quotients import divide_in_halves
from server.rules.sql.zones import DAY_MICROS, EPOCH, OffsetTable, day_offset_table, offset_table

_EPOCH_ORDINAL = EPOCH.toordinal()


def _match(pattern: str, text: str | None) -> int | None:
    return None if text is None else int(compile_regex(pattern).match(text) is not None)


def _search(pattern: str, text: str | None) -> int | None:
    return None if text is None else int(compile_regex(pattern).search(text) is not None)


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _upper(text: str | None) -> str | None:
    return None if text is None else text.upper()


def _casefold(text: str | None) -> str | None:
    return None if text is None else text.casefold()


@lru_cache(maxsize=32)
def _offsets(zone: str) -> OffsetTable:
    return offset_table(ZoneInfo(zone))


@lru_cache(maxsize=32)
def _day_offsets(zone: str) -> OffsetTable:
    return day_offset_table(ZoneInfo(zone))


def _zone_offset(zone: str, micros: int | None) -> int | None:
    return None if micros is None else _offsets(zone).at(micros)


def _day_start(zone: str, day: str | None) -> int | None:
    if day is None:
        return None
    midnight = (date.fromisoformat(day).toordinal() - _EPOCH_ORDINAL) * DAY_MICROS
    return midnight - _day_offsets(zone).at(midnight)


def _day_start_before(zone: str, micros: int | None) -> int | None:
    if micros is None:
        return None
    local = micros + _offsets(zone).at(micros)
    midnight = local - local % DAY_MICROS
    return midnight - _day_offsets(zone).at(midnight)


_FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "regex_match": (2, _match),
    "regex_search": (2, _search),
    "unicode_lower": (1, _lower),
    "unicode_upper": (1, _upper),
    "casefold": (1, _casefold),
    "divided_in_halves": (5, divide_in_halves),
    "zone_offset": (2, _zone_offset),
    "day_start": (2, _day_start),
    "day_start_before": (2, _day_start_before),
}


def sql_functions() -> Mapping[str, tuple[int, Callable[..., Any]]]:
    """Return the functions a SQLite connection must know: name → (number of arguments, deterministic function).

    ``regex_match(pattern, text)`` and ``regex_search`` answer 1 or 0 by RE2; ``unicode_lower``, ``unicode_upper`` and
    ``casefold`` follow Unicode; ``zone_offset(zone, instant)``, ``day_start(zone, day)`` and ``day_start_before(zone,
    instant)`` count in microseconds; ``divided_in_halves`` is said in ``quotients``; all answer NULL for NULL.
    """
    return _FUNCTIONS


def regex_condition(text: ColumnElement[Any], pattern: str, *, anywhere: bool) -> ColumnElement[bool]:
    """Return the condition that the text matches (SQLite only)."""
    name = "regex_search" if anywhere else "regex_match"
    return getattr(func, name)(pattern, text, type_=Boolean)  # type: ignore[no-any-return]


def lowered(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the text in lower case (SQLite only)."""
    return func.unicode_lower(text, type_=String)


def uppered(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the text in upper case (SQLite only)."""
    return func.unicode_upper(text, type_=String)
