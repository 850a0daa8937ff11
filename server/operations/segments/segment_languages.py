"""The languages of a segment: what is sent in each, and which one holds where a contact's own is not among them.

The header's ``subject`` always repeats that of its default language.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Row, delete, exists, insert, literal, or_, select, union, update

from server.errors import AlreadyExistsError, ErrorCode, RefusedError
from server.operations.interactions.template_languages import LANGUAGE_LENGTH, language_missing
from server.operations.segments.header_lines import (
    begin_defaults,
    change_attachment,
    change_subject,
    edit_is_visible,
)
from server.operations.segments.revisions import header_of, hold_segment, touch_segment
from server.operations.setup.attachments import (
    AttachmentValues,
    attachments_of,
    create_attachment,
    delete_unused_attachments,
)
from server.operations.values import checked_text, required_code
from server.store.tables import (
    segment_defaults,
    segment_language,
    segment_line,
    segment_line_override,
    template_language,
)
from server.store.unit_of_work import UnitOfWork

_TEXT_LENGTH = 100


class LanguageValues(TypedDict, total=False):
    """What is sent in a language, as a caller gives it; absent: unchanged, ``None`` and ``''``: blank."""

    description: str | None
    subject: str | None
    attachment: AttachmentValues | None


@dataclass(frozen=True, slots=True)
class ChosenLanguage:
    """A language and what is sent in it; ``language`` None: no language, but perhaps a subject."""

    language: str | None
    subject: str
    attachment_id: int | None = None


async def create_language(
    work: UnitOfWork,
    segment_no: str,
    language: str,
    values: LanguageValues,
    *,
    expected_version: int | None = None,
) -> int:
    """Add a language to the segment; lines that are there keep theirs. Return the segment's key.

    Raises: AlreadyExistsError when the segment has the language.
    """
    held = await hold_segment(work, segment_no, expected_version=expected_version)
    header = await header_of(work, held)
    code = required_code(language, "language", LANGUAGE_LENGTH)
    if code in await languages_of(work, header):
        msg = f"Segment {held.no} has the language {code} already."
        raise AlreadyExistsError(msg, path=("language",))
    given = _checked_texts(values)
    given["attachment_id"] = await create_attachment(work, values.get("attachment"))
    key = {"segment_id": held.id, "defaults_no": held.defaults_no, "language": code}
    await work.connection.execute(insert(segment_language).values(**key, **given))
    await _finish(work, held)
    return int(held.id)


async def update_language(
    work: UnitOfWork,
    segment_no: str,
    language: str,
    values: LanguageValues,
    *,
    update_lines: bool = True,
    expected_version: int | None = None,
) -> int:
    """Change what is sent in a language; return the segment's key.

    With ``update_lines`` a new subject reaches the lines of the header's template and this language that have the old
    one, and a new attachment those that have the old one or none. Without it only lines to come get them.

    Raises: RefusedError(LANGUAGE_MISSING).
    """
    held = await hold_segment(work, segment_no, expected_version=expected_version)
    header = await header_of(work, held)
    current = await _language(work, held, header, language)
    given = _checked_texts(values)
    if "attachment" in values:
        given["attachment_id"] = await create_attachment(work, values["attachment"])
    changed = {name: value for name, value in given.items() if value != getattr(current, name)}
    if not changed:
        return int(held.id)
    defaults_no = held.defaults_no
    if held.last_line_no and changed.keys() & {"subject", "attachment_id"}:
        if not update_lines:
            defaults_no = await begin_defaults(work, header)
        else:
            await _change_lines(work, held, header, current, changed)
    await _write(work, held.id, defaults_no, current.language, changed)
    if "subject" in changed and header.language == current.language:
        row = segment_defaults.c.segment_id == held.id, segment_defaults.c.defaults_no == defaults_no
        await work.connection.execute(update(segment_defaults).where(*row).values(subject=changed["subject"]))
    await _finish(work, held, defaults_no=defaults_no)
    await delete_unused_attachments(work, [current.attachment_id])
    return int(held.id)


async def delete_language(
    work: UnitOfWork, segment_no: str, language: str, *, expected_version: int | None = None
) -> int:
    """Take a language off the segment; return the segment's key.

    Its lines go on in the default language, but those with an attachment of their own.

    Raises: RefusedError LANGUAGE_MISSING, or IN_USE for the default language.
    """
    held = await hold_segment(work, segment_no, expected_version=expected_version)
    header = await header_of(work, held)
    gone = await _language(work, held, header, language)
    if gone.language == header.language:
        msg = f"{gone.language} is the default language of segment {held.no}; give it another one first."
        raise RefusedError(ErrorCode.IN_USE, msg, path=("language",))
    attachments = await attachments_of_segment(work, held.id)
    await _to_default_language(work, held, header, gone.language)
    await work.connection.execute(
        delete(segment_language).where(
            segment_language.c.segment_id == held.id, segment_language.c.language == gone.language
        )
    )
    await _finish(work, held)
    await delete_unused_attachments(work, attachments)
    return int(held.id)


async def languages_of(work: UnitOfWork, header: Row[Any]) -> Mapping[str, Row[Any]]:
    """Return the languages that the header has now, by code in the order of the codes."""
    statement = select(segment_language).where(
        segment_language.c.segment_id == header.segment_id, segment_language.c.defaults_no == header.defaults_no
    )
    rows = (await work.connection.execute(statement)).all()
    return {row.language: row for row in sorted(rows, key=lambda row: row.language)}


async def languages_of_template(work: UnitOfWork, template: str | None) -> Mapping[str, Row[Any]]:
    """Return the languages of a template, none for no template, by code in the order of the codes.

    They stay as they are until the end of the unit of work, so that their attachments can be taken over.
    """
    statement = select(template_language).where(template_language.c.template == template).with_for_update(read=True)
    rows = (await work.connection.execute(statement)).all()
    return {row.language: row for row in sorted(rows, key=lambda row: row.language)}


async def replace_languages(
    work: UnitOfWork, segment_id: int, template: str | None, chosen: ChosenLanguage, *, defaults_no: int | None
) -> None:
    """Give rows of defaults copies of the template's languages instead of theirs, and the chosen one as their default.

    Args:
        work: where.
        segment_id: the segment.
        template: whose languages; None: no languages.
        chosen: the default language; it is created where the template does not have it.
        defaults_no: the row of defaults; None: all of the segment.
    """

    def among(number: ColumnElement[int]) -> list[ColumnElement[bool]]:
        return [] if defaults_no is None else [number == defaults_no]

    language, row = segment_language.c, segment_defaults.c
    await work.connection.execute(
        delete(segment_language).where(language.segment_id == segment_id, *among(language.defaults_no))
    )
    names = ("language", "description", "subject", "attachment_id")
    copied = (
        select(row.segment_id, row.defaults_no, *(template_language.c[name] for name in names))
        .join_from(segment_defaults, template_language, template_language.c.template == template)
        .where(row.segment_id == segment_id, *among(row.defaults_no))
    )
    await work.connection.execute(
        insert(segment_language).from_select(["segment_id", "defaults_no", *names], copied, include_defaults=False)
    )
    rows = select(row.defaults_no).where(row.segment_id == segment_id, *among(row.defaults_no))
    for number in (await work.connection.scalars(rows)).all():
        await choose_language(work, segment_id, number, chosen)


async def choose_language(work: UnitOfWork, segment_id: int, defaults_no: int, chosen: ChosenLanguage) -> None:
    """Make a language the default of a row of defaults, with its subject; created where it is missing."""
    row = segment_defaults.c.segment_id == segment_id, segment_defaults.c.defaults_no == defaults_no
    await work.connection.execute(
        update(segment_defaults).where(*row).values(language=chosen.language, subject=chosen.subject)
    )
    if chosen.language is None:
        return
    if not await _write(work, segment_id, defaults_no, chosen.language, {"subject": chosen.subject}):
        key = {"segment_id": segment_id, "defaults_no": defaults_no, "language": chosen.language}
        await work.connection.execute(insert(segment_language).values(**key, subject=chosen.subject))


async def attachments_of_segment(work: UnitOfWork, segment_id: int) -> Collection[int]:
    """Return the attachments of the segment's languages and edited lines."""
    keys = (
        select(table.c.attachment_id).where(table.c.segment_id == segment_id, table.c.attachment_id.is_not(None))
        for table in (segment_language, segment_line_override)
    )
    return await attachments_of(work, select(union(*keys).subquery().c.attachment_id))


