"""What the mutations of contacts take."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from server.errors import InvalidInputError
from server.operations.contacts.contact_values import AttributeValue, ContactValues
from server.schema.enums import ContactType, CorrespondenceType, LinkKind
from server.schema.inputs import Guarded, optional
from server.schema.payloads import given_values


@strawberry.input(
    description="The value of a custom attribute: fill the field of the attribute's type; fill none to clear the value."
)
class ContactAttributeInput:
    """An attribute's value."""

    name: str = strawberry.field(description="Name of the attribute, at most 30 characters.")
    text_value: str | None = optional("Of a TEXT attribute, at most 250 characters.")
    number_value: Decimal | None = optional("Of a NUMBER attribute.")
    boolean_value: bool | None = optional("Of a BOOLEAN attribute.")
    date_value: date | None = optional("Of a DATE attribute.")
    datetime_value: datetime | None = optional("Of a DATETIME attribute.", name="dateTimeValue")


@strawberry.input
class ContactFields:
    """The values of a contact that both mutations take."""

    name: str | None = optional(
        "Name, at most 100 characters. Of a person it is split into the name parts: the last word is the surname. Name "
        "parts given with it win, and the name follows them; beside parts that are all blank it stays as written."
    )
    company_no: str | None = optional(
        "Number of the company a person belongs to, at most 20 characters; the person inherits from it what is not "
        "given here, the address only as a whole. Null: no company. Cannot change while the contact is on a segment "
        "that is not logged."
    )
    company_name: str | None = optional(
        "Instead of companyNo: a text by which the company is looked for, at most 100 characters, without regard to "
        "case. It is found by its whole number, by its whole name, by how its name begins, or by a part of number, "
        "name, city, phone or post code; the first of these that finds any company must find one only, else "
        "CONTACT_AMBIGUOUS. Null: no company."
    )
    first_name: str | None = optional("First name of a person, at most 30 characters; the name follows the parts.")
    middle_name: str | None = optional("Middle name of a person, at most 30 characters.")
    surname: str | None = optional("Surname of a person, at most 30 characters.")
    initials: str | None = optional("Initials, at most 30 characters.")
    job_title: str | None = optional("Job title of a person, at most 30 characters.")
    address: str | None = optional("Street and house number, at most 100 characters.")
    address_2: str | None = optional("Second line of the address, at most 50 characters.", name="address2")
    post_code: str | None = optional("Post code, at most 20 characters.")
    city: str | None = optional("City, at most 30 characters.")
    county: str | None = optional("County, state or province, at most 30 characters.")
    country: str | None = optional("Country or region code, at most 10 characters.")
    territory: str | None = optional("Territory code, at most 10 characters.")
    language: str | None = optional("Language code, at most 10 characters.")
    currency: str | None = optional("Currency code of a company, at most 10 characters.")
    phone: str | None = optional("Phone number, at most 30 characters, no letters.")
    mobile_phone: str | None = optional("Mobile phone number, at most 30 characters, no letters.")
    email: str | None = optional("E-mail addresses separated by semicolons, at most 80 characters together.")
    email_2: str | None = optional("Second e-mail address, at most 80 characters.", name="email2")
    home_page: str | None = optional("Address of the home page, at most 255 characters.")
    vat_registration_no: str | None = optional("VAT registration number of a company, at most 20 characters.")
    registration_no: str | None = optional("Registration number, at most 20 characters.")
    external_id: str | None = optional("Key of the contact in another system, at most 50 characters.")
    salesperson: str | None = optional("Code of who looks after the contact, at most 20 characters; not blocked.")
    salutation: str | None = optional("Code of a salutation, at most 10 characters; it must exist.")
    organizational_level: str | None = optional(
        "Code of a person's organizational level, at most 10 characters; it must exist."
    )
    correspondence_type: CorrespondenceType | None = optional("How the contact wants to be written to.")
    exclude_from_segment: bool | None = optional("Whether adding contacts to a segment leaves this one out.")
    privacy_blocked: bool | None = optional(
        "Whether the contact's data must not be used. Cannot be false for a minor without parental consent."
    )
    minor: bool | None = optional(
        "Whether the person is a minor; becoming one blocks the contact for privacy. Not true for a company."
    )
    parental_consent_received: bool | None = optional(
        "Whether a minor's parents have consented; a change blocks the contact for privacy until privacyBlocked is "
        "set. Not true for a company."
    )
    attributes: list[ContactAttributeInput] | None = optional("Values of custom attributes to set or to clear.")
    add_mailing_groups: list[str] | None = optional("Codes of mailing groups to join, at most 1,000.")
    add_job_responsibilities: list[str] | None = optional(
        "Codes of job responsibilities that a person gets, at most 1,000."
    )
    add_industry_groups: list[str] | None = optional("Codes of industry groups that a company joins, at most 1,000.")
    add_business_relations: list[str] | None = optional(
        "Codes of business relations that a company gets, at most 1,000; not those that the marketing setup keeps for "
        "links."
    )


