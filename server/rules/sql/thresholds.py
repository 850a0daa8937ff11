"""Where a function of one stored integer lies above a bound: exactly, by bisection.

A number is stored as an integer. What a rule computes from it, as in ``balance * 2 + 1``, rises or falls with that
integer on a few pieces of its range; rounding does not spoil that, because it never swaps two numbers. So the integers
for which the result lies above a bound are a few ranges, whose ends are found in at most 64 steps a piece with the
language's own decimals, roundings included. SQL then asks for a bare range of the column, which an index answers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from typing import NamedTuple

Range = tuple[int, int]
"""First and last integer, both included."""

_ZERO = Decimal(0)


def decimals() -> Context:
    """Return a context that calculates as the language does."""
    return Context(prec=28)


class Piece(NamedTuple):
    """Integers on which a function only rises, or only falls; it may stand still."""

    first: int
    last: int
    rising: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the integers of a range, as the language computes it.

    Attributes:
        value: what an integer stands for.
        apply: the function of such a value; raises ArithmeticError where the language raises.
        pieces: where it rises or falls; in order, and none overlap.
        raising: the integers for which it raises; no piece holds one.
    """

    value: Callable[[int], Decimal]
    apply: Callable[[Decimal], Decimal]
    pieces: tuple[Piece, ...]
    raising: tuple[Range, ...] = ()

    @classmethod
    def identity(cls, first: int, last: int, value: Callable[[int], Decimal]) -> "Function":
        """Return the values themselves, which rise with the integers."""
        return cls(value, lambda number: number, (Piece(first, last, rising=True),))

    def at(self, integer: int) -> Decimal:
        """Return the result for an integer."""
        return self.apply(self.value(integer))

    def then(self, operation: Callable[[Decimal], Decimal], *, rising: bool) -> "Function | None":
        """Return the function followed by one that rises, or falls, everywhere; None where that raises."""
        inner = self.apply
        pieces = tuple(Piece(first, last, was_rising == rising) for first, last, was_rising in self.pieces)
        found = replace(self, apply=lambda number: operation(inner(number)), pieces=pieces)
        return found if found.is_defined() else None

    def magnitude(self, operation: Callable[[Decimal], Decimal]) -> "Function":
        """Return the function followed by ``operation``, which takes the absolute value."""
        inner = self.apply
        pieces = []
        for piece in self.pieces:
            not_negative = self.above(piece, _ZERO, or_equal=True)
            if not_negative is not None:
                pieces.append(Piece(*not_negative, piece.rising))
            pieces += [Piece(*part, not piece.rising) for part in _without(piece, not_negative)]
        return replace(self, apply=lambda number: operation(inner(number)), pieces=tuple(sorted(pieces)))

    def divisor(self, operation: Callable[[Decimal], Decimal], *, rising: bool) -> "Function | None":
        """Return ``operation``, which divides a constant by the result; it raises where the result is 0.

        ``rising``: whether the quotient rises with a divisor that keeps its sign.
        """
        inner = self.apply
        pieces: list[Piece] = []
        raising = list(self.raising)
        for piece in self.pieces:
            positive = self.above(piece, _ZERO, or_equal=False)
            others = _without(piece, positive)
            for part in [positive, *others]:
                if part is None:
                    continue
                zero = None if part is positive else self.above(Piece(*part, piece.rising), _ZERO, or_equal=True)
                raising += [] if zero is None else [zero]
                pieces += [Piece(*kept, piece.rising == rising) for kept in _without(part, zero)]
        found = Function(
            self.value, lambda number: operation(inner(number)), tuple(sorted(pieces)), tuple(sorted(raising))
        )
        return found if found.is_defined() else None

    def with_other(
        self, other: "Function", operation: Callable[[Decimal, Decimal], Decimal], *, other_rising: bool
    ) -> "Function | None":
        """Return ``operation`` of two functions of the same integer, which rises with the first.

        ``other_rising``: whether it rises with the second. None where one lifts it and the other lowers it.
        """
        if self.raising or other.raising:
            return None
        pieces: list[Piece] = []
        for mine in self.pieces:
            for theirs in other.pieces:
                first, last = max(mine.first, theirs.first), min(mine.last, theirs.last)
                if first > last:
                    continue
                if mine.rising != (theirs.rising == other_rising):
                    return None
                pieces.append(Piece(first, last, mine.rising))
        left, right = self.apply, other.apply
        found = Function(self.value, lambda number: operation(left(number), right(number)), tuple(sorted(pieces)))
        return found if found.is_defined() else None

    def is_defined(self) -> bool:
        """Whether no piece raises; a function that rises or falls can fail only at the ends of a piece."""
        try:
            for piece in self.pieces:
                self.at(piece.first)
                self.at(piece.last)
        except ArithmeticError:
            return False
        return True

    def above(self, piece: Piece, bound: Decimal, *, or_equal: bool) -> Range | None:
        """Return the integers of a piece whose result is above a bound, or equal to it if that counts as well."""

        def passes(integer: int) -> bool:
            found = self.at(integer)
            return found > bound or (or_equal and found == bound)

        first, last, rising = piece
        if passes(first if rising else last):
            return first, last
        if not passes(last if rising else first):
            return None
        outside, inside = (first, last) if rising else (last, first)
        while abs(inside - outside) > 1:
            middle = (inside + outside) // 2
            if passes(middle):
                inside = middle
            else:
                outside = middle
        return (inside, last) if rising else (first, inside)

    def where(self, comparison: str, bound: Decimal) -> tuple[Range, ...]:
        """Return the integers whose result compares so to a bound, in order."""
        found: list[Range] = []
        for piece in self.pieces:
            beyond = None if comparison in {">=", "<"} else self.above(piece, bound, or_equal=False)
            reached = None if comparison in {">", "<="} else self.above(piece, bound, or_equal=True)
            if comparison[0] == ">":
                found += [part for part in (beyond, reached) if part is not None]
            elif comparison[0] == "<":
                found += _without(piece, beyond if comparison == "<=" else reached)
            elif reached is not None:
                found += _without(reached, beyond)
        return merged(found)


def _without(whole: Sequence[int], part: Range | None) -> list[Range]:
    """Return what is left of a range (or piece) without a part of it."""
    first, last = whole[0], whole[1]
    if part is None:
        return [(first, last)]
    left = [(first, part[0] - 1)] if part[0] > first else []
    return [*left, (part[1] + 1, last)] if part[1] < last else left


def merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Return ranges in order, neighbours joined."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def outside(ranges: Sequence[Range], first: int, last: int) -> tuple[Range, ...]:
    """Return the integers from ``first`` to ``last`` that are in none of the ranges, which are in order."""
    found: list[Range] = []
    start = first
    for low, high in ranges:
        if low > start:
            found.append((start, low - 1))
        start = high + 1
    return (*found, (start, last)) if start <= last else tuple(found)
