"""Values that depend on a condition, taken out of a comparison: ``(c ? a : b) > k`` is ``c ? a > k : b > k``.

A comparison evaluates all of its parts whatever they are, so asking for the condition first changes neither the answer
nor where the rule raises. The same is true of ``a ?? b`` (is ``a`` null?), of ``$abs(a)`` (is it negative?) and of
``$max([a, b])`` (which is the larger?).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from server.rules.language.tree import (
    Arithmetic,
    Attribute,
    Builtin,
    Call,
    Coalesce,
    Constant,
    Contains,
    Equality,
    ListOf,
    Match,
    Minus,
    Node,
    Order,
    Ternary,
    walk,
)
from server.rules.one_contact.evaluator import is_constant

_Reading = tuple[tuple[tuple[Node, bool], ...], Node]
CHOICES_MAX = 3
"""Each choice in a comparison multiplies its SQL by the number of its options."""
_CHOICES_IN_CONDITION_MAX = 2
"""Each choice in the condition of a choice doubles the SQL as well, because both outcomes are asked for."""
_ITEMS_MAX = 4
STAND_IN = -1
"""The index of a node that stands nowhere in the text."""


@dataclass(frozen=True, slots=True)
class Present(Node):
    """A part that is not null wherever it is asked."""

    operand: Node

    def children(self) -> tuple[Node, ...]:
        """Return the operand."""
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class Option:
    """One reading of a comparison.

    Attributes:
        conditions: when it applies: conditions, each with whether its negation is meant.
        comparison: what is then asked.
    """

    conditions: tuple[tuple[Node, bool], ...]
    comparison: Node


def options(comparison: Node, nullable: Callable[[Node], bool], *, with_constants: bool = False) -> list[Option] | None:
    """Return the readings of a comparison for its first choice; None when it has none, or too many.

    ``nullable``: whether a part can be null. ``with_constants``: ``a ?? 5`` is a choice, too; most often SQL has a
    shorter form for it.
    """
    choices = list(_choices(comparison, with_constants))
    if not 0 < len(choices) <= CHOICES_MAX:
        return None
    choice = choices[0]
    if isinstance(choice, Ternary) and has_too_many_choices(choice.condition):
        return None
    found = _readings(choice, nullable)
    if found is None:
        return None
    return [Option(conditions, _replaced(comparison, choice, value)) for conditions, value in found]


def has_too_many_choices(condition: Node) -> bool:
    """Whether the condition of a choice holds more choices than its SQL can."""
    return sum(_is_choice(part, with_constants=False) for part in walk(condition)) > _CHOICES_IN_CONDITION_MAX


def _choices(node: Node, with_constants: bool) -> Iterator[Node]:
    """Yield the choices among the values of a comparison, outermost first."""
    for part in _values(node):
        if not is_constant(part):
            if _is_choice(part, with_constants):
                yield part
            yield from _choices(part, with_constants)


def _is_choice(node: Node, with_constants: bool) -> bool:
    match node:
        case Ternary():
            return True
        case Coalesce():
            return with_constants or not is_constant(node.right)
        case Call(function=Builtin(name="abs")):
            return True
        case Call(function=Builtin(name="max" | "min"), arguments=(ListOf(items=items),)):
            return 0 < len(items) <= _ITEMS_MAX
        case _:
            return False


def _values(node: Node) -> tuple[Node, ...]:
    """Return the parts whose values are always computed; conditions and loops are compiled by themselves."""
    match node:
        case Equality() | Order() | Arithmetic() | Minus() | Attribute() | Contains() | Match() | ListOf() | Coalesce():
            return node.children()
        case Ternary():
            return (node.positive, node.negative)
        case Call():
            return (*((node.function,) if isinstance(node.function, Attribute) else ()), *node.arguments)
        case _:
            return ()


def _readings(choice: Node, nullable: Callable[[Node], bool]) -> list[_Reading] | None:
    match choice:
        case Ternary():
            condition = choice.condition
            return [(((condition, False),), choice.positive), (((condition, True),), choice.negative)]
        case Coalesce():
            null = _made(Equality, choice, "==", choice.left, _constant(choice, None))
            value = Present(choice.index, choice.offset, choice.length, choice.left)
            return [(((null, False),), choice.right), (((null, True),), value)]
        case Call(function=Builtin(name="abs"), arguments=(number,)):
            negative = _made(Order, choice, "<", number, _constant(choice, Decimal(0)))
            minus = Minus(choice.index, choice.offset, choice.length, number)
            return [(((negative, False),), minus), (((negative, True),), number)]
        case Call(function=Builtin(name=name), arguments=(ListOf(items=items),)):
            if any(nullable(item) for item in items):
                return None
            sign = ">=" if name == "max" else "<="
            return [
                (tuple((_made(Order, choice, sign, item, other), False) for other in items if other is not item), item)
                for item in items
            ]
        case _:
            return None


def _made(kind: type[Equality | Order], place: Node, operator: str, left: Node, right: Node) -> Node:
    return kind(STAND_IN, place.offset, place.length, operator, left, right)


def _constant(place: Node, value: Decimal | None) -> Constant:
    return Constant(STAND_IN, place.offset, place.length, value)


def _replaced(node: Node, wanted: Node, stand_in: Node) -> Node:
    """Return the tree with one node replaced."""
    if node is wanted:
        return stand_in
    if not any(part is wanted for part in _inside(node)):
        return node
    changes: dict[str, Any] = {}
    for name in _FIELDS[type(node)]:
        part = getattr(node, name)
        changes[name] = (
            tuple(_replaced(item, wanted, stand_in) for item in part)
            if isinstance(part, tuple)
            else _replaced(part, wanted, stand_in)
        )
    return replace(node, **changes)


def _inside(node: Node) -> Iterator[Node]:
    for part in _values(node):
        yield part
        yield from _inside(part)


_FIELDS: dict[type[Node], tuple[str, ...]] = {
    Equality: ("left", "right"),
    Order: ("left", "right"),
    Arithmetic: ("left", "right"),
    Coalesce: ("left", "right"),
    Minus: ("operand",),
    Attribute: ("target",),
    Match: ("subject",),
    Contains: ("container", "member"),
    ListOf: ("items",),
    Ternary: ("positive", "negative"),
    Call: ("function", "arguments"),
}
