"""Which parts of a rule cannot raise, whatever the data, as long as the declared types are true."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

from server.rules.language.date_parts import NUMBER_PARTS, TEXT_PARTS
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
    Kind,
    ListOf,
    Logic,
    Match,
    Minus,
    Name,
    Node,
    Not,
    Order,
    SetOf,
    Slice,
    StaticType,
    Ternary,
)

_TOTAL_ATTRIBUTES = {
    Kind.TEXT: {"as_lower", "as_upper", "length", "is_empty", "to_str", "to_ary", "starts_with", "ends_with"},
    Kind.NUMBER: {"floor", "ceiling", "is_nan", "to_flt", "to_str"},
    Kind.INSTANT: {*NUMBER_PARTS, *TEXT_PARTS, "date", "to_epoch"},
    Kind.PERIOD: {"days", "seconds", "microseconds", "total_seconds"},
    Kind.LIST: {"length", "is_empty"},  # to_ary raises for a list of objects
}
_TOTAL_CALLS = {"any", "all", "abs", "sum"}
_STORED_DIGITS = 19
"""A stored number, and whatever is counted or read from a text or a date, is below 10^19."""
_QUOTIENT_DIGITS_MAX = 27
"""``//`` and ``%`` raise when the quotient has more digits than the 28 of the language's decimals; one to spare."""
_SHIFT_OF_NOW_MAX = timedelta(days=365_000)
"""So far from now no calendar ends."""
_ORDERED = {Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.INSTANT, Kind.PERIOD}

TypeOf = Callable[[Node], StaticType]


def is_total(node: Node, type_of: TypeOf) -> bool:
    """Whether evaluating the part never raises.

    Overflow cannot happen in sums, products and quotients: literals and stored numbers are bounded, and so is the
    number of parts. Division by anything but a literal, and everything unlisted, may raise.
    """
    if not all(is_total(part, type_of) for part in node.children()):
        return False
    match node:
        case Constant() | DateConstant() | Name() | Builtin() | Logic() | Not() | Equality() | Coalesce():
            return True
        case Ternary() | ListOf() | Comprehension():
            return not isinstance(node, SetOf)
        case Attribute() | Slice():
            return _is_total_access(node, type_of)
        case Order():
            return all(_is_plain(part, _ORDERED, type_of) for part in (node.left, node.right))
        case Arithmetic():
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


def _is_total_access(node: Attribute | Slice, type_of: TypeOf) -> bool:
    if isinstance(node, Slice):
        return _is_total_slice(node, type_of)
    target = type_of(node.target)
    if target.kind is Kind.OBJECT:
        return True
    return (node.safe or not target.nullable) and node.name in _TOTAL_ATTRIBUTES.get(target.kind, ())


def _is_total_slice(node: Slice, type_of: TypeOf) -> bool:
    target = type_of(node.container)
    places = [_literal_number(place) for place in (node.start, node.stop) if place is not None]
    whole = all(place is not None and place == place.to_integral_value() for place in places)
    return whole and target.kind is Kind.TEXT and (node.safe or not target.nullable)


def _is_total_arithmetic(node: Arithmetic, type_of: TypeOf) -> bool:
    if node.operator in {"/", "//", "%"}:
        return _is_total_division(node, type_of)
    left, right = type_of(node.left), type_of(node.right)
    if isinstance(node.left, Builtin) and isinstance(node.right, Constant) and left.kind is Kind.INSTANT:
        return isinstance(node.right.value, timedelta) and abs(node.right.value) <= _SHIFT_OF_NOW_MAX
    if left.nullable or right.nullable or left.kind is not right.kind:
        return False
    return left.kind in {Kind.NUMBER, Kind.TEXT} or (left.kind is Kind.INSTANT and node.operator == "-")


def _is_total_division(node: Arithmetic, type_of: TypeOf) -> bool:
    divisor = _literal_number(node.right)
    if not divisor or not _is_plain(node.left, {Kind.NUMBER}, type_of):
        return False
    if node.operator == "/":
        return True
    digits = _digits(node.left, type_of)
    return digits is not None and digits - divisor.adjusted() <= _QUOTIENT_DIGITS_MAX


def _literal_number(node: Node) -> Decimal | None:
    literal = node.operand if isinstance(node, Minus) else node
    return literal.value if isinstance(literal, Constant) and isinstance(literal.value, Decimal) else None


def _digits(node: Node, type_of: TypeOf) -> int | None:
    """Return an n so that the absolute value of a number is below 10^n; None where that is not known."""
    match node:
        case Constant(value=Decimal() as value):
            return value.adjusted() + 1 if value else 0
        case Name():
            return _STORED_DIGITS
        case Attribute() if type_of(node.target).kind is Kind.NUMBER:
            return _largest([node.target], type_of, more=1)
        case Attribute():
            return _STORED_DIGITS
        case Minus():
            return _digits(node.operand, type_of)
        case Coalesce():
            return _largest([node.left, node.right], type_of)
        case Ternary():
            return _largest([node.positive, node.negative], type_of)
        case Arithmetic():
            return _digits_of_result(node, type_of)
        case _:
            return None


def _digits_of_result(node: Arithmetic, type_of: TypeOf) -> int | None:
    if node.operator in {"+", "-"}:
        return _largest([node.left, node.right], type_of, more=1)
    left, right = _digits(node.left, type_of), _digits(node.right, type_of)
    if left is None or right is None:
        return None
    divisor = _literal_number(node.right)
    if node.operator == "*":
        return left + right
    if not divisor:
        return None
    return right if node.operator == "%" else left - divisor.adjusted()


def _largest(parts: Sequence[Node], type_of: TypeOf, *, more: int = 0) -> int | None:
    digits = [_digits(part, type_of) for part in parts]
    known = [number for number in digits if number is not None]
    return max(known) + more if len(known) == len(digits) else None


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
    if isinstance(function, Builtin) and function.name in {"max", "min", "sum"} and isinstance(arguments[0], ListOf):
        items = arguments[0].items
        return bool(items) and all(_is_plain(item, {Kind.NUMBER}, type_of) for item in items)
    if not isinstance(function, Builtin) or function.name not in _TOTAL_CALLS:
        return False
    if function.name == "sum":
        return all(
            isinstance(argument, Comprehension) and _is_plain(argument.result, {Kind.NUMBER}, type_of)
            for argument in arguments
        )
    return function.name != "abs" or all(_is_plain(argument, {Kind.NUMBER}, type_of) for argument in arguments)
