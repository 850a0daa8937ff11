"""The languages of interaction templates: what is sent to a contact who speaks one."""

from typing import Any, TypedDict

from sqlalchemy import Row, delete, insert, select, update

from server.errors import AlreadyExistsError, ErrorCode, RefusedError
from server.operations.references import not_found
from server.operations.setup.attachments import AttachmentValues, create_attachment, delete_unused_attachments
from server.operations.setup.codes import CodeTable, locked_code
from server.operations.values import checked_text, required_code
from server.store.tables import interaction_template, marketing_setup, template_language
from server.store.unit_of_work import UnitOfWork

LANGUAGE_LENGTH = 10
TEXT_LENGTH = 100
INTERACTION_TEMPLATES = CodeTable("interaction template", interaction_template)


class TemplateLanguageValues(TypedDict, total=False):
    """What a template sends in one language; absent: default or unchanged, None and ``''``: blank.

    The default description is the template's.
    """

    description: str | None
    subject: str | None
    attachment: AttachmentValues | None


def language_missing(owner: str, language: str) -> RefusedError:
    """Return the error for a language that ``owner``, such as a template with its code, does not have."""
    msg = f"{owner} has no language {language}."
    return RefusedError(ErrorCode.LANGUAGE_MISSING, msg, path=("language",))


async def create_template_language(
    work: UnitOfWork, template: str, language: str, values: TemplateLanguageValues
) -> str:
    """Give a template another language and return the template's code.

    Raises: NotFoundError; AlreadyExistsError; InvalidInputError; RefusedError VALUE_REQUIRED, and
    LANGUAGES_NOT_ALLOWED for the template of phone calls.
    """
    held = await hold_template(work, template)
    code = required_code(language, "language", LANGUAGE_LENGTH)
    if await _language(work, held.code, code) is not None:
        msg = f"Interaction template {held.code} has the language {code} already."
        raise AlreadyExistsError(msg, path=("language",))
    await _insert(work, held, code, values)
    await _stamp(work, held)
    return str(held.code)


async def update_template_language(
    work: UnitOfWork, template: str, language: str, values: TemplateLanguageValues
) -> str:
    """Change what a template sends in one language and return the template's code.

    Interactions keep the attachment that they were logged with.

    Raises: NotFoundError; InvalidInputError; RefusedError(VALUE_REQUIRED).
    """
    held = await hold_template(work, template)
    current = await _required(work, held.code, language)
    changes = _texts(values)
    if "attachment" in values:
        changes["attachment_id"] = await create_attachment(work, values["attachment"])
    before = current._asdict()
    changes = {field: value for field, value in changes.items() if value != before[field]}
    if not changes:
        return str(held.code)
    of_language = template_language.c.template == held.code, template_language.c.language == current.language
    await work.connection.execute(update(template_language).where(*of_language).values(changes))
    if "attachment_id" in changes:
        await delete_unused_attachments(work, [current.attachment_id])
    await _stamp(work, held)
    return str(held.code)


async def delete_template_language(work: UnitOfWork, template: str, language: str) -> str:
    """Take a language from a template, with its attachment if nothing else has it; return the template's code.

    Raises: NotFoundError; RefusedError(IN_USE) for the template's default language.
    """
    held = await hold_template(work, template)
    current = await _required(work, held.code, language)
    if held.language == current.language:
        msg = (
            f"{current.language} is the default language of interaction template {held.code}; "
            "give it another one, or none, first."
        )
        raise RefusedError(ErrorCode.IN_USE, msg, path=("language",))
    of_language = template_language.c.template == held.code, template_language.c.language == current.language
    await work.connection.execute(delete(template_language).where(*of_language))
    await delete_unused_attachments(work, [current.attachment_id])
    await _stamp(work, held)
    return str(held.code)


async def require_default_language(work: UnitOfWork, held: Row[Any], language: str, *, create: bool) -> None:
    """See that a held template has the language that is to be its default.

    Raises: RefusedError LANGUAGE_MISSING when it has not and none is to be created, LANGUAGES_NOT_ALLOWED.
    """
    if await _language(work, held.code, language) is not None:
        return
    if not create:
        msg = (
            f"Interaction template {held.code} has no language {language}. Create it first, or let it be created with "
            "createLanguage."
        )
        raise RefusedError(ErrorCode.LANGUAGE_MISSING, msg, path=("language",))
    await _insert(work, held, language, {})


async def hold_template(work: UnitOfWork, code: str | None, field: str = "template") -> Row[Any]:
    """Return the template's row, locked until the end of the unit of work.

    Raises: NotFoundError; RefusedError(VALUE_REQUIRED) for a blank code.
    """
    return await locked_code(work, INTERACTION_TEMPLATES, code, field)


async def _insert(work: UnitOfWork, held: Row[Any], language: str, values: TemplateLanguageValues) -> None:
    """Write a language of a template, which is held: so it does not become that of phone calls meanwhile."""
    if await work.connection.scalar(select(marketing_setup.c.phone_call_template)) == held.code:
        msg = f"Interaction template {held.code} is used for phone calls, which have no languages."
        raise RefusedError(ErrorCode.LANGUAGES_NOT_ALLOWED, msg, path=("language",))
    row = {"description": held.description, **_texts(values), "template": held.code, "language": language}
    row["attachment_id"] = await create_attachment(work, values.get("attachment"))
    await work.connection.execute(insert(template_language).values(row))
    work.record("template_language", code=held.code)


async def _language(work: UnitOfWork, template: str, language: str) -> Row[Any] | None:
    statement = select(template_language).where(
        template_language.c.template == template, template_language.c.language == language
    )
    return (await work.connection.execute(statement)).one_or_none()


async def _required(work: UnitOfWork, template: str, language: str) -> Row[Any]:
    """Return the row of a language of a held template."""
    code = required_code(language, "language", LANGUAGE_LENGTH)
    row = await _language(work, template, code)
    if row is None:
        raise not_found(f"language of interaction template {template},", code, "language")
    return row


def _texts(values: TemplateLanguageValues) -> dict[str, Any]:
    """Return the given texts as they are stored."""
    return {
        field: checked_text(values[field], field, TEXT_LENGTH)
        for field in ("description", "subject")
        if field in values
    }


async def _stamp(work: UnitOfWork, held: Row[Any]) -> None:
    """Make a new version of the template."""
    by_code = interaction_template.c.code == held.code
    await work.connection.execute(update(interaction_template).where(by_code).values(version=held.version + 1))
    work.record("interaction_template", code=held.code, fields=("languages",))
