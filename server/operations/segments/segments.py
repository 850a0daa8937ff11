"""Segments: their headers, and how a change of one reaches the lines."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, delete, insert, update

from server.errors import ErrorCode, InvalidInputError, RefusedError
from server.operations.campaigns.campaign_flags import flags_lost, require_campaign
from server.operations.interactions.template_languages import language_missing
from server.operations.numbering import Series, take_number
from server.operations.references import template_by_code
from server.operations.segments.header_lines import (
    REACHING,
    begin_defaults,
    change_correspondence_type,
    change_language_of_lines,
    change_lines,
    change_subject,
    lines_inherit_attachment,
)
from server.operations.segments.revisions import clear_actions, header_of, hold_segment, touch_segment
from server.operations.segments.segment_languages import (
    ChosenLanguage,
    attachments_of_segment,
    choose_language,
    languages_of,
    languages_of_template,
    replace_languages,
)
from server.operations.segments.segment_values import SegmentValues, checked_header
from server.operations.setup.attachments import delete_unused_attachments
from server.operations.setup.marketing_setup import own_salesperson
from server.store.campaign_targets import activated_of_segment, refresh_targets
from server.store.tables import segment, segment_defaults
from server.store.unit_of_work import UnitOfWork

_FROM_TEMPLATE: Mapping[str, Any] = {
    "group": None,
    "language": None,
    "unit_cost": 0,
    "unit_duration": 0,
    "information_flow": None,
    "initiated_by": None,
    "campaign_target": False,
    "campaign_response": False,
    "correspondence_type": None,
    "ignore_contact_correspondence": False,
}
"""What a header takes over from its template, with the values it has without one."""


_TARGETING = frozenset({"campaign_id", "campaign_target"})
"""What decides whom a line targets."""


async def create_segment(work: UnitOfWork, values: SegmentValues, *, create_language: bool = True) -> int:
    """Create a segment without lines; return its key.

    Its date is the date of new documents, its salesperson the acting user's own unless one is given. It has the
    languages of its template, and its own one besides.

    Raises: RefusedError(LANGUAGE_MISSING) for a language given that the template does not have, unless
    ``create_language``.
    """
    own = await checked_header(work, values)
    brought = await _brought(work, own) if "template" in own else {}
    given = {**brought, **own}
    require_campaign(values, given.get("campaign_id"))
    _require_own_type(own, given, None, brought)
    if "salesperson" not in own:
        given["salesperson"] = await own_salesperson(work)
    template = given.get("template")
    languages = await languages_of_template(work, template)
    owner = f"Interaction template {template}" if template else "A segment without a template"
    chosen = _chosen_language(languages, given, own, owner, create=create_language)
    header = {"on": work.moment.document_date, **given, "subject": chosen.subject}
    no = await take_number(work, Series.SEGMENT, values.get("no"))
    created = await work.connection.execute(
        insert(segment).values(no=no, created_at=work.moment.now, modified_at=work.moment.now)
    )
    (segment_id,) = created.inserted_primary_key or (0,)
    await work.connection.execute(insert(segment_defaults).values(segment_id=segment_id, defaults_no=1, **header))
    await replace_languages(work, segment_id, template, chosen, defaults_no=1)
    work.record("segment", segment_id, code=no)
    return int(segment_id)


async def update_segment(
    work: UnitOfWork,
    no: str,
    values: SegmentValues,
    *,
    update_lines: bool = True,
    create_language: bool = True,
    expected_version: int | None = None,
) -> int:
    """Change the header; return the segment's key.

    With ``update_lines`` the change reaches the lines that have the header's template, also those edited by
    themselves; a change of the template reaches all lines, with everything the header takes over from the template.
    Edits of lines that are not visible now, because they were removed or undone, come back as they were.
    The default language reaches lines only together with a template; how things are sent only if there is an
    attachment to be sent; a subject only the lines in the default language that have the old one.

    Raises: RefusedError LINES_INHERIT_ATTACHMENT for a new template without ``update_lines``, LANGUAGE_MISSING for a
    language that the segment, or its new template, does not have, unless ``create_language``.
    """
    held = await hold_segment(work, no, expected_version=expected_version, field="no")
    header = await header_of(work, held)
    own = await checked_header(work, values, header)
    new_template = "template" in own and own["template"] != header.template
    brought = await _brought(work, own) if new_template else {}
    given = {**brought, **own}
    campaign_id = given.get("campaign_id", header.campaign_id)
    require_campaign(values, campaign_id)
    given |= flags_lost(header.campaign_id, campaign_id)
    _require_own_type(own, given, header, brought)
    campaigns = await activated_of_segment(work, held.id) if _TARGETING & given.keys() else set()
    change = _change_template if new_template else _change_header
    await change(work, held, header, given, own, update_lines=update_lines, create_language=create_language)
    if _TARGETING & given.keys():
        await refresh_targets(work, {*campaigns, campaign_id})
    return int(held.id)


async def delete_segment(work: UnitOfWork, no: str, *, expected_version: int | None = None) -> int:
    """Delete the segment with its lines and actions; return the key it had."""
    held = await hold_segment(work, no, expected_version=expected_version, field="no")
    campaigns = await activated_of_segment(work, held.id)
    await erase_segment(work, held)
    await refresh_targets(work, campaigns)
    return int(held.id)


async def erase_segment(work: UnitOfWork, held: Row[Any]) -> None:
    """Delete everything of a segment that is held, with the attachments that nothing else refers to."""
    attachments = await attachments_of_segment(work, held.id)
    await clear_actions(work, held.id)
    await work.connection.execute(delete(segment_defaults).where(segment_defaults.c.segment_id == held.id))
    await work.connection.execute(delete(segment).where(segment.c.id == held.id))
    await delete_unused_attachments(work, attachments)
    work.record("segment", held.id, code=held.no)


async def _brought(work: UnitOfWork, own: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template given brings to a header, also where it is blank.

    The template's campaign is taken over if it has one; without a template there is no campaign.
    """
    if own["template"] is None:
        return {**_FROM_TEMPLATE, "subject": "", "campaign_id": None}
    template = await template_by_code(work, own["template"])
    brought = {field: getattr(template, field) for field in _FROM_TEMPLATE}
    campaign = {} if template.campaign_id is None else {"campaign_id": template.campaign_id}
    return {**brought, "subject": "", **campaign}


