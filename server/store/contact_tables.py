"""Contacts, the code tables they refer to, their custom attributes, and the number series."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Named,
    SmallInteger,
    String,
    Table,
    Text,
    TypedColumns,
    text,
)
from sqlalchemy.schema import SchemaItem

from server.store.metadata import metadata
from server.store.types import BigId, Instant, Money


class NumberSeriesColumns(TypedColumns):
    """A series hands out ``prefix`` followed by a number of at least ``digits`` digits."""

    code = Column(String(20), primary_key=True)
    prefix: Named[str] = Column(String(10))
    digits: Named[int] = Column(SmallInteger)
    last_number: Named[int] = Column(BigId, server_default="0")
    manual_allowed: Named[bool] = Column(Boolean)


number_series = Table("number_series", metadata, NumberSeriesColumns)


class CodeColumns(TypedColumns):
    """A code list: an upper-case code and what it means."""

    code = Column(String(20), primary_key=True)
    description: Named[str] = Column(String(100), server_default="")


mailing_group = Table("mailing_group", metadata, CodeColumns)
industry_group = Table("industry_group", metadata, CodeColumns)
job_responsibility = Table("job_responsibility", metadata, CodeColumns)
business_relation = Table("business_relation", metadata, CodeColumns)
organizational_level = Table("organizational_level", metadata, CodeColumns)
salutation = Table("salutation", metadata, CodeColumns)


class SalutationFormulaColumns(TypedColumns):
    """How a salutation is written in one language (``''``: for contacts without one), formally or informally.

    ``text`` holds %1 to %5; ``name_1`` to ``name_5`` say which part of the name stands there, null for none.
    """

    salutation = Column(
        String(20), ForeignKey("salutation.code", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True
    )
    language = Column(String(10), primary_key=True)
    type = Column(String(8), primary_key=True)
    text: Named[str] = Column(String(50))
    name_1: Named[str | None] = Column(String(12))
    name_2: Named[str | None] = Column(String(12))
    name_3: Named[str | None] = Column(String(12))
    name_4: Named[str | None] = Column(String(12))
    name_5: Named[str | None] = Column(String(12))


salutation_formula = Table(
    "salutation_formula",
    metadata,
    SalutationFormulaColumns,
    CheckConstraint("type in ('FORMAL', 'INFORMAL')", name="type"),
)


class SalespersonColumns(TypedColumns):
    """Who looks after contacts; ``blocked`` and ``privacy_blocked`` ones cannot be assigned."""

    code = Column(String(20), primary_key=True)
    name: Named[str] = Column(String(50), server_default="")
    email: Named[str] = Column(String(80), server_default="")
    phone: Named[str] = Column(String(30), server_default="")
    job_title: Named[str] = Column(String(30), server_default="")
    blocked: Named[bool] = Column(Boolean, server_default=text("false"))
    privacy_blocked: Named[bool] = Column(Boolean, server_default=text("false"))
    version: Named[int] = Column(Integer, server_default="1")


salesperson = Table("salesperson", metadata, SalespersonColumns)


class ContactColumns(TypedColumns):
    """A company or a person.

    ``company_id`` of a company is its own id; ``company_name`` repeats the company's name on its persons, as in
    Business Central. ``search_name`` and ``search_email`` are the casefolded name and e-mail addresses.
    """

    id: Named[int] = Column(BigId, primary_key=True)
    no: Named[str] = Column(String(20))
    type: Named[str] = Column(String(7))
    name: Named[str] = Column(String(100), server_default="")
    search_name: Named[str] = Column(Text, server_default="")
    company_id: Named[int | None] = Column(BigId, ForeignKey("contact.id"))
    company_name: Named[str] = Column(String(100), server_default="")
    first_name: Named[str] = Column(String(30), server_default="")
    middle_name: Named[str] = Column(String(30), server_default="")
    surname: Named[str] = Column(String(30), server_default="")
    initials: Named[str] = Column(String(30), server_default="")
    job_title: Named[str] = Column(String(30), server_default="")
    address: Named[str] = Column(String(100), server_default="")
    address_2: Named[str] = Column(String(50), server_default="")
    post_code: Named[str] = Column(String(20), server_default="")
    city: Named[str] = Column(String(30), server_default="")
    county: Named[str] = Column(String(30), server_default="")
    country: Named[str | None] = Column(String(10))
    territory: Named[str | None] = Column(String(10))
    language: Named[str | None] = Column(String(10))
    currency: Named[str | None] = Column(String(10))
    phone: Named[str] = Column(String(30), server_default="")
    mobile_phone: Named[str] = Column(String(30), server_default="")
    email: Named[str] = Column(String(80), server_default="")
    email_2: Named[str] = Column(String(80), server_default="")
    home_page: Named[str] = Column(String(255), server_default="")
    vat_registration_no: Named[str] = Column(String(20), server_default="")
    registration_no: Named[str] = Column(String(20), server_default="")
    external_id: Named[str] = Column(String(50), server_default="")
    salesperson: Named[str | None] = Column(String(20), ForeignKey("salesperson.code", onupdate="CASCADE"))
    salutation: Named[str | None] = Column(String(10))
    organizational_level: Named[str | None] = Column(String(10))
    correspondence_type: Named[str | None] = Column(String(9))
    exclude_from_segment: Named[bool] = Column(Boolean, server_default=text("false"))
    privacy_blocked: Named[bool] = Column(Boolean, server_default=text("false"))
    minor: Named[bool] = Column(Boolean, server_default=text("false"))
    parental_consent_received: Named[bool] = Column(Boolean, server_default=text("false"))
    created_at: Named[datetime] = Column(Instant)
    modified_at: Named[datetime] = Column(Instant)
    version: Named[int] = Column(Integer, server_default="1")
    search_email: Named[str] = Column(Text, server_default="")


contact = Table(
    "contact",
    metadata,
    ContactColumns,
    CheckConstraint("type in ('COMPANY', 'PERSON')", name="type"),
    CheckConstraint("correspondence_type in ('HARD_COPY', 'EMAIL')", name="correspondence_type"),
    Index("uq_contact_no", "no", unique=True),
    Index(None, "search_name"),
    Index(None, "company_id"),
    Index(None, "country"),
    Index(None, "post_code"),
    Index(None, "search_email"),
    Index(None, "external_id"),
    Index(None, "salesperson"),
    Index(None, "created_at"),
    Index(None, "modified_at"),
    sqlite_autoincrement=True,
)


class ContactCodeColumns(TypedColumns):
    """A contact has this code."""

    contact_id: Named[int] = Column(BigId, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)


def _contact_codes(code_table: str, *more: SchemaItem) -> Table[ContactCodeColumns]:
    """Return the table that says which contacts have which codes of ``code_table``; it has ``more`` besides."""
    return Table(
        f"contact_{code_table}",
        metadata,
        ContactCodeColumns,
        Column("code", String(20), ForeignKey(f"{code_table}.code", onupdate="CASCADE"), primary_key=True),
        Index(f"ix_contact_{code_table}_code_contact_id", "code", "contact_id"),
        *more,
        sqlite_with_rowid=False,
    )


contact_mailing_group = _contact_codes("mailing_group")
contact_job_responsibility = _contact_codes("job_responsibility")
contact_industry_group = _contact_codes("industry_group")
contact_business_relation = _contact_codes(
    "business_relation",
    Column("link", String(12)),
    Column("link_no", String(20), nullable=False, server_default=""),
    Index(
        "uq_contact_business_relation_contact_id_link",
        "contact_id",
        "link",
        unique=True,
        sqlite_where=text("link is not null"),
        postgresql_where=text("link is not null"),
    ),
    Index(
        "uq_contact_business_relation_link_link_no",
        "link",
        "link_no",
        unique=True,
        sqlite_where=text("link is not null"),
        postgresql_where=text("link is not null"),
    ),
)
"""``link`` and ``link_no`` name the customer, vendor, bank account or employee elsewhere that the contact is."""


class ContactAddressColumns(TypedColumns):
    """An alternative address of a contact."""

    contact_id: Named[int] = Column(BigId, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    code = Column(String(10), primary_key=True)
    company_name: Named[str] = Column(String(100), server_default="")
    address: Named[str] = Column(String(100), server_default="")
    address_2: Named[str] = Column(String(50), server_default="")
    post_code: Named[str] = Column(String(20), server_default="")
    city: Named[str] = Column(String(30), server_default="")
    county: Named[str] = Column(String(30), server_default="")
    country: Named[str | None] = Column(String(10))
    phone: Named[str] = Column(String(30), server_default="")
    mobile_phone: Named[str] = Column(String(30), server_default="")
    email: Named[str] = Column(String(80), server_default="")


contact_address = Table("contact_address", metadata, ContactAddressColumns)


class ContactAddressPeriodColumns(TypedColumns):
    """From when to when an alternative address is the one to use; ``ending_on`` null means open."""

    contact_id: Named[int] = Column(BigId, primary_key=True)
    starting_on: Named[date] = Column(Date, primary_key=True)
    ending_on: Named[date | None] = Column(Date)
    code: Named[str] = Column(String(10))


contact_address_period = Table(
    "contact_address_period",
    metadata,
    ContactAddressPeriodColumns,
    ForeignKeyConstraint(
        ["contact_id", "code"],
        ["contact_address.contact_id", "contact_address.code"],
        ondelete="CASCADE",
        onupdate="CASCADE",
    ),
    CheckConstraint("ending_on is null or ending_on >= starting_on", name="order"),
)


class AttributeColumns(TypedColumns):
    """A custom attribute of contacts.

    ``default_value`` is the text form of what contacts without a row have; null means they have none.
    """

    id: Named[int] = Column(Integer, primary_key=True)
    name: Named[str] = Column(String(30))
    type: Named[str] = Column(String(8))
    description: Named[str] = Column(String(250), server_default="")
    default_value: Named[str | None] = Column(Text)
    created_at: Named[datetime] = Column(Instant)


attribute = Table(
    "attribute",
    metadata,
    AttributeColumns,
    CheckConstraint("type in ('TEXT', 'NUMBER', 'BOOLEAN', 'DATE', 'DATETIME')", name="type"),
    Index("uq_attribute_name", "name", unique=True),
    sqlite_autoincrement=True,
)


class ContactAttributeColumns(TypedColumns):
    """The value of one custom attribute of one contact: exactly the column of the attribute's type is filled."""

    contact_id: Named[int] = Column(BigId, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    attribute_id: Named[int] = Column(Integer, ForeignKey("attribute.id", ondelete="CASCADE"), primary_key=True)
    text_value: Named[str | None] = Column(Text)
    number_value: Named[Decimal | None] = Column(Money)
    boolean_value: Named[bool | None] = Column(Boolean)
    date_value: Named[date | None] = Column(Date)
    datetime_value: Named[datetime | None] = Column(Instant)


contact_attribute = Table(
    "contact_attribute",
    metadata,
    ContactAttributeColumns,
    *(
        Index(
            f"ix_contact_attribute_{column}",
            "attribute_id",
            column,
            "contact_id",
            sqlite_where=text(f"{column} is not null"),
            postgresql_where=text(f"{column} is not null"),
        )
        for column in ("text_value", "number_value", "boolean_value", "date_value", "datetime_value")
    ),
    sqlite_with_rowid=False,
)
