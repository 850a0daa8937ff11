"""Ways to make a chain of conditions true: conditions on one subject are combined, and impossible ones left out.

A way names subjects and the values they need; what it does not name stays as it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from server.rules.language.tree import Node
from server.rules.words.allowed_values import AllowedCodes, AllowedValues, Whether

_WAYS_MAX = 64

Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Condition:
    """What one subject needs to be.

    Attributes:
        key: equal for conditions on the same subject.
        subject: the part of the rule that stands for it.
        allowed: what it needs to be; of one type for one key.
        held: whether the contact has it so.
    """

    key: Key
    subject: Node
    allowed: AllowedValues | AllowedCodes | Whether
    held: bool

    def both(self, other: "Condition") -> "Condition":
        """Return the condition that both together are; they are on one subject."""
        allowed: Any = self.allowed
        return Condition(self.key, self.subject, allowed.both(other.allowed), self.held and other.held)

    @property
    def demand(self) -> tuple[Key, Any]:
        """What makes it the same as another, wherever the two stand in the rule."""
        return self.key, self.allowed


@dataclass(frozen=True, slots=True)
class All:
    """Every one of several; none: nothing has to change."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several; none: it cannot be."""

    ways: tuple["Formula", ...]


Formula: TypeAlias = All | Either | Condition
_Way: TypeAlias = dict[Key, Condition]


def changes(formula: Formula) -> Formula | None:
    """Return what has to change for a formula to hold; None where nothing makes it hold.

    Of an ``Either`` one way is to be taken, and then what only the others name stays. Of very many ways some are found.
    """
    if _held(formula):
        return All(())
    match formula:
        case Condition():
            return formula if formula.allowed.possible else None
        case Either(ways=ways):
            return _either(changes(way) for way in ways)
        case All():
            solved = [_of_group(group) for group in _groups(_flat(formula))]
            needs = [need for need in solved if need is not None]
            return None if len(needs) < len(solved) else _all(needs)


def _of_group(parts: list[Formula]) -> Formula | None:
    """Return the changes for parts that share subjects."""
    if len(parts) == 1:
        return changes(parts[0])
    if all(_held(part) for part in parts):
        return All(())
    ways = [[one for one in way.values() if not one.held] for way in _ways(All(tuple(parts)))]
    demands = [{one.demand for one in way} for way in ways]
    fewest = [way for way, asked in zip(ways, demands, strict=True) if not any(less < asked for less in demands)]
    if not fewest:
        return None
    common = set.intersection(*({one.demand for one in way} for way in fewest))
    always = [one for one in fewest[0] if one.demand in common]
    return _all([*always, *_rest([[one for one in way if one.demand not in common] for way in fewest])])


def _rest(ways: list[list[Condition]]) -> Iterator[Formula]:
    different = {frozenset(one.demand for one in way): way for way in ways}
    need = _either(_all(way) for way in different.values())
    if need is not None:
        yield need


def _ways(formula: Formula) -> list[_Way]:
    """Return the ways in which a formula can hold, those that change least first where there are too many."""
    match formula:
        case Condition():
            return [{formula.key: formula}] if formula.allowed.possible else []
        case Either(ways=parts):
            return _least([way for part in parts for way in _ways(part)])
        case All(parts=parts):
            found: list[_Way] = [{}]
            for part in parts:
                more = _ways(part)
                found = _least([joined for way in found for other in more for joined in _joined(way, other)])
            return found


def _joined(way: _Way, other: _Way) -> Iterator[_Way]:
    """Yield the way that is both, where it is possible."""
    both = dict(way)
    for key, condition in other.items():
        both[key] = both[key].both(condition) if key in both else condition
        if not both[key].allowed.possible:
            return
    yield both


def _least(ways: list[_Way]) -> list[_Way]:
    if len(ways) <= _WAYS_MAX:
        return ways
    return sorted(ways, key=lambda way: sum(1 for one in way.values() if not one.held))[:_WAYS_MAX]


def _held(formula: Formula) -> bool:
    match formula:
        case Condition():
            return formula.held
        case Either(ways=ways):
            return any(_held(way) for way in ways)
        case All(parts=parts):
            return all(_held(part) for part in parts)


def _flat(formula: All) -> Iterator[Formula]:
    for part in formula.parts:
        if isinstance(part, All):
            yield from _flat(part)
        else:
            yield part


def _groups(parts: Iterable[Formula]) -> list[list[Formula]]:
    """Return the parts in groups that share no subject, in the order of the rule."""
    groups: list[tuple[set[Key], list[tuple[int, Formula]]]] = []
    for place, part in enumerate(parts):
        keys, members = set(_keys(part)), [(place, part)]
        apart = []
        for group in groups:
            if group[0].isdisjoint(keys):
                apart.append(group)
            else:
                keys |= group[0]
                members = [*group[1], *members]
        groups = [*apart, (keys, members)]
    ordered = sorted(sorted(members, key=_place) for _, members in groups)
    return [[part for _, part in members] for members in ordered]


def _place(member: tuple[int, Formula]) -> int:
    return member[0]


def _keys(formula: Formula) -> Iterator[Key]:
    match formula:
        case Condition():
            yield formula.key
        case All(parts=parts) | Either(ways=parts):
            for part in parts:
                yield from _keys(part)


def _all(needs: Iterable[Formula]) -> Formula:
    parts = tuple(need for need in needs if need != All(()))
    return parts[0] if len(parts) == 1 else All(parts)


def _either(needs: Iterable[Formula | None]) -> Formula | None:
    different: dict[object, Formula] = {}
    for need in needs:
        if need is not None:
            different.setdefault(_demand(need), need)
    if not different:
        return None
    return next(iter(different.values())) if len(different) == 1 else Either(tuple(different.values()))


def _demand(formula: Formula) -> object:
    """Return what makes a formula the same as another."""
    match formula:
        case Condition():
            return formula.demand
        case All(parts=parts) | Either(ways=parts):
            return type(formula), tuple(map(_demand, parts))