def _require_own_type(
    own: Mapping[str, Any], given: Mapping[str, Any], header: Row[Any] | None, brought: Mapping[str, Any]
) -> None:
    """Refuse a correspondence type that would say nothing, because the contact's own one is not ignored."""
    wanted = own.get("correspondence_type")
    known = brought.get("correspondence_type", header and header.correspondence_type)
    ignored = given.get("ignore_contact_correspondence", header and header.ignore_contact_correspondence)
    if wanted is not None and wanted != known and not ignored:
        msg = "correspondenceType can be set only together with ignoreContactCorrespondence: true."
        raise InvalidInputError(msg, path=("correspondenceType",))


def _chosen_language(
    languages: Mapping[str, Any], given: Mapping[str, Any], own: Mapping[str, Any], owner: str, *, create: bool
) -> ChosenLanguage:
    """Return the default language of a header, with what is sent in it.

    Args:
        languages: those there are, by code.
        given: the header's values, those of its template included.
        own: the values that the caller gave; their language must be there unless ``create``.
        owner: whose languages they are, for the message.
        create: allow a language that is not there.
    """
    code = given.get("language")
    known = languages.get(code or "")
    if code is not None and known is None and "language" in own and not create:
        raise language_missing(owner, code)
    if known is None:
        return ChosenLanguage(code, own.get("subject", ""))
    return ChosenLanguage(code, own.get("subject", known.subject), known.attachment_id)


