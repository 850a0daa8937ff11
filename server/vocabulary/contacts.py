"""A contact's own values and code sets as symbols of a rule."""

from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, or_, select

from server.rules import CodeSet, ColumnSource, ReferenceSource, Symbol, ValueType
from server.store.folding import FOLDED_COLUMNS
from server.store.tables import (
    contact,
    contact_business_relation,
    contact_industry_group,
    contact_job_responsibility,
    contact_mailing_group,
    segment,
    segment_line,
)
from server.vocabulary.interactions import CORRESPONDENCE_TYPES, statistics

TEXT, CODE, BOOLEAN, DATETIME = ValueType.TEXT, ValueType.CODE, ValueType.BOOLEAN, ValueType.DATETIME


def _text(column: Column[Any], description: str, example: str, *, personal: bool = False) -> Symbol:
    folded = contact.c[FOLDED_COLUMNS[column.name]] if column.name in FOLDED_COLUMNS else None
    return Symbol(
        name=column.name,
        type=TEXT,
        source=ColumnSource(column),
        description=description,
        example=example,
        indexed=_is_indexed(column) or folded is not None,
        personal=personal,
        folded=folded,
    )


def _code(
    column: Column[Any], description: str, example: str, *, name: str | None = None, values: tuple[str, ...] = ()
) -> Symbol:
    return Symbol(
        name=name or column.name,
        type=CODE,
        source=ColumnSource(column),
        nullable=bool(column.nullable),
        description=description,
        example=example,
        indexed=_is_indexed(column),
        values=values,
    )


def _flag(column: Column[bool], description: str) -> Symbol:
    return Symbol(
        name=column.name,
        type=BOOLEAN,
        source=ColumnSource(column),
        description=description,
        example=f"not {column.name}",
    )


def _is_indexed(column: Column[Any]) -> bool:
    """Return whether ``column`` leads an index of its table."""
    return any(next(iter(index.columns)).name == column.name for index in column.table.indexes)


def _contact_codes(name: str, child: FromClause, key: ColumnElement[Any], description: str, example: str) -> CodeSet:
    return CodeSet(name, key=key, owner=child.c.contact_id, code=child.c.code, description=description, example=example)


def _segments() -> CodeSet:
    """Return the set of the segments on which a contact stands now."""
    line = segment_line.c
    standing = (
        select(line.contact_id, segment.c.no.label("code"))
        .join(segment, segment.c.id == line.segment_id)
        .where(
            line.added <= segment.c.revision,
            or_(line.removed.is_(None), line.removed > segment.c.revision),
        )
        .subquery("contact_segment")
    )
    return CodeSet(
        "segments",
        key=contact.c.id,
        owner=standing.c.contact_id,
        code=standing.c.code,
        description="Numbers of the segments on which the contact stands now.",
        example='"SM00001" in segments',
    )