def _checked_texts(values: LanguageValues) -> dict[str, Any]:
    return {
        name: checked_text(value, name, _TEXT_LENGTH)
        for name, value in (("description", values.get("description")), ("subject", values.get("subject")))
        if name in values
    }


async def _language(work: UnitOfWork, held: Row[Any], header: Row[Any], language: str) -> Row[Any]:
    code = required_code(language, "language", LANGUAGE_LENGTH)
    row = (await languages_of(work, header)).get(code)
    if row is None:
        raise language_missing(f"Segment {held.no}", code)
    return row


async def _change_lines(
    work: UnitOfWork, held: Row[Any], header: Row[Any], current: Row[Any], changed: Mapping[str, Any]
) -> None:
    if "subject" in changed:
        await change_subject(work, held, header, language=current.language, old=current.subject, new=changed["subject"])
    if "attachment_id" in changed:
        await change_attachment(
            work, held, header, language=current.language, old=current.attachment_id, new=changed["attachment_id"]
        )


async def _write(work: UnitOfWork, segment_id: int, defaults_no: int, language: str, values: Mapping[str, Any]) -> bool:
    """Write to a language of a row of defaults; return whether it has that language."""
    key = segment_language.c
    result = await work.connection.execute(
        update(segment_language)
        .where(key.segment_id == segment_id, key.defaults_no == defaults_no, key.language == language)
        .values(values)
    )
    return result.rowcount > 0


