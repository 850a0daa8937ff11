"""The plain values of contacts; what they refer to stands in ``objects``."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from server.reading.contacts import AttributeValue
from server.schema.enums import AttributeType, ContactType, CorrespondenceType
from server.schema.scalars import print_decimal, print_instant


@strawberry.type
class ContactColumns:
    """The values of a contact."""

    no: str = strawberry.field(description="Number, at most 20 characters; unique.")
    type: ContactType = strawberry.field(description="Company or person.")
    name: str = strawberry.field(description="Name, at most 100 characters.")
    search_name: str = strawberry.field(description="Name without regard to case (casefolded); what search looks at.")
    company_name: str = strawberry.field(description="Name of the company, repeated on its persons; may be blank.")
    company_no: str | None = strawberry.field(
        description="Number of the company; a company's own number; null for a person without company."
    )
    first_name: str = strawberry.field(description="First name of a person, at most 30 characters; may be blank.")
    middle_name: str = strawberry.field(description="Middle name of a person, at most 30 characters; may be blank.")
    surname: str = strawberry.field(description="Surname of a person, at most 30 characters; may be blank.")
    initials: str = strawberry.field(description="Initials, at most 30 characters; may be blank.")
    job_title: str = strawberry.field(description="Job title, at most 30 characters; may be blank.")
    address: str = strawberry.field(description="Street and house number, at most 100 characters; may be blank.")
    address_2: str = strawberry.field(
        name="address2", description="Second line of the address, at most 50 characters; may be blank."
    )
    post_code: str = strawberry.field(description="Post code, at most 20 characters; may be blank.")
    city: str = strawberry.field(description="City, at most 30 characters; may be blank.")
    county: str = strawberry.field(description="County, state or province, at most 30 characters; may be blank.")
    country: str | None = strawberry.field(description="Country or region code, at most 10 characters.")
    territory: str | None = strawberry.field(description="Territory code, at most 10 characters.")
    language: str | None = strawberry.field(description="Language code, at most 10 characters.")
    currency: str | None = strawberry.field(description="Currency code, at most 10 characters.")
    phone: str = strawberry.field(description="Phone number, at most 30 characters, no letters; may be blank.")
    mobile_phone: str = strawberry.field(
        description="Mobile phone number, at most 30 characters, no letters; may be blank."
    )
    email: str = strawberry.field(
        description="E-mail addresses separated by semicolons, at most 80 characters; may be blank."
    )
    email_2: str = strawberry.field(
        name="email2", description="Second e-mail address, at most 80 characters; may be blank."
    )
    home_page: str = strawberry.field(description="Address of the home page, at most 255 characters; may be blank.")
    vat_registration_no: str = strawberry.field(
        description="VAT registration number of a company, at most 20 characters; may be blank."
    )
    registration_no: str = strawberry.field(description="Registration number, at most 20 characters; may be blank.")
    external_id: str = strawberry.field(
        description="Key of the contact in another system, at most 50 characters; may be blank."
    )
    salutation: str | None = strawberry.field(description="Salutation code, at most 10 characters.")
    organizational_level: str | None = strawberry.field(
        description="Organizational level code of a person, at most 10 characters."
    )
    correspondence_type: CorrespondenceType | None = strawberry.field(
        description="How the contact wants to be written to; null: no preference."
    )
    exclude_from_segment: bool = strawberry.field(
        description="Whether adding contacts to a segment leaves this one out."
    )
    privacy_blocked: bool = strawberry.field(description="Whether the contact's data must not be used.")
    minor: bool = strawberry.field(description="Whether the person is a minor.")
    parental_consent_received: bool = strawberry.field(description="Whether a minor's parents have consented.")
    interaction_count: int = strawberry.field(
        description="Number of interactions neither canceled nor postponed; a company's include its persons'."
    )
    interaction_cost: Decimal = strawberry.field(description="Cost of the interactions counted.")
    interaction_duration: Decimal = strawberry.field(description="Minutes that the interactions counted took.")
    last_interaction_on: date | None = strawberry.field(
        description="Day of the newest interaction that succeeded, canceled ones included; null when there is none."
    )
    last_attempt_on: date | None = strawberry.field(
        description="Day of the newest interaction that we began, successful or not; null when there is none."
    )
    created_at: datetime = strawberry.field(description="Instant of creation.")
    modified_at: datetime = strawberry.field(description="Instant of the last change.")
    version: int = strawberry.field(description="Rises with every change; send it as expectedVersion.")


@strawberry.type(description="A custom attribute of one contact: exactly the value of the attribute's type is filled.")
class ContactAttribute:
    """An attribute and the value that a contact has."""

    name: str = strawberry.field(description="Name of the attribute, as in attributes.NAME of a rule.")
    type: AttributeType = strawberry.field(description="What the attribute holds.")
    value: str = strawberry.field(description="The value as text, whatever its type.")
    is_default: bool = strawberry.field(
        description="Whether the value is the attribute's default because the contact has none of its own."
    )
    text_value: str | None = strawberry.field(description="The value of a TEXT attribute, at most 250 characters.")
    number_value: Decimal | None = strawberry.field(description="The value of a NUMBER attribute.")
    boolean_value: bool | None = strawberry.field(description="The value of a BOOLEAN attribute.")
    date_value: date | None = strawberry.field(description="The value of a DATE attribute.")
    datetime_value: datetime | None = strawberry.field(
        name="dateTimeValue", description="The value of a DATETIME attribute."
    )

    @classmethod
    def of(cls, known: AttributeValue) -> "ContactAttribute":
        """Return the attribute for the API."""
        typed: dict[str, Any] = {f"{kind.value.lower()}_value": None for kind in AttributeType}
        typed[f"{known.type.lower()}_value"] = known.value
        return cls(
            name=known.name,
            type=AttributeType(known.type),
            value=_as_text(known.value),
            is_default=known.is_default,
            **typed,
        )


def _as_text(value: Any) -> str:
    """Return the text form of an attribute's value."""
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return print_decimal(value)
        case datetime():
            return print_instant(value)
        case _:
            return str(value)
