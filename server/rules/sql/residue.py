"""Why a part of a rule is left to rule-engine, in words."""

from collections.abc import Callable

from server.rules.language.tree import (
    Arithmetic,
    Attribute,
    Builtin,
    Call,
    Coalesce,
    Comprehension,
    Contains,
    Equality,
    Item,
    Kind,
    Match,
    Minus,
    Node,
    Order,
    Slice,
    StaticType,
    Ternary,
    walk,
)
from server.rules.sql.bracket import Tri, is_false
from server.rules.sql.choices import has_too_many_choices

_MEMBER = "a member itself is no condition of SQL; ask what is true of it, or whether the list .is_empty"
_LISTS = "lists are compared as wholes contact by contact; ask for single items with in"
_CONDITIONS = "conditions are compared with each other contact by contact; join them with and, or and not instead"


def reason_for(node: Node, type_of: Callable[[Node], StaticType], found: Tri | None = None) -> str:
    """Return why a part is decided contact by contact; ``found``: what SQL knows of it, if anything."""
    if type_of(_asked(node)).kind is Kind.OBJECT:
        return _MEMBER
    parts = list(walk(node))
    return _why_open(node, parts, type_of) if found is None else _why_not_all(parts, type_of, found)


def _why_not_all(parts: list[Node], type_of: Callable[[Node], StaticType], found: Tri) -> str:
    """Return why SQL decides a part for some contacts only."""
    if found.must is found.may and not is_false(found.err):
        return _why_it_raises(parts)
    if any(isinstance(part, Match) for part in parts):
        return "the database only knows what the text must contain"
    if any(_computes(part, type_of) for part in parts):
        return "very large or rounded numbers are computed contact by contact"
    return "SQL narrows it down but cannot decide it"


def _why_open(node: Node, parts: list[Node], type_of: Callable[[Node], StaticType]) -> str:
    """Return why SQL knows nothing about a part."""
    if any(isinstance(part, Ternary) and has_too_many_choices(part.condition) for part in parts):
        return "choices inside the conditions of choices make the SQL too long"
    if any(isinstance(part, Item | Slice) for part in parts):
        return "parts of texts and lists are taken contact by contact"
    if any(_reads_text(part) for part in parts):
        return "texts are read as numbers contact by contact"
    if any(isinstance(part, Call) for part in parts):
        return "this function is computed contact by contact"
    if any(isinstance(part, Arithmetic | Minus) for part in parts):
        return "arithmetic is computed contact by contact"
    return _why_not_compared(node, type_of) or "SQL has no exact form for it"


def _asked(node: Node) -> Node:
    """Return what ``$any`` or ``$all`` asks of each member, else the part itself."""
    if isinstance(node, Call) and isinstance(node.function, Builtin) and node.function.name in {"any", "all"}:
        (argument,) = node.arguments
        return argument.result if isinstance(argument, Comprehension) else node
    return node


def _computes(node: Node, type_of: Callable[[Node], StaticType]) -> bool:
    """Whether a part makes a new number."""
    computing = isinstance(node, Arithmetic | Minus | Call | Coalesce | Ternary)
    return computing and type_of(node).kind is Kind.NUMBER


def _why_not_compared(node: Node, type_of: Callable[[Node], StaticType]) -> str | None:
    """Return why values of their kind are not compared in SQL, and what to ask instead."""
    if isinstance(node, Contains):
        return _LISTS if type_of(node.member).kind is Kind.LIST else None
    if not isinstance(node, Equality | Order):
        return None
    kinds = {type_of(node.left).kind, type_of(node.right).kind}
    if kinds & {Kind.LIST, Kind.SET}:
        return _LISTS
    return _CONDITIONS if Kind.BOOLEAN in kinds else None


def _reads_text(node: Node) -> bool:
    """Whether a text is read as a number; what is already computed is no text."""
    reads = isinstance(node, Attribute) and node.name in {"to_int", "to_flt"}
    return reads and not any(isinstance(part, Arithmetic | Minus | Call) for part in walk(node))


def _why_it_raises(parts: list[Node]) -> str:
    if any(isinstance(part, Arithmetic) and part.operator in {"/", "//", "%"} for part in parts):
        return "it raises where a divisor is 0"
    if any(isinstance(part, Call) and _is_extreme(part) for part in parts):
        return "it raises where the list is empty"
    if any(isinstance(part, Attribute) and part.name == "to_int" for part in parts):
        return "it raises where the number is not whole"
    return "it raises for some values"


def _is_extreme(call: Call) -> bool:
    is_loop = bool(call.arguments) and isinstance(call.arguments[0], Comprehension)
    return isinstance(call.function, Builtin) and call.function.name in {"max", "min"} and is_loop
