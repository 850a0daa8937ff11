"""The vocabulary over real tables: every symbol means the same in SQL and in memory, and keeps its promises."""

import time

import pytest
from sqlalchemy import select

from server.clock import Moment
from server.errors import DeadlineExceededError, ErrorCode, RuleError
from server.jobs.demo import create_demo
from server.rules import (
    CodeSet,
    Collection,
    Evaluator,
    Symbol,
    ValueType,
    Verdict,
    Vocabulary,
    check_rule,
    find_problems,
)
from server.selection import decide_rule
from server.store.database import Database
from server.store.tables import contact, interaction_log_entry
from server.vocabulary import load_values, load_vocabulary

CONTACTS = 400
RULES_OF_MANY_PARTS = [
    'country == "DE" and not exclude_from_segment or "PURCHASE" in job_responsibilities',
    '(attributes.lifetime_value ?? 0) >= 1000 and attributes.tier != "GOLD"',
    '$any([i.campaign == "CP0001" and i.cost > 1 for i in interactions])',
    "$all([i.duration >= 5 for i in interactions])",
    "$sum([i.cost for i in interactions if not i.canceled]) > 12.5",
    '[i for i in interactions if i.on >= d"2026-01-01"].length >= 2',
    "name.length / 3 > 5",
    'name =~~ "[aeiou]{2}"',
    "(interaction_cost / (interaction_count - 1)) > 5",
    "company_no == no",
    "interaction_count != 0 and interaction_cost / interaction_count > 3",
]


def everything_named(vocabulary: Vocabulary) -> list[Symbol | CodeSet | Collection]:
    return [*vocabulary.symbols.values(), *vocabulary.code_sets.values(), *vocabulary.collections.values()]


async def every_rule(database: Database) -> tuple[Vocabulary, list[str]]:
    async with database.read() as connection:
        vocabulary = await load_vocabulary(connection)
    members = [
        f"$any([i.{member.name} == null for i in interactions])"
        if member.nullable
        else f"$any([i.{member.name} == i.{member.name} for i in interactions])"
        for collection in vocabulary.collections.values()
        for member in collection.members.values()
    ]
    return vocabulary, [symbol.example for symbol in everything_named(vocabulary)] + members + RULES_OF_MANY_PARTS


async def test_sql_and_rule_engine_select_the_same_contacts(database: Database, moment: Moment) -> None:
    await create_demo(database, contacts=CONTACTS, moment=moment)
    vocabulary, rules = await every_rule(database)
    compared = selected = undecided = 0

    for text in rules:
        rule = check_rule(text, vocabulary)
        async with database.read() as connection:
            decided = await decide_rule(connection, text, moment, residual_rows=CONTACTS)
            by_sql = set(await connection.scalars(select(contact.c.id).where(decided.matched)))
            raised_by_sql = set(await connection.scalars(select(contact.c.id).where(decided.undecided)))
            ids = (await connection.scalars(select(contact.c.id))).all()
            values = await load_values(connection, vocabulary, rule.uses, ids)
        evaluator = Evaluator(rule, moment)
        verdicts = {id_: evaluator.decide(of_one) for id_, of_one in values.items()}

        assert by_sql == {id_ for id_, verdict in verdicts.items() if verdict is Verdict.TRUE}, text
        assert raised_by_sql == {id_ for id_, verdict in verdicts.items() if verdict is Verdict.UNDECIDED}, text
        compared += len(verdicts)
        selected += len(by_sql)
        undecided += len(raised_by_sql)

    assert compared == CONTACTS * len(rules)
    assert 0 < selected < compared
    assert undecided > 0


async def test_what_is_declared_never_null_never_is(database: Database, moment: Moment) -> None:
    await create_demo(database, contacts=CONTACTS, moment=moment)
    async with database.read() as connection:
        vocabulary = await load_vocabulary(connection)
        ids = (await connection.scalars(select(contact.c.id))).all()
        plain = {name: symbol for name, symbol in vocabulary.symbols.items() if "." not in name}
        values = await load_values(connection, vocabulary, frozenset(plain), ids)

    for name, symbol in plain.items():
        found = {of_one[name] for of_one in values.values()}
        assert symbol.nullable or None not in found, name
        assert not symbol.values or found <= {*symbol.values, None}, name


