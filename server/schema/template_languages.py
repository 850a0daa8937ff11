"""What interactions of a template send, language by language, and what they came to."""

from typing import ClassVar

import strawberry

from server.reading.relations import Relation
from server.reading.template_languages import TEMPLATE_LANGUAGES, languages_of
from server.schema.attachments import Attachment
from server.schema.interaction_figures import InteractionStatistics, statistics_field
from server.schema.pagination import Connection
from server.schema.records import Record
from server.schema.referring import children, reference
from server.store.tables import interaction_log_entry


@strawberry.type(description="What interactions of a template send to contacts who speak a language.")
class InteractionTemplateLanguage(Record):
    """A language of a template."""

    relation: ClassVar[Relation] = TEMPLATE_LANGUAGES

    language: str = strawberry.field(description="Code of the language, at most 10 characters.")
    description: str = strawberry.field(description="What is sent, at most 100 characters; may be blank.")
    subject: str = strawberry.field(
        description="Subject of what is sent, at most 100 characters; blank: the interaction's description."
    )
    attachment: Attachment | None = reference(lambda: Attachment, "attachment_key", "What is sent; null for nothing.")


@strawberry.type
class TemplateSending:
    """Languages and sums of a template."""

    attachment: Attachment | None = reference(
        lambda: Attachment, "attachment_key", "What is sent in the default language; null for nothing."
    )
    languages: Connection[InteractionTemplateLanguage] = children(
        lambda: InteractionTemplateLanguage, languages_of, "What is sent in each language, by its code."
    )
    statistics: InteractionStatistics = statistics_field(interaction_log_entry.c.template, "What its interactions were")
