"""What is set up once: the marketing setup, users, and teams of salespeople."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, Named, String, Table, TypedColumns, text

from server.store.metadata import metadata


def _code_of(table: str) -> ForeignKey:
    return ForeignKey(f"{table}.code", onupdate="CASCADE")


class MarketingSetupColumns(TypedColumns):
    """The one row of what holds for the whole marketing.

    The series name where new numbers come from; the relations are the codes that say a contact is also a customer,
    vendor, bank account or employee; ``inherit_…`` say what persons take over from their company, ``default_…`` what
    new contacts get.
    """

    id: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    contact_series: Named[str | None] = Column(String(20), _code_of("number_series"))
    segment_series: Named[str | None] = Column(String(20), _code_of("number_series"))
    campaign_series: Named[str | None] = Column(String(20), _code_of("number_series"))
    customer_relation: Named[str | None] = Column(String(20), _code_of("business_relation"))
    vendor_relation: Named[str | None] = Column(String(20), _code_of("business_relation"))
    bank_account_relation: Named[str | None] = Column(String(20), _code_of("business_relation"))
    employee_relation: Named[str | None] = Column(String(20), _code_of("business_relation"))
    inherit_salesperson: Named[bool] = Column(Boolean, server_default=text("true"))
    inherit_territory: Named[bool] = Column(Boolean, server_default=text("true"))
    inherit_country: Named[bool] = Column(Boolean, server_default=text("true"))
    inherit_language: Named[bool] = Column(Boolean, server_default=text("true"))
    inherit_address: Named[bool] = Column(Boolean, server_default=text("true"))
    inherit_communication: Named[bool] = Column(Boolean, server_default=text("true"))
    default_salesperson: Named[str | None] = Column(String(20), _code_of("salesperson"))
    default_territory: Named[str | None] = Column(String(10))
    default_country: Named[str | None] = Column(String(10))
    default_language: Named[str | None] = Column(String(10))
    default_correspondence_type: Named[str | None] = Column(String(9))
    default_company_salutation: Named[str | None] = Column(String(20), _code_of("salutation"))
    default_person_salutation: Named[str | None] = Column(String(20), _code_of("salutation"))
    phone_call_template: Named[str | None] = Column(String(20), _code_of("interaction_template"))
    skip_privacy_blocked: Named[bool] = Column(Boolean, server_default=text("true"))
    version: Named[int] = Column(Integer, server_default="1")


marketing_setup = Table(
    "marketing_setup",
    metadata,
    MarketingSetupColumns,
    CheckConstraint("id = 1", name="single"),
    CheckConstraint("default_correspondence_type in ('HARD_COPY', 'EMAIL')", name="default_correspondence_type"),
)


class UserSetupColumns(TypedColumns):
    """Somebody who works with Tessera, and the salesperson they are; ``name`` is the actor of the change log."""

    name = Column(String(50), primary_key=True)
    full_name: Named[str] = Column(String(80), server_default="")
    email: Named[str] = Column(String(80), server_default="")
    salesperson: Named[str | None] = Column(String(20), _code_of("salesperson"))


user_setup = Table("user_setup", metadata, UserSetupColumns)


class TeamColumns(TypedColumns):
    """A team of salespeople."""

    code = Column(String(20), primary_key=True)
    name: Named[str] = Column(String(50), server_default="")


team = Table("team", metadata, TeamColumns)


class TeamMemberColumns(TypedColumns):
    """A salesperson is in a team."""

    team = Column(String(20), ForeignKey("team.code", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True)
    salesperson = Column(
        String(20), ForeignKey("salesperson.code", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True
    )


team_member = Table("team_member", metadata, TeamMemberColumns)
