"""Segments as versioned relations, and saved criteria.

A line is visible at revision ``r`` iff ``added <= r and (removed is null or removed > r)``; undo and redo move
``segment.revision``. No index names ``removed``: PostgreSQL can then stamp removals in place.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Named,
    String,
    Table,
    Text,
    TypedColumns,
    text,
)

from server.store.metadata import metadata
from server.store.types import BigId, Instant, Minutes, Money


class SegmentColumns(TypedColumns):
    """A segment on the worksheet list.

    ``revision`` is the pointer that undo and redo move, ``head_revision`` the newest that stands;
    ``defaults_no`` names the row of ``segment_defaults`` that holds the header's present values.
    ``last_line_no`` never goes back while history exists, so a line number always means the same line.
    """

    id: Named[int] = Column(BigId, primary_key=True)
    no: Named[str] = Column(String(20))
    revision: Named[int] = Column(Integer, server_default="0")
    head_revision: Named[int] = Column(Integer, server_default="0")
    last_line_no: Named[int] = Column(Integer, server_default="0")
    defaults_no: Named[int] = Column(Integer, server_default="1")
    created_at: Named[datetime] = Column(Instant)
    modified_at: Named[datetime] = Column(Instant)
    version: Named[int] = Column(Integer, server_default="1")


segment = Table(
    "segment",
    metadata,
    SegmentColumns,
    Index("uq_segment_no", "no", unique=True),
    sqlite_autoincrement=True,  # the key of a segment that was logged must not come back as another one's
)


class SegmentDefaultsColumns(TypedColumns):
    """Header values as its lines see them.

    "Update the lines? No" adds a row and moves ``segment.defaults_no`` to it; "Yes" changes the rows in place.
    """

    segment_id: Named[int] = Column(BigId, ForeignKey("segment.id", ondelete="CASCADE"), primary_key=True)
    defaults_no: Named[int] = Column(Integer, primary_key=True)
    description: Named[str] = Column(String(100), server_default="")
    campaign_id: Named[int | None] = Column(BigId, ForeignKey("campaign.id", ondelete="SET NULL"))
    salesperson: Named[str | None] = Column(String(20), ForeignKey("salesperson.code", onupdate="CASCADE"))
    template: Named[str | None] = Column(String(20), ForeignKey("interaction_template.code", onupdate="CASCADE"))
    group: Named[str | None] = Column(String(20), ForeignKey("interaction_group.code", onupdate="CASCADE"))
    correspondence_type: Named[str | None] = Column(String(9))
    ignore_contact_correspondence: Named[bool] = Column(Boolean, server_default=text("false"))
    language: Named[str | None] = Column(String(10))
    subject: Named[str] = Column(String(100), server_default="")
    unit_cost: Named[Decimal] = Column(Money, server_default="0")
    unit_duration: Named[Decimal] = Column(Minutes, server_default="0")
    on: Named[date] = Column(Date)
    information_flow: Named[str | None] = Column(String(8))
    initiated_by: Named[str | None] = Column(String(4))
    campaign_target: Named[bool] = Column(Boolean, server_default=text("false"))
    campaign_response: Named[bool] = Column(Boolean, server_default=text("false"))


segment_defaults = Table("segment_defaults", metadata, SegmentDefaultsColumns, sqlite_with_rowid=False)


class SegmentLanguageColumns(TypedColumns):
    """What is sent in one language, as the lines of one row of ``segment_defaults`` see it."""

    segment_id: Named[int] = Column(BigId, primary_key=True)
    defaults_no: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    language = Column(String(10), primary_key=True)
    description: Named[str] = Column(String(100), server_default="")
    subject: Named[str] = Column(String(100), server_default="")
    attachment_id: Named[int | None] = Column(BigId, ForeignKey("attachment.id", ondelete="SET NULL"))


segment_language = Table(
    "segment_language",
    metadata,
    SegmentLanguageColumns,
    ForeignKeyConstraint(
        ["segment_id", "defaults_no"],
        ["segment_defaults.segment_id", "segment_defaults.defaults_no"],
        ondelete="CASCADE",
    ),
    Index(None, "attachment_id"),
    sqlite_with_rowid=False,
)


class SegmentRevisionColumns(TypedColumns):
    """What was done to a segment's membership, one row per step that undo can take back.

    ``options`` holds the flags of the action as JSON; ``line_count`` is the number of visible lines after it, so
    counts need no scan; ``undecided_count`` the contacts for which the rule raised.
    """

    segment_id: Named[int] = Column(BigId, ForeignKey("segment.id", ondelete="CASCADE"), primary_key=True)
    revision: Named[int] = Column(Integer, primary_key=True)
    kind: Named[str] = Column(String(12))
    rule: Named[str] = Column(Text, server_default="")
    language_version: Named[str] = Column(String(10), server_default="")
    options: Named[dict[str, Any]] = Column(JSON)
    logged_segment_no: Named[int | None] = Column(BigId, ForeignKey("logged_segment.entry_no", ondelete="SET NULL"))
    actor: Named[str] = Column(String(50), server_default="")
    at: Named[datetime] = Column(Instant)
    lines_added: Named[int] = Column(Integer)
    lines_removed: Named[int] = Column(Integer)
    line_count: Named[int] = Column(Integer)
    undecided_count: Named[int] = Column(Integer, server_default="0")


segment_revision = Table(
    "segment_revision",
    metadata,
    SegmentRevisionColumns,
    CheckConstraint("kind in ('ADD', 'REDUCE', 'REFINE', 'PIN', 'UNPIN', 'REUSE_LOGGED', 'REFRESH')", name="kind"),
    sqlite_with_rowid=False,
)


class SegmentLineColumns(TypedColumns):
    """A contact on the worksheet of a segment.

    ``origin`` is the revision whose action contributed the line; ``salesperson``, ``language``,
    ``correspondence_type`` and ``alternative_address`` (a code) are facts of the moment at which it was added.
    """

    segment_id: Named[int] = Column(BigId, ForeignKey("segment.id", ondelete="CASCADE"), primary_key=True)
    line_no: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    contact_id: Named[int] = Column(BigId, ForeignKey("contact.id"))
    origin: Named[int] = Column(Integer)
    added: Named[int] = Column(Integer)
    removed: Named[int | None] = Column(Integer)
    defaults_no: Named[int] = Column(Integer)
    salesperson: Named[str | None] = Column(String(20))
    language: Named[str | None] = Column(String(10))
    correspondence_type: Named[str | None] = Column(String(9))
    alternative_address: Named[str | None] = Column(String(10))


segment_line = Table(
    "segment_line",
    metadata,
    SegmentLineColumns,
    Index("ix_segment_line_contact_id_segment_id", "contact_id", "segment_id"),
    sqlite_with_rowid=False,
    postgresql_with={"fillfactor": 45},
)


class SegmentLineOverrideColumns(TypedColumns):
    """The values of a line that was edited by itself: a full copy, which wins over the defaults and the snapshots."""

    segment_id: Named[int] = Column(BigId, primary_key=True)
    line_no: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    description: Named[str] = Column(String(100), server_default="")
    campaign_id: Named[int | None] = Column(BigId, ForeignKey("campaign.id", ondelete="SET NULL"))
    salesperson: Named[str | None] = Column(String(20), ForeignKey("salesperson.code", onupdate="CASCADE"))
    template: Named[str | None] = Column(String(20), ForeignKey("interaction_template.code", onupdate="CASCADE"))
    group: Named[str | None] = Column(String(20), ForeignKey("interaction_group.code", onupdate="CASCADE"))
    correspondence_type: Named[str | None] = Column(String(9))
    language: Named[str | None] = Column(String(10))
    subject: Named[str] = Column(String(100), server_default="")
    cost: Named[Decimal] = Column(Money, server_default="0")
    duration: Named[Decimal] = Column(Minutes, server_default="0")
    on: Named[date] = Column(Date)
    information_flow: Named[str | None] = Column(String(8))
    initiated_by: Named[str | None] = Column(String(4))
    campaign_target: Named[bool] = Column(Boolean, server_default=text("false"))
    campaign_response: Named[bool] = Column(Boolean, server_default=text("false"))
    evaluation: Named[str | None] = Column(String(13))
    attempt_failed: Named[bool] = Column(Boolean, server_default=text("false"))
    attachment_id: Named[int | None] = Column(BigId)


segment_line_override = Table(
    "segment_line_override",
    metadata,
    SegmentLineOverrideColumns,
    Index(
        None,
        "campaign_id",
        sqlite_where=text("campaign_id is not null"),
        postgresql_where=text("campaign_id is not null"),
    ),
    Index(
        None,
        "attachment_id",
        sqlite_where=text("attachment_id is not null"),
        postgresql_where=text("attachment_id is not null"),
    ),
    ForeignKeyConstraint(
        ["segment_id", "line_no"], ["segment_line.segment_id", "segment_line.line_no"], ondelete="CASCADE"
    ),
    sqlite_with_rowid=False,
)


class SavedCriteriaColumns(TypedColumns):
    """A list of actions kept under a code, to be run again on any segment."""

    code = Column(String(20), primary_key=True)
    description: Named[str] = Column(String(100), server_default="")
    actor: Named[str] = Column(String(50), server_default="")
    created_at: Named[datetime] = Column(Instant)


saved_criteria = Table("saved_criteria", metadata, SavedCriteriaColumns)


class SavedCriteriaActionColumns(TypedColumns):
    """One action of a saved criteria, in order of ``position`` (from 1)."""

    code = Column(
        String(20),
        ForeignKey("saved_criteria.code", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=True,
    )
    position: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    kind: Named[str] = Column(String(12))
    rule: Named[str] = Column(Text, server_default="")
    language_version: Named[str] = Column(String(10), server_default="")
    options: Named[dict[str, Any]] = Column(JSON)


saved_criteria_action = Table("saved_criteria_action", metadata, SavedCriteriaActionColumns)