async def test_a_company_counts_the_interactions_of_its_persons(database: Database, moment: Moment) -> None:
    await create_demo(database, contacts=CONTACTS, moment=moment)
    async with database.read() as connection:
        vocabulary = await load_vocabulary(connection)
        entries = (
            await connection.execute(
                select(interaction_log_entry.c.contact_id, interaction_log_entry.c.company_id).where(
                    interaction_log_entry.c.canceled.is_(False), interaction_log_entry.c.postponed.is_(False)
                )
            )
        ).all()
        contacts = (await connection.execute(select(contact.c.id, contact.c.type))).all()
        values = await load_values(
            connection, vocabulary, frozenset({"interaction_count"}), [row.id for row in contacts]
        )

    beyond_own = 0
    for row in contacts:
        own = sum(entry.contact_id == row.id for entry in entries)
        expected = sum(entry.company_id == row.id for entry in entries) if row.type == "COMPANY" else own
        beyond_own += expected > own
        assert values[row.id]["interaction_count"] == expected
    assert beyond_own > 0


async def test_too_many_residual_contacts_need_a_scan(database: Database, moment: Moment) -> None:
    await create_demo(database, contacts=CONTACTS, moment=moment)
    async with database.read() as connection:
        with pytest.raises(RuleError) as refusal:
            await decide_rule(connection, "name.to_set.length > 5", moment, residual_rows=10)
        allowed = await decide_rule(connection, "name.to_set.length > 5", moment, residual_rows=10, allow_scan=True)

    assert refusal.value.code is ErrorCode.RULE_NEEDS_SCAN
    assert str(CONTACTS) in refusal.value.message
    assert refusal.value.suggestion == "allowScan: true"
    assert allowed.matched_ids


async def test_contacts_not_in_question_are_not_decided(database: Database, moment: Moment) -> None:
    await create_demo(database, contacts=CONTACTS, moment=moment)
    async with database.read() as connection:
        decided = await decide_rule(
            connection,
            "name.to_set.length > 5",
            moment,
            residual_rows=5,
            among=contact.c.no.in_(["CT000001", "CT000002"]),
        )

    assert len(decided.matched_ids) <= 2


async def test_a_decided_rule_is_renewed_after_a_change(database: Database, moment: Moment) -> None:
    await create_demo(database, contacts=CONTACTS, moment=moment)
    async with database.read() as connection:
        before = await decide_rule(connection, "name.to_set.length > 1000", moment, residual_rows=CONTACTS)
    async with database.write(actor="test", operation="test", moment=moment) as work:
        assert await before.renewed(work) is before
    async with database.write(actor="test", operation="test", moment=moment) as work:
        await work.connection.execute(contact.update().where(contact.c.no == "CT000001").values(name="x" * 100))
        work.record("contact", 1, fields=["name"])
        unflushed = await before.renewed(work)
    async with database.write(actor="test", operation="test", moment=moment) as work:
        renewed = await before.renewed(work)

    assert unflushed is not before
    assert renewed is not before
    assert renewed.as_of > before.as_of


async def test_a_scan_ends_at_its_deadline(database: Database, moment: Moment) -> None:
    await create_demo(database, contacts=CONTACTS, moment=moment)
    async with database.read() as connection:
        with pytest.raises(DeadlineExceededError):
            await decide_rule(
                connection, "name.to_set.length > 5", moment, residual_rows=CONTACTS, expires=time.monotonic() - 1
            )


async def test_every_symbol_says_what_it_is(database: Database) -> None:
    vocabulary, _ = await every_rule(database)
    named = everything_named(vocabulary)

    assert all(symbol.description.endswith(".") for symbol in named)
    assert all(not find_problems(symbol.example, vocabulary) for symbol in named)
    assert {symbol.type for symbol in vocabulary.symbols.values()} <= set(ValueType)
