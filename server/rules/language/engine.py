"""The border to rule-engine: its context, with one frozen moment, and how its errors look to us.

rule-engine decides what a rule means. Here it gets RE2 as the dialect of ``=~``, instants with fixed offsets (Python
compares two times of one zone by their wall clock, which is wrong in the hour that is repeated in autumn), and
attributes of dates that are read in the moment's zone.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone, tzinfo
from decimal import Context as DecimalContext
from decimal import Decimal
from functools import lru_cache
from typing import Any

from rule_engine import ast, errors
from rule_engine.builtins import Builtins
from rule_engine.engine import Context
from rule_engine.parser.utilities import parse_datetime, parse_float
from rule_engine.types import DataType

from server.clock import Moment
from server.rules.language.guard import REFUSED_ATTRIBUTES
from server.rules.language.regex import InvalidPatternError, compile_regex
from server.rules.language.symbols import Collection, Symbol, ValueType, Vocabulary
from server.rules.language.tree import Kind, StaticType

_DATA_TYPES = {
    ValueType.TEXT: DataType.STRING,
    ValueType.CODE: DataType.STRING,
    ValueType.NUMBER: DataType.FLOAT,
    ValueType.BOOLEAN: DataType.BOOLEAN,
    ValueType.DATE: DataType.DATETIME,
    ValueType.DATETIME: DataType.DATETIME,
}
_NULLABLE_TYPES = {type_: DataType.NULLABLE(inner) for type_, inner in _DATA_TYPES.items()}
_KINDS = {
    "STRING": Kind.TEXT,
    "FLOAT": Kind.NUMBER,
    "BOOLEAN": Kind.BOOLEAN,
    "DATETIME": Kind.INSTANT,
    "TIMEDELTA": Kind.PERIOD,
    "NULL": Kind.NULL,
    "ARRAY": Kind.LIST,
    "SET": Kind.SET,
    "MAPPING": Kind.MAPPING,
    "FUNCTION": Kind.FUNCTION,
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EXPONENT_MAX = 400
_COLLECTION_TYPES: dict[int, tuple[Collection, Any]] = {}
_COLLECTION_TYPES_MAX = 64
LOOP_STEPS_MAX = 100_000
"""Rounds of all loops together while one rule is evaluated for one contact."""
ATTRIBUTES = "attributes"
"""The symbol whose members are the custom attributes."""


class Member:
    """One object of a collection, or the holder of the custom attributes: rule-engine refuses mappings here."""

    __slots__ = ("values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values


def _member_value(member: Member, name: str) -> Any:
    return member.values[name]


def fixed_offset(instant: datetime, zone: tzinfo) -> datetime:
    """Return the same instant with the offset the zone has then, as a fixed offset.

    An instant at the very edge of the calendar, which the zone cannot show, is returned as it is.
    """
    try:
        local = instant.astimezone(zone)
    except OverflowError:
        return instant
    return local.replace(tzinfo=_fixed_zone(local.utcoffset() or timedelta()))


@lru_cache(maxsize=256)
def _fixed_zone(offset: timedelta) -> timezone:
    """Return one object per offset: Python compares two instants faster when they share it."""
    return timezone(offset)


def midnight(day: datetime, zone: tzinfo) -> datetime:
    """Return the instant at which the day of ``day``'s own calendar fields begins in the zone."""
    start = datetime.combine(day.date(), time(), tzinfo=zone)
    return start.replace(tzinfo=_fixed_zone(start.utcoffset() or timedelta()))


