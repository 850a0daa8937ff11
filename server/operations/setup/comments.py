"""Comments on contacts, campaigns and interactions: a day, a code and a short text, by their place."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict

from sqlalchemy import Table, delete, func, insert, select, update

from server.errors import InvalidInputError, NotFoundError, TesseraError
from server.operations.values import checked_code, checked_date, checked_text, missing
from server.store.note_tables import CommentColumns
from server.store.unit_of_work import UnitOfWork

TEXT_LENGTH = 80
CODE_LENGTH = 10
COMMENTS_MAX = 1_000
"""Comments that an input may have at once."""

Comments = Table[CommentColumns]
"""``contact_comment``, ``campaign_comment`` or ``interaction_comment``.

Every function is told the key of the object, whose row the caller holds locked: places are counted under that lock.
"""


class CommentValues(TypedDict, total=False):
    """A comment; absent: the default or unchanged. ``text`` is required; the default of ``on`` is the work date."""

    on: date | None
    code: str | None
    text: str | None


async def add_comment(work: UnitOfWork, comments: Comments, owner_id: int, values: CommentValues) -> int:
    """Write a comment behind the others on the object and return its place, from 1.

    Raises: InvalidInputError; RefusedError(VALUE_REQUIRED) for a blank text or day.
    """
    (place,) = await add_comments(work, comments, owner_id, [_checked(work, values)])
    return place


async def add_comments(
    work: UnitOfWork, comments: Comments, owner_id: int, checked: Sequence[dict[str, Any]]
) -> list[int]:
    """Write comments that ``checked_comments`` returned behind the others and return their places."""
    if not checked:
        return []
    last = select(func.coalesce(func.max(comments.c.place), 0)).where(comments.c.owner_id == owner_id)
    first = int(await work.connection.scalar(last) or 0) + 1
    rows = [{**row, "owner_id": owner_id, "place": place} for place, row in enumerate(checked, start=first)]
    await work.connection.execute(insert(comments), rows)
    work.record(comments.name, owner_id, row_count=len(rows))
    return [row["place"] for row in rows]


async def replace_comments(
    work: UnitOfWork, comments: Comments, owner_id: int, checked: Sequence[dict[str, Any]]
) -> None:
    """Put comments that ``checked_comments`` returned in the place of all there are on the object."""
    gone = await work.connection.execute(delete(comments).where(comments.c.owner_id == owner_id))
    if gone.rowcount:
        work.record(comments.name, owner_id, row_count=gone.rowcount)
    await add_comments(work, comments, owner_id, checked)


async def update_comment(
    work: UnitOfWork, comments: Comments, owner_id: int, place: int, values: CommentValues
) -> bool:
    """Change the given values of the comment at ``place``; return whether anything differed.

    Raises: NotFoundError; InvalidInputError; RefusedError(VALUE_REQUIRED) for a blank text or day.
    """
    before = await _comment(work, comments, owner_id, place)
    whole = _checked(work, {**before, **values})  # type: ignore[typeddict-item]
    changes = {field: value for field, value in whole.items() if value != before[field]}
    if not changes:
        return False
    await work.connection.execute(
        update(comments).where(comments.c.owner_id == owner_id, comments.c.place == place).values(changes)
    )
    work.record(comments.name, owner_id, fields=list(changes))
    return True


async def delete_comment(work: UnitOfWork, comments: Comments, owner_id: int, place: int) -> None:
    """Delete the comment at ``place``; the others keep theirs.

    Raises: NotFoundError.
    """
    await _comment(work, comments, owner_id, place)
    await work.connection.execute(delete(comments).where(comments.c.owner_id == owner_id, comments.c.place == place))
    work.record(comments.name, owner_id)


def checked_comments(
    work: UnitOfWork, values: Sequence[CommentValues] | None, field: str = "comments"
) -> list[dict[str, Any]]:
    """Return the columns of the comments of an input, in their order; None: none.

    Raises: what ``add_comment`` raises, with the path of ``field`` and the comment's position in it.
    """
    given = values or ()
    if len(given) > COMMENTS_MAX:
        msg = f"{field} has {len(given)} comments; at most {COMMENTS_MAX:,} are allowed."
        raise InvalidInputError(msg, path=(field,))
    return [_checked(work, value, field, position) for position, value in enumerate(given)]


async def _comment(work: UnitOfWork, comments: Comments, owner_id: int, place: int) -> dict[str, Any]:
    statement = select(comments.c.on, comments.c.code, comments.c.text).where(
        comments.c.owner_id == owner_id, comments.c.place == place
    )
    row = (await work.connection.execute(statement)).one_or_none()
    if row is None:
        msg = f"There is no comment at place {place}."
        raise NotFoundError(msg, path=("place",))
    return row._asdict()


def _checked(work: UnitOfWork, values: CommentValues, *outer: str | int) -> dict[str, Any]:
    """Return the columns of a comment; ``outer`` is where in the input it stands."""
    try:
        on = checked_date(values.get("on", work.moment.document_date), "on")
        text = checked_text(values.get("text"), "text", TEXT_LENGTH)
        code = checked_code(values.get("code"), "code", CODE_LENGTH)
        if on is None:
            raise missing("on")
        if not text.strip():
            raise missing("text")
    except TesseraError as error:
        error.path = (*outer, *error.path)
        raise
    return {"on": on, "code": code, "text": text}
