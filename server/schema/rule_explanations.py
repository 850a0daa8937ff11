"""Why a contact is in, or not: a rule explained for one contact."""

from typing import Annotated

import strawberry

from server.reading.explanations import contact_key, explain_contact
from server.rules import ExplainedMember, ExplainedNode, FilledRule, NodeKind, Outcome, Verdict
from server.schema.context import Info
from server.schema.errors import RulePlace
from server.schema.fields import computed
from server.schema.payloads import at_path
from server.schema.rule_arguments import RuleParameters, RuleText, filled_rule


@strawberry.type(description="What a rule reads of one member of a collection.")
class ExplainedValue:
    """A value of a member."""

    name: str = strawberry.field(description="The member's name for it; blank for a code, which is its own value.")
    value: str = strawberry.field(description="The value as a literal of the language; a long one is shortened.")


@strawberry.type(description="A member of a collection that a rule walked.")
class ExplainedRuleMember:
    """A member of a collection."""

    position: int = strawberry.field(description="Its place in the collection, from 1.")
    counts: bool | None = strawberry.field(
        description="Whether it passed the condition of the loop; null where the rule failed before that was known."
    )
    values: list[ExplainedValue] = strawberry.field(description="What the loop reads of it.")
    result: str | None = strawberry.field(
        description="What the loop makes of it, as a literal; null where it does not count or has none."
    )

    @classmethod
    def of(cls, member: ExplainedMember) -> "ExplainedRuleMember":
        """Return the member for the API."""
        values = [ExplainedValue(name=name, value=value) for name, value in member.values]
        return cls(position=member.position, counts=member.counts, values=values, result=member.result)


@strawberry.type(description="A part of a rule, and what it came to for the contact.")
class ExplainedRuleNode:
    """A part of a rule."""

    index: int = strawberry.field(description="Its place in the list of all nodes, from 0.")
    parent: int | None = strawberry.field(description="Index of the part it belongs to; null for the whole rule.")
    depth: int = strawberry.field(description="How deep it is nested; 0 for the whole rule.")
    place: RulePlace = strawberry.field(description="Where it stands in the rule as typed.")
    kind: NodeKind = strawberry.field(description="What kind of part it is.")
    outcome: Outcome = strawberry.field(description="What it came to for this contact.")
    value: str | None = strawberry.field(
        description=(
            "Its value as a literal of the language; a long one is shortened with …. Null where there is none, and for "
            "functions and the objects of a collection."
        )
    )
    deciding: bool = strawberry.field(
        description="Whether it is one of the comparisons that make the rule what it is for this contact."
    )
    message: str | None = strawberry.field(
        description=(
            "For a deciding part what it is and what would have to change to turn this part alone, for one that fails "
            "why, for a loop how many members count."
        )
    )
    members: list[ExplainedRuleMember] = strawberry.field(
        description="For a loop at most three of the members it walked, those that count first; else empty."
    )

    @classmethod
    def of(cls, node: ExplainedNode, rule: FilledRule) -> "ExplainedRuleNode":
        """Return the part for the API, with its place in what was typed."""
        place = RulePlace.of(rule.typed_place(node.place))
        assert place is not None  # noqa: S101 - a node always has a place
        return cls(
            index=node.index,
            parent=node.parent,
            depth=node.depth,
            place=place,
            kind=node.kind,
            outcome=node.outcome,
            value=node.value,
            deciding=node.deciding,
            message=node.message,
            members=[ExplainedRuleMember.of(member) for member in node.members],
        )


@strawberry.type(description="Why a rule selects a contact, or not.")
class RuleExplanation:
    """The answer of explainRule."""

    outcome: Verdict = strawberry.field(description="What the rule says about the contact.")
    sentence: str = strawberry.field(description="The rule in English.")
    needs: list[str] = strawberry.field(
        description=(
            "Everything that would have to change for the outcome to turn: all of these together, while what they do "
            "not name stays; of an 'either … or …', one. Conditions on the same single value or set of codes are "
            "combined, so that such changes turn the outcome. For loops, for comparisons of one value with another "
            "and for calculations each need is told by itself, and meeting it can break another condition. For a rule "
            "that fails, where and why. Empty when no change is known that turns the outcome."
        )
    )
    deciding: list[int] = strawberry.field(
        description="Indexes of the nodes that make the outcome what it is, in the order of the rule."
    )
    nodes: list[ExplainedRuleNode] = strawberry.field(
        description=(
            "Every part of the rule, each before the parts inside it, at most 400. The literals of a list are not "
            "listed one by one."
        )
    )


@strawberry.type
class RuleExplanationQueries:
    """Questions about one rule and one contact."""

    @computed("Why a rule selects a contact now, or not; an error with the code NOT_FOUND where there is no contact.")
    async def explain_rule(
        self,
        info: Info,
        rule: RuleText,
        contact_no: Annotated[
            str, strawberry.argument(description="Number of the contact, at most 20 characters; case does not matter.")
        ],
        parameters: RuleParameters = None,
    ) -> RuleExplanation:
        """Explain a rule for a contact."""
        filled = filled_rule(rule, parameters)
        async with info.context.read() as connection:
            key = await contact_key(connection, contact_no)
            with at_path("rule"):
                explained = await explain_contact(connection, filled, key, info.context.moment)
        nodes = explained.explanation.nodes
        return RuleExplanation(
            outcome=explained.explanation.verdict,
            sentence=explained.sentence,
            needs=list(explained.explanation.needs),
            deciding=[node.index for node in nodes if node.deciding],
            nodes=[ExplainedRuleNode.of(node, filled) for node in nodes],
        )
