"""Values that a symbol of a rule is probably compared with, found by how they begin.

Whatever the store holds, a question costs a bounded number of rows: lists of codes are read up to a limit, indexed
values by leaping from each to the next greater one, and values without an index from the newest rows only. What was
not looked at is said: the answer is then not complete.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, desc, func, literal, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.texts import checked_text
from server.rules import (
    CodeSet,
    Collection,
    SideRowSource,
    Symbol,
    ValueType,
    Vocabulary,
    date_form,
    find_named,
    write_literal,
)
from server.store.tables import contact
from server.vocabulary.countries import COUNTRY_NAMES
from server.vocabulary.language import MOMENTS
from server.vocabulary.suggested import (
    CODE_LISTS,
    CONTACT_NUMBERS,
    COUNTRY,
    DATES,
    CodeList,
    has_suggestions,
    plain_column,
)

PREFIX_CHARACTERS_MAX = 100
_LIST_ROWS_MAX = 5_000
"""Rows of a list of codes whose meanings are compared with the prefix."""
_NEWEST_ROWS_MAX = 20_000
"""Rows of contacts or interactions that are looked at where no index helps."""
_COMPANY_ROWS_MAX = 2_000
"""Contacts of fitting number or name among which companies are looked for."""
_DISTINCT_MAX = 1_000
"""Different numbers, or countries, that are compared with the prefix."""
_SPELLINGS_PER_VALUE_MAX = 100
"""Rows that are looked at for the spellings of one casefolded value."""
_LAST_CODE_POINT = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value to compare with.

    Attributes:
        value: as people write it.
        label: what it means, or ``""``.
        literal: as a rule writes it.
    """

    value: str
    label: str
    literal: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What was found.

    Attributes:
        complete: whether no other value fits; False too when not everything was looked at.
    """

    values: Sequence[Suggestion]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """Values with what they mean, in order; more of them than asked for are cut off later."""

    values: Mapping[Any, str]
    complete: bool = True


async def suggest_values(
    connection: AsyncConnection, vocabulary: Vocabulary, full_name: str, prefix: str, count: int
) -> Suggestions:
    """Return at most ``count`` values of a symbol that begin with ``prefix``, or whose meaning does, without case.

    Raises: RuleError(RULE_UNKNOWN_SYMBOL); InvalidInputError for a prefix that is too long or no real text.
    """
    named = find_named(full_name, vocabulary)
    checked_text(prefix, "prefix", most=PREFIX_CHARACTERS_MAX)
    if not has_suggestions(full_name, named):
        return Suggestions((), complete=False)
    if isinstance(named, Symbol) and named.type in DATES:
        return Suggestions(_instants(prefix)[:count], complete=False)
    found = await _find(connection, full_name, named, prefix, count)
    shown = [Suggestion(_shown(value), label, _literal(value)) for value, label in list(found.values.items())[:count]]
    return Suggestions(shown, complete=found.complete and len(found.values) <= count)


async def _find(
    connection: AsyncConnection, full_name: str, named: Symbol | CodeSet | Collection, prefix: str, count: int
) -> _Found:
    """Return values of a symbol from where they are found fastest."""
    if full_name in CODE_LISTS:
        return await _listed(connection, CODE_LISTS[full_name], prefix, count)
    assert isinstance(named, Symbol)  # noqa: S101 - every code set has its list, and a collection no suggestions
    if full_name in CONTACT_NUMBERS:
        return await _contacts(connection, prefix, count, companies=full_name != "no")
    if named.values:
        return _Found({value: "" for value in named.values if _fits(prefix, value)})
    if named.type is ValueType.BOOLEAN:
        return _Found({value: "" for value in (True, False) if _fits(prefix, _shown(value))})
    if isinstance(named.source, SideRowSource):
        return await _side_values(connection, named.type, named.source, prefix, count)
    column = plain_column(named)
    assert column is not None  # noqa: S101 - has_suggestions has asked
    if full_name == COUNTRY:
        return await _countries(connection, column, prefix)
    if named.folded is not None:
        return await _folded(connection, column, named.folded, prefix, count)
    if named.indexed:
        return await _spelled(connection, column, named.type, prefix, count)
    return await _newest(connection, column, prefix)


def _instants(prefix: str) -> list[Suggestion]:
    """Return the moments that fit, and the day that was typed; any other day would be as right."""
    fitting = [Suggestion(moment, label, moment) for moment, label in MOMENTS.items() if _fits(prefix, label, moment)]
    day = date_form(prefix.strip())
    if day is not None:
        fitting.append(Suggestion(day, "", write_literal(datetime.fromisoformat(day))))
    return fitting


def _fits(prefix: str, *texts: str) -> bool:
    folded = prefix.casefold()
    return any(text.casefold().startswith(folded) for text in texts)


def _shown(value: Any) -> str:
    """Return a value as people write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _literal(value: Any) -> str:
    """Return a value as a rule writes it; of a stored amount without the zeros at its end."""
    return write_literal(Decimal(_shown(value)) if isinstance(value, Decimal) else value)


