"""From a rule's text to the contacts it selects: SQL decides what it can prove, a function of the rule the rest.

The rows left (the *residual*) are decided before anything is written, off the event loop. A contact for which the
rule raises is *undecided*: it is neither selected nor rejected.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.clock import Moment
from server.errors import DeadlineExceededError, ErrorCode, RuleError
from server.rules import (
    Bracket,
    CheckedRule,
    Closure,
    FilledRule,
    Residue,
    RuleCost,
    Verdict,
    Vocabulary,
    check_rule,
    compile_closure,
    compile_rule,
    find_problems,
    rule_cost,
)
from server.store.id_lists import ids_in
from server.store.tables import contact
from server.store.unit_of_work import UnitOfWork, last_seq
from server.vocabulary import load_values, load_vocabulary

_CHUNK = 1_000
"""Residual contacts loaded and decided at a time; bounds the memory."""


@dataclass(frozen=True, slots=True)
class JudgedRule:
    """What is known of a rule's text before any contact is asked.

    Attributes:
        problems: everything that is wrong with it, in the order of the text; empty when it can be used.
        rule: the rule, or None when it is wrong.
        cost: what asking it of all contacts costs; None when it is wrong.
        residue: the parts that SQL cannot decide alone.
    """

    problems: tuple[RuleError, ...]
    rule: CheckedRule | None = None
    cost: RuleCost | None = None
    residue: tuple[Residue, ...] = ()


@dataclass(frozen=True, slots=True)
class DecidedRule:
    """A rule of which is known, for every contact in question, whether it holds.

    Attributes:
        rule: the rule.
        given: the rule as it was given, which its errors are about.
        moment: the moment at which it was decided; ``$now`` and ``$today`` are frozen in it.
        bracket: what SQL proves.
        matched_ids: residual contacts for which the rule holds.
        undecided_ids: contacts for which it raises.
        as_of: number of the last change that was seen.
    """

    rule: CheckedRule
    given: FilledRule | str
    moment: Moment
    bracket: Bracket
    matched_ids: tuple[int, ...]
    undecided_ids: tuple[int, ...]
    as_of: int
    residual_rows: int
    allow_scan: bool
    among: ColumnElement[bool] | None
    dialect: str

    @property
    def matched(self) -> ColumnElement[bool]:
        """The condition on ``contact`` that holds exactly for the contacts the rule selects."""
        if not self.matched_ids:
            return self.bracket.sure
        return or_(self.bracket.sure, ids_in(contact.c.id, self.matched_ids, self.dialect))

    @property
    def undecided(self) -> ColumnElement[bool]:
        """The condition on ``contact`` that holds exactly for the contacts for which the rule raises."""
        return ids_in(contact.c.id, self.undecided_ids, self.dialect)

    @property
    def residue(self) -> tuple[Residue, ...]:
        """The parts of the rule that SQL cannot decide alone."""
        return self.bracket.residue

    async def renewed(self, work: UnitOfWork) -> "DecidedRule":
        """Return the rule decided on the data that ``work`` sees; itself when nothing can have changed.

        What ``work`` itself has changed counts: in a chain of actions each rule sees what the one before it did.

        Raises: RuleError when the rule no longer fits the vocabulary, or RULE_NEEDS_SCAN.
        """
        if self.bracket.exact or (not work.has_changes and await last_seq(work.connection) == self.as_of):
            return self
        return await decide_rule(
            work.connection,
            self.given,
            self.moment,
            residual_rows=self.residual_rows,
            allow_scan=self.allow_scan,
            among=self.among,
        )


async def judge_rule(connection: AsyncConnection, given: FilledRule | str, moment: Moment) -> JudgedRule:
    """Return what is wrong with a rule, or what it takes to ask it; no contact is read."""
    vocabulary = await load_vocabulary(connection)
    dialect = connection.dialect.name

    def judge() -> JudgedRule:
        problems = find_problems(given, vocabulary)
        if problems:
            return JudgedRule(tuple(problems))
        rule = check_rule(given, vocabulary)
        bracket = compile_rule(rule, moment, dialect=dialect)
        return JudgedRule((), rule, rule_cost(rule, bracket), bracket.residue)

    return await asyncio.to_thread(judge)


async def decide_rule(
    connection: AsyncConnection,
    given: FilledRule | str,
    moment: Moment,
    *,
    residual_rows: int,
    allow_scan: bool = False,
    among: ColumnElement[bool] | None = None,
    expires: float = inf,
) -> DecidedRule:
    """Check, compile and decide a rule on the data that ``connection`` sees.

    Args:
        connection: sees the data; nothing is written.
        given: the rule; one with parameters is told as typed in errors.
        moment: what ``$now`` and ``$today`` mean.
        residual_rows: how many contacts may be decided one by one.
        allow_scan: decide any number of them.
        among: condition on ``contact``: only these contacts are in question; default all.
        expires: reading of the monotonic clock, in seconds, after which no further contact is decided.

    Raises: RuleError when the rule is wrong, or with RULE_NEEDS_SCAN when more contacts than ``residual_rows`` would
    have to be decided one by one; DeadlineExceededError when that takes too long.
    """
    vocabulary = await load_vocabulary(connection)
    dialect = connection.dialect.name

    def compile_() -> tuple[CheckedRule, Bracket, Closure]:
        rule = check_rule(given, vocabulary)
        return rule, compile_rule(rule, moment, dialect=dialect), compile_closure(rule, moment)

    rule, bracket, closure = await asyncio.to_thread(compile_)
    verdicts: dict[int, Verdict] = {}
    if not bracket.exact:
        in_question = bracket.open if among is None else and_(bracket.open, among)
        limit = None if allow_scan else residual_rows
        ids = await _residual_ids(connection, bracket, in_question, limit, FilledRule.of(given))
        verdicts = await _verdicts(connection, vocabulary, closure, rule.uses, ids, expires=expires)
    return DecidedRule(
        rule=rule,
        given=given,
        moment=moment,
        bracket=bracket,
        matched_ids=tuple(id_ for id_, verdict in verdicts.items() if verdict is Verdict.TRUE),
        undecided_ids=tuple(id_ for id_, verdict in verdicts.items() if verdict is Verdict.UNDECIDED),
        as_of=await last_seq(connection),
        residual_rows=residual_rows,
        allow_scan=allow_scan,
        among=among,
        dialect=connection.dialect.name,
    )


async def _residual_ids(
    connection: AsyncConnection,
    bracket: Bracket,
    in_question: ColumnElement[bool],
    limit: int | None,
    given: FilledRule,
) -> Sequence[int]:
    """Return the contacts that SQL cannot decide; raises RULE_NEEDS_SCAN when they are more than ``limit``."""
    some = select(contact.c.id).where(in_question).limit(None if limit is None else limit + 1)
    ids = (await connection.scalars(some)).all()
    if limit is None or len(ids) <= limit:
        return ids
    count = await connection.scalar(select(func.count()).select_from(contact).where(in_question))
    part = bracket.residue[0]
    place = given.typed_place(part.place)
    raise RuleError(
        ErrorCode.RULE_NEEDS_SCAN,
        f"{count} contacts would have to be decided one by one because SQL cannot decide “{place.word}” "
        f"({part.reason}); the limit is {limit}. Put a narrowing condition before it, or allow the scan.",
        place=place,
        suggestion="allowScan: true",
    )


async def _verdicts(
    connection: AsyncConnection,
    vocabulary: Vocabulary,
    closure: Closure,
    uses: frozenset[str],
    ids: Sequence[int],
    *,
    expires: float,
) -> dict[int, Verdict]:
    """Return what the rule says of each contact, deciding in a worker thread and in chunks."""
    verdicts: dict[int, Verdict] = {}

    def decide(values: Mapping[int, Mapping[str, Any]]) -> None:
        for id_, of_one in values.items():
            if monotonic() > expires:
                msg = f"Deciding {len(ids)} contacts one by one took too long; after {len(verdicts)} it was stopped."
                raise DeadlineExceededError(msg)
            verdicts[id_] = closure.decide(of_one)

    for start in range(0, len(ids), _CHUNK):
        values = await load_values(connection, vocabulary, uses, ids[start : start + _CHUNK])
        await asyncio.to_thread(decide, values)
    return verdicts
