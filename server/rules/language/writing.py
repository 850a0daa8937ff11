"""From tree to text, in one normal form; and the one way to write a value as a literal.

What is written is read back as the same tree, places apart, and writing it again changes nothing. Parentheses stand
where precedence needs them, and around a comparison inside a comparison or beside ``??``, whose precedence nobody
remembers. Comments are not part of the tree and are lost.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TypeAlias

from server.rules.language.guard import EXPONENT_MAX, NUMBER_DIGITS_MAX, STRING_CHARACTERS_MAX
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

LiteralValue: TypeAlias = "str | Decimal | int | bool | datetime | date | timedelta | Sequence[LiteralValue] | None"

LINE_CHARACTERS = 100
"""A longer rule is broken at its outermost ``and`` or ``or``."""

_ANY, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _MINUS, _VALUE, _OBJECT = range(10)
"""How tightly a form binds. An _OBJECT may be followed by ``.``, ``[`` and ``(``; numbers and booleans may not."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TABLE = str.maketrans(_ESCAPES)
_ZEROS_MAX = 6
_MINUTE = timedelta(minutes=1)
"""Zeros after the point of a small number; a smaller one has an exponent."""
_RAW = {quote: re.compile(rf"([^\\\n{quote}]|\\.)*") for quote in ('"', "'")}


def write_rule(tree: Node) -> str:
    """Return the text of a tree, on one line."""
    return _written(tree)


def format_rule(tree: Node) -> str:
    """Return the text of a tree; a long chain of ``and`` or ``or`` has one operand on each line."""
    text = _written(tree)
    if len(text) <= LINE_CHARACTERS or not isinstance(tree, Logic):
        return text
    return f"\n{tree.operator} ".join(_operands(tree))


def write_literal(value: LiteralValue) -> str:
    """Return the literal that stands for a value; a negative number or period begins with a minus sign.

    Raises: ValueError for a number that no literal can say: not finite, or of too many digits.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case int():
            return _number(Decimal(value))
        case Decimal():
            return _number(value)
        case datetime():
            return f'd"{_instant(value)}"'
        case date():
            return f'd"{value.isoformat()}"'
        case timedelta():
            return f't"{_period(value)}"' if value >= timedelta() else f'-t"{_period(-value)}"'
        case _:
            return f"[{', '.join(map(write_literal, value))}]"


def _text(value: str) -> str:
    """Write a text; where escapes would make the literal too long, only the needed ones are used."""
    escaped = value.translate(_TABLE) if value.isprintable() else "".join(map(_escaped, value))
    usual = f'"{escaped}"'
    if len(usual) <= STRING_CHARACTERS_MAX + 2:
        return usual
    needed = value.replace("\\", "\\\\").replace("\n", "\\n")
    forms = [quote + needed.replace(quote, "\\" + quote) + quote for quote in _RAW]
    forms += [f"r{quote}{value}{quote}" for quote, content in _RAW.items() if content.fullmatch(value)]
    return min(forms, key=len)


def _escaped(character: str) -> str:
    """Write a character; one that cannot be seen is escaped."""
    known = _ESCAPES.get(character)
    if known is not None or character.isprintable():
        return known or character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _number(value: Decimal) -> str:
    """Write a number so that digits and exponent are read back as they are, since ``.to_str`` shows them."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        msg = f"{value} is not a number that a rule can say."
        raise ValueError(msg)  # noqa: TRY004 - the type is right, the value is not
    whole = "".join(map(str, digits))
    minus = "-" if sign else ""
    plain = -exponent if -len(whole) - _ZEROS_MAX <= exponent <= 0 else 0
    for shift in (plain, *range(EXPONENT_MAX + 1)):
        rest = exponent + shift
        written = _with_point(whole, shift)
        if abs(rest) <= EXPONENT_MAX and len(written.replace(".", "")) <= NUMBER_DIGITS_MAX:
            return minus + written + (f"e{rest}" if rest else "")
    hexadecimal = f"{int(whole):x}"
    if exponent == 0 and len(hexadecimal) <= NUMBER_DIGITS_MAX:
        return f"{minus}0x{hexadecimal}"
    msg = "The number has more digits than a rule can say."
    raise ValueError(msg)


def _with_point(digits: str, places: int) -> str:
    """Put a point before the last ``places`` digits; no zero before it where there is no room for one."""
    if places == 0:
        return digits
    padded = digits.zfill(places)
    before, after = padded[: len(padded) - places], padded[len(padded) - places :]
    return f"{before or ('0' if len(padded) < NUMBER_DIGITS_MAX else '')}.{after}"


def _instant(value: datetime) -> str:
    """Write a day alone where the time is its midnight and no zone is named."""
    offset = value.utcoffset()
    if offset is None:
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    odd_seconds = offset % _MINUTE
    if odd_seconds:
        value = _with_offset(value, (timedelta(), offset - odd_seconds, offset - odd_seconds + _MINUTE))
    return value.isoformat().replace("+00:00", "Z")


def _with_offset(value: datetime, offsets: Iterable[timedelta]) -> datetime:
    """Return the instant with the first of the offsets that can show it: at the edges of the calendar not all can."""
    local, own = value.replace(tzinfo=None), value.utcoffset() or timedelta()
    for offset in offsets:
        try:
            return (local + (offset - own)).replace(tzinfo=timezone(offset))
        except OverflowError:
            continue
    msg = "The instant lies outside the calendar."
    raise ValueError(msg)


def _period(value: timedelta) -> str:
    """Write a period that is not negative, in days, hours, minutes and seconds."""
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0") if value.microseconds else ""
    clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    clock += f"{seconds}{fraction}S" * bool(seconds or fraction)
    days = f"{value.days}D" if value.days or not clock else ""
    return f"P{days}T{clock}" if clock else f"P{days}"


def _level(node: Node) -> int:
    """Return how tightly the written form of a node binds."""
    match node:
        case Ternary():
            return _ANY
        case Logic():
            return _OR if node.operator == "or" else _AND
        case Minus():
            return _MINUS
        case Not():
            return _NOT
        case Arithmetic():
            return _SUM if node.operator in "+-" else _PRODUCT
        case Binary() | Match() | Contains() | Coalesce():
            return _COMPARISON
        case Constant(value=bool()):
            return _VALUE
        case Constant(value=Decimal() as number):
            return _MINUS if number.is_signed() else _VALUE
        case Constant(value=timedelta(days=days)) if days < 0:
            return _MINUS
        case _:
            return _OBJECT


def _part(node: Node, least: int) -> str:
    """Write a part of something; in parentheses where it binds less tightly than its place needs."""
    text = _written(node)
    return text if _level(node) >= least else f"({text})"


def _listed(nodes: Iterable[Node]) -> str:
    return ", ".join(_part(node, _OR) for node in nodes)


def _operands(node: Logic) -> list[str]:
    level = _level(node)
    return [_part(operand, level) for operand in node.operands]


def _written(node: Node) -> str:
    match node:
        case Constant() | DateConstant():
            return write_literal(node.value)
        case Name():
            return node.name
        case Builtin():
            return f"${node.name}"
        case SetOf():
            return f"{{{_listed(node.items)}}}"
        case ListOf():
            return f"[{_listed(node.items)}]"
        case MappingOf():
            return "{" + ", ".join(f"{_part(key, _OR)}: {_part(value, _OR)}" for key, value in node.pairs) + "}"
        case Comprehension():
            kept = "" if node.condition is None else f" if {_part(node.condition, _OR)}"
            return f"[{_part(node.result, _OR)} for {node.variable} in {_part(node.iterable, _SUM)}{kept}]"
        case Attribute() | Item() | Slice() | Call():
            return _postfix(node)
        case _:
            return _operation(node)


def _postfix(node: Attribute | Item | Slice | Call) -> str:
    match node:
        case Attribute():
            return f"{_part(node.target, _OBJECT)}{'&' * node.safe}.{node.name}"
        case Item():
            return f"{_part(node.container, _OBJECT)}{'&' * node.safe}[{_part(node.key, _OR)}]"
        case Slice():
            start, stop = ("" if limit is None else _part(limit, _OR) for limit in (node.start, node.stop))
            return f"{_part(node.container, _OBJECT)}{'&' * node.safe}[{start}:{stop}]"
        case Call():
            return f"{_part(node.function, _OBJECT)}({_listed(node.arguments)})"


def _operation(node: Node) -> str:
    match node:
        case Minus():
            return f"-{_part(node.operand, _MINUS)}"
        case Not(operand=Contains() as test):
            return f"{_part(test.member, _SUM)} not in {_part(test.container, _SUM)}"
        case Not():
            return f"not {_part(node.operand, _NOT)}"
        case Logic():
            return f" {node.operator} ".join(_operands(node))
        case Arithmetic():
            level = _level(node)
            return f"{_part(node.left, level)} {node.operator} {_part(node.right, level + 1)}"
        case Ternary():
            condition, positive = _part(node.condition, _OR), _part(node.positive, _OR)
            return f"{condition} ? {positive} : {_part(node.negative, _ANY)}"
        case _:
            return _comparison(node)


def _comparison(node: Node) -> str:
    match node:
        case Binary():
            return f"{_part(node.left, _SUM)} {node.operator} {_part(node.right, _SUM)}"
        case Contains():
            return f"{_part(node.member, _SUM)} in {_part(node.container, _SUM)}"
        case Match():
            sign = ("!" if node.negated else "=") + ("~~" if node.anywhere else "~")
            return f"{_part(node.subject, _SUM)} {sign} {write_literal(node.pattern)}"
        case Coalesce():
            right = _written(node.right) if isinstance(node.right, Coalesce) else _part(node.right, _SUM)
            return f"{_part(node.left, _SUM)} ?? {right}"
        case _:
            msg = f"{type(node).__name__} is not a part of a rule."
            raise TypeError(msg)
