"""Values come back as they went in, in order, and what would not is refused."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Dialect, func, insert, select, text, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from server.store.database import Database
from server.store.tables import campaign, contact, interaction_template
from server.store.types import Instant, Minutes, Money, Scaled
from tests.store.writing import MOMENT, unit

INSTANTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2026, 11, 23, 12, 0, 0, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]
AMOUNTS = [
    Decimal("-922337203685477.5808"),
    Decimal("-0.0001"),
    Decimal(0),
    Decimal("0.1"),
    Decimal("19.99"),
    Decimal("1234567890123.4567"),
    Decimal("922337203685477.5807"),
]
SQLITE: Dialect = sqlite.dialect()
POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
DIALECTS = [pytest.param(SQLITE, id="sqlite"), pytest.param(POSTGRESQL, id="postgresql")]


async def put_instants(database: Database, instants: list[datetime]) -> None:
    rows = [{"no": f"{n:02}", "created_at": at, "modified_at": at} for n, at in enumerate(instants)]
    async with unit(database) as work:
        await work.connection.execute(insert(campaign), rows)


async def put_amounts(database: Database, amounts: list[Decimal]) -> None:
    rows = [{"code": f"{n:02}", "unit_cost": amount} for n, amount in enumerate(amounts)]
    async with unit(database) as work:
        await work.connection.execute(insert(interaction_template), rows)


async def test_instants_come_back_exactly_and_in_utc(database: Database) -> None:
    await put_instants(database, INSTANTS)

    async with database.read() as connection:
        found = (await connection.scalars(select(campaign.c.created_at).order_by(campaign.c.no))).all()
    assert found == INSTANTS
    assert all(instant.tzinfo is UTC for instant in found)


async def test_instants_are_ordered_and_compared_by_the_database(database: Database) -> None:
    await put_instants(database, INSTANTS[::-1])
    after = datetime(2026, 10, 25, 3, 0, tzinfo=ZoneInfo("Europe/Berlin"))

    async with database.read() as connection:
        ordered = (await connection.scalars(select(campaign.c.created_at).order_by(campaign.c.created_at))).all()
        count = await connection.scalar(select(func.count()).where(campaign.c.created_at > after))
        latest = await connection.scalar(select(func.max(campaign.c.created_at)))
    assert ordered == INSTANTS
    assert count == 2
    assert latest == INSTANTS[-1]


async def test_an_instant_in_any_zone_is_the_same_instant(database: Database) -> None:
    offset = timezone(timedelta(hours=5, minutes=45))
    await put_instants(database, [datetime(2026, 11, 23, 17, 45, tzinfo=offset)])

    async with database.read() as connection:
        assert await connection.scalar(select(campaign.c.created_at)) == MOMENT.now


async def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="an instant needs a time zone"):
        await put_instants(database, [datetime(2026, 11, 23)])  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize(
    "value",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-1))),
    ],
    ids=["before the year 1", "after the year 9999"],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_instant_that_could_not_be_read_back_is_refused(dialect: Dialect, value: datetime) -> None:
    with pytest.raises(ValueError, match="1 to 9999"):
        Instant().process_bind_param(value, dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("kind", [Instant(), Money()], ids=["instant", "money"])
def test_null_stays_null(dialect: Dialect, kind: Instant | Scaled) -> None:
    assert kind.process_bind_param(None, dialect) is None
    assert kind.process_result_value(None, dialect) is None


async def test_amounts_come_back_exactly(database: Database) -> None:
    await put_amounts(database, AMOUNTS)

    async with database.read() as connection:
        unit_cost = interaction_template.c.unit_cost
        found = (await connection.scalars(select(unit_cost).order_by(unit_cost))).all()
    assert found == AMOUNTS
    assert [amount.as_tuple().exponent for amount in found] == [-4] * len(AMOUNTS)


async def test_amounts_are_added_and_compared_exactly_by_the_database(database: Database) -> None:
    await put_amounts(database, [Decimal("0.1")] * 3)
    unit_cost = interaction_template.c.unit_cost

    async with database.read() as connection:
        total = await connection.scalar(select(func.sum(unit_cost)))
        equal = await connection.scalar(
            select(func.count()).select_from(interaction_template).where(unit_cost == Decimal("0.1"))
        )
        more = await connection.scalar(
            select(func.count()).select_from(interaction_template).where(unit_cost > Decimal("0.0999"))
        )
        added = await connection.scalar(select(type_coerce(unit_cost + Decimal("0.2"), Money())).limit(1))
        doubled = await connection.scalar(select(type_coerce(unit_cost * 2, Money())).limit(1))
    assert total == Decimal("0.3")
    assert (equal, more) == (3, 3)
    assert added == Decimal("0.3")
    assert doubled == Decimal("0.2")


async def test_the_stored_form_of_an_amount_is_an_integer(database: Database) -> None:
    await put_amounts(database, [Decimal("19.99")])

    async with database.read() as connection:
        assert await connection.scalar(text("SELECT unit_cost FROM interaction_template")) == 199_900


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (Decimal("1.5000000000000000000000000000000000000000000000"), 15_000),
        (Decimal("0E-100"), 0),
        (Decimal("-0"), 0),
        (Decimal("1E+3"), 10_000_000),
        (7, 70_000),
        (Decimal("922337203685477.5807"), 2**63 - 1),
        (Decimal("-922337203685477.5808"), -(2**63)),
    ],
)
def test_stored_amounts(value: Decimal | int, stored: int) -> None:
    assert Money().process_bind_param(value, SQLITE) == stored


@pytest.mark.parametrize("value", ["0.00001", "-1.00005", "1e-900000", "1." + "0" * 200 + "1"])
def test_an_amount_with_too_many_places_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="more than 4 decimal places"):
        Money().process_bind_param(Decimal(value), SQLITE)


@pytest.mark.parametrize(
    "value",
    ["922337203685477.5808", "-922337203685477.5809", "1e30", "1e900000", "NaN", "sNaN", "Infinity", "-Infinity"],
)
def test_an_amount_that_does_not_fit_is_refused_at_once(value: str) -> None:
    with pytest.raises(ValueError, match="too large to store"):
        Money().process_bind_param(Decimal(value), SQLITE)


def test_minutes_have_two_places() -> None:
    assert Minutes().process_bind_param(Decimal("7.25"), SQLITE) == 725
    assert Minutes().process_result_value(725, SQLITE) == Decimal("7.25")


async def test_text_is_ordered_by_code_point(database: Database) -> None:
    """The order of the rules and of SQLite, whatever the collation of a PostgreSQL database."""
    words = ["", " b", "A", "B", "Z", "_", "a", "b", "z", "Ä", "ä", "\ue000", "\U0001f600"]
    async with unit(database) as work:
        await work.connection.execute(
            insert(contact),
            [
                {"no": f"{n}", "type": "PERSON", "name": word, "created_at": MOMENT.now, "modified_at": MOMENT.now}
                for n, word in enumerate(reversed(words))
            ],
        )

    async with database.read() as connection:
        ordered = (await connection.scalars(select(contact.c.name).order_by(contact.c.name))).all()
        after = (await connection.scalars(select(contact.c.name).where(contact.c.name > "Z"))).all()
    assert ordered == words
    assert sorted(after) == words[5:]
