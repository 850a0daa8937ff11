"""Attachments by reference: what segments, templates and interactions send, kept elsewhere under an address.

Every place that gets an attachment of its own gets a row of its own; a row is shared only where one thing hands its
attachment on, as a template does to its interactions; whoever does so has that thing locked. A row is deleted with the
last thing that refers to it.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any, TypedDict
from urllib.parse import urlsplit

from sqlalchemy import Select, and_, delete, exists, func, insert, not_, select, union_all

from server.errors import InvalidInputError, TesseraError
from server.operations.values import api_name, checked_text, missing
from server.store.id_lists import ids_in
from server.store.tables import (
    attachment,
    interaction_log_entry,
    segment_language,
    segment_line_override,
    template_language,
)
from server.store.unit_of_work import UnitOfWork

_NAME_LENGTH = 100
_MEDIA_TYPE_LENGTH = 100
_URL_LENGTH = 1000
_MEDIA_TYPE = re.compile(r"[\w.+!#$&^-]+/[\w.+!#$&^-]+(\s*;\s*[\w.-]+=[\w.\"-]+)*", re.ASCII)
_URL_CHARACTERS = re.compile(r"[!#-;=?-\[\]-~]+")
"""Printable ASCII without what ends a link in a page: quotation marks, angle brackets, backslashes."""

REFERRING = (
    template_language.c.attachment_id,
    segment_language.c.attachment_id,
    segment_line_override.c.attachment_id,
    interaction_log_entry.c.attachment_id,
)
"""Every column that names an attachment; each has an index."""


class AttachmentValues(TypedDict, total=False):
    """An attachment; ``name`` and ``url`` are required, an absent or blank ``media_type`` says nothing."""

    name: str | None
    media_type: str | None
    url: str | None


async def create_attachment(work: UnitOfWork, values: AttachmentValues | None, field: str = "attachment") -> int | None:
    """Write an attachment and return its key; None for None, which means that there is none.

    Args:
        work: where.
        values: as the client gave them.
        field: the input field that holds them, in snake_case; errors name what is inside it.

    Raises: InvalidInputError; RefusedError(VALUE_REQUIRED) for a blank name or address.
    """
    if values is None:
        return None
    row = _checked(values, field)
    key = await work.connection.scalar(insert(attachment).values(row).returning(attachment.c.id))
    work.record("attachment", key)
    return int(key or 0)


async def delete_unused_attachments(work: UnitOfWork, attachment_ids: Collection[int | None]) -> int:
    """Delete those of the attachments to which nothing refers any more; return how many.

    Call it after the references are gone. Blank keys and unknown ones are passed over.
    """
    asked = {key for key in attachment_ids if key is not None}
    if not asked:
        return 0
    held = await _held(work, asked)
    statement = delete(attachment).where(ids_in(attachment.c.id, held, work.dialect), _unused())
    deleted = (await work.connection.scalars(statement.returning(attachment.c.id))).all()
    for key in sorted(deleted):
        work.record("attachment", key)
    return len(deleted)


async def unique_attachments(work: UnitOfWork, attachment_ids: Collection[int | None]) -> set[int]:
    """Return those of the attachments to which exactly one thing refers; they are locked."""
    asked = {key for key in attachment_ids if key is not None}
    if not asked:
        return set()
    held = await _held(work, asked)
    references = union_all(
        *(select(column.label("id")).where(ids_in(column, held, work.dialect)) for column in REFERRING)
    ).subquery()
    once = select(references.c.id).group_by(references.c.id).having(func.count() == 1)
    return set(await work.connection.scalars(once))


async def attachments_of(work: UnitOfWork, referring: Select[Any]) -> set[int]:
    """Return the keys that a SELECT of one column names; ask before the rows that refer to them go."""
    return {key for key in await work.connection.scalars(referring.distinct()) if key is not None}


async def _held(work: UnitOfWork, asked: Collection[int]) -> Sequence[int]:
    """Lock attachments before anybody looks for references: of two who let one go, the later one sees that."""
    among = select(attachment.c.id).where(ids_in(attachment.c.id, asked, work.dialect))
    return (await work.connection.scalars(among.order_by(attachment.c.id).with_for_update())).all()


def _unused() -> Any:
    """Return the condition that nothing refers to the attachment."""
    return and_(*(not_(exists().where(column == attachment.c.id).correlate(attachment)) for column in REFERRING))


def _checked(values: AttachmentValues, field: str) -> dict[str, str]:
    """Return the columns; errors have the path of the field inside ``field``."""
    try:
        name = checked_text(values.get("name"), "name", _NAME_LENGTH).strip()
        media_type = checked_text(values.get("media_type"), "media_type", _MEDIA_TYPE_LENGTH).strip()
        url = checked_text(values.get("url"), "url", _URL_LENGTH).strip()
        for required, text in (("name", name), ("url", url)):
            if not text:
                raise missing(required)
        if media_type and not _MEDIA_TYPE.fullmatch(media_type):
            msg = "mediaType is not a media type such as application/pdf."
            raise InvalidInputError(msg, path=("mediaType",))
        _require_address(url)
    except TesseraError as error:
        error.path = (api_name(field), *error.path)
        raise
    return {"name": name, "media_type": media_type, "url": url}


def _require_address(url: str) -> None:
    """Refuse everything but an http or https address: clients show it as a link, mailers fetch it.

    Names and passwords do not belong there: everybody who may read would read them.
    """
    try:
        parts = urlsplit(url)
        is_address = bool(parts.hostname) and parts.scheme in {"http", "https"} and "@" not in parts.netloc
        is_address = is_address and parts.port != 0  # asking for it finds out an impossible one
    except ValueError:
        is_address = False
    if not is_address or not _URL_CHARACTERS.fullmatch(url):
        msg = "url must be a whole address that begins with https:// or http://, without blanks, quotes or a password."
        raise InvalidInputError(msg, path=("url",))
