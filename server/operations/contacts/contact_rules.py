"""What the values of a contact must satisfy together: type, company, name parts and privacy.

Pure functions over rows (column → value), so that the mutations and the set-based import apply the same rules. The
rows of companies that they take need the columns of ``contact``. Source: domain rules of Business Central contacts.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from server.clock import Moment
from server.errors import ErrorCode, RefusedError
from server.operations.contacts.contact_setup import ContactSetup
from server.operations.contacts.contact_values import (
    CODE_FIELDS,
    CONTACT_FIELDS,
    EMAIL_FIELDS,
    FIELD_LENGTHS,
    FLAG_FIELDS,
    PHONE_FIELDS,
    TEXT_FIELDS,
)
from server.operations.values import api_name, missing
from server.store.folding import FOLDED_COLUMNS, folded_columns

ContactRow = Mapping[str, Any]
"""The columns of a contact by name."""

NAME_PARTS = ("first_name", "middle_name", "surname")
PERSON_ONLY = (*NAME_PARTS, "job_title", "organizational_level")
COMPANY_ONLY = ("currency", "vat_registration_no")
CLEARED_FOR_COMPANY = (*NAME_PARTS, "job_title")
_FLAGS_OF_PERSONS: ContactRow = {"minor": False, "parental_consent_received": False}
"""What a company has in the flags that concern persons only."""

ADDRESS_TEST = ("address", "address_2", "post_code", "city")
"""The block that must be blank or the old company's as a whole for an address to be inherited."""
ADDRESS_BLOCK = (*ADDRESS_TEST, "county")

_FIELDS_OF_COLUMNS = {"company_id": "company_no", "search_email": "email"}
"""What the change log calls a column of another name."""

_NAMED_APART = {"no", "type", "company_no", "privacy_blocked", *NAME_PARTS}
_PLAIN_FIELDS = CONTACT_FIELDS - _NAMED_APART

_BLANK: ContactRow = {
    **dict.fromkeys(("company_id", "correspondence_type", *CODE_FIELDS)),
    **dict.fromkeys((*TEXT_FIELDS, *EMAIL_FIELDS, *PHONE_FIELDS, "vat_registration_no", "company_name"), ""),
    **dict.fromkeys(FOLDED_COLUMNS.values(), ""),
    **dict.fromkeys(FLAG_FIELDS, False),
}


def new_contact(
    given: Mapping[str, Any], *, no: str, moment: Moment, setup: ContactSetup, company: ContactRow | None = None
) -> dict[str, Any]:
    """Return the row to insert, without ``id``; ``company_id`` of a company is null until it has its id.

    What is given wins over what the company says, and that over the defaults of the setup.

    Args:
        given: what ``checked_contact`` returned; without a type it is a company.
        no: the contact's number.
        moment: when.
        setup: defaults, and what persons inherit.
        company: the row of the company that ``given["company_no"]`` names; None where it is blank or absent.

    Raises: RefusedError WRONG_CONTACT_TYPE, PRIVACY_BLOCKED, VALUE_REQUIRED.
    """
    kind = _kind(given, "COMPANY")
    blank = {**_BLANK, "no": no, "type": kind}
    row = _planned(blank, {**given, "type": kind}, setup, company, None)
    defaults = {**setup.defaults, "salutation": setup.salutations.get(kind)}
    row.update({field: value for field, value in defaults.items() if field not in given and not row[field]})
    return {**row, "created_at": moment.now, "modified_at": moment.now}


def changed_contact(
    current: ContactRow,
    given: Mapping[str, Any],
    *,
    setup: ContactSetup,
    company: ContactRow | None = None,
    old_company: ContactRow | None = None,
) -> dict[str, Any]:
    """Return the columns that change, with their new values; empty when nothing does.

    Args:
        current: the contact's row.
        given: what ``checked_contact`` returned; ``no`` is ignored.
        setup: what persons inherit, and the salutation that comes with another type.
        company: the row of the company that ``given["company_no"]`` names.
        old_company: the row of the company that the person belongs to now, needed when it may change.

    Raises: RefusedError WRONG_CONTACT_TYPE, PRIVACY_BLOCKED, VALUE_REQUIRED.
    """
    after = _planned(current, given, setup, company, old_company)
    return {column: value for column, value in after.items() if value != current[column]}


def changed_fields(columns: Iterable[str]) -> set[str]:
    """Return the fields that change with these columns, as the change log names them."""
    return {_FIELDS_OF_COLUMNS.get(column, column) for column in columns}


def inherited(
    person: ContactRow,
    given: Mapping[str, Any],
    setup: ContactSetup,
    company: ContactRow,
    old_company: ContactRow | None,
) -> dict[str, Any]:
    """Return what a person takes from the company it is assigned to; what is given with it wins over that.

    An address is taken whole: never when the one the person has, with what is given, is an address of its own, since
    parts of two addresses are none.
    """
    taken: dict[str, Any] = {"company_name": company["name"]}
    taken.update({field: company[field] for field in setup.inherited_always})
    tested = ADDRESS_BLOCK if "county" in given else ADDRESS_TEST
    address = {field: given.get(field, person[field]) for field in tested}
    if setup.inherits_address and (not any(address.values()) or _agree(address, old_company, tested)):
        taken.update({field: company[field] for field in ADDRESS_BLOCK})
    for field in setup.inherited_one_by_one:
        if not person[field] or _agree(person, old_company, (field,)):
            taken[field] = company[field]
    return taken


def split_name(name: str) -> dict[str, str]:
    """Return the name parts of a person: the last word is the surname, the last but one of several the middle name.

    A part that is longer than its field is cut.
    """
    words = name.split()
    first, middle, surname = words, [], []
    if len(words) > 1:
        first, surname = words[:-1], words[-1:]
    if len(words) > 2:
        first, middle = words[:-2], words[-2:-1]
    parts = (first, middle, surname)
    return {field: " ".join(part)[: FIELD_LENGTHS[field]] for field, part in zip(NAME_PARTS, parts, strict=True)}


