"""Loads what a rule asks of contacts, in the form in which the rule language sees it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from server.rules import (
    CodeSet,
    Collection,
    ColumnSource,
    ReferenceSource,
    SideRowSource,
    Symbol,
    ValueType,
    Vocabulary,
)
from server.store.id_lists import ids_in


async def load_values(
    connection: AsyncConnection, vocabulary: Vocabulary, uses: frozenset[str], ids: Sequence[int]
) -> dict[int, dict[str, Any]]:
    """Return, for each of ``ids`` that exists, the values of the used symbols as the evaluator wants them."""
    dialect = connection.dialect.name
    given = ids_in(vocabulary.key, ids, dialect)
    used = [vocabulary.symbols[name] for name in sorted(uses) if name in vocabulary.symbols]
    plain = [symbol for symbol in used if not isinstance(symbol.source, SideRowSource)]
    statement = select(vocabulary.key, *(_expression(symbol).label(f"v{i}") for i, symbol in enumerate(plain)))
    found: dict[int, dict[str, Any]] = {}
    for key, *row in (await connection.execute(statement.where(given))).all():
        found[key] = {symbol.name: _value(symbol, raw) for symbol, raw in zip(plain, row, strict=True)}
    for symbol in used:
        if isinstance(symbol.source, SideRowSource):
            await _load_side_rows(connection, symbol, symbol.source, ids, found)
    for name in sorted(uses):
        if name in vocabulary.code_sets:
            await _load_codes(connection, vocabulary, vocabulary.code_sets[name], ids, found)
        elif name in vocabulary.collections:
            await _load_members(connection, vocabulary.collections[name], uses, ids, found)
    return found


def _expression(symbol: Symbol) -> ColumnElement[Any]:
    """Return the SQL expression of a symbol's value, one per subject or member."""
    match symbol.source:
        case ColumnSource(column=column):
            return column
        case ReferenceSource(reference=reference, target_key=key, target_value=value):
            return select(value).where(key == reference).correlate_except(value.table).scalar_subquery()
        case SideRowSource():
            msg = "side rows are loaded by statements of their own"
            raise TypeError(msg)


def _value(symbol: Symbol, raw: Any) -> Any:
    """Return a loaded value as the language sees it: every number is a decimal."""
    if symbol.type is ValueType.NUMBER and raw is not None:
        return Decimal(raw)
    return raw


async def _load_side_rows(
    connection: AsyncConnection,
    symbol: Symbol,
    source: SideRowSource,
    ids: Sequence[int],
    found: Mapping[int, dict[str, Any]],
) -> None:
    """Set the value of a symbol that stands in rows beside the subject; its default where there is no row."""
    group, _, name = symbol.name.rpartition(".")
    statement = select(source.owner, source.column).where(
        source.where, source.column.is_not(None), ids_in(source.owner, ids, connection.dialect.name)
    )
    values = {owner: _value(symbol, raw) for owner, raw in (await connection.execute(statement)).all()}
    for id_, of_one in found.items():
        of_one.setdefault(group, {})[name] = values.get(id_, source.default)


async def _load_codes(
    connection: AsyncConnection,
    vocabulary: Vocabulary,
    code_set: CodeSet,
    ids: Sequence[int],
    found: Mapping[int, dict[str, Any]],
) -> None:
    """Set the codes of every subject, in code order; none is the empty tuple."""
    codes: defaultdict[int, list[str]] = defaultdict(list)
    condition = true() if code_set.where is None else code_set.where
    statement = (
        select(vocabulary.key, code_set.code)
        .where(code_set.owner == code_set.key, condition, ids_in(vocabulary.key, ids, connection.dialect.name))
        .order_by(code_set.code)
    )
    for key, code in (await connection.execute(statement)).all():
        codes[key].append(code)
    for id_, of_one in found.items():
        of_one[code_set.name] = tuple(codes[id_])


async def _load_members(
    connection: AsyncConnection,
    collection: Collection,
    uses: frozenset[str],
    ids: Sequence[int],
    found: Mapping[int, dict[str, Any]],
) -> None:
    """Set the members of every subject, in the order of their keys; none is the empty tuple."""
    members = [member for name, member in collection.members.items() if f"{collection.name}.{name}" in uses]
    statement = (
        select(collection.owner, *(_expression(member).label(f"v{i}") for i, member in enumerate(members)))
        .where(ids_in(collection.owner, ids, connection.dialect.name))
        .order_by(collection.member_key)
    )
    of_owner: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for owner, *row in (await connection.execute(statement)).all():
        of_owner[owner].append({member.name: _value(member, raw) for member, raw in zip(members, row, strict=True)})
    for id_, of_one in found.items():
        of_one[collection.name] = tuple(of_owner[id_])