class RuleContext(Context):
    """What rule-engine knows while it parses and evaluates rules of one vocabulary at one moment.

    Thread safety: evaluation keeps its state per thread; building a rule changes ``symbols`` only.
    """

    def __init__(self, vocabulary: Vocabulary, moment: Moment) -> None:
        # Context.__init__ builds its table of built-in names anew (0.2 ms); ours is shared.
        self.__dict__.update(_TEMPLATE.__dict__)
        self._thread_local = threading.local()
        self.symbols = set()
        self.default_timezone = self._zone = moment.zone
        self.builtins = Builtins(builtin_values(moment), value_types=_BUILTIN_TYPES, timezone=moment.zone)
        self._vocabulary = vocabulary
        self._types: dict[str, Any] = {}

    def reset(self) -> None:
        """Begin an evaluation in this thread: forget what a broken-off one may have left behind."""
        self._tls.reset()
        self._thread_local.steps = 0

    @contextmanager
    def assignments(self, *assignments: ast.Assignment) -> Iterator[None]:
        """Bind loop variables for one round of a loop; loops inside loops have an end."""
        steps = self._thread_local.steps = getattr(self._thread_local, "steps", 0) + 1
        if steps > LOOP_STEPS_MAX:
            raise errors.EvaluationError("the loops of this rule run too long")
        with super().assignments(*assignments):
            yield

    def resolve(self, thing: Any, name: str, scope: str | None = None) -> Any:
        """Return a built-in, the value of the OUTERMOST loop variable of that name, or the contact's value."""
        if scope is not None:
            return self.builtins[name]
        for assignments in self._tls.assignment_scopes:
            if name in assignments:
                return assignments[name].value
        return thing[name]

    def resolve_type(self, name: str, scope: str | None = None) -> Any:
        """Return the declared type; raises SymbolResolutionError for a name that means nothing."""
        if scope is not None:
            if name not in self.builtins:
                raise errors.SymbolResolutionError("$" + name)
            return self.builtins.resolve_type(name)
        for assignments in self._tls.assignment_scopes:
            if name in assignments:
                return assignments[name].value_type
        known = self._types.get(name)
        if known is None:
            known = self._types[name] = self._declared(name)
        return known

    def _declared(self, name: str) -> Any:
        vocabulary = self._vocabulary
        if "." not in name and name in vocabulary.symbols:
            return data_type(vocabulary.symbols[name])
        if name in vocabulary.code_sets:
            return DataType.ARRAY(DataType.STRING)
        if name in vocabulary.collections:
            return _collection_type(vocabulary.collections[name])
        if name == ATTRIBUTES:
            own = {
                full.partition(".")[2]: data_type(symbol) for full, symbol in vocabulary.symbols.items() if "." in full
            }
            return DataType.OBJECT(ATTRIBUTES, attributes=own, accessor=_member_value)
        raise errors.SymbolResolutionError(name)

    def resolve_attribute(self, thing: Any, object_: Any, name: str) -> Any:
        """Return an attribute of a value; those of dates are read in the moment's zone."""
        if isinstance(object_, datetime):
            zone = self._zone
            object_ = fixed_offset(object_, zone)
            if name == "date":
                return midnight(object_, zone)
            if name == "weekday":
                return WEEKDAYS[object_.weekday()]
        return super().resolve_attribute(thing, object_, name)


def _collection_type(collection: Collection) -> Any:
    """Return rule-engine's type of a collection; it is kept, because making one takes as long as parsing a rule."""
    known = _COLLECTION_TYPES.get(id(collection))
    if known is not None and known[0] is collection:
        return known[1]
    members = {name: data_type(symbol) for name, symbol in collection.members.items()}
    made = DataType.ARRAY(DataType.OBJECT(collection.name, attributes=members, accessor=_member_value))
    if len(_COLLECTION_TYPES) >= _COLLECTION_TYPES_MAX:
        _COLLECTION_TYPES.clear()
    _COLLECTION_TYPES[id(collection)] = collection, made
    return made


def data_type(symbol: Symbol) -> Any:
    """Return rule-engine's type of a symbol."""
    return (_NULLABLE_TYPES if symbol.nullable else _DATA_TYPES)[symbol.type]


def static_type(expression: Any) -> StaticType:
    """Return our name for the type that rule-engine found for an expression."""
    found = expression.result_type
    nullable = DataType.is_type(found, DataType.NULLABLE)
    inner = DataType.NULLABLE.unwrap(found)
    kind = Kind.OBJECT if inner.is_object else _KINDS.get(inner.name, Kind.UNKNOWN)
    return StaticType(kind, nullable)


def is_literal(expression: Any) -> bool:
    """Whether an expression needs no evaluation: a literal, or what rule-engine has folded into one."""
    return isinstance(expression, ast.LiteralExpressionBase) and bool(expression.is_reduced)


def _parse_number(text: str) -> Decimal:
    """Read a number; one with an exponent that would make ``.floor`` write millions of digits is refused."""
    number: Decimal = parse_float(text)
    if number.is_finite() and abs(number.adjusted()) > _EXPONENT_MAX:
        raise errors.FunctionCallError("number out of range", function_name="parse_float")
    return number


@lru_cache(maxsize=64)
def builtin_values(moment: Moment) -> Mapping[str, Any]:
    """Return the values of the names that begin with ``$``, without it."""
    zone = moment.zone
    now = fixed_offset(moment.now, zone)
    today = fixed_offset(moment.midnight, zone)

    def parse_instant(text: str) -> datetime:
        return fixed_offset(parse_datetime(text, zone), zone)

    return {
        **_PLAIN_BUILTINS,
        "now": now,
        "today": today,
        "parse_datetime": parse_instant,
        "parse_float": _parse_number,
    }


