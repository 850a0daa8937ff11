"""The root of all queries."""

import strawberry

from server.schema.object_queries import ObjectQueries
from server.schema.rule_explanations import RuleExplanationQueries
from server.schema.rule_queries import RuleQueries
from server.schema.rule_suggestions import RuleSuggestionQueries
from server.schema.rule_symbols import RuleSymbolQueries
from server.schema.rule_tree_queries import RuleTreeQueries


@strawberry.type(description="Everything that can be read. One request sees one state of the data.")
class Query(
    ObjectQueries, RuleQueries, RuleExplanationQueries, RuleSymbolQueries, RuleSuggestionQueries, RuleTreeQueries
):
    """The query root."""
