"""What kind of part of a rule a node is, for those who see the tree as data."""

from enum import StrEnum

from server.rules.language.tree import (
    Arithmetic,
    Attribute,
    Builtin,
    Call,
    Coalesce,
    Comprehension,
    Constant,
    Contains,
    DateConstant,
    Equality,
    Item,
    ListOf,
    Logic,
    MappingOf,
    Match,
    Minus,
    Name,
    Node,
    Not,
    Order,
    SetOf,
    Slice,
    Ternary,
)


class NodeKind(StrEnum):
    """The kinds of parts of a rule."""

    LITERAL = "LITERAL"
    LIST = "LIST"
    SET = "SET"
    MAPPING = "MAPPING"
    SYMBOL = "SYMBOL"
    BUILTIN = "BUILTIN"
    ATTRIBUTE = "ATTRIBUTE"
    ITEM = "ITEM"
    SLICE = "SLICE"
    CALL = "CALL"
    NOT = "NOT"
    MINUS = "MINUS"
    AND = "AND"
    OR = "OR"
    EQUALITY = "EQUALITY"
    ORDER = "ORDER"
    ARITHMETIC = "ARITHMETIC"
    MATCH = "MATCH"
    CONTAINMENT = "CONTAINMENT"
    COALESCE = "COALESCE"
    CONDITIONAL = "CONDITIONAL"
    LOOP = "LOOP"


_KINDS: dict[type[Node], NodeKind] = {
    Constant: NodeKind.LITERAL,
    DateConstant: NodeKind.LITERAL,
    ListOf: NodeKind.LIST,
    SetOf: NodeKind.SET,
    MappingOf: NodeKind.MAPPING,
    Name: NodeKind.SYMBOL,
    Builtin: NodeKind.BUILTIN,
    Attribute: NodeKind.ATTRIBUTE,
    Item: NodeKind.ITEM,
    Slice: NodeKind.SLICE,
    Call: NodeKind.CALL,
    Not: NodeKind.NOT,
    Minus: NodeKind.MINUS,
    Equality: NodeKind.EQUALITY,
    Order: NodeKind.ORDER,
    Arithmetic: NodeKind.ARITHMETIC,
    Match: NodeKind.MATCH,
    Contains: NodeKind.CONTAINMENT,
    Coalesce: NodeKind.COALESCE,
    Ternary: NodeKind.CONDITIONAL,
    Comprehension: NodeKind.LOOP,
}


def node_kind(node: Node) -> NodeKind:
    """Return the kind of a node."""
    if isinstance(node, Logic):
        return NodeKind.AND if node.operator == "and" else NodeKind.OR
    return _KINDS[type(node)]