async def _to_default_language(work: UnitOfWork, held: Row[Any], header: Row[Any], gone: str) -> None:
    """Let the lines of a language that goes away go on in the default one, and earlier rows of defaults as well."""
    default = (await languages_of(work, header)).get(header.language or "")
    attachment_id = None if default is None else default.attachment_id
    row, line, edit = segment_defaults.c, segment_line.c, segment_line_override.c
    if default is not None:
        known = exists().where(
            segment_language.c.segment_id == row.segment_id,
            segment_language.c.defaults_no == row.defaults_no,
            segment_language.c.language == header.language,
        )
        names = ("language", "description", "subject", "attachment_id")
        values = (literal(getattr(default, name), segment_language.c[name].type) for name in names)
        lacking = select(row.segment_id, row.defaults_no, *values).where(row.segment_id == held.id, ~known)
        await work.connection.execute(
            insert(segment_language).from_select(["segment_id", "defaults_no", *names], lacking)
        )
    inherited = exists().where(
        segment_language.c.segment_id == edit.segment_id,
        segment_language.c.language == gone,
        segment_language.c.attachment_id == edit.attachment_id,
    )
    for statement in (
        update(segment_defaults)
        .where(row.segment_id == held.id, row.language == gone)
        .values(language=header.language, subject=header.subject),
        update(segment_line).where(line.segment_id == held.id, line.language == gone).values(language=header.language),
        update(segment_line_override)
        .where(
            edit.segment_id == held.id,
            edit.language == gone,
            edit_is_visible(held),
            or_(edit.attachment_id.is_(None), inherited.correlate(segment_line_override)),
        )
        .values(language=header.language, subject=header.subject, attachment_id=attachment_id),
    ):
        await work.connection.execute(statement)


async def _finish(work: UnitOfWork, held: Row[Any], **values: Any) -> None:
    await touch_segment(work, held.id, **values)
    work.record("segment", held.id, code=held.no, fields=("languages",))
