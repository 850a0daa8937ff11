"""Mutations of interaction groups, and of interaction templates with their languages."""

from decimal import Decimal
from typing import Annotated, cast

import strawberry

from server.operations.interactions.interaction_groups import INTERACTION_GROUPS
from server.operations.interactions.interaction_templates import (
    InteractionTemplateValues,
    create_interaction_template,
    delete_interaction_template,
    update_interaction_template,
)
from server.operations.interactions.template_languages import (
    TemplateLanguageValues,
    create_template_language,
    delete_template_language,
    update_template_language,
)
from server.operations.setup.codes import CodeChanges, create_code, delete_code, update_code
from server.schema.attachments import AttachmentInput
from server.schema.changed import InteractionTemplatePayload
from server.schema.code_inputs import ChangedCode, NewCode, WhichCode
from server.schema.code_payloads import DeletedCodePayload
from server.schema.codes import InteractionGroup
from server.schema.context import Info
from server.schema.enums import CorrespondenceType, InformationFlow, InitiatedBy
from server.schema.fields import computed
from server.schema.inputs import Guarded, optional
from server.schema.nodes import global_id
from server.schema.payloads import Payload, given_values, mutation
from server.schema.records import load


@strawberry.input(description="A new interaction group.")
class CreateInteractionGroupInput(NewCode):
    """A new interaction group."""


@strawberry.input(description="Changes of an interaction group.")
class UpdateInteractionGroupInput(ChangedCode):
    """Changes of an interaction group."""


@strawberry.input(description="Which interaction group to delete.")
class DeleteInteractionGroupInput(WhichCode):
    """What to delete."""


@strawberry.input
class InteractionTemplateFields:
    """The values of an interaction template that both mutations take."""

    description: str | None = optional("What the interaction is, at most 100 characters.")
    group: str | None = optional("Code of its interaction group, at most 20 characters.")
    unit_cost: Decimal | None = optional("Cost of one interaction, not negative. Default of a new one, and null: 0.")
    unit_duration: Decimal | None = optional(
        "Minutes that one interaction takes, not negative, at most 2 decimal places. Default of a new one, and null: 0."
    )
    information_flow: InformationFlow | None = optional("Which way the information goes.")
    initiated_by: InitiatedBy | None = optional("Who begins.")
    campaign_no: str | None = optional("Number of the campaign to which such interactions belong.")
    campaign_target: bool | None = optional(
        "Whether they count as reaching the campaign's target. Default of a new one, and null: false."
    )
    campaign_response: bool | None = optional(
        "Whether they are responses to the campaign. Default of a new one, and null: false."
    )
    correspondence_type: CorrespondenceType | None = optional(
        "How they are sent when the contact has no preference; null: not at all. Default of a new one: EMAIL."
    )
    ignore_contact_correspondence: bool | None = optional(
        "Whether the contact's preference for correspondence does not count. Default of a new one, and null: false."
    )
    language: str | None = optional(
        "Code of the default language, at most 10 characters: for contacts whose own language the template does not "
        "have; null: none."
    )
    create_language: bool = strawberry.field(
        default=True,
        description="Create the default language if the template does not have it; false refuses it. Default: true.",
    )


@strawberry.input(description="A new interaction template. Fields left out get their default; null means blank.")
class CreateInteractionTemplateInput(InteractionTemplateFields):
    """A new interaction template."""

    code: str = strawberry.field(description="Code, at most 20 characters; unique, stored in upper case.")


@strawberry.input(
    description=(
        "Changes of an interaction template. Fields left out stay as they are; null means blank. Segments and "
        "interactions keep what they have from it."
    )
)
class UpdateInteractionTemplateInput(InteractionTemplateFields, Guarded):
    """Changes of an interaction template."""

    code: str = strawberry.field(description="The code, at most 20 characters; case does not matter.")
    new_code: str | None = optional(
        "Another code, at most 20 characters, not blank. Whatever refers to it follows, except rules, which are texts. "
        "Default: unchanged."
    )


@strawberry.input(description="Which interaction template to delete.")
class DeleteInteractionTemplateInput(WhichCode, Guarded):
    """What to delete."""


@strawberry.input
class WhichTemplateLanguage:
    """A language of an interaction template."""

    template: str = strawberry.field(description="Code of the interaction template, at most 20 characters.")
    language: str = strawberry.field(description="Code of the language, at most 10 characters; not blank.")


