"""Alternative addresses of contacts, and when they are the ones to use."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, ClassVar

import strawberry
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from server.reading.addresses import ADDRESSES, PERIODS, addresses_of, addresses_on, periods_of
from server.reading.relations import Relation
from server.schema.context import Info
from server.schema.fields import computed
from server.schema.pagination import Connection
from server.schema.records import Record, response_path
from server.schema.referring import children


@strawberry.type(description="Another address of a contact, to be used in its periods: in summer, at a second office.")
class ContactAddress(Record):
    """An alternative address."""

    relation: ClassVar[Relation] = ADDRESSES

    code: str = strawberry.field(description="Upper-case code, at most 10 characters; unique for the contact.")
    company_name: str = strawberry.field(description="Name of the company there, at most 100 characters; may be blank.")
    address: str = strawberry.field(description="Street and house number, at most 100 characters; may be blank.")
    address_2: str = strawberry.field(
        name="address2", description="Second line of the address, at most 50 characters; may be blank."
    )
    post_code: str = strawberry.field(description="Post code, at most 20 characters; may be blank.")
    city: str = strawberry.field(description="City, at most 30 characters; may be blank.")
    county: str = strawberry.field(description="County, state or province, at most 30 characters; may be blank.")
    country: str | None = strawberry.field(description="Country or region code, at most 10 characters.")
    phone: str = strawberry.field(description="Phone number there, at most 30 characters, no letters; may be blank.")
    mobile_phone: str = strawberry.field(
        description="Mobile phone number there, at most 30 characters, no letters; may be blank."
    )
    email: str = strawberry.field(
        description="E-mail addresses there, separated by semicolons, at most 80 characters; may be blank."
    )


@strawberry.type(description="From when to when an alternative address of a contact is the one to use.")
class ContactAddressPeriod(Record):
    """A period of an alternative address."""

    relation: ClassVar[Relation] = PERIODS

    starting_on: date = strawberry.field(description="First day; a contact has one period for each.")
    ending_on: date | None = strawberry.field(description="Last day; null: open.")
    code: str = strawberry.field(description="Code of the alternative address, at most 10 characters.")


@strawberry.type
class ContactAddresses:
    """What a contact has beside its own address."""

    addresses: Connection[ContactAddress] = children(
        lambda: ContactAddress, addresses_of, "Its alternative addresses, by code."
    )
    address_periods: Connection[ContactAddressPeriod] = children(
        lambda: ContactAddressPeriod,
        periods_of,
        "When its alternative addresses are the ones to use, by first day. On a day with several periods the one that "
        "began last holds.",
    )

    @computed("The alternative address to use on a day; null: the contact's own.")
    async def address_on(
        self,
        info: Info,
        on: Annotated[
            date | None, strawberry.argument(description="The day. Default: the work date, else today in the zone.")
        ] = None,
    ) -> ContactAddress | None:
        """Return the address."""
        day = on or info.context.moment.document_date
        contact_key: int = self.key  # type: ignore[attr-defined]  # of the contact that this is a part of

        async def read(connection: AsyncConnection, contacts: Sequence[int]) -> Sequence[Row[Any] | None]:
            return await addresses_on(connection, day, contacts)

        row = await info.context.loader(("address_on", day, response_path(info)), read).load(contact_key)
        return None if row is None else ContactAddress.of(row)
