"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, types
from sqlalchemy.sql import operators

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation])
"""Raises where the default context would round."""
_SCALING = (operators.mul, operators.truediv, operators.floordiv, operators.mod)
_INT64_LIMIT = 2**63

MONEY_SCALE = 4
"""Decimal places of an amount: stored as an integer of 10⁻⁴."""
MINUTES_SCALE = 2
"""Decimal places of a duration in minutes: stored as an integer of 10⁻²."""

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A generated integer key; SQLite numbers rows by itself only in a column declared INTEGER."""


class Instant(types.TypeDecorator[datetime]):
    """An instant, aware and in UTC on the Python side.

    Stored as microseconds since 1970 on SQLite (no text format that a foreign writer could break) and as
    ``timestamptz`` on PostgreSQL. Naive values are refused.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """Return the stored type of the dialect."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Return the stored form; raises ValueError for a naive value and outside the years 1 to 9999 of UTC."""
        if value is None:
            return None
        if value.utcoffset() is None:
            msg = "an instant needs a time zone"
            raise ValueError(msg)
        try:
            instant = value.astimezone(UTC)
        except OverflowError as error:
            msg = "an instant lies in the years 1 to 9999"
            raise ValueError(msg) from error
        return (instant - EPOCH) // _MICROSECOND if dialect.name == "sqlite" else instant

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return EPOCH + timedelta(microseconds=value)
        instant: datetime = value
        return instant.astimezone(UTC)


class Scaled(types.TypeDecorator[Decimal]):
    """A decimal number stored as an integer of 10⁻ˢᶜᵃˡᵉ, so that SQL adds and compares it exactly.

    A value with more places than the scale, or outside 64 bits, is refused with ValueError. What SQL computes from such
    columns is the integer, unless ``type_coerce`` says otherwise; a factor or divisor is an integer, taken as it is.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale

    def coerce_compared_value(self, op: operators.OperatorType | None, value: Any) -> Any:
        """Return the type of the other operand: scaled like this one where both are amounts."""
        return BigInteger() if op in _SCALING else super().coerce_compared_value(op, value)

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the integer of 10⁻ˢᶜᵃˡᵉ; raises ValueError when there is none in 64 bits."""
        if value is None:
            return None
        number = Decimal(value)
        try:
            scaled = number.quantize(Decimal((0, (1,), -self.scale)), context=_EXACT).scaleb(self.scale, _EXACT)
        except Inexact as error:
            msg = f"more than {self.scale} decimal places"
            raise ValueError(msg) from error
        except InvalidOperation as error:
            msg = "too large to store"
            raise ValueError(msg) from error
        if not scaled.is_finite() or not -_INT64_LIMIT <= scaled < _INT64_LIMIT:
            msg = "too large to store"
            raise ValueError(msg)
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Return the decimal number."""
        return None if value is None else Decimal(value).scaleb(-self.scale)


class Money(Scaled):
    """An amount with four decimal places."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(MONEY_SCALE)


class Minutes(Scaled):
    """A duration in minutes with two decimal places."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(MINUTES_SCALE)
