"""Which names of a contact differ between two states of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any


def changed_names(before: Mapping[str, Any], after: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Return which of these names have values that a rule could tell apart, and those that a state lacks.

    ``attributes.tier`` is one custom attribute; ``interactions.cost`` counts as changed when the collection did.
    """
    same: dict[str, bool] = {}
    changed: list[str] = []
    for name in names:
        owner, _, member = name.partition(".")
        if member and isinstance(before.get(owner), Mapping):
            is_same = _is_same(before[owner].get(member), after.get(owner, {}).get(member))
        else:
            if owner not in same:
                same[owner] = owner in before and owner in after and _is_same(before[owner], after[owner])
            is_same = same[owner]
        if not is_same:
            changed.append(name)
    return changed


def _is_same(one: Any, other: Any) -> bool:
    """Whether no rule can tell two values apart: ``1.0`` and ``1`` are equal, but not as texts."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, Decimal):
        return bool(one.as_tuple() == other.as_tuple())
    if isinstance(one, datetime):
        return bool(one == other and one.tzinfo == other.tzinfo)
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_is_same(one[key], other[key]) for key in one)
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return bool(one == other)
