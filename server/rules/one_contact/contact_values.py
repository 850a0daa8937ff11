"""The values of one contact as rules see them: each is converted once, when the first rule asks for it."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol

from server.rules.language.engine import fixed_offset
from server.rules.language.symbols import Collection, Symbol, ValueType, Vocabulary


class MissingValueError(KeyError):
    """The values of a contact lack a name that a rule reads: a mistake of the caller, not a matter of the rule."""


class IrregularValueError(Exception):
    """A value is not of the declared type, or there are too many; what that means rule-engine itself decides."""


class SharedPart(Protocol):
    """A part of several rules that is computed once per contact; hashed by identity."""

    def compute(self, contact: "PreparedContact") -> Any:
        """Return the part's value; raises whatever the rule would raise."""


class PreparedMember(dict[str, Any]):
    """One object of a collection; equal to nothing but itself, as objects are to the language."""

    __slots__ = ("_row", "_symbols", "_zone")

    def __init__(self, row: Mapping[str, Any], symbols: Mapping[str, Symbol], zone: tzinfo) -> None:
        self._row = row
        self._symbols = symbols
        self._zone = zone

    def __missing__(self, name: str) -> Any:
        value = self[name] = _prepared(self._symbols[name], _found(self._row, name), self._zone)
        return value

    def __hash__(self) -> int:  # type: ignore[override]
        return object.__hash__(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __bool__(self) -> bool:
        return True


class PreparedContact(dict[Any, Any]):
    """A contact that any number of rules may be asked about at moments of one zone.

    It fills itself: ``contact["country"]``, ``contact["attributes.tier"]``, ``contact["interactions"]``; nothing is
    converted that no rule reads. Reading raises MissingValueError for a name that ``values`` lacks, IrregularValueError
    for a value that is not of the declared type.

    Thread safety: for one thread at a time.

    Attributes:
        given: the values as they were given: as for ``Evaluator.decide``.
    """

    __slots__ = ("_vocabulary", "_zone", "given")

    def __init__(self, values: Mapping[str, Any], vocabulary: Vocabulary, zone: tzinfo) -> None:
        self.given = values
        self._vocabulary = vocabulary
        self._zone = zone

    def __missing__(self, name: str | SharedPart) -> Any:
        value = self[name] = self._converted(name) if isinstance(name, str) else name.compute(self)
        return value

    def _converted(self, name: str) -> Any:
        vocabulary = self._vocabulary
        symbol = vocabulary.symbols.get(name)
        if symbol is not None:
            owner, _, member = name.partition(".")
            value = _found(_found(self.given, owner), member) if member else _found(self.given, name)
            return _prepared(symbol, value, self._zone)
        if name in vocabulary.code_sets:
            return _codes(_found(self.given, name))
        return self._members(vocabulary.collections[name], _found(self.given, name))

    def _members(self, collection: Collection, rows: Any) -> tuple[PreparedMember, ...]:
        return tuple([PreparedMember(row, collection.members, self._zone) for row in rows])


def _found(values: Mapping[str, Any], name: str) -> Any:
    try:
        return values[name]
    except KeyError:
        raise MissingValueError(name) from None


def _codes(codes: Any) -> tuple[str, ...]:
    prepared = tuple(codes)
    for code in prepared:
        if type(code) is not str:
            raise IrregularValueError
    return prepared


def _prepared(symbol: Symbol, value: Any, zone: tzinfo) -> Any:
    """Return a value as the language has it; only the declared types pass."""
    if value is None:
        if symbol.nullable:
            return None
        raise IrregularValueError
    return _PREPARATIONS[symbol.type](value, zone)


def _prepared_text(value: Any, zone: tzinfo) -> str:  # noqa: ARG001
    if type(value) is str:
        return value
    raise IrregularValueError


def _prepared_number(value: Any, zone: tzinfo) -> Decimal:  # noqa: ARG001
    if type(value) is Decimal and value.is_finite():
        return value
    if type(value) is int:
        return Decimal(value)
    raise IrregularValueError


def _prepared_flag(value: Any, zone: tzinfo) -> bool:  # noqa: ARG001
    if type(value) is bool:
        return value
    raise IrregularValueError


def _prepared_day(value: Any, zone: tzinfo) -> datetime:
    if type(value) is date:
        return _shown_day(value, zone)
    if type(value) is datetime and value.tzinfo is not None:
        return _shown_day(value.date(), zone)
    raise IrregularValueError


def _prepared_instant(value: Any, zone: tzinfo) -> datetime:
    if type(value) is datetime and value.tzinfo is not None:
        return fixed_offset(value if value.tzinfo is UTC else fixed_offset(value, zone), zone)
    raise IrregularValueError


_PREPARATIONS: Mapping[ValueType, Callable[[Any, tzinfo], Any]] = {
    ValueType.TEXT: _prepared_text,
    ValueType.CODE: _prepared_text,
    ValueType.NUMBER: _prepared_number,
    ValueType.BOOLEAN: _prepared_flag,
    ValueType.DATE: _prepared_day,
    ValueType.DATETIME: _prepared_instant,
}


@lru_cache(maxsize=8192)
def _shown_day(day: date, zone: tzinfo) -> datetime:
    """Return the start of a day with calendar fields that exist: a day, or a midnight, may have been skipped."""
    return fixed_offset(start_of_day(day, zone), zone)


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a day begins in a zone: what a DATE means in a rule."""
    return fixed_offset(datetime.combine(day, time(), tzinfo=zone), zone)
