"""Which parts of a rule SQLite asks of few rows only, because an index has found them by something else.

SQLite collects ``id IN (SELECT …)`` once, whole, however few rows are left to be looked at. That is best for a part
that stands alone; beside ``country == "DE"`` or ``email == "…"`` it is better to look at the children of each row.
"""

from server.rules.language.check import CheckedRule
from server.rules.language.symbols import SideRowSource, Vocabulary
from server.rules.language.tree import Attribute, Call, Contains, Equality, ListOf, Logic, Name, Node, walk
from server.rules.one_contact.evaluator import is_constant


def narrowed_parts(rule: CheckedRule) -> frozenset[int]:
    """Return the indexes of the nodes that are asked beside a test by which an index finds the rows."""
    if not isinstance(rule.tree, Logic) or rule.tree.operator != "and":
        return frozenset()
    tests = [operand for operand in rule.tree.operands if _is_found_by_index(operand, rule.vocabulary)]
    if not tests:
        return frozenset()
    others = [operand for operand in rule.tree.operands if operand is not tests[0]]
    return frozenset(node.index for operand in others for node in walk(operand))


def _is_found_by_index(node: Node, vocabulary: Vocabulary) -> bool:
    """Whether an index finds the rows: by a value, one of a few, or the beginning of a text."""
    match node:
        case Equality(operator="==", left=left, right=right):
            sides = ((left, right), (right, left))
            return any(_is_indexed(part, vocabulary) and is_constant(other) for part, other in sides)
        case Contains(container=ListOf() as container, member=member):
            return is_constant(container) and _is_indexed(member, vocabulary)
        case Call(function=Attribute(name="starts_with", target=target), arguments=(argument,)):
            return is_constant(argument) and _is_indexed(target, vocabulary)
        case _:
            return False


def _is_indexed(node: Node, vocabulary: Vocabulary) -> bool:
    if isinstance(node, Attribute) and node.name in {"as_lower", "as_upper"}:
        symbol = vocabulary.symbols.get(node.target.name) if isinstance(node.target, Name) else None
        return symbol is not None and symbol.folded is not None
    symbol = vocabulary.symbols.get(node.name) if isinstance(node, Name) else None
    return symbol is not None and symbol.indexed and not isinstance(symbol.source, SideRowSource)
