"""Why a contact is selected by a rule, or not."""

import asyncio
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.clock import Moment
from server.errors import NotFoundError
from server.reading.texts import is_storable
from server.rules import CheckedRule, Explanation, FilledRule, check_rule, explain_rule, rule_sentence
from server.store.tables import contact
from server.vocabulary import load_values, load_vocabulary


@dataclass(frozen=True, slots=True)
class ExplainedContact:
    """A rule explained for one contact."""

    rule: CheckedRule
    sentence: str
    explanation: Explanation


async def contact_key(connection: AsyncConnection, no: str) -> int:
    """Return the key of the contact of this number; case and spaces around it do not matter.

    Raises: NotFoundError with the path ``contactNo``.
    """
    stored = no.strip().upper()
    key = await connection.scalar(select(contact.c.id).where(contact.c.no == stored)) if is_storable(no) else None
    if key is None:
        msg = "There is no contact of this number."
        raise NotFoundError(msg, path=("contactNo",))
    return key


async def explain_contact(
    connection: AsyncConnection, given: FilledRule | str, key: int, moment: Moment
) -> ExplainedContact:
    """Return why a rule is what it is for an existing contact; neither errors nor logs tell the contact's values.

    Raises: RuleError.
    """
    vocabulary = await load_vocabulary(connection)
    rule = await asyncio.to_thread(check_rule, given, vocabulary)
    values = await load_values(connection, vocabulary, rule.uses, [key])
    explanation = await asyncio.to_thread(explain_rule, rule, moment, values[key])
    return ExplainedContact(rule, rule_sentence(rule), explanation)
