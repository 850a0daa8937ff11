"""What one comparison says of a contact and what would have to change: "score is 2, needs at least 3"."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from server.rules.language.check import CheckedRule
from server.rules.language.tree import (
    Attribute,
    Builtin,
    Call,
    Coalesce,
    Comprehension,
    Constant,
    Contains,
    Equality,
    Kind,
    ListOf,
    Match,
    Name,
    Node,
    Order,
    walk,
)
from server.rules.one_contact.evaluator import is_constant
from server.rules.words.allowed_values import ANY_SIZE, AllowedCodes, AllowedValues, Whether
from server.rules.words.allowed_words import INSTANTS, NUMBERS, TEXTS, AllowedWords, is_none, is_some
from server.rules.words.loop_words import LoopWords
from server.rules.words.observation import Observation
from server.rules.words.shown_values import ShownValues
from server.rules.words.ways import Condition
from server.rules.words.wording import listed, one_line

_ITEMS = 5
_CLOCK = frozenset({"now", "today"})
_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_AFFIXES = {"starts_with": "start with", "ends_with": "end with"}


class NeedWords:
    """Words for the single comparisons of one rule and one contact."""

    def __init__(self, rule: CheckedRule, observation: Observation, shown: ShownValues, loops: LoopWords) -> None:
        self._rule = rule
        self._seen = observation
        self._shown = shown
        self._loops = loops
        self._allowed = AllowedWords(shown)

    def say(self, condition: Condition) -> list[str]:
        """Return what a subject is and what it needs to be."""
        match condition.allowed:
            case AllowedValues() as values:
                return [self._needs(condition.subject, self._allowed.of(values))]
            case AllowedCodes() as codes:
                return self._codes(condition.subject, codes)
            case Whether(words=words):
                return [words or ""]

    def _codes(self, subject: Node, codes: AllowedCodes) -> list[str]:
        name, held = self.source(subject), self._value(subject)
        having = [self._shown.spoken(code) for code in codes.having if code not in held]
        lacking = [self._shown.spoken(code) for code in codes.lacking if code in held]
        if codes.size == ANY_SIZE:
            return [
                *(f"{name} has no {code}" for code in having),
                *(f"{name} has {code}, needs to be without it" for code in lacking),
            ]
        if codes.having or codes.lacking:  # what holds now is told too: the number of codes must not break it
            parts = [f"to have {self._shown.spoken(code)}" for code in codes.having]
            parts += [f"to be without {self._shown.spoken(code)}" for code in codes.lacking]
            number = "no code" if is_none(codes.size) else f"a number of codes of {self._allowed.of(codes.size)}"
            return [f"{self._is(subject)}, needs {listed([*parts, number], 'and')}"]
        if is_none(codes.size) or is_some(codes.size):
            return [f"{self._is(subject)}, needs {'none' if is_none(codes.size) else 'at least 1'}"]
        return [f"{name}.length is {len(held)}, needs {self._allowed.of(codes.size)}"]

    def of(self, node: Node, want: bool) -> str | None:
        """Return what keeps an evaluated comparison from being ``want``; None where no contact could change it.

        For comparisons of several values and for loops, which are not taken apart.
        """
        if is_constant(node) and not any(isinstance(part, Builtin) and part.name in _CLOCK for part in walk(node)):
            return None
        loop = self._looped(node, want=want)
        if loop is not None:
            return loop
        match node:
            case Equality():
                return self._equality(node, same=(node.operator == "==") is want)
            case Order():
                return self._order(node, want=want)
            case Contains():
                return self._containment(node, want=want)
            case Match():
                how = "contain a match of" if node.anywhere else "begin with a match of"
                needs = f"to {how}" if want is not node.negated else f"not to {how}"
                return self._needs(node.subject, f"{needs} {self._shown.spoken(node.pattern)}")
            case Call(function=Attribute(name=name, target=target), arguments=(affix,)) if name in _AFFIXES:
                needs = f"{'to' if want else 'not to'} {_AFFIXES[name]} {self._target(affix)}"
                return self._needs(target, needs)
            case Attribute(name="is_empty", target=target):
                return self._needs(target, "to be empty" if want else "a value")
            case _:
                return self._truth(node, want=want)

    def _looped(self, node: Node, *, want: bool) -> str | None:
        """Return the words for a condition on a loop; None for any other."""
        match node:
            case Call(function=Builtin(name="any" | "all" as name), arguments=(Comprehension() as loop,)):
                return self._loops.any_or_all(loop, name, want=want)
            case Comprehension() as loop:
                return self._loops.some(loop, want=want)
            case Attribute(name="is_empty", target=Comprehension() as loop):
                return self._loops.some(loop, want=not want)
            case _:
                return None

    def _equality(self, node: Equality, *, same: bool) -> str:
        subject, other = self._sides(node.left, node.right)
        value, target = self._value(subject), self._value(other)
        if not same:
            blank = value is None or value == ""
            return self._needs(subject, "a value" if blank else f"something other than {self._target(other)}")
        if target is None:
            return self._needs(subject, "to be blank")
        return self._needs(subject, "to be empty" if target == "" else self._target(other))

    def _order(self, node: Order, *, want: bool) -> str:
        subject, other = self._sides(node.left, node.right)
        operator = node.operator if subject is node.left else _MIRRORED[node.operator]
        value = self._value(subject)
        forms = INSTANTS if isinstance(value, datetime) else TEXTS if isinstance(value, str) else NUMBERS
        form = forms[operator if want else _NEGATED[operator]]
        return self._needs(subject, form.format(self._target(other)))

    def _containment(self, node: Contains, *, want: bool) -> str:
        container, member = node.container, node.member
        match container:
            case ListOf():
                return self._needs(member, self._one_of(container, want=want))
            case Comprehension():
                return self._loops.among(container, self._target(member), self._value(member), want=want)
        if isinstance(self._value(container), str) and is_constant(container):
            return self._needs(member, f"{'to' if want else 'not to'} be part of {self._target(container)}")
        if isinstance(self._value(container), str):
            needs = f"{'to' if want else 'not to'} contain {self._target(member)}"
            return self._needs(container, needs)
        if want:
            return f"{self.source(container)} has no {self._target(member)}"
        return f"{self.source(container)} has {self._target(member)}, needs to be without it"

    def _one_of(self, container: ListOf, *, want: bool) -> str:
        items = container.items
        targets = [self._target(item) for item in items[:_ITEMS]]
        if len(items) > _ITEMS:
            targets = [*targets[:-1], f"one of {len(items) - _ITEMS + 1} more"]
        either = listed(targets, "or") if targets else "in the list, which is empty"
        return either if want else f"something other than {either}"

    def _truth(self, node: Node, *, want: bool) -> str:
        value = self._value(node)
        kind = self._rule.types[node.index].kind
        if isinstance(value, bool) or kind is Kind.BOOLEAN:
            return self._needs(node, "true" if want else "false or blank" if value is None else "false")
        if isinstance(value, tuple):
            return self._needs(node, "at least 1" if want else "none")
        if not want:
            return self._needs(node, {Kind.NUMBER: "0", Kind.TEXT: "to be empty"}.get(kind, "to be blank or empty"))
        return self._needs(node, "another number" if isinstance(value, Decimal) else "a value")

    def _needs(self, subject: Node, needs: str) -> str:
        """Return "X is A, needs B"; for a loop it is told how many of its members count."""
        loop = self._loops.subject(subject)
        return f"{self._is(subject)}, needs {needs}" if loop is None else f"{loop}; needs {needs}"

    def _is(self, subject: Node) -> str:
        value = self._value(subject)
        if isinstance(subject, Coalesce):
            first = self._value(subject.left)
            if first is None:
                return f"{self.source(subject.left)} is blank, which counts as {self._shown.spoken(value)}"
            subject = subject.left
        if isinstance(subject, Name) and isinstance(value, tuple):
            return self._has(subject, value)
        return f"{self.source(subject)} is {self._shown.spoken(value)}"

    def _has(self, subject: Name, value: tuple[Any, ...]) -> str:
        if not value:
            return f"{subject.name} is empty"
        literal = self._shown.literal(value)
        return f"{subject.name} has {len(value)}" if literal is None else f"{subject.name} has {literal[1:-1]}"

    def _sides(self, left: Node, right: Node) -> tuple[Node, Node]:
        """Return what the comparison is about, and what it is compared with."""
        about_right = is_constant(left) and not is_constant(right)
        about_right |= isinstance(left, Constant) and not isinstance(right, Constant)
        return (right, left) if about_right else (left, right)

    def _target(self, node: Node) -> str:
        """Return what something is compared with; a value of the contact is shown beside its name."""
        spoken = self._shown.spoken(self._value(node))
        return spoken if is_constant(node) else f"{self.source(node)} ({spoken})"

    def _value(self, node: Node) -> Any:
        return self._seen.values.get(node.index)

    def source(self, node: Node) -> str:
        """Return a part as it was typed, on one line and shortened."""
        return one_line(self._rule.text[node.offset : node.offset + node.length])
