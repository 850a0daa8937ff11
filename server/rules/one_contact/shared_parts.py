"""Parts that several rules have in common: each is computed once for a contact."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from weakref import WeakValueDictionary

from server.rules.one_contact.closure_function import function_of
from server.rules.one_contact.closure_writing import Source
from server.rules.one_contact.contact_values import PreparedContact


class Part:
    """A part of rules as a function of a contact; a PreparedContact keeps what it came to."""

    __slots__ = ("__weakref__", "_function")

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function

    def compute(self, contact: PreparedContact) -> Any:
        """Return the part's value; raises whatever its evaluation raises."""
        return self._function(contact)


class SharedParts:
    """Knows equal parts by their source and by what its names are bound to; forgets those that no rule has.

    Thread safety: for one writer at a time.
    """

    def __init__(self) -> None:
        self._parts: WeakValueDictionary[tuple[Any, ...], Part] = WeakValueDictionary()

    def part(self, source: Source) -> Part | None:
        """Return the one part that equals this one; None when equality cannot be told."""
        try:
            key = source.text, *map(_identity, source.names.values())
        except TypeError:
            return None
        part = self._parts.get(key)
        if part is None:
            part = self._parts[key] = Part(function_of(source))
        return part


def _identity(value: Any) -> Any:
    """Return something that is equal for what no rule can tell apart; raises TypeError for what is not known."""
    if isinstance(value, (Decimal, datetime)):
        return type(value), str(value)
    if isinstance(value, tuple):
        return tuple, *map(_identity, value)
    if isinstance(value, frozenset):
        return frozenset, frozenset(map(_identity, value))
    hash(value)  # sets and mappings are not told apart
    return type(value), value
