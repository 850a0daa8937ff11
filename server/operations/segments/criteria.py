"""Saved criteria: the actions of a segment kept under a code, and carried out again on any segment."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, exists, insert, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import AlreadyExistsError, ConflictError, ErrorCode, NotFoundError, RefusedError
from server.operations.segments.lines import rules_naming
from server.operations.segments.reusing import has_actions, reuse_logged_segment
from server.operations.segments.revisions import ActionResult, hold_segment
from server.operations.segments.selecting import (
    AddOptions,
    add_contacts,
    contacts_asked,
    reduce_segment,
    refine_segment,
)
from server.operations.values import api_name, checked_code, checked_text, required_code
from server.rules import LANGUAGE_VERSION
from server.selection import DecidedRule
from server.store.segment_lines import LINE_PROBE, visible_at
from server.store.tables import contact, saved_criteria, saved_criteria_action, segment_line, segment_revision
from server.store.unit_of_work import UnitOfWork

_CODE_LENGTH = 20
_BY_RULE = frozenset({"ADD", "REDUCE", "REFINE"})
_ONCE = frozenset({"reset_when_empty"})
"""Options that hold for the one time: on another segment they would wipe out lines and actions of its own."""


@dataclass(frozen=True, slots=True)
class SavedAction:
    """One action of saved criteria.

    Attributes:
        kind: ADD, REDUCE, REFINE or REUSE_LOGGED.
        rule: the text; blank for REUSE_LOGGED, whose logged segment stands in the options.
        language_version: of the rule language; blank without a rule.
        options: the flags of the action by their names in ``segment_revision.options``.
    """

    kind: str
    rule: str
    language_version: str
    options: dict[str, Any]

    @property
    def has_rule(self) -> bool:
        """Whether the action selects contacts by its rule."""
        return self.kind in _BY_RULE

    def contacts_asked(self, segment_no: str) -> ColumnElement[bool] | None:
        """Return the condition on ``contact`` of those about whom the action asks on a segment; None: everyone."""
        if self.kind == "ADD":
            return None
        return contacts_asked(segment_no, entire_companies=bool(self.options.get("entire_companies")))


async def save_criteria(
    work: UnitOfWork, segment_no: str, code: str, description: str | None = None, *, expected_version: int | None = None
) -> str:
    """Keep the actions of the segment up to the pointer under a new code; return the code.

    Lines put on or taken off one by one are kept as adding or reducing by a rule that names their contacts, without
    those taken off while their contact kept another line, because reducing would take away that one, too.

    Raises: RefusedError(NO_ACTIONS) when there is nothing to keep; AlreadyExistsError when the code is taken.
    """
    held = await hold_segment(work, segment_no, expected_version=expected_version)
    key = required_code(code, "code", _CODE_LENGTH)
    text = checked_text(description, "description", 100)
    actions = [action async for action in _actions_of(work.connection, held)]
    if not actions:
        msg = f"Segment {held.no} has no actions to save."
        if held.revision:
            msg = f"The actions of segment {held.no} have no rules and name no contacts that are left to be saved."
        raise RefusedError(ErrorCode.NO_ACTIONS, msg, path=("segmentNo",))
    await _require_free(work, key, "code")
    await work.connection.execute(
        insert(saved_criteria).values(code=key, description=text, actor=work.actor, created_at=work.moment.now)
    )
    await _insert_actions(work, key, actions)
    work.record("saved_criteria", code=key)
    return key


async def update_criteria(
    work: UnitOfWork, code: str, *, new_code: str | None = None, description: str | None = None
) -> str:
    """Give saved criteria another code or description, where one is given; return the code they have then.

    Raises: NotFoundError; RefusedError(VALUE_REQUIRED) for a blank new code; AlreadyExistsError when it is taken.
    """
    held = await _hold(work, code)
    changes: dict[str, str] = {}
    if new_code is not None:
        changes["code"] = required_code(new_code, "new_code", _CODE_LENGTH)
    if description is not None:
        changes["description"] = checked_text(description, "description", 100)
    changes = {name: value for name, value in changes.items() if value != getattr(held, name)}
    if "code" in changes:
        await _require_free(work, changes["code"], "new_code")
    if changes:
        await work.connection.execute(update(saved_criteria).where(saved_criteria.c.code == held.code).values(changes))
        work.record("saved_criteria", code=held.code, fields=list(changes))
    return str(changes.get("code", held.code))


async def delete_criteria(work: UnitOfWork, code: str) -> str:
    """Delete saved criteria with their actions; segments built by them stay as they are. Return the code they had.

    Raises: NotFoundError.
    """
    held = await _hold(work, code)
    await work.connection.execute(delete(saved_criteria).where(saved_criteria.c.code == held.code))
    work.record("saved_criteria", code=held.code)
    return str(held.code)


async def _hold(work: UnitOfWork, code: str) -> Row[Any]:
    """Return the row of saved criteria, locked until the end of the unit of work."""
    key = required_code(code, "code", _CODE_LENGTH)
    statement = select(saved_criteria).where(saved_criteria.c.code == key).with_for_update()
    row = (await work.connection.execute(statement)).one_or_none()
    if row is None:
        raise _unknown(key)
    return row


def _unknown(key: str | None) -> NotFoundError:
    """Return the error for a code under which nothing is kept."""
    msg = f"There are no saved criteria with the code {key}; saveCriteria keeps the actions of a segment."
    return NotFoundError(msg, path=("code",))


async def _require_free(work: UnitOfWork, key: str, field: str) -> None:
    """Raise AlreadyExistsError when saved criteria have the code."""
    if await work.connection.scalar(select(saved_criteria.c.code).where(saved_criteria.c.code == key)) is not None:
        msg = f"Saved criteria {key} exist already."
        raise AlreadyExistsError(msg, path=(api_name(field),))


async def _insert_actions(work: UnitOfWork, key: str, actions: Sequence[SavedAction]) -> None:
    await work.connection.execute(
        insert(saved_criteria_action),
        [
            {
                "code": key,
                "position": position,
                "kind": action.kind,
                "rule": action.rule,
                "language_version": action.language_version,
                "options": action.options,
            }
            for position, action in enumerate(actions, start=1)
        ],
    )


async def saved_actions(connection: AsyncConnection, code: str) -> list[SavedAction]:
    """Return the actions kept under a code, in their order.

    Raises: NotFoundError when there is no such code.
    """
    key = checked_code(code, "code", _CODE_LENGTH)
    if await connection.scalar(select(saved_criteria.c.code).where(saved_criteria.c.code == key)) is None:
        raise _unknown(key)
    statement = (
        select(saved_criteria_action)
        .where(saved_criteria_action.c.code == key)
        .order_by(saved_criteria_action.c.position)
    )
    return [
        SavedAction(row.kind, row.rule, row.language_version, _lasting(row.options))
        for row in await connection.execute(statement)
    ]


async def reuse_criteria(
    work: UnitOfWork,
    segment_no: str,
    code: str,
    decided: Sequence[DecidedRule],
    *,
    append: bool = False,
    expected_version: int | None = None,
) -> list[ActionResult]:
    """Carry the saved actions out on the segment, each as an action that can be undone by itself.

    Args:
        work: where.
        segment_no: the segment.
        code: of the saved criteria.
        decided: the rules of those saved actions that have one, in their order.
        append: allow it on a segment that has actions already.
        expected_version: the version that the segment must have.

    Raises: RefusedError(SEGMENT_HAS_ACTIONS) without ``append``; ConflictError when the saved criteria are no longer
    those of which the rules were decided.
    """
    held = await hold_segment(work, segment_no, expected_version=expected_version)
    if held.revision and not append:
        raise has_actions(held.no, "those of the saved criteria")
    actions = await saved_actions(work.connection, code)
    if [action.rule for action in actions if action.has_rule] != [rule.rule.text for rule in decided]:
        msg = "The saved criteria changed while they were being used; try again."
        raise ConflictError(msg, path=("code",))
    rules = iter(decided)
    return [await _carry_out(work, held.no, action, next(rules) if action.has_rule else None) for action in actions]


def _lasting(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return those options of an action with which it is carried out again."""
    return {name: value for name, value in options.items() if name not in _ONCE}


