"""The languages of interaction templates as people see them."""

from typing import Any

from sqlalchemy import ColumnElement

from server.reading.relations import Relation, text_key
from server.store.tables import template_language

_language = template_language.c
TEMPLATE_LANGUAGES = Relation(
    name="template_language",
    source=template_language,
    key=text_key("key", _language.language, unique=True),
    columns={
        "language": _language.language,
        "description": _language.description,
        "subject": _language.subject,
        "attachment_key": _language.attachment_id,
    },
)


def languages_of(template_code: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition of the languages of a template."""
    return _language.template == template_code
