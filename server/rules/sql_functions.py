"""What SQLite borrows from Python, so that it means the same as in the evaluator."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, func

from server.rules.regex import compile_regex


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


_FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "regex_match": (2, _match),
    "regex_search": (2, _search),
    "unicode_lower": (1, _lower),
    "unicode_upper": (1, _upper),
    "casefold": (1, _casefold),
}


def sql_functions() -> Mapping[str, tuple[int, Callable[..., Any]]]:
    """Return the functions a SQLite connection must know: name → (number of arguments, deterministic function).

    ``regex_match(pattern, text)`` and ``regex_search`` answer 1 or 0 by RE2; ``unicode_lower``, ``unicode_upper`` and
    ``casefold`` follow Unicode; all answer NULL for NULL.
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