@strawberry.input
class TemplateLanguageFields(WhichTemplateLanguage):
    """What is sent in a language."""

    description: str | None = optional(
        "What is sent, at most 100 characters; null: blank. Default of a new one: the template's."
    )
    subject: str | None = optional(
        "Subject of what is sent, at most 100 characters. Blank, the default of a new one: the interaction's "
        "description."
    )
    attachment: AttachmentInput | None = optional(
        "What is sent; null, the default of a new one: nothing. Interactions keep the one they were logged with."
    )


@strawberry.input(description="A language that an interaction template is to have; not that of phone calls.")
class CreateInteractionTemplateLanguageInput(TemplateLanguageFields):
    """A new language."""


@strawberry.input(description="Changes of what is sent in a language. Fields left out stay as they are.")
class UpdateInteractionTemplateLanguageInput(TemplateLanguageFields):
    """Changes of a language."""


@strawberry.input(description="Which language to take from an interaction template; not its default language.")
class DeleteInteractionTemplateLanguageInput(WhichTemplateLanguage):
    """What to delete."""


@strawberry.type
class InteractionGroupPayload(Payload):
    """Shows an interaction group."""

    interaction_group_key: strawberry.Private[str | None] = None

    @computed("The interaction group after the change; null when the mutation was refused.")
    async def interaction_group(self, info: Info) -> InteractionGroup | None:
        """Return the interaction group."""
        return await load(info, InteractionGroup, self.interaction_group_key)


@strawberry.type(description="The answer of createInteractionGroup.")
class CreateInteractionGroupPayload(InteractionGroupPayload):
    """The new interaction group, or why there is none."""


@strawberry.type(description="The answer of updateInteractionGroup.")
class UpdateInteractionGroupPayload(InteractionGroupPayload):
    """The changed interaction group, or why it is not changed."""


@strawberry.type(description="The answer of deleteInteractionGroup.")
class DeleteInteractionGroupPayload(DeletedCodePayload):
    """The deleted interaction group, or why it is not deleted."""


@strawberry.type(description="The answer of createInteractionTemplate.")
class CreateInteractionTemplatePayload(InteractionTemplatePayload):
    """The new interaction template, or why there is none."""


@strawberry.type(description="The answer of updateInteractionTemplate.")
class UpdateInteractionTemplatePayload(InteractionTemplatePayload):
    """The changed interaction template, or why it is not changed."""


@strawberry.type(description="The answer of deleteInteractionTemplate.")
class DeleteInteractionTemplatePayload(DeletedCodePayload):
    """The deleted interaction template, or why it is not deleted."""


@strawberry.type(description="The answer of createInteractionTemplateLanguage.")
class CreateInteractionTemplateLanguagePayload(InteractionTemplatePayload):
    """The template with its new language, or why there is none."""


@strawberry.type(description="The answer of updateInteractionTemplateLanguage.")
class UpdateInteractionTemplateLanguagePayload(InteractionTemplatePayload):
    """The template with the changed language, or why it is not changed."""


@strawberry.type(description="The answer of deleteInteractionTemplateLanguage.")
class DeleteInteractionTemplateLanguagePayload(InteractionTemplatePayload):
    """The template without the language, or why it still has it."""


