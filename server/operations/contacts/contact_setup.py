"""What the marketing setup says of contacts: what persons take over from companies, and what new contacts get."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, select

from server.operations.setup.marketing_setup import own_salesperson, read_setup
from server.store.tables import salesperson
from server.store.unit_of_work import UnitOfWork

INHERITED_ALWAYS = ("salesperson", "territory", "country", "language")
"""What a person takes from a new company whatever the person has, unless the setup says otherwise."""
INHERITED_ONE_BY_ONE = ("phone", "mobile_phone", "email", "home_page", "correspondence_type")
"""What a person takes from a new company where the person's own is blank or the old company's: communication."""

_DEFAULTS = ("territory", "country", "language", "correspondence_type")


@dataclass(frozen=True, slots=True)
class ContactSetup:
    """The setup as the rules of contacts need it; made without arguments it is that of a new database.

    Attributes:
        inherited_always: the fields among ``INHERITED_ALWAYS`` that persons take over.
        inherited_one_by_one: ``INHERITED_ONE_BY_ONE``, or nothing.
        inherits_address: whether persons take over the address block.
        defaults: what new contacts have where nothing else says it; fields without a default are absent.
        salutations: the default salutation by the type of the contact; absent for none.
    """

    inherited_always: tuple[str, ...] = INHERITED_ALWAYS
    inherited_one_by_one: tuple[str, ...] = INHERITED_ONE_BY_ONE
    inherits_address: bool = True
    defaults: Mapping[str, Any] = field(default_factory=dict)
    salutations: Mapping[str, str] = field(default_factory=dict)


async def read_contact_setup(work: UnitOfWork) -> ContactSetup:
    """Return what the marketing setup says of contacts, to the acting user."""
    row = await read_setup(work)
    defaults = {name: getattr(row, f"default_{name}") for name in _DEFAULTS}
    defaults["salesperson"] = await _default_salesperson(work, row)
    salutations = {"COMPANY": row.default_company_salutation, "PERSON": row.default_person_salutation}
    return ContactSetup(
        inherited_always=tuple(name for name in INHERITED_ALWAYS if getattr(row, f"inherit_{name}")),
        inherited_one_by_one=INHERITED_ONE_BY_ONE if row.inherit_communication else (),
        inherits_address=row.inherit_address,
        defaults={name: value for name, value in defaults.items() if value is not None},
        salutations={kind: code for kind, code in salutations.items() if code is not None},
    )


async def _default_salesperson(work: UnitOfWork, setup: Row[Any]) -> str | None:
    """Return the acting user's own salesperson, else the setup's; one who is blocked is not assigned."""
    wanted = [code for code in (await own_salesperson(work), setup.default_salesperson) if code is not None]
    if not wanted:
        return None
    known = salesperson.c
    statement = select(known.code).where(known.code.in_(wanted), ~known.blocked, ~known.privacy_blocked)
    assignable = set(await work.connection.scalars(statement))
    return next((code for code in wanted if code in assignable), None)
