"""Lines named one by one: put on a segment, taken off it, and edited."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update

from server.errors import TesseraError
from server.operations.campaigns.campaign_flags import flags_lost, require_campaign
from server.operations.contacts.naming_rules import rule_naming
from server.operations.interactions.template_languages import language_missing
from server.operations.references import not_found, template_by_code
from server.operations.segments.new_lines import insert_lines, line_correspondence_type, line_language
from server.operations.segments.revisions import (
    ActionResult,
    OpenAction,
    begin_action,
    finish_action,
    header_of,
    hold_segment,
    touch_segment,
)
from server.operations.segments.segment_languages import languages_of, languages_of_template
from server.operations.segments.segment_values import LineValues, checked_line
from server.operations.setup.attachments import create_attachment, delete_unused_attachments
from server.operations.values import missing, required_code
from server.store.active_addresses import active_address
from server.store.campaign_targets import refresh_targets
from server.store.id_lists import id_places, ids_in
from server.store.segment_lines import LINE_PROBE, LINE_SOURCE, stored_line_values, visible_at, visible_at_head
from server.store.tables import contact, segment_line, segment_line_override
from server.store.unit_of_work import UnitOfWork

_CHUNK = 1_000
"""Contact numbers looked up with one statement."""
_RULE_CHARACTERS = 4_096
RULE_NUMBERS = 1_000
"""Contacts that one rule names at most."""


async def add_lines(
    work: UnitOfWork,
    segment_no: str,
    contact_nos: Sequence[str],
    *,
    allow_existing_contacts: bool = False,
    expected_version: int | None = None,
) -> ActionResult:
    """Add a line for each contact named, in the order given, excluded ones too, as one action.

    A contact that stands on the segment, or was named before, is skipped unless ``allow_existing_contacts``.

    Raises: RefusedError(VALUE_REQUIRED) when no contact is named; NotFoundError for the first number that none has.
    """
    if not contact_nos:
        raise missing("contact_nos")
    action = await begin_action(work, segment_no, expected_version=expected_version)
    named = await _contact_ids(work, contact_nos)
    ids = list(named) if allow_existing_contacts else await _without_standing(work, action, list(dict.fromkeys(named)))
    added, last_line_no = 0, action.last_line_no
    if ids:
        placed = id_places(ids, work.dialect)
        source = contact.join(placed, placed.c.id == contact.c.id)
        added, last_line_no = await insert_lines(work, action, source, (), (placed.c.place,))
    return await finish_action(
        work,
        action,
        "PIN",
        rule=short_rule([no.strip().upper() for no in contact_nos]),
        options={"allow_existing_contacts": allow_existing_contacts},
        lines_added=added,
        last_line_no=last_line_no,
        skipped_count=len(named) - added,
    )


async def remove_lines(
    work: UnitOfWork,
    segment_no: str,
    line_nos: Sequence[int],
    *,
    reset_when_empty: bool = False,
    expected_version: int | None = None,
) -> ActionResult:
    """Remove the lines named by their numbers, as one action.

    Raises: RefusedError(VALUE_REQUIRED) when no line is named; NotFoundError for the first number that no visible
    line has.
    """
    if not line_nos:
        raise missing("line_nos")
    action = await begin_action(work, segment_no, expected_version=expected_version)
    asked = segment_line.c.segment_id == action.segment_id, ids_in(segment_line.c.line_no, line_nos, work.dialect)
    statement = (
        select(segment_line.c.line_no, contact.c.no)
        .join(contact, contact.c.id == segment_line.c.contact_id)
        .where(*asked, visible_at_head())
    )
    found = {row.line_no: row.no for row in await work.connection.execute(statement)}
    for position, line_no in enumerate(line_nos):
        if line_no not in found:
            error = not_found(f"line of segment {action.no} with the number", str(line_no), "line_nos")
            error.path = (*error.path, position)
            raise error
    await work.connection.execute(update(segment_line).where(*asked, visible_at_head()).values(removed=action.revision))
    return await finish_action(
        work,
        action,
        "UNPIN",
        rule=short_rule(list(dict.fromkeys(found[line_no] for line_no in line_nos))),
        options={"reset_when_empty": reset_when_empty},
        lines_removed=len(found),
        reset_when_empty=reset_when_empty,
    )


async def update_line(
    work: UnitOfWork,
    segment_no: str,
    line_no: int,
    values: LineValues,
    *,
    expected_version: int | None = None,
) -> int:
    """Edit one line; from then on it has all its values for itself. Return the segment's key.

    A new template brings its group, cost, duration, flow, flags and correspondence type, its language for the contact
    with what is sent in it, and the campaign of the header, else its own; its description only to a line that has none
    or had another template before. A new language brings its subject and attachment, a new date the alternative address
    that holds on it. Edits are no action: they survive undo and redo. When nothing differs, nothing is written.

    Raises: RefusedError(LANGUAGE_MISSING) for another language than the line has, when neither the segment nor, on a
    line with a template of its own, that template has it.
    """
    held = await hold_segment(work, segment_no, expected_version=expected_version)
    current = await visible_line(work, held, line_no)
    given = await checked_line(work, values, current)
    if "attachment" in given:
        given["attachment_id"] = await create_attachment(work, given.pop("attachment"))
    if "template" in given and given["template"] != current.template:
        given = {**await _from_template(work, held, current, given), **given}
    elif "language" in given and given["language"] != current.language:
        given = {**await _from_language(work, held, current, given["language"]), **given}
    campaign_id = given.get("campaign_id", current.campaign_id)
    require_campaign(values, campaign_id)
    before = _own_values(current)
    edited = {**before, **given, **flags_lost(current.campaign_id, campaign_id)}
    if edited == before:
        return int(held.id)
    key = {"segment_id": held.id, "line_no": line_no}
    if current.own_line_no is None:
        await work.connection.execute(insert(segment_line_override).values(**key, **edited))
    else:
        override = segment_line_override.c
        await work.connection.execute(
            update(segment_line_override)
            .where(override.segment_id == held.id, override.line_no == line_no)
            .values(edited)
        )
    if edited["on"] != current.on:
        line = segment_line.c
        await work.connection.execute(
            update(segment_line)
            .where(line.segment_id == held.id, line.line_no == line_no)
            .values(alternative_address=active_address(line.contact_id, edited["on"]))
        )
    if edited["attachment_id"] != current.attachment_id:
        await delete_unused_attachments(work, [current.attachment_id])
    await touch_segment(work, held.id)
    work.record("segment", held.id, code=held.no, fields=("lines",))
    await refresh_targets(work, {current.campaign_id, campaign_id}, contacts=[current.contact_id])
    return int(held.id)


def rules_naming(contact_nos: Sequence[str]) -> Iterator[str]:
    """Yield rules that together select exactly these contacts, each within the limits of the language."""
    chunk: list[str] = []
    for no in contact_nos:
        if chunk and (len(chunk) == RULE_NUMBERS or len(rule_naming([*chunk, no])) > _RULE_CHARACTERS):
            yield rule_naming(chunk)
            chunk = []
        chunk.append(no)
    if chunk:
        yield rule_naming(chunk)


def short_rule(contact_nos: Sequence[str]) -> str:
    """Return the rule that names the contacts; blank when they are too many for one."""
    if len(contact_nos) > RULE_NUMBERS:
        return ""
    rule = rule_naming(contact_nos)
    return rule if len(rule) <= _RULE_CHARACTERS else ""


def _checked_nos(contact_nos: Sequence[str]) -> Iterator[str]:
    for position, no in enumerate(contact_nos):
        try:
            yield required_code(no, "contact_nos", 20)
        except TesseraError as error:
            error.path = (*error.path, position)
            raise


async def _contact_ids(work: UnitOfWork, contact_nos: Sequence[str]) -> list[int]:
    """Return the keys of the contacts named, in the same order."""
    nos = list(_checked_nos(contact_nos))
    found: dict[str, int] = {}
    for start in range(0, len(nos), _CHUNK):
        statement = select(contact.c.no, contact.c.id).where(contact.c.no.in_(nos[start : start + _CHUNK]))
        found.update({row.no: row.id for row in await work.connection.execute(statement)})
    for position, no in enumerate(nos):
        if no not in found:
            error = not_found("contact", no, "contact_nos")
            error.path = (*error.path, position)
            raise error
    return [found[no] for no in nos]


async def _without_standing(work: UnitOfWork, action: OpenAction, ids: list[int]) -> list[int]:
    """Return those of the contacts that have no visible line on the segment."""
    statement = (
        select(segment_line.c.contact_id)
        .where(
            segment_line.c.segment_id == action.segment_id,
            ids_in(segment_line.c.contact_id, ids, work.dialect),
            visible_at_head(),
        )
        .with_hint(segment_line, LINE_PROBE, "sqlite")
    )
    standing = set(await work.connection.scalars(statement))
    return [id_ for id_ in ids if id_ not in standing]


async def visible_line(work: UnitOfWork, held: Row[Any], line_no: int) -> Row[Any]:
    """Return the values of a visible line, with ``contact_id``, and ``own_line_no`` where it was edited before."""
    statement = (
        select(
            segment_line.c.contact_id,
            segment_line_override.c.line_no.label("own_line_no"),
            *stored_line_values(),
        )
        .select_from(LINE_SOURCE)
        .where(
            segment_line.c.segment_id == held.id,
            segment_line.c.line_no == line_no,
            visible_at(held.revision),
        )
    )
    row = (await work.connection.execute(statement)).one_or_none()
    if row is None:
        raise not_found(f"line of segment {held.no} with the number", str(line_no), "line_no")
    return row


def _own_values(line: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in line._mapping.items() if name in segment_line_override.c}  # noqa: SLF001


async def _languages_for(
    work: UnitOfWork, held: Row[Any], header: Row[Any], template: str | None
) -> tuple[str, Mapping[str, Row[Any]]]:
    """Return what a line with this template is sent in, the segment's languages or the template's own, and whose."""
    if template == header.template:
        return f"Segment {held.no}", await languages_of(work, header)
    owner = "A line without an interaction template" if template is None else f"Interaction template {template}"
    return owner, await languages_of_template(work, template)


def _sent_in(languages: Mapping[str, Row[Any]], language: str | None, of_none: str) -> dict[str, Any]:
    """Return what is sent in a language; without one it is the subject ``of_none`` and no attachment."""
    sent = languages.get(language or "")
    if sent is None:
        return {"subject": of_none, "attachment_id": None}
    return {"subject": sent.subject, "attachment_id": sent.attachment_id}


def _subject_of_none(header: Row[Any], template: str | None) -> str:
    """Return the subject without a language: the header's, where it has none either and the line its template."""
    return header.subject if template == header.template and header.language is None else ""


