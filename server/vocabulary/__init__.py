"""The vocabulary of criteria: which symbol of a rule stands for which value of a contact.

The names are those of the API in snake_case. Custom attributes are read from the store, so a vocabulary belongs to
one reading of it.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.rules import ValueType, Vocabulary
from server.store.tables import attribute, contact
from server.vocabulary.attributes import attribute_default, attribute_symbol
from server.vocabulary.contacts import CONTACT_CODE_SETS, CONTACT_SYMBOLS
from server.vocabulary.interactions import INTERACTIONS
from server.vocabulary.values import load_values

__all__ = ["attribute_default", "load_values", "load_vocabulary"]


async def load_vocabulary(connection: AsyncConnection) -> Vocabulary:
    """Return what a rule may name now: the fixed symbols and the custom attributes of the store."""
    attributes = (await connection.execute(select(*attribute.c).order_by(attribute.c.name))).all()
    own = [
        attribute_symbol(row.id, row.name, ValueType(row.type), row.default_value, row.description)
        for row in attributes
    ]
    return Vocabulary(
        key=contact.c.id,
        symbols={symbol.name: symbol for symbol in [*CONTACT_SYMBOLS, *own]},
        code_sets={code_set.name: code_set for code_set in CONTACT_CODE_SETS},
        collections={INTERACTIONS.name: INTERACTIONS},
    )
