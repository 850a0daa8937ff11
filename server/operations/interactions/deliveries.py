"""The queue of what a mailer still has to send.

A mailer claims some deliveries for a while, sends each, and says what became of it. What it says nothing of is free
again when its time is over, so that a mailer that fell silent holds nothing back.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from server.errors import ErrorCode, RefusedError
from server.operations.references import AT_ONCE, hold_entries, listed_path, require_few
from server.operations.setup.marketing_setup import read_setup
from server.operations.values import checked_choice, checked_range, checked_text, missing
from server.store.id_lists import ids_in
from server.store.tables import contact, contact_address, delivery, interaction_log_entry, interaction_template
from server.store.types import Instant
from server.store.unit_of_work import UnitOfWork

IN_PROGRESS = "IN_PROGRESS"
ERROR = "ERROR"
SECONDS_MOST = 86_400
MAILER_LENGTH = 50
ERROR_LENGTH = 250
_CORRESPONDENCE_TYPES = frozenset({"HARD_COPY", "EMAIL"})

_entry = interaction_log_entry.c
_queued = delivery.c
_WAITING = _queued.error == literal_column("''")
"""Not failed for good. The text is no parameter: both databases shall see that the index of such rows serves."""

_RECIPIENTS = delivery.join(interaction_log_entry, _entry.entry_no == _queued.entry_no).outerjoin(
    contact, contact.c.id == _queued.contact_id
)


def sent_as(correspondence_type: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return how something of this type is sent, over its ``interaction_template``; null: not at all."""
    return func.coalesce(correspondence_type, interaction_template.c.correspondence_type)