def joined_name(row: ContactRow) -> str:
    """Return the name that a person's name parts give."""
    return " ".join(part for field in NAME_PARTS if (part := row[field].strip()))


def _planned(
    current: ContactRow,
    given: Mapping[str, Any],
    setup: ContactSetup,
    company: ContactRow | None,
    old_company: ContactRow | None,
) -> dict[str, Any]:
    """Return the whole row as it will be."""
    kind = _kind(given, current["type"])
    after = {**current, "type": kind}
    turned = kind != current["type"]
    before = current
    if turned and kind == "COMPANY":
        before = {**current, **_FLAGS_OF_PERSONS}
    if turned:
        after["salutation"] = setup.salutations.get(kind)
    if kind == "COMPANY":
        _plan_company(after, given, turned=turned)
    else:
        _plan_person(after, given, setup, company, None if turned else old_company, turned=turned)
    after.update({field: given[field] for field in _PLAIN_FIELDS if field in given})
    if kind == "COMPANY":
        after.update({field: given[field] for field in NAME_PARTS if field in given})
        after["company_name"] = after["name"]
    else:
        _plan_names(current, after, given, turned=turned)
    _require_fields_of_type(after)
    _plan_privacy(before, after, given)
    after.update(folded_columns(after))
    return after


def _kind(given: Mapping[str, Any], default: str) -> str:
    kind: str | None = given.get("type", default)
    if kind is None:
        raise missing("type")
    return kind


def _plan_company(after: dict[str, Any], given: Mapping[str, Any], *, turned: bool) -> None:
    """Give a company itself as its company; it is no minor."""
    for field in _FLAGS_OF_PERSONS:
        if given.get(field):
            raise _of_other_type(field, "persons", "it must be false")
    if given.get("company_no") not in {None, after["no"]}:
        msg = "A company belongs to no other company; only persons have a companyNo of another contact."
        raise RefusedError(ErrorCode.WRONG_CONTACT_TYPE, msg, path=("companyNo",))
    after["company_id"] = after.get("id")
    if turned:
        after.update(dict.fromkeys(CLEARED_FOR_COMPANY, ""))
        after.update(_FLAGS_OF_PERSONS)


def _plan_person(
    after: dict[str, Any],
    given: Mapping[str, Any],
    setup: ContactSetup,
    company: ContactRow | None,
    old_company: ContactRow | None,
    *,
    turned: bool,
) -> None:
    """Assign a person to the given company and let it inherit."""
    if turned:
        after.update(company_id=None, company_name="")
    if "company_no" not in given:
        return
    if company is None:
        after.update(company_id=None, company_name="")
        return
    if company["type"] != "COMPANY":
        msg = f"Contact {company['no']} is a person; companyNo names a company."
        raise RefusedError(ErrorCode.WRONG_CONTACT_TYPE, msg, path=("companyNo",))
    if company["id"] == after.get("id"):
        msg = "A person cannot be its own company."
        raise RefusedError(ErrorCode.WRONG_CONTACT_TYPE, msg, path=("companyNo",))
    if company["id"] != after["company_id"]:
        after.update(inherited(after, given, setup, company, old_company))
        after["company_id"] = company["id"]


def _plan_names(current: ContactRow, after: dict[str, Any], given: Mapping[str, Any], *, turned: bool) -> None:
    """Keep a person's name and name parts in step: a changed name is split, a changed part gives the name.

    Given together, the parts win; a name beside blank parts only stays as it is written.
    """
    parts = {field: given[field] for field in NAME_PARTS if field in given}
    if turned or after["name"] != current["name"]:
        after.update(split_name(after["name"]))
    if all(after[field] == value for field, value in parts.items()):
        return
    after.update(parts)
    named = after["name"] and (turned or "name" in given)
    if any(parts.values()) or not named:
        after["name"] = joined_name(after)


def _require_fields_of_type(after: ContactRow) -> None:
    """Refuse what only the other type of contact has."""
    fields, other = (PERSON_ONLY, "persons") if after["type"] == "COMPANY" else (COMPANY_ONLY, "companies")
    for field in fields:
        if after[field]:
            raise _of_other_type(field, other, "it must be blank")


def _of_other_type(field: str, other: str, remedy: str) -> RefusedError:
    """Return the refusal of a field that only contacts of the ``other`` type have."""
    msg = f"Only {other} have {api_name(field)}; {remedy}."
    return RefusedError(ErrorCode.WRONG_CONTACT_TYPE, msg, path=(api_name(field),))


def _plan_privacy(current: ContactRow, after: dict[str, Any], given: Mapping[str, Any]) -> None:
    """Block a contact that becomes a minor or whose parental consent changes, unless the caller decides."""
    if "privacy_blocked" not in given:
        became_minor = after["minor"] and not current["minor"]
        consent_changed = after["parental_consent_received"] != current["parental_consent_received"]
        after["privacy_blocked"] = current["privacy_blocked"] or became_minor or consent_changed
        return
    after["privacy_blocked"] = given["privacy_blocked"]
    if after["minor"] and not after["parental_consent_received"] and not after["privacy_blocked"]:
        msg = "privacyBlocked of a minor cannot be cleared until parentalConsentReceived is true."
        raise RefusedError(ErrorCode.PRIVACY_BLOCKED, msg, path=("privacyBlocked",))


def _agree(person: ContactRow, company: ContactRow | None, fields: tuple[str, ...]) -> bool:
    return company is not None and all(person[field] == company[field] for field in fields)
