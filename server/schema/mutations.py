"""The root of all mutations."""

import strawberry

from server.schema.campaign_mutations import CampaignMutations
from server.schema.code_mutations import CodeMutations
from server.schema.contact_mutations import ContactMutations
from server.schema.interaction_mutations import InteractionMutations
from server.schema.segment_action_mutations import SegmentActionMutations
from server.schema.segment_mutations import SegmentMutations


@strawberry.type(
    description="Everything that can be changed. Each mutation is carried out whole or refused and changes nothing."
)
class Mutation(
    ContactMutations, CodeMutations, CampaignMutations, InteractionMutations, SegmentMutations, SegmentActionMutations
):
    """The mutation root."""
