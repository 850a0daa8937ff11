"""Every table of the store, by name; the definitions stand in the files named ``…_tables``.

Conventions: text is NOT NULL and ``''`` means blank; references, codes, dates and enumerations are nullable.
Business objects have an integer key inside and a ``no`` outside; code tables are keyed by their ``code``.
"""

from server.store.campaign_tables import campaign, campaign_entry
from server.store.change_tables import change
from server.store.contact_tables import (
    attribute,
    business_relation,
    contact,
    contact_attribute,
    contact_business_relation,
    contact_industry_group,
    contact_job_responsibility,
    contact_mailing_group,
    industry_group,
    job_responsibility,
    mailing_group,
    number_series,
    salesperson,
)
from server.store.interaction_tables import (
    interaction_group,
    interaction_log_entry,
    interaction_template,
    logged_segment,
)
from server.store.metadata import metadata
from server.store.segment_tables import (
    saved_criteria,
    saved_criteria_action,
    segment,
    segment_defaults,
    segment_line,
    segment_line_override,
    segment_revision,
)

__all__ = [
    "attribute",
    "business_relation",
    "campaign",
    "campaign_entry",
    "change",
    "contact",
    "contact_attribute",
    "contact_business_relation",
    "contact_industry_group",
    "contact_job_responsibility",
    "contact_mailing_group",
    "industry_group",
    "interaction_group",
    "interaction_log_entry",
    "interaction_template",
    "job_responsibility",
    "logged_segment",
    "mailing_group",
    "metadata",
    "number_series",
    "salesperson",
    "saved_criteria",
    "saved_criteria_action",
    "segment",
    "segment_defaults",
    "segment_line",
    "segment_line_override",
    "segment_revision",
]
