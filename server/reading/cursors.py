"""Opaque cursors: the place of a row in a list, bound to the list's order and filter."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from server.errors import InvalidInputError
from server.store.types import EPOCH

_CURSOR_CHARACTERS = 4_096
_BIGGEST_KEY = 2**63 - 1
_NO_CURSOR = "This is no cursor; take cursors from pageInfo or edges."
_MICROSECOND = timedelta(microseconds=1)


def fingerprint(*parts: Any) -> str:
    """Return a short text that differs between lists of different order or filter."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def encode_cursor(bound_to: str, values: Sequence[Any]) -> str:
    """Return the cursor of a row whose order keys have these values."""
    text = json.dumps([bound_to, *map(_storable, values)], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, bound_to: str, types: Sequence[tuple[type, bool]], *, argument: str) -> tuple[Any, ...]:
    """Return the values of the order keys.

    Args:
        cursor: as the client sent it.
        bound_to: fingerprint of the list it must belong to.
        types: of each order key: str, int, date or datetime, and whether it may be None.
        argument: the argument's name, for the error.

    Raises: InvalidInputError when it is no cursor, or one of another list.
    """
    values = _decoded(cursor)
    if not values or not isinstance(values[0], str):
        raise InvalidInputError(_NO_CURSOR, path=(argument,))
    if values[0] != bound_to:
        msg = "The cursor belongs to another list, order or filter; start again without it."
        raise InvalidInputError(msg, path=(argument,))
    try:
        return tuple(
            None if value is None and nullable else _value(value, type_)
            for value, (type_, nullable) in zip(values[1:], types, strict=True)
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidInputError(_NO_CURSOR, path=(argument,)) from error


def _decoded(cursor: str) -> list[Any] | None:
    if len(cursor) > _CURSOR_CHARACTERS or not cursor.isascii():
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return values if isinstance(values, list) else None


def _storable(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value - EPOCH) // _MICROSECOND
    if isinstance(value, date):
        return value.isoformat()
    return value


def _value(value: Any, type_: type) -> Any:
    """Return a decoded value as the order key's type; raises TypeError or ValueError when it is none."""
    if type_ is str and isinstance(value, str):
        if "\0" in value:
            raise ValueError(value)
        value.encode()  # refuses lone surrogates, which no database stores
        return value
    if type_ is date and isinstance(value, str):
        return date.fromisoformat(value)
    if type_ in {int, datetime} and isinstance(value, int) and not isinstance(value, bool):
        if abs(value) > _BIGGEST_KEY:
            raise OverflowError(value)
        return value if type_ is int else (EPOCH + value * _MICROSECOND).astimezone(UTC)
    raise TypeError(value)
