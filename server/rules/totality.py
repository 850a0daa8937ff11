"""Which parts of a rule cannot raise, whatever the data, as long as the declared types are true."""

from collections.abc import Callable

from server.rules.tree import (
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
    Kind,
    ListOf,
    Logic,
    Match,
    Name,
    Node,
    Not,
    Order,
    SetOf,
    StaticType,
    Ternary,
)

_TOTAL_ATTRIBUTES = {
    Kind.TEXT: {"as_lower", "as_upper", "length", "is_empty", "to_str", "to_ary", "starts_with", "ends_with"},
    Kind.NUMBER: {"floor", "ceiling", "is_nan", "to_flt", "to_str"},
    Kind.INSTANT: {"date", "day", "hour", "minute", "second", "month", "year", "weekday", "microsecond", "to_epoch"},
    Kind.PERIOD: {"days", "seconds", "microseconds", "total_seconds"},
    Kind.LIST: {"length", "is_empty", "to_ary"},
}
_TOTAL_CALLS = {"any", "all", "abs", "sum"}
_ORDERED = {Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.INSTANT, Kind.PERIOD}

TypeOf = Callable[[Node], StaticType]


def is_total(node: Node, type_of: TypeOf) -> bool:
    """Whether evaluating the part never raises.

    Overflow cannot happen in sums and products: literals and stored numbers are bounded, and so is the number of
    parts. Division, powers and everything unlisted may raise.
    """
    if not all(is_total(part, type_of) for part in node.children()):
        return False
    match node:
        case Constant() | DateConstant() | Name() | Builtin() | Logic() | Not() | Equality() | Coalesce():
            return True
        case Ternary() | ListOf() | Comprehension():
            return not isinstance(node, SetOf)
        case Attribute():
            return _is_total_attribute(node, type_of)
        case Order():
            return all(_is_plain(part, _ORDERED, type_of) for part in (node.left, node.right))
        case Arithmetic(operator="+" | "-" | "*"):
            return _is_total_arithmetic(node, type_of)
        case Match():
            return _is_plain(node.subject, {Kind.TEXT}, type_of)
        case Contains():
            return _is_total_containment(node, type_of)
        case Call():
            return _is_total_call(node, type_of)
        case _:
            return False


def _is_plain(node: Node, kinds: set[Kind], type_of: TypeOf) -> bool:
    found = type_of(node)
    return found.kind in kinds and not found.nullable


def _is_total_attribute(node: Attribute, type_of: TypeOf) -> bool:
    target = type_of(node.target)
    if target.kind is Kind.OBJECT:
        return True
    return (node.safe or not target.nullable) and node.name in _TOTAL_ATTRIBUTES.get(target.kind, ())


def _is_total_arithmetic(node: Arithmetic, type_of: TypeOf) -> bool:
    left, right = type_of(node.left), type_of(node.right)
    if left.nullable or right.nullable or left.kind is not right.kind:
        return False
    return left.kind in {Kind.NUMBER, Kind.TEXT} or (left.kind is Kind.INSTANT and node.operator == "-")


def _is_total_containment(node: Contains, type_of: TypeOf) -> bool:
    container = type_of(node.container)
    if container.nullable:
        return False
    if container.kind is Kind.TEXT:
        return _is_plain(node.member, {Kind.TEXT}, type_of)
    return container.kind is Kind.LIST


def _is_total_call(node: Call, type_of: TypeOf) -> bool:
    function, arguments = node.function, node.arguments
    if isinstance(function, Attribute):
        return all(_is_plain(argument, {Kind.TEXT}, type_of) for argument in arguments)
    if not isinstance(function, Builtin) or function.name not in _TOTAL_CALLS:
        return False
    if function.name == "sum":
        return all(
            isinstance(argument, Comprehension) and _is_plain(argument.result, {Kind.NUMBER}, type_of)
            for argument in arguments
        )
    return function.name != "abs" or all(_is_plain(argument, {Kind.NUMBER}, type_of) for argument in arguments)
