"""The typed tree of a rule: what every back end (SQL, one contact, explanation) reads.

Nodes are immutable and keep their place in the text. ``and`` and ``or`` hold all operands of a chain, because
``a and b and c`` means the same however it is grouped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a value can be, to the language."""

    TEXT = "text"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    INSTANT = "a date"
    PERIOD = "a period"
    NULL = "null"
    LIST = "a list"
    SET = "a set"
    MAPPING = "a mapping"
    OBJECT = "an object"
    FUNCTION = "a function"
    UNKNOWN = "a value of unknown type"


@dataclass(frozen=True, slots=True)
class StaticType:
    """What the text alone says about a value.

    Attributes:
        nullable: whether the value can also be null.
    """

    kind: Kind
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a rule.

    Attributes:
        index: its number in the tree; types and values computed elsewhere are found by it.
        offset: 0-based place of its first character in the text.
        length: characters; enclosing parentheses do not belong to it.
    """

    index: int
    offset: int
    length: int

    def children(self) -> tuple["Node", ...]:
        """Return the direct parts, in the order of evaluation."""
        return ()


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A literal text, number, period, ``true``, ``false`` or ``null``."""

    value: str | Decimal | bool | timedelta | None


@dataclass(frozen=True, slots=True)
class DateConstant(Node):
    """A literal date; naive when the text names no zone, then it is read in the moment's zone."""

    value: datetime


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """``[a, b]``."""

    items: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        """Return the items."""
        return self.items


@dataclass(frozen=True, slots=True)
class SetOf(ListOf):
    """``{a, b}``."""


@dataclass(frozen=True, slots=True)
class MappingOf(Node):
    """``{a: b}``."""

    pairs: tuple[tuple[Node, Node], ...]

    def children(self) -> tuple[Node, ...]:
        """Return keys and values."""
        return tuple(part for pair in self.pairs for part in pair)


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A symbol of the vocabulary or a loop variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Builtin(Node):
    """A name of the language itself, without its ``$``."""

    name: str


@dataclass(frozen=True, slots=True)
class Attribute(Node):
    """``target.name``, or ``target&.name`` when ``safe``: null where the target is null."""

    target: Node
    name: str
    safe: bool

    def children(self) -> tuple[Node, ...]:
        """Return the target."""
        return (self.target,)


@dataclass(frozen=True, slots=True)
class Item(Node):
    """``container[key]`` or ``container&[key]``."""

    container: Node
    key: Node
    safe: bool

    def children(self) -> tuple[Node, ...]:
        """Return container and key."""
        return (self.container, self.key)


@dataclass(frozen=True, slots=True)
class Slice(Node):
    """``container[start:stop]``."""

    container: Node
    start: Node | None
    stop: Node | None
    safe: bool

    def children(self) -> tuple[Node, ...]:
        """Return container and the limits that are written."""
        return tuple(part for part in (self.container, self.start, self.stop) if part is not None)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``function(arguments)``."""

    function: Node
    arguments: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        """Return function and arguments."""
        return (self.function, *self.arguments)


@dataclass(frozen=True, slots=True)
class Not(Node):
    """``not operand``; ``a not in b`` is the negation of ``a in b``."""

    operand: Node

    def children(self) -> tuple[Node, ...]:
        """Return the operand."""
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class Minus(Not):
    """``-operand``."""


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """A chain of ``and`` or of ``or``; operands are evaluated from left to right until one decides."""

    operator: str
    operands: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        """Return the operands."""
        return self.operands


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two operands and the operator between them, both always evaluated, left first."""

    operator: str
    left: Node
    right: Node

    def children(self) -> tuple[Node, ...]:
        """Return the operands."""
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Equality(Binary):
    """``==`` or ``!=``."""


@dataclass(frozen=True, slots=True)
class Order(Binary):
    """``<``, ``<=``, ``>`` or ``>=``."""


@dataclass(frozen=True, slots=True)
class Arithmetic(Binary):
    """``+ - * / // %``."""


@dataclass(frozen=True, slots=True)
class Match(Node):
    """A text against a constant RE2 expression.

    Attributes:
        anywhere: ``=~~`` and ``!~~``; else the match must begin at the start of the text.
        negated: ``!~`` and ``!~~``.
    """

    subject: Node
    pattern: str
    anywhere: bool
    negated: bool

    def children(self) -> tuple[Node, ...]:
        """Return the subject."""
        return (self.subject,)


@dataclass(frozen=True, slots=True)
class Contains(Node):
    """``member in container``; the container is evaluated first."""

    container: Node
    member: Node

    def children(self) -> tuple[Node, ...]:
        """Return container and member."""
        return (self.container, self.member)


@dataclass(frozen=True, slots=True)
class Coalesce(Node):
    """``left ?? right``: the right only where the left is null."""

    left: Node
    right: Node

    def children(self) -> tuple[Node, ...]:
        """Return both sides."""
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class Ternary(Node):
    """``condition ? positive : negative``."""

    condition: Node
    positive: Node
    negative: Node

    def children(self) -> tuple[Node, ...]:
        """Return condition and both cases."""
        return (self.condition, self.positive, self.negative)


@dataclass(frozen=True, slots=True)
class Comprehension(Node):
    """``[result for variable in iterable if condition]``."""

    result: Node
    variable: str
    iterable: Node
    condition: Node | None

    def children(self) -> tuple[Node, ...]:
        """Return iterable, condition and result."""
        return tuple(part for part in (self.iterable, self.condition, self.result) if part is not None)


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and everything in it, parents first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(current.children()))
