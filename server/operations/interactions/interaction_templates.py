"""Create, change and delete interaction templates."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypedDict

from sqlalchemy import delete, insert, select, update

from server.operations.contacts.contact_values import CORRESPONDENCE_TYPES
from server.operations.interactions.template_languages import (
    INTERACTION_TEMPLATES,
    LANGUAGE_LENGTH,
    hold_template,
    require_default_language,
)
from server.operations.numbering import NO_LENGTH
from server.operations.references import campaign_id, require_code
from server.operations.setup.attachments import attachments_of, delete_unused_attachments
from server.operations.setup.code_references import require_unused
from server.operations.setup.codes import CODE_LENGTH, renamed, require_free
from server.operations.values import (
    checked_amount,
    checked_choice,
    checked_code,
    checked_flag,
    checked_text,
    required_code,
)
from server.operations.versions import require_version
from server.store.tables import interaction_group, interaction_template, template_language
from server.store.types import MINUTES_SCALE, MONEY_SCALE
from server.store.unit_of_work import UnitOfWork

INFORMATION_FLOWS = frozenset({"OUTBOUND", "INBOUND"})
INITIATORS = frozenset({"US", "THEM"})


class InteractionTemplateValues(TypedDict, total=False):
    """The values of an interaction template; absent: default or unchanged, None and ``''``: blank.

    ``code`` only on creation, ``new_code`` only on a change. ``unit_cost`` is an amount with 4 places,
    ``unit_duration`` minutes with 2.
    """

    code: str
    new_code: str | None
    description: str | None
    group: str | None
    unit_cost: Decimal | None
    unit_duration: Decimal | None
    information_flow: str | None
    initiated_by: str | None
    campaign_no: str | None
    campaign_target: bool | None
    campaign_response: bool | None
    correspondence_type: str | None
    ignore_contact_correspondence: bool | None
    language: str | None


_CHECKS: Mapping[str, Callable[[Any, str], Any]] = {
    "description": lambda value, field: checked_text(value, field, 100),
    "group": lambda value, field: checked_code(value, field, CODE_LENGTH),
    "unit_cost": lambda value, field: checked_amount(value, field, MONEY_SCALE),
    "unit_duration": lambda value, field: checked_amount(value, field, MINUTES_SCALE),
    "information_flow": lambda value, field: checked_choice(value, field, INFORMATION_FLOWS),
    "initiated_by": lambda value, field: checked_choice(value, field, INITIATORS),
    "campaign_target": checked_flag,
    "campaign_response": checked_flag,
    "correspondence_type": lambda value, field: checked_choice(value, field, CORRESPONDENCE_TYPES),
    "ignore_contact_correspondence": checked_flag,
    "language": lambda value, field: checked_code(value, field, LANGUAGE_LENGTH),
}


async def create_interaction_template(
    work: UnitOfWork, values: InteractionTemplateValues, *, create_language: bool = True
) -> str:
    """Create an interaction template and return its code; its correspondence type is EMAIL unless given.

    Its default language is created with it, when there is one.

    Raises: InvalidInputError; AlreadyExistsError; NotFoundError for an unknown group or campaign;
    RefusedError VALUE_REQUIRED for a blank code, LANGUAGE_MISSING for a default language without ``create_language``.
    """
    code = required_code(values.get("code"), "code", CODE_LENGTH)
    row = await _checked(work, {"correspondence_type": "EMAIL", **values})
    await require_free(work, INTERACTION_TEMPLATES, code)
    language = row.pop("language", None)
    await work.connection.execute(insert(interaction_template).values(**row, code=code))
    work.record("interaction_template", code=code)
    if language is not None:
        held = await hold_template(work, code, "code")
        await require_default_language(work, held, language, create=create_language)
        by_code = interaction_template.c.code == code
        await work.connection.execute(update(interaction_template).where(by_code).values(language=language))
    return code


async def update_interaction_template(
    work: UnitOfWork,
    code: str,
    values: InteractionTemplateValues,
    *,
    create_language: bool = True,
    expected_version: int | None = None,
) -> str:
    """Change the given values of a template and return its code; when nothing differs, nothing is written.

    Segments and interactions keep what they have from it; a new code they follow.

    Raises: what ``create_interaction_template`` raises; ConflictError.
    """
    current = await hold_template(work, code, "code")
    require_version(current.version, expected_version)
    given = await _checked(work, values)
    if "language" in given and given["language"] not in {None, current.language}:
        await require_default_language(work, current, given["language"], create=create_language)
    before = current._asdict()
    changes = {field: value for field, value in given.items() if value != before[field]}
    renaming = "new_code" in values and required_code(values["new_code"], "new_code", CODE_LENGTH) != current.code
    if not changes and not renaming:
        return str(current.code)
    await work.connection.execute(
        update(interaction_template)
        .where(interaction_template.c.code == current.code)
        .values(**changes, version=current.version + 1)
    )
    if changes:
        work.record("interaction_template", code=current.code, fields=list(changes))
    if not renaming:
        return str(current.code)
    return await renamed(work, INTERACTION_TEMPLATES, current.code, values["new_code"])


async def delete_interaction_template(work: UnitOfWork, code: str, *, expected_version: int | None = None) -> str:
    """Delete a template that nothing refers to, with its languages and their attachments; return its code.

    Raises: NotFoundError; ConflictError; RefusedError(IN_USE).
    """
    current = await hold_template(work, code, "code")
    require_version(current.version, expected_version)
    key: str = current.code
    await require_unused(work, interaction_template.c.code, key, INTERACTION_TEMPLATES.kind)
    of_template = template_language.c.template == key
    attachments = await attachments_of(work, select(template_language.c.attachment_id).where(of_template))
    await work.connection.execute(delete(interaction_template).where(interaction_template.c.code == key))
    work.record("interaction_template", code=key)
    await delete_unused_attachments(work, attachments)
    return key


async def _checked(work: UnitOfWork, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given columns as they are stored, without the code; what they refer to exists."""
    row = {field: check(values[field], field) for field, check in _CHECKS.items() if field in values}
    await require_code(work, interaction_group, row.get("group"), "interaction group", "group")
    if "campaign_no" in values:
        row["campaign_id"] = await campaign_id(work, checked_code(values["campaign_no"], "campaign_no", NO_LENGTH))
    return row
