"""On PostgreSQL units of work run side by side: what one relies on is not changed by another meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select

from server.clock import Moment
from server.errors import ErrorCode, RefusedError
from server.operations.contacts.contacts import create_contact
from server.operations.interactions.interaction_templates import create_interaction_template
from server.operations.interactions.interactions import log_interaction, postpone_interaction, resume_interaction
from server.operations.interactions.log_entries import set_interactions_canceled
from server.operations.interactions.template_languages import create_template_language, delete_template_language
from server.operations.segments.logged_segments import set_logged_segments_canceled
from server.operations.setup.comment_subjects import comment_on
from server.operations.setup.marketing_setup import update_marketing_setup
from server.operations.setup.salespeople import create_salesperson
from server.settings import Settings
from server.store.database import Database
from server.store.tables import attachment, contact_comment, interaction_log_entry, logged_segment
from server.store.unit_of_work import UnitOfWork

MEANWHILE = 0.3
"""Seconds that the other unit of work gets to do what it must not do."""

Step = Callable[[UnitOfWork], Awaitable[Any]]


class Side:
    """Runs one unit of work beside another one that is not committed yet."""

    def __init__(self, database: Database, moment: Moment) -> None:
        self.database = database
        self.moment = moment

    async def run(self, step: Step) -> Any:
        """Run one unit of work."""
        async with self.database.write(actor="test", operation="test", moment=self.moment) as work:
            return await step(work)

    async def both(self, first: Step, second: Step) -> Any:
        """Run ``second`` while ``first`` is done and not committed; it must wait. Return or raise what it came to."""
        async with self.database.write(actor="test", operation="test", moment=self.moment) as work:
            await first(work)
            waiting = asyncio.create_task(self.run(step=second))
            await asyncio.sleep(MEANWHILE)
            assert not waiting.done()
        return await waiting


@pytest.fixture
async def side(postgresql_url: str, moment: Moment) -> AsyncIterator[Side]:
    """A database with a contact, a salesperson, and a template that sends something in Danish."""
    database = Database(Settings(database_url=postgresql_url))

    async def set_up(work: UnitOfWork) -> None:
        await create_salesperson(work, {"code": "AH"})
        await create_contact(work, {"no": "P", "type": "PERSON", "name": "Pat", "language": "DAN", "salesperson": "AH"})
        await create_interaction_template(work, {"code": "MAIL", "description": "Letter"})
        offer = {"name": "Offer", "url": "https://files.test/offer"}
        await create_template_language(work, "MAIL", "DAN", {"attachment": offer})  # type: ignore[typeddict-item]
        await create_interaction_template(work, {"code": "CALL", "description": "Call"})

    side = Side(database, moment)
    await side.run(set_up)
    yield side
    await database.close()


async def test_an_attachment_is_not_deleted_while_an_interaction_gets_it(side: Side) -> None:
    await side.both(
        lambda work: log_interaction(work, {"contact_no": "P", "template": "MAIL"}),
        lambda work: delete_template_language(work, "MAIL", "DAN"),
    )
    async with side.database.read() as connection:
        kept = (await connection.scalars(select(attachment.c.id))).all()
        assert (await connection.scalars(select(interaction_log_entry.c.attachment_id))).all() == kept != []


async def test_an_interaction_gets_no_attachment_that_is_being_deleted(side: Side) -> None:
    await side.both(
        lambda work: delete_template_language(work, "MAIL", "DAN"),
        lambda work: log_interaction(work, {"contact_no": "P", "template": "MAIL"}),
    )
    async with side.database.read() as connection:
        assert (await connection.scalars(select(interaction_log_entry.c.attachment_id))).all() == [None]


async def test_the_template_of_phone_calls_gets_no_language_meanwhile(side: Side) -> None:
    with pytest.raises(RefusedError) as refusal:
        await side.both(
            lambda work: update_marketing_setup(work, {"phone_call_template": "CALL"}),
            lambda work: create_template_language(work, "CALL", "DAN", {}),
        )
    assert refusal.value.code is ErrorCode.LANGUAGES_NOT_ALLOWED


async def test_a_template_that_gets_a_language_does_not_become_that_of_phone_calls(side: Side) -> None:
    with pytest.raises(RefusedError) as refusal:
        await side.both(
            lambda work: create_template_language(work, "CALL", "DAN", {}),
            lambda work: update_marketing_setup(work, {"phone_call_template": "CALL"}),
        )
    assert refusal.value.code is ErrorCode.LANGUAGES_NOT_ALLOWED


async def test_canceling_is_not_taken_back_while_the_logged_segment_is_canceled(side: Side, moment: Moment) -> None:
    async def set_up(work: UnitOfWork) -> None:
        day = {"created_on": date(2026, 11, 1), "created_at": moment.now, "description": "Mailing"}
        await work.connection.execute(insert(logged_segment).values(entry_no=1, segment_no="S1", **day))
        entry = {"contact_id": 1, "on": date(2026, 11, 1), "at": moment.now, "logged_segment_no": 1, "canceled": True}
        await work.connection.execute(insert(interaction_log_entry).values(entry))

    await side.run(set_up)
    with pytest.raises(RefusedError) as refusal:
        await side.both(
            lambda work: set_logged_segments_canceled(work, [1], canceled=True),
            lambda work: set_interactions_canceled(work, [1], canceled=False),
        )
    assert refusal.value.code is ErrorCode.STILL_CANCELED


async def test_a_postponed_interaction_is_finished_once(side: Side) -> None:
    entry_no = await side.run(lambda work: postpone_interaction(work, {"contact_no": "P", "template": "MAIL"}))
    with pytest.raises(RefusedError) as refusal:
        await side.both(
            lambda work: resume_interaction(work, entry_no, {}),
            lambda work: resume_interaction(work, entry_no, {}),
        )
    assert refusal.value.code is ErrorCode.NOT_POSTPONED


async def test_two_comments_at_once_get_places_of_their_own(side: Side) -> None:
    await side.both(
        lambda work: comment_on(work, {"contact_no": "P"}, {"text": "One"}),
        lambda work: comment_on(work, {"contact_no": "P"}, {"text": "Two"}),
    )
    async with side.database.read() as connection:
        statement = select(contact_comment.c.place, contact_comment.c.text).order_by(contact_comment.c.place)
        assert [tuple(row) for row in await connection.execute(statement)] == [(1, "One"), (2, "Two")]
