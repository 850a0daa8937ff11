"""What a contact's fields may hold, each by itself; shared by the mutations and the import."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict

from sqlalchemy import String

from server.errors import InvalidInputError
from server.operations.values import (
    api_name,
    checked_choice,
    checked_code,
    checked_emails,
    checked_flag,
    checked_phone,
    checked_text,
)
from server.store.tables import contact

AttributeValue = str | Decimal | int | bool | date | datetime
"""The value of a custom attribute, in the Python type of its kind."""

CONTACT_TYPES = frozenset({"COMPANY", "PERSON"})
CORRESPONDENCE_TYPES = frozenset({"HARD_COPY", "EMAIL"})


class ContactValues(TypedDict, total=False):
    """The values of one contact as a caller gives them.

    An absent key means: default on creation, unchanged on update. ``None`` and ``''`` mean blank. ``no`` is read on
    creation only. ``company_name`` is a text by which the company of a person is looked for; it is not written.
    ``attributes`` maps names of custom attributes to values, None to clear one. The add and remove
    lists hold codes.
    """

    no: str | None
    type: str | None
    name: str | None
    company_no: str | None
    company_name: str | None
    first_name: str | None
    middle_name: str | None
    surname: str | None
    initials: str | None
    job_title: str | None
    address: str | None
    address_2: str | None
    post_code: str | None
    city: str | None
    county: str | None
    country: str | None
    territory: str | None
    language: str | None
    currency: str | None
    phone: str | None
    mobile_phone: str | None
    email: str | None
    email_2: str | None
    home_page: str | None
    vat_registration_no: str | None
    registration_no: str | None
    external_id: str | None
    salesperson: str | None
    salutation: str | None
    organizational_level: str | None
    correspondence_type: str | None
    exclude_from_segment: bool | None
    privacy_blocked: bool | None
    minor: bool | None
    parental_consent_received: bool | None
    attributes: Mapping[str, AttributeValue | None]
    add_mailing_groups: Sequence[str]
    remove_mailing_groups: Sequence[str]
    add_job_responsibilities: Sequence[str]
    remove_job_responsibilities: Sequence[str]
    add_industry_groups: Sequence[str]
    remove_industry_groups: Sequence[str]
    add_business_relations: Sequence[str]
    remove_business_relations: Sequence[str]


TEXT_FIELDS = (
    "name", "first_name", "middle_name", "surname", "initials", "job_title", "address", "address_2", "post_code",
    "city", "county", "home_page", "registration_no", "external_id",
)  # fmt: skip
CODE_FIELDS = (
    "no", "country", "territory", "language", "currency", "salesperson", "salutation", "organizational_level",
)  # fmt: skip
EMAIL_FIELDS = ("email", "email_2")
PHONE_FIELDS = ("phone", "mobile_phone")
FLAG_FIELDS = ("exclude_from_segment", "privacy_blocked", "minor", "parental_consent_received")

FIELD_LENGTHS: Mapping[str, int] = {
    column.name: column.type.length or 0 for column in contact.columns if isinstance(column.type, String)
} | {"company_no": 20}
"""The most characters of each text field of a contact; 0: no limit."""


def _choice(choices: frozenset[str]) -> Callable[[Any, str, int], Any]:
    return lambda value, field, length: checked_choice(value, field, choices)  # noqa: ARG005


def _upper_text(value: str | None, field: str, length: int) -> str:
    return checked_text(checked_text(value, field, length).upper(), field, length)


_CHECKS: Mapping[str, Callable[[Any, str, int], Any]] = {
    **dict.fromkeys(TEXT_FIELDS, checked_text),
    **dict.fromkeys((*CODE_FIELDS, "company_no"), checked_code),
    **dict.fromkeys(EMAIL_FIELDS, checked_emails),
    **dict.fromkeys(PHONE_FIELDS, checked_phone),
    **dict.fromkeys(FLAG_FIELDS, lambda value, field, length: checked_flag(value, field)),  # noqa: ARG005
    "vat_registration_no": _upper_text,
    "type": _choice(CONTACT_TYPES),
    "correspondence_type": _choice(CORRESPONDENCE_TYPES),
}

CONTACT_FIELDS = frozenset(_CHECKS)
"""The keys of ``ContactValues`` that hold one value of the contact's own."""

_CHECKED_ELSEWHERE = frozenset(ContactValues.__annotations__) - CONTACT_FIELDS


def checked_contact(values: ContactValues) -> dict[str, Any]:
    """Return the given fields as they are stored; only those that were given, without code lists and attributes.

    Codes are upper case and None when blank, texts are ``''`` when blank, flags are booleans, ``company_no`` stays a
    number. What fields must satisfy together is looked at by ``contact_rules``.

    Raises: InvalidInputError for the first field that is wrong or not a field of contacts.
    """
    checked: dict[str, Any] = {}
    for field, value in values.items():
        if field in _CHECKED_ELSEWHERE:
            continue
        check = _CHECKS.get(field)
        if check is None:
            msg = f"{api_name(field)} is not a field of contacts."
            raise InvalidInputError(msg, path=(api_name(field),))
        checked[field] = check(value, field, FIELD_LENGTHS.get(field, 0))
    return checked