async def _from_language(work: UnitOfWork, held: Row[Any], line: Row[Any], language: str | None) -> dict[str, Any]:
    """Return what a line takes over from another language of its segment, or of its own template; None: from none.

    An attachment of its own stays; one of the language before does not.
    """
    header = await header_of(work, held)
    owner, languages = await _languages_for(work, held, header, line.template)
    if language is not None and language not in languages:
        raise language_missing(owner, language)
    values = _sent_in(languages, language, _subject_of_none(header, line.template))
    before = languages.get(line.language)
    if line.attachment_id is not None and (before is None or before.attachment_id != line.attachment_id):
        del values["attachment_id"]
    return values


async def _from_template(work: UnitOfWork, held: Row[Any], line: Row[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a line takes over from a template that it did not have before; None: from having none."""
    code = given["template"]
    header = await header_of(work, held)
    template = None if code is None else await template_by_code(work, code)
    owner, languages = await _languages_for(work, held, header, code)
    default = header.language if code == header.template else template and template.language
    of_contact = select(line_correspondence_type(header, template), line_language(list(languages), default)).where(
        contact.c.id == line.contact_id
    )
    correspondence_type, language = (await work.connection.execute(of_contact)).one()
    wanted = given.get("language")
    if wanted is not None and wanted not in languages:
        raise language_missing(owner, wanted)
    values: dict[str, Any] = {
        **_sent_in(languages, given.get("language", language), _subject_of_none(header, code)),
        "correspondence_type": correspondence_type,
        "language": language,
    }
    if template is None:
        return values | {
            "group": None, "cost": 0, "duration": 0, "information_flow": None, "initiated_by": None,
            "campaign_target": False, "campaign_response": False,
        }  # fmt: skip
    return values | {
        "group": template.group,
        "cost": template.unit_cost,
        "duration": template.unit_duration,
        "information_flow": template.information_flow,
        "initiated_by": template.initiated_by,
        "campaign_target": template.campaign_target,
        "campaign_response": template.campaign_response,
        "campaign_id": header.campaign_id if header.campaign_id is not None else template.campaign_id,
        "description": template.description if not line.description or line.template else line.description,
    }
