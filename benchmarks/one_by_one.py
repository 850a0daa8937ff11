"""What people do without a compiler: load the contacts and let plain rule-engine look at each."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from time import perf_counter
from typing import Any

from rule_engine import Context, DataType, Rule
from rule_engine.builtins import Builtins

from benchmarks.rule_data import MOMENT
from server.rules import CheckedRule, Symbol, ValueType, Vocabulary, sql_functions
from server.settings import Settings
from server.store.database import Database
from server.vocabulary import load_values, load_vocabulary

SAMPLE = 20_000
_CHUNK = 1_000

_TYPES = {
    ValueType.TEXT: DataType.STRING,
    ValueType.CODE: DataType.STRING,
    ValueType.NUMBER: DataType.FLOAT,
    ValueType.BOOLEAN: DataType.BOOLEAN,
    ValueType.DATE: DataType.DATETIME,
    ValueType.DATETIME: DataType.DATETIME,
}

Contact = Mapping[str, Any]


class Row:
    """An interaction, or the custom attributes of a contact: plain rule-engine wants objects."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update({name: _plain(value) for name, value in values.items()})


def _plain(value: Any) -> Any:
    """Return a loaded value as rule-engine knows it: a day is its midnight."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), tzinfo=UTC)
    return value


def vocabulary_of(url: str) -> Vocabulary:
    """Return what rules may name in a database."""

    async def load() -> Vocabulary:
        database = Database(Settings(database_url=url), functions=sql_functions())
        try:
            async with database.read() as connection:
                return await load_vocabulary(connection)
        finally:
            await database.close()

    return asyncio.run(load())


def all_names(vocabulary: Vocabulary) -> frozenset[str]:
    """Return every name that a rule may read, members of collections included."""
    members = (f"{many.name}.{member}" for many in vocabulary.collections.values() for member in many.members)
    return frozenset([*vocabulary.symbols, *vocabulary.code_sets, *vocabulary.collections, *members])


def sample_ids(contacts: int) -> list[int]:
    """Return the keys of some contacts, drawn once and for all."""
    count = min(SAMPLE, contacts)
    return sorted(random.Random(1).sample(range(1, contacts + 1), count))


def load_values_of(url: str, vocabulary: Vocabulary, ids: Sequence[int]) -> tuple[dict[int, dict[str, Any]], float]:
    """Return every value that a rule may read of some contacts, by key, and the seconds that loading took."""
    uses = all_names(vocabulary)

    async def load() -> tuple[dict[int, dict[str, Any]], float]:
        database = Database(Settings(database_url=url), functions=sql_functions())
        found: dict[int, dict[str, Any]] = {}
        try:
            async with database.read() as connection:
                begun = perf_counter()
                for start in range(0, len(ids), _CHUNK):
                    found |= await load_values(connection, vocabulary, uses, ids[start : start + _CHUNK])
                return found, perf_counter() - begun
        finally:
            await database.close()

    return asyncio.run(load())


def load_contacts(url: str, vocabulary: Vocabulary, ids: Sequence[int]) -> tuple[list[Contact], float]:
    """Return contacts as plain rule-engine wants them, and the seconds that loading took."""
    values, seconds = load_values_of(url, vocabulary, ids)
    begun = perf_counter()
    contacts: list[Contact] = [{**things_of(of_one), "key": key} for key, of_one in values.items()]
    return contacts, seconds + perf_counter() - begun


def things_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a contact's values as plain rule-engine wants them."""
    things = {name: _plain(value) for name, value in values.items()}
    things["attributes"] = Row(things["attributes"])
    things["interactions"] = tuple(map(Row, things["interactions"]))
    return things


def plain_context(vocabulary: Vocabulary) -> Context:
    """Return a context of rule-engine that knows the types of the vocabulary and stands at the moment."""

    def resolve(name: str) -> Any:
        if name in vocabulary.symbols:
            return _type(vocabulary.symbols[name])
        if name in vocabulary.code_sets:
            return DataType.ARRAY(DataType.STRING)
        if name in vocabulary.collections:
            members = vocabulary.collections[name].members
            return DataType.ARRAY(_object(name, members))
        own = {full.partition(".")[2]: symbol for full, symbol in vocabulary.symbols.items() if "." in full}
        return _object(name, own)

    context = Context(type_resolver=resolve, default_timezone="utc")
    context.builtins = Builtins.from_defaults({"now": MOMENT.now, "today": MOMENT.midnight}, timezone=UTC)
    return context


def _type(symbol: Symbol) -> Any:
    inner = _TYPES[symbol.type]
    return DataType.NULLABLE(inner) if symbol.nullable else inner


def _object(name: str, members: Mapping[str, Symbol]) -> Any:
    return DataType.OBJECT(name, attributes={member: _type(symbol) for member, symbol in members.items()})


def filter_contacts(rule: CheckedRule, context: Context, contacts: Sequence[Contact]) -> tuple[set[int], float]:
    """Return the keys of the contacts that ``rule.filter`` lets through, and the seconds it took."""
    plain = Rule(rule.text, context=context)
    begun = perf_counter()
    found = list(plain.filter(contacts))
    seconds = perf_counter() - begun
    return {contact["key"] for contact in found}, seconds
