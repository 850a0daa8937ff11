"""The tree of a rule as plain data, for programs that build rules without writing text.

Every part is an object with exactly one key, which names its kind: ``{"symbol": "country"}``, ``{"text": "DE"}``,
``{"all": [...]}``. Rule → data → rule changes nothing. Data → rule → data makes data canonical: a group of one member
is that member, a group inside a group of its own kind is one group, and the minus of a number belongs to the number.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from server.rules.language.engine import ATTRIBUTES, BUILTINS
from server.rules.language.tree import (
    Arithmetic,
    Attribute,
    Binary,
    Builtin,
    Call,
    Coalesce,
    Comprehension,
    Constant,
    Contains,
    DateConstant,
    Item,
    ListOf,
    Logic,
    MappingOf,
    Match,
    Minus,
    Name,
    Node,
    Not,
    SetOf,
    Slice,
    Ternary,
)
from server.rules.language.writing import write_literal

PlainTree: TypeAlias = dict[str, Any]

COMPARISONS = {
    "EQUAL": "==",
    "NOT_EQUAL": "!=",
    "LESS": "<",
    "LESS_OR_EQUAL": "<=",
    "GREATER": ">",
    "GREATER_OR_EQUAL": ">=",
}
ARITHMETIC = {"ADD": "+", "SUBTRACT": "-", "MULTIPLY": "*", "DIVIDE": "/", "DIVIDE_WHOLE": "//", "REMAINDER": "%"}
"""Names of the operators in data, and how a rule writes them."""
_NAMES = {sign: name for name, sign in (*COMPARISONS.items(), *ARITHMETIC.items())}
_GROUPS = {"and": "all", "or": "any"}


def plain_tree(tree: Node) -> PlainTree:
    """Return a tree as data that JSON can carry."""
    match tree:
        case Constant() | DateConstant():
            return _plain_constant(tree.value)
        case Name() | Builtin():
            return _plain_name(tree)
        case ListOf() | MappingOf():
            return _plain_items(tree)
        case Attribute() | Item() | Slice() | Call():
            return _plain_postfix(tree)
        case Not() | Logic():
            return _plain_logic(tree)
        case _:
            return _plain_operation(tree)


def _plain_name(node: Name | Builtin) -> PlainTree:
    if isinstance(node, Name):
        return {"symbol": node.name}
    return {"builtin" if node.name in BUILTINS else "parameter": node.name}


def _plain_items(node: ListOf | MappingOf) -> PlainTree:
    if isinstance(node, MappingOf):
        return {"mapping": [{"key": plain_tree(key), "value": plain_tree(value)} for key, value in node.pairs]}
    return {"set" if isinstance(node, SetOf) else "list": _plain_list(node.items)}


def _plain_logic(node: Not | Logic) -> PlainTree:
    match node:
        case Logic():
            return {_GROUPS[node.operator]: _plain_list(node.operands)}
        case Minus(operand=Constant(value=Decimal() as number)):
            return {"number": write_literal(number.copy_negate())}
        case _:
            return {"minus" if isinstance(node, Minus) else "not": plain_tree(node.operand)}


def _plain_list(nodes: Sequence[Node]) -> list[PlainTree]:
    return [plain_tree(node) for node in nodes]


def _plain_constant(value: str | Decimal | bool | datetime | timedelta | None) -> PlainTree:
    match value:
        case None:
            return {"null": True}
        case bool():
            return {"boolean": value}
        case str():
            return {"text": value}
        case Decimal():
            return {"number": write_literal(value)}
        case _:
            return {"date" if isinstance(value, datetime) else "period": write_literal(value)[2:-1]}


def _plain_postfix(node: Attribute | Item | Slice | Call) -> PlainTree:
    match node:
        case Attribute(target=Name(name=owner), safe=False) if owner == ATTRIBUTES:
            return {"symbol": f"{ATTRIBUTES}.{node.name}"}
        case Attribute():
            return {"attribute": {"of": plain_tree(node.target), "name": node.name, "safe": node.safe}}
        case Item():
            return {"item": {"of": plain_tree(node.container), "key": plain_tree(node.key), "safe": node.safe}}
        case Slice():
            limits = {"start": node.start, "stop": node.stop}
            written = {name: plain_tree(limit) for name, limit in limits.items() if limit is not None}
            return {"slice": {"of": plain_tree(node.container), **written, "safe": node.safe}}
        case Call():
            return {"call": {"function": plain_tree(node.function), "arguments": _plain_list(node.arguments)}}


def _plain_operation(node: Node) -> PlainTree:
    match node:
        case Binary():
            kind = "arithmetic" if isinstance(node, Arithmetic) else "compare"
            sides = {"left": plain_tree(node.left), "operator": _NAMES[node.operator], "right": plain_tree(node.right)}
            return {kind: sides}
        case Contains():
            return {"in": {"member": plain_tree(node.member), "container": plain_tree(node.container)}}
        case Match():
            flags = {"anywhere": node.anywhere, "negated": node.negated}
            return {"match": {"subject": plain_tree(node.subject), "pattern": node.pattern, **flags}}
        case Coalesce():
            return {"coalesce": {"value": plain_tree(node.left), "default": plain_tree(node.right)}}
        case Ternary():
            cases = {"then": plain_tree(node.positive), "else": plain_tree(node.negative)}
            return {"if": {"condition": plain_tree(node.condition), **cases}}
        case Comprehension():
            kept = {} if node.condition is None else {"condition": plain_tree(node.condition)}
            loop = {"variable": node.variable, "over": plain_tree(node.iterable), **kept}
            return {"loop": {**loop, "result": plain_tree(node.result)}}
        case _:
            msg = f"{type(node).__name__} is not a part of a rule."
            raise TypeError(msg)