async def _change_template(
    work: UnitOfWork,
    held: Row[Any],
    header: Row[Any],
    given: dict[str, Any],
    own: Mapping[str, Any],
    *,
    update_lines: bool,
    create_language: bool,
) -> None:
    """Take over a new template, with copies of its languages instead of the segment's."""
    template = given["template"]
    languages = await languages_of_template(work, template)
    chosen = _chosen_language(languages, given, own, f"Interaction template {template}", create=create_language)
    given["subject"] = chosen.subject
    attachments = await attachments_of_segment(work, held.id)
    follow = bool(held.head_revision) and update_lines
    defaults_no = held.defaults_no
    if follow:
        first = chosen if chosen.language or not languages else next(iter(languages.values()))
        reaching = {field: value for field, value in given.items() if field in REACHING}
        await change_lines(work, held, header, reaching, new_template=True)
        await change_correspondence_type(work, held, header, given["correspondence_type"], new_template=True)
        await change_language_of_lines(work, held, first)
    elif held.head_revision:
        if await lines_inherit_attachment(work, held):
            msg = (
                f"Lines of segment {held.no} have the attachment of the present template's language, which would be "
                "gone; set updateLines, or give these lines attachments of their own."
            )
            raise RefusedError(ErrorCode.LINES_INHERIT_ATTACHMENT, msg, path=("updateLines",))
        defaults_no = await begin_defaults(work, header)
    await _write_header(work, held, header, defaults_no, given)
    await replace_languages(work, held.id, template, chosen, defaults_no=None if follow else defaults_no)
    await delete_unused_attachments(work, attachments)


async def _change_header(
    work: UnitOfWork,
    held: Row[Any],
    header: Row[Any],
    given: dict[str, Any],
    own: Mapping[str, Any],
    *,
    update_lines: bool,
    create_language: bool,
) -> None:
    """Change a header that keeps its template; a new default language brings its subject."""
    chosen = None
    if given.get("language", header.language) != header.language:
        languages = await languages_of(work, header)
        chosen = _chosen_language(languages, given, own, f"Segment {held.no}", create=create_language)
        if chosen.language is None and "subject" not in own:
            chosen = ChosenLanguage(None, header.subject)
        given["subject"] = chosen.subject
    changed = {field: value for field, value in given.items() if value != getattr(header, field)}
    if not changed:
        return
    defaults_no = held.defaults_no
    if held.head_revision:
        if update_lines:
            await _reach_lines(work, held, header, changed, chosen)
        if chosen is not None or (not update_lines and changed.keys() & {*REACHING, "subject"}):
            defaults_no = await begin_defaults(work, header)
    await _write_header(work, held, header, defaults_no, changed)
    if chosen is not None or "subject" in changed:
        chosen = chosen or ChosenLanguage(header.language, changed["subject"])
        await choose_language(work, held.id, defaults_no, chosen)


async def _reach_lines(
    work: UnitOfWork,
    held: Row[Any],
    header: Row[Any],
    changed: Mapping[str, Any],
    chosen: ChosenLanguage | None,
) -> None:
    """Let the lines with the header's template follow; a new default language is not for them, nor is its subject."""
    reaching = {field: value for field, value in changed.items() if field in REACHING}
    await change_lines(work, held, header, reaching, new_template=False)
    if chosen is None and "subject" in changed:
        await change_subject(work, held, header, language=header.language, old=header.subject, new=changed["subject"])
    if changed.get("correspondence_type") is not None:
        default = chosen or (await languages_of(work, header)).get(header.language or "")
        if default is not None and default.attachment_id is not None:
            await change_correspondence_type(work, held, header, changed["correspondence_type"], new_template=False)


async def _write_header(
    work: UnitOfWork, held: Row[Any], header: Row[Any], defaults_no: int, values: Mapping[str, Any]
) -> None:
    """Write the header's values to a row of defaults, which is its own from now on."""
    row = segment_defaults.c
    await work.connection.execute(
        update(segment_defaults).where(row.segment_id == held.id, row.defaults_no == defaults_no).values(values)
    )
    await touch_segment(work, held.id, defaults_no=defaults_no)
    changed = [field for field, value in values.items() if value != getattr(header, field)]
    work.record("segment", held.id, code=held.no, fields=changed)
