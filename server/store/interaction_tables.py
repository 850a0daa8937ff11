"""Interaction groups and templates, the interaction log, and logged segments."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Named,
    String,
    Table,
    TypedColumns,
    text,
)

from server.store.contact_tables import CodeColumns
from server.store.metadata import metadata
from server.store.types import BigId, Instant, Minutes, Money

interaction_group = Table("interaction_group", metadata, CodeColumns)


class InteractionTemplateColumns(TypedColumns):
    """What an interaction of one kind usually is; its values become the defaults of segments and log entries."""

    code = Column(String(20), primary_key=True)
    group: Named[str | None] = Column(String(20), ForeignKey("interaction_group.code", onupdate="CASCADE"))
    description: Named[str] = Column(String(100), server_default="")
    unit_cost: Named[Decimal] = Column(Money, server_default="0")
    unit_duration: Named[Decimal] = Column(Minutes, server_default="0")
    information_flow: Named[str | None] = Column(String(8))
    initiated_by: Named[str | None] = Column(String(4))
    campaign_id: Named[int | None] = Column(BigId, ForeignKey("campaign.id", ondelete="SET NULL"))
    campaign_target: Named[bool] = Column(Boolean, server_default=text("false"))
    campaign_response: Named[bool] = Column(Boolean, server_default=text("false"))
    correspondence_type: Named[str | None] = Column(String(9), server_default="EMAIL")
    ignore_contact_correspondence: Named[bool] = Column(Boolean, server_default=text("false"))
    language: Named[str | None] = Column(String(10))
    version: Named[int] = Column(Integer, server_default="1")


interaction_template = Table("interaction_template", metadata, InteractionTemplateColumns)


class TemplateLanguageColumns(TypedColumns):
    """What interactions of a template send in one language."""

    template = Column(
        String(20), ForeignKey("interaction_template.code", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True
    )
    language = Column(String(10), primary_key=True)
    description: Named[str] = Column(String(100), server_default="")
    subject: Named[str] = Column(String(100), server_default="")
    attachment_id: Named[int | None] = Column(BigId, ForeignKey("attachment.id", ondelete="SET NULL"))


template_language = Table("template_language", metadata, TemplateLanguageColumns, Index(None, "attachment_id"))


class LoggedSegmentColumns(TypedColumns):
    """A segment that was logged; the segment itself is gone."""

    entry_no: Named[int] = Column(BigId, primary_key=True)
    segment_no: Named[str] = Column(String(20))
    description: Named[str] = Column(String(100))
    created_on: Named[date] = Column(Date)
    created_at: Named[datetime] = Column(Instant)
    actor: Named[str] = Column(String(50), server_default="")
    canceled: Named[bool] = Column(Boolean, server_default=text("false"))


logged_segment = Table(
    "logged_segment",
    metadata,
    LoggedSegmentColumns,
    Index("uq_logged_segment_segment_no", "segment_no", unique=True),
    sqlite_autoincrement=True,
)


class InteractionLogEntryColumns(TypedColumns):
    """One interaction with one contact.

    ``company_id`` is the contact's company when it was logged and stays so; both are null once their contact is
    deleted. ``on`` is the day of the interaction, ``at`` the instant at which it took place or was logged.
    """

    entry_no: Named[int] = Column(BigId, primary_key=True)
    contact_id: Named[int | None] = Column(BigId, ForeignKey("contact.id", ondelete="SET NULL"))
    company_id: Named[int | None] = Column(BigId, ForeignKey("contact.id", ondelete="SET NULL"))
    on: Named[date] = Column(Date)
    at: Named[datetime] = Column(Instant)
    description: Named[str] = Column(String(100), server_default="")
    subject: Named[str] = Column(String(100), server_default="")
    template: Named[str | None] = Column(String(20), ForeignKey("interaction_template.code", onupdate="CASCADE"))
    group: Named[str | None] = Column(String(20), ForeignKey("interaction_group.code", onupdate="CASCADE"))
    salesperson: Named[str | None] = Column(String(20), ForeignKey("salesperson.code", onupdate="CASCADE"))
    campaign_id: Named[int | None] = Column(BigId, ForeignKey("campaign.id", ondelete="SET NULL"))
    campaign_entry_no: Named[int | None] = Column(BigId, ForeignKey("campaign_entry.entry_no", ondelete="SET NULL"))
    campaign_target: Named[bool] = Column(Boolean, server_default=text("false"))
    campaign_response: Named[bool] = Column(Boolean, server_default=text("false"))
    segment_no: Named[str | None] = Column(String(20))
    logged_segment_no: Named[int | None] = Column(BigId, ForeignKey("logged_segment.entry_no", ondelete="SET NULL"))
    evaluation: Named[str | None] = Column(String(13))
    attempt_failed: Named[bool] = Column(Boolean, server_default=text("false"))
    canceled: Named[bool] = Column(Boolean, server_default=text("false"))
    postponed: Named[bool] = Column(Boolean, server_default=text("false"))
    cost: Named[Decimal] = Column(Money, server_default="0")
    duration: Named[Decimal] = Column(Minutes, server_default="0")
    information_flow: Named[str | None] = Column(String(8))
    initiated_by: Named[str | None] = Column(String(4))
    correspondence_type: Named[str | None] = Column(String(9))
    language: Named[str | None] = Column(String(10))
    actor: Named[str] = Column(String(50), server_default="")
    delivery_status: Named[str | None] = Column(String(11))
    attachment_id: Named[int | None] = Column(BigId)
    alternative_address: Named[str | None] = Column(String(10))
    contact_via: Named[str] = Column(String(80), server_default="")


_COUNTED = ("on", "cost", "duration", "canceled", "postponed", "attempt_failed", "initiated_by")

interaction_log_entry = Table(
    "interaction_log_entry",
    metadata,
    InteractionLogEntryColumns,
    CheckConstraint("information_flow in ('OUTBOUND', 'INBOUND')", name="information_flow"),
    CheckConstraint("initiated_by in ('US', 'THEM')", name="initiated_by"),
    CheckConstraint(
        "evaluation in ('VERY_POSITIVE', 'POSITIVE', 'NEUTRAL', 'NEGATIVE', 'VERY_NEGATIVE')", name="evaluation"
    ),
    CheckConstraint("correspondence_type in ('HARD_COPY', 'EMAIL')", name="correspondence_type"),
    # Rules ask for days, sums and counts of a contact's interactions: these answer without reading the entries.
    Index("ix_interaction_log_entry_contact_id_on", "contact_id", *_COUNTED, "at"),
    Index("ix_interaction_log_entry_company_id_on", "company_id", *_COUNTED),
    Index(None, "template", "contact_id", "on"),
    Index(
        None,
        "campaign_id",
        sqlite_where=text("campaign_id is not null"),
        postgresql_where=text("campaign_id is not null"),
    ),
    Index(
        None,
        "campaign_entry_no",
        sqlite_where=text("campaign_entry_no is not null"),
        postgresql_where=text("campaign_entry_no is not null"),
    ),
    Index(
        None,
        "logged_segment_no",
        sqlite_where=text("logged_segment_no is not null"),
        postgresql_where=text("logged_segment_no is not null"),
    ),
    Index(
        None,
        "attachment_id",
        sqlite_where=text("attachment_id is not null"),
        postgresql_where=text("attachment_id is not null"),
    ),
    sqlite_autoincrement=True,
)


class DeliveryColumns(TypedColumns):
    """Something that a mailer still has to send: one row per interaction, deleted when it was sent.

    ``contact_id`` is to whom: an interaction may be left to another contact, and what was meant for one is never sent
    to the other; null once the contact is deleted. ``claimed_until`` is the instant up to which one mailer has it;
    ``attempts`` counts the claims. ``error`` is not blank on one that failed for good; it stays until it is queued
    again.
    """

    entry_no: Named[int] = Column(
        BigId, ForeignKey("interaction_log_entry.entry_no", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    contact_id: Named[int | None] = Column(BigId, ForeignKey("contact.id", ondelete="SET NULL"))
    correspondence_type: Named[str] = Column(String(9))
    queued_at: Named[datetime] = Column(Instant)
    claimed_until: Named[datetime | None] = Column(Instant)
    claimed_by: Named[str] = Column(String(50), server_default="")
    attempts: Named[int] = Column(Integer, server_default="0")
    error: Named[str] = Column(String(250), server_default="")


delivery = Table(
    "delivery",
    metadata,
    DeliveryColumns,
    CheckConstraint("correspondence_type in ('HARD_COPY', 'EMAIL')", name="correspondence_type"),
    Index(None, "contact_id"),
    # What failed for good stays, in any number, and stands in nobody's way.
    Index("ix_delivery_waiting", "entry_no", sqlite_where=text("error = ''"), postgresql_where=text("error = ''")),
)