async def _carry_out(
    work: UnitOfWork, segment_no: str, action: SavedAction, decided: DecidedRule | None
) -> ActionResult:
    if decided is None:
        return await _reuse_again(work, segment_no, action.options["logged_segment_no"])
    if action.kind == "ADD":
        return await add_contacts(work, segment_no, decided, AddOptions(**action.options))
    remove = reduce_segment if action.kind == "REDUCE" else refine_segment
    return await remove(work, segment_no, decided, **action.options)


async def _reuse_again(work: UnitOfWork, segment_no: str, logged_segment_no: int) -> ActionResult:
    """Reuse the logged segment that a saved action names, if it still exists."""
    try:
        return await reuse_logged_segment(work, segment_no, logged_segment_no, append=True)
    except NotFoundError as error:
        msg = f"The saved criteria reuse the logged segment {logged_segment_no}, which is deleted; nothing was added."
        raise NotFoundError(msg, path=("code",)) from error


async def _actions_of(connection: AsyncConnection, held: Row[Any]) -> AsyncIterator[SavedAction]:
    """Yield the actions that stand on a segment in the form in which they are saved."""
    step = segment_revision.c
    statement = (
        select(segment_revision)
        .where(step.segment_id == held.id, step.revision <= held.revision)
        .order_by(step.revision)
    )
    rows = (await connection.execute(statement)).all()
    line = segment_line.c
    kept_elsewhere = _contact_kept_elsewhere()
    unpins = [row.revision for row in rows if row.kind == "UNPIN"]
    spare = and_(line.removed.is_not(None), line.removed.in_(unpins), kept_elsewhere)
    for row in rows:
        if row.kind in _BY_RULE:
            yield SavedAction(row.kind, row.rule, row.language_version, _lasting(row.options))
        elif row.kind == "UNPIN":
            async for rule in _rules_of(connection, held.id, and_(line.removed == row.revision, not_(kept_elsewhere))):
                yield SavedAction("REDUCE", rule, LANGUAGE_VERSION, {})
        elif row.kind == "REUSE_LOGGED" and row.logged_segment_no is not None:
            yield SavedAction(row.kind, "", "", {"logged_segment_no": row.logged_segment_no})
        elif row.kind in {"PIN", "REUSE_LOGGED"}:
            options = {
                "allow_existing_contacts": row.kind == "REUSE_LOGGED" or row.options["allow_existing_contacts"],
                "ignore_exclusion": True,
                "skip_privacy_blocked": False,
            }
            async for rule in _rules_of(connection, held.id, and_(line.added == row.revision, not_(spare))):
                yield SavedAction("ADD", rule, LANGUAGE_VERSION, options)


def _contact_kept_elsewhere() -> ColumnElement[bool]:
    """Return the condition on a removed line that its contact had another one on the segment after the removal."""
    line, other = segment_line.c, segment_line.alias("other")
    kept = (
        select(other.c.line_no)
        .where(
            other.c.segment_id == line.segment_id,
            other.c.contact_id == line.contact_id,
            visible_at(line.removed, other.c),
        )
        .with_hint(other, LINE_PROBE, "sqlite")
        .correlate(segment_line)
    )
    return exists(kept)


async def _rules_of(connection: AsyncConnection, segment_id: int, lines: ColumnElement[bool]) -> AsyncIterator[str]:
    """Yield rules that name the contacts of these lines, each contact once."""
    statement = (
        select(contact.c.no)
        .join(segment_line, segment_line.c.contact_id == contact.c.id)
        .where(segment_line.c.segment_id == segment_id, lines)
        .group_by(contact.c.no)
        .order_by(contact.c.no)
    )
    nos = (await connection.scalars(statement)).all()
    for rule in rules_naming(nos):
        yield rule
