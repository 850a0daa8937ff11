"""Mutations of the custom attributes of contacts."""

from typing import Annotated

import strawberry

from server.operations.contacts.attributes import create_attribute, value_from_text
from server.schema.changed import AttributePayload
from server.schema.context import Info
from server.schema.enums import AttributeType
from server.schema.payloads import mutation


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


@strawberry.type(description="The answer of createAttribute.")
class CreateAttributePayload(AttributePayload):
    """The new custom attribute, or why there is none."""


@strawberry.type
class AttributeMutations:
    """What can be done with custom attributes."""

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