async def _listed(connection: AsyncConnection, codes: CodeList, prefix: str, count: int) -> _Found:
    """Return codes that fit by themselves or by their meaning; beyond the limit of rows by themselves only."""
    statement = select(codes.code, codes.label).select_from(codes.source).order_by(codes.code)
    rows = (await connection.execute(statement.limit(_LIST_ROWS_MAX + 1))).all()
    found = {code: label for code, label in rows if _fits(prefix, str(code), label)}
    if len(rows) <= _LIST_ROWS_MAX:
        return _Found(found)
    for spelling in _spellings(prefix) if isinstance(rows[0][0], str) else ():
        further = statement.where(codes.code >= spelling, codes.code < spelling + _LAST_CODE_POINT).limit(count + 1)
        found |= dict((await connection.execute(further)).all())
    return _Found(dict(sorted(found.items())), complete=False)


async def _contacts(connection: AsyncConnection, prefix: str, count: int, *, companies: bool) -> _Found:
    """Return numbers of contacts that fit by themselves or by the contact's name."""
    limit = _COMPANY_ROWS_MAX if companies else count + 1
    ranges = [(contact.c.no, spelling) for spelling in _spellings(prefix)]
    if prefix:
        ranges.append((contact.c.search_name, prefix.casefold()))
    found: dict[str, str] = {}
    complete = True
    for column, low in ranges:
        statement = select(contact.c.no, contact.c.name, contact.c.type).where(
            column >= low, column < low + _LAST_CODE_POINT
        )
        rows = (await connection.execute(statement.order_by(column).limit(limit))).all()
        complete &= len(rows) < limit
        found |= {row.no: row.name for row in rows if not companies or row.type == "COMPANY"}
    return _Found(found, complete)


async def _countries(connection: AsyncConnection, column: ColumnElement[Any], prefix: str) -> _Found:
    """Return the countries of the contacts that fit by their code or name."""
    codes = await _next_values(connection, column, "", _DISTINCT_MAX)
    names = {code: COUNTRY_NAMES.get(code, "") for code in codes if code}
    fitting = {code: name for code, name in names.items() if _fits(prefix, code, name)}
    return _Found(fitting, complete=len(codes) < _DISTINCT_MAX)


async def _folded(
    connection: AsyncConnection, column: ColumnElement[Any], folded: ColumnElement[Any], prefix: str, count: int
) -> _Found:
    """Return values by the indexed column that holds them casefolded, each in the spellings met first."""
    low = prefix.casefold()
    keys = [key for key in await _next_values(connection, folded, low, count + 2) if key and key.startswith(low)]
    if not keys:
        return _Found({})
    some = [
        select(column.label("value")).where(folded == key).limit(_SPELLINGS_PER_VALUE_MAX).subquery() for key in keys
    ]
    spelled = union_all(*(select(one.c.value).distinct() for one in some))
    values = {value for value in await connection.scalars(spelled) if value}
    return _Found(dict.fromkeys(sorted(values, key=lambda value: (value.casefold(), value)), ""))