class Re2Comparison(ast.FuzzyComparisonExpression):
    """``=~`` and its kin, matched by RE2."""

    def _compile_regex(self, regex: str) -> Any:
        try:
            return compile_regex(regex)
        except InvalidPatternError as error:
            raise errors.EvaluationError(f"invalid regular expression: {error}") from error


class FixedOffsetDate(ast.DatetimeExpression):
    """A literal date, as an instant with a fixed offset."""

    @classmethod
    def from_string(cls, context: Any, string: str) -> "FixedOffsetDate":
        """Return the literal; a date without a zone is in the moment's zone."""
        literal = cls(context, parse_datetime(string, context.default_timezone))
        literal.value = fixed_offset(literal.value, context.default_timezone)
        return literal


OWN_CLASSES: dict[type[Any], type[Any]] = {
    ast.FuzzyComparisonExpression: Re2Comparison,
    ast.DatetimeExpression: FixedOffsetDate,
}
"""rule-engine's node classes that ours stand in for."""


class Unusable(ast.ExpressionBase):  # type: ignore[misc, unused-ignore]
    """Stands for an expression that could not be built, so that the rest is still looked at."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def evaluate(self, thing: Any) -> Any:  # noqa: ARG002
        """Raise: a rule with errors is never evaluated."""
        raise errors.EvaluationError("the rule has errors")


_TEMPLATE = Context(
    default_timezone="utc",
    decimal_context=DecimalContext(prec=28),
    mapping_attribute_lookup=False,
)
DECIMALS: DecimalContext = _TEMPLATE.decimal_context
"""How numbers are computed: 28 digits."""
_BUILTIN_NAMES = ("e", "pi", "abs", "any", "all", "sum", "max", "min", "parse_timedelta")
_PLAIN_BUILTINS = {name: _TEMPLATE.builtins[name] for name in _BUILTIN_NAMES}
_BUILTIN_TYPES = {
    name: _TEMPLATE.builtins.resolve_type(name)
    for name in (*_BUILTIN_NAMES, "now", "today", "parse_datetime", "parse_float")
}
BUILTINS = frozenset(_BUILTIN_TYPES)
"""The names of the language itself, without their ``$``."""
EngineError = errors.EngineError


def plain_attribute(value: Any, name: str) -> Any:
    """Return an attribute of a value that is no date, as rule-engine has it; raises what rule-engine raises."""
    return _TEMPLATE.resolve_attribute(None, value, name)


@dataclass(frozen=True, slots=True)
class Failure:
    """What rule-engine (or Python, while folding a constant) said about a node.

    Attributes:
        unknown_name: the name that means nothing, or None.
        known_names: what could stand there instead.
        nullable: whether an operand may be null where null cannot be handled.
        malformed: whether a literal is written wrongly.
    """

    message: str
    unknown_name: str | None = None
    known_names: tuple[str, ...] = ()
    nullable: bool = False
    malformed: bool = False


def describe_failure(error: Exception) -> Failure:
    """Return a failure without any of the values that rule-engine's errors carry."""
    if isinstance(error, errors.SymbolResolutionError):
        known = tuple(_BUILTIN_TYPES) if error.symbol_name.startswith("$") else ()
        return Failure("", unknown_name=error.symbol_name, known_names=known)
    if isinstance(error, errors.AttributeResolutionError):
        return Failure("", unknown_name=error.attribute_name, known_names=_known_attributes(error.object))
    if isinstance(error, errors.EngineError):
        message = str(error.message)
        sentence = message[:1].upper() + message[1:] + "."
        malformed = isinstance(error, errors.SyntaxError)
        return Failure(sentence, nullable="is nullable" in message, malformed=malformed)
    if isinstance(error, (OverflowError, ArithmeticError)):
        return Failure("This constant is out of range.")
    return Failure("These values cannot be combined.")


def _known_attributes(owner: Any) -> tuple[str, ...]:
    own = getattr(owner, "attributes", None)
    if own is not None:
        return tuple(own)
    return next((names for kind, names in _attributes_by_type() if DataType.is_compatible(kind, owner)), ())


def attribute_names(kind: Kind) -> tuple[str, ...]:
    """Return the attributes that every value of a kind has; () for objects, which differ."""
    return next((names for type_, names in _attributes_by_type() if _KINDS.get(type_.name) is kind), ())


def _attributes_by_type() -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield rule-engine's types with their attributes that are part of the language."""
    by_type: Mapping[Any, Mapping[str, Any]] = Context.resolve_attribute_type.__self__.attribute.type_map  # type: ignore[attr-defined]
    for type_, names in by_type.items():
        yield type_, tuple(name for name in names if name not in REFUSED_ATTRIBUTES)
