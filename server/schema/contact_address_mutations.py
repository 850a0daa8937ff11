"""Mutations of alternative addresses of contacts."""

from datetime import date
from typing import Annotated, cast

import strawberry

from server.operations.contacts.addresses import (
    ContactAddressValues,
    create_address,
    delete_address,
    delete_period,
    set_period,
    update_address,
)
from server.schema.changed import ContactPayload
from server.schema.context import Info
from server.schema.inputs import optional
from server.schema.payloads import given_values, mutation

_KEYS = ("contact_no", "code", "expected_version")


@strawberry.input
class OfContact:
    """What names the contact whose address is meant."""

    contact_no: str = strawberry.field(description="Number of the contact, at most 20 characters.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse with CONFLICT when the contact has another version by now. Default: any."
    )


@strawberry.input
class ContactAddressFields:
    """The values of an alternative address that two mutations take."""

    company_name: str | None = optional("Name of the company there, at most 100 characters.")
    address: str | None = optional("Street and house number, at most 100 characters.")
    address_2: str | None = optional("Second line of the address, at most 50 characters.", name="address2")
    post_code: str | None = optional("Post code, at most 20 characters.")
    city: str | None = optional("City, at most 30 characters.")
    county: str | None = optional("County, state or province, at most 30 characters.")
    country: str | None = optional("Country or region code, at most 10 characters.")
    phone: str | None = optional("Phone number there, at most 30 characters, no letters.")
    mobile_phone: str | None = optional("Mobile phone number there, at most 30 characters, no letters.")
    email: str | None = optional("E-mail addresses there, separated by semicolons, at most 80 characters together.")


@strawberry.input(description="A new alternative address. Fields left out, null and blank text are blank.")
class CreateContactAddressInput(ContactAddressFields, OfContact):
    """A new alternative address."""

    code: str = strawberry.field(
        description="Code, at most 10 characters; unique for the contact, stored in upper case."
    )


@strawberry.input(
    description="Changes of an alternative address. Fields left out stay; null and blank text make them blank."
)
class UpdateContactAddressInput(ContactAddressFields, OfContact):
    """Changes of an alternative address."""

    code: str = strawberry.field(description="Code of the address.")
    new_code: str | None = optional(
        "Another code, at most 10 characters, not blank; periods, segment lines and interactions follow."
    )


@strawberry.input(description="Which alternative address to delete.")
class DeleteContactAddressInput(OfContact):
    """Which alternative address."""

    code: str = strawberry.field(description="Code of the address.")


@strawberry.input(description="When an alternative address is the one to use.")
class SetContactAddressPeriodInput(OfContact):
    """A period."""

    starting_on: date = strawberry.field(
        description="First day. A period of the contact that begins on the same day is replaced."
    )
    ending_on: date | None = strawberry.field(
        default=None, description="Last day, not before startingOn. Default and null: open."
    )
    code: str = strawberry.field(description="Code of the alternative address.")


@strawberry.input(description="Which period to delete.")
class DeleteContactAddressPeriodInput(OfContact):
    """Which period."""

    starting_on: date = strawberry.field(description="First day of the period.")


@strawberry.type(description="The answer of createContactAddress.")
class CreateContactAddressPayload(ContactPayload):
    """The contact with the new address, or why there is none."""


@strawberry.type(description="The answer of updateContactAddress.")
class UpdateContactAddressPayload(ContactPayload):
    """The contact with the changed address, or why it is not changed."""


@strawberry.type(description="The answer of deleteContactAddress.")
class DeleteContactAddressPayload(ContactPayload):
    """The contact without the address, or why it has it still."""


@strawberry.type(description="The answer of setContactAddressPeriod.")
class SetContactAddressPeriodPayload(ContactPayload):
    """The contact with the period, or why it has none."""


@strawberry.type(description="The answer of deleteContactAddressPeriod.")
class DeleteContactAddressPeriodPayload(ContactPayload):
    """The contact without the period, or why it has it still."""


@strawberry.type
class ContactAddressMutations:
    """What can be done with alternative addresses."""

    @mutation("Give a contact an alternative address. It is used only in periods, which setContactAddressPeriod sets.")
    async def create_contact_address(
        self,
        info: Info,
        input: Annotated[CreateContactAddressInput, strawberry.argument(description="The address.")],  # noqa: A002
    ) -> CreateContactAddressPayload:
        """Create an alternative address."""
        values = cast("ContactAddressValues", given_values(input, without=_KEYS))
        async with info.context.write("createContactAddress") as work:
            key = await create_address(
                work, input.contact_no, input.code, values, expected_version=input.expected_version
            )
        return CreateContactAddressPayload(contact_key=key)

    @mutation("Change an alternative address of a contact.")
    async def update_contact_address(
        self,
        info: Info,
        input: Annotated[UpdateContactAddressInput, strawberry.argument(description="The changes.")],  # noqa: A002
    ) -> UpdateContactAddressPayload:
        """Change an alternative address."""
        values = cast("ContactAddressValues", given_values(input, without=_KEYS))
        async with info.context.write("updateContactAddress") as work:
            key = await update_address(
                work, input.contact_no, input.code, values, expected_version=input.expected_version
            )
        return UpdateContactAddressPayload(contact_key=key)

    @mutation(
        "Delete an alternative address of a contact, with its periods. Lines of segments that have it get the one that "
        "holds on their day then; interactions keep its code."
    )
    async def delete_contact_address(
        self,
        info: Info,
        input: Annotated[DeleteContactAddressInput, strawberry.argument(description="Which address.")],  # noqa: A002
    ) -> DeleteContactAddressPayload:
        """Delete an alternative address."""
        async with info.context.write("deleteContactAddress") as work:
            key = await delete_address(work, input.contact_no, input.code, expected_version=input.expected_version)
        return DeleteContactAddressPayload(contact_key=key)

    @mutation(
        "Say from when to when an alternative address of a contact is the one to use. Periods may overlap: the one "
        "that began last holds. New segment lines note the address of their date."
    )
    async def set_contact_address_period(
        self,
        info: Info,
        input: Annotated[SetContactAddressPeriodInput, strawberry.argument(description="The period.")],  # noqa: A002
    ) -> SetContactAddressPeriodPayload:
        """Set a period."""
        async with info.context.write("setContactAddressPeriod") as work:
            key = await set_period(
                work,
                input.contact_no,
                input.starting_on,
                code=input.code,
                ending_on=input.ending_on,
                expected_version=input.expected_version,
            )
        return SetContactAddressPeriodPayload(contact_key=key)

    @mutation("Delete a period of a contact's alternative addresses; the address stays.")
    async def delete_contact_address_period(
        self,
        info: Info,
        input: Annotated[  # noqa: A002
            DeleteContactAddressPeriodInput, strawberry.argument(description="Which period.")
        ],
    ) -> DeleteContactAddressPeriodPayload:
        """Delete a period."""
        async with info.context.write("deleteContactAddressPeriod") as work:
            key = await delete_period(
                work, input.contact_no, input.starting_on, expected_version=input.expected_version
            )
        return DeleteContactAddressPeriodPayload(contact_key=key)