def has_email(contact_id: ColumnElement[Any], address: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a contact has an e-mail address, or its alternative address of this code has one."""
    elsewhere = contact_address.c
    return or_(
        exists().where(contact.c.id == contact_id, contact.c.email != ""),
        exists().where(elsewhere.contact_id == contact_id, elsewhere.code == address, elsewhere.email != ""),
    )


async def queue_deliveries(work: UnitOfWork, which: ColumnElement[bool]) -> int:
    """Queue the interactions of the condition whose ``delivery_status`` is IN_PROGRESS; return how many.

    What waits already keeps its place and its mailer; what failed gets another chance.
    """
    row: dict[str, ColumnElement[Any]] = {
        "entry_no": _entry.entry_no,
        "contact_id": _entry.contact_id,
        "correspondence_type": sent_as(_entry.correspondence_type),
        "queued_at": literal(work.moment.now, Instant),
    }
    rows = (
        select(*row.values())
        .join_from(interaction_log_entry, interaction_template, interaction_template.c.code == _entry.template)
        .where(which, _entry.delivery_status == IN_PROGRESS)
        .order_by(_entry.entry_no)
    )
    dialect = postgresql if work.dialect == "postgresql" else sqlite
    statement = dialect.insert(delivery).from_select(list(row), rows, include_defaults=False)
    fresh = {name: statement.excluded[name] for name in row if name != "entry_no"}
    queued = await work.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["entry_no"],
            set_={**fresh, "error": "", "claimed_until": None, "claimed_by": "", "attempts": 0},
            where=_queued.error != "",
        ),
        execution_options={"preserve_rowcount": True},
    )
    if queued.rowcount:
        work.record("delivery", row_count=queued.rowcount)
    return queued.rowcount


async def claim_deliveries(
    work: UnitOfWork, *, limit: int, seconds: int, mailer: str, correspondence_type: str | None = None
) -> Sequence[int]:
    """Give the mailer the first free deliveries for some seconds; return their entry numbers in order.

    No other mailer gets them meanwhile. What must not be sent any more fails instead: its contact was deleted or,
    where the setup skips such contacts, blocked for privacy; the interaction was canceled, or lost its attachment.

    Args:
        work: where.
        limit: 1 to ``AT_ONCE``.
        seconds: 1 to ``SECONDS_MOST``.
        mailer: its name.
        correspondence_type: only what is sent this way; None: both.

    Raises: InvalidInputError; RefusedError(VALUE_REQUIRED) without a name.
    """
    name = _mailer(mailer)
    checked_range(limit, "limit", 1, AT_ONCE)
    checked_range(seconds, "seconds", 1, SECONDS_MOST)
    kind = checked_choice(correspondence_type, "correspondence_type", _CORRESPONDENCE_TYPES)
    unsendable = await _reasons(work)
    wanted = true() if kind is None else _queued.correspondence_type == kind
    free = and_(_WAITING, _free_at(work), wanted)
    found = await _first_free(work, free, limit, unsendable)
    if any(row.unsendable for row in found):
        await _fail_unsendable(work, unsendable)
        found = [row for row in await _first_free(work, free, limit, unsendable) if not row.unsendable]
    keys = [row.entry_no for row in found]
    if keys:
        until = work.moment.now + timedelta(seconds=seconds)
        await work.connection.execute(
            update(delivery)
            .where(ids_in(_queued.entry_no, keys, work.dialect))
            .values(claimed_until=until, claimed_by=name, attempts=_queued.attempts + 1)
        )
        _record(work, keys, "claimed_by")
    return keys


async def confirm_deliveries(work: UnitOfWork, entry_nos: Sequence[int], *, mailer: str) -> None:
    """Take from the queue what the mailer has sent; all of them or none.

    A mailer whose time is over may still confirm as long as nobody else has claimed the delivery: it was sent.

    Raises: NotFoundError; RefusedError DELIVERY_NOT_CLAIMED, VALUE_REQUIRED; InvalidInputError.
    """
    keys = await _require_claimed(work, entry_nos, "entry_nos", mailer)
    await work.connection.execute(delete(delivery).where(ids_in(_queued.entry_no, keys, work.dialect)))
    await _set_status(work, keys, None)
    _record(work, keys, None)


async def fail_delivery(
    work: UnitOfWork, entry_no: int, *, mailer: str, error: str, retry_after: int | None = None
) -> int:
    """Say that a delivery could not be sent; return the entry number of its interaction.

    It failed for good and keeps the error, unless ``retry_after`` names the seconds after which it is free again.

    Raises: NotFoundError; RefusedError DELIVERY_NOT_CLAIMED, VALUE_REQUIRED; InvalidInputError.
    """
    reason = checked_text(error, "error", ERROR_LENGTH).strip()
    if not reason:
        raise missing("error")
    if retry_after is not None:
        checked_range(retry_after, "retry_after", 0, SECONDS_MOST)
    (key,) = await _require_claimed(work, [entry_no], "entry_no", mailer)
    released: dict[str, Any] = {"claimed_by": "", "claimed_until": None, "error": reason}
    if retry_after is not None:
        released |= {"claimed_until": work.moment.now + timedelta(seconds=retry_after), "error": ""}
    await work.connection.execute(update(delivery).where(_queued.entry_no == key).values(released))
    if retry_after is None:
        await _set_status(work, [key], ERROR)
    _record(work, [key], "error" if retry_after is None else "claimed_by")
    return key


async def retry_deliveries(work: UnitOfWork, entry_nos: Sequence[int]) -> None:
    """Queue again what failed for good; what waits stays as it is.

    Raises: NotFoundError; InvalidInputError.
    """
    keys = [row.entry_no for row in await _held(work, entry_nos, "entry_nos") if row.error]
    await work.connection.execute(
        update(delivery)
        .where(ids_in(_queued.entry_no, keys, work.dialect))
        .values(error="", attempts=0, claimed_until=None, claimed_by="", queued_at=work.moment.now)
    )
    if keys:
        await _set_status(work, keys, IN_PROGRESS)
        _record(work, keys, "error")


def _mailer(name: str) -> str:
    checked = checked_text(name, "mailer", MAILER_LENGTH).strip()
    if not checked:
        raise missing("mailer")
    return checked


def _free_at(work: UnitOfWork) -> ColumnElement[bool]:
    return or_(_queued.claimed_until.is_(None), _queued.claimed_until <= work.moment.now)


async def _reasons(work: UnitOfWork) -> dict[str, ColumnElement[bool]]:
    """Return why something must not be sent any more, each with its condition over ``_RECIPIENTS``."""
    setup = await read_setup(work)
    reasons: dict[str, ColumnElement[bool]] = {
        "The contact was deleted.": _queued.contact_id.is_(None),
        "The interaction was canceled.": _entry.canceled,
        "The attachment was removed.": _entry.attachment_id.is_(None),
    }
    if setup.skip_privacy_blocked:
        reasons["The contact is blocked for reasons of privacy."] = contact.c.privacy_blocked
    return reasons


async def _first_free(
    work: UnitOfWork, free: ColumnElement[bool], limit: int, unsendable: dict[str, ColumnElement[bool]]
) -> Sequence[Row[int, bool]]:
    """Return the first free rows, locked; on PostgreSQL those that another mailer is just claiming are passed over."""
    doubtful = func.coalesce(or_(*unsendable.values()), False)
    statement = (
        select(_queued.entry_no, doubtful.label("unsendable"))
        .select_from(_RECIPIENTS)
        .where(free)
        .order_by(_queued.entry_no)
        .limit(limit)
        .with_for_update(of=delivery, skip_locked=True)
    )
    return (await work.connection.execute(statement)).all()


async def _fail_unsendable(work: UnitOfWork, unsendable: dict[str, ColumnElement[bool]]) -> None:
    """Fail everything free that must not be sent, the whole queue at once: nothing of it shall be met again."""
    for reason, condition in unsendable.items():
        such = (
            select(_queued.entry_no)
            .select_from(_RECIPIENTS)
            .where(_WAITING, _free_at(work), condition)
            .with_for_update(of=delivery, skip_locked=True)
        )
        changed = await work.connection.execute(update(delivery).where(_queued.entry_no.in_(such)).values(error=reason))
        if not changed.rowcount:
            continue
        failed = select(_queued.entry_no).where(_queued.error == reason)
        await work.connection.execute(
            update(interaction_log_entry)
            .where(_entry.delivery_status == IN_PROGRESS, _entry.entry_no.in_(failed))
            .values(delivery_status=ERROR)
        )
        work.record("delivery", fields=("error",), row_count=changed.rowcount, cause=reason)


async def _held(work: UnitOfWork, entry_nos: Sequence[int], field: str) -> Sequence[Row[Any]]:
    require_few(set(entry_nos), "deliveries", field)
    return await hold_entries(work, delivery, "delivery", entry_nos, field)


async def _require_claimed(work: UnitOfWork, entry_nos: Sequence[int], field: str, mailer: str) -> list[int]:
    """Return the entry numbers in order, held; every delivery is claimed by this mailer and by nobody since."""
    name = _mailer(mailer)
    rows = await _held(work, entry_nos, field)
    for row in rows:
        if row.claimed_by != name:
            msg = f"Delivery {row.entry_no} is not claimed by {name}; claim it again before sending it."
            path = listed_path(field, entry_nos, row.entry_no)
            raise RefusedError(ErrorCode.DELIVERY_NOT_CLAIMED, msg, path=path)
    return [row.entry_no for row in rows]


async def _set_status(work: UnitOfWork, keys: Collection[int], status: str | None) -> None:
    await work.connection.execute(
        update(interaction_log_entry).where(ids_in(_entry.entry_no, keys, work.dialect)).values(delivery_status=status)
    )
    ids = (min(keys), max(keys))
    work.record("interaction_log_entry", ids=ids, row_count=len(keys), fields=("delivery_status",))


def _record(work: UnitOfWork, keys: Sequence[int], field: str | None) -> None:
    """Note a change of the queue's rows; without a field they were taken from it."""
    work.record("delivery", ids=(keys[0], keys[-1]), row_count=len(keys), fields=field and (field,))
