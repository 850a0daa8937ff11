"""Decimals, days and instants: exact, checked before they are computed with, refused in no time when hostile."""

import time
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from server.schema.scalars import SCALARS, print_instant


@strawberry.type
class Query:
    @strawberry.field
    def decimal(self, value: Decimal) -> Decimal:
        return value

    @strawberry.field
    def day(self, value: date) -> date:
        return value

    @strawberry.field
    def instant(self, value: datetime) -> datetime:
        return value


schema = strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS))


def ask(field: str, kind: str, value: Any) -> Any:
    result = schema.execute_sync(f"query ($value: {kind}!) {{ {field}(value: $value) }}", {"value": value})
    return result.errors or (result.data or {})[field]


def ask_literal(field: str, literal: str) -> Any:
    result = schema.execute_sync(f"{{ {field}(value: {literal}) }}")
    return result.errors or (result.data or {})[field]


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("12.5", "12.5"),
        ("12.5000", "12.5"),
        ("-0.0001", "-0.0001"),
        ("0", "0"),
        ("-0", "-0"),
        ("100", "100"),
        ("1000000", "1000000"),
        ("0000000000001", "1"),
        ("9999999999999.9999", "9999999999999.9999"),
        (7, "7"),
        (-9_999_999_999_999, "-9999999999999"),
    ],
)
def test_decimals_are_exact(given: str | int, answer: str) -> None:
    assert ask("decimal", "Decimal", given) == answer
    assert ask_literal("decimal", f'"{given}"' if isinstance(given, str) else str(given)) == answer


HOSTILE = [
    "1e900000",
    "1E5",
    "NaN",
    "sNaN",
    "Infinity",
    "-inf",
    "9" * 40,
    "1." + "0" * 40,
    "9" * 1_000_000,
    "10000000000000",
    "0.00001",
    "",
    " 1",
    "1 ",
    "1\n",
    "+1",
    ".5",
    "5.",
    "1,5",
    "1_000",
    "0x10",
    "\u0661\u0662",
    "1\uff12",
    "--1",
    "1.2.3",
    "\0",
]


@pytest.mark.parametrize(
    "given",
    [*HOSTILE, 1.5, 1e300, True, 10**13, -(10**13), 10**4_000, [], {}, ["1"]],
    ids=lambda value: repr(value)[:20],
)
def test_everything_else_is_refused_at_once(given: Any) -> None:
    began = time.process_time()
    answer = ask("decimal", "Decimal", given)

    assert isinstance(answer[0], GraphQLError)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "literal",
    [
        "1.5",
        "1e5",
        "1e900000",
        "true",
        "NaN",
        "[1]",
        "{a: 1}",
        "9" * 4_000,
        "10000000000000",
        *(f'"{text}"' for text in HOSTILE[:8]),
    ],
    ids=lambda value: value[:20],
)
def test_literals_are_strings_or_integers(literal: str) -> None:
    assert isinstance(ask_literal("decimal", literal)[0], GraphQLError)


def test_days() -> None:
    assert ask("day", "Date", "2024-02-29") == "2024-02-29"
    assert ask_literal("day", '"0001-01-01"') == "0001-01-01"
    for wrong in (
        "2023-02-29",
        "2024-2-9",
        "20240209",
        "2024-W01-1",
        "2024-01-01T00:00:00Z",
        "",
        "\u0662\u0660\u0662\u0664-01-01",
        20240101,
        None,
        True,
    ):
        assert isinstance(ask("day", "Date", wrong)[0], GraphQLError), wrong
    assert isinstance(ask_literal("day", "20240101")[0], GraphQLError)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ("2026-03-01T12:30:00Z", "2026-03-01T12:30:00Z"),
        ("2026-03-01T12:30:00.123456+02:00", "2026-03-01T10:30:00.123456Z"),
        ("2026-03-01T00:00:00-11:30", "2026-03-01T11:30:00Z"),
    ],
)
def test_instants_are_answered_in_utc(given: str, answer: str) -> None:
    assert ask("instant", "DateTime", given) == answer
    assert ask_literal("instant", f'"{given}"') == answer


@pytest.mark.parametrize(
    "wrong",
    [
        "2026-03-01T12:30:00",
        "2026-03-01",
        "2026-03-01 12:30:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-13-01T00:00:00Z",
        "2026-03-01T12:30:00Z" + "0" * 1_000,
        "now",
        1_700_000_000,
        None,
    ],
)
def test_other_instants_are_refused(wrong: Any) -> None:
    assert isinstance(ask("instant", "DateTime", wrong)[0], GraphQLError)


def test_an_instant_of_another_zone_is_answered_in_utc() -> None:
    tokyo = timezone(timedelta(hours=9))

    assert print_instant(datetime(2026, 1, 1, 8, tzinfo=tokyo)) == "2025-12-31T23:00:00Z"
