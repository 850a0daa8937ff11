"""What a loop did for a contact, and what would have to change: "1 interaction of template MEETING; needs none"."""

from collections.abc import Iterable
from typing import Any

from server.rules.language.check import CheckedRule
from server.rules.language.tree import Attribute, Builtin, Call, Comprehension, Name, Node
from server.rules.words.observation import Observation
from server.rules.words.sentence import contact_loops
from server.rules.words.sentence_nouns import Scope
from server.rules.words.shown_values import ShownValues
from server.rules.words.wording import counted, singular, words

_AGGREGATES = frozenset({"sum", "max", "min"})
_TOP = Scope()


class LoopWords:
    """Words for the loops of one rule and one contact; each names the condition of its loop."""

    def __init__(self, rule: CheckedRule, observation: Observation, shown: ShownValues) -> None:
        self._seen = observation
        self._shown = shown
        self._english = contact_loops(rule)

    def count(self, loop: Comprehension) -> str:
        """Return how many members there are and how many pass the condition, without naming it."""
        total, passing = self.total(loop), self.passing(loop)
        plural = self.noun(loop)
        if total == 0 or loop.condition is None:
            return self._there(total, plural)
        return f"{_share(passing, total, plural)} {'count' if passing > 1 else 'counts'}"

    def subject(self, node: Node) -> str | None:
        """Return what is said of a value that is made of a loop; None for any other."""
        match node:
            case Attribute(name="length", target=Comprehension() as loop):
                return self._members(loop, self.passing(loop))
            case Call(function=Builtin(name=name), arguments=(Comprehension() as loop,)) if name in _AGGREGATES:
                value = self._shown.spoken(self._seen.values.get(node.index))
                return f"{self._english.aggregate(name, loop, _TOP)} is {value}"
            case _:
                return None

    def some(self, loop: Comprehension, *, want: bool) -> str:
        """Say why a loop has members that count although none should, or none although some should."""
        return f"{self._members(loop, self.passing(loop))}; needs {'at least 1' if want else 'none'}"

    def any_or_all(self, loop: Comprehension, function: str, *, want: bool) -> str:
        """Say why ``$any`` or ``$all`` of a loop is not what is wanted."""
        results = self._seen.loops[loop.index].results
        good = sum(map(bool, results))
        if function == "any":
            return f"{self._members(loop, good, [loop.result])}; needs {'at least 1' if want else 'none'}"
        other = self._english.restriction(loop, [loop.result], _TOP)
        if not results:
            return f"{self._members(loop, 0)}; needs one that is not one{other}"
        if want:
            bad = len(results) - good
            among = self._english.members(loop, _TOP, one=len(results) == 1)
            return f"{bad} of {len(results)} {among} {'are' if bad > 1 else 'is'} not one{other}; needs none such"
        among = self._english.members(loop, _TOP, one=good == 1)
        return f"every one of the {good} {among} is one{other}; needs one that is not"

    def among(self, loop: Comprehension, target: str, value: Any, *, want: bool) -> str:
        """Say why something is or is not among the results of a loop."""
        found = any(result == value for result in self._seen.loops[loop.index].results)
        said = self._english.among(target, loop, _TOP, negated=not found)
        return f"{said}; needs {'one' if want else 'none'}"

    def total(self, loop: Comprehension) -> int:
        """Return the number of members."""
        return len(self._seen.values[loop.iterable.index])

    def passing(self, loop: Comprehension) -> int:
        """Return the number of members that pass the condition."""
        return sum(self._seen.loops[loop.index].passes)

    def noun(self, loop: Comprehension) -> str:
        """Return what the members are, in the plural."""
        return words(loop.iterable.name) if isinstance(loop.iterable, Name) else "items"

    def _members(self, loop: Comprehension, count: int, extra: Iterable[Node] = ()) -> str:
        """Return how many members meet the condition, and which that is: ``no interaction of template MEETING``."""
        extra = list(extra)
        if loop.condition is None and not extra:
            return self._there(count, self.noun(loop))
        return f"{count or 'no'} {self._english.members(loop, _TOP, extra=extra, one=count <= 1)}"

    def _there(self, count: int, plural: str) -> str:
        return f"there {'is' if count == 1 else 'are'} {counted(count, plural)}"


def _share(count: int, total: int, plural: str) -> str:
    noun = singular(plural) if total == 1 else plural
    return f"{count or 'none'} of {total} {noun}"
