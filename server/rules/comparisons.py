"""Comparisons that rule-engine accepts although they cannot be meant.

Two values of different types are equal only when both are null, and a symbol with a closed list of values is never
anything else; a rule that asks for either selects nobody or, negated, everybody, without a word. Both are refused.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import islice

from server.errors import ErrorCode, RuleError, TextRange
from server.rules.names import named_symbols
from server.rules.symbols import Symbol, Vocabulary
from server.rules.tree import (
    Attribute,
    Coalesce,
    Comprehension,
    Constant,
    Contains,
    Equality,
    Kind,
    ListOf,
    Minus,
    Name,
    Node,
    StaticType,
    walk,
)

_UNKNOWN = StaticType(Kind.UNKNOWN)
_PROBLEMS_PER_LIST_MAX = 5
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?")
_FLAGS = {"true": "true", "yes": "true", "y": "true", "1": "true", "false": "false", "no": "false", "n": "false",
          "0": "false"}  # fmt: skip


def comparison_problems(
    tree: Node, text: str, vocabulary: Vocabulary, types: Mapping[int, StaticType]
) -> list[RuleError]:
    """Return the objections to the comparisons of a rule; where a type is not known there are none."""
    lint = _Lint(text, types, named_symbols(tree, vocabulary), vocabulary)
    problems: list[RuleError] = []
    for node in walk(tree):
        if isinstance(node, Equality):
            problems += lint.equality(node)
        elif isinstance(node, Contains):
            problems += islice(lint.containment(node), _PROBLEMS_PER_LIST_MAX)
    return problems


class _Lint:
    """Looks at single comparisons of one rule."""

    def __init__(
        self, text: str, types: Mapping[int, StaticType], symbols: Mapping[int, Symbol], vocabulary: Vocabulary
    ) -> None:
        self._text = text
        self._types = types
        self._symbols = symbols
        self._vocabulary = vocabulary

    def equality(self, node: Equality) -> Iterator[RuleError]:
        """Yield the objections to ``==`` or ``!=``."""
        left, right = self._kind(node.left), self._kind(node.right)
        if _differ(left, right):
            message = f"{node.operator} compares {left} with {right}, which are different types"
            yield self._error(node, message, self._rewritten(node))
            return
        yield from self._outside(node.left, node.right)
        yield from self._outside(node.right, node.left)

    def containment(self, node: Contains) -> Iterator[RuleError]:
        """Yield the objections to ``in``: to the items of a list, else to what is looked for."""
        member, container = node.member, node.container
        kind = self._kind(member)
        if isinstance(container, ListOf):
            for item in container.items:
                yield from self._item(member, kind, item)
            return
        inner = self._element_kind(container)
        if _differ(kind, inner):
            message = f"This is {kind} and what it is looked for in holds {inner}, so it is never found"
            yield self._error(member, message, self._written_as(member, inner))
        elif isinstance(container, Comprehension):
            yield from self._outside(container.result, member)

    def _item(self, member: Node, kind: Kind, item: Node) -> Iterator[RuleError]:
        other = self._kind(item)
        if _differ(kind, other):
            message = f"{self._source(member)} is {kind} and this item is {other}"
            suggestion = None if self._values(member) else self._written_as(item, kind)
            yield self._error(item, message, suggestion)
            return
        yield from self._outside(member, item)
        yield from self._outside(item, member)

    def _outside(self, part: Node, other: Node) -> Iterator[RuleError]:
        """Yield the objection to a text that a part with a closed list of values never is."""
        values = self._values(part)
        if not values or not isinstance(other, Constant) or not isinstance(other.value, str) or other.value in values:
            return
        listed = ", ".join(f'"{value}"' for value in values)
        message = f"{self._source(part)} is one of {listed}; {self._source(other)} is none of them"
        nearest = _nearest(other.value, values)
        if nearest is None and not other.value and self._types.get(part.index, _UNKNOWN).nullable:
            yield self._error(other, message, "null")
        else:
            yield self._error(other, message, nearest and f'"{nearest}"')

    def _values(self, part: Node) -> tuple[str, ...]:
        """Return the closed list of values that a part can have besides null; () where there is none."""
        if isinstance(part, Coalesce):
            values = self._values(part.left)
            if isinstance(part.right, Constant) and isinstance(part.right.value, str):
                return values and (*values, part.right.value)
            others = self._values(part.right)
            return (*values, *others) if values and others else ()
        symbol = self._symbols.get(part.index)
        return () if symbol is None else symbol.values

    def _element_kind(self, container: Node) -> Kind:
        """Return what a list that is no literal holds."""
        if isinstance(container, Comprehension):
            return self._kind(container.result)
        is_list = self._kind(container) is Kind.LIST
        if is_list and isinstance(container, Name) and container.name in self._vocabulary.code_sets:
            return Kind.TEXT
        return Kind.UNKNOWN

    def _rewritten(self, node: Equality) -> str | None:
        """Return what was probably meant by a comparison of two types."""
        for part, other in ((node.left, node.right), (node.right, node.left)):
            kind = self._kind(part)
            written = None if self._values(part) else self._written_as(other, kind)
            if written is not None:
                start, end = other.offset - node.offset, other.offset + other.length - node.offset
                whole = self._source(node)
                return whole[:start] + written + whole[end:]
            if kind is not Kind.LIST or not isinstance(other, Constant | Name | Attribute):
                continue
            if self._kind(other) is self._element_kind(part):
                return f"{self._source(other)} {'in' if node.operator == '==' else 'not in'} {self._source(part)}"
            if isinstance(part, Name) and self._kind(other) is Kind.NUMBER:
                return f"{part.name}.length {node.operator} {self._source(other)}"
        return None

    def _written_as(self, node: Node, kind: Kind) -> str | None:
        """Return a literal as one of another type, where it is plain what that would be."""
        literal = node.operand if isinstance(node, Minus) else node
        if not isinstance(literal, Constant):
            return None
        value = literal.value
        source = self._source(node)
        if isinstance(value, Decimal):
            return f'"{source}"' if kind is Kind.TEXT else _FLAGS.get(source) if kind is Kind.BOOLEAN else None
        if not isinstance(value, str):
            return None
        if kind is Kind.BOOLEAN:
            return _FLAGS.get(value.lower())
        if kind is Kind.NUMBER:
            return value if _NUMBER.fullmatch(value) else None
        return f'd"{value}"' if kind is Kind.INSTANT and _is_date(value) else None

    def _kind(self, node: Node) -> Kind:
        return self._types.get(node.index, _UNKNOWN).kind

    def _source(self, node: Node) -> str:
        return self._text[node.offset : node.offset + node.length]

    def _error(self, node: Node, message: str, suggestion: str | None) -> RuleError:
        place = TextRange.of(self._text, node.offset, node.length)
        said = f"{message}." if suggestion is None else f"{message}; write {suggestion}"
        return RuleError(ErrorCode.RULE_TYPE, said, place=place, suggestion=suggestion)


def _differ(left: Kind, right: Kind) -> bool:
    return left is not right and not {left, right} & {Kind.UNKNOWN, Kind.NULL}


def _nearest(text: str, values: tuple[str, ...]) -> str | None:
    """Return the value that was probably meant; case, and how words are joined, count last."""
    by_letters = {re.sub(r"[^a-z0-9]", "", value.lower()): value for value in reversed(values) if value}
    letters = re.sub(r"[^a-z0-9]", "", text.lower())
    if letters in by_letters:
        return by_letters[letters]
    found = difflib.get_close_matches(letters, by_letters, n=1, cutoff=0.6)
    return by_letters[found[0]] if found else None


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
