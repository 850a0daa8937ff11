"""The bracket of a rule: what SQL can prove about it.

For every row of the subject: where ``must`` holds the rule is true, unless it raises; where the rule is true ``may``
holds; and only where ``err`` holds can it raise. In all three NULL counts as false.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Exists, and_, false, func, not_, or_, true
from sqlalchemy.sql.elements import False_, True_

from server.errors import TextRange

Condition = ColumnElement[bool]

TRUE: Condition = true()
FALSE: Condition = false()


def is_true(condition: Condition) -> bool:
    """Whether the condition is the constant true."""
    return isinstance(condition, True_)


def is_false(condition: Condition) -> bool:
    """Whether the condition is the constant false."""
    return isinstance(condition, False_)


def truth(value: bool) -> Condition:
    """Return the constant."""
    return TRUE if value else FALSE


def every(conditions: Sequence[Condition]) -> Condition:
    """Return the conjunction; true of nothing."""
    kept = [condition for condition in conditions if not is_true(condition)]
    if any(is_false(condition) for condition in kept):
        return FALSE
    if not kept:
        return TRUE
    return kept[0] if len(kept) == 1 else and_(*kept)


def some(conditions: Sequence[Condition]) -> Condition:
    """Return the disjunction; false of nothing."""
    kept = [condition for condition in conditions if not is_false(condition)]
    if any(is_true(condition) for condition in kept):
        return TRUE
    if not kept:
        return FALSE
    return kept[0] if len(kept) == 1 else or_(*kept)


def unless(condition: Condition) -> Condition:
    """Return where the condition does not hold, NULL counting as not holding."""
    if is_true(condition):
        return FALSE
    if is_false(condition):
        return TRUE
    if isinstance(condition, Exists) or isinstance(getattr(condition, "element", None), Exists):
        return not_(condition)  # neither EXISTS nor its negation is ever NULL
    return not_(func.coalesce(condition, FALSE))


@dataclass(frozen=True, slots=True)
class Residue:
    """A part of a rule that SQL cannot decide.

    Attributes:
        place: where it stands in the text.
        reason: why, for a person.
    """

    place: TextRange
    reason: str


@dataclass(frozen=True, slots=True)
class Tri:
    """A bracket around one part of a rule, in one polarity.

    Attributes:
        settled: whether ``must`` never holds where ``err`` does.
    """

    must: Condition
    may: Condition
    err: Condition
    settled: bool = False

    @property
    def exact(self) -> bool:
        """Whether SQL decides every row."""
        return self.must is self.may and is_false(self.err)


def exactly(condition: Condition) -> Tri:
    """Return the bracket of a part that is decided by one condition and never raises."""
    return Tri(condition, condition, FALSE)


def both(parts: Sequence[Tri], guards: Sequence[Condition]) -> Tri:
    """Return the bracket of a conjunction whose parts are evaluated in order, each only where its guard holds."""
    return _joined(parts, guards, conjunction=True)


def either(parts: Sequence[Tri], guards: Sequence[Condition]) -> Tri:
    """Return the bracket of a disjunction whose parts are evaluated in order, each only where its guard holds."""
    return _joined(parts, guards, conjunction=False)


def _joined(parts: Sequence[Tri], guards: Sequence[Condition], *, conjunction: bool) -> Tri:
    join = every if conjunction else some
    must = join([part.must for part in parts])
    same = all(part.must is part.may for part in parts)
    may = must if same else join([part.may for part in parts])
    err = FALSE
    for part, guard in zip(reversed(parts), reversed(guards), strict=True):
        # read from the right: this part raises, or it lets the evaluation go on and the rest raises
        err = some([part.err, every([guard, err])])
    settled = conjunction and all(part.settled or is_false(part.err) for part in parts)
    return Tri(must, may, err, settled)


@dataclass(frozen=True, slots=True)
class Bracket:
    """The compiled rule: conditions over the subject table.

    Attributes:
        must: where the rule is true unless it raises.
        may: where it can be true.
        err: where it can raise.
        sure: where it is proved true.
        open: where SQL proves nothing: these rows are decided one by one.
        exact: ``open`` is empty whatever the data.
        residue: the parts that make ``open``, in the order of the text.
    """

    must: Condition
    may: Condition
    err: Condition
    sure: Condition
    open: Condition
    exact: bool
    residue: tuple[Residue, ...]

    @classmethod
    def of(cls, tri: Tri, residue: Sequence[Residue]) -> "Bracket":
        """Return the bracket around a whole rule."""
        sure = tri.must if tri.settled else every([tri.must, unless(tri.err)])
        if tri.exact:
            return cls(tri.must, tri.may, tri.err, sure, FALSE, exact=True, residue=())
        if tri.must is tri.may:
            undecided = tri.err
        else:
            possible = tri.may if tri.err is tri.may else some([tri.may, tri.err])
            undecided = every([possible, unless(sure)])
        places = {(part.place.offset, part.place.length): part for part in residue}
        ordered = tuple(places[key] for key in sorted(places))
        return cls(tri.must, tri.may, tri.err, sure, undecided, exact=is_false(undecided), residue=ordered)
