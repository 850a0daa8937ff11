import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import rule_engine.parser

from server.errors import InvalidInputError
from server.operations.contacts.attributes import (
    RESERVED_NAMES,
    TEXT_VALUE_LENGTH,
    checked_value,
    create_attribute,
    default_text,
    value_from_text,
)
from server.operations.contacts.contacts import create_contact, update_contact
from server.rules import ValueType
from server.store.database import Database
from server.store.tables import attribute, change, contact, contact_attribute
from server.vocabulary import attribute_default, load_vocabulary
from tests.operations.conftest import Fetch, Refuse, Run

DAY, INSTANT = date(2026, 2, 28), datetime(2026, 2, 28, 12, 30, 0, 5, tzinfo=UTC)
NO_NUMBERS = [Decimal(text) for text in ("NaN", "Infinity", "1e900000", "1e-900000", "1e-5", "0.12345")]
VALUES: dict[str, Any] = {
    "TEXT": "gold",
    "NUMBER": Decimal("-9999999999999.9999"),
    "BOOLEAN": False,
    "DATE": DAY,
    "DATETIME": INSTANT,
}


async def test_values_of_every_type_come_back_exactly(run: Run, fetch: Fetch) -> None:
    ids = {kind: await run(create_attribute, f"a_{kind.lower()}", kind) for kind in VALUES}
    given = {f"a_{kind.lower()}": value for kind, value in VALUES.items()}
    key = await run(create_contact, {"no": "C1", "attributes": given})
    rows = {row.attribute_id: row._asdict() for row in await fetch(contact_attribute)}
    for kind, value in VALUES.items():
        column = f"{kind.lower()}_value"
        row = rows[ids[kind]]
        assert (row["contact_id"], row[column]) == (key, value)
        assert [name for name, cell in row.items() if name.endswith("_value") and cell is not None] == [column]


async def test_only_attributes_that_change_are_written(run: Run, fetch: Fetch) -> None:
    for name, kind in (("tier", "TEXT"), ("age", "NUMBER"), ("vip", "BOOLEAN")):
        await run(create_attribute, name, kind)
    await run(create_contact, {"no": "C1", "attributes": {"tier": "gold", "age": 41}})
    before = await fetch(contact), await fetch(change), await fetch(contact_attribute)
    await run(update_contact, "C1", {"attributes": {"tier": "gold", "age": Decimal("41.0"), "vip": None}})
    assert (await fetch(contact), await fetch(change), await fetch(contact_attribute)) == before
    await run(update_contact, "C1", {"attributes": {"tier": "", "age": 42, "vip": False}})
    assert (await fetch(change))[-1].fields == ["attributes.age", "attributes.tier", "attributes.vip", "modified_at"]
    assert [(row.text_value, row.number_value, row.boolean_value) for row in await fetch(contact_attribute)] == [
        (None, 42, None),
        (None, None, False),
    ]
    assert (await fetch(contact))[0].version == 2


async def test_a_value_of_another_type_is_refused(run: Run, refuse: Refuse) -> None:
    wrong: dict[str, tuple[Any, ...]] = {
        "TEXT": (1, True, "x" * (TEXT_VALUE_LENGTH + 1), "a\0", "\ud800", DAY),
        "NUMBER": ("1", True, 1.5, math.nan, 10**13, 10**5_000, Decimal("1." + "0" * 60 + "1"), *NO_NUMBERS),
        "BOOLEAN": (1, "true", Decimal(0)),
        "DATE": (INSTANT, "2026-02-28", 1),
        "DATETIME": (DAY, INSTANT.replace(tzinfo=None), "2026-02-28T00:00:00Z"),
    }
    wrong["DATETIME"] += (datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),)
    for kind, values in wrong.items():
        name = kind.lower()
        await run(create_attribute, name, kind)
        for value in values:
            with pytest.raises(InvalidInputError):
                checked_value(kind, value, name)
        given = {"text": "fine\n", name: values[0]} if name != "text" else {name: values[0]}
        await refuse("INVALID_INPUT", ("attributes", len(given) - 1), create_contact, {"attributes": given})


async def test_the_largest_text_fits_the_index(run: Run) -> None:
    await run(create_attribute, "wide", "TEXT")
    text = "".join(chr(0x20000 + 7919 * i % 40_000) for i in range(TEXT_VALUE_LENGTH))
    await run(create_contact, {"attributes": {"wide": text}})


async def test_a_default_is_what_the_vocabulary_reads(run: Run, fetch: Fetch, database: Database) -> None:
    for kind, value in VALUES.items():
        await run(create_attribute, f"a_{kind.lower()}", kind, default=value, description="D")
    for row in await fetch(attribute):
        assert attribute_default(ValueType(row.type), row.default_value) == VALUES[row.type]
        assert default_text(VALUES[row.type]) == row.default_value
    assert {row.object_id for row in await fetch(change)} == {row.id for row in await fetch(attribute)}
    async with database.read() as connection:
        vocabulary = await load_vocabulary(connection)
    assert vocabulary.symbols["attributes.a_number"].nullable is False


async def test_a_wrong_definition_is_refused(run: Run, refuse: Refuse) -> None:
    await run(create_attribute, "tier", "text")
    for name in ("", "Tier", "1st", "a-b", "a.b", "_x", "é", "x" * 31, "in", "null", "a\n"):
        await refuse("INVALID_INPUT", ("name",), create_attribute, name, "TEXT")
    await refuse("ALREADY_EXISTS", ("name",), create_attribute, "tier", "NUMBER")
    await refuse("INVALID_INPUT", ("type",), create_attribute, "size", "CODE")
    await refuse("VALUE_REQUIRED", ("type",), create_attribute, "size", "")
    await refuse("INVALID_INPUT", ("default",), create_attribute, "size", "NUMBER", default="big")
    await refuse("INVALID_INPUT", ("description",), create_attribute, "size", "NUMBER", description="x" * 251)


def test_no_attribute_is_a_word_of_the_rule_language() -> None:
    assert set(rule_engine.parser.Parser.reserved_words) <= RESERVED_NAMES


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("TEXT", " gold ", " gold "),
        ("NUMBER", " -12.50 ", Decimal("-12.5")),
        ("NUMBER", "+7", Decimal(7)),
        ("BOOLEAN", "Yes", True),
        ("BOOLEAN", "0", False),
        ("DATE", "2026-02-28", DAY),
        ("DATETIME", "2026-02-28T13:30:00.000005+01:00", INSTANT),
    ],
)
def test_text_means_a_value(kind: str, text: str, value: Any) -> None:
    assert value_from_text(kind, text, "tier") == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *[
            ("NUMBER", text)
            for text in ("", "1e5", "1,5", "1_000", "0x1", "NaN", "\u0661", "1.", ".5", "1.23456", "9" * 14)
        ],
        *[("BOOLEAN", text) for text in ("", "maybe", "2")],
        *[("DATE", text) for text in ("", "2026-02-30", "28.02.2026", "2026-02-28T00:00:00")],
        *[("DATETIME", text) for text in ("", "2026-02-28T13:30:00", "noon")],
        ("TEXT", "x" * 251),
        ("TEXT", "\0"),
    ],
)
def test_text_that_means_no_value_is_refused(kind: str, text: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        value_from_text(kind, text, "tier")
    assert refusal.value.path == ("tier",)
