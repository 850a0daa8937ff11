"""Mutations of what contacts are described with: salespeople, mailing groups and custom attributes."""

from typing import Annotated, cast

import strawberry

from server.operations.contacts.attributes import create_attribute, value_from_text
from server.operations.setup.codes import SalespersonValues, create_mailing_group, create_salesperson
from server.schema.changed import AttributePayload, MailingGroupPayload, SalespersonPayload
from server.schema.context import Info
from server.schema.enums import AttributeType
from server.schema.inputs import optional
from server.schema.payloads import given_values, mutation


@strawberry.input(description="A new salesperson.")
class CreateSalespersonInput:
    """A new salesperson."""

    code: str = strawberry.field(description="Code, at most 20 characters; unique, stored in upper case.")
    name: str | None = optional("Name, at most 50 characters.")
    email: str | None = optional("E-mail addresses separated by semicolons, at most 80 characters together.")
    phone: str | None = optional("Phone number, at most 30 characters, no letters.")
    job_title: str | None = optional("Job title, at most 30 characters.")
    blocked: bool | None = optional("Whether nothing can be assigned to them. Default: false.")
    privacy_blocked: bool | None = optional(
        "Whether their data must not be used; then nothing can be assigned to them either. Default: false."
    )


@strawberry.input(description="A new mailing group.")
class CreateMailingGroupInput:
    """A new mailing group."""

    code: str = strawberry.field(description="Code, at most 20 characters; unique, stored in upper case.")
    description: str | None = strawberry.field(default=None, description="What it is, at most 100 characters.")


@strawberry.input(description="A new custom attribute of contacts.")
class CreateAttributeInput:
    """A new custom attribute."""

    name: str = strawberry.field(
        description=(
            "Name, at most 30 characters: lower-case letters, digits and underscores after a letter, and no word of "
            "the rule language. A rule names it attributes.NAME."
        )
    )
    type: AttributeType = strawberry.field(description="What it holds.")
    default_value: str | None = strawberry.field(
        default=None,
        description=(
            "What contacts without a value of their own have, as text of the type: at most 250 characters, a plain "
            "number such as 12.5, true or false, 2026-03-01, or 2026-03-01T12:30:00Z. Null: they have none."
        ),
    )
    description: str | None = strawberry.field(default=None, description="What it means, at most 250 characters.")


@strawberry.type(description="The answer of createSalesperson.")
class CreateSalespersonPayload(SalespersonPayload):
    """The new salesperson, or why there is none."""


@strawberry.type(description="The answer of createMailingGroup.")
class CreateMailingGroupPayload(MailingGroupPayload):
    """The new mailing group, or why there is none."""


@strawberry.type(description="The answer of createAttribute.")
class CreateAttributePayload(AttributePayload):
    """The new custom attribute, or why there is none."""


@strawberry.type
class CodeMutations:
    """What can be done with codes and custom attributes."""

    @mutation("Create a salesperson.")
    async def create_salesperson(
        self,
        info: Info,
        input: Annotated[CreateSalespersonInput, strawberry.argument(description="The salesperson.")],  # noqa: A002
    ) -> CreateSalespersonPayload:
        """Create a salesperson."""
        values = cast("SalespersonValues", given_values(input))
        async with info.context.write("createSalesperson") as work:
            key = await create_salesperson(work, values)
        return CreateSalespersonPayload(salesperson_key=key)

    @mutation("Create a mailing group.")
    async def create_mailing_group(
        self,
        info: Info,
        input: Annotated[CreateMailingGroupInput, strawberry.argument(description="The mailing group.")],  # noqa: A002
    ) -> CreateMailingGroupPayload:
        """Create a mailing group."""
        async with info.context.write("createMailingGroup") as work:
            key = await create_mailing_group(work, input.code, input.description)
        return CreateMailingGroupPayload(mailing_group_key=key)

    @mutation("Create a custom attribute, which every contact then has.")
    async def create_attribute(
        self,
        info: Info,
        input: Annotated[CreateAttributeInput, strawberry.argument(description="The attribute.")],  # noqa: A002
    ) -> CreateAttributePayload:
        """Create a custom attribute."""
        text, kind = input.default_value, input.type.value
        default = None if text is None else value_from_text(kind, text, "defaultValue")
        async with info.context.write("createAttribute") as work:
            key = await create_attribute(work, input.name, kind, default=default, description=input.description)
        return CreateAttributePayload(attribute_key=key)
