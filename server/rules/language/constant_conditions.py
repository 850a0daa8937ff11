"""Constants that stand where a condition is wanted: ``country == "DE" or "AT"``.

rule-engine takes them for true or false, the same for every contact, so such a rule selects everybody or forgets half
of what was asked, without a word. That is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from server.errors import ErrorCode, RuleError
from server.rules.language.rewrites import Rewrite, objection
from server.rules.language.tree import (
    Attribute,
    Call,
    Comprehension,
    Constant,
    Contains,
    DateConstant,
    Equality,
    Kind,
    ListOf,
    Logic,
    Minus,
    Name,
    Node,
    Not,
    StaticType,
    Ternary,
    walk,
)

_UNKNOWN = StaticType(Kind.UNKNOWN)
_PROBLEMS_PER_PART_MAX = 5
_JOINT = re.compile(r"\s+(?:and|or)\s+")


def condition_problems(tree: Node, text: str, types: Mapping[int, StaticType]) -> list[RuleError]:
    """Return the objections to constants that are used as conditions."""
    lint = _Lint(text, types)
    problems: list[RuleError] = []
    told: set[int] = set()
    for node in walk(tree):
        if isinstance(node, Equality | ListOf):
            told |= {part.index for part in node.children() if is_alternatives(part)}
        elif isinstance(node, Contains) and is_alternatives(node.container):
            told.add(node.container.index)
        if isinstance(node, Logic) and node.index not in told:
            problems += islice(lint.operands(node), _PROBLEMS_PER_PART_MAX)
        elif isinstance(node, Not) and not isinstance(node, Minus):
            problems += lint.alone(node.operand)
        elif isinstance(node, Ternary | Comprehension) and node.condition is not None:
            problems += lint.alone(node.condition)
    return problems


def is_alternatives(node: Node) -> bool:
    """Whether a part is values joined by ``or`` or ``and``, which is how people say a list: ``("DE" or "AT")``."""
    return isinstance(node, Logic) and all(_is_literal(operand) for operand in node.operands)


def as_items(node: Node, text: str) -> str | None:
    """Return such values as the items of a list; None where no list is meant."""
    if not isinstance(node, Logic) or not is_alternatives(node):
        return None
    return ", ".join(_source(operand, text) for operand in node.operands)


class _Lint:
    """Looks at the conditions of one rule."""

    def __init__(self, text: str, types: Mapping[int, StaticType]) -> None:
        self._text = text
        self._types = types

    def operands(self, node: Logic) -> Iterator[RuleError]:
        """Yield the objections to the operands of ``and`` or ``or``; values that belong to a comparison at once."""
        place = 0
        while place < len(node.operands):
            run = self._run(node.operands, place)
            if not run:
                yield from self.alone(node.operands[place])
                place += 1
                continue
            place += len(run)
            following = node.operands[place] if place < len(node.operands) else None
            meant = self._listed(node, place - len(run), run) or self._each_in(node, run, following)
            if meant is None:
                yield from (self._objection(operand) for operand in run)
            else:
                yield self._meant(run[0], meant)

    def alone(self, node: Node) -> Iterator[RuleError]:
        """Yield the objection to a condition, if it is the same value for every contact."""
        kind = self._kind(node)
        if kind in {Kind.BOOLEAN, Kind.UNKNOWN} or any(isinstance(part, Name) for part in walk(node)):
            return
        yield self._objection(node)

    def _run(self, operands: Sequence[Node], start: int) -> Sequence[Node]:
        """Return the literals of one kind that stand side by side."""
        end = start
        while (
            end < len(operands)
            and _is_literal(operands[end])
            and self._kind(operands[end]) is self._kind(operands[start])
            and (end == start or self._are_joined(operands[end - 1], operands[end]))
        ):
            end += 1
        return operands[start:end]

    def _listed(self, node: Logic, place: int, run: Sequence[Node]) -> Rewrite | None:
        """Return the list that ``country == "DE" or "AT"`` means, if there is such a comparison before the values."""
        before = _last(node.operands[place - 1]) if place else None
        if not isinstance(before, Equality) or not self._are_joined(before, run[0]):
            return None
        if not _is_literal(before.right) or self._kind(before.right) is not self._kind(run[0]):
            return None
        if not isinstance(before.left, Name | Attribute | Call) or (before.operator, node.operator) == ("==", "and"):
            return None
        items = ", ".join(_source(item, self._text) for item in (before.right, *run))
        word = "in" if before.operator == "==" else "not in"
        end = run[-1].offset + run[-1].length
        return Rewrite(before.offset, end, f"{_source(before.left, self._text)} {word} [{items}]")

    def _each_in(self, node: Logic, run: Sequence[Node], following: Node | None) -> Rewrite | None:
        """Return what ``"PRESS" or "NEWS" in mailing_groups`` means, each value being looked for."""
        if not isinstance(following, Contains) or not _is_literal(following.member):
            return None
        if self._kind(following.member) is not self._kind(run[0]) or not self._are_joined(run[-1], following):
            return None
        container = _source(following.container, self._text)
        parts = [f"{_source(value, self._text)} in {container}" for value in (*run, following.member)]
        end = following.offset + following.length
        return Rewrite(run[0].offset, end, f" {node.operator} ".join(parts))

    def _are_joined(self, left: Node, right: Node) -> bool:
        """Whether nothing but one word stands between two parts, no parenthesis either."""
        return _JOINT.fullmatch(self._text, left.offset + left.length, right.offset) is not None

    def _meant(self, value: Node, rewrite: Rewrite) -> RuleError:
        whole = Name(value.index, rewrite.start, rewrite.end - rewrite.start, "")
        written = rewrite.replacement
        message = f"{_source(value, self._text)} is no condition by itself; write {written}"
        return objection(self._text, ErrorCode.RULE_TYPE, message, whole, suggestion=written, rewrite=rewrite)

    def _objection(self, node: Node) -> RuleError:
        shown = _source(node, self._text)
        message = f"{shown} is no condition, but the same for every contact; say what it is compared with."
        return objection(self._text, ErrorCode.RULE_TYPE, message, node)

    def _kind(self, node: Node) -> Kind:
        return self._types.get(node.index, _UNKNOWN).kind


def _is_literal(node: Node) -> bool:
    """Whether a part is a text, a number, a date or a period."""
    if isinstance(node, Minus):
        return _is_literal(node.operand)
    if isinstance(node, Constant):
        return node.value is not None and not isinstance(node.value, bool)
    return isinstance(node, DateConstant)


def _last(node: Node) -> Node:
    """Return the condition that a chain of conditions ends with."""
    while isinstance(node, Logic | Not) and not isinstance(node, Minus):
        node = node.operands[-1] if isinstance(node, Logic) else node.operand
    return node


def _source(node: Node, text: str) -> str:
    return text[node.offset : node.offset + node.length]