@strawberry.input(
    description="A new contact. Fields left out get what a person inherits from its company, else the default of the "
    "marketing setup, the salesperson that of the acting user before that; null and blank text mean blank."
)
class CreateContactInput(ContactFields):
    """A new contact."""

    type: ContactType = strawberry.field(default=ContactType.COMPANY, description="Company or person.")
    no: str | None = optional("Number, at most 20 characters. Default: the next of the series, such as CT000001.")


@strawberry.input(
    description="Changes of a contact. Fields left out stay as they are; null and blank text make them blank."
)
class UpdateContactInput(ContactFields, Guarded):
    """Changes of a contact."""

    no: str = strawberry.field(description="Number of the contact; it cannot be changed.")
    type: ContactType | None = optional(
        "Company or person; not null. Cannot change while the contact has interactions, persons, or codes of the old "
        "type, or is on a segment that is not logged. The salutation becomes the setup's for the new type unless it is "
        "given. A person that becomes a company is no minor any more; privacyBlocked stays."
    )
    remove_mailing_groups: list[str] | None = optional("Codes of mailing groups to leave, at most 1,000.")
    remove_job_responsibilities: list[str] | None = optional("Codes of job responsibilities to remove, at most 1,000.")
    remove_industry_groups: list[str] | None = optional("Codes of industry groups to leave, at most 1,000.")
    remove_business_relations: list[str] | None = optional("Codes of business relations to remove, at most 1,000.")


@strawberry.input(description="Which contact to delete.")
class DeleteContactInput(Guarded):
    """A contact to delete."""

    no: str = strawberry.field(description="Number of the contact, at most 20 characters.")


@strawberry.input(description="What a company is elsewhere.")
class LinkContactInput(Guarded):
    """A link to make."""

    no: str = strawberry.field(description="Number of the company, at most 20 characters.")
    link: LinkKind = strawberry.field(description="What it is; the marketing setup names the business relation.")
    link_no: str = strawberry.field(description="Its number there, at most 20 characters; upper case.")


@strawberry.input(description="Which link of a company to remove.")
class UnlinkContactInput(Guarded):
    """A link to remove."""

    no: str = strawberry.field(description="Number of the company, at most 20 characters.")
    link: LinkKind = strawberry.field(description="What it is no more.")


def contact_values(given: ContactFields) -> ContactValues:
    """Return what an input says of a contact, for the operations."""
    values: Any = given_values(given, without=("attributes", "expected_version"))
    if given.attributes:
        values["attributes"] = _attribute_values(given.attributes)
    return values  # type: ignore[no-any-return]


def _attribute_values(given: Sequence[ContactAttributeInput]) -> dict[str, AttributeValue | None]:
    """Return the attributes by name; raises InvalidInputError when one is given twice or has several values."""
    values: dict[str, AttributeValue | None] = {}
    for position, item in enumerate(given):
        filled = [value for value in given_values(item, without=("name",)).values() if value is not None]
        if len(filled) > 1 or item.name in values:
            msg = f"Attribute {position + 1} of the list is given more than one value."
            raise InvalidInputError(msg, path=("attributes", position))
        values[item.name] = filled[0] if filled else None
    return values
