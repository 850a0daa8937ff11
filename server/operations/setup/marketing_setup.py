"""The marketing setup: what holds for the whole marketing."""

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from sqlalchemy import Row, Table, select, update

from server.errors import ErrorCode, RefusedError
from server.operations.references import not_found, require_code, require_salesperson
from server.operations.values import api_name, checked_choice, checked_code, checked_flag
from server.operations.versions import require_version
from server.store.tables import (
    business_relation,
    interaction_template,
    marketing_setup,
    number_series,
    salesperson,
    salutation,
    template_language,
    user_setup,
)
from server.store.unit_of_work import UnitOfWork

_SETUP_ID = 1
_CORRESPONDENCE_TYPES = frozenset({"HARD_COPY", "EMAIL"})


class MarketingSetupValues(TypedDict, total=False):
    """The values of the marketing setup; absent: unchanged, None and ``''``: blank, and false for a flag."""

    contact_series: str | None
    segment_series: str | None
    campaign_series: str | None
    customer_relation: str | None
    vendor_relation: str | None
    bank_account_relation: str | None
    employee_relation: str | None
    inherit_salesperson: bool | None
    inherit_territory: bool | None
    inherit_country: bool | None
    inherit_language: bool | None
    inherit_address: bool | None
    inherit_communication: bool | None
    default_salesperson: str | None
    default_territory: str | None
    default_country: str | None
    default_language: str | None
    default_correspondence_type: str | None
    default_company_salutation: str | None
    default_person_salutation: str | None
    phone_call_template: str | None
    skip_privacy_blocked: bool | None


_REFERENCES: Mapping[str, tuple[Table[Any], str]] = {
    **dict.fromkeys(("contact_series", "segment_series", "campaign_series"), (number_series, "number series")),
    **dict.fromkeys(
        ("customer_relation", "vendor_relation", "bank_account_relation", "employee_relation"),
        (business_relation, "business relation"),
    ),
    **dict.fromkeys(("default_company_salutation", "default_person_salutation"), (salutation, "salutation")),
}
"""The fields that name a row of a code table, and what it is."""

_FLAGS = (
    "inherit_salesperson", "inherit_territory", "inherit_country", "inherit_language", "inherit_address",
    "inherit_communication", "skip_privacy_blocked",
)  # fmt: skip
_CHECKS: Mapping[str, Callable[[Any, str], Any]] = {
    **dict.fromkeys(
        (*_REFERENCES, "default_salesperson", "phone_call_template"),
        lambda value, field: checked_code(value, field, 20),
    ),
    **dict.fromkeys(
        ("default_territory", "default_country", "default_language"),
        lambda value, field: checked_code(value, field, 10),
    ),
    **dict.fromkeys(_FLAGS, checked_flag),
    "default_correspondence_type": lambda value, field: checked_choice(value, field, _CORRESPONDENCE_TYPES),
}


async def read_setup(work: UnitOfWork) -> Row[Any]:
    """Return the one row of ``marketing_setup``."""
    return (await work.connection.execute(select(marketing_setup))).one()


async def own_salesperson(work: UnitOfWork) -> str | None:
    """Return the salesperson whom the user setup names for the acting user.

    None when it names none, or one who is blocked by now: nobody could then create anything that gets a salesperson.
    """
    statement = (
        select(user_setup.c.salesperson)
        .join(salesperson, salesperson.c.code == user_setup.c.salesperson)
        .where(
            user_setup.c.name == work.actor,
            salesperson.c.blocked.is_(False),
            salesperson.c.privacy_blocked.is_(False),
        )
    )
    return await work.connection.scalar(statement)


async def update_marketing_setup(
    work: UnitOfWork, values: MarketingSetupValues, *, expected_version: int | None = None
) -> int:
    """Change the given values and return the key of the setup; when nothing differs, nothing is written.

    Raises: InvalidInputError; NotFoundError for a code that does not exist; ConflictError; RefusedError
    SALESPERSON_BLOCKED, and LANGUAGES_NOT_ALLOWED for a template of phone calls that has languages.
    """
    statement = select(marketing_setup).where(marketing_setup.c.id == _SETUP_ID).with_for_update()
    current = (await work.connection.execute(statement)).one()
    require_version(current.version, expected_version)
    before = current._asdict()
    given = {field: _CHECKS[field](value, field) for field, value in values.items()}
    changes = {field: value for field, value in given.items() if value != before[field]}
    if not changes:
        return _SETUP_ID
    for field, (table, kind) in _REFERENCES.items():
        await require_code(work, table, changes.get(field), kind, field)
    await require_salesperson(work, changes.get("default_salesperson"), "default_salesperson")
    await _require_phone_call_template(work, changes.get("phone_call_template"))
    stamped = changes | {"version": current.version + 1}
    await work.connection.execute(update(marketing_setup).where(marketing_setup.c.id == _SETUP_ID).values(stamped))
    work.record("marketing_setup", _SETUP_ID, fields=list(changes))
    return _SETUP_ID


async def _require_phone_call_template(work: UnitOfWork, code: str | None) -> None:
    """Accept a blank code, or one of a template without languages: what a call says is written in no language.

    The template's row is held, so that it gets no language meanwhile.
    """
    if code is None:
        return
    field = "phone_call_template"
    statement = select(interaction_template.c.code).where(interaction_template.c.code == code).with_for_update()
    if await work.connection.scalar(statement) is None:
        raise not_found("interaction template", code, field)
    of_template = template_language.c.template == code
    language = await work.connection.scalar(select(template_language.c.language).where(of_template).limit(1))
    if language is not None:
        msg = f"Interaction template {code} has languages ({language}), which one for phone calls cannot have."
        raise RefusedError(ErrorCode.LANGUAGES_NOT_ALLOWED, msg, path=(api_name(field),))
