"""Every table of the store, by name; the definitions stand in the files named ``…_tables``.

Conventions: text is NOT NULL and ``''`` means blank; references, codes, dates and enumerations are nullable.
Business objects have an integer key inside and a ``no`` outside; code tables are keyed by their ``code``.
"""

from server.store.campaign_tables import campaign, campaign_entry, campaign_status, campaign_target
from server.store.change_tables import change
from server.store.contact_tables import (
    attribute,
    business_relation,
    contact,
    contact_address,
    contact_address_period,
    contact_attribute,
    contact_business_relation,
    contact_industry_group,
    contact_job_responsibility,
    contact_mailing_group,
    industry_group,
    job_responsibility,
    mailing_group,
    number_series,
    organizational_level,
    salesperson,
    salutation,
    salutation_formula,
)
from server.store.interaction_tables import (
    delivery,
    interaction_group,
    interaction_log_entry,
    interaction_template,
    logged_segment,
    template_language,
)
from server.store.metadata import metadata
from server.store.note_tables import attachment, campaign_comment, contact_comment, interaction_comment
from server.store.segment_tables import (
    saved_criteria,
    saved_criteria_action,
    segment,
    segment_defaults,
    segment_language,
    segment_line,
    segment_line_override,
    segment_revision,
)
from server.store.setup_tables import marketing_setup, team, team_member, user_setup

__all__ = [
    "attachment",
    "attribute",
    "business_relation",
    "campaign",
    "campaign_comment",
    "campaign_entry",
    "campaign_status",
    "campaign_target",
    "change",
    "contact",
    "contact_address",
    "contact_address_period",
    "contact_attribute",
    "contact_business_relation",
    "contact_comment",
    "contact_industry_group",
    "contact_job_responsibility",
    "contact_mailing_group",
    "delivery",
    "industry_group",
    "interaction_comment",
    "interaction_group",
    "interaction_log_entry",
    "interaction_template",
    "job_responsibility",
    "logged_segment",
    "mailing_group",
    "marketing_setup",
    "metadata",
    "number_series",
    "organizational_level",
    "salesperson",
    "salutation",
    "salutation_formula",
    "saved_criteria",
    "saved_criteria_action",
    "segment",
    "segment_defaults",
    "segment_language",
    "segment_line",
    "segment_line_override",
    "segment_revision",
    "team",
    "team_member",
    "template_language",
    "user_setup",
]
