"""Campaigns and their entries."""

from datetime import date, datetime

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Named, String, Table, TypedColumns, text

from server.store.contact_tables import CodeColumns
from server.store.metadata import metadata
from server.store.types import BigId, Instant

campaign_status = Table("campaign_status", metadata, CodeColumns)


class CampaignColumns(TypedColumns):
    """A campaign; ``ending_on`` null means open; while ``activated`` its target group is kept up to date."""

    id: Named[int] = Column(BigId, primary_key=True)
    no: Named[str] = Column(String(20))
    description: Named[str] = Column(String(100), server_default="")
    starting_on: Named[date | None] = Column(Date)
    ending_on: Named[date | None] = Column(Date)
    salesperson: Named[str | None] = Column(String(20), ForeignKey("salesperson.code", onupdate="CASCADE"))
    status: Named[str | None] = Column(String(10))
    created_at: Named[datetime] = Column(Instant)
    modified_at: Named[datetime] = Column(Instant)
    version: Named[int] = Column(Integer, server_default="1")
    activated: Named[bool] = Column(Boolean, server_default=text("false"))


campaign = Table(
    "campaign", metadata, CampaignColumns, Index("uq_campaign_no", "no", unique=True), sqlite_autoincrement=True
)


class CampaignEntryColumns(TypedColumns):
    """What a campaign did once: one row per logged segment, one for all single interactions (``segment_no`` blank)."""

    entry_no: Named[int] = Column(BigId, primary_key=True)
    campaign_id: Named[int] = Column(BigId, ForeignKey("campaign.id", ondelete="CASCADE"))
    description: Named[str] = Column(String(100), server_default="")
    on: Named[date] = Column(Date)
    actor: Named[str] = Column(String(50), server_default="")
    segment_no: Named[str] = Column(String(20), server_default="")
    salesperson: Named[str | None] = Column(String(20), ForeignKey("salesperson.code", onupdate="CASCADE"))
    logged_segment_no: Named[int | None] = Column(BigId, ForeignKey("logged_segment.entry_no", ondelete="SET NULL"))
    canceled: Named[bool] = Column(Boolean, server_default=text("false"))


campaign_entry = Table(
    "campaign_entry",
    metadata,
    CampaignEntryColumns,
    Index("uq_campaign_entry_campaign_id_segment_no", "campaign_id", "segment_no", unique=True),
    Index(None, "logged_segment_no"),
    Index(None, "segment_no"),
    sqlite_autoincrement=True,
)


class CampaignTargetColumns(TypedColumns):
    """A company, or a person without one, in the target group of an activated campaign."""

    campaign_id: Named[int] = Column(BigId, ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Named[int] = Column(BigId, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)


campaign_target = Table(
    "campaign_target",
    metadata,
    CampaignTargetColumns,
    Index(None, "contact_id"),
    sqlite_with_rowid=False,
)