_C = contact.c
_COMPANY = contact.alias("company")
CONTACT_SYMBOLS: tuple[Symbol, ...] = (
    _text(_C.no, "Number of the contact.", 'no in ["CT000001", "CT000002"]'),
    Symbol(
        "type",
        CODE,
        ColumnSource(_C.type),
        description="COMPANY or PERSON.",
        example='type == "PERSON"',
        values=("COMPANY", "PERSON"),
    ),
    _text(_C.name, "Name.", 'name.starts_with("Ad")', personal=True),
    _text(
        _C.search_name,
        "Name in lower case (casefolded), indexed: the fast way to ask without regard to case.",
        'search_name.starts_with("ad")',
        personal=True,
    ),
    _text(_C.company_name, "Name of the company a person belongs to.", 'company_name == "Contoso"'),
    _text(_C.first_name, "First name of a person.", 'first_name == "Ada"', personal=True),
    _text(_C.middle_name, "Middle name of a person.", 'middle_name != ""', personal=True),
    _text(_C.surname, "Surname of a person.", 'surname.starts_with("Mc")', personal=True),
    _text(_C.initials, "Initials of a person.", 'initials == "AL"', personal=True),
    _text(_C.job_title, "Job title of a person.", '"Manager" in job_title'),
    _text(_C.address, "Street and house number.", 'address != ""', personal=True),
    _text(_C.address_2, "Second line of the address.", 'address_2 == ""', personal=True),
    _text(_C.post_code, "Post code.", 'post_code.starts_with("10")'),
    _text(_C.city, "City.", 'city == "Berlin"'),
    _text(_C.county, "County, state or province.", 'county == "Kent"'),
    _text(_C.phone, "Phone number.", 'phone != ""', personal=True),
    _text(_C.mobile_phone, "Mobile phone number.", 'mobile_phone.starts_with("+49")', personal=True),
    _text(_C.email, "E-mail addresses, separated by semicolons.", 'email.ends_with("@example.com")', personal=True),
    _text(_C.email_2, "Second e-mail address.", 'email_2 == ""', personal=True),
    _text(_C.home_page, "Address of the home page.", 'home_page != ""'),
    _text(_C.vat_registration_no, "VAT registration number.", 'vat_registration_no.starts_with("DE")'),
    _text(_C.registration_no, "Registration number.", 'registration_no != ""'),
    _text(_C.external_id, "Key of the contact in another system.", 'external_id == "4711"'),
    Symbol(
        "company_no",
        CODE,
        ReferenceSource(_C.company_id, _COMPANY.c.id, _COMPANY.c.no),
        nullable=True,
        description="Number of the company; a company's own number.",
        example='company_no == "CT000001"',
        indexed=True,
    ),
    _code(_C.country, "Country or region code.", 'country in ["DE", "AT", "CH"]'),
    _code(_C.territory, "Territory code.", 'territory == "EAST"'),
    _code(_C.language, "Language code.", 'language == "DEU"'),
    _code(_C.currency, "Currency code.", 'currency == "EUR"'),
    _code(_C.salesperson, "Code of the salesperson.", 'salesperson == "JR"'),
    _code(_C.salutation, "Salutation code.", "salutation == null"),
    _code(_C.organizational_level, "Organizational level code of a person.", 'organizational_level == "CEO"'),
    _code(
        _C.correspondence_type,
        "How the contact wants to be written to.",
        'correspondence_type == "EMAIL"',
        values=CORRESPONDENCE_TYPES,
    ),
    _flag(_C.exclude_from_segment, "Whether the contact is left out when contacts are added to a segment."),
    _flag(_C.privacy_blocked, "Whether the contact's data must not be used."),
    _flag(_C.minor, "Whether the person is a minor."),
    Symbol(
        "created_at",
        DATETIME,
        ColumnSource(_C.created_at),
        indexed=True,
        description="Instant of creation.",
        example='created_at >= $now - t"P7D"',
    ),
    Symbol(
        "modified_at",
        DATETIME,
        ColumnSource(_C.modified_at),
        indexed=True,
        description="Instant of the last change of the contact or of its codes and attributes.",
        example="($now - modified_at).days > 365",
    ),
    *statistics(),
)
CONTACT_CODE_SETS: tuple[CodeSet, ...] = (
    _contact_codes(
        "mailing_groups", contact_mailing_group, _C.id, "Mailing groups of the contact.", '"NEWS" in mailing_groups'
    ),
    _contact_codes(
        "job_responsibilities",
        contact_job_responsibility,
        _C.id,
        "Job responsibilities of a person.",
        '"PURCHASE" in job_responsibilities',
    ),
    _contact_codes(
        "industry_groups",
        contact_industry_group,
        _C.company_id,
        "Industry groups of the contact's company.",
        '"RETAIL" in industry_groups',
    ),
    _contact_codes(
        "business_relations",
        contact_business_relation,
        _C.company_id,
        "Business relations of the contact's company.",
        '"CUST" in business_relations',
    ),
    _segments(),
)
