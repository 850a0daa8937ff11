"""Scalars of the API: exact decimals, days, and instants; each is checked before anything expensive is done with it."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import GraphQLError, IntValueNode, StringValueNode, ValueNode, print_ast
from strawberry.types.scalar import ScalarDefinition

RuleTree = NewType("RuleTree", dict[str, Any])
"""A rule as plain data; see ``server.rules.language.tree_values``."""

_DECIMAL = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,4})?", re.ASCII)
_DECIMAL_CHARACTERS = 19
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT_CHARACTERS = 40
_LARGEST_INTEGER = 10**13 - 1


def _parse_decimal(value: Any) -> Decimal:
    """Return the number that a JSON string or integer stands for."""
    if isinstance(value, str) and len(value) <= _DECIMAL_CHARACTERS and _DECIMAL.fullmatch(value):
        return Decimal(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST_INTEGER:
        return Decimal(value)
    msg = 'A Decimal is a string like "12.50" or an integer: at most 13 digits before the point and 4 after it.'
    raise GraphQLError(msg)


def _parse_decimal_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Decimal:  # noqa: ARG001
    """Return the number that a string or integer in the document stands for."""
    if isinstance(node, StringValueNode | IntValueNode):
        return _parse_decimal(node.value)
    return _parse_decimal(None)


def print_decimal(value: Decimal) -> str:
    """Return the shortest form without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _parse_date(value: Any) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            msg = f"There is no such day: {error}."
            raise GraphQLError(msg) from None
    msg = 'A Date is a string like "2026-03-01".'
    raise GraphQLError(msg)


def _parse_instant(value: Any) -> datetime:
    msg = 'A DateTime is a string with its offset, like "2026-03-01T12:30:00Z".'
    if not isinstance(value, str) or len(value) > _INSTANT_CHARACTERS or "T" not in value:
        raise GraphQLError(msg)
    try:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise GraphQLError(msg)
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise GraphQLError(msg) from None


def print_instant(value: datetime) -> str:
    """Return the ISO 8601 form in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _parse_rule_tree(value: Any) -> Any:  # noqa: ARG001
    msg = "A RuleTree is only answered; the input of its shape is RuleTreeInput."
    raise GraphQLError(msg)


def _parse_date_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> date:  # noqa: ARG001
    return _parse_date(_string_only(node))


def _parse_instant_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> datetime:  # noqa: ARG001
    return _parse_instant(_string_only(node))


def _string_only(node: ValueNode) -> str:
    if isinstance(node, StringValueNode):
        return node.value
    msg = f"Expected a string, found {print_ast(node)[:40]}."
    raise GraphQLError(msg)


SCALARS: dict[object, ScalarDefinition] = {
    Decimal: strawberry.scalar(
        name="Decimal",
        description=(
            "An exact decimal number: at most 13 digits before the point and 4 after it. Sent as a string "
            '("12.50") or an integer, never as a floating-point number; answered as a string without exponent.'
        ),
        serialize=print_decimal,
        parse_value=_parse_decimal,
        parse_literal=_parse_decimal_literal,
    ),
    date: strawberry.scalar(
        name="Date",
        description='A calendar day, as in "2026-03-01".',
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=date.isoformat,
        parse_value=_parse_date,
        parse_literal=_parse_date_literal,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description='An instant with its offset from UTC, as in "2026-03-01T12:30:00Z"; answered in UTC.',
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=print_instant,
        parse_value=_parse_instant,
        parse_literal=_parse_instant_literal,
    ),
    RuleTree: strawberry.scalar(
        name="RuleTree",
        description=(
            "A rule as a tree: JSON of exactly the shape of RuleTreeInput, to be sent back as a variable of "
            "that type. It is a scalar because an output type of GraphQL cannot nest to a depth that nobody knows."
        ),
        serialize=dict,
        parse_value=_parse_rule_tree,
    ),
}
"""Which Python type is which scalar of the API."""
