"""The root of all mutations."""

import strawberry

from server.schema.attribute_mutations import AttributeMutations
from server.schema.campaign_entries import CampaignEntryMutations
from server.schema.campaign_mutations import CampaignMutations
from server.schema.code_mutations import CodeMutations
from server.schema.comment_mutations import CommentMutations
from server.schema.contact_address_mutations import ContactAddressMutations
from server.schema.contact_mutations import ContactMutations
from server.schema.delivery_mutations import DeliveryMutations
from server.schema.interaction_mutations import InteractionMutations
from server.schema.interaction_template_mutations import InteractionTemplateMutations
from server.schema.log_entry_mutations import LogEntryMutations
from server.schema.logged_segment_mutations import LoggedSegmentMutations
from server.schema.salesperson_mutations import SalespersonMutations
from server.schema.salutation_mutations import SalutationMutations
from server.schema.segment_action_mutations import SegmentActionMutations
from server.schema.segment_language_mutations import SegmentLanguageMutations
from server.schema.segment_line_mutations import SegmentLineMutations
from server.schema.segment_mutations import SegmentMutations
from server.schema.segment_reuse_mutations import SegmentReuseMutations
from server.schema.setup_mutations import SetupMutations


@strawberry.type(
    description="Everything that can be changed. Each mutation is carried out whole or refused and changes nothing."
)
class Mutation(
    ContactMutations,
    CodeMutations,
    AttributeMutations,
    SalespersonMutations,
    SalutationMutations,
    CommentMutations,
    CampaignMutations,
    CampaignEntryMutations,
    ContactAddressMutations,
    SetupMutations,
    InteractionMutations,
    InteractionTemplateMutations,
    LogEntryMutations,
    DeliveryMutations,
    LoggedSegmentMutations,
    SegmentMutations,
    SegmentLanguageMutations,
    SegmentLineMutations,
    SegmentActionMutations,
    SegmentReuseMutations,
):
    """The mutation root."""
