"""Queries between the two forms of a rule: its text and its tree."""

import asyncio
from typing import Annotated

import strawberry

from server.rules import parse_rule, plain_tree, write_plain_tree
from server.schema.fields import computed
from server.schema.payloads import at_path
from server.schema.rule_arguments import RULE
from server.schema.rule_tree_inputs import RuleTreeInput, plain_input
from server.schema.scalars import RuleTree


@strawberry.type
class RuleTreeQueries:
    """Questions about the form of rules; what their names mean is not looked at."""

    @computed(
        "The text of a rule that is given as a tree: canonical, and well formed whatever the tree holds. Whether its "
        "names and types are right says checkRule. An error's argumentPath leads to the part at fault."
    )
    async def rule_text(
        self, tree: Annotated[RuleTreeInput, strawberry.argument(description="The rule as a tree.")]
    ) -> str:
        """Write a rule."""
        with at_path("tree"):
            return await asyncio.to_thread(write_plain_tree, plain_input(tree))

    @computed(
        "The tree of a rule that is given as text. Send it back as the variable of ruleText to get the rule's "
        "canonical text. Names are not looked at; a $name that is not of the language becomes a parameter."
    )
    async def rule_tree(self, rule: Annotated[str, strawberry.argument(description=RULE)]) -> RuleTree:
        """Read a rule."""
        with at_path("rule"):
            return RuleTree(plain_tree(await asyncio.to_thread(parse_rule, rule)))
