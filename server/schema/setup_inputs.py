"""What the mutations of the setup take."""

import strawberry

from server.schema.enums import CorrespondenceType
from server.schema.inputs import Guarded, optional


@strawberry.input(
    description=(
        "Changes of the marketing setup. Fields left out stay; null and blank text make them blank, null makes a flag "
        "false."
    )
)
class UpdateMarketingSetupInput(Guarded):
    """Changes of the marketing setup."""

    contact_series: str | None = optional("Code of the number series of contacts, at most 20 characters.")
    segment_series: str | None = optional("Code of the number series of segments, at most 20 characters.")
    campaign_series: str | None = optional("Code of the number series of campaigns, at most 20 characters.")
    customer_relation: str | None = optional(
        "Code of the business relation of contacts that are linked to a customer, at most 20 characters."
    )
    vendor_relation: str | None = optional(
        "Code of the business relation of contacts that are linked to a vendor, at most 20 characters."
    )
    bank_account_relation: str | None = optional(
        "Code of the business relation of contacts that are linked to a bank account, at most 20 characters."
    )
    employee_relation: str | None = optional(
        "Code of the business relation of contacts that are linked to an employee, at most 20 characters."
    )
    inherit_salesperson: bool | None = optional("Whether persons take over their company's salesperson.")
    inherit_territory: bool | None = optional("Whether persons take over their company's territory.")
    inherit_country: bool | None = optional("Whether persons take over their company's country.")
    inherit_language: bool | None = optional("Whether persons take over their company's language.")
    inherit_address: bool | None = optional("Whether persons take over their company's address.")
    inherit_communication: bool | None = optional(
        "Whether persons take over their company's phone numbers, e-mail address, home page and correspondence type."
    )
    default_salesperson: str | None = optional(
        "Code of who looks after new contacts, at most 20 characters; not blocked."
    )
    default_territory: str | None = optional("Territory code of new contacts, at most 10 characters.")
    default_country: str | None = optional("Country code of new contacts, at most 10 characters.")
    default_language: str | None = optional("Language code of new contacts, at most 10 characters.")
    default_correspondence_type: CorrespondenceType | None = optional("How new contacts are written to.")
    default_company_salutation: str | None = optional("Salutation code of new companies, at most 10 characters.")
    default_person_salutation: str | None = optional("Salutation code of new persons, at most 10 characters.")
    phone_call_template: str | None = optional(
        "Code of the interaction template of phone calls, at most 20 characters; without languages."
    )
    skip_privacy_blocked: bool | None = optional(
        "Whether contacts blocked for privacy are left out when contacts are added and segments are logged."
    )


@strawberry.input
class NumberSeriesFields:
    """The values of a number series that both mutations take."""

    prefix: str | None = optional(
        "What numbers begin with, at most 10 characters, stored in upper case. Default, null and blank: nothing."
    )


@strawberry.input(description="A new number series.")
class CreateNumberSeriesInput(NumberSeriesFields):
    """A new number series."""

    code: str = strawberry.field(description="Code, at most 20 characters; unique, stored in upper case.")
    digits: int | None = optional("Least digits after the prefix, 1 to 10. Default: 6.")
    last_number: int | None = optional("The numbers begin after this one, 0 to 2147483647. Default: 0.")
    manual_allowed: bool | None = optional("Whether a number may be typed instead. Default: false.")


@strawberry.input(description="Changes of a number series. Fields left out and null stay; only prefix can be blank.")
class UpdateNumberSeriesInput(NumberSeriesFields):
    """Changes of a number series."""

    code: str = strawberry.field(description="Code of the number series.")
    new_code: str | None = optional("Another code, at most 20 characters; not blank.")
    digits: int | None = optional("Least digits after the prefix, 1 to 10.")
    last_number: int | None = optional(
        "The next number is the first free one after this, 0 to 2147483647; also a smaller one than before."
    )
    manual_allowed: bool | None = optional("Whether a number may be typed instead.")


@strawberry.input(description="Which number series to delete.")
class DeleteNumberSeriesInput:
    """Which number series."""

    code: str = strawberry.field(description="Code of the number series.")


@strawberry.input
class UserFields:
    """The values of a user that both mutations take."""

    full_name: str | None = optional("The user's own name, at most 80 characters.")
    email: str | None = optional("E-mail addresses separated by semicolons, at most 80 characters together.")
    salesperson: str | None = optional(
        "Code of the salesperson whom the user is, at most 20 characters; not blocked. Several users may be the same."
    )


@strawberry.input(description="A new user. Fields left out, null and blank text are blank.")
class CreateUserInput(UserFields):
    """A new user."""

    name: str = strawberry.field(
        description=(
            "Name under which requests act (header Tessera-User): 1 to 50 printable ASCII characters; unique, case "
            "matters."
        )
    )


@strawberry.input(description="Changes of a user. Fields left out stay; null and blank text make them blank.")
class UpdateUserInput(UserFields):
    """Changes of a user."""

    name: str = strawberry.field(description="Name of the user; case matters.")
    new_name: str | None = optional("Another name, 1 to 50 printable ASCII characters; not blank.")


@strawberry.input(description="Which user to delete.")
class DeleteUserInput:
    """Which user."""

    name: str = strawberry.field(description="Name of the user; case matters.")