async def _spelled(
    connection: AsyncConnection,
    column: ColumnElement[Any],
    kind: ValueType,
    prefix: str,
    count: int,
) -> _Found:
    """Return values by their index; where it regards case, only the usual spellings of the prefix are tried."""
    return _Found(
        dict.fromkeys(await _beginning(connection, column, prefix, count), ""),
        complete=kind is ValueType.CODE or prefix.upper() == prefix.lower(),
    )


async def _beginning(
    connection: AsyncConnection,
    column: ColumnElement[Any],
    prefix: str,
    count: int,
    condition: ColumnElement[bool] | None = None,
) -> list[str]:
    """Return values that begin with a usual spelling of the prefix, in order."""
    found: set[str] = set()
    for low in _spellings(prefix):
        values = await _next_values(connection, column, low, count + 2, condition)
        found |= {value for value in values if value and value.startswith(low)}
    return sorted(found)


def _spellings(prefix: str) -> Iterable[str]:
    """Return the ways in which a prefix is usually spelled in data."""
    return dict.fromkeys((prefix, prefix.upper(), prefix.lower(), prefix.capitalize(), prefix.title()))


async def _side_values(
    connection: AsyncConnection,
    kind: ValueType,
    source: SideRowSource,
    prefix: str,
    count: int,
) -> _Found:
    """Return values of a custom attribute, its default among them."""
    own = () if source.default in {None, ""} else (source.default,)
    if kind is ValueType.NUMBER:
        numbers = await _next_values(connection, source.column, None, _DISTINCT_MAX, source.where)
        fitting = {value for value in (*numbers, *own) if _shown(value).startswith(prefix)}
        return _Found(dict.fromkeys(sorted(fitting), ""), complete=len(numbers) < _DISTINCT_MAX)
    texts = {
        *await _beginning(connection, source.column, prefix, count, source.where),
        *(value for value in own if _fits(prefix, value)),
    }
    return _Found(dict.fromkeys(sorted(texts), ""), complete=prefix.upper() == prefix.lower())


async def _newest(connection: AsyncConnection, column: ColumnElement[Any], prefix: str) -> _Found:
    """Return values of the newest rows."""
    table: Table[Any] = column.table
    (key,) = table.primary_key.columns
    rows = select(column.label("value")).order_by(desc(key)).limit(_NEWEST_ROWS_MAX).subquery()
    counted = select(rows.c.value, func.count()).group_by(rows.c.value)
    counts: dict[str | None, int] = dict((await connection.execute(counted)).all())
    fitting = sorted(value for value in counts if value and _fits(prefix, value))
    return _Found(dict.fromkeys(fitting, ""), complete=sum(counts.values()) < _NEWEST_ROWS_MAX)


async def _next_values(
    connection: AsyncConnection,
    column: ColumnElement[Any],
    low: Any,
    limit: int,
    condition: ColumnElement[bool] | None = None,
) -> Sequence[Any]:
    """Return the first different values of an indexed column from ``low`` on, one look at the index for each."""

    def least(beyond: ColumnElement[bool]) -> Select[Any]:
        rows = select(column).where(true() if condition is None else condition, beyond)
        return rows.order_by(column).limit(1)

    first = least(column.is_not(None) if low is None else column >= low)
    found = select(first.scalar_subquery().label("value"), literal(1).label("place")).cte("found", recursive=True)
    following = least(column > found.c.value).correlate(found).scalar_subquery()
    found = found.union_all(
        select(following, found.c.place + 1).where(found.c.value.is_not(None), found.c.place < limit)
    )
    return (await connection.scalars(select(found.c.value).where(found.c.value.is_not(None)))).all()
