"""The root of all queries."""

import strawberry

from server.schema.campaign_entries import CampaignEntryQueries
from server.schema.code_queries import CodeQueries
from server.schema.deliveries import DeliveryQueries
from server.schema.interaction_queries import InteractionQueries
from server.schema.marketing_setup import MarketingSetupQueries
from server.schema.number_series import NumberSeriesQueries
from server.schema.object_queries import ObjectQueries
from server.schema.rule_explanations import RuleExplanationQueries
from server.schema.rule_queries import RuleQueries
from server.schema.rule_suggestions import RuleSuggestionQueries
from server.schema.rule_symbols import RuleSymbolQueries
from server.schema.rule_tree_queries import RuleTreeQueries
from server.schema.users import UserQueries


@strawberry.type(description="Everything that can be read. One request sees one state of the data.")
class Query(
    ObjectQueries,
    RuleQueries,
    RuleExplanationQueries,
    RuleSymbolQueries,
    RuleSuggestionQueries,
    RuleTreeQueries,
    CodeQueries,
    InteractionQueries,
    MarketingSetupQueries,
    NumberSeriesQueries,
    UserQueries,
    CampaignEntryQueries,
    DeliveryQueries,
):
    """The query root."""
