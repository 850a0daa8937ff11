"""What the writers of closures have in common: the source that grows, and the modes in which a part is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from server.clock import Moment
from server.rules.language.check import CheckedRule
from server.rules.language.engine import builtin_values, fixed_offset
from server.rules.language.tree import Builtin, Constant, DateConstant, Node

Loops = Mapping[str, str]
"""Loop variable → its name in the source."""


class NotWritableError(Exception):
    """A part has a form that is left to rule-engine."""


@dataclass(slots=True)
class Source:
    """A Python expression over a contact ``c``, with what its names are bound to.

    Attributes:
        arithmetic: whether numbers are computed, for which the language's decimal context must be set.
    """

    text: str = ""
    names: dict[str, Any] = field(default_factory=dict)
    arithmetic: bool = False


class Sharing(Protocol):
    """Keeps parts that several rules have in common."""

    def part(self, source: Source) -> Any:
        """Return the key by which a contact answers with the part's value, None when it is not worth it."""


class Writing(Protocol):
    """The writer of a rule, as those of its parts see it.

    Attributes:
        source: what has been bound so far.
        careful: whether a value can be null although its type says otherwise, as items of lists and mappings can.
        constants: the indexes of the nodes that name no symbol.
        folds: whether those are computed now; else they are written like all others.
    """

    source: Source
    rule: CheckedRule
    moment: Moment
    careful: bool
    constants: set[int]
    folds: bool

    def value(self, node: Node, loops: Loops) -> str:
        """Write exactly the language's value."""

    def truth(self, node: Node, loops: Loops) -> str:
        """Write something that counts as true where the value does."""

    def items(self, node: Node, loops: Loops) -> str:
        """Write a sequence with the items of a list."""

    def bind(self, value: Any) -> str:
        """Return the source of a value that is known now."""

    def literal(self, node: Node) -> Any:
        """Return the value of a part that is known now and can be computed, else None."""

    def temporary(self) -> str:
        """Return a name for a value that is read twice."""


def leaf_value(node: Constant | DateConstant | Builtin, moment: Moment) -> Any:
    """Return the value of a literal or of a name of the language."""
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Builtin):
        return builtin_values(moment)[node.name]
    value = node.value if node.value.tzinfo is not None else node.value.replace(tzinfo=moment.zone)
    return fixed_offset(fixed_offset(value, moment.zone), moment.zone)  # the second: a time that the zone skipped
