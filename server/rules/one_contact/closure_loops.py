"""How loops and the functions of the language are written."""

from collections.abc import Callable

from server.rules.language.check import type_of
from server.rules.language.engine import LOOP_STEPS_MAX, builtin_values
from server.rules.language.tree import (
    Attribute,
    Builtin,
    Call,
    Comprehension,
    Kind,
    ListOf,
    Name,
    Node,
    StaticType,
    walk,
)
from server.rules.one_contact.closure_writing import Loops, NotWritableError, Writing

_AGGREGATES = frozenset({"any", "all", "sum", "max", "min"})
_METHODS = {"starts_with": "startswith", "ends_with": "endswith"}


class LoopWriter:
    """Writes loops and calls, for one rule."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._variables = 0

    def _type(self, node: Node) -> StaticType:
        return type_of(self._writing.rule, node)

    def is_loop(self, node: Node) -> bool:
        """Whether a part runs over a collection of the contact."""
        return isinstance(node, Comprehension) and node.index not in self._writing.constants

    def call(self, node: Call, loops: Loops) -> str:
        """Write a call."""
        function = node.function
        if isinstance(function, Builtin):
            return self._builtin(node, function.name, loops)
        if not isinstance(function, Attribute) or function.safe or function.name not in _METHODS:
            raise NotWritableError
        parts = (function.target, *node.arguments)
        if any(self._type(part).kind is not Kind.TEXT or self._type(part).nullable for part in parts):
            raise NotWritableError
        text, affix = (self._writing.value(part, loops) for part in parts)
        return f"{text}.{_METHODS[function.name]}({affix})"

    def _builtin(self, node: Call, name: str, loops: Loops) -> str:
        argument = node.arguments[0]
        if name in _AGGREGATES:
            return self._aggregate(name, argument, loops)
        found = self._type(argument)
        if found.nullable or found.kind is not (Kind.NUMBER if name == "abs" else Kind.TEXT):
            raise NotWritableError
        self._writing.source.arithmetic = True
        function = name if name == "abs" else self._writing.bind(builtin_values(self._writing.moment)[name])
        return f"{function}({self._writing.value(argument, loops)})"

    def _aggregate(self, name: str, argument: Node, loops: Loops) -> str:
        writing = self._writing
        if self._type(argument).kind is not Kind.LIST:
            raise NotWritableError
        if name in {"any", "all"}:
            if isinstance(argument, Comprehension) and self.is_loop(argument):
                return f"{name}({self.loop(argument, loops, writing.truth)})"
            return f"{name}({writing.items(argument, loops)})"
        parts = argument.items if isinstance(argument, ListOf) else argument.children()[-1:]
        if not isinstance(argument, ListOf | Comprehension) or any(
            self._type(p).kind is not Kind.NUMBER for p in parts
        ):
            raise NotWritableError  # rule-engine looks at the types of the items, one by one
        writing.source.arithmetic = True
        items = writing.items(argument, loops)
        return f"total({items})" if name == "sum" else f"extreme({name}, {items})"

    def loop(self, node: Comprehension, loops: Loops, mode: Callable[[Node, Loops], str]) -> str:
        """Write a loop as a list of its results in a mode; all of it runs, because a later round may raise."""
        over = self._collection(node, loops)
        self._variables += 1
        variable = f"v{self._variables}"
        if not loops:
            most = self._writing.bind(LOOP_STEPS_MAX // self._loops_at_most())
            over = f"({over} if {self._rounds(node)} <= {most} else too_long())"
        inner = {node.variable: variable, **loops}
        kept = "" if node.condition is None else f" if {self._writing.truth(node.condition, inner)}"
        return f"[{mode(node.result, inner)} for {variable} in {over}{kept}]"

    def _collection(self, node: Comprehension, loops: Loops) -> str:
        if not isinstance(node.iterable, Name) or node.iterable.name in loops:
            raise NotWritableError
        return self._writing.value(node.iterable, loops)

    def _rounds(self, node: Comprehension) -> str:
        """Write a bound on the rounds of a loop and of those inside it, which have none inside them."""
        own = f"len({self._collection(node, {})})"
        inside = [part for part in walk(node) if isinstance(part, Comprehension) and part is not node]
        if not inside:
            return own
        return f"{own} * (1 + {' + '.join(f'len({self._collection(part, {})})' for part in inside)})"

    def _loops_at_most(self) -> int:
        """Return a power of two that bounds the loops of the rule; rules that share a part should agree on it."""
        return 1 << sum(isinstance(part, Comprehension) for part in walk(self._writing.rule.tree)).bit_length()