@strawberry.type
class InteractionTemplateMutations:
    """What can be done with interaction groups and templates."""

    @mutation("Create an interaction group.")
    async def create_interaction_group(
        self,
        info: Info,
        input: Annotated[CreateInteractionGroupInput, strawberry.argument(description="What to create.")],  # noqa: A002
    ) -> CreateInteractionGroupPayload:
        """Create an interaction group."""
        async with info.context.write("createInteractionGroup") as work:
            key = await create_code(work, INTERACTION_GROUPS, input.code, input.description)
        return CreateInteractionGroupPayload(interaction_group_key=key)

    @mutation("Rename an interaction group, or say anew what it means.")
    async def update_interaction_group(
        self,
        info: Info,
        input: Annotated[UpdateInteractionGroupInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateInteractionGroupPayload:
        """Change an interaction group."""
        changes = cast("CodeChanges", given_values(input, without=("code",)))
        async with info.context.write("updateInteractionGroup") as work:
            key = await update_code(work, INTERACTION_GROUPS, input.code, changes)
        return UpdateInteractionGroupPayload(interaction_group_key=key)

    @mutation("Delete an interaction group that no template, segment or interaction has.")
    async def delete_interaction_group(
        self,
        info: Info,
        input: Annotated[DeleteInteractionGroupInput, strawberry.argument(description="Which one.")],  # noqa: A002
    ) -> DeleteInteractionGroupPayload:
        """Delete an interaction group."""
        async with info.context.write("deleteInteractionGroup") as work:
            key = await delete_code(work, INTERACTION_GROUPS, input.code)
        return DeleteInteractionGroupPayload(deleted_id=global_id("InteractionGroup", key), deleted_code=key)

    @mutation("Create an interaction template.")
    async def create_interaction_template(
        self,
        info: Info,
        input: Annotated[CreateInteractionTemplateInput, strawberry.argument(description="What to create.")],  # noqa: A002
    ) -> CreateInteractionTemplatePayload:
        """Create an interaction template."""
        values = cast("InteractionTemplateValues", given_values(input, without=("create_language",)))
        async with info.context.write("createInteractionTemplate") as work:
            key = await create_interaction_template(work, values, create_language=input.create_language)
        return CreateInteractionTemplatePayload(interaction_template_key=key)

    @mutation("Change an interaction template.")
    async def update_interaction_template(
        self,
        info: Info,
        input: Annotated[UpdateInteractionTemplateInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateInteractionTemplatePayload:
        """Change an interaction template."""
        without = ("code", "create_language", "expected_version")
        values = cast("InteractionTemplateValues", given_values(input, without=without))
        async with info.context.write("updateInteractionTemplate") as work:
            key = await update_interaction_template(
                work,
                input.code,
                values,
                create_language=input.create_language,
                expected_version=input.expected_version,
            )
        return UpdateInteractionTemplatePayload(interaction_template_key=key)

    @mutation("Delete an interaction template that no segment or interaction has, with its languages.")
    async def delete_interaction_template(
        self,
        info: Info,
        input: Annotated[DeleteInteractionTemplateInput, strawberry.argument(description="Which one.")],  # noqa: A002
    ) -> DeleteInteractionTemplatePayload:
        """Delete an interaction template."""
        async with info.context.write("deleteInteractionTemplate") as work:
            key = await delete_interaction_template(work, input.code, expected_version=input.expected_version)
        return DeleteInteractionTemplatePayload(deleted_id=global_id("InteractionTemplate", key), deleted_code=key)

    @mutation("Give an interaction template another language.")
    async def create_interaction_template_language(
        self,
        info: Info,
        input: Annotated[  # noqa: A002
            CreateInteractionTemplateLanguageInput, strawberry.argument(description="What to create.")
        ],
    ) -> CreateInteractionTemplateLanguagePayload:
        """Create a language."""
        values = cast("TemplateLanguageValues", given_values(input, without=("template", "language")))
        async with info.context.write("createInteractionTemplateLanguage") as work:
            key = await create_template_language(work, input.template, input.language, values)
        return CreateInteractionTemplateLanguagePayload(interaction_template_key=key)

    @mutation("Change what an interaction template sends in a language.")
    async def update_interaction_template_language(
        self,
        info: Info,
        input: Annotated[  # noqa: A002
            UpdateInteractionTemplateLanguageInput, strawberry.argument(description="The changes.")
        ],
    ) -> UpdateInteractionTemplateLanguagePayload:
        """Change a language."""
        values = cast("TemplateLanguageValues", given_values(input, without=("template", "language")))
        async with info.context.write("updateInteractionTemplateLanguage") as work:
            key = await update_template_language(work, input.template, input.language, values)
        return UpdateInteractionTemplateLanguagePayload(interaction_template_key=key)

    @mutation("Take a language from an interaction template, with its attachment if nothing else has it.")
    async def delete_interaction_template_language(
        self,
        info: Info,
        input: Annotated[  # noqa: A002
            DeleteInteractionTemplateLanguageInput, strawberry.argument(description="Which one.")
        ],
    ) -> DeleteInteractionTemplateLanguagePayload:
        """Delete a language."""
        async with info.context.write("deleteInteractionTemplateLanguage") as work:
            key = await delete_template_language(work, input.template, input.language)
        return DeleteInteractionTemplateLanguagePayload(interaction_template_key=key)
