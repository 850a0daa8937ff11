"""Mutations of contacts."""

from typing import Annotated

import strawberry

from server.operations.contacts.business_relations import link_contact, unlink_contact
from server.operations.contacts.contacts import create_contact, delete_contact, update_contact
from server.schema.changed import ContactPayload
from server.schema.contact_inputs import (
    CreateContactInput,
    DeleteContactInput,
    LinkContactInput,
    UnlinkContactInput,
    UpdateContactInput,
    contact_values,
)
from server.schema.context import Info
from server.schema.nodes import global_id
from server.schema.payloads import Payload, mutation


@strawberry.type(description="The answer of createContact.")
class CreateContactPayload(ContactPayload):
    """A new contact, or why there is none."""


@strawberry.type(description="The answer of updateContact.")
class UpdateContactPayload(ContactPayload):
    """The changed contact, or why it is not changed."""


@strawberry.type(description="The answer of linkContact.")
class LinkContactPayload(ContactPayload):
    """The linked contact, or why it is not linked."""


@strawberry.type(description="The answer of unlinkContact.")
class UnlinkContactPayload(ContactPayload):
    """The contact without the link, or why it is there."""


@strawberry.type(description="The answer of deleteContact.")
class DeleteContactPayload(Payload):
    """What was deleted, or why nothing was."""

    deleted_id: strawberry.ID | None = strawberry.field(
        default=None, description="Global id that the contact had; null when the mutation was refused."
    )
    deleted_no: str | None = strawberry.field(
        default=None, description="Number that the contact had; null when the mutation was refused."
    )


@strawberry.type
class ContactMutations:
    """What can be done with contacts."""

    @mutation("Create a company or a person.")
    async def create_contact(
        self,
        info: Info,
        input: Annotated[CreateContactInput, strawberry.argument(description="The contact.")],  # noqa: A002
    ) -> CreateContactPayload:
        """Create a contact."""
        values = contact_values(input)
        async with info.context.write("createContact") as work:
            key = await create_contact(work, values)
        return CreateContactPayload(contact_key=key)

    @mutation(
        "Change a contact. Its persons follow a company where they had its old values. While a contact is on a segment "
        "that is not logged, its company cannot change; interactions of the past stay with the company that is left."
    )
    async def update_contact(
        self,
        info: Info,
        input: Annotated[UpdateContactInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateContactPayload:
        """Change a contact."""
        values = contact_values(input)
        async with info.context.write("updateContact") as work:
            key = await update_contact(work, input.no, values, expected_version=input.expected_version)
        return UpdateContactPayload(contact_key=key)

    @mutation(
        "Delete a contact, and with a company all its persons, unless one of them is on a segment that is not logged. "
        "Interactions of a person go to its company; those of a company stay without a contact."
    )
    async def delete_contact(
        self,
        info: Info,
        input: Annotated[DeleteContactInput, strawberry.argument(description="Which contact.")],  # noqa: A002
    ) -> DeleteContactPayload:
        """Delete a contact."""
        async with info.context.write("deleteContact") as work:
            key = await delete_contact(work, input.no, expected_version=input.expected_version)
        return DeleteContactPayload(deleted_id=global_id("Contact", key), deleted_no=input.no.strip().upper())

    @mutation(
        "Say which customer, vendor, bank account or employee a company is elsewhere. It gets the business relation of "
        "the marketing setup, in place of one of that code without link; it has one link of each kind, and each number "
        "belongs to one company."
    )
    async def link_contact(
        self,
        info: Info,
        input: Annotated[LinkContactInput, strawberry.argument(description="The link.")],  # noqa: A002
    ) -> LinkContactPayload:
        """Link a contact."""
        async with info.context.write("linkContact") as work:
            key = await link_contact(work, input.no, input.link, input.link_no, expected_version=input.expected_version)
        return LinkContactPayload(contact_key=key)

    @mutation("Remove the link of a company to what it is elsewhere, with its business relation.")
    async def unlink_contact(
        self,
        info: Info,
        input: Annotated[UnlinkContactInput, strawberry.argument(description="Which link.")],  # noqa: A002
    ) -> UnlinkContactPayload:
        """Unlink a contact."""
        async with info.context.write("unlinkContact") as work:
            key = await unlink_contact(work, input.no, input.link, expected_version=input.expected_version)
        return UnlinkContactPayload(contact_key=key)
